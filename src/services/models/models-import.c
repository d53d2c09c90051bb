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

/* Long enough for any name on the hub, short enough for every file system. */
#define MAX_ID 64

/* What a file system needs beside the bytes themselves. */
#define FREE_SPACE_MARGIN (G_GUINT64_CONSTANT (16) << 20)

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
};

static void
set_io_error (GError **error, int number, const char *what, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s %s: %s", what, name,
               g_strerror (number));
}

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

/* An id is a folder name that needs no quoting anywhere. */
static char *
dup_clean_id (const char *id, GError **error)
{
  g_autofree char *canonical
      = g_strcanon (g_strdup (id), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '-');
  g_autofree char *clean = g_strdup (canonical + strspn (canonical, ".-"));

  if (strlen (clean) > MAX_ID)
    clean[MAX_ID] = '\0';
  if (clean[0] == '\0')
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_ARGUMENT,
          "“%s” gives no usable model id. Choose one of letters, digits, “.”, “_” and “-”.", id);
      return NULL;
    }
  return g_steal_pointer (&clean);
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

static gboolean
check_free_space (const char *directory, guint64 size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (directory);
  g_autoptr (GFileInfo) info
      = g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, cancellable, error);
  g_autofree char *need = g_format_size (size);
  g_autofree char *have = NULL;
  guint64 available;

  if (info == NULL)
    return FALSE;
  if (!g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    return TRUE;
  available = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  if (available >= size + FREE_SPACE_MARGIN)
    return TRUE;
  have = g_format_size (available);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "The model needs %s and %s has %s free. Make room there and import it again.", need,
               directory, have);
  return FALSE;
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
    set_io_error (error, errno, "Writing", to);
  if (fd >= 0)
    close (fd);
  return synced;
}

/* Model directories are flat; anything deeper is not ours and stays. */
static gboolean
remove_flat_directory (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_unlink (path) != 0)
        {
          set_io_error (error, errno, "Removing", path);
          return FALSE;
        }
    }
  if (g_rmdir (directory) != 0)
    {
      set_io_error (error, errno, "Removing", directory);
      return FALSE;
    }
  return TRUE;
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

static gboolean
check_unused (const char *id, GError **error)
{
  g_autoptr (GPtrArray) models = kalon_models_list ();

  for (guint i = 0; i < models->len; i++)
    {
      const KalonModel *model = models->pdata[i];

      if (g_str_equal (model->id, id))
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                       "There is a model “%s” already, in %s. Choose another id, or remove that "
                       "one first.",
                       id, model->directory);
          return FALSE;
        }
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
      clean = dup_clean_id (name, error);
    }
  else
    clean = dup_clean_id (id, error);
  if (clean == NULL || !check_unused (clean, error) || !check_files (source, &size, error))
    return NULL;

  if (g_mkdir_with_parents (user, 0755) != 0)
    {
      set_io_error (error, errno, "Making", user);
      return NULL;
    }
  if (!check_free_space (user, size, cancellable, error))
    return NULL;
  model = kalon_models_load (source, error);
  if (model == NULL || !kalon_models_verify (model, &hash, cancellable, error))
    return NULL;

  /* Copied beside its place and renamed into it: another process sees all of it or nothing. */
  staging = g_build_filename (user, ".import-XXXXXX", NULL);
  if (g_mkdtemp_full (staging, 0755) == NULL)
    {
      set_io_error (error, errno, "Making", staging);
      return NULL;
    }
  target = g_build_filename (user, clean, NULL);
  if (!copy_model (source, staging, hash, cancellable, error))
    {
      remove_flat_directory (staging, NULL);
      return NULL;
    }
  if (g_rename (staging, target) != 0)
    {
      set_io_error (error, errno, "Making", target);
      remove_flat_directory (staging, NULL);
      return NULL;
    }
  return kalon_models_load (target, error);
}

gboolean
kalon_models_remove (const char *id, GError **error)
{
  g_autoptr (KalonModel) model = NULL;
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *trash = g_build_filename (user, ".remove-XXXXXX", NULL);
  g_autofree char *inside = NULL;

  g_return_val_if_fail (id != NULL, FALSE);

  model = kalon_models_find (id, error);
  if (model == NULL)
    return FALSE;
  if (!model->removable)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Model “%s” in %s was not imported by you and is not Kalon's to remove. "
                   "Imported ones are in %s.",
                   model->id, model->directory, user);
      return FALSE;
    }
  /* A link in the user's folder is taken away; what it points at is not ours. */
  if (g_file_test (model->directory, G_FILE_TEST_IS_SYMLINK))
    {
      if (g_unlink (model->directory) == 0)
        return TRUE;
      set_io_error (error, errno, "Removing", model->directory);
      return FALSE;
    }
  /* Out of sight first, so that no one finds half a model. */
  if (g_mkdtemp_full (trash, 0755) == NULL)
    {
      set_io_error (error, errno, "Making", trash);
      return FALSE;
    }
  inside = g_build_filename (trash, model->id, NULL);
  if (g_rename (model->directory, inside) != 0)
    {
      set_io_error (error, errno, "Removing", model->directory);
      g_rmdir (trash);
      return FALSE;
    }
  if (!remove_flat_directory (inside, error))
    return FALSE;
  g_rmdir (trash);
  return TRUE;
}
