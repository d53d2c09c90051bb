/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include <glib/gstdio.h>

static gboolean
copy (Export *self, guint i, const char *folder, GError **error)
{
  const KalonBoardItem *item = export_get_item (self, i);
  g_autofree char *name = export_dup_item_name (self, i);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (item->path);
  g_autoptr (GFile) target = g_file_new_for_path (path);

  if (g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, self->cancellable, NULL, NULL,
                   error))
    return TRUE;
  /* Half of it, when the disk is full. */
  g_unlink (path);
  return FALSE;
}

gboolean
export_folder (Export *self, const char *path, GError **error)
{
  g_autofree char *notes_path = g_build_filename (path, EXPORT_NOTES_NAME, NULL);
  g_autofree char *notes = export_dup_notes (self);

  for (guint i = 0; i < self->contents->items->len; i++)
    {
      g_autoptr (GError) reason = NULL;

      if (!copy (self, i, path, &reason)
          && g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      export_step (self, export_get_item (self, i)->path, reason);
    }
  return g_file_set_contents_full (notes_path, notes, -1, G_FILE_SET_CONTENTS_NONE, 0666, error);
}
