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
#include "operations/kalon-operations.h"
#include "results/kalon-thumbnail-queue.h"
#include "rivals/kalon-rivals.h"
#include "search/kalon-search.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

/**
 * KalonSessionServices: all are kept for the life of the session.
 * @library_directory: (nullable): as for kalon_library_open()
 * @device_name: (nullable): as for kalon_indexer_new()
 * @searcher: (nullable): %NULL without a model, when
 * @model_problem: says why
 * @model_id: (nullable): of the model that @searcher uses
 * @model_strictness: of its calibration, 0 to 100: where the scale stands while the user has set
 *   none
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
  const char *model_problem;
  guint model_strictness;
  KalonIndexing *indexing;
  KalonThumbnailQueue *thumbnails;
  KalonThumbs *thumbs;
  KalonWords *words;
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

/* (transfer none): as given. */
const KalonSessionServices *kalon_session_get_services (KalonSession *self);

KalonSearch *kalon_session_get_search (KalonSession *self);

G_END_DECLS
