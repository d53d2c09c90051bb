/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations of a training step in plain C: what they mean, and what runs without a device. */
#include "alignment/kalon-alignment-private.h"

#include <math.h>
#include <string.h>

#include "alignment/kalon-trainer.h"

#define LANES 16
#define TILE_ROWS 6 /* with 16 columns: 12 of AVX2's 16 registers, 6 of AVX-512's 32 */

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)), aligned (4), may_alias));

/* Compiled for each of these and chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define PER_PROCESSOR                                                                              \
  __attribute__ ((target_clones ("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PER_PROCESSOR
#endif

/* TILE_ROWS x LANES of y. Rows beyond the last are the last once more; they are not stored. */
PER_PROCESSOR static void
multiply_tile (const float *a, gsize a_row, gsize a_step, const float *b, const float *residual,
               gsize n_rows, gsize inner, gsize columns, float *y)
{
  Lanes sum[TILE_ROWS] = { { 0 } };
  const float *row[TILE_ROWS];

  for (gsize r = 0; r < TILE_ROWS; r++)
    {
      row[r] = a + MIN (r, n_rows - 1) * a_row;
      if (residual != NULL && r < n_rows)
        sum[r] = *(const Lanes *) (residual + r * columns);
    }
  for (gsize k = 0; k < inner; k++)
    {
      Lanes line = *(const Lanes *) (b + k * columns);

      for (gsize r = 0; r < TILE_ROWS; r++)
        sum[r] += row[r][k * a_step] * line;
    }
  for (gsize r = 0; r < n_rows; r++)
    *(Lanes *) (y + r * columns) = sum[r];
}

void
kalon_loops_product (const float *a, gsize a_row, gsize a_step, const float *b,
                     const float *residual, gsize rows, gsize inner, gsize columns, float *y)
{
  gsize whole = columns - columns % LANES;

  for (gsize c = 0; c < whole; c += LANES)
    for (gsize r = 0; r < rows; r += TILE_ROWS)
      {
        gsize at = r * columns + c;

        multiply_tile (a + r * a_row, a_row, a_step, b + c, residual != NULL ? residual + at : NULL,
                       MIN (TILE_ROWS, rows - r), inner, columns, y + at);
      }
  for (gsize r = 0; r < rows; r++)
    for (gsize c = whole; c < columns; c++)
      {
        float sum = residual != NULL ? residual[r * columns + c] : 0;

        for (gsize k = 0; k < inner; k++)
          sum += a[r * a_row + k * a_step] * b[k * columns + c];
        y[r * columns + c] = sum;
      }
}

void
kalon_loops_normalise (float *x, gsize rows, gsize dim)
{
  for (gsize r = 0; r < rows; r++, x += dim)
    {
      float square = kalon_nn_inner_product (x, x, dim);

      for (gsize i = 0; i < dim && square > 0; i++)
        x[i] /= sqrtf (square);
    }
}

void
kalon_loops_normalise_backward (const float *z, gsize rows, gsize dim, float *gradient)
{
  for (gsize r = 0; r < rows; r++, z += dim, gradient += dim)
    {
      float square = kalon_nn_inner_product (z, z, dim);
      float scale = square > 0 ? 1 / sqrtf (square) : 0;
      float share = square > 0 ? kalon_nn_inner_product (z, gradient, dim) / square : 0;

      for (gsize i = 0; i < dim; i++)
        gradient[i] = (gradient[i] - share * z[i]) * scale;
    }
}

void
kalon_loops_scores (const float *x, const guint32 *owners, const float *v, const guint32 *rows,
                    gsize n, gsize dim, float *scores)
{
  for (gsize e = 0; e < n; e++)
    scores[e] = kalon_nn_inner_product (x + owners[e] * dim, v + rows[e] * dim, dim);
}

void
kalon_loops_sum_rows (const float *coefficients, const guint32 *first, const float *v,
                      const guint32 *rows, gsize n_queries, gsize dim, float *gradient)
{
  memset (gradient, 0, n_queries * dim * sizeof *gradient);
  for (gsize q = 0; q < n_queries; q++, gradient += dim)
    for (gsize e = first[q]; e < first[q + 1]; e++)
      for (gsize i = 0; i < dim; i++)
        gradient[i] += coefficients[e] * v[rows[e] * dim + i];
}

void
kalon_loops_scale_rows (const float *coefficients, const guint32 *owners, const float *x, gsize n,
                        gsize dim, float *gradient)
{
  for (gsize e = 0; e < n; e++)
    for (gsize i = 0; i < dim; i++)
      gradient[e * dim + i] = coefficients[e] * x[owners[e] * dim + i];
}

