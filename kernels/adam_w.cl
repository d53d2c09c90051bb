/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step of AdamW (Loshchilov and Hutter 2019) in place, as torch.optim.AdamW orders it.
 *
 *   parameter, gradient, mean, square  [rows, dim]
 *   clip          what the gradient is multiplied by first
 *   keep          1 - learning rate x weight decay
 *   step          learning rate / (1 - beta1^t)
 *   square_scale  1 / sqrt (1 - beta2^t)
 *   beta2, mean_share, square_share  beta2, 1 - beta1, 1 - beta2: the last two would lose digits here
 *
 * LANES work-items to a row. Global size: (LANES, rows), work-groups of LANES.
 */
#define UPDATE(T, g, m, v, p)                                                                      \
  T slope = (g) * clip;                                                                            \
  T first = (m) + (slope - (m)) * mean_share;                                                               \
  T second = beta2 * (v) + square_share * slope * slope;                                         \
  T moved = (p) * keep - step * first / (sqrt (second) * square_scale + epsilon)

kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
adam_w (global float *parameter, global const float *gradient, global float *mean,
        global float *square, int dim, float clip, float keep, float step, float square_scale,
        float beta2, float mean_share, float square_share, float epsilon)
{
  size_t row = (size_t) get_global_id (1) * dim;

  parameter += row;
  gradient += row;
  mean += row;
  square += row;
  FOR_VECTORS (i, dim)
    {
      UPDATE (floatv, vloadv (0, gradient + i), vloadv (0, mean + i), vloadv (0, square + i),
              vloadv (0, parameter + i));
      storev (first, mean + i);
      storev (second, square + i);
      storev (moved, parameter + i);
    }
  FOR_REST (i, dim)
    {
      UPDATE (float, gradient[i], mean[i], square[i], parameter[i]);
      mean[i] = first;
      square[i] = second;
      parameter[i] = moved;
    }
}
