/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softmax (q k^T / sqrt (HEAD_DIM)) v for each head of each sequence.
 *
 *   qkv  [batch * length, 3 * heads * HEAD_DIM]: queries, keys, values side by side
 *   out  [batch * length, heads * HEAD_DIM]
 *
 * Build options: HEAD_DIM; CAUSAL (1: a position sees itself and those before it); for the tile
 * form LENGTH, the sequence's, QUERIES, positions to a work-item, VALUE_VEC, the widest vector that
 * divides HEAD_DIM, and VALUE_BLOCK, how many of these are summed at once.
 */
#ifndef HEAD_DIM
#define HEAD_DIM 64
#endif
#ifndef CAUSAL
#define CAUSAL 0
#endif

#if !GROUP

#ifndef LENGTH
#define LENGTH 50
#endif
#ifndef QUERIES
#define QUERIES 25
#endif
#ifndef VALUE_VEC
#define VALUE_VEC VEC
#endif
#ifndef VALUE_BLOCK
#define VALUE_BLOCK 4
#endif

/*
 * A work-item takes QUERIES positions of one head, AT_ONCE of them in registers. Scores are
 * vectors over keys, which needs the keys transposed, VEC of them at a time; outputs are vectors
 * over HEAD_DIM. Global size: (ceil (length / QUERIES), heads, batch), work-groups of one.
 */
#define AT_ONCE 4
#define PADDED_QUERIES ((QUERIES + AT_ONCE - 1) / AT_ONCE * AT_ONCE)
#define PADDED_LENGTH ((LENGTH + VEC - 1) / VEC * VEC)

#if VALUE_VEC == 1
typedef float value_vector;
#define load_values(address) (*(address))
#define store_values(value, address) (*(address) = (value))
#else
typedef PASTE (float, VALUE_VEC) value_vector;
typedef value_vector value_vector_anywhere __attribute__ ((aligned (4)));
#define load_values(address) PASTE (vload, VALUE_VEC) (0, address)
#define store_values(value, address) (*(global value_vector_anywhere *) (address) = (value))
#endif

kernel __attribute__ ((reqd_work_group_size (1, 1, 1))) void
attention_tile (global const float *qkv, global float *out, int heads, float scale)
{
  int first = get_global_id (0) * QUERIES, head = get_global_id (1);
  int n_queries = min (QUERIES, LENGTH - first);
  int width = heads * HEAD_DIM, stride = 3 * width;
  int n_keys = CAUSAL ? first + n_queries : LENGTH;
  global const float *query, *key, *value;
  floatv scores[PADDED_QUERIES][PADDED_LENGTH / VEC];
  floatv keys[HEAD_DIM];
  float scales[PADDED_QUERIES];

  qkv += (size_t) get_global_id (2) * LENGTH * stride + head * HEAD_DIM;
  out += ((size_t) get_global_id (2) * LENGTH + first) * width + head * HEAD_DIM;
  query = qkv + (size_t) first * stride;
  key = qkv + width;
  value = key + width;

  for (int j = 0; j < n_keys; j += VEC)
    {
      for (int lane = 0; lane < VEC; lane++)
        for (int d = 0; d < HEAD_DIM; d++)
          ((float *) keys)[d * VEC + lane] = key[(size_t) min (j + lane, n_keys - 1) * stride + d];
      for (int i = 0; i < n_queries; i += AT_ONCE)
        {
          global const float *row[AT_ONCE];
          floatv sum[AT_ONCE];

#pragma unroll
          for (int a = 0; a < AT_ONCE; a++)
            {
              row[a] = query + (size_t) min (i + a, n_queries - 1) * stride;
              sum[a] = 0.0f;
            }
          for (int d = 0; d < HEAD_DIM; d++)
#pragma unroll
            for (int a = 0; a < AT_ONCE; a++)
              sum[a] += row[a][d] * keys[d];
#pragma unroll
          for (int a = 0; a < AT_ONCE; a++)
            {
              int n_seen = CAUSAL ? min (first + i + a + 1, n_keys) : n_keys;

              scores[i + a][j / VEC]
                  = LANE_NUMBERS + j < n_seen ? sum[a] * scale : (floatv) (-INFINITY);
            }
        }
    }

  for (int i = 0; i < n_queries; i++)
    {
      floatv maxima = -INFINITY, sums = 0.0f;
      float largest;

      for (int j = 0; j * VEC < n_keys; j++)
        maxima = fmax (maxima, scores[i][j]);
      largest = largest_of (maxima);
      for (int j = 0; j * VEC < n_keys; j++)
        {
          floatv power = exp_vector (scores[i][j] - largest);

          scores[i][j] = power;
          sums += power;
        }
      scales[i] = 1.0f / sum_of (sums);
    }

  for (int i = 0; i < n_queries; i += AT_ONCE)
    for (int d = 0; d < HEAD_DIM; d += VALUE_BLOCK * VALUE_VEC)
      {
        value_vector sum[AT_ONCE][VALUE_BLOCK];

#pragma unroll
        for (int a = 0; a < AT_ONCE; a++)
#pragma unroll
          for (int v = 0; v < VALUE_BLOCK; v++)
            sum[a][v] = 0.0f;
        for (int j = 0; j < n_keys; j++)
#pragma unroll
          for (int v = 0; v < VALUE_BLOCK; v++)
            {
              value_vector values
                  = load_values (value + (size_t) j * stride + d + v * VALUE_VEC);

#pragma unroll
              for (int a = 0; a < AT_ONCE; a++)
                sum[a][v] += ((const float *) scores[i + a])[j] * values;
            }
#pragma unroll
        for (int a = 0; a < AT_ONCE; a++)
          if (i + a < n_queries)
#pragma unroll
            for (int v = 0; v < VALUE_BLOCK; v++)
              store_values (sum[a][v] * scales[i + a],
                            out + (size_t) (i + a) * width + d + v * VALUE_VEC);
      }
}

