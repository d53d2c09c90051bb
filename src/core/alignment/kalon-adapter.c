/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-alignment-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"

/* Rows that pass through the device at a time: 8 MB at 512 dimensions. */
#define CHUNK 4096
/* A unit vector in half precision is this near to length 1 and nearer. */
#define LENGTH_TOLERANCE 1e-2

static const char *const kind_names[] = { [KALON_ADAPTER_QUERY] = "query",
                                          [KALON_ADAPTER_IMAGE] = "image",
                                          [KALON_ADAPTER_PROJECTIONS] = "projections" };

gboolean
kalon_adapter_kind_from_name (const char *name, KalonAdapterKind *kind)
{
  g_return_val_if_fail (name != NULL && kind != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (name, kind_names[i]))
      {
        *kind = (KalonAdapterKind) i;
        return TRUE;
      }
  return FALSE;
}

const char *
kalon_adapter_kind_get_name (KalonAdapterKind kind)
{
  g_return_val_if_fail ((gsize) kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

static void
add_part (KalonAdapter *self, const char *name, gsize rows)
{
  self->parts[self->n_parts++] = (KalonAdapterPart){
    .name = name, .rows = rows, .values = g_new0 (float, rows * self->dimension)
  };
}

KalonAdapter *
kalon_adapter_new (KalonAdapterKind kind, const char *model_hash, gsize dimension, gsize rank,
                   guint32 seed)
{
  g_autoptr (KalonAdapter) self = NULL;
  g_autoptr (GRand) random = NULL;
  double largest;

  g_return_val_if_fail ((gsize) kind < G_N_ELEMENTS (kind_names), NULL);
  g_return_val_if_fail (model_hash != NULL, NULL);
  g_return_val_if_fail (dimension >= 1 && dimension <= KALON_ADAPTER_MAX_DIMENSION, NULL);
  g_return_val_if_fail (
      kind != KALON_ADAPTER_QUERY || (rank >= 1 && rank <= KALON_ADAPTER_MAX_RANK), NULL);

  self = g_new0 (KalonAdapter, 1);
  self->kind = kind;
  self->dimension = dimension;
  self->model_hash = g_strdup (model_hash);
  self->name = g_strdup ("");
  self->made_from = g_strdup ("");
  switch (kind)
    {
    case KALON_ADAPTER_QUERY:
      self->rank = rank;
      add_part (self, "query.down", rank);
      add_part (self, "query.up", rank);
      break;
    case KALON_ADAPTER_IMAGE:
      add_part (self, "image.linear", 1);
      return g_steal_pointer (&self);
    case KALON_ADAPTER_PROJECTIONS:
    default:
      add_part (self, "query.change", dimension);
      add_part (self, "image.change", dimension);
      return g_steal_pointer (&self);
    }
  /* Uniform on -largest .. largest has variance largest^2 / 3. */
  largest = sqrt (3.0 / dimension);
  random = g_rand_new_with_seed (seed);
  for (gsize i = 0; i < rank * dimension; i++)
    self->parts[0].values[i] = (float) g_rand_double_range (random, -largest, largest);
  return g_steal_pointer (&self);
}

KalonAdapter *
kalon_adapter_copy (const KalonAdapter *self)
{
  KalonAdapter *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->model_hash = g_strdup (self->model_hash);
  copy->name = g_strdup (self->name);
  copy->made_from = g_strdup (self->made_from);
  for (guint p = 0; p < self->n_parts; p++)
    copy->parts[p].values
        = g_memdup2 (self->parts[p].values, self->parts[p].rows * self->dimension * sizeof (float));
  return copy;
}

void
kalon_adapter_free (KalonAdapter *self)
{
  if (self == NULL)
    return;
  for (guint p = 0; p < self->n_parts; p++)
    g_free (self->parts[p].values);
  g_free (self->model_hash);
  g_free (self->name);
  g_free (self->made_from);
  g_free (self);
}

KalonAdapterKind
kalon_adapter_get_kind (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, KALON_ADAPTER_QUERY);

  return self->kind;
}

gsize
kalon_adapter_get_dimension (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->dimension;
}

gsize
kalon_adapter_get_rank (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rank;
}

const char *
kalon_adapter_get_model_hash (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->model_hash;
}

const char *
kalon_adapter_get_name (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

void
kalon_adapter_set_name (KalonAdapter *self, const char *name)
{
  g_return_if_fail (self != NULL && name != NULL);

  g_free (self->name);
  self->name = g_strdup (name);
}

const char *
kalon_adapter_get_made_from (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->made_from;
}

void
kalon_adapter_set_made_from (KalonAdapter *self, const char *made_from)
{
  g_return_if_fail (self != NULL && made_from != NULL);

  g_free (self->made_from);
  self->made_from = g_strdup (made_from);
}

static gboolean
is_zero (const KalonAdapterPart *part, gsize dimension)
{
  for (gsize i = 0; i < part->rows * dimension; i++)
    if (part->values[i] != 0)
      return FALSE;
  return TRUE;
}

gboolean
kalon_adapter_is_identity (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  if (self->kind == KALON_ADAPTER_PROJECTIONS)
    return is_zero (&self->parts[0], self->dimension) && is_zero (&self->parts[1], self->dimension);
  /* w, or B: with B zero A is of no effect. */
  return is_zero (&self->parts[self->n_parts - 1], self->dimension);
}

static double
inner_product (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

double
kalon_adapter_get_drift (const KalonAdapter *self)
{
  gsize d, rank;
  double sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  d = self->dimension;
  rank = self->rank;
  if (self->kind == KALON_ADAPTER_QUERY)
    {
      /* |A^T B|^2 = trace ((A A^T) (B B^T)): two small matrices instead of [d, d]. */
      const float *a = self->parts[0].values, *b = self->parts[1].values;

      for (gsize i = 0; i < rank; i++)
        for (gsize j = 0; j < rank; j++)
          sum += inner_product (a + i * d, a + j * d, d) * inner_product (b + i * d, b + j * d, d);
    }
  else
    for (guint p = 0; p < self->n_parts; p++)
      sum += inner_product (self->parts[p].values, self->parts[p].values, self->parts[p].rows * d);
  return sqrt (fmax (sum, 0));
}

const float *
kalon_adapter_get_linear_term (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind == KALON_ADAPTER_IMAGE ? self->parts[0].values : NULL;
}

gboolean
kalon_adapter_changes_images (const KalonAdapter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == KALON_ADAPTER_PROJECTIONS && !is_zero (&self->parts[1], self->dimension);
}

void
kalon_adapter_apply_to_queries (const KalonAdapter *self, float *queries, gsize n)
{
  gsize d;
  g_autofree float *changed = NULL;

  g_return_if_fail (self != NULL && queries != NULL);

  /* What changes nothing changes not even a last bit. */
  if (self->kind == KALON_ADAPTER_IMAGE || kalon_adapter_is_identity (self))
    return;
  d = self->dimension;
  changed = g_new (float, d);
  for (gsize q = 0; q < n; q++, queries += d)
    {
      if (self->kind == KALON_ADAPTER_QUERY)
        {
          g_autofree float *down = g_new (float, self->rank);

          for (gsize r = 0; r < self->rank; r++)
            down[r] = (float) inner_product (self->parts[0].values + r * d, queries, d);
          kalon_loops_product (down, self->rank, 1, self->parts[1].values, queries, 1, self->rank,
                               d, changed);
        }
      else
        kalon_loops_product (queries, d, 1, self->parts[0].values, queries, 1, d, d, changed);
      kalon_loops_normalise (changed, 1, d);
      memcpy (queries, changed, d * sizeof *queries);
    }
}

static gboolean
check_lengths (const float *images, gsize n, gsize d, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!(fabs (inner_product (images + i * d, images + i * d, d) - 1) < LENGTH_TOLERANCE))
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                     "The adapter makes no unit vector of a picture's embedding. Train it with a "
                     "lower learning rate, or use another.");
        return FALSE;
      }
  return TRUE;
}

