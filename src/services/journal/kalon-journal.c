/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal/kalon-journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/kalon-input.h"

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

/* What a new line needs in front of it: the head of an empty file, the end of a line that a process
 * was killed in. */
static gboolean
begin_line (int file, const char *head)
{
  struct stat status;
  char last;

  if (fstat (file, &status) != 0)
    return FALSE;
  if (status.st_size == 0)
    return head == NULL || write_all (file, head);
  if (pread (file, &last, 1, status.st_size - 1) != 1)
    return FALSE;
  return last == '\n' || write_all (file, "\n");
}

gboolean
kalon_journal_append (const char *path, const char *head, const char *line, GError **error)
{
  int file;
  gboolean done;

  g_return_val_if_fail (path != NULL && line != NULL, FALSE);

  file = g_open (path, O_RDWR | O_APPEND | O_CLOEXEC | (head != NULL ? O_CREAT : 0), 0600);
  if (file < 0)
    return fail (path, error);
  done = (flock (file, LOCK_EX) == 0 && begin_line (file, head) && write_all (file, line)
          && fsync (file) == 0)
         || fail (path, error);
  close (file);
  return done;
}

gboolean
kalon_journal_read (const char *path, gsize max_size, KalonJournalFunc head, KalonJournalFunc line,
                    const char *what, gpointer user_data, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *base = NULL;
  g_autofree char *name = NULL;
  const char *text;
  guint number = 0;
  gsize size;

  g_return_val_if_fail (path != NULL && head != NULL && line != NULL, FALSE);

  bytes = kalon_input_read (path, max_size, error);
  if (bytes == NULL)
    return FALSE;
  base = g_path_get_basename (path);
  name = kalon_input_dup_utf8 (base);
  text = g_bytes_get_data (bytes, &size);
  for (gsize at = 0, length; at < size; at += length + 1)
    {
      const char *end = memchr (text + at, '\n', size - at);
      g_autofree char *where = g_strdup_printf ("%s:%u", name, ++number);
      g_autoptr (GError) reason = NULL;

      length = end != NULL ? (gsize) (end - text) - at : size - at;
      if (number == 1)
        {
          if (!head (text + at, length, where, user_data, error))
            return FALSE;
        }
      else if (!line (text + at, length, where, user_data, &reason))
        g_message ("%s is passed over: %s", what, reason->message);
    }
  return TRUE;
}