#else

/*
 * A work-group of 16 x 16 takes 16 positions of one head and passes over the keys 16 at a time,
 * keeping each position's running maximum and sum (Milakov and Gimelshein 2018), as
 * FlashAttention does (Dao et al. 2022). Global size: (16 ceil (length / 16), 16 heads, batch).
 */
#define SIDE 16
#define PER_ITEM ((HEAD_DIM + SIDE - 1) / SIDE)

kernel __attribute__ ((reqd_work_group_size (SIDE, SIDE, 1))) void
attention_group (global const float *qkv, global float *out, int length, int heads, float scale)
{
  local float queries[SIDE][HEAD_DIM + 1];
  local float keys[SIDE][HEAD_DIM + 1]; /* + 1: read down a column */
  local float values[SIDE][HEAD_DIM];
  local float weights[SIDE][SIDE];
  int column = get_local_id (0), line = get_local_id (1);
  int first = get_group_id (0) * SIDE, head = get_group_id (1);
  int position = first + line;
  int width = heads * HEAD_DIM, stride = 3 * width;
  int n_keys = CAUSAL ? min (first + SIDE, length) : length;
  int n_seen = CAUSAL ? min (position + 1, length) : length;
  float sum[PER_ITEM], largest = -INFINITY, total = 0.0f;

  qkv += (size_t) get_global_id (2) * length * stride + head * HEAD_DIM;
  out += (size_t) get_global_id (2) * length * width + head * HEAD_DIM;
  for (int i = 0; i < PER_ITEM; i++)
    sum[i] = 0.0f;
  for (int d = column; d < HEAD_DIM; d += SIDE)
    queries[line][d] = qkv[(size_t) min (position, length - 1) * stride + d] * scale;

  for (int j = 0; j < n_keys; j += SIDE)
    {
      global const float *key = qkv + (size_t) min (j + line, n_keys - 1) * stride + width;
      float product = 0.0f, before = largest, correction;

      for (int d = column; d < HEAD_DIM; d += SIDE)
        {
          keys[line][d] = key[d];
          values[line][d] = key[width + d];
        }
      barrier (CLK_LOCAL_MEM_FENCE);
      for (int d = 0; d < HEAD_DIM; d++)
        product += queries[line][d] * keys[column][d];
      if (j + column >= n_seen)
        product = -INFINITY;
      weights[line][column] = product;
      barrier (CLK_LOCAL_MEM_FENCE);
      for (int k = 0; k < SIDE; k++)
        largest = fmax (largest, weights[line][k]);
      barrier (CLK_LOCAL_MEM_FENCE);
      weights[line][column] = exp (product - largest);
      barrier (CLK_LOCAL_MEM_FENCE);
      correction = exp (before - largest);
      total *= correction;
      for (int k = 0; k < SIDE; k++)
        total += weights[line][k];
      for (int i = 0; i < PER_ITEM; i++)
        {
          int d = min (column + SIDE * i, HEAD_DIM - 1);

          sum[i] *= correction;
          for (int k = 0; k < SIDE; k++)
            sum[i] += weights[line][k] * values[k][d];
        }
      barrier (CLK_LOCAL_MEM_FENCE);
    }
  if (position < length)
    for (int i = 0; i < PER_ITEM; i++)
      if (column + SIDE * i < HEAD_DIM)
        out[(size_t) position * width + column + SIDE * i] = sum[i] / total;
}

#endif
