/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/kalon-input.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

#define READ_SIZE (256 * 1024)

/* Returns a file descriptor, or -1. Opening a pipe would wait for its writer: O_NONBLOCK. */
static int
open_regular (const char *path, gsize *size, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                   g_strerror (code));
      if (fd >= 0)
        close (fd);
      return -1;
    }
  if (!S_ISREG (status.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                   "%s: not a regular file. Name the file itself.", path);
      close (fd);
      return -1;
    }
  *size = (gsize) status.st_size;
  return fd;
}

GBytes *
kalon_input_read (const char *path, gsize max_size, GError **error)
{
  g_autofree guint8 *data = NULL;
  gsize size, done = 0;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open_regular (path, &size, error);
  if (fd < 0)
    return NULL;
  if (size > max_size)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s: %" G_GSIZE_FORMAT " bytes, the limit is %" G_GSIZE_FORMAT
                   ". This is not the file that its name promises.",
                   path, size, max_size);
      close (fd);
      return NULL;
    }

  data = g_malloc (size + 1);
  while (done < size)
    {
      gssize n = read (fd, data + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path,
                       g_strerror (code));
          close (fd);
          return NULL;
        }
      if (n == 0)
        break;
      done += (gsize) n;
    }
  close (fd);
  return g_bytes_new_take (g_steal_pointer (&data), done);
}

GBytes *
kalon_input_map (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  gsize size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open_regular (path, &size, error);
  if (fd < 0)
    return NULL;
  file = g_mapped_file_new_from_fd (fd, FALSE, error);
  close (fd);
  if (file == NULL)
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  return g_mapped_file_get_bytes (file);
}

char *
kalon_input_hash_file (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  g_autoptr (GError) cause = NULL;
  gssize n = -1;
  gsize size;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  fd = open_regular (path, &size, error);
  if (fd < 0)
    return NULL;
  while (!g_cancellable_set_error_if_cancelled (cancellable, &cause)
         && ((n = read (fd, buffer, READ_SIZE)) > 0 || (n < 0 && errno == EINTR)))
    if (n > 0)
      g_checksum_update (checksum, buffer, n);
  if (n < 0 && cause == NULL)
    cause = g_error_new (G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
                         g_strerror (errno));
  close (fd);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  return g_strdup (g_checksum_get_string (checksum));
}

char *
kalon_input_quote (const char *text)
{
  g_autoptr (GString) quoted = g_string_new (NULL);
  gsize n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char_validated (p, -1);

      if (n++ == 80)
        {
          g_string_append (quoted, "…");
          break;
        }
      if (c == (gunichar) -1 || c == (gunichar) -2)
        break;
      if (g_unichar_isprint (c))
        g_string_append_unichar (quoted, c);
      else
        g_string_append_printf (quoted, "\\u%04x", c);
    }
  return g_string_free (g_steal_pointer (&quoted), FALSE);
}

char *
kalon_input_dup_utf8 (const char *bytes)
{
  GString *text = g_string_new (NULL);
  const char *end;

  while (!g_utf8_validate (bytes, -1, &end))
    {
      g_string_append_len (text, bytes, end - bytes);
      g_string_append_printf (text, "\\x%02X", (guchar) *end);
      bytes = end + 1;
    }
  g_string_append (text, bytes);
  return g_string_free (text, FALSE);
}
