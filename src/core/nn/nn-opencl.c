/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operations on an OpenCL device: arguments, build options and work sizes of the kernels.
 * What each kernel does, and with which work size, stands in its kernels/NAME.cl.
 */
#include <math.h>

#include "errors/kalon-errors.h"
#include "nn/kalon-nn-private.h"

#define GROUP_TILE 64 /* rows of linear_group and score_group */
#define GROUP_SIDE 16
#define SCORE_BLOCK 64 /* rows of score_tile */
#define MAX_QUERY_TILE 4
#define MAX_ATTENTION_QUERIES 32
#define CHUNK 64 /* scores of top_k's chunks */

static gsize
divide_up (gsize n, gsize by)
{
  return (n + by - 1) / by;
}

char *
kalon_nn_dup_options (KalonNn *self, const char *format, ...)
{
  g_autofree char *specific = NULL;
  va_list args;

  va_start (args, format);
  specific = g_strdup_vprintf (format, args);
  va_end (args);
  return g_strdup_printf ("-DGROUP=%d -DVEC=%u -DLANES=%u%s", self->group, self->vec, self->lanes,
                          specific);
}

gboolean
kalon_nn_run_rows (KalonNn *self, const char *program, const char *kernel,
                   const KalonKernelArg *args, guint n_args, gsize rows, GError **error)
{
  const gsize global[] = { self->lanes, rows }, local[] = { self->lanes, 1 };
  g_autofree char *options = kalon_nn_dup_options (self, "%s", "");

  return kalon_device_run (self->device, program, kernel, options, args, n_args, 2, global, local,
                           error);
}

/* A kernel of @n_dims dimensions: work-groups of one, or of GROUP_SIDE x GROUP_SIDE. */
static gboolean
run_tiles (KalonNn *self, const char *program, const char *kernel, const char *options,
           const KalonKernelArg *args, guint n_args, guint n_dims, const gsize *tiles,
           GError **error)
{
  gsize side = self->group ? GROUP_SIDE : 1;
  gsize global[3], local[3];

  for (guint i = 0; i < n_dims; i++)
    {
      local[i] = i < 2 ? side : 1;
      global[i] = tiles[i] * local[i];
    }
  return kalon_device_run (self->device, program, kernel, options, args, n_args, n_dims, global,
                           local, error);
}

/* Rows of a register tile of vectors, two of which make a panel. */
static guint
tile_rows (KalonNn *self, gsize in)
{
  if (self->vec == 4)
    return 4; /* 8 of 16 registers: SSE needs one more for each product */
  if (self->vec == 8)
    return 6; /* 12 of AVX2's 16 */
  /* 24 of AVX-512's 32; but rows that lie a multiple of 4096 bytes apart share one set of the
   * first-level cache, which commonly holds 8 lines. */
  return in % 1024 == 0 ? 8 : 12;
}

static gboolean
linear (KalonNn *self, const KalonLinear *layer, const KalonTensor *x, gsize rows,
        KalonActivation activation, const KalonTensor *residual, gsize residual_rows,
        KalonTensor *y, GError **error)
{
  const gint32 n_rows = rows, in = layer->in, out = layer->out, n_residual = residual_rows;
  gsize panels = divide_up (layer->out, layer->panel);
  guint height = tile_rows (self, layer->in);
  const gsize tiles[] = { divide_up (rows, height), panels };
  const gsize group_tiles[] = { panels, divide_up (rows, GROUP_TILE) };
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (x->buffer),
    KALON_ARG_BUFFER (layer->weight->buffer),
    KALON_ARG_BUFFER (layer->bias->buffer),
    KALON_ARG_BUFFER (residual != NULL ? residual->buffer : layer->bias->buffer),
    KALON_ARG_BUFFER (y->buffer),
    KALON_ARG_VALUE (n_rows),
    KALON_ARG_VALUE (in),
    KALON_ARG_VALUE (out),
    KALON_ARG_VALUE (n_residual),
  };
  g_autofree char *shape
      = self->group ? g_strdup ("") : g_strdup_printf (" -DTILE_ROWS=%u", height);
  g_autofree char *options = kalon_nn_dup_options (
      self, " -DPANEL=%d -DACTIVATION=%d -DRESIDUAL=%d%s%s", (int) layer->panel, activation,
      residual != NULL, layer->weight->dtype == KALON_DTYPE_F16 ? " -DWEIGHT_HALF" : "", shape);

  return run_tiles (self, "linear", self->group ? "linear_group" : "linear_tile", options, args,
                    G_N_ELEMENTS (args), 2, self->group ? group_tiles : tiles, error);
}

