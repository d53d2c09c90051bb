/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "files/kalon-files-private.h"

/* Far more than one folder has of one name. */
#define MAX_NUMBER 100000

/* (transfer full): "lake.jpeg", "lake (2).jpeg", ... */
static char *
dup_numbered (const char *name, guint number)
{
  const char *dot = strrchr (name, '.');

  if (number == 1)
    return g_strdup (name);
  if (dot == NULL || dot == name)
    return g_strdup_printf ("%s (%u)", name, number);
  return g_strdup_printf ("%.*s (%u)%s", (int) (dot - name), name, number, dot);
}

/* Under a hidden name first: what is cut short, by a full disk or the user, is never taken for the
 * picture. link() does not overwrite; drives that cannot link (FAT) are asked first. */
static gboolean
publish (const char *part, const char *path, GError **error)
{
  int code;

  if (link (part, path) == 0)
    {
      g_unlink (part);
      return TRUE;
    }
  code = errno;
  if (code != EEXIST && !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      if (g_rename (part, path) == 0)
        return TRUE;
      code = errno;
    }
  else
    code = EEXIST;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "It cannot be written: %s.",
               g_strerror (code));
  return FALSE;
}

gboolean
kalon_files_copy (const char *path, const char *folder, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *part_name = g_strdup_printf (".kalon-%s.part", random);
  g_autofree char *part = g_build_filename (folder, part_name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (path);
  g_autoptr (GFile) copy = g_file_new_for_path (part);

  if (!g_file_copy (source, copy, G_FILE_COPY_TARGET_DEFAULT_PERMS, cancellable, NULL, NULL, error))
    {
      g_unlink (part);
      return FALSE;
    }
  for (guint number = 1; number < MAX_NUMBER; number++)
    {
      g_autofree char *numbered = dup_numbered (name, number);
      g_autofree char *target = g_build_filename (folder, numbered, NULL);
      g_autoptr (GError) reason = NULL;

      if (publish (part, target, &reason))
        return TRUE;
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_EXISTS) && number + 1 < MAX_NUMBER)
        continue;
      g_propagate_error (error, g_steal_pointer (&reason));
      break;
    }
  g_unlink (part);
  return FALSE;
}
