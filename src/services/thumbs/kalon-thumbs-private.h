/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jobs/kalon-jobs.h"
#include "library/kalon-library.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

/* What undoing the last change takes. */
typedef struct
{
  GArray *added;      /* (nullable): gint64: thumbs that came */
  GPtrArray *removed; /* (nullable): KalonThumb: those that went or changed, as they were */
  GPtrArray *parts;   /* (nullable): KalonStoredPart: likewise */
  char *profile;      /* that it was in; (nullable): there is none */
} KalonThumbsChange;

struct _KalonThumbs
{
  GObject parent_instance;

  char *library_directory;
  KalonWorker *worker; /* what follows is its own */
  KalonLibrary *library;
  KalonFeedback *feedback;
  guint64 version;      /* that @listed is of */
  GHashTable *listed;   /* what the main thread was last told */
  GHashTable *pictures; /* content hash -> gint64 id, 0 for none; of @library_version */
  guint library_version;
  KalonThumbsChange last;

  GHashTable
      *verdicts; /* main thread: key -> KalonVerdict; shared with the worker, never changed */
};

/* What the worker is asked: runs there, with library and feedback open. */
typedef struct _KalonThumbsJob KalonThumbsJob;

struct _KalonThumbsJob
{
  gboolean (*run) (KalonThumbs *self, KalonThumbsJob *job, GError **error);
  char *text;    /* (nullable): query, content hash, name of a profile or model hash */
  gint64 number; /* picture or thumb */
  KalonVerdict verdict;
  GArray *shown;    /* (nullable) */
  GArray *pictures; /* (nullable): several: that get a verdict, or are preferred to all of @shown */

  guint n_changed;         /* out */
  KalonThumbsState *state; /* out (nullable) */
};

/* Emits ::changed if need be, then @callback. */
void kalon_thumbs_ask (KalonThumbs *self, gpointer tag, const KalonThumbsJob *job,
                       GAsyncReadyCallback callback, gpointer user_data);
/* (transfer none) (nullable): %NULL with an error: what the worker made of the job. */
KalonThumbsJob *kalon_thumbs_finish (KalonThumbs *self, GAsyncResult *result, GError **error);

/* (transfer full) */
char *kalon_thumbs_make_key (const char *query, const char *content_hash);

/* thumbs-set.c, on the worker.
 * (transfer full): content hashes of @shown (element-type gint64), each once; @chosen is where that
 * of @picture, @hash, is. */
GStrv kalon_thumbs_list_shown (KalonThumbs *self, const GArray *shown, gint64 picture,
                               const char *hash, guint *chosen, GError **error);
/* The thumb of @job's verdict on @picture, whose content is @hash; its id to @added. */
gboolean kalon_thumbs_add (KalonThumbs *self, const KalonThumbsJob *job, gint64 picture,
                           const char *hash, GArray *added, GError **error);
/* @found: gets the thumb on @hash for @query, if there is one */
gboolean kalon_thumbs_find (KalonThumbs *self, const char *query, const char *hash,
                            GPtrArray *found, GError **error);

/* thumbs-change.c, on the worker: @change is what undo takes back from now on, in the active
 * profile; cleared. */
gboolean kalon_thumbs_keep_change (KalonThumbs *self, KalonThumbsChange *change, GError **error);
void kalon_thumbs_change_clear (KalonThumbsChange *change);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonThumbsChange, kalon_thumbs_change_clear)

G_END_DECLS