static gboolean
layer_norm (KalonNn *self, const KalonTensor *x, const KalonTensor *gamma, const KalonTensor *beta,
            gsize rows, gsize dim, float epsilon, KalonTensor *y, GError **error)
{
  const gint32 n = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (x->buffer),
    KALON_ARG_BUFFER (gamma->buffer),
    KALON_ARG_BUFFER (beta->buffer),
    KALON_ARG_BUFFER (y->buffer),
    KALON_ARG_VALUE (n),
    KALON_ARG_VALUE (epsilon),
  };

  return kalon_nn_run_rows (self, "layer_norm", "layer_norm", args, G_N_ELEMENTS (args), rows,
                            error);
}

static gboolean
softmax (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  const gint32 n = dim;
  const KalonKernelArg args[] = { KALON_ARG_BUFFER (x->buffer), KALON_ARG_VALUE (n) };

  return kalon_nn_run_rows (self, "softmax", "softmax", args, G_N_ELEMENTS (args), rows, error);
}

/* The largest number up to @limit that divides @n. */
static guint
largest_divisor (gsize n, guint limit)
{
  while (n % limit != 0)
    limit--;
  return limit;
}

static gboolean
attention_tile (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
                gsize head_dim, gboolean causal, KalonTensor *out, GError **error)
{
  const gint32 n_heads = heads;
  const float scale = 1.0f / sqrtf (head_dim);
  /* As many positions as share the work of transposing the keys, in parts of equal size. */
  gsize queries = divide_up (length, divide_up (length, MAX_ATTENTION_QUERIES));
  const gsize tiles[] = { divide_up (length, queries), heads, batch };
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (qkv->buffer),
    KALON_ARG_BUFFER (out->buffer),
    KALON_ARG_VALUE (n_heads),
    KALON_ARG_VALUE (scale),
  };
  guint value_vec = self->vec;
  g_autofree char *options = NULL;

  while (head_dim % value_vec != 0)
    value_vec /= 2;
  options
      = kalon_nn_dup_options (self,
                              " -DHEAD_DIM=%d -DCAUSAL=%d -DLENGTH=%d -DQUERIES=%d -DVALUE_VEC=%u"
                              " -DVALUE_BLOCK=%u",
                              (int) head_dim, !!causal, (int) length, (int) queries, value_vec,
                              largest_divisor (head_dim / value_vec, self->vec == 16 ? 6 : 2));
  return run_tiles (self, "attention", "attention_tile", options, args, G_N_ELEMENTS (args), 3,
                    tiles, error);
}

static gboolean
attention_group (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
                 gsize head_dim, gboolean causal, KalonTensor *out, GError **error)
{
  const gint32 n = length, n_heads = heads;
  const float scale = 1.0f / sqrtf (head_dim);
  const gsize global[] = { divide_up (length, GROUP_SIDE) * GROUP_SIDE, heads * GROUP_SIDE, batch };
  const gsize local[] = { GROUP_SIDE, GROUP_SIDE, 1 };
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (qkv->buffer), KALON_ARG_BUFFER (out->buffer), KALON_ARG_VALUE (n),
    KALON_ARG_VALUE (n_heads),      KALON_ARG_VALUE (scale),
  };
  g_autofree char *options
      = kalon_nn_dup_options (self, " -DHEAD_DIM=%d -DCAUSAL=%d", (int) head_dim, !!causal);

  return kalon_device_run (self->device, "attention", "attention_group", options, args,
                           G_N_ELEMENTS (args), 3, global, local, error);
}

static gboolean
attention (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
           gsize head_dim, gboolean causal, KalonTensor *out, GError **error)
{
  return (self->group ? attention_group : attention_tile) (self, qkv, batch, length, heads,
                                                           head_dim, causal, out, error);
}

static gboolean
extract_patches (KalonNn *self, const KalonTensor *pixels, gsize batch, gsize resolution,
                 gsize patch, KalonTensor *patches, GError **error)
{
  const gint32 side = resolution, patch_side = patch;
  gsize grid = resolution / patch;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (pixels->buffer),
    KALON_ARG_BUFFER (patches->buffer),
    KALON_ARG_VALUE (side),
    KALON_ARG_VALUE (patch_side),
  };

  return kalon_nn_run_rows (self, "patch_embedding", "extract_patches", args, G_N_ELEMENTS (args),
                            batch * (1 + grid * grid), error);
}

