/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

/* A reader that opens the index holds the lock for a moment; an indexer outlasts this. */
#define LOCK_PATIENCE_MS 1000

G_DEFINE_FINAL_TYPE (KalonLibrary, kalon_library, G_TYPE_OBJECT)

static void
kalon_library_finalize (GObject *object)
{
  KalonLibrary *self = KALON_LIBRARY (object);

  kalon_library_unlock (self);
  g_clear_object (&self->feedback);
  g_clear_pointer (&self->storage, kalon_storage_free);
  g_clear_pointer (&self->directory, g_free);

  G_OBJECT_CLASS (kalon_library_parent_class)->finalize (object);
}

static void
kalon_library_class_init (KalonLibraryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_library_finalize;
}

static void
kalon_library_init (KalonLibrary *self)
{
  self->lock = -1;
}

static gboolean
make_directory (const char *path, GError **error)
{
  int saved_errno;
  g_autofree char *name = NULL;

  /* Private: the thumbnails and names of somebody's pictures are in it. */
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  saved_errno = errno;
  name = g_filename_display_name (path);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "The library folder “%s” cannot be made: %s. Make its parent writable, or choose "
               "another library folder.",
               name, g_strerror (saved_errno));
  return FALSE;
}

/* Our own folder only: one that was named may be for other things too. What is in it is private. */
static void
make_private (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) == 0 && (status.st_mode & 077) != 0)
    g_chmod (path, (int) (status.st_mode & 0700));
}

KalonLibrary *
kalon_library_open (const char *directory, GError **error)
{
  g_autoptr (KalonLibrary) self = g_object_new (KALON_TYPE_LIBRARY, NULL);
  g_autofree char *embeddings = NULL;
  g_autofree char *catalogue = NULL;

  if (directory != NULL)
    self->directory = g_canonicalize_filename (directory, NULL);
  else
    self->directory = g_build_filename (g_get_user_data_dir (), "kalon", NULL);

  embeddings = g_build_filename (self->directory, "embeddings", NULL);
  if (!make_directory (embeddings, error))
    return NULL;
  if (directory == NULL)
    make_private (self->directory);
  catalogue = g_build_filename (self->directory, "catalogue.db", NULL);
  self->storage = kalon_storage_open (catalogue, &kalon_library_format, error);
  if (self->storage == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

const char *
kalon_library_get_directory (KalonLibrary *self)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);

  return self->directory;
}

guint
kalon_library_get_version (KalonLibrary *self)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), 0);

  return kalon_storage_get_version (self->storage);
}

/* Lock */

gboolean
kalon_library_try_lock (KalonLibrary *self, gboolean *locked, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  int saved_errno = errno;

  *locked = FALSE;
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    {
      self->lock = fd;
      *locked = TRUE;
      return TRUE;
    }
  if (fd >= 0)
    {
      saved_errno = errno;
      close (fd);
      if (saved_errno == EWOULDBLOCK)
        return TRUE;
    }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "The library's lock file “%s” cannot be used: %s. Make the library folder writable, "
               "or choose another.",
               path, g_strerror (saved_errno));
  return FALSE;
}

gboolean
kalon_library_lock (KalonLibrary *self, GError **error)
{
  gboolean locked = FALSE;
  gint64 end = g_get_monotonic_time () + LOCK_PATIENCE_MS * 1000;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (self->lock < 0, FALSE);

  while (TRUE)
    {
      if (!kalon_library_try_lock (self, &locked, error))
        return FALSE;
      if (locked)
        return TRUE;
      if (g_get_monotonic_time () > end)
        break;
      g_usleep (20 * 1000);
    }
  g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
               "Another Kalon is indexing the library “%s”. Wait until it is done, or end it, and "
               "try again.",
               self->directory);
  return FALSE;
}

void
kalon_library_unlock (KalonLibrary *self)
{
  g_return_if_fail (KALON_IS_LIBRARY (self));

  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}

gboolean
kalon_library_begin (KalonLibrary *self, GError **error)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);

  return kalon_storage_begin (self->storage, error);
}

gboolean
kalon_library_commit (KalonLibrary *self, GError **error)
{
  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);

  return kalon_storage_commit (self->storage, error);
}

void
kalon_library_rollback (KalonLibrary *self)
{
  g_return_if_fail (KALON_IS_LIBRARY (self));

  kalon_storage_rollback (self->storage);
}
