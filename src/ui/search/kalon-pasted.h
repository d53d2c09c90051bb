/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Pictures that were pasted without a file: kept as files in the user's cache directory for as long
 * as one searches by them, which is a day at most.
 */

#include <gtk/gtk.h>

#include "question/kalon-question.h"

G_BEGIN_DECLS

/* Writes @texture as PNG; the same pixels are the same file. Others that are a day old are deleted.
 * finish: (transfer full): the path. */
void kalon_pasted_store_async (GdkTexture *texture, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
char *kalon_pasted_store_finish (GAsyncResult *result, GError **error);

gboolean kalon_pasted_is (const char *path);
/* One of its pictures is one. */
gboolean kalon_pasted_is_in (const KalonQuestion *question);

G_END_DECLS
