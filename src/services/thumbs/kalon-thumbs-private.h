/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "library/kalon-library.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

struct _KalonThumbs
{
  GObject parent_instance;

  char *library_directory;
  GThreadPool *worker; /* one thread: what follows is its own */
  KalonLibrary *library;
  KalonFeedback *feedback;
  guint64 version;     /* that @listed is of */
  GHashTable *listed;  /* what the main thread was last told */
  GArray *added;       /* gint64: thumbs that the last change gave */
  KalonThumb *removed; /* by the last change; (nullable) */
  char *profile;       /* that it was in; (nullable): there is none */

  GHashTable
      *verdicts; /* main thread: key -> KalonVerdict; shared with the worker, never changed */
};

typedef struct _KalonThumbsJob KalonThumbsJob;

/* What the worker is asked. */
struct _KalonThumbsJob
{
  gboolean (*run) (KalonThumbs *self, KalonThumbsJob *job, GError **error);
  char *query;
  gint64 picture;
  KalonVerdict verdict;
  GArray *shown;  /* (nullable) */
  GArray *better; /* (nullable): those of a row that are preferred to all of @shown */
  guint n_added;  /* the answer: thumbs that were given */
};

/* The three that there are, and asking for nothing but what there is. */
gboolean kalon_thumbs_run_set (KalonThumbs *self, KalonThumbsJob *job, GError **error);
gboolean kalon_thumbs_run_prefer (KalonThumbs *self, KalonThumbsJob *job, GError **error);
gboolean kalon_thumbs_run_undo (KalonThumbs *self, KalonThumbsJob *job, GError **error);
gboolean kalon_thumbs_run_check (KalonThumbs *self, KalonThumbsJob *job, GError **error);

/* On the worker: opens what is not open, runs @job and lists what there is then: self->listed. */
gboolean kalon_thumbs_work (KalonThumbs *self, KalonThumbsJob *job, GError **error);
/* What kalon_thumbs_run_undo() would undo. */
void kalon_thumbs_forget_change (KalonThumbs *self);

/* (transfer full): of self->verdicts and self->listed. */
char *kalon_thumbs_dup_key (const char *query, const char *content_hash);

G_END_DECLS
