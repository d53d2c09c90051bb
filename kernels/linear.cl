/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * y = activation (x W^T + bias) + residual
 *
 *   x         [rows, in]
 *   w         [ceil (out / PANEL), in, PANEL]: W in panels of PANEL columns of W^T
 *   bias      [ceil (out / PANEL) * PANEL]
 *   residual  [residual_rows, out]; row r of y takes row r % residual_rows. May be y itself
 *   y         [rows, out]
 *
 * Build options: PANEL; WEIGHT_HALF (w holds halves); ACTIVATION (0 none, 1 GELU, 2 quick GELU);
 * RESIDUAL (0: the argument is not read); and for the tile form TILE_ROWS.
 */
#ifndef ACTIVATION
#define ACTIVATION 1
#endif
#ifndef RESIDUAL
#define RESIDUAL 1
#endif

#ifdef WEIGHT_HALF
typedef half weight;
#define WEIGHTS(address) vload_halfv (0, address)
#define WEIGHT(address) vload_half (0, address)
#else
typedef float weight;
#define WEIGHTS(address) vloadv (0, address)
#define WEIGHT(address) (*(address))
#endif

/*
 * GELU is x/2 (1 + erf (x / sqrt 2)). erf (z) = 1 - (a1 t + .. + a5 t^5) e^(-z^2) for z >= 0 with
 * t = 1 / (1 + 0.3275911 z): Abramowitz and Stegun 7.1.26, error below 1.5e-7.
 */
static inline real
activate (real x)
{
#if ACTIVATION == 1
  real z = fabs (x) * 0.70710678f;
  real t = 1.0f / (1.0f + 0.3275911f * z);
  real p = 1.061405429f * t - 1.453152027f;
  real tail;

  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  tail = p * t * exp_real (-z * z);
  /* x/2 (1 + erf): 2 - tail on the right, tail on the left. */
  return 0.5f * x * (x < 0.0f ? tail : 2.0f - tail);
#elif ACTIVATION == 2
  return x / (1.0f + exp_real (-1.702f * x));
#else
  return x;
#endif
}

#if !GROUP

/*
 * A work-item keeps TILE_ROWS x PANEL sums in registers (PANEL = 2 VEC) and walks the inner
 * dimension once: two vectors of w, TILE_ROWS broadcasts of x, 2 TILE_ROWS products per step.
 * Global size: (ceil (rows / TILE_ROWS), panels), work-groups of one. Row tiles come first, so
 * that a panel stays in the second-level cache while all of x passes by.
 */
#ifndef TILE_ROWS
#define TILE_ROWS 12
#endif
#ifndef PANEL
#define PANEL (2 * VEC)
#endif

static inline void
finish (floatv sum, global const float *residual, global float *y, int columns)
{
  floatv value = activate (sum);

  if (columns >= VEC)
    {
#if RESIDUAL
      value += vloadv (0, residual);
#endif
      storev (value, y);
    }
  else
    for (int c = 0; c < columns; c++)
#if RESIDUAL
      y[c] = ((const float *) &value)[c] + residual[c];
#else
      y[c] = ((const float *) &value)[c];
#endif
}

kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
linear_tile (global const float *x, global const weight *w, global const float *bias,
             global const float *residual, global float *y, int rows, int in, int out,
             int residual_rows)
{
  int first_row = get_global_id (0) * TILE_ROWS;
  int column = get_global_id (1) * PANEL;
  floatv left = vloadv (0, bias + column), right = vloadv (1, bias + column);
  global const float *row[TILE_ROWS];
  floatv sum[TILE_ROWS][2];

  /* Rows beyond the last are the last once more: no branch in the loop. */
#pragma unroll
  for (int r = 0; r < TILE_ROWS; r++)
    {
      row[r] = x + (size_t) min (first_row + r, rows - 1) * in;
      sum[r][0] = left;
      sum[r][1] = right;
    }
  w += (size_t) column * in;
  for (int k = 0; k < in; k++, w += PANEL)
    {
      left = WEIGHTS (w);
      right = WEIGHTS (w + VEC);
#pragma unroll
      for (int r = 0; r < TILE_ROWS; r++)
        {
          sum[r][0] += row[r][k] * left;
          sum[r][1] += row[r][k] * right;
        }
    }
#pragma unroll
  for (int r = 0; r < TILE_ROWS; r++)
    if (first_row + r < rows)
      {
        size_t from = (size_t) ((first_row + r) % residual_rows) * out + column;
        size_t to = (size_t) (first_row + r) * out + column;

        finish (sum[r][0], residual + from, y + to, out - column);
        finish (sum[r][1], residual + from + VEC, y + to + VEC, out - column - VEC);
      }
}

#else

/*
 * A work-group of 16 x 16 makes a tile of 64 x 64, 4 x 4 to a work-item, from slices of x and w
 * in local memory. Global size: (16 panels, 16 ceil (rows / 64)).
 */
#define SIDE 16
#define TILE 64
#define STEP 16
#ifndef PANEL
#define PANEL TILE
#endif

kernel __attribute__ ((reqd_work_group_size (SIDE, SIDE, 1))) void
linear_group (global const float *x, global const weight *w, global const float *bias,
              global const float *residual, global float *y, int rows, int in, int out,
              int residual_rows)
{
  local float x_slice[STEP][TILE + 1]; /* + 1: its writes go down a column */
  local float w_slice[STEP][TILE];
  int column = get_local_id (0), line = get_local_id (1);
  int item = line * SIDE + column;
  int first_row = get_group_id (1) * TILE;
  int first_column = get_group_id (0) * TILE;
  float sum[4][4];

  for (int j = 0; j < 4; j++)
    for (int i = 0; i < 4; i++)
      sum[i][j] = bias[first_column + column + SIDE * j];
  w += (size_t) first_column * in;
  for (int k0 = 0; k0 < in; k0 += STEP)
    {
      for (int n = item; n < STEP * TILE; n += SIDE * SIDE)
        {
          int r = first_row + n / STEP, k = k0 + n % STEP;

          x_slice[n % STEP][n / STEP] = r < rows && k < in ? x[(size_t) r * in + k] : 0.0f;
          k = k0 + n / TILE;
          w_slice[n / TILE][n % TILE] = k < in ? WEIGHT (w + (size_t) k * TILE + n % TILE) : 0.0f;
        }
      barrier (CLK_LOCAL_MEM_FENCE);
      for (int k = 0; k < STEP; k++)
        for (int i = 0; i < 4; i++)
          for (int j = 0; j < 4; j++)
            sum[i][j] += x_slice[k][line + SIDE * i] * w_slice[k][column + SIDE * j];
      barrier (CLK_LOCAL_MEM_FENCE);
    }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      {
        int r = first_row + line + SIDE * i, c = first_column + column + SIDE * j;

        if (r < rows && c < out)
          {
            float value = activate (sum[i][j]);

#if RESIDUAL
            value += residual[(size_t) (r % residual_rows) * out + c];
#endif
            y[(size_t) r * out + c] = value;
          }
      }
}

#endif
