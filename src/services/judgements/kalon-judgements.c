/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgements/kalon-judgements-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#define FILE_NAME "judgements.jsonl"
/* At 3 kB a line more than anybody judges. */
#define MAX_FILE (64 * 1024 * 1024)

KalonJudgement *
kalon_judgement_new (const char *query, const char *left, const char *right,
                     KalonPreferred preferred)
{
  KalonJudgement *judgement = g_new0 (KalonJudgement, 1);

  g_return_val_if_fail (query != NULL && left != NULL && right != NULL, NULL);

  judgement->query = g_utf8_make_valid (query, -1);
  judgement->rankings[0] = g_strdup (left);
  judgement->rankings[1] = g_strdup (right);
  judgement->preferred = preferred;
  return judgement;
}

void
kalon_judgement_free (KalonJudgement *judgement)
{
  if (judgement == NULL)
    return;
  for (guint side = 0; side < 2; side++)
    {
      g_free (judgement->rankings[side]);
      g_strfreev (judgement->pictures[side]);
    }
  g_free (judgement->query);
  g_free (judgement->rephrased);
  g_free (judgement->model);
  g_free (judgement);
}

char *
kalon_judgements_dup_path (const char *library_directory)
{
  return library_directory != NULL
             ? g_build_filename (library_directory, FILE_NAME, NULL)
             : g_build_filename (g_get_user_data_dir (), "kalon", FILE_NAME, NULL);
}

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
begin_line (int file)
{
  g_autofree char *head = NULL;
  struct stat status;
  char last;

  if (fstat (file, &status) != 0)
    return FALSE;
  if (status.st_size == 0)
    {
      head = kalon_judgements_dup_head ();
      return write_all (file, head);
    }
  if (pread (file, &last, 1, status.st_size - 1) != 1)
    return FALSE;
  return last == '\n' || write_all (file, "\n");
}

gboolean
kalon_judgements_add (const char *library_directory, const KalonJudgement *judgement,
                      GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  KalonJudgement dated;
  gboolean done;
  int file;

  g_return_val_if_fail (judgement != NULL, FALSE);

  dated = *judgement;
  if (dated.time == 0)
    dated.time = g_get_real_time () / G_USEC_PER_SEC;
  line = kalon_judgement_to_line (&dated);
  path = kalon_judgements_dup_path (library_directory);
  file = g_open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return fail (path, error);
  done = (flock (file, LOCK_EX) == 0 && begin_line (file) && write_all (file, line)
          && fsync (file) == 0)
         || fail (path, error);
  close (file);
  return done;
}

static GPtrArray *
parse (GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) judgements
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judgement_free);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  guint number = 0;

  for (gsize at = 0, length; at < size; at += length + 1)
    {
      const char *end = memchr (text + at, '\n', size - at);
      g_autofree char *where = g_strdup_printf (FILE_NAME ":%u", ++number);
      g_autoptr (GError) reason = NULL;
      KalonJudgement *judgement;

      length = end != NULL ? (gsize) (end - text) - at : size - at;
      if (number == 1)
        {
          if (!kalon_judgements_check_head (text + at, length, where, error))
            return NULL;
          continue;
        }
      judgement = kalon_judgement_from_line (text + at, length, where, &reason);
      if (judgement != NULL)
        g_ptr_array_add (judgements, judgement);
      else
        g_message ("A judgement is passed over: %s", reason->message);
    }
  return g_steal_pointer (&judgements);
}

GPtrArray *
kalon_judgements_list (const char *library_directory, GError **error)
{
  g_autofree char *path = kalon_judgements_dup_path (library_directory);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) bytes = kalon_input_read (path, MAX_FILE, &reason);

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_judgement_free);
  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return parse (bytes, error);
}

void
kalon_judgements_count (GPtrArray *judgements, const char *first, const char *second,
                        KalonTally *tally)
{
  g_return_if_fail (judgements != NULL && tally != NULL);
  g_return_if_fail (first != NULL && second != NULL);

  *tally = (KalonTally){ 0 };
  for (guint i = 0; i < judgements->len; i++)
    {
      const KalonJudgement *judgement = g_ptr_array_index (judgements, i);
      gboolean straight = g_str_equal (judgement->rankings[0], first)
                          && g_str_equal (judgement->rankings[1], second);
      gboolean crossed = g_str_equal (judgement->rankings[0], second)
                         && g_str_equal (judgement->rankings[1], first);

      if (!straight && !crossed)
        continue;
      if (judgement->preferred == KALON_PREFERRED_NEITHER)
        tally->neither++;
      else if ((judgement->preferred == KALON_PREFERRED_LEFT) == straight)
        tally->first++;
      else
        tally->second++;
    }
  if (tally->first + tally->second > 0)
    kalon_metrics_estimate_share (tally->first, tally->first + tally->second, &tally->share);
}
