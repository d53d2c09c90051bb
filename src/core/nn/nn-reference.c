/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operations in plain C: what they mean, and what runs where there is no OpenCL device. One
 * thread, no tricks but one: the two inner products are written over 16-float vectors (a GCC and
 * Clang extension that lowers to whatever the processor has), because no compiler turns the plain
 * triple loop into register tiles.
 */
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "nn/kalon-nn-private.h"

#define LANES 16
G_STATIC_ASSERT (KALON_NN_REFERENCE_PANEL % LANES == 0);
#define TILE_ROWS 6 /* with 16 columns: 12 of AVX2's 16 registers, 6 of AVX-512's 32 */

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)), aligned (4), may_alias));

/* Compiled for each of these and chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PER_PROCESSOR                                                                              \
  __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PER_PROCESSOR
#endif

static float *
floats (const KalonTensor *tensor)
{
  return tensor->data;
}

/* y: [TILE_ROWS, LANES] = x: [TILE_ROWS, in] of row length @stride times w: [in, LANES] in rows of
 * @panel */
PER_PROCESSOR static void
multiply_tile (const float *x, gsize stride, gsize in, const float *w, gsize panel, float *y)
{
  Lanes sum[TILE_ROWS] = { { 0 } };

  for (gsize k = 0; k < in; k++)
    {
      Lanes column = *(const Lanes *) (w + k * panel);

      for (gsize r = 0; r < TILE_ROWS; r++)
        sum[r] += x[r * stride + k] * column;
    }
  for (gsize r = 0; r < TILE_ROWS; r++)
    *(Lanes *) (y + r * LANES) = sum[r];
}

PER_PROCESSOR float
kalon_nn_inner_product (const float *a, const float *b, gsize n)
{
  Lanes sum = { 0 };
  float total = 0;
  gsize i = 0;

  for (; i + LANES <= n; i += LANES)
    sum += *(const Lanes *) (a + i) * *(const Lanes *) (b + i);
  for (; i < n; i++)
    total += a[i] * b[i];
  for (gsize l = 0; l < LANES; l++)
    total += sum[l];
  return total;
}

static float
activate (float x, KalonActivation activation)
{
  switch (activation)
    {
    case KALON_ACTIVATION_GELU:
      return 0.5f * x * (1.0f + erff (x * (float) G_SQRT2 * 0.5f));
    case KALON_ACTIVATION_QUICK_GELU:
      return x / (1.0f + expf (-1.702f * x));
    case KALON_ACTIVATION_NONE:
    default:
      return x;
    }
}

static gboolean
linear (KalonNn *self, const KalonLinear *layer, const KalonTensor *x, gsize rows,
        KalonActivation activation, const KalonTensor *residual, gsize residual_rows,
        KalonTensor *y, GError **error)
{
  gsize in = layer->in, out = layer->out, panel = layer->panel;
  gboolean half = layer->weight->dtype == KALON_DTYPE_F16;
  g_autofree float *widened = half ? g_new (float, in *panel) : NULL;
  g_autofree float *last = g_new0 (float, TILE_ROWS *in); /* the rows left over, then zeros */
  gsize whole = rows - rows % TILE_ROWS;

  if (whole < rows)
    memcpy (last, floats (x) + whole * in, (rows - whole) * in * sizeof *last);
  for (gsize p = 0; p * panel < out; p++)
    {
      const float *w = widened;

      if (half)
        kalon_f16_to_f32_array ((guint16 *) layer->weight->data + p * in * panel, widened,
                                in * panel);
      else
        w = floats (layer->weight) + p * in * panel;
      for (gsize r = 0; r < rows; r += TILE_ROWS)
        for (gsize c = p * panel; c < MIN ((p + 1) * panel, out); c += LANES)
          {
            float tile[TILE_ROWS * LANES];
            const float *from = r < whole ? floats (x) + r * in : last;

            multiply_tile (from, in, in, w + c % panel, panel, tile);
            for (gsize i = r; i < MIN (r + TILE_ROWS, rows); i++)
              for (gsize o = c; o < MIN (c + LANES, out); o++)
                {
                  float value = tile[(i - r) * LANES + o - c] + floats (layer->bias)[o];

                  value = activate (value, activation);
                  if (residual != NULL)
                    value += floats (residual)[i % residual_rows * out + o];
                  floats (y)[i * out + o] = value;
                }
          }
    }
  return TRUE;
}

static gboolean
layer_norm (KalonNn *self, const KalonTensor *x, const KalonTensor *gamma, const KalonTensor *beta,
            gsize rows, gsize dim, float epsilon, KalonTensor *y, GError **error)
{
  for (gsize r = 0; r < rows; r++)
    {
      const float *from = floats (x) + r * dim;
      float *to = floats (y) + r * dim;
      double mean = 0, variance = 0;
      float scale;

      for (gsize i = 0; i < dim; i++)
        mean += from[i];
      mean /= dim;
      for (gsize i = 0; i < dim; i++)
        variance += (from[i] - mean) * (from[i] - mean);
      scale = 1.0 / sqrt (variance / dim + epsilon);
      for (gsize i = 0; i < dim; i++)
        to[i] = (from[i] - (float) mean) * scale * floats (gamma)[i] + floats (beta)[i];
    }
  return TRUE;
}

static void
softmax_row (float *x, gsize n)
{
  float largest = x[0], sum = 0;

  for (gsize i = 1; i < n; i++)
    largest = fmaxf (largest, x[i]);
  for (gsize i = 0; i < n; i++)
    {
      x[i] = expf (x[i] - largest);
      sum += x[i];
    }
  for (gsize i = 0; i < n; i++)
    x[i] /= sum;
}