gboolean
kalon_adapter_apply_to_images (const KalonAdapter *self, KalonDevice *device, float *images,
                               gsize n, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonNn) nn = NULL;
  g_autoptr (KalonTensor) change = NULL;
  g_autoptr (KalonTensor) from = NULL;
  g_autoptr (KalonTensor) to = NULL;
  gsize d, shape[2];

  g_return_val_if_fail (self != NULL && (images != NULL || n == 0), FALSE);
  g_return_val_if_fail (device == NULL || KALON_IS_DEVICE (device), FALSE);

  if (!kalon_adapter_changes_images (self) || n == 0)
    return TRUE;
  d = self->dimension;
  nn = kalon_nn_new (device);
  shape[0] = shape[1] = d;
  change = kalon_nn_tensor_new_from_data (nn, 2, shape, self->parts[1].values, error);
  shape[0] = MIN (n, CHUNK);
  from = change != NULL ? kalon_nn_tensor_new (nn, 2, shape, error) : NULL;
  to = from != NULL ? kalon_nn_tensor_new (nn, 2, shape, error) : NULL;
  if (to == NULL)
    return FALSE;
  for (gsize first = 0; first < n; first += CHUNK)
    {
      gsize rows = MIN (CHUNK, n - first);
      float *at = images + first * d;
      const KalonOperand operand = { .tensor = from, .row = d, .step = 1 };

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_tensor_write (from, 0, at, rows * d, error)
          || !kalon_alignment_product (nn, operand, change, from, rows, d, d, to, error)
          || !kalon_nn_normalise (nn, to, rows, d, error)
          || !kalon_tensor_read (to, 0, at, rows * d, error) || !check_lengths (at, rows, d, error))
        return FALSE;
    }
  return TRUE;
}
