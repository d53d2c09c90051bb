/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Queries rephrased one after the other, as the search does it: by the language model of the
 * settings where it may be asked, else by word lists. Main thread.
 */

#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

typedef void (*KalonLabelRephraseFunc) (guint done, guint total, gpointer user_data);

/* @func: (nullable); @queries: copied */
void kalon_label_rephrase_async (GSettings *settings, KalonRephraseStyle style,
                                 const char *const *queries, KalonLabelRephraseFunc func,
                                 gpointer func_data, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): [queries], %NULL-terminated. Only cancellation is an error. */
GStrv kalon_label_rephrase_finish (GAsyncResult *result, GError **error);

G_END_DECLS