static gboolean
softmax (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  for (gsize r = 0; r < rows; r++)
    softmax_row (floats (x) + r * dim, dim);
  return TRUE;
}

/* One query of one head; @qkv and @out point at the head's columns of the sequence's first row. */
static void
attend (const float *qkv, gsize stride, gsize head_dim, gsize width, gsize position, gsize n_seen,
        float *scores, float *out)
{
  const float *query = qkv + position * stride;
  const float *keys = qkv + width;
  const float *values = qkv + 2 * width;
  float scale = 1.0f / sqrtf (head_dim);

  for (gsize j = 0; j < n_seen; j++)
    scores[j] = scale * kalon_nn_inner_product (query, keys + j * stride, head_dim);
  softmax_row (scores, n_seen);
  memset (out, 0, head_dim * sizeof *out);
  for (gsize j = 0; j < n_seen; j++)
    for (gsize d = 0; d < head_dim; d++)
      out[d] += scores[j] * values[j * stride + d];
}

static gboolean
attention (KalonNn *self, const KalonTensor *qkv, gsize batch, gsize length, gsize heads,
           gsize head_dim, gboolean causal, KalonTensor *out, GError **error)
{
  gsize width = heads * head_dim;
  g_autofree float *scores = g_new (float, length);

  for (gsize b = 0; b < batch; b++)
    for (gsize h = 0; h < heads; h++)
      for (gsize i = 0; i < length; i++)
        attend (floats (qkv) + b * length * 3 * width + h * head_dim, 3 * width, head_dim, width, i,
                causal ? i + 1 : length, scores,
                floats (out) + (b * length + i) * width + h * head_dim);
  return TRUE;
}

static gboolean
extract_patches (KalonNn *self, const KalonTensor *pixels, gsize batch, gsize resolution,
                 gsize patch, KalonTensor *patches, GError **error)
{
  gsize grid = resolution / patch, columns = 3 * patch * patch;
  float *to = patches->data;

  for (gsize b = 0; b < batch; b++)
    {
      memset (to, 0, columns * sizeof *to);
      to += columns;
      for (gsize cell = 0; cell < grid * grid; cell++)
        for (gsize line = 0; line < 3 * patch; line++, to += patch)
          {
            gsize channel = line / patch;
            gsize y = cell / grid * patch + line % patch;
            gsize x = cell % grid * patch;

            memcpy (to, floats (pixels) + ((b * 3 + channel) * resolution + y) * resolution + x,
                    patch * sizeof *to);
          }
    }
  return TRUE;
}

static gboolean
add_to_rows (KalonNn *self, KalonTensor *x, const KalonTensor *row, gsize rows, gsize stride,
             gsize dim, GError **error)
{
  for (gsize r = 0; r < rows; r++)
    for (gsize i = 0; i < dim; i++)
      floats (x)[r * stride * dim + i] += floats (row)[i];
  return TRUE;
}

static gboolean
token_embedding (KalonNn *self, const gint32 *tokens, const KalonTensor *table,
                 const KalonTensor *position_embedding, gsize batch, gsize length, gsize width,
                 KalonTensor *out, GError **error)
{
  for (gsize t = 0; t < batch * length; t++)
    for (gsize i = 0; i < width; i++)
      floats (out)[t * width + i] = floats (table)[tokens[t] * width + i]
                                    + floats (position_embedding)[t % length * width + i];
  return TRUE;
}

static gboolean
gather_rows (KalonNn *self, const KalonTensor *x, const guint32 *rows, gsize n, gsize dim,
             KalonTensor *y, GError **error)
{
  for (gsize i = 0; i < n; i++)
    memcpy (floats (y) + i * dim, floats (x) + rows[i] * dim, dim * sizeof (float));
  return TRUE;
}

static gboolean
normalise (KalonNn *self, KalonTensor *x, gsize rows, gsize dim, GError **error)
{
  for (gsize r = 0; r < rows; r++)
    {
      float *row = floats (x) + r * dim;
      double sum = 0;

      for (gsize i = 0; i < dim; i++)
        sum += (double) row[i] * row[i];
      for (gsize i = 0; i < dim && sum > 0; i++)
        row[i] /= sqrt (sum);
    }
  return TRUE;
}

static gboolean
score (KalonNn *self, const KalonTensor *queries, gsize n_queries, const KalonTensor *rows,
       gsize n_rows, gsize dim, KalonTensor *scores, GError **error)
{
  g_autofree float *widened = g_new (float, dim);

  for (gsize r = 0; r < n_rows; r++)
    {
      const float *row = widened;

      if (rows->dtype == KALON_DTYPE_F16)
        kalon_f16_to_f32_array ((guint16 *) rows->data + r * dim, widened, dim);
      else
        row = floats (rows) + r * dim;
      for (gsize q = 0; q < n_queries; q++)
        floats (scores)[q * n_rows + r]
            = kalon_nn_inner_product (floats (queries) + q * dim, row, dim);
    }
  return TRUE;
}

static gboolean
top_k (KalonNn *self, const KalonTensor *scores, gsize first, gsize n_rows, gsize k,
       guint32 *indices, float *values, GError **error)
{
  g_autofree KalonScored *scored = g_new (KalonScored, n_rows);

  for (gsize r = 0; r < n_rows; r++)
    scored[r] = (KalonScored){ .value = floats (scores)[first + r], .index = r };
  kalon_scored_select (scored, n_rows, k);
  for (gsize i = 0; i < k; i++)
    {
      indices[i] = scored[i].index;
      values[i] = scored[i].value;
    }
  return TRUE;
}

const KalonNnBackend kalon_nn_reference = {
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
