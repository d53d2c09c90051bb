/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * out[t] = table[tokens[t]] + position[t % length]
 *
 *   tokens    [batch * length]
 *   table     [vocabulary, width]
 *   position  [at least length, width]
 *   out       [batch * length, width]
 *
 * LANES work-items to a token. Global size: (LANES, batch * length), work-groups of LANES.
 */
kernel __attribute__ ((reqd_work_group_size (LANES, 1, 1))) void
token_embedding (global const int *tokens, global const float *table, global const float *position,
                 global float *out, int length, int width)
{
  int t = get_global_id (1);

  table += (size_t) tokens[t] * width;
  position += (size_t) (t % length) * width;
  out += (size_t) t * width;
  for (int i = LANE; i < width; i += LANES)
    out[i] = table[i] + position[i];
}
