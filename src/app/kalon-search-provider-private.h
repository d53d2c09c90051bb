/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kalon-search-provider.h"

G_BEGIN_DECLS

/* A result's id is the decimal number of a picture in the catalogue. */
gboolean kalon_search_provider_parse_id (const char *id, gint64 *picture);

/* search-provider-metas.c: (transfer full): aa{sv}, of those that are in the library. */
void kalon_search_provider_get_metas_async (KalonSearchProvider *self,
                                            const char *library_directory, const char *const *ids,
                                            GAsyncReadyCallback callback, gpointer user_data);
GVariant *kalon_search_provider_get_metas_finish (KalonSearchProvider *self, GAsyncResult *result,
                                                  GError **error);

G_END_DECLS
