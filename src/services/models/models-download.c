/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <unistd.h>

/* Of an unfinished download: which content it is the beginning of. */
#define SOURCE_FILE "source"

typedef struct
{
  const KalonDownload *download;
  KalonDownloadFunc func;
  gpointer user_data;
  guint64 finished; /* bytes of the files before this one */
} Report;

static void
on_bytes (const KalonRemoteFile *file, guint64 bytes, gpointer user_data)
{
  const Report *report = user_data;
  KalonDownloadProgress progress = {
    .file = file->name,
    .done = report->finished + bytes,
    .total = report->download->size,
  };

  report->func (&progress, report->user_data);
}

/* Parts of another revision, or of another repository of the same name, are not gone on with. */
static gboolean
claim (const KalonDownload *download, const char *staging, GError **error)
{
  g_autofree char *path = g_build_filename (staging, SOURCE_FILE, NULL);
  g_autofree char *found = NULL;
  g_autofree char *mine = g_strdup_printf (
      "%s\n%s\n", download->repository != NULL ? download->repository : download->offer->address,
      download->commit != NULL ? download->commit : download->revision);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_file_get_contents (path, &found, NULL, NULL) && g_str_equal (found, mine))
    return TRUE;
  dir = g_dir_open (staging, 0, error);
  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *old = g_build_filename (staging, name, NULL);

      if (g_unlink (old) != 0)
        {
          kalon_models_set_io_error (error, errno, "Removing", old);
          return FALSE;
        }
    }
  return g_file_set_contents (path, mine, -1, error);
}

static gboolean
fetch_all (const KalonDownload *download, const KalonDownloadOptions *options, SoupSession *session,
           int directory, Report *report, GCancellable *cancellable, GError **error)
{
  KalonFetch fetch = {
    .session = session,
    .directory = directory,
    .retry_delay = options->retry_delay,
    .func = report->func != NULL ? on_bytes : NULL,
    .user_data = report,
  };

  for (guint i = 0; i < download->files->len; i++)
    {
      KalonRemoteFile *file = download->files->pdata[i];

      if (!kalon_fetch_file (&fetch, file, cancellable, error))
        return FALSE;
      report->finished += file->size;
    }
  return TRUE;
}

static gboolean
save_receipt (const KalonDownload *download, const char *path, GError **error)
{
  g_autofree KalonReceiptFile *files = g_new (KalonReceiptFile, download->files->len);

  for (guint i = 0; i < download->files->len; i++)
    {
      const KalonRemoteFile *file = download->files->pdata[i];

      files[i] = (KalonReceiptFile){ file->name, file->size, file->sha256 };
    }
  return kalon_receipt_save (path, download->host, download->repository, download->revision,
                             download->commit, files, download->files->len, error);
}

static gboolean
move (const char *from, const char *to, GError **error)
{
  if (g_rename (from, to) == 0)
    return TRUE;
  kalon_models_set_io_error (error, errno, "Making", to);
  return FALSE;
}

/* The files are those that the hub promised; whether they are a sound model is another matter. One
 * that is not is deleted, for going on with it is of no use. */
static gboolean
verify (const char *staging, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonModel) model = NULL;
  GError *cause = NULL;

  model = kalon_models_load (staging, &cause);
  if (model != NULL && kalon_models_verify (model, NULL, cancellable, &cause))
    return TRUE;
  if (cause->domain == KALON_ERROR)
    kalon_models_remove_flat_directory (staging, NULL);
  g_propagate_prefixed_error (error, cause, "What was downloaded is no model that Kalon can use: ");
  return FALSE;
}

/* (transfer full) */
static char *
install_model (const KalonDownload *download, const char *staging, GCancellable *cancellable,
               GError **error)
{
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *target = g_build_filename (user, download->id, NULL);
  g_autofree char *receipt = g_build_filename (staging, KALON_RECEIPT_FILE, NULL);
  g_autofree char *source = g_build_filename (staging, SOURCE_FILE, NULL);

  if (!verify (staging, cancellable, error) || !kalon_models_check_unused (download->id, error)
      || !save_receipt (download, receipt, error))
    return NULL;
  g_unlink (source);
  return move (staging, target, error) ? g_steal_pointer (&target) : NULL;
}

/* Brings a head in the form in which it came to its place. */
static gboolean
import_head (const char *source, const char *target, GError **error)
{
  return move (source, target, error);
}

