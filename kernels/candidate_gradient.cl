/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gradient of a loss by both sides of the scores that candidate_scores makes, from its
 * derivative by each score.
 *
 *   coefficients  [n]
 *   first         [queries + 1]: the candidates of query q are first[q] .. first[q + 1] - 1
 *   rows, owners  [n] as there
 *   v, x          [any, dim]
 *   gradient      [queries, dim], or [n, dim] in scale_rows
 *
 * LANES work-items to a row of gradient. Global size: (LANES, rows of gradient), work-groups of LANES.
 */

/* gradient[q] = sum of coefficients[e] v[rows[e]] over the candidates of q */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
sum_rows (global const float *coefficients, global const uint *first, global const float *v,
          global const uint *rows, global float *gradient, int dim)
{
  int q = get_global_id (1);

  gradient += (size_t) q * dim;
  FOR_VECTORS (i, dim)
    {
      floatv sums = 0.0f;

      for (uint e = first[q]; e < first[q + 1]; e++)
        sums += coefficients[e] * vloadv (0, v + (size_t) rows[e] * dim + i);
      storev (sums, gradient + i);
    }
  FOR_REST (i, dim)
    {
      float sum = 0.0f;

      for (uint e = first[q]; e < first[q + 1]; e++)
        sum += coefficients[e] * v[(size_t) rows[e] * dim + i];
      gradient[i] = sum;
    }
}

/* gradient[e] = coefficients[e] x[owners[e]] */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
scale_rows (global const float *coefficients, global const uint *owners, global const float *x,
            global float *gradient, int dim)
{
  int e = get_global_id (1);
  float scale = coefficients[e];

  x += (size_t) owners[e] * dim;
  gradient += (size_t) e * dim;
  FOR_VECTORS (i, dim) storev (scale * vloadv (0, x + i), gradient + i);
  FOR_REST (i, dim) gradient[i] = scale * x[i];
}
