/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The models that are installed: the starter (shipped) and those imported or downloaded, each a
 * Hugging Face CLIPModel directory, named by its folder: ID. Search path: $KALON_MODELS_PATH (for
 * tests), the user's $XDG_DATA_HOME/kalon/models, the installed data directory, the source tree's.
 * Aesthetic heads that were downloaded on their own are files in $XDG_DATA_HOME/kalon/heads.
 *
 * Functions may be called from any thread. Those that take a cancellable block.
 */

#include "calibration/kalon-calibration.h"
#include "weights/kalon-weights.h"

G_BEGIN_DECLS

#define KALON_MODEL_STARTER "starter"

typedef struct
{
  char *id;
  char *directory;
  gboolean removable; /* imported or downloaded by the user */
  guint64 size;       /* bytes of all its files */
  KalonModelConfig config;
  KalonCalibration *calibration; /* defaults where it has none of its own */
} KalonModel;

void kalon_model_free (KalonModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonModel, kalon_model_free)

/* (transfer full) (element-type KalonModel): by id. A directory that does not load is left out with
 * a g_message. */
GPtrArray *kalon_models_list (void);

/**
 * kalon_models_find:
 * @id: (nullable): an id, or a path of a model directory; %NULL is the starter
 */
KalonModel *kalon_models_find (const char *id, GError **error);

/* Copies @directory's model files to the user's models as @id (%NULL: the folder's name), after
 * verifying them. */
KalonModel *kalon_models_import (const char *directory, const char *id, GCancellable *cancellable,
                                 GError **error);
/* What the user imported or downloaded as @id: a model, an aesthetic head, or the beginning of
 * either. %KALON_ERROR_BUSY while it is being downloaded. */
gboolean kalon_models_remove (const char *id, GError **error);

/**
 * kalon_models_verify:
 * Compares the files of a downloaded model with its receipt, reads every tensor that the towers
 * need, encodes a text and a picture in plain C and checks that they are finite; reads the
 * aesthetic head where there is one. @hash: (out) (transfer full) (optional):
 * kalon_model_dup_hash().
 */
gboolean kalon_models_verify (const KalonModel *model, char **hash, GCancellable *cancellable,
                              GError **error);

/**
 * kalon_models_measure:
 * @device_name: (nullable): as for kalon_indexer_new()
 * @rate: (out): pictures per second of the image tower alone, of the median of three rounds; an
 *   index run decodes on other processors meanwhile
 */
gboolean kalon_models_measure (const KalonModel *model, const char *device_name, double *rate,
                               GCancellable *cancellable, GError **error);

