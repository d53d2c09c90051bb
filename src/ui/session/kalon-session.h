/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the pages of a window work with: the services that the application made, and the one search
 * that all pages share. Pages are given a session once and take from it what they need. Main
 * thread.
 */

#include "aligning/kalon-aligning.h"
#include "boards/kalon-boards.h"
#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"
#include "indexing/kalon-staying.h"
#include "indexing/kalon-watching.h"
#include "model-list/kalon-model-list.h"
#include "operations/kalon-operations.h"
#include "results/kalon-thumbnail-queue.h"
#include "rivals/kalon-rivals.h"
#include "search/kalon-search.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

/* What works with a model, made by the application; all (transfer full). */
typedef struct
{
  KalonSearcher *searcher;
  KalonIndexer *indexer;
  KalonAligner *aligner;
} KalonModelServices;

typedef void (*KalonModelServicesFunc) (const KalonModel *model, const char *device_name,
                                        KalonModelServices *services, gpointer user_data);

/**
 * KalonSessionServices: all are kept for the life of the session.
 * @library_directory: (nullable): as for kalon_library_open()
 * @device_name: (nullable): as for kalon_indexer_new()
 * @searcher: (nullable): %NULL without a model, when
 * @model_problem: says why
 * @model_id, @model_directory: (nullable): of the model that @searcher uses
 * @model_strictness: of its calibration, 0 to 100: where the scale stands while the user has set
 *   none
 * @make_model_services: (nullable): for another model; %NULL where it cannot be changed
 * @operations: what is under way, for pages to add to
 * @watching: (nullable): %NULL: folders are not watched
 * @staying: (nullable): %NULL: it ends with its window
 */
typedef struct
{
  const char *library_directory;
  const char *device_name;
  GSettings *settings;
  KalonCatalogue *catalogue;
  KalonSearcher *searcher;
  const char *model_id;
  const char *model_directory;
  const char *model_problem;
  guint model_strictness;
  KalonIndexing *indexing;
  KalonThumbnailQueue *thumbnails;
  KalonThumbs *thumbs;
  KalonWords *words;
  KalonHistory *history;
  KalonModelList *models;
  KalonModelServicesFunc make_model_services;
  gpointer make_data;
  KalonAligning *aligning;
  KalonBoards *boards;
  KalonOperations *operations;
  KalonWatching *watching;
  KalonStaying *staying;
  KalonRivals *rivals;
} KalonSessionServices;

#define KALON_TYPE_SESSION (kalon_session_get_type ())
G_DECLARE_FINAL_TYPE (KalonSession, kalon_session, KALON, SESSION, GObject)

/* Binds the search to the settings, and to the words and thumbs. */
KalonSession *kalon_session_new (const KalonSessionServices *services);

/* (transfer none): as given, and as they are after ::model-changed: @searcher, @device_name and
 * what is said of the model are others then. */
const KalonSessionServices *kalon_session_get_services (KalonSession *self);

KalonSearch *kalon_session_get_search (KalonSession *self);

/*
 * Another model. The one at hand searches until all pictures have embeddings of the other, which
 * the index run makes; the old embedding file stays, so that the way back costs nothing.
 *
 * ::model-changed: the other model searches now; the setting is written.
 * ::model-changing: what kalon_session_get_model_change() says is another.
 */
typedef enum
{
  KALON_MODEL_CHANGE_NONE,
  KALON_MODEL_CHANGE_LOOKING,  /* at the model and at what there is of its embeddings */
  KALON_MODEL_CHANGE_WAITING,  /* for the index run under way */
  KALON_MODEL_CHANGE_INDEXING, /* its progress is that of the services' @indexing */
} KalonModelChange;

/* @id: as of kalon_models_find(). The model at hand ends a change that is under way. */
void kalon_session_use_model (KalonSession *self, const char *id);
/* @name: (nullable): as for kalon_indexer_new(); in use at once, with the model at hand */
void kalon_session_use_device (KalonSession *self, const char *name);
/* Ends the change under way; what was indexed for it stays. */
void kalon_session_keep_model (KalonSession *self);
/* @id: (out) (optional) (nullable): the model that is to come. @problem: (out) (optional)
 * (nullable): why the last change came to nothing. */
KalonModelChange
kalon_session_get_model_change (KalonSession *self, const char **id, const char **problem);

G_END_DECLS
