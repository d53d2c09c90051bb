/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * y = (x - mean) / sqrt (variance + epsilon) gamma + beta over each row; y may be x.
 *
 *   x, y         [rows, dim]
 *   gamma, beta  [dim]
 *
 * LANES work-items to a row. Global size: (LANES, rows), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
layer_norm (global const float *x, global const float *gamma, global const float *beta,
            global float *y, int dim, float epsilon)
{
  ROW_SCRATCH
  size_t offset = (size_t) get_global_id (1) * dim;
  floatv sums = 0.0f;
  float rest = 0.0f, mean, scale;

  x += offset;
  y += offset;
  FOR_VECTORS (i, dim) sums += vloadv (0, x + i);
  FOR_REST (i, dim) rest += x[i];
  mean = row_sum (sum_of (sums) + rest) / dim;

  sums = 0.0f;
  rest = 0.0f;
  FOR_VECTORS (i, dim)
  {
    floatv difference = vloadv (0, x + i) - mean;

    sums += difference * difference;
  }
  FOR_REST (i, dim) rest += (x[i] - mean) * (x[i] - mean);
  scale = 1.0f / sqrt (row_sum (sum_of (sums) + rest) / dim + epsilon);

  FOR_VECTORS (i, dim)
  storev ((vloadv (0, x + i) - mean) * scale * vloadv (0, gamma + i) + vloadv (0, beta + i), y + i);
  FOR_REST (i, dim) y[i] = (x[i] - mean) * scale * gamma[i] + beta[i];
}