double
kalon_dpo_pair_loss (double h, double smoothing, double *gradient)
{
  double t = exp (-fabs (h));
  double right = h > 0 ? 1 / (1 + t) : t / (1 + t); /* sigmoid (h) */
  double wrong = h > 0 ? t / (1 + t) : 1 / (1 + t); /* sigmoid (-h) */

  if (gradient != NULL)
    *gradient = smoothing * right - (1 - smoothing) * wrong;
  /* -log sigmoid (h) = log (1 + e^-h) = max (-h, 0) + log (1 + e^-|h|) */
  return (1 - smoothing) * (fmax (-h, 0) + log1p (t)) + smoothing * (fmax (h, 0) + log1p (t));
}

/* Subtracting the largest, so that nothing overflows; logarithms, so that nothing is lost. */
static double
log_sum (const float *scores, gsize n, double inverse_temperature, float top)
{
  double sum = 0;

  for (gsize e = 0; e < n; e++)
    sum += exp (((double) scores[e] - top) * inverse_temperature);
  return log (sum);
}

static float
largest (const float *scores, gsize n)
{
  float top = scores[0];

  for (gsize e = 1; e < n; e++)
    top = fmaxf (top, scores[e]);
  return top;
}

/* KL (softmax (reference / tau) || softmax (scores / tau)); the derivative of factors->anchor of it
 * by each score. */
static double
diverge (const float *scores, const float *reference, gsize n, const KalonDpoFactors *factors,
         float *coefficients)
{
  double inverse = factors->inverse_temperature;
  float top = largest (scores, n), reference_top = largest (reference, n);
  double sum = log_sum (scores, n, inverse, top);
  double reference_sum = log_sum (reference, n, inverse, reference_top);
  double divergence = 0;

  for (gsize e = 0; e < n; e++)
    {
      double log_p = ((double) scores[e] - top) * inverse - sum;
      double log_reference = ((double) reference[e] - reference_top) * inverse - reference_sum;
      double p_reference = exp (log_reference);

      divergence += p_reference * (log_reference - log_p);
      coefficients[e] = factors->share * factors->anchor * inverse * (exp (log_p) - p_reference);
    }
  return divergence;
}

void
kalon_loops_ranked_dpo (const KalonDpoPairs *pairs, const float *scores,
                        const KalonDpoFactors *factors, float *slopes, float *coefficients,
                        float *losses)
{
  const float *reference = pairs->reference->data, *weights = pairs->weights->data;
  const guint32 *first = pairs->first->data, *pair_first = pairs->pair_first->data;
  const guint32 *touch_first = pairs->touch_first->data, *touches = pairs->touches->data;

  for (gsize q = 0; q < pairs->n_queries; q++)
    {
      double loss = 0, agreed = 0;

      losses[3 * q + 1] = diverge (scores + first[q], reference + first[q], first[q + 1] - first[q],
                                   factors, coefficients + first[q]);
      for (gsize p = pair_first[q]; p < pair_first[q + 1]; p++)
        {
          guint32 w = pairs->winners->data[p], l = pairs->losers->data[p];
          float margin = scores[w] - scores[l];
          double slope;

          loss += weights[p]
                  * kalon_dpo_pair_loss (factors->scale * (margin - (reference[w] - reference[l])),
                                         factors->smoothing, &slope);
          slopes[p] = factors->share * weights[p] * factors->scale * slope;
          agreed += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
        }
      losses[3 * q] = loss;
      losses[3 * q + 2] = agreed;
      for (gsize e = first[q]; e < first[q + 1]; e++)
        for (gsize i = touch_first[e]; i < touch_first[e + 1]; i++)
          coefficients[e] += touches[i] % 2 == 0 ? slopes[touches[i] / 2] : -slopes[touches[i] / 2];
    }
}

void
kalon_loops_adam_w (const KalonAdamStep *step, gsize n, float *parameter, const float *gradient,
                    float *mean, float *square)
{
  KalonAdamStep s = *step;

  for (gsize i = 0; i < n; i++)
    {
      float slope = gradient[i] * s.clip;

      mean[i] += (slope - mean[i]) * s.mean_share;
      square[i] = s.beta2 * square[i] + s.square_share * slope * slope;
      parameter[i] = parameter[i] * s.keep
                     - s.step * mean[i] / (sqrtf (square[i]) * s.square_scale + s.epsilon);
    }
}
