/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "aesthetics/kalon-aesthetics.h"
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
  g_autofree char *mine
      = download->repository != NULL
            ? g_strdup_printf ("%s\n%s\n", download->repository,
                               download->commit != NULL ? download->commit : download->revision)
            : g_strdup_printf ("%s\n", download->offer->address);

  if (g_file_get_contents (path, &found, NULL, NULL) && g_str_equal (found, mine))
    return TRUE;
  if (!kalon_models_empty_directory (staging, error))
    return FALSE;
  return g_file_set_contents (path, mine, -1, error);
}

/* The files are those that the hub promised; whether they are a model that can be used is another
 * matter. Going on with one that cannot is of no use: it is deleted. Takes @cause. */
static void
discard_unusable (const char *staging, GError *cause, GError **error)
{
  if (cause->domain == KALON_ERROR)
    {
      kalon_models_remove_flat_directory (staging, NULL);
      g_prefix_error (&cause, "What was downloaded is no model that Kalon can use: ");
    }
  g_propagate_error (error, cause);
}

/* Another kind of model is found out before its weights are fetched. */
static gboolean
check_config (const char *staging, GError **error)
{
  KalonModelConfig config;
  GError *cause = NULL;

  if (kalon_model_config_load (staging, &config, &cause))
    return TRUE;
  discard_unusable (staging, cause, error);
  return FALSE;
}

static gboolean
fetch_all (const KalonDownload *download, const char *staging, const KalonFetch *fetch,
           Report *report, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < download->files->len; i++)
    {
      KalonRemoteFile *file = download->files->pdata[i];

      /* The weights come last. */
      if (download->kind == KALON_OFFER_MODEL && i + 1 == download->files->len
          && !check_config (staging, error))
        return FALSE;
      if (!kalon_fetch_file (fetch, file, cancellable, error))
        return FALSE;
      report->finished += file->size;
    }
  return TRUE;
}

static gboolean
check_space (const KalonDownload *download, const char *staging, const guint64 *free_space,
             GCancellable *cancellable, GError **error)
{
  guint64 present = kalon_fetch_get_all_present (staging, download);

  return kalon_models_check_free_space (staging, download->size - present, free_space, cancellable,
                                        error);
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

static gboolean
verify (const char *staging, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonModel) model = NULL;
  GError *cause = NULL;

  model = kalon_models_load (staging, &cause);
  if (model != NULL && kalon_models_verify (model, NULL, cancellable, &cause))
    return TRUE;
  discard_unusable (staging, cause, error);
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
  g_autofree char *source = g_build_filename (target, SOURCE_FILE, NULL);

  if (!verify (staging, cancellable, error) || !kalon_models_check_unused (download->id, error)
      || !save_receipt (download, receipt, error))
    return NULL;
  if (!move (staging, target, error))
    return NULL;
  /* Last: what was fetched is known by it if something comes between. */
  g_unlink (source);
  return g_steal_pointer (&target);
}

/* (transfer full): the head's place, where it is now in Kalon's own form, stamped with the model
 * that it is for. None of the heads that are offered has anything between its layers. */
static char *
import_head (const KalonDownload *download, const char *staging, const char *heads, GError **error)
{
  const KalonRemoteFile *file = download->files->pdata[0];
  g_autofree char *source = g_build_filename (staging, file->name, NULL);
  g_autofree char *name = g_strconcat (download->id, ".safetensors", NULL);
  g_autofree char *target = g_build_filename (heads, name, NULL);
  g_autoptr (KalonModel) model = kalon_models_find (download->offer->encoder, error);
  g_autofree char *hash
      = model != NULL ? kalon_model_dup_hash (model->directory, NULL, error) : NULL;

  if (hash == NULL
      || !kalon_aesthetic_head_import (source, target, KALON_HEAD_ACTIVATION_NONE, hash,
                                       download->offer->dimension, error))
    return NULL;
  return g_steal_pointer (&target);
}

/* (transfer full) */
static char *
install_head (const KalonDownload *download, const char *staging, GError **error)
{
  g_autofree char *heads = kalon_models_dup_heads_directory ();
  g_autofree char *receipt_name = g_strconcat (download->id, ".", KALON_RECEIPT_FILE, NULL);
  g_autofree char *receipt = g_build_filename (heads, receipt_name, NULL);
  g_autofree char *target = NULL;

  if (!save_receipt (download, receipt, error))
    return NULL;
  target = import_head (download, staging, heads, error);
  if (target == NULL)
    {
      g_unlink (receipt);
      return NULL;
    }
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
  KalonFetch fetch = {
    .session = session != NULL ? session : own,
    .retry_delay = options->retry_delay,
    .func = func != NULL ? on_bytes : NULL,
    .user_data = &report,
  };
  char *path = NULL;

  if (!kalon_models_make_directory (staging, error))
    return NULL;
  fetch.directory = kalon_models_lock_directory (staging, error);
  if (fetch.directory < 0)
    return NULL;
  if (claim (download, staging, error)
      && check_space (download, staging, options->free_space, cancellable, error)
      && fetch_all (download, staging, &fetch, &report, cancellable, error))
    {
      if (func != NULL)
        func (&(KalonDownloadProgress){ NULL, download->size, download->size }, user_data);
      path = download->kind == KALON_OFFER_HEAD
                 ? install_head (download, staging, error)
                 : install_model (download, staging, cancellable, error);
    }
  close (fetch.directory);
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
