/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The similarity of every row to each query, to the last bit as kalon-index.h defines it: 64 sums by
 * fused multiply-add, the upper half added to the lower six times.
 *
 * segment:      whole blocks of the embedding file, the first of which starts with row first_row
 * queries:      float [n_queries, stride]
 * similarities: float [n_queries, n_rows]; rows of this segment are written
 */

#define GROUP_ROWS 64
#define BLOCK_ROWS 1024
#define SUMS 64

/* One work-item per group. */
__kernel void
knn_score_tile (__global const uchar *segment, uint stride, uint block_size, uint halves,
               uint first_row, uint n_rows, __global const float *queries, uint n_queries,
               __global float *similarities)
{
  uint first = get_global_id (0) * GROUP_ROWS;
  uint n = min ((uint) GROUP_ROWS, n_rows - first_row - first);
  __global const half *rows
      = (__global const half *) (segment + (size_t) (first / BLOCK_ROWS) * block_size + halves) +
        (size_t) (first % BLOCK_ROWS) * stride;

  for (uint row = 0; row < n; row++)
    for (uint q = 0; q < n_queries; q++)
      {
        __global const half *x = rows + (size_t) row * stride;
        __global const float *y = queries + (size_t) q * stride;
        float16 a = 0, b = 0, c = 0, d = 0;

        for (uint i = 0; i < stride; i += SUMS)
          {
            a = fma (vload_half16 (0, x + i), vload16 (0, y + i), a);
            b = fma (vload_half16 (0, x + i + 16), vload16 (0, y + i + 16), b);
            c = fma (vload_half16 (0, x + i + 32), vload16 (0, y + i + 32), c);
            d = fma (vload_half16 (0, x + i + 48), vload16 (0, y + i + 48), d);
          }
        a = (a + c) + (b + d);
        float8 e = a.lo + a.hi;
        float4 f = e.lo + e.hi;
        float2 g = f.lo + f.hi;
        similarities[(size_t) q * n_rows + first_row + first + row] = g.x + g.y;
      }
}

/* One work-group of 64 per group of rows: a work-item is a lane. */
__kernel void
knn_score_group (__global const uchar *segment, uint stride, uint block_size, uint halves,
               uint first_row, uint n_rows, __global const float *queries, uint n_queries,
               __global float *similarities)
{
  __local float sums[SUMS];
  uint lane = get_local_id (0);
  uint first = get_group_id (0) * GROUP_ROWS;
  uint n = min ((uint) GROUP_ROWS, n_rows - first_row - first);
  __global const half *rows
      = (__global const half *) (segment + (size_t) (first / BLOCK_ROWS) * block_size + halves) +
        (size_t) (first % BLOCK_ROWS) * stride;

  for (uint row = 0; row < n; row++)
    for (uint q = 0; q < n_queries; q++)
      {
        float sum = 0;

        for (uint i = lane; i < stride; i += SUMS)
          sum = fma (vload_half (i, rows + (size_t) row * stride), queries[(size_t) q * stride + i],
                     sum);
        sums[lane] = sum;
        for (uint width = SUMS / 2; width > 0; width /= 2)
          {
            barrier (CLK_LOCAL_MEM_FENCE);
            if (lane < width)
              sums[lane] += sums[lane + width];
          }
        if (lane == 0)
          similarities[(size_t) q * n_rows + first_row + first + row] = sums[0];
        barrier (CLK_LOCAL_MEM_FENCE);
      }
}
