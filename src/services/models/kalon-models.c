/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models.h"

#include "config.h"

#include "aesthetics/kalon-aesthetics.h"
#include "encoder/kalon-encoder.h"
#include "errors/kalon-errors.h"
#include "models/kalon-models-private.h"

#include <glib/gstdio.h>
#include <math.h>

void
kalon_model_free (KalonModel *model)
{
  if (model == NULL)
    return;
  g_free (model->id);
  g_free (model->directory);
  kalon_calibration_free (model->calibration);
  g_free (model);
}

/* (transfer full): folders that hold model directories; an id in an earlier one hides a later. */
static GPtrArray *
dup_roots (void)
{
  GPtrArray *roots = g_ptr_array_new_with_free_func (g_free);
  const char *path = g_getenv ("KALON_MODELS_PATH");

  if (path != NULL)
    {
      g_auto (GStrv) parts = g_strsplit (path, G_SEARCHPATH_SEPARATOR_S, -1);

      for (gsize i = 0; parts[i] != NULL; i++)
        if (parts[i][0] != '\0')
          g_ptr_array_add (roots, g_strdup (parts[i]));
    }
  g_ptr_array_add (roots, kalon_models_dup_user_directory ());
  g_ptr_array_add (roots, g_strdup (KALON_MODELS_DIR));
  g_ptr_array_add (roots, g_strdup (KALON_SOURCE_MODELS_DIR));
  return roots;
}

static guint64
sum_file_sizes (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint64 size = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      GStatBuf status;

      if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode))
        size += status.st_size;
    }
  return size;
}

KalonModel *
kalon_models_load (const char *directory, GError **error)
{
  g_autoptr (KalonModel) model = g_new0 (KalonModel, 1);
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *parent = NULL;

  model->directory = g_canonicalize_filename (directory, NULL);
  model->id = g_path_get_basename (model->directory);
  parent = g_path_get_dirname (model->directory);
  model->removable = g_str_equal (parent, user);
  if (!kalon_model_config_load (model->directory, &model->config, error))
    return NULL;
  model->calibration = kalon_calibration_load (model->directory, error);
  if (model->calibration == NULL)
    return NULL;
  model->size = sum_file_sizes (model->directory);
  return g_steal_pointer (&model);
}

static int
compare_models (gconstpointer a, gconstpointer b)
{
  const KalonModel *const *left = a;
  const KalonModel *const *right = b;

  return strcmp ((*left)->id, (*right)->id);
}

GPtrArray *
kalon_models_list (void)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_model_free);
  g_autoptr (GPtrArray) roots = dup_roots ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < roots->len; i++)
    {
      g_autoptr (GDir) dir = g_dir_open (roots->pdata[i], 0, NULL);
      const char *name;

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *directory = g_build_filename (roots->pdata[i], name, NULL);
          g_autoptr (GError) error = NULL;
          KalonModel *model;

          /* Names with a dot in front are imports on their way in or removals on their way out. */
          if (name[0] == '.' || !g_file_test (directory, G_FILE_TEST_IS_DIR)
              || !g_hash_table_add (seen, g_strdup (name)))
            continue;
          model = kalon_models_load (directory, &error);
          if (model != NULL)
            g_ptr_array_add (models, model);
          else
            g_message ("Model %s is left out: %s", directory, error->message);
        }
    }
  g_ptr_array_sort (models, compare_models);
  return models;
}

static char *
dup_installed_ids (void)
{
  g_autoptr (GPtrArray) models = kalon_models_list ();
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < models->len; i++)
    g_string_append_printf (ids, "%s%s", i == 0 ? "" : ", ", ((KalonModel *) models->pdata[i])->id);
  return g_string_free (ids, FALSE);
}

/* (transfer full) (nullable): where the model @id is. */
static char *
dup_directory (const char *id)
{
  g_autoptr (GPtrArray) roots = dup_roots ();

  for (guint i = 0; i < roots->len && id[0] != '\0' && id[0] != '.'; i++)
    {
      g_autofree char *directory = g_build_filename (roots->pdata[i], id, NULL);

      if (g_file_test (directory, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&directory);
    }
  return NULL;
}

gboolean
kalon_models_has (const KalonOffer *offer)
{
  g_autofree char *path = offer->kind == KALON_OFFER_HEAD ? kalon_models_dup_head (offer->id)
                                                          : dup_directory (offer->id);

  return path != NULL;
}

KalonModel *
kalon_models_find (const char *id, GError **error)
{
  g_autofree char *directory = NULL;
  g_autofree char *ids = NULL;

  if (id == NULL)
    id = KALON_MODEL_STARTER;
  if (strchr (id, G_DIR_SEPARATOR) != NULL)
    return kalon_models_load (id, error);
  directory = dup_directory (id);
  if (directory != NULL)
    return kalon_models_load (directory, error);

  ids = dup_installed_ids ();
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "There is no model “%s”. Installed: %s. Name one of these, or give the path of a "
               "model directory with a “/” in it.",
               id, ids[0] != '\0' ? ids : "none");
  return NULL;
}

gboolean
kalon_models_verify (const KalonModel *model, char **hash, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (KalonEncoder) encoder = NULL;
  g_autofree float *pixels = NULL;
  g_autofree float *embedding = NULL;
  g_autoptr (KalonAestheticHead) head = NULL;
  const char *text = "a photo of a lake at dawn";
  gsize resolution, n_pixels;

  g_return_val_if_fail (model != NULL, FALSE);

  if (!kalon_receipt_check (model->directory, cancellable, error))
    return FALSE;
  encoder = kalon_encoder_new (model->directory, NULL, cancellable, error);
  if (encoder == NULL)
    return FALSE;

  resolution = kalon_encoder_get_config (encoder)->resolution;
  n_pixels = 3 * resolution * resolution;
  pixels = g_new (float, n_pixels);
  for (gsize i = 0; i < n_pixels; i++)
    pixels[i] = sinf (0.05f * i);

  /* The encoder itself refuses to return anything that is not finite and of unit length. */
  embedding = g_new (float, kalon_encoder_get_dimension (encoder));
  if (!kalon_encoder_encode_texts (encoder, &text, 1, embedding, NULL, cancellable, error)
      || !kalon_encoder_encode_pixels (encoder, pixels, 1, embedding, cancellable, error)
      || !kalon_aesthetic_head_load_for_model (model->directory,
                                               kalon_encoder_get_dimension (encoder), &head, error))
    return FALSE;
  if (hash != NULL)
    *hash = g_strdup (kalon_encoder_get_model_hash (encoder));
  return TRUE;
}
