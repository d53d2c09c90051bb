/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Put in front of every kernel source; see README.md.
 *
 * Build options:
 *   VEC    floats per vector: 16, 8 or 4
 *   GROUP  1: form for GPUs, work-groups that share local memory;
 *          0: form for CPUs, each work-item works alone in registers
 *   LANES  work-items that share one row in the row-wise kernels, a power of two; 1 when not GROUP
 */
#ifndef VEC
#define VEC 16
#endif
#ifndef GROUP
#define GROUP 0
#endif
#ifndef LANES
#define LANES 1
#endif

/* A product and a sum may become one instruction where there is one. The builtin mad() does not
 * do: PoCL makes two instructions of it. */
#pragma OPENCL FP_CONTRACT ON

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_ (a, b)

typedef PASTE (float, VEC) floatv;
typedef PASTE (int, VEC) intv;
#define vloadv PASTE (vload, VEC)
#define vload_halfv PASTE (vload_half, VEC)
#define as_floatv PASTE (as_float, VEC)
#define as_intv PASTE (as_int, VEC)

/* To memory where any float may start. PoCL's vstore16() writes four pieces; a pointer to vectors
 * of lower alignment makes it one, but only Clang promises to understand that. */
#if GROUP
#define storev(value, address) PASTE (vstore, VEC) (value, 0, address)
#else
typedef floatv floatv_anywhere __attribute__ ((aligned (4)));
#define storev(value, address) (*(global floatv_anywhere *) (address) = (value))
#endif

#if VEC == 16
#define LANE_NUMBERS ((intv) (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#elif VEC == 8
#define LANE_NUMBERS ((intv) (0, 1, 2, 3, 4, 5, 6, 7))
#else
#define LANE_NUMBERS ((intv) (0, 1, 2, 3))
#endif

#define REDUCE(name, combine)                                                                      \
  static inline float name (floatv v)                                                                     \
  {                                                                                                \
    float4 four = REDUCE_TO_FOUR (v, combine);                                                     \
    float2 two = combine (four.lo, four.hi);                                                       \
                                                                                                   \
    return combine (two.lo, two.hi);                                                               \
  }
#if VEC == 16
#define REDUCE_TO_FOUR(v, combine)                                                                 \
  combine (combine (v.lo.lo, v.lo.hi), combine (v.hi.lo, v.hi.hi))
#elif VEC == 8
#define REDUCE_TO_FOUR(v, combine) combine (v.lo, v.hi)
#else
#define REDUCE_TO_FOUR(v, combine) (v)
#endif

#define PLUS(a, b) ((a) + (b))
REDUCE (sum_of, PLUS)
REDUCE (largest_of, fmax)

/* One row, LANES work-items: each adds up its part, all get the total. */
#if LANES == 1
#define LANE 0
#define ROW_SCRATCH
#define row_sum(value) (value)
#define row_max(value) (value)
#else
#define LANE ((int) get_local_id (0))
#define ROW_SCRATCH local float row_scratch[LANES];
#define row_sum(value) row_sum_of (value, row_scratch)
#define row_max(value) row_max_of (value, row_scratch)
#define ROW_REDUCE(name, combine)                                                                  \
  static inline float name (float value, local float *scratch)                                            \
  {                                                                                                \
    float total;                                                                                   \
                                                                                                   \
    scratch[LANE] = value;                                                                         \
    for (int half_way = LANES / 2; half_way > 0; half_way /= 2)                                    \
      {                                                                                            \
        barrier (CLK_LOCAL_MEM_FENCE);                                                             \
        if (LANE < half_way)                                                                       \
          scratch[LANE] = combine (scratch[LANE], scratch[LANE + half_way]);                       \
      }                                                                                            \
    barrier (CLK_LOCAL_MEM_FENCE);                                                                 \
    total = scratch[0];                                                                            \
    barrier (CLK_LOCAL_MEM_FENCE);                                                                 \
    return total;                                                                                  \
  }
ROW_REDUCE (row_sum_of, PLUS)
ROW_REDUCE (row_max_of, fmax)
#endif

/* What one work-item of a row-wise kernel sees of a row: whole vectors, then single floats. */
#define FOR_VECTORS(i, dim) for (int i = LANE * VEC; i + VEC <= (dim); i += LANES * VEC)
#define FOR_REST(i, dim) for (int i = (dim) - (dim) % VEC + LANE; i < (dim); i += LANES)

/* What a work-item computes with: a vector where it works alone, one float in a work-group. */
#if GROUP
typedef float real;
typedef int integer;
#define as_real as_float
#define as_integer as_int
#else
typedef floatv real;
typedef intv integer;
#define as_real as_floatv
#define as_integer as_intv
#endif

/*
 * e^x to about 2e-7 of its value, x taken between -87 and 88 (where e^x is as good as 0 or infinity).
 * x = n ln 2 + r, n by adding 1.5 2^23 (the sum's low bits are then n); e^r by the polynomial of
 * Cephes' expf (S. Moshier), error 2e-8 on |r| <= ln 2 / 2. Written out because a call of the
 * library's exp() inside a register tile would save and restore all of it. NaN stays NaN.
 */
#define DEFINE_EXP(name, T, I, as_T, as_I)                                                         \
  static inline T name (T x)                                                                              \
  {                                                                                                \
    T floored = x < -87.0f ? (T) (-87.0f) : x;                                                     \
    T clamped = floored > 88.0f ? (T) (88.0f) : floored;                                           \
    T shifted = clamped * 1.44269504f + 12582912.0f;                                               \
    T n = shifted - 12582912.0f;                                                                   \
    T r = clamped - n * 0.693359375f + n * 2.12194440e-4f;                                         \
    T p = 1.9875691500e-4f;                                                                        \
                                                                                                   \
    p = p * r + 1.3981999507e-3f;                                                                  \
    p = p * r + 8.3334519073e-3f;                                                                  \
    p = p * r + 4.1665795894e-2f;                                                                  \
    p = p * r + 1.6666665459e-1f;                                                                  \
    p = p * r + 5.0000001201e-1f;                                                                  \
    p = p * r * r + r + 1.0f;                                                                      \
    return p * as_T ((as_I (shifted) + 127) << 23);                                                \
  }
DEFINE_EXP (exp_vector, floatv, intv, as_floatv, as_intv)
DEFINE_EXP (exp_real, real, integer, as_real, as_integer)
