/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include "config.h"

#include "aesthetics/kalon-aesthetics.h"
#include "errors/kalon-errors.h"
#include "models/kalon-models-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const struct
{
  const char *name;
  gboolean required;
} model_files[] = {
  { "config.json", TRUE },
  { "model.safetensors", TRUE },
  { "vocab.json", TRUE },
  { "merges.txt", TRUE },
  { "preprocessor_config.json", FALSE },
  { KALON_CALIBRATION_FILE, FALSE },
  { KALON_AESTHETIC_FILE, FALSE },
  { KALON_RECEIPT_FILE, FALSE },
};

/* The name that people know a directory by. The hub's cache keeps models as
 * models--OWNER--NAME/snapshots/COMMIT. */
static char *
dup_default_id (const char *directory)
{
  g_auto (GStrv) parts = g_strsplit (directory, G_DIR_SEPARATOR_S, -1);
  guint n = g_strv_length (parts);

  if (n >= 3 && g_str_equal (parts[n - 2], "snapshots")
      && g_str_has_prefix (parts[n - 3], "models--"))
    return g_strdup (g_strrstr (parts[n - 3], "--") + strlen ("--"));
  return g_path_get_basename (directory);
}

static gboolean
check_files (const char *directory, guint64 *size, GError **error)
{
  *size = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (model_files); i++)
    {
      g_autofree char *path = g_build_filename (directory, model_files[i].name, NULL);
      g_autofree char *torch = NULL;
      GStatBuf status;

      if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode))
        {
          *size += status.st_size;
          continue;
        }
      if (!model_files[i].required)
        continue;
      torch = g_build_filename (directory, "pytorch_model.bin", NULL);
      if (g_str_equal (model_files[i].name, "model.safetensors")
          && g_file_test (torch, G_FILE_TEST_EXISTS))
        g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                     "%s has its weights as pytorch_model.bin only, which may run code when it is "
                     "read. Take the model's safetensors version, or make it with transformers' "
                     "save_pretrained (safe_serialization=True).",
                     directory);
      else
        g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                     "%s has no %s. A Hugging Face CLIPModel directory has config.json, "
                     "model.safetensors, vocab.json and merges.txt.",
                     directory, model_files[i].name);
      return FALSE;
    }
  return TRUE;
}

/* Follows links (the hub's cache is made of them) and leaves the source's permissions behind. */
static gboolean
copy_file (const char *from, const char *to, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  int fd;
  gboolean synced;

  if (!g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, cancellable, NULL, NULL,
                    error))
    return FALSE;
  fd = g_open (to, O_RDONLY | O_CLOEXEC, 0);
  synced = fd >= 0 && fsync (fd) == 0;
  if (!synced)
    kalon_models_set_io_error (error, errno, "Writing", to);
  if (fd >= 0)
    close (fd);
  return synced;
}

static gboolean
copy_model (const char *from, const char *to, const char *hash, GCancellable *cancellable,
            GError **error)
{
  g_autofree char *copy_hash = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (model_files); i++)
    {
      g_autofree char *source = g_build_filename (from, model_files[i].name, NULL);
      g_autofree char *target = g_build_filename (to, model_files[i].name, NULL);

      if (!model_files[i].required && !g_file_test (source, G_FILE_TEST_EXISTS))
        continue;
      if (!copy_file (source, target, cancellable, error))
        return FALSE;
    }
  copy_hash = kalon_model_dup_hash (to, cancellable, error);
  if (copy_hash == NULL)
    return FALSE;
  if (g_strcmp0 (copy_hash, hash) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s changed while it was being copied. Import it again when it is complete.",
                   from);
      return FALSE;
    }
  return TRUE;
}

KalonModel *
kalon_models_import (const char *directory, const char *id, GCancellable *cancellable,
                     GError **error)
{
  g_autofree char *source = NULL;
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *clean = NULL;
  g_autofree char *target = NULL;
  g_autofree char *staging = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (KalonModel) model = NULL;
  guint64 size;

  g_return_val_if_fail (directory != NULL, NULL);

  source = g_canonicalize_filename (directory, NULL);
  if (!g_file_test (source, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s is not a folder. Give the folder that holds the model's config.json.",
                   source);
      return NULL;
    }
  if (id == NULL)
    {
      g_autofree char *name = dup_default_id (source);
      clean = kalon_models_dup_clean_id (name, error);
    }
  else
    clean = kalon_models_dup_clean_id (id, error);
  if (clean == NULL || !kalon_models_check_unused (clean, error)
      || !check_files (source, &size, error))
    return NULL;

  if (!kalon_models_make_directory (user, error)
      || !kalon_models_check_free_space (user, size, NULL, cancellable, error))
    return NULL;
  model = kalon_models_load (source, error);
  if (model == NULL || !kalon_models_verify (model, &hash, cancellable, error))
    return NULL;

  /* Copied beside its place and renamed into it: another process sees all of it or nothing. */
  staging = g_build_filename (user, ".import-XXXXXX", NULL);
  if (g_mkdtemp_full (staging, 0755) == NULL)
    {
      kalon_models_set_io_error (error, errno, "Making", staging);
      return NULL;
    }
  target = g_build_filename (user, clean, NULL);
  if (!copy_model (source, staging, hash, cancellable, error))
    {
      kalon_models_remove_flat_directory (staging, NULL);
      return NULL;
    }
  if (g_rename (staging, target) != 0)
    {
      kalon_models_set_io_error (error, errno, "Making", target);
      kalon_models_remove_flat_directory (staging, NULL);
      return NULL;
    }
  return kalon_models_load (target, error);
}
