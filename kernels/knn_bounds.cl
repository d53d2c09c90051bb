/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * How similar the best row of each group of 64 can be to each query: the device's half of an exact
 * search. The host looks into the groups whose bound is high enough. Bytes and bound are those of
 * src/core/index (docs/formats.md, kalon-index-private.h).
 *
 * segment: whole blocks of the embedding file, the first of which starts with row first_row
 * allowed: [ceil (n_rows / 64)] bitmap, or not read when has_allowed is 0
 * levels:  short [n_queries, stride]: the queries' codes
 * zeros:   int [n_queries]; terms: float [n_queries, 3]: step, length, slack
 * bounds:  float [n_queries, n_groups], n_groups = ceil (n_rows / 64); groups of this segment are
 *          written
 */

#define GROUP_ROWS 64
#define BLOCK_ROWS 1024
#define GROUP_ROW_ITEMS 16

float
knn_bound (int dot, __global const float *terms, float scale, float error)
{
  float bound = terms[0] * scale * (float) dot + terms[1] * error + terms[2];
  /* From a damaged file; it rules nothing out. */
  return isnan (bound) ? INFINITY : bound;
}

/* One work-item per group. */
__kernel void
knn_bounds_tile (__global const uchar *segment, uint stride, uint block_size, uint errors,
                uint scales, uint first_row, uint n_rows, __global const ulong *allowed,
                int has_allowed, __global const short *levels, __global const int *zeros,
                __global const float *terms, uint n_queries, __global float *bounds)
{
  uint first = get_global_id (0) * GROUP_ROWS;
  uint n_groups = (n_rows + GROUP_ROWS - 1) / GROUP_ROWS;
  uint group = first_row / GROUP_ROWS + get_global_id (0);
  uint n = min ((uint) GROUP_ROWS, n_rows - first_row - first);
  __global const uchar *block = segment + (size_t) (first / BLOCK_ROWS) * block_size;
  uint slot = first % BLOCK_ROWS;
  __global const uchar *codes = block + (size_t) slot * stride;
  __global const float *row_errors = (__global const float *) (block + errors) + slot;
  __global const float *row_scales = (__global const float *) (block + scales) + slot;
  ulong bits = has_allowed ? allowed[group] : ULONG_MAX;

  for (uint q = 0; q < n_queries; q++)
    {
      __global const short *level = levels + (size_t) q * stride;
      float best = -INFINITY;

      for (uint row = 0; bits != 0 && row < n; row++)
        {
          __global const uchar *c = codes + (size_t) row * stride;
          int sum = -zeros[q];

          for (uint i = 0; i < stride; i++)
            sum += (int) c[i] * (int) level[i];
          if (bits >> row & 1)
            best = fmax (best,
                         knn_bound (sum, terms + 3 * q, row_scales[row], row_errors[row]));
        }
      bounds[(size_t) q * n_groups + group] = best;
    }
}

/*
 * One work-group of 256 per group: 16 neighbouring work-items read 256 neighbouring bytes of a row,
 * so that 16 rows are under way at a time.
 */
__kernel void
knn_bounds_group (__global const uchar *segment, uint stride, uint block_size, uint errors,
                uint scales, uint first_row, uint n_rows, __global const ulong *allowed,
                int has_allowed, __global const short *levels, __global const int *zeros,
                __global const float *terms, uint n_queries, __global float *bounds)
{
  __local int sums[GROUP_ROWS][GROUP_ROW_ITEMS + 1];
  __local float best[GROUP_ROWS];
  uint item = get_local_id (0);
  uint part = item % GROUP_ROW_ITEMS;
  uint step = get_local_size (0) / GROUP_ROW_ITEMS;
  uint first = get_group_id (0) * GROUP_ROWS;
  uint n_groups = (n_rows + GROUP_ROWS - 1) / GROUP_ROWS;
  uint group = first_row / GROUP_ROWS + get_group_id (0);
  uint n = min ((uint) GROUP_ROWS, n_rows - first_row - first);
  __global const uchar *block = segment + (size_t) (first / BLOCK_ROWS) * block_size;
  uint slot = first % BLOCK_ROWS;
  __global const uchar *codes = block + (size_t) slot * stride;
  __global const float *row_errors = (__global const float *) (block + errors) + slot;
  __global const float *row_scales = (__global const float *) (block + scales) + slot;
  ulong bits = has_allowed ? allowed[group] : ULONG_MAX;

  for (uint q = 0; q < n_queries; q++)
    {
      __global const short *level = levels + (size_t) q * stride;

      for (uint row = item / GROUP_ROW_ITEMS; row < GROUP_ROWS; row += step)
        {
          int sum = 0;

          for (uint i = part * 16; i < stride; i += GROUP_ROW_ITEMS * 16)
            {
              int16 product = convert_int16 (vload16 (0, codes + (size_t) row * stride + i)) *
                              convert_int16 (vload16 (0, level + i));
              int8 a = product.lo + product.hi;
              int4 b = a.lo + a.hi;
              sum += b.x + b.y + b.z + b.w;
            }
          sums[row][part] = sum;
        }
      barrier (CLK_LOCAL_MEM_FENCE);

      if (item < GROUP_ROWS)
        {
          int sum = -zeros[q];

          for (uint i = 0; i < GROUP_ROW_ITEMS; i++)
            sum += sums[item][i];
          best[item] = item < n && bits >> item & 1
                           ? knn_bound (sum, terms + 3 * q, row_scales[item], row_errors[item])
                           : -INFINITY;
        }
      barrier (CLK_LOCAL_MEM_FENCE);
      if (item == 0)
        {
          float highest = best[0];
          for (uint row = 1; row < GROUP_ROWS; row++)
            highest = fmax (highest, best[row]);
          bounds[(size_t) q * n_groups + group] = highest;
        }
      barrier (CLK_LOCAL_MEM_FENCE);
    }
}
