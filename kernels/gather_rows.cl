/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * y[i] = x[rows[i]]
 *
 *   x     [any, dim]
 *   rows  [n]
 *   y     [n, dim]
 *
 * LANES work-items to a row. Global size: (LANES, n), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
gather_rows (global const float *x, global const uint *rows, global float *y, int dim)
{
  x += (size_t) rows[get_global_id (1)] * dim;
  y += (size_t) get_global_id (1) * dim;
  for (int i = LANE; i < dim; i += LANES)
    y[i] = x[i];
}
