/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each row to unit Euclidean length, in place; a row of zeros stays.
 *
 *   x  [rows, dim]
 *
 * LANES work-items to a row. Global size: (LANES, rows), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
normalise (global float *x, int dim)
{
  ROW_SCRATCH
  floatv sums = 0.0f;
  float rest = 0.0f, square, scale;

  x += (size_t) get_global_id (1) * dim;
  FOR_VECTORS (i, dim) sums += vloadv (0, x + i) * vloadv (0, x + i);
  FOR_REST (i, dim) rest += x[i] * x[i];
  square = row_sum (sum_of (sums) + rest);
  scale = square == 0.0f ? 1.0f : 1.0f / sqrt (square);

  FOR_VECTORS (i, dim) storev (vloadv (0, x + i) * scale, x + i);
  FOR_REST (i, dim) x[i] *= scale;
}
