/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/models-transfer-private.h"

#include "config.h"

#include "errors/kalon-errors.h"

#include <libsoup/soup.h>

/* Seconds after which a server that says nothing is given up. */
#define SILENCE 60

#define MEGABYTE (G_GUINT64_CONSTANT (1) << 20)
#define MAX_HEAD (64 * MEGABYTE)

/* The limits are far above what a CLIP has, and below what would fill a disk unasked. */
static const struct
{
  const char *name;
  gboolean required;
  guint64 max_size;
} wanted[] = {
  { "config.json", TRUE, 1 * MEGABYTE },
  { "vocab.json", TRUE, 32 * MEGABYTE },
  { "merges.txt", TRUE, 32 * MEGABYTE },
  { "preprocessor_config.json", FALSE, 1 * MEGABYTE },
  { "model.safetensors", TRUE, 16384 * MEGABYTE },
};

void
kalon_download_free (KalonDownload *download)
{
  if (download == NULL)
    return;
  g_free (download->id);
  g_free (download->repository);
  g_free (download->revision);
  g_free (download->commit);
  g_free (download->host);
  g_ptr_array_unref (download->files);
  g_free (download);
}

SoupSession *
kalon_transfer_session_new (void)
{
  return soup_session_new_with_options ("timeout", SILENCE, "user-agent", "kalon/" KALON_VERSION,
                                        NULL);
}

static gboolean
check_size (const KalonAnswer *answer, const char *name, guint64 max_size, GError **error)
{
  if (answer->length < 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_SERVICE,
                   "%s does not say how large %s is. Choose another mirror.", answer->host, name);
      return FALSE;
    }
  if ((guint64) answer->length > max_size)
    {
      g_autofree char *size = g_format_size ((guint64) answer->length);
      g_autofree char *limit = g_format_size (max_size);

      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s on %s has %s; more than %s is no part of a CLIP model.", name, answer->host,
                   size, limit);
      return FALSE;
    }
  return TRUE;
}

/* Takes @answer's hashes. */
static void
add_file (KalonDownload *download, const char *name, GUri *address, KalonAnswer *answer)
{
  KalonRemoteFile *file = g_new0 (KalonRemoteFile, 1);

  file->name = g_strdup (name);
  file->address = g_uri_ref (address);
  file->size = (guint64) answer->length;
  file->sha256 = g_steal_pointer (&answer->sha256);
  file->git_sha1 = g_steal_pointer (&answer->git_sha1);
  download->size += file->size;
  g_ptr_array_add (download->files, file);
}

static gboolean
refuse_missing (const KalonDownload *download, const KalonAnswer *answer, const char *name,
                GError **error)
{
  if (answer->status == SOUP_STATUS_NOT_FOUND && g_str_equal (name, "model.safetensors"))
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
          "%s on %s has no model.safetensors at %s; pytorch_model.bin may run code when it "
          "is read and is not taken. Look for a revision with safetensors among the "
          "repository's pull requests and give it with --revision, or import the model "
          "after converting it.",
          download->repository, download->host, download->revision);
      return FALSE;
    }
  return kalon_request_refuse (answer, name, error);
}

static gboolean
ask_for_model (KalonDownload *download, const KalonFetch *fetch, GUri *hub,
               GCancellable *cancellable, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_auto (KalonAnswer) answer = { 0 };
      /* Once the hub has said which commit it is, all files are of that one. */
      g_autoptr (GUri) address = kalon_address_new_file (
          hub, download->repository,
          download->commit != NULL ? download->commit : download->revision, wanted[i].name);

      if (!kalon_fetch_ask (fetch, wanted[i].name, address, &answer, cancellable, error))
        return FALSE;
      if (answer.status == SOUP_STATUS_NOT_FOUND && !wanted[i].required)
        continue;
      if (answer.status != SOUP_STATUS_OK)
        return refuse_missing (download, &answer, wanted[i].name, error);
      if (!check_size (&answer, wanted[i].name, wanted[i].max_size, error))
        return FALSE;
      if (download->commit == NULL && answer.commit != NULL)
        {
          g_clear_pointer (&address, g_uri_unref);
          address
              = kalon_address_new_file (hub, download->repository, answer.commit, wanted[i].name);
          download->commit = g_steal_pointer (&answer.commit);
        }
      add_file (download, wanted[i].name, address, &answer);
    }
  return TRUE;
}

