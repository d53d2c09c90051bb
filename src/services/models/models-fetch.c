/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "errors/kalon-errors.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

/* Tries without gain before a download is given up. */
#define MAX_TRIES 5
/* A try that brought this much was worth it: counting begins anew. */
#define GAIN (1024 * 1024)
#define BLOCK (256 * 1024)
/* Longer than this nobody waits in front of a progress bar, whatever a server asks for. */
#define MAX_WAIT 60000
/* Milliseconds between two reports. */
#define REPORT_INTERVAL 100

/* How a try ended. */
typedef enum
{
  DONE,
  MAY_PASS, /* the error may be another one the next time */
  FAILED,
} Outcome;

static gboolean
wait_for (guint64 milliseconds, GCancellable *cancellable, GError **error)
{
  GPollFD poll_fd;
  gboolean watched = g_cancellable_make_pollfd (cancellable, &poll_fd);

  g_poll (&poll_fd, watched ? 1 : 0, (int) milliseconds);
  if (watched)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* After try number @n (from 1) that ended with @cause; takes it. */
static gboolean
wait_before_next (const KalonFetch *fetch, guint n, guint retry_after, GError *cause,
                  GCancellable *cancellable, GError **error)
{
  guint64 wait = (guint64) fetch->retry_delay << (n - 1);

  if (n >= MAX_TRIES || retry_after * G_GUINT64_CONSTANT (1000) > MAX_WAIT)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  g_error_free (cause);
  return wait_for (MIN (MAX (wait, retry_after * G_GUINT64_CONSTANT (1000)), MAX_WAIT), cancellable,
                   error);
}

/* What a connection's failure means to a user. Takes @cause; a cancellation stays one. */
static Outcome
explain (GError *cause, const char *host, GError **error)
{
  Outcome outcome = kalon_request_may_pass (cause) ? MAY_PASS : FAILED;

  if (cause->domain == KALON_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, cause);
  else
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "The connection to %s failed: %s. Check the network and start the download "
                   "again; it goes on where it was.",
                   host, cause->message);
      g_error_free (cause);
    }
  return outcome;
}

static Outcome
ask_once (const KalonFetch *fetch, const char *name, GUri *address, KalonAnswer *answer,
          GCancellable *cancellable, GError **error)
{
  GError *cause = NULL;
  g_autoptr (GInputStream) stream
      = kalon_request_send (fetch->session, "HEAD", address, 0, NULL, answer, cancellable, &cause);

  if (stream == NULL)
    return explain (cause, answer->host, error);
  if (!kalon_request_is_passing_status (answer->status))
    return DONE;
  kalon_request_refuse (answer, name, error);
  return MAY_PASS;
}

gboolean
kalon_fetch_ask (const KalonFetch *fetch, const char *name, GUri *address, KalonAnswer *answer,
                 GCancellable *cancellable, GError **error)
{
  for (guint n = 1;; n++)
    {
      GError *cause = NULL;
      Outcome outcome = ask_once (fetch, name, address, answer, cancellable, &cause);
      guint retry_after = answer->retry_after;

      if (outcome == DONE)
        return TRUE;
      kalon_answer_clear (answer);
      if (outcome == FAILED)
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
      if (!wait_before_next (fetch, n, retry_after, cause, cancellable, error))
        return FALSE;
    }
}

static guint64
get_present (const char *folder, const KalonRemoteFile *file)
{
  g_autofree char *whole = g_build_filename (folder, file->name, NULL);
  g_autofree char *part = g_strconcat (whole, ".part", NULL);
  GStatBuf status;

  if (g_stat (whole, &status) != 0 && g_stat (part, &status) != 0)
    return 0;
  return MIN ((guint64) status.st_size, file->size);
}

guint64
kalon_fetch_get_all_present (const char *folder, const KalonDownload *download)
{
  guint64 present = 0;

  for (guint i = 0; i < download->files->len; i++)
    present += get_present (folder, download->files->pdata[i]);
  return present;
}

/* A file that an earlier attempt finished is taken as a whole part: hashed and checked again. */
static void
reopen (const KalonFetch *fetch, const KalonRemoteFile *file)
{
  g_autofree char *part = g_strconcat (file->name, ".part", NULL);

  renameat (fetch->directory, file->name, fetch->directory, part);
}