static gboolean
add_to_rows (KalonNn *self, KalonTensor *x, const KalonTensor *row, gsize rows, gsize stride,
             gsize dim, GError **error)
{
  const gint32 step = stride, n = dim;
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (x->buffer),
    KALON_ARG_BUFFER (row->buffer),
    KALON_ARG_VALUE (step),
    KALON_ARG_VALUE (n),
  };

  return kalon_nn_run_rows (self, "patch_embedding", "add_to_rows", args, G_N_ELEMENTS (args), rows,
                            error);
}

static gboolean
token_embedding (KalonNn *self, const gint32 *tokens, const KalonTensor *table,
                 const KalonTensor *position_embedding, gsize batch, gsize length, gsize width,
                 KalonTensor *out, GError **error)
{
  const gint32 n = length, dim = width;
  g_autoptr (KalonBuffer) sent
      = kalon_buffer_new_from_data (self->device, tokens, batch * length * sizeof *tokens, error);

  if (sent == NULL)
    return FALSE;

  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (sent),
    KALON_ARG_BUFFER (table->buffer),
    KALON_ARG_BUFFER (position_embedding->buffer),
    KALON_ARG_BUFFER (out->buffer),
    KALON_ARG_VALUE (n),
    KALON_ARG_VALUE (dim),
  };

  return kalon_nn_run_rows (self, "token_embedding", "token_embedding", args, G_N_ELEMENTS (args),
                            batch * length, error);
}

static gboolean
gather_rows (KalonNn *self, const KalonTensor *x, const guint32 *rows, gsize n, gsize dim,
             KalonTensor *y, GError **error)
{
  const gint32 columns = dim;
  g_autoptr (KalonBuffer) sent
      = kalon_buffer_new_from_data (self->device, rows, n * sizeof *rows, error);

  if (sent == NULL)
    return FALSE;

  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (x->buffer),
    KALON_ARG_BUFFER (sent),
    KALON_ARG_BUFFER (y->buffer),
    KALON_ARG_VALUE (columns),
  };

  return kalon_nn_run_rows (self, "gather_rows", "gather_rows", args, G_N_ELEMENTS (args), n,
                            error);
}

static gboolean
normalise (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  const gint32 n = dim;
  const KalonKernelArg args[] = { KALON_ARG_BUFFER (x->buffer), KALON_ARG_VALUE (n) };

  return kalon_nn_run_rows (self, "normalise", "normalise", args, G_N_ELEMENTS (args), rows, error);
}

static gboolean
score (KalonNn *self, const KalonTensor *queries, gsize n_queries, const KalonTensor *rows,
       gsize n_rows, gsize dim, KalonTensor *scores, GError **error)
{
  const gint32 query_count = n_queries, row_count = n_rows, n = dim;
  const gsize tiles[] = { divide_up (n_rows, SCORE_BLOCK) };
  const gsize group_tiles[] = { divide_up (n_rows, GROUP_TILE), divide_up (n_queries, GROUP_SIDE) };
  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (queries->buffer), KALON_ARG_BUFFER (rows->buffer),
    KALON_ARG_BUFFER (scores->buffer),  KALON_ARG_VALUE (query_count),
    KALON_ARG_VALUE (row_count),        KALON_ARG_VALUE (n),
  };
  g_autofree char *options = kalon_nn_dup_options (
      self, " -DQUERY_TILE=%d%s", self->group ? 1 : (int) MIN (n_queries, MAX_QUERY_TILE),
      rows->dtype == KALON_DTYPE_F16 ? " -DROW_HALF" : "");

  return run_tiles (self, "score", self->group ? "score_group" : "score_tile", options, args,
                    G_N_ELEMENTS (args), self->group ? 2 : 1, self->group ? group_tiles : tiles,
                    error);
}

/* The best scores of [first, first + n_rows) by reading all of them. */
static gboolean
top_k_of_all (const KalonTensor *scores, gsize first, gsize n_rows, gsize k, KalonScored *best,
              GError **error)
{
  g_autofree float *values = g_new (float, n_rows);
  g_autofree KalonScored *scored = g_new (KalonScored, n_rows);

  if (!kalon_tensor_read (scores, first, values, n_rows, error))
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    scored[i] = (KalonScored){ .value = values[i], .index = i };
  kalon_scored_select (scored, n_rows, k);
  for (gsize i = 0; i < k; i++)
    best[i] = scored[i];
  return TRUE;
}