/* (transfer full) */
static char *
install_head (const KalonDownload *download, const char *staging, GError **error)
{
  const KalonRemoteFile *file = download->files->pdata[0];
  g_autofree char *heads = kalon_models_dup_heads_directory ();
  g_autofree char *source = g_build_filename (staging, file->name, NULL);
  g_autofree char *target = g_build_filename (heads, file->name, NULL);
  g_autofree char *receipt_name = g_strconcat (download->id, ".", KALON_RECEIPT_FILE, NULL);
  g_autofree char *receipt = g_build_filename (heads, receipt_name, NULL);

  if (!import_head (source, target, error) || !save_receipt (download, receipt, error))
    return NULL;
  kalon_models_remove_flat_directory (staging, NULL);
  return g_steal_pointer (&target);
}

char *
kalon_models_download_with (const KalonDownload *download, const KalonDownloadOptions *options,
                            SoupSession *session, KalonDownloadFunc func, gpointer user_data,
                            GCancellable *cancellable, GError **error)
{
  g_autofree char *staging = kalon_models_dup_staging (download->kind, download->id);
  g_autoptr (SoupSession) own = session == NULL ? kalon_transfer_session_new () : NULL;
  Report report = { .download = download, .func = func, .user_data = user_data };
  guint64 present = 0;
  char *path = NULL;
  int directory;

  if (!kalon_models_make_directory (staging, error))
    return NULL;
  directory = kalon_models_lock_directory (staging, error);
  if (directory < 0)
    return NULL;
  if (claim (download, staging, error))
    {
      for (guint i = 0; i < download->files->len; i++)
        present += kalon_fetch_get_present (staging, download->files->pdata[i]);
      if (kalon_models_check_free_space (staging, download->size - present, options->free_space,
                                         cancellable, error)
          && fetch_all (download, options, session != NULL ? session : own, directory, &report,
                        cancellable, error))
        {
          if (func != NULL)
            func (&(KalonDownloadProgress){ NULL, download->size, download->size }, user_data);
          path = download->kind == KALON_OFFER_HEAD
                     ? install_head (download, staging, error)
                     : install_model (download, staging, cancellable, error);
        }
    }
  close (directory);
  return path;
}

char *
kalon_models_download (const KalonDownload *download, SoupSession *session, KalonDownloadFunc func,
                       gpointer user_data, GCancellable *cancellable, GError **error)
{
  const KalonDownloadOptions options = { .retry_delay = KALON_RETRY_DELAY };

  g_return_val_if_fail (download != NULL, NULL);

  return kalon_models_download_with (download, &options, session, func, user_data, cancellable,
                                     error);
}

/* The asynchronous form */

typedef struct
{
  char *what;
  char *revision;
  SoupSession *session;
  KalonDownloadFunc func;
  gpointer func_data;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->what);
  g_free (job->revision);
  g_clear_object (&job->session);
  g_free (job);
}

typedef struct
{
  GTask *task;
  char *file;
  KalonDownloadProgress progress;
} Delivery;

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_object_unref (delivery->task);
  g_free (delivery->file);
  g_free (delivery);
}

static gboolean
deliver (gpointer data)
{
  Delivery *delivery = data;
  const Job *job = g_task_get_task_data (delivery->task);

  job->func (&delivery->progress, job->func_data);
  return G_SOURCE_REMOVE;
}

/* Of the same priority as the task's completion, so it never arrives after it. */
static void
send_progress (const KalonDownloadProgress *progress, gpointer user_data)
{
  GTask *task = user_data;
  Delivery *delivery = g_new (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  delivery->task = g_object_ref (task);
  delivery->progress = *progress;
  delivery->progress.file = delivery->file = g_strdup (progress->file);
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, deliver, delivery, delivery_free);
  g_source_set_static_name (source, "[kalon] download progress");
  g_source_attach (source, g_task_get_context (task));
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  GError *error = NULL;
  g_autoptr (KalonDownload) download
      = kalon_models_prepare_download (job->what, job->revision, job->session, cancellable, &error);
  char *path = NULL;

  if (download != NULL)
    path = kalon_models_download (download, job->session, job->func != NULL ? send_progress : NULL,
                                  task, cancellable, &error);
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
kalon_models_download_async (const char *what, const char *revision, SoupSession *session,
                             KalonDownloadFunc func, gpointer func_data, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->what = g_strdup (what);
  job->revision = g_strdup (revision);
  job->session = session != NULL ? g_object_ref (session) : NULL;
  job->func = func;
  job->func_data = func_data;
  g_task_set_source_tag (task, kalon_models_download_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_in_thread);
}

char *
kalon_models_download_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
