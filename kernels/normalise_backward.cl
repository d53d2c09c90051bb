/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gradient through y = z / |z|, in place: g becomes g / |z| - z (z g) / |z|^3; 0 where z is 0.
 *
 *   z         [rows, dim]
 *   gradient  [rows, dim]: by y, then by z
 *
 * LANES work-items to a row. Global size: (LANES, rows), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
normalise_backward (global const float *z, global float *gradient, int dim)
{
  ROW_SCRATCH
  floatv squares = 0.0f, products = 0.0f;
  float square = 0.0f, product = 0.0f, scale, share;

  z += (size_t) get_global_id (1) * dim;
  gradient += (size_t) get_global_id (1) * dim;
  FOR_VECTORS (i, dim)
    {
      squares += vloadv (0, z + i) * vloadv (0, z + i);
      products += vloadv (0, z + i) * vloadv (0, gradient + i);
    }
  FOR_REST (i, dim)
    {
      square += z[i] * z[i];
      product += z[i] * gradient[i];
    }
  square = row_sum (sum_of (squares) + square);
  product = row_sum (sum_of (products) + product);
  scale = square > 0.0f ? 1.0f / sqrt (square) : 0.0f;
  share = square > 0.0f ? product / square : 0.0f;

  FOR_VECTORS (i, dim)
    storev ((vloadv (0, gradient + i) - share * vloadv (0, z + i)) * scale, gradient + i);
  FOR_REST (i, dim) gradient[i] = (gradient[i] - share * z[i]) * scale;
}
