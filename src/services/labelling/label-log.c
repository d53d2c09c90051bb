/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "journal/kalon-journal.h"

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

gboolean
kalon_label_log_append (const char *path, const char *text, GError **error)
{
  /* No head: a set that somebody has removed meanwhile has gone. */
  return kalon_journal_append (path, NULL, text, error);
}

typedef struct
{
  KalonLabelHead *head;
  gboolean has_head;
  GPtrArray *lines;
} Reading;

static gboolean
take_head (const char *line, gsize length, const char *where, gpointer user_data, GError **error)
{
  Reading *reading = user_data;

  reading->has_head = kalon_label_head_from_line (line, length, where, reading->head, error);
  return reading->has_head;
}

static gboolean
take_line (const char *text, gsize length, const char *where, gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  KalonLabelLine *line = kalon_label_line_from_text (text, length, where, error);

  if (line == NULL)
    return FALSE;
  g_ptr_array_add (reading->lines, line);
  return TRUE;
}

gboolean
kalon_label_log_read (const char *path, KalonLabelHead *head, GPtrArray **lines, GError **error)
{
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_label_line_free);
  Reading reading = { .head = head, .lines = found };

  if (!kalon_journal_read (path, MAX_FILE, take_head, take_line, "An answer", &reading, error))
    return FALSE;
  if (!reading.has_head)
    {
      g_autofree char *name = g_filename_display_name (path);

      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s is empty: what it had to say of the set is lost. Remove the set.", name);
      return FALSE;
    }
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