/* The @k chunks of highest bests, by number in .index. */
static KalonScored *
best_chunks (KalonNn *self, const KalonTensor *scores, guint64 first, gint32 n_rows, gsize k,
             GError **error)
{
  const gsize n_chunks = divide_up (n_rows, CHUNK);
  g_autofree float *values = g_new (float, n_chunks);
  g_autofree KalonScored *chunks = g_new (KalonScored, n_chunks);
  g_autofree char *options = kalon_nn_dup_options (self, " -DCHUNK=%d", CHUNK);
  g_autoptr (KalonBuffer) best = kalon_buffer_new (self->device, n_chunks * sizeof *values, error);

  if (best == NULL)
    return NULL;

  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (scores->buffer),
    KALON_ARG_BUFFER (best),
    KALON_ARG_VALUE (first),
    KALON_ARG_VALUE (n_rows),
  };

  if (!kalon_device_run (self->device, "top_k", "chunk_best", options, args, G_N_ELEMENTS (args), 1,
                         &n_chunks, NULL, error)
      || !kalon_buffer_read (best, 0, values, n_chunks * sizeof *values, error))
    return NULL;
  for (gsize i = 0; i < n_chunks; i++)
    chunks[i] = (KalonScored){ .value = values[i], .index = i };
  kalon_scored_select (chunks, n_chunks, k);
  return g_steal_pointer (&chunks);
}

static gboolean
top_k_of_chunks (KalonNn *self, const KalonTensor *scores, guint64 first, gint32 n_rows, gsize k,
                 KalonScored *best, GError **error)
{
  const gsize n_chunks = k;
  g_autofree KalonScored *chunks = best_chunks (self, scores, first, n_rows, k, error);
  g_autofree guint32 *numbers = g_new (guint32, n_chunks);
  g_autofree float *values = g_new (float, n_chunks *CHUNK);
  g_autofree KalonScored *scored = g_new (KalonScored, n_chunks * CHUNK);
  g_autofree char *options = kalon_nn_dup_options (self, " -DCHUNK=%d", CHUNK);
  g_autoptr (KalonBuffer) sent = NULL;
  g_autoptr (KalonBuffer) gathered = NULL;
  gsize n = 0;

  if (chunks == NULL)
    return FALSE;
  for (gsize i = 0; i < n_chunks; i++)
    numbers[i] = chunks[i].index;
  sent = kalon_buffer_new_from_data (self->device, numbers, n_chunks * sizeof *numbers, error);
  if (sent == NULL)
    return FALSE;
  gathered = kalon_buffer_new (self->device, n_chunks * CHUNK * sizeof *values, error);
  if (gathered == NULL)
    return FALSE;

  const KalonKernelArg args[] = {
    KALON_ARG_BUFFER (scores->buffer), KALON_ARG_BUFFER (sent),  KALON_ARG_BUFFER (gathered),
    KALON_ARG_VALUE (first),           KALON_ARG_VALUE (n_rows),
  };

  if (!kalon_device_run (self->device, "top_k", "gather_chunks", options, args, G_N_ELEMENTS (args),
                         1, &n_chunks, NULL, error)
      || !kalon_buffer_read (gathered, 0, values, n_chunks * CHUNK * sizeof *values, error))
    return FALSE;
  for (gsize i = 0; i < n_chunks * CHUNK; i++)
    {
      guint32 index = numbers[i / CHUNK] * CHUNK + i % CHUNK;

      if (index < (guint32) n_rows)
        scored[n++] = (KalonScored){ .value = values[i], .index = index };
    }
  kalon_scored_select (scored, n, k);
  for (gsize i = 0; i < k; i++)
    best[i] = scored[i];
  return TRUE;
}

static gboolean
top_k (KalonNn *self, const KalonTensor *scores, gsize first, gsize n_rows, gsize k,
       guint32 *indices, float *values, GError **error)
{
  g_autofree KalonScored *best = g_new (KalonScored, k);
  gboolean found;

  /* When most chunks would be chosen anyway, two kernels and two round trips do not pay. */
  if (n_rows <= 2 * k * CHUNK)
    found = top_k_of_all (scores, first, n_rows, k, best, error);
  else
    found = top_k_of_chunks (self, scores, first, n_rows, k, best, error);
  for (gsize i = 0; found && i < k; i++)
    {
      indices[i] = best[i].index;
      values[i] = best[i].value;
    }
  return found;
}

const KalonNnBackend kalon_nn_opencl = {
  .linear = linear,
  .layer_norm = layer_norm,
  .softmax = softmax,
  .attention = attention,
  .extract_patches = extract_patches,
  .add_to_rows = add_to_rows,
  .token_embedding = token_embedding,
  .gather_rows = gather_rows,
  .normalise = normalise,
  .score = score,
  .top_k = top_k,
};