/* The same in threads of their own, for a main loop. */
void kalon_models_import_async (const char *directory, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
KalonModel *kalon_models_import_finish (GAsyncResult *result, GError **error);
void kalon_models_remove_async (const char *id, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_models_remove_finish (GAsyncResult *result, GError **error);
/* @id: as of kalon_models_find() */
void kalon_models_measure_async (const char *id, const char *device_name, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_models_measure_finish (GAsyncResult *result, double *rate, GError **error);

/* Downloading */

typedef struct _SoupSession SoupSession;

typedef enum
{
  KALON_OFFER_MODEL,
  KALON_OFFER_HEAD, /* an aesthetic head: one file */
} KalonOfferKind;

/* What can be downloaded by a short name; compiled in, see models-offers.c. */
typedef struct
{
  const char *id;
  KalonOfferKind kind;
  const char *repository; /* (nullable): OWNER/NAME on the hub */
  const char *revision;   /* (nullable): of it */
  const char *address;    /* (nullable): of a head that is not on the hub */
  const char *sha256;     /* (nullable): of a head, when it is known */
  const char *encoder;    /* of a head: id of the model whose embeddings it is for */
  gsize dimension;        /* of a head: of these */
  guint64 size;           /* bytes of all files, about */
  const char *licence;
  const char *note; /* translatable: what it is, and how good its makers say it is */
} KalonOffer;

/* (transfer none) (array length=n) */
const KalonOffer *kalon_models_get_offers (gsize *n);
/* (nullable): by its id or its repository */
const KalonOffer *kalon_models_find_offer (const char *id);
/* Whether a model or a head of this id is there. */
gboolean kalon_models_has (const KalonOffer *offer);

typedef enum
{
  KALON_OFFER_ABSENT,
  KALON_OFFER_BEGUN, /* a download was stopped: the next one goes on from there */
  KALON_OFFER_PRESENT,
} KalonOfferState;

/* What there is and what is to be had, as lists show it. */
typedef struct
{
  GPtrArray *models;       /* kalon_models_list() */
  KalonOfferState *offers; /* one for each of kalon_models_get_offers() */
} KalonModelsState;

void kalon_models_state_free (KalonModelsState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonModelsState, kalon_models_state_free)

/* On another thread. (transfer full) */
void kalon_models_get_state_async (GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
KalonModelsState *kalon_models_get_state_finish (GAsyncResult *result, GError **error);

/* A download that was asked for: what a user wants to know before it starts. */
typedef struct
{
  char *id; /* what it is going to be called */
  KalonOfferKind kind;
  char *repository;        /* (nullable): OWNER/NAME on the hub */
  char *revision;          /* (nullable): as it was asked for */
  char *commit;            /* (nullable): what the hub says that is */
  char *host;              /* that is asked first; it may send on to others */
  guint64 size;            /* bytes of all files */
  guint64 present;         /* of these, here from an earlier attempt */
  const KalonOffer *offer; /* (nullable) */
  GPtrArray *files;        /* internal */
} KalonDownload;

void kalon_download_free (KalonDownload *download);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDownload, kalon_download_free)

/**
 * kalon_models_prepare_download:
 * @what: an offer's id, or OWNER/NAME of any repository of the hub that holds a CLIPModel
 * @revision: (nullable): branch, tag or commit; the offer's, or "main"
 * @session: (nullable): %NULL makes one. Its timeout is the time after which a silent server is
 *   given up
 *
 * Asks for the sizes and hashes of the files, not for their content. The hub's address is
 * $KALON_MODEL_HUB, else the setting "model-hub".
 *
 * Errors: %KALON_ERROR_ARGUMENT (no such thing, or it is there already), %KALON_ERROR_SERVICE,
 * %KALON_ERROR_UNSUPPORTED (a repository without safetensors), %KALON_ERROR_TOO_LARGE.
 */
KalonDownload *
kalon_models_prepare_download (const char *what, const char *revision, SoupSession *session,
                               GCancellable *cancellable, GError **error);

typedef struct
{
  const char *file; /* that is on its way; %NULL: all are there and are being verified */
  guint64 done;     /* bytes of all files */
  guint64 total;
} KalonDownloadProgress;

typedef void (*KalonDownloadFunc) (const KalonDownloadProgress *progress, gpointer user_data);

/**
 * kalon_models_download:
 * @func: (nullable) (scope call): called on this thread, about ten times a second
 *
 * Fetches the files into a hidden folder beside their place, compares sizes and hashes with what
 * the hub promised, verifies the model and puts it in its place in one step: all of it, or nothing.
 * What passes (a broken connection, an overloaded server) is tried again a few times. What came is
 * kept after an error or a cancellation, and the next download of the same id goes on from there,
 * unless it was not what had been promised.
 *
 * Errors: %KALON_ERROR_SERVICE, %KALON_ERROR_INVALID_DATA (what came is no sound model, or not the
 * promised file), %KALON_ERROR_BUSY (another process downloads it), %G_IO_ERROR_NO_SPACE,
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the model's directory, or the head's file
 */
char *
kalon_models_download (const KalonDownload *download, SoupSession *session, KalonDownloadFunc func,
                       gpointer user_data, GCancellable *cancellable, GError **error);

/* Both steps on another thread, where @session (nullable) is used until @callback. @func (nullable)
 * (scope async) runs in the caller's main context, never after @callback. */
void
kalon_models_download_async (const char *what, const char *revision, SoupSession *session,
                             KalonDownloadFunc func, gpointer func_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
char *kalon_models_download_finish (GAsyncResult *result, GError **error);

G_END_DECLS