static void
report (const KalonFetch *fetch, const KalonPart *part, gint64 *last)
{
  gint64 now = g_get_monotonic_time () / 1000;

  if (fetch->func == NULL || (now - *last < REPORT_INTERVAL && part->size < part->file->size))
    return;
  *last = now;
  fetch->func (part->file, part->size, fetch->user_data);
}

static Outcome
refuse_content (KalonPart *part, const char *host, const char *what, GError **error)
{
  kalon_part_delete (part);
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s sends %s as %s than it said before. Start the download again; if it fails the "
               "same way, choose another mirror.",
               host, what, part->file->name);
  return FAILED;
}

/* Whether @answer brings what follows the part, of the same content. */
static gboolean
fits (const KalonPart *part, const KalonAnswer *answer)
{
  return answer->first == (gint64) part->size
         && (answer->etag == NULL || g_strcmp0 (answer->etag, part->etag) == 0);
}

/* Decides where the body goes. */
static Outcome
accept_answer (KalonPart *part, const KalonAnswer *answer, GError **error)
{
  const KalonRemoteFile *file = part->file;

  if (answer->status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE
      || (answer->status == SOUP_STATUS_PARTIAL_CONTENT && !fits (part, answer)))
    {
      if (!kalon_part_begin (part, NULL, error))
        return FAILED;
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s sends another piece of %s than it was asked for. Try again later.",
                   answer->host, file->name);
      return MAY_PASS;
    }
  if (answer->status != SOUP_STATUS_OK && answer->status != SOUP_STATUS_PARTIAL_CONTENT)
    {
      kalon_request_refuse (answer, file->name, error);
      return kalon_request_is_passing_status (answer->status) ? MAY_PASS : FAILED;
    }
  /* The whole file: the range was not understood, or the content is another one by now. */
  if (answer->status == SOUP_STATUS_OK && !kalon_part_begin (part, answer->etag, error))
    return FAILED;
  if ((answer->length >= 0 && (guint64) answer->length != file->size)
      || (answer->body_length >= 0 && (guint64) answer->body_length != file->size - part->size))
    return refuse_content (part, answer->host, "another length", error);
  return DONE;
}

static Outcome
fetch_once (const KalonFetch *fetch, KalonPart *part, KalonAnswer *answer,
            GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  g_autoptr (GInputStream) stream = NULL;
  GError *cause = NULL;
  Outcome outcome;
  gint64 last = 0;

  /* Without a strong ETag nothing says that the rest would be of the same content. */
  if (part->etag == NULL && part->size > 0 && !kalon_part_begin (part, NULL, error))
    return FAILED;
  stream = kalon_request_send (fetch->session, "GET", part->file->address, (goffset) part->size,
                               part->etag, answer, cancellable, &cause);
  if (stream == NULL)
    return explain (cause, answer->host, error);
  outcome = accept_answer (part, answer, error);
  if (outcome != DONE)
    return outcome;

  for (;;)
    {
      gssize n = g_input_stream_read (stream, block, BLOCK, cancellable, &cause);

      if (n < 0)
        return explain (cause, answer->host, error);
      if (n == 0)
        break;
      if ((guint64) n > part->file->size - part->size)
        return refuse_content (part, answer->host, "more", error);
      if (!kalon_part_write (part, block, (gsize) n, error))
        return FAILED;
      report (fetch, part, &last);
    }
  if (part->size == part->file->size)
    return DONE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
               "%s ended the connection in the middle of %s. Start the download again; it goes on "
               "where it was.",
               answer->host, part->file->name);
  return MAY_PASS;
}

gboolean
kalon_fetch_file (const KalonFetch *fetch, KalonRemoteFile *file, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (KalonPart) part = NULL;
  guint64 before;
  guint n = 0;

  reopen (fetch, file);
  part = kalon_part_open (fetch->directory, file, cancellable, error);
  if (part == NULL)
    return FALSE;
  before = part->size;
  while (part->size < file->size)
    {
      g_auto (KalonAnswer) answer = { 0 };
      GError *cause = NULL;
      Outcome outcome = fetch_once (fetch, part, &answer, cancellable, &cause);

      if (outcome == DONE)
        break;
      if (outcome == FAILED)
        {
          g_propagate_error (error, cause);
          return FALSE;
        }
      n = part->size >= before + GAIN ? 1 : n + 1;
      before = part->size;
      if (!wait_before_next (fetch, n, answer.retry_after, cause, cancellable, error))
        return FALSE;
    }
  return kalon_part_finish (part, g_uri_get_host (file->address), error);
}
