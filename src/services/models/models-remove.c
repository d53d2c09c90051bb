/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What an unfinished download left. @removed: set when there was something */
static gboolean
remove_staging (KalonOfferKind kind, const char *id, gboolean *removed, GError **error)
{
  g_autofree char *staging = kalon_models_dup_staging (kind, id);
  gboolean done;
  int lock;

  if (!g_file_test (staging, G_FILE_TEST_IS_DIR))
    return TRUE;
  lock = kalon_models_lock_directory (staging, error);
  if (lock < 0)
    return FALSE;
  done = kalon_models_remove_flat_directory (staging, error);
  close (lock);
  *removed = *removed || done;
  return done;
}

static gboolean
remove_head (const char *id, gboolean *removed, GError **error)
{
  g_autofree char *heads = kalon_models_dup_heads_directory ();
  g_autofree char *receipt_name = g_strconcat (id, ".", KALON_RECEIPT_FILE, NULL);
  g_autofree char *receipt = g_build_filename (heads, receipt_name, NULL);
  g_autofree char *head = kalon_models_dup_head (id);

  if (head == NULL)
    return TRUE;
  if (g_unlink (head) != 0)
    {
      kalon_models_set_io_error (error, errno, "Removing", head);
      return FALSE;
    }
  g_unlink (receipt);
  *removed = TRUE;
  return TRUE;
}

/* Only what Kalon puts there is Kalon's to remove. */
static gboolean
check_flat (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                       "%s is a folder that is no part of a model. Move it away, or remove %s "
                       "yourself.",
                       path, directory);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
remove_model (const KalonModel *model, GError **error)
{
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *trash = g_build_filename (user, ".remove-XXXXXX", NULL);
  g_autofree char *inside = NULL;

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
      kalon_models_set_io_error (error, errno, "Removing", model->directory);
      return FALSE;
    }
  if (!check_flat (model->directory, error))
    return FALSE;
  /* Out of sight first, so that no one finds half a model. */
  if (g_mkdtemp_full (trash, 0755) == NULL)
    {
      kalon_models_set_io_error (error, errno, "Making", trash);
      return FALSE;
    }
  inside = g_build_filename (trash, model->id, NULL);
  if (g_rename (model->directory, inside) != 0)
    {
      kalon_models_set_io_error (error, errno, "Removing", model->directory);
      g_rmdir (trash);
      return FALSE;
    }
  if (!kalon_models_remove_flat_directory (inside, error))
    return FALSE;
  g_rmdir (trash);
  return TRUE;
}

gboolean
kalon_models_remove (const char *id, GError **error)
{
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) not_found = NULL;
  gboolean removed = FALSE;

  g_return_val_if_fail (id != NULL, FALSE);

  /* Only models may be given as paths. */
  if (strchr (id, G_DIR_SEPARATOR) == NULL
      && (!remove_staging (KALON_OFFER_MODEL, id, &removed, error)
          || !remove_staging (KALON_OFFER_HEAD, id, &removed, error)
          || !remove_head (id, &removed, error)))
    return FALSE;
  model = kalon_models_find (id, &not_found);
  if (removed && (model == NULL || !model->removable))
    return TRUE;
  if (model == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&not_found));
      return FALSE;
    }
  return remove_model (model, error);
}
