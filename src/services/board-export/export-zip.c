/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#define READ_SIZE (256 * 1024)

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_write_free)

typedef struct archive_entry Entry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, archive_entry_free)

/* libarchive writes names as UTF-8, and says so in the archive, where the locale does. */
static locale_t
enter_utf8 (locale_t *before)
{
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);

  if (utf8 != (locale_t) 0)
    *before = uselocale (utf8);
  return utf8;
}

static void
leave_utf8 (locale_t utf8, locale_t before)
{
  if (utf8 == (locale_t) 0)
    return;
  uselocale (before);
  freelocale (utf8);
}

static gboolean
archive_failed (Export *self, Archive *archive, GError **error)
{
  int code = archive_errno (archive);

  return export_fail (self->destination, code > 0 ? code : EIO, error);
}

static gboolean
begin_entry (Export *self, Archive *archive, const char *name, gint64 size, gint64 mtime,
             GError **error)
{
  g_autoptr (Entry) entry = archive_entry_new ();
  g_autofree char *folder = export_dup_safe_name (self->contents->board->name, 200);
  g_autofree char *path = g_strconcat (folder, "/", name, NULL);

  archive_entry_set_pathname (entry, path);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);
  archive_entry_set_mtime (entry, mtime, 0);
  if (archive_write_header (archive, entry) >= ARCHIVE_WARN)
    return TRUE;
  return archive_failed (self, archive, error);
}

/* @reading: (out): the error is the picture's, not the archive's. */
static gboolean
copy_bytes (Export *self, Archive *archive, int source, gint64 size, gboolean *reading,
            GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);

  *reading = FALSE;
  while (size > 0)
    {
      gssize n;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      n = read (source, buffer, MIN (size, READ_SIZE));
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int code = errno;

          *reading = TRUE;
          if (n < 0)
            g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                         "The file cannot be read: %s.", g_strerror (code));
          else
            g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "The file became shorter while it was read.");
          return FALSE;
        }
      if (archive_write_data (archive, buffer, (gsize) n) != n)
        return archive_failed (self, archive, error);
      size -= n;
    }
  return TRUE;
}

static int
open_picture (const char *path, struct stat *status, GError **error)
{
  /* Not to wait for ever for the other end of a pipe. */
  int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int code = errno;

  if (file >= 0 && fstat (file, status) == 0 && S_ISREG (status->st_mode))
    return file;
  if (file >= 0)
    {
      close (file);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "This is no file.");
    }
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "The file cannot be read: %s.",
                 g_strerror (code));
  return -1;
}

static gboolean
add_notes (Export *self, Archive *archive, GError **error)
{
  g_autofree char *notes = export_dup_notes (self);
  gsize size = strlen (notes);

  return begin_entry (self, archive, EXPORT_NOTES_NAME, (gint64) size,
                      self->contents->board->changed / G_USEC_PER_SEC, error)
         && (archive_write_data (archive, notes, size) == (gssize) size
             || archive_failed (self, archive, error));
}

/* @unreadable: (out): why the picture is left out. @again: (out): it broke off in the middle, which
 * an entry once begun cannot tell: the archive is to be made anew. */
static gboolean
add_picture (Export *self, Archive *archive, guint i, GError **unreadable, gboolean *again,
             GError **error)
{
  g_autofree char *name = export_dup_item_name (self, i);
  g_autoptr (GError) problem = NULL;
  struct stat status;
  gboolean done;
  int file = open_picture (export_get_item (self, i)->path, &status, unreadable);

  if (file < 0)
    return TRUE;
  done = begin_entry (self, archive, name, status.st_size, status.st_mtime, &problem)
         && copy_bytes (self, archive, file, status.st_size, again, &problem);
  close (file);
  if (!done)
    g_propagate_error (*again ? unreadable : error, g_steal_pointer (&problem));
  return done;
}

/* @unreadable: (element-type GError): by position, why a picture is left out */
static gboolean
write_all (Export *self, Archive *archive, GPtrArray *unreadable, gboolean *again, GError **error)
{
  for (guint i = 0; i < self->contents->items->len; i++)
    {
      GError **reason = (GError **) &g_ptr_array_index (unreadable, i);

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error)
          || (*reason == NULL && !add_picture (self, archive, i, reason, again, error)))
        return FALSE;
      export_step (self, export_get_item (self, i)->path, *reason);
    }
  return add_notes (self, archive, error);
}

static gboolean
write_archive (Export *self, int file, GPtrArray *unreadable, gboolean *again, GError **error)
{
  g_autoptr (Archive) archive = archive_write_new ();

  *again = FALSE;
  archive_write_set_format_zip (archive);
  /* Pictures are compressed already. */
  archive_write_zip_set_compression_store (archive);
  archive_write_set_bytes_in_last_block (archive, 1);
  if (archive_write_open_fd (archive, file) != ARCHIVE_OK)
    return archive_failed (self, archive, error);
  /* Not archive_write_fail() where it fails: of what has failed, libarchive 3.6 frees less. */
  if (!write_all (self, archive, unreadable, again, error))
    return FALSE;
  return archive_write_close (archive) == ARCHIVE_OK || archive_failed (self, archive, error);
}

static void
error_free (gpointer error)
{
  if (error != NULL)
    g_error_free (error);
}

gboolean
export_zip (Export *self, int file, GError **error)
{
  g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (error_free);
  locale_t before = (locale_t) 0;
  locale_t utf8 = enter_utf8 (&before);
  gboolean again, done;

  g_ptr_array_set_size (unreadable, (int) self->contents->items->len);
  do
    {
      /* Seldom more than once. */
      self->n_done = 0;
      self->exported->n_written = 0;
      g_ptr_array_set_size (self->exported->failures, 0);
      if (ftruncate (file, 0) != 0 || lseek (file, 0, SEEK_SET) != 0)
        {
          done = export_fail (self->destination, errno, error);
          break;
        }
      done = write_archive (self, file, unreadable, &again, error);
    }
  while (!done && again);
  leave_utf8 (utf8, before);
  return done;
}
