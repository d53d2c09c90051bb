/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encoder/kalon-loader-private.h"

#include "errors/kalon-errors.h"

void
kalon_norm_clear (KalonNorm *norm)
{
  g_clear_pointer (&norm->gamma, kalon_tensor_unref);
  g_clear_pointer (&norm->beta, kalon_tensor_unref);
}

gboolean
kalon_loader_read_tensor (const KalonLoader *self, const char *name, gsize rows, gsize columns,
                          KalonTensor **tensor, GError **error)
{
  gsize both[] = { rows, columns };
  guint n_dims = rows > 0 ? 2 : 1;
  const gsize *shape = rows > 0 ? both : both + 1;
  g_autofree float *values = NULL;

  if (self->nn == NULL)
    return kalon_safetensors_check (self->file, name, n_dims, shape, NULL, error);
  values = kalon_safetensors_dup_f32 (self->file, name, n_dims, shape, error);
  if (values == NULL)
    return FALSE;
  *tensor = kalon_nn_tensor_new_from_data (self->nn, n_dims, shape, values, error);
  return *tensor != NULL;
}

gboolean
kalon_loader_read_norm (const KalonLoader *self, const char *name, gsize dim, KalonNorm *norm,
                        GError **error)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  g_autofree char *bias = g_strconcat (name, ".bias", NULL);

  return kalon_loader_read_tensor (self, weight, 0, dim, &norm->gamma, error)
         && kalon_loader_read_tensor (self, bias, 0, dim, &norm->beta, error);
}

static float *
allocate (gsize rows, gsize columns, GError **error)
{
  gsize count;
  float *values = NULL;

  if (g_size_checked_mul (&count, rows, columns))
    values = g_try_new (float, count);
  if (values == NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                 "There is no memory for a matrix of %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT
                 "; choose a smaller model.",
                 rows, columns);
  return values;
}

/* NAME.SUFFIX of each of @names, @count values each, into @values one after the other (%NULL: only
 * check). @is_half stays %TRUE when all are stored in f16. */
static gboolean
read_parts (const KalonLoader *self, const char *const *names, const char *suffix, guint n_dims,
            const gsize *shape, float *values, gboolean *is_half, GError **error)
{
  gsize count = n_dims == 2 ? shape[0] * shape[1] : shape[0];

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (names[i], suffix, NULL);
      KalonDtype dtype;

      if (!kalon_safetensors_check (self->file, name, n_dims, shape, &dtype, error)
          || (values != NULL
              && !kalon_safetensors_read_f32 (self->file, name, 0, count, values + i * count,
                                              error)))
        return FALSE;
      *is_half &= dtype == KALON_DTYPE_F16;
    }
  return TRUE;
}

gboolean
kalon_loader_read_linear (const KalonLoader *self, const char *const *names, gsize out, gsize in,
                          gboolean has_bias, KalonLinear **linear, GError **error)
{
  gsize shape[] = { out, in };
  gsize n = g_strv_length ((char **) names);
  gboolean is_half = TRUE, is_bias_half = TRUE;
  g_autofree float *weight = NULL;
  g_autofree float *bias = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->nn != NULL)
    {
      weight = allocate (n * out, in, error);
      bias = has_bias && weight != NULL ? allocate (n * out, 1, error) : NULL;
      if (weight == NULL || (has_bias && bias == NULL))
        return FALSE;
    }
  if (!read_parts (self, names, ".weight", 2, shape, weight, &is_half, error)
      || (has_bias && !read_parts (self, names, ".bias", 1, shape, bias, &is_bias_half, error)))
    return FALSE;
  if (self->nn == NULL)
    return TRUE;
  *linear = kalon_nn_linear_new (self->nn, weight, bias, n * out, in,
                                 is_half ? KALON_DTYPE_F16 : KALON_DTYPE_F32, error);
  return *linear != NULL;
}

gboolean
kalon_loader_read_patches (const KalonLoader *self, const char *name, gsize out, gsize patch,
                           KalonLinear **linear, GError **error)
{
  g_autofree char *weight = g_strconcat (name, ".weight", NULL);
  gsize shape[] = { out, 3, patch, patch };
  g_autofree float *values = NULL;
  KalonDtype dtype;

  if (!kalon_safetensors_check (self->file, weight, 4, shape, &dtype, error))
    return FALSE;
  if (self->nn == NULL)
    return TRUE;
  values = kalon_safetensors_dup_f32 (self->file, weight, 4, shape, error);
  if (values == NULL)
    return FALSE;
  *linear
      = kalon_nn_linear_new (self->nn, values, NULL, out, 3 * patch * patch,
                             dtype == KALON_DTYPE_F16 ? KALON_DTYPE_F16 : KALON_DTYPE_F32, error);
  return *linear != NULL;
}
