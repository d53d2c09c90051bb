/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

GArray *
kalon_library_list_pictures (KalonLibrary *self, GError **error)
{
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT id FROM pictures "
      "ORDER BY CASE taken_at WHEN 0 THEN mtime / 1000000000 ELSE taken_at END DESC, id DESC",
      error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &local_error))
    {
      gint64 id = kalon_statement_get_int (statement, 0);

      g_array_append_val (pictures, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&pictures);
}
