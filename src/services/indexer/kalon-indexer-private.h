/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "indexer/kalon-indexer.h"

G_BEGIN_DECLS

/**
 * KalonRate: how fast something went over the last ten seconds.
 */
typedef struct
{
  gint64 start;  /* monotonic time of the first count, or of the last pause; 0 before */
  GQueue counts; /* what was added when, oldest first */
} KalonRate;

void kalon_rate_add (KalonRate *self, gint64 now, gsize n);
/* Per second; 0 while unknown. */
double kalon_rate_get (KalonRate *self, gint64 now);
/* Forgets everything: after a pause, and at the end. */
void kalon_rate_clear (KalonRate *self);

/**
 * KalonIndexerSettings: an indexer's settings as one run sees them; borrowed.
 */
typedef struct
{
  const char *library_directory;
  const char *model_directory;
  const char *device_name;
  const char *const *excludes;
  gboolean include_hidden;
  const char *const *paths;     /* (nullable): of kalon_indexer_update() */
  const char *aesthetic_models; /* (nullable) */
  const int *paused;            /* atomic; looked at all the time */
} KalonIndexerSettings;

/* kalon_indexer_run() itself, or with @settings->paths kalon_indexer_update(). */
gboolean
kalon_indexer_run_with (const KalonIndexerSettings *settings, const char *const *folders,
                        KalonIndexerFunc func, gpointer user_data, KalonIndexerProgress *result,
                        GCancellable *cancellable, GError **error);

G_END_DECLS
