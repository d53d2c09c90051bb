/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "storage/kalon-storage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

/* SQLite gives the files beside it the same mode. */
KalonStorage *
kalon_storage_open_private (const char *path, const KalonStorageFormat *format, GError **error)
{
  g_autofree char *directory = NULL;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  directory = g_path_get_dirname (path);
  g_mkdir_with_parents (directory, 0700);
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    {
      fchmod (fd, 0600);
      close (fd);
    }
  return kalon_storage_open (path, format, error);
}
