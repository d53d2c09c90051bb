/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x = e^(x - max) / sum of e^(x - max), in place over each row.
 *
 *   x  [rows, dim]
 *
 * LANES work-items to a row. Global size: (LANES, rows), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
softmax (global float *x, int dim)
{
  ROW_SCRATCH
  floatv maxima = -INFINITY, sums = 0.0f;
  float largest = -INFINITY, rest = 0.0f, scale;

  x += (size_t) get_global_id (1) * dim;
  FOR_VECTORS (i, dim) maxima = fmax (maxima, vloadv (0, x + i));
  FOR_REST (i, dim) largest = fmax (largest, x[i]);
  largest = row_max (fmax (largest_of (maxima), largest));

  FOR_VECTORS (i, dim)
  {
    floatv power = exp_vector (vloadv (0, x + i) - largest);

    storev (power, x + i);
    sums += power;
  }
  FOR_REST (i, dim)
  {
    x[i] = exp (x[i] - largest);
    rest += x[i];
  }
  scale = 1.0f / row_sum (sum_of (sums) + rest);

  FOR_VECTORS (i, dim) storev (vloadv (0, x + i) * scale, x + i);
  FOR_REST (i, dim) x[i] *= scale;
}
