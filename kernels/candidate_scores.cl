/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scores[e] = inner product of x[owners[e]] and v[rows[e]]: each query with its own candidates.
 *
 *   x       [any, dim]
 *   owners  [n] rows of x
 *   v       [any, dim]
 *   rows    [n] rows of v
 *   scores  [n]
 *
 * LANES work-items to an e. Global size: (LANES, n), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
candidate_scores (global const float *x, global const uint *owners, global const float *v,
                  global const uint *rows, global float *scores, int dim)
{
  ROW_SCRATCH
  int e = get_global_id (1);
  floatv sums = 0.0f;
  float rest = 0.0f, total;

  x += (size_t) owners[e] * dim;
  v += (size_t) rows[e] * dim;
  FOR_VECTORS (i, dim) sums += vloadv (0, x + i) * vloadv (0, v + i);
  FOR_REST (i, dim) rest += x[i] * v[i];
  total = row_sum (sum_of (sums) + rest);
  if (LANE == 0)
    scores[e] = total;
}
