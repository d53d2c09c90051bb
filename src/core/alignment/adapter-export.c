/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An adapter back into a model: W' = (I + T^T) W. */
#include "alignment/kalon-alignment-private.h"

#include <string.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

#define WEIGHTS "model.safetensors"
/* What services/models wrote of a download: it tells of weights that are others now. */
#define RECEIPT "download.json"

/* (I + change^T) W of the tensor @name of @file, [d, width]; @width is found out. */
static float *
project (const KalonSafetensors *file, const char *name, const float *change, gsize d, gsize *width,
         GError **error)
{
  const gsize any[] = { d, 0 };
  gsize shape[2];
  g_autofree float *weight = kalon_safetensors_dup_f32 (file, name, 2, any, error);
  float *changed;

  if (weight == NULL)
    return NULL;
  kalon_safetensors_get_shape (file, name, 2, shape);
  *width = shape[1];
  changed = g_new (float, d **width);
  kalon_loops_product (change, 1, d, weight, weight, d, d, *width, changed);
  return changed;
}

/* T: [d, d] of the text tower. */
static float *
dup_query_change (const KalonAdapter *self)
{
  gsize d = self->dimension;
  float *change;

  if (self->kind == KALON_ADAPTER_PROJECTIONS)
    return g_memdup2 (self->parts[0].values, d * d * sizeof *change);
  change = g_new (float, d *d);
  kalon_loops_product (self->parts[0].values, 1, d, self->parts[1].values, NULL, d, self->rank, d,
                       change);
  return change;
}

static gboolean
write_weights (const KalonAdapter *self, const char *from, const char *to,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonSafetensors) file = kalon_safetensors_open (from, error);
  g_autofree float *query_change = NULL;
  g_autofree float *text = NULL;
  g_autofree float *image = NULL;
  KalonSafetensorsTensor tensors[2] = { { .name = "text_projection.weight", .n_dims = 2 },
                                        { .name = "visual_projection.weight", .n_dims = 2 } };
  gsize n = kalon_adapter_changes_images (self) ? 2 : 1;

  if (file == NULL)
    return FALSE;
  query_change = dup_query_change (self);
  text
      = project (file, tensors[0].name, query_change, self->dimension, &tensors[0].shape[1], error);
  if (text == NULL)
    return FALSE;
  if (n == 2)
    {
      image = project (file, tensors[1].name, self->parts[1].values, self->dimension,
                       &tensors[1].shape[1], error);
      if (image == NULL)
        return FALSE;
    }
  tensors[0].values = text;
  tensors[1].values = image;
  tensors[0].shape[0] = tensors[1].shape[0] = self->dimension;
  return kalon_safetensors_save_changed (file, tensors, n, to, cancellable, error);
}

static gboolean
copy_files (const KalonAdapter *self, const char *model_directory, const char *out_directory,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (GDir) directory = g_dir_open (model_directory, 0, error);
  const char *name;

  if (directory == NULL)
    return FALSE;
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *from = g_build_filename (model_directory, name, NULL);
      g_autofree char *to = g_build_filename (out_directory, name, NULL);
      g_autoptr (GFile) source = g_file_new_for_path (from);
      g_autoptr (GFile) target = g_file_new_for_path (to);

      /* Only files: a model has no folders that it needs, and a pipe would wait for its writer. */
      if (!g_file_test (from, G_FILE_TEST_IS_REGULAR) || g_str_equal (name, RECEIPT))
        continue;
      if (g_str_equal (name, WEIGHTS))
        {
          if (!write_weights (self, from, to, cancellable, error))
            return FALSE;
        }
      else if (!g_file_copy (source, target, G_FILE_COPY_NONE, cancellable, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* What a failure left behind. */
static void
remove_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
}

gboolean
kalon_adapter_export_model (const KalonAdapter *self, const char *model_directory,
                            const char *out_directory, GCancellable *cancellable, GError **error)
{
  g_autofree char *hash = NULL;

  g_return_val_if_fail (self != NULL && model_directory != NULL && out_directory != NULL, FALSE);

  if (self->kind == KALON_ADAPTER_IMAGE)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "An image adapter adds to the score and not to a projection, so no model can "
                   "hold it. Train one of the kind “query” or “projections”.");
      return FALSE;
    }
  hash = kalon_model_dup_hash (model_directory, cancellable, error);
  if (hash == NULL)
    return FALSE;
  if (!g_str_equal (hash, self->model_hash))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The adapter belongs to the model %.12s…, and %s is %.12s…. Choose that model.",
                   self->model_hash, model_directory, hash);
      return FALSE;
    }
  if (g_mkdir (out_directory, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "%s could not be made: %s. Choose a name that is not taken, in a folder that "
                   "may be written to.",
                   out_directory, g_strerror (code));
      return FALSE;
    }
  if (copy_files (self, model_directory, out_directory, cancellable, error))
    return TRUE;
  remove_files (out_directory);
  return FALSE;
}
