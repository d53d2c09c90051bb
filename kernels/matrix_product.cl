/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * y = a b + residual, where neither matrix is packed: what changes at every step of a training.
 *
 *   a         element (i, k) of [rows, inner] is at i a_row + k a_step: a matrix as it is, or
 *             turned over
 *   b         [inner, columns]
 *   residual  [rows, columns]
 *   y         [rows, columns]
 *
 * Build options: RESIDUAL (0: the argument is not read); and for the tile form TILE_ROWS.
 */
#ifndef RESIDUAL
#define RESIDUAL 1
#endif

#if RESIDUAL
#define START(at) residual[at]
#define START_VECTOR(at) vloadv (0, residual + (at))
#else
#define START(at) 0.0f
#define START_VECTOR(at) 0.0f
#endif

#if !GROUP

/*
 * A work-item keeps TILE_ROWS x 2 VEC sums in registers and walks the inner dimension once.
 * Global size: (ceil (rows / TILE_ROWS), ceil (columns / (2 VEC))), work-groups of one.
 */
#ifndef TILE_ROWS
#define TILE_ROWS 8
#endif
#define PANEL (2 * VEC)

kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
matrix_product_tile (global const float *a, global const float *b, global const float *residual,
                     global float *y, int rows, int inner, int columns, int a_row, int a_step)
{
  int first_row = get_global_id (0) * TILE_ROWS;
  int column = get_global_id (1) * PANEL;
  global const float *row[TILE_ROWS];
  size_t to[TILE_ROWS];

  /* Rows beyond the last are the last once more: no branch in the loop. */
#pragma unroll
  for (int r = 0; r < TILE_ROWS; r++)
    {
      int i = min (first_row + r, rows - 1);

      row[r] = a + (size_t) i * a_row;
      to[r] = (size_t) i * columns + column;
    }
  b += column;
  if (column + PANEL <= columns)
    {
      floatv sum[TILE_ROWS][2];

#pragma unroll
      for (int r = 0; r < TILE_ROWS; r++)
        {
          sum[r][0] = START_VECTOR (to[r]);
          sum[r][1] = START_VECTOR (to[r] + VEC);
        }
      for (int k = 0; k < inner; k++, b += columns)
        {
          floatv left = vloadv (0, b), right = vloadv (1, b);
          size_t at = (size_t) k * a_step;

#pragma unroll
          for (int r = 0; r < TILE_ROWS; r++)
            {
              sum[r][0] += row[r][at] * left;
              sum[r][1] += row[r][at] * right;
            }
        }
#pragma unroll
      for (int r = 0; r < TILE_ROWS; r++)
        if (first_row + r < rows)
          {
            storev (sum[r][0], y + to[r]);
            storev (sum[r][1], y + to[r] + VEC);
          }
    }
  else
    for (int r = 0; r < TILE_ROWS && first_row + r < rows; r++)
      for (int c = 0; c < columns - column; c++)
        {
          float sum = START (to[r] + c);

          for (int k = 0; k < inner; k++)
            sum += row[r][(size_t) k * a_step] * b[(size_t) k * columns + c];
          y[to[r] + c] = sum;
        }
}

#else

/*
 * A work-group of 16 x 16 makes a tile of 64 x 64, 4 x 4 to a work-item, from slices of a and b
 * in local memory. Global size: (16 ceil (columns / 64), 16 ceil (rows / 64)).
 */
#define SIDE 16
#define TILE 64
#define STEP 16

kernel __attribute__ ((reqd_work_group_size (SIDE, SIDE, 1))) void
matrix_product_group (global const float *a, global const float *b, global const float *residual,
                      global float *y, int rows, int inner, int columns, int a_row, int a_step)
{
  local float a_slice[STEP][TILE + 1]; /* + 1: its writes may go down a column */
  local float b_slice[STEP][TILE];
  int column = get_local_id (0), line = get_local_id (1);
  int item = line * SIDE + column;
  int first_row = get_group_id (1) * TILE;
  int first_column = get_group_id (0) * TILE;
  float sum[4][4];

  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      {
        int r = first_row + line + SIDE * i, c = first_column + column + SIDE * j;

        sum[i][j] = r < rows && c < columns ? START ((size_t) r * columns + c) : 0.0f;
      }
  for (int k0 = 0; k0 < inner; k0 += STEP)
    {
      for (int n = item; n < STEP * TILE; n += SIDE * SIDE)
        {
          /* Neighbours read neighbours, whichever way a lies. */
          int r = a_step == 1 ? n / STEP : n % TILE, k = a_step == 1 ? n % STEP : n / TILE;
          int c = first_column + n % TILE;

          a_slice[k][r] = first_row + r < rows && k0 + k < inner
                              ? a[(size_t) (first_row + r) * a_row + (size_t) (k0 + k) * a_step]
                              : 0.0f;
          k = n / TILE;
          b_slice[k][n % TILE]
              = k0 + k < inner && c < columns ? b[(size_t) (k0 + k) * columns + c] : 0.0f;
        }
      barrier (CLK_LOCAL_MEM_FENCE);
      for (int k = 0; k < STEP; k++)
        for (int i = 0; i < 4; i++)
          for (int j = 0; j < 4; j++)
            sum[i][j] += a_slice[k][line + SIDE * i] * b_slice[k][column + SIDE * j];
      barrier (CLK_LOCAL_MEM_FENCE);
    }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      {
        int r = first_row + line + SIDE * i, c = first_column + column + SIDE * j;

        if (r < rows && c < columns)
          y[(size_t) r * columns + c] = sum[i][j];
      }
}

#endif
