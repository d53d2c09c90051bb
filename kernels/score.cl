/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scores = queries rows^T: inner products of every query with every row.
 *
 *   queries  [n_queries, dim]
 *   rows     [n_rows, dim]
 *   scores   [n_queries, n_rows]
 *
 * Build options: ROW_HALF (rows holds halves) and for the tile form QUERY_TILE.
 */
#ifdef ROW_HALF
typedef half element;
#define ELEMENTS(address) vload_halfv (0, address)
#define ELEMENT(address) vload_half (0, address)
#else
typedef float element;
#define ELEMENTS(address) vloadv (0, address)
#define ELEMENT(address) (*(address))
#endif

#if !GROUP

/*
 * A work-item takes BLOCK rows, so few that they stay in the cache, past all queries: ROW_TILE x
 * QUERY_TILE sums in registers at a time. Global size: ceil (n_rows / BLOCK), work-groups of one.
 */
#define BLOCK 64
#define ROW_TILE 4
#ifndef QUERY_TILE
#define QUERY_TILE 4
#endif

kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
score_tile (global const float *queries, global const element *rows, global float *scores,
            int n_queries, int n_rows, int dim)
{
  int end = min ((int) get_global_id (0) * BLOCK + BLOCK, n_rows);
  int whole = dim - dim % VEC;

  for (int first_query = 0; first_query < n_queries; first_query += QUERY_TILE)
    for (int first_row = get_global_id (0) * BLOCK; first_row < end; first_row += ROW_TILE)
      {
        global const float *query[QUERY_TILE];
        global const element *row[ROW_TILE];
        floatv sum[ROW_TILE][QUERY_TILE];

#pragma unroll
        for (int q = 0; q < QUERY_TILE; q++)
          query[q] = queries + (size_t) min (first_query + q, n_queries - 1) * dim;
#pragma unroll
        for (int r = 0; r < ROW_TILE; r++)
          {
            row[r] = rows + (size_t) min (first_row + r, end - 1) * dim;
#pragma unroll
            for (int q = 0; q < QUERY_TILE; q++)
              sum[r][q] = 0.0f;
          }
        for (int i = 0; i < whole; i += VEC)
#pragma unroll
          for (int r = 0; r < ROW_TILE; r++)
            {
              floatv elements = ELEMENTS (row[r] + i);

#pragma unroll
              for (int q = 0; q < QUERY_TILE; q++)
                sum[r][q] += elements * vloadv (0, query[q] + i);
            }
#pragma unroll
        for (int r = 0; r < ROW_TILE; r++)
#pragma unroll
          for (int q = 0; q < QUERY_TILE; q++)
            if (first_row + r < end && first_query + q < n_queries)
              {
                float total = sum_of (sum[r][q]);

                for (int i = whole; i < dim; i++)
                  total += ELEMENT (row[r] + i) * query[q][i];
                scores[(size_t) (first_query + q) * n_rows + first_row + r] = total;
              }
      }
}

#else

/*
 * A work-group of 16 x 16 makes 64 rows x 16 queries, four rows to a work-item, from slices in
 * local memory. Global size: (16 ceil (n_rows / 64), 16 ceil (n_queries / 16)).
 */
#define SIDE 16
#define ROWS 64

kernel __attribute__ ((reqd_work_group_size (SIDE, SIDE, 1))) void
score_group (global const float *queries, global const element *rows, global float *scores,
             int n_queries, int n_rows, int dim)
{
  local float row_slice[ROWS][SIDE + 1]; /* + 1: read down a column */
  local float query_slice[SIDE][SIDE];
  int column = get_local_id (0), line = get_local_id (1);
  int first_row = get_group_id (0) * ROWS, first_query = get_group_id (1) * SIDE;
  float sum[4] = { 0.0f, 0.0f, 0.0f, 0.0f };

  for (int i0 = 0; i0 < dim; i0 += SIDE)
    {
      int i = i0 + column;

      query_slice[line][column] = first_query + line < n_queries && i < dim
                                      ? queries[(size_t) (first_query + line) * dim + i]
                                      : 0.0f;
      for (int r = line; r < ROWS; r += SIDE)
        row_slice[r][column] = first_row + r < n_rows && i < dim
                                   ? ELEMENT (rows + (size_t) (first_row + r) * dim + i)
                                   : 0.0f;
      barrier (CLK_LOCAL_MEM_FENCE);
      for (int k = 0; k < SIDE; k++)
        for (int r = 0; r < 4; r++)
          sum[r] += row_slice[column + SIDE * r][k] * query_slice[line][k];
      barrier (CLK_LOCAL_MEM_FENCE);
    }
  for (int r = 0; r < 4; r++)
    if (first_query + line < n_queries && first_row + column + SIDE * r < n_rows)
      scores[(size_t) (first_query + line) * n_rows + first_row + column + SIDE * r] = sum[r];
}

#endif
