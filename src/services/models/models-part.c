/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256 * 1024)
/* Of an ETag that is worth keeping. */
#define MAX_ETAG 512

void
kalon_remote_file_free (KalonRemoteFile *file)
{
  if (file == NULL)
    return;
  g_free (file->name);
  g_clear_pointer (&file->address, g_uri_unref);
  g_free (file->sha256);
  g_free (file->git_sha1);
  g_free (file);
}

void
kalon_part_free (KalonPart *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->name);
  g_free (self->etag_name);
  g_free (self->etag);
  g_clear_pointer (&self->sha256, g_checksum_free);
  g_clear_pointer (&self->git, g_checksum_free);
  g_free (self);
}

static void
begin_hashes (KalonPart *self)
{
  g_clear_pointer (&self->sha256, g_checksum_free);
  g_clear_pointer (&self->git, g_checksum_free);
  self->sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  if (self->file->git_sha1 != NULL)
    {
      /* git hash-object: SHA-1 of "blob SIZE\0" and the content. */
      g_autofree char *head = g_strdup_printf ("blob %" G_GUINT64_FORMAT, self->file->size);

      self->git = g_checksum_new (G_CHECKSUM_SHA1);
      g_checksum_update (self->git, (const guchar *) head, strlen (head) + 1);
    }
}

static void
update_hashes (KalonPart *self, const void *data, gsize length)
{
  g_checksum_update (self->sha256, data, (gssize) length);
  if (self->git != NULL)
    g_checksum_update (self->git, data, (gssize) length);
}

/* Reads the part again: what is on disk is hashed, not what an earlier run meant to write. */
static gboolean
hash_part (KalonPart *self, GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);

  begin_hashes (self);
  self->size = 0;
  for (;;)
    {
      gssize n = pread (self->fd, block, BLOCK, (off_t) self->size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          kalon_models_set_io_error (error, errno, "Reading", self->name);
          return FALSE;
        }
      if (n == 0)
        return TRUE;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      update_hashes (self, block, (gsize) n);
      self->size += (guint64) n;
    }
}

static char *
read_etag (KalonPart *self)
{
  char text[MAX_ETAG + 1];
  int fd = openat (self->directory, self->etag_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  gssize n = fd >= 0 ? read (fd, text, MAX_ETAG) : -1;

  if (fd >= 0)
    close (fd);
  return n > 0 ? g_strndup (text, (gsize) n) : NULL;
}

static gboolean
write_etag (KalonPart *self, GError **error)
{
  int fd;
  gboolean written;

  unlinkat (self->directory, self->etag_name, 0);
  if (self->etag == NULL)
    return TRUE;
  fd = openat (self->directory, self->etag_name,
               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  written = fd >= 0 && write (fd, self->etag, strlen (self->etag)) == (gssize) strlen (self->etag);
  if (!written)
    kalon_models_set_io_error (error, errno, "Writing", self->etag_name);
  if (fd >= 0)
    close (fd);
  return written;
}

gboolean
kalon_part_begin (KalonPart *self, const char *etag, GError **error)
{
  /* Emptied before it gets another ETag: a kill in between leaves nothing under a wrong one. */
  if (ftruncate (self->fd, 0) != 0)
    {
      kalon_models_set_io_error (error, errno, "Emptying", self->name);
      return FALSE;
    }
  self->size = 0;
  begin_hashes (self);
  g_free (self->etag);
  self->etag = etag != NULL && strlen (etag) <= MAX_ETAG ? g_strdup (etag) : NULL;
  return write_etag (self, error);
}

KalonPart *
kalon_part_open (int directory, KalonRemoteFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonPart) self = g_new0 (KalonPart, 1);
  struct stat status;

  self->file = file;
  self->directory = directory;
  self->name = g_strconcat (file->name, ".part", NULL);
  self->etag_name = g_strconcat (file->name, ".etag", NULL);
  /* O_NONBLOCK: a pipe that somebody left there must not hold us. */
  self->fd = openat (directory, self->name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                     0644);
  if (self->fd < 0 || fstat (self->fd, &status) != 0)
    {
      kalon_models_set_io_error (error, errno, "Opening", self->name);
      return NULL;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "%s is no regular file. Remove it and start the download again.", self->name);
      return NULL;
    }
  self->etag = read_etag (self);
  if ((guint64) status.st_size > file->size
      || (self->etag == NULL && (guint64) status.st_size < file->size))
    {
      if (!kalon_part_begin (self, NULL, error))
        return NULL;
    }
  else if (!hash_part (self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
kalon_part_write (KalonPart *self, const void *data, gsize length, GError **error)
{
  const guint8 *bytes = data;

  for (gsize done = 0; done < length;)
    {
      gssize n = pwrite (self->fd, bytes + done, length - done, (off_t) (self->size + done));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          kalon_models_set_io_error (error, errno, "Writing", self->name);
          return FALSE;
        }
      done += (gsize) n;
    }
  update_hashes (self, data, length);
  self->size += length;
  return TRUE;
}

void
kalon_part_delete (KalonPart *self)
{
  unlinkat (self->directory, self->name, 0);
  unlinkat (self->directory, self->etag_name, 0);
}

gboolean
kalon_part_finish (KalonPart *self, const char *host, GError **error)
{
  const char *sha256 = g_checksum_get_string (self->sha256);

  if ((self->file->sha256 != NULL && !g_str_equal (sha256, self->file->sha256))
      || (self->git != NULL
          && !g_str_equal (g_checksum_get_string (self->git), self->file->git_sha1)))
    {
      kalon_part_delete (self);
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "What %s sent as %s is not that file: its hash is another one. It was deleted. "
                   "Try again; if it happens again, do not trust this server.",
                   host, self->file->name);
      return FALSE;
    }
  if (fsync (self->fd) != 0
      || renameat (self->directory, self->name, self->directory, self->file->name) != 0)
    {
      kalon_models_set_io_error (error, errno, "Writing", self->file->name);
      return FALSE;
    }
  unlinkat (self->directory, self->etag_name, 0);
  if (self->file->sha256 == NULL)
    self->file->sha256 = g_strdup (sha256);
  return TRUE;
}
