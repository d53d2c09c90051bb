/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

/* At 300 bytes an answer more than anybody gives. */
#define MAX_FILE (256 * 1024 * 1024)
#define LOCK_SUFFIX ".lock"

static gboolean
fail (const char *path, GError **error)
{
  int code = errno;
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be written: %s", name,
               g_strerror (code));
  return FALSE;
}

static gboolean
write_all (int file, const char *text)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize written = write (file, text, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      text += written;
      length -= (gsize) written;
    }
  return TRUE;
}

/* A process may have been killed in the middle of the last line, which then ends here. */
static gboolean
begin_line (int file)
{
  struct stat status;
  char last;

  if (fstat (file, &status) != 0)
    return FALSE;
  if (status.st_size == 0)
    return TRUE;
  if (pread (file, &last, 1, status.st_size - 1) != 1)
    return FALSE;
  return last == '\n' || write_all (file, "\n");
}

gboolean
kalon_label_log_append (const char *path, const char *text, GError **error)
{
  /* Not made anew: a set that somebody has removed meanwhile has gone. */
  int file = g_open (path, O_RDWR | O_APPEND | O_CLOEXEC, 0);
  gboolean done;

  if (file < 0)
    return fail (path, error);
  done = (flock (file, LOCK_EX) == 0 && begin_line (file) && write_all (file, text)
          && fsync (file) == 0)
         || fail (path, error);
  close (file);
  return done;
}

gboolean
kalon_label_log_read (const char *path, KalonLabelHead *head, GPtrArray **lines, GError **error)
{
  g_autoptr (GBytes) bytes = kalon_input_read (path, MAX_FILE, error);
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_label_line_free);
  const char *text;
  gsize size, start;

  if (bytes == NULL)
    return FALSE;
  text = g_bytes_get_data (bytes, &size);
  for (gsize at = 0, number = 1; number == 1 || at < size; at = start, number++)
    {
      const char *end = size > at ? memchr (text + at, '\n', size - at) : NULL;
      gsize length = end != NULL ? (gsize) (end - text) - at : size - at;
      g_autofree char *where = g_strdup_printf (KALON_LABELS_FILE ":%" G_GSIZE_FORMAT, number);
      g_autoptr (GError) reason = NULL;
      KalonLabelLine *line;

      start = at + length + 1;
      if (number == 1)
        {
          if (!kalon_label_head_from_line (size > 0 ? text : "", length, where, head, error))
            return FALSE;
          continue;
        }
      line = kalon_label_line_from_text (text + at, length, where, &reason);
      if (line != NULL)
        g_ptr_array_add (found, line);
      else
        g_message ("An answer is passed over: %s", reason->message);
    }
  if (lines != NULL)
    *lines = g_steal_pointer (&found);
  return TRUE;
}

/* Locks */

/* A descriptor to close; -1 when it is taken, or cannot be had: then @error is set. */
static int
try_lock (const char *path, int flags, GError **error)
{
  int file = g_open (path, O_RDWR | O_CLOEXEC | flags, 0600);

  if (file < 0)
    {
      fail (path, error);
      return -1;
    }
  if (flock (file, LOCK_EX | LOCK_NB) == 0)
    return file;
  if (errno != EWOULDBLOCK)
    fail (path, error);
  close (file);
  return -1;
}

int
kalon_label_log_lock (const char *directory, const char *labeler, GError **error)
{
  /* A name is no file name. */
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, labeler, -1);
  g_autofree char *name = g_strdup_printf ("%.16s" LOCK_SUFFIX, hash);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *shown = kalon_input_quote (labeler);
  g_autoptr (GError) reason = NULL;
  int file = try_lock (path, O_CREAT, &reason);

  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (file < 0)
    g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
                 "Somebody is labelling this set as “%s” already. Stop there first, or choose "
                 "another name.",
                 shown);
  return file;
}

gboolean
kalon_label_log_check_unused (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autoptr (GError) reason = NULL;
      int file;

      if (!g_str_has_suffix (name, LOCK_SUFFIX))
        continue;
      file = try_lock (path, 0, &reason);
      if (file < 0)
        {
          if (reason != NULL)
            g_propagate_error (error, g_steal_pointer (&reason));
          else
            g_set_error_literal (error, KALON_ERROR, KALON_ERROR_BUSY,
                                 "Somebody is labelling this set. Stop there first.");
          return FALSE;
        }
      close (file);
    }
  return TRUE;
}