static gboolean
ask_for_head (KalonDownload *download, const KalonFetch *fetch, GUri *address,
              GCancellable *cancellable, GError **error)
{
  g_auto (KalonAnswer) answer = { 0 };
  g_autofree char *name = g_strconcat (
      download->id,
      g_str_has_suffix (g_uri_get_path (address), ".safetensors") ? ".safetensors" : ".pth", NULL);

  if (!kalon_fetch_ask (fetch, name, address, &answer, cancellable, error))
    return FALSE;
  if (answer.status != SOUP_STATUS_OK)
    return kalon_request_refuse (&answer, name, error);
  if (!check_size (&answer, name, MAX_HEAD, error))
    return FALSE;
  if (download->offer->sha256 != NULL)
    {
      g_free (answer.sha256);
      answer.sha256 = g_strdup (download->offer->sha256);
    }
  add_file (download, name, address, &answer);
  return TRUE;
}

/* A head is stamped with the very model that it is for, so that one must be here. */
static gboolean
check_encoder (const KalonDownload *download, GError **error)
{
  const char *id = download->offer->encoder;
  g_autoptr (KalonModel) model = kalon_models_find (id, NULL);

  if (model != NULL && model->config.projection == download->offer->dimension)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The aesthetic head “%s” is for the embeddings of “%s”, which is not among your "
               "models. Download or import that one first, with --id %s.",
               download->id, id, id);
  return FALSE;
}

static gboolean
check_new (const KalonDownload *download, GError **error)
{
  g_autofree char *head = NULL;

  if (download->kind == KALON_OFFER_MODEL)
    return kalon_models_check_unused (download->id, error);
  head = kalon_models_dup_head (download->id);
  if (head == NULL)
    return check_encoder (download, error);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The aesthetic head “%s” is there already: %s. Remove it first to download it anew.",
               download->id, head);
  return FALSE;
}

/* @repository or @offer's address is where it is. Takes @id. */
static KalonDownload *
prepare (char *id, const KalonOffer *offer, const char *repository, const char *revision,
         const KalonDownloadOptions *options, SoupSession *session, GCancellable *cancellable,
         GError **error)
{
  g_autoptr (KalonDownload) download = g_new0 (KalonDownload, 1);
  g_autoptr (SoupSession) own = session == NULL ? kalon_transfer_session_new () : NULL;
  KalonFetch fetch
      = { .session = session != NULL ? session : own, .retry_delay = options->retry_delay };
  g_autoptr (GUri) address = NULL;
  g_autofree char *staging = NULL;
  gboolean asked;

  download->id = id;
  download->offer = offer;
  download->kind = offer != NULL ? offer->kind : KALON_OFFER_MODEL;
  download->repository = g_strdup (repository);
  download->revision = g_strdup (revision);
  download->files = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_remote_file_free);
  if (!check_new (download, error))
    return NULL;
  address = repository != NULL ? kalon_address_new_hub (error)
                               : kalon_address_parse (offer->address, error);
  if (address == NULL)
    return NULL;
  download->host = g_strdup (g_uri_get_host (address));
  asked = repository != NULL ? ask_for_model (download, &fetch, address, cancellable, error)
                             : ask_for_head (download, &fetch, address, cancellable, error);
  if (!asked)
    return NULL;
  staging = kalon_models_dup_staging (download->kind, download->id);
  download->present = kalon_fetch_get_all_present (staging, download);
  return g_steal_pointer (&download);
}

KalonDownload *
kalon_models_prepare_offer (const KalonOffer *offer, const KalonDownloadOptions *options,
                            SoupSession *session, GCancellable *cancellable, GError **error)
{
  return prepare (g_strdup (offer->id), offer, offer->repository, offer->revision, options, session,
                  cancellable, error);
}

KalonDownload *
kalon_models_prepare_with (const char *what, const char *revision,
                           const KalonDownloadOptions *options, SoupSession *session,
                           GCancellable *cancellable, GError **error)
{
  const KalonOffer *offer = kalon_models_find_offer (what);
  char *id;

  if (revision != NULL && offer != NULL && offer->repository == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "“%s” is one fixed file and has no revisions.", what);
      return NULL;
    }
  if (offer != NULL && revision == NULL)
    return kalon_models_prepare_offer (offer, options, session, cancellable, error);
  if (offer == NULL && !kalon_address_check_repository (what, error))
    return NULL;
  if (revision != NULL && !kalon_address_check_revision (revision, error))
    return NULL;
  id = offer != NULL ? g_strdup (offer->id)
                     : kalon_models_dup_clean_id (strchr (what, '/') + 1, error);
  if (id == NULL)
    return NULL;
  return prepare (id, offer, offer != NULL ? offer->repository : what,
                  revision != NULL ? revision : "main", options, session, cancellable, error);
}

KalonDownload *
kalon_models_prepare_download (const char *what, const char *revision, SoupSession *session,
                               GCancellable *cancellable, GError **error)
{
  const KalonDownloadOptions options = { .retry_delay = KALON_RETRY_DELAY };

  g_return_val_if_fail (what != NULL, NULL);

  return kalon_models_prepare_with (what, revision, &options, session, cancellable, error);
}
