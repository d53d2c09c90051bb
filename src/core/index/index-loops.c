/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <math.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Sums of the similarity's definition, see kalon-index.h. */
#define LANES 64

/* Exact for every finite f16: the exponent is moved by a multiplication, which also makes normal
 * floats of subnormal halves. */
static inline float
half_value (guint16 half)
{
  union
  {
    guint32 bits;
    float value;
  } v = { .bits = (guint32) (half & 0x7fff) << 13 };

  v.value *= 0x1p112f;
  v.bits |= (guint32) (half & 0x8000) << 16;
  return v.value;
}

static void
dot_codes_portable (const guint8 *codes, const gint8 *levels, gsize stride, gint32 *dots)
{
  for (gsize row = 0; row < KALON_INDEX_GROUP_ROWS; row++)
    {
      const guint8 *c = codes + row * stride;
      gint32 high = 0, low = 0;

      for (gsize i = 0; i < stride; i++)
        {
          high += (gint32) c[i] * levels[i];
          low += (gint32) c[i] * levels[stride + i];
        }
      dots[row] = 128 * high + low;
    }
}

static float
dot_half_portable (const guint16 *half, const float *query, gsize stride)
{
  float sums[LANES] = { 0 };

  for (gsize i = 0; i < stride; i += LANES)
    for (gsize lane = 0; lane < LANES; lane++)
      sums[lane] = fmaf (half_value (half[i + lane]), query[i + lane], sums[lane]);
  for (gsize n = LANES / 2; n > 0; n /= 2)
    for (gsize lane = 0; lane < n; lane++)
      sums[lane] += sums[lane + n];
  return sums[0];
}

#if defined(__x86_64__)

/* A page ahead, where the processor's own prefetching stops. */
#define PREFETCH 4096

#define AVX2 __attribute__ ((target ("avx2,fma,f16c")))
#define AVX512 __attribute__ ((target ("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")))

/* 16 products of a code and a level, summed in pairs. */
AVX2 static inline __m256i
multiply_16 (__m256i codes, const gint8 *levels)
{
  return _mm256_madd_epi16 (codes,
                            _mm256_cvtepi8_epi16 (_mm_loadu_si128 ((const __m128i *) levels)));
}

AVX2 static void
dot_codes_avx2 (const guint8 *codes, const gint8 *levels, gsize stride, gint32 *dots)
{
  for (gsize row = 0; row < KALON_INDEX_GROUP_ROWS; row++)
    {
      const guint8 *c = codes + row * stride;
      __m256i high = _mm256_setzero_si256 (), low = high;

      for (gsize i = 0; i < stride; i += 16)
        {
          __m256i wide = _mm256_cvtepu8_epi16 (_mm_loadu_si128 ((const __m128i *) (c + i)));

          _mm_prefetch (c + i + PREFETCH, _MM_HINT_T0);
          high = _mm256_add_epi32 (high, multiply_16 (wide, levels + i));
          low = _mm256_add_epi32 (low, multiply_16 (wide, levels + stride + i));
        }
      high = _mm256_add_epi32 (_mm256_slli_epi32 (high, 7), low);
      __m128i s = _mm_add_epi32 (_mm256_castsi256_si128 (high), _mm256_extracti128_si256 (high, 1));
      s = _mm_add_epi32 (s, _mm_shuffle_epi32 (s, 0x4e));
      s = _mm_add_epi32 (s, _mm_shuffle_epi32 (s, 0xb1));
      dots[row] = _mm_cvtsi128_si32 (s);
    }
}

/* The last three halvings: 8 sums to one. */
AVX2 static inline float
sum_8 (__m256 v)
{
  __m128 s = _mm_add_ps (_mm256_castps256_ps128 (v), _mm256_extractf128_ps (v, 1));
  s = _mm_add_ps (s, _mm_movehl_ps (s, s));
  s = _mm_add_ss (s, _mm_movehdup_ps (s));
  return _mm_cvtss_f32 (s);
}

AVX2 static float
dot_half_avx2 (const guint16 *half, const float *query, gsize stride)
{
  __m256 sums[LANES / 8];

  for (guint j = 0; j < LANES / 8; j++)
    sums[j] = _mm256_setzero_ps ();
  for (gsize i = 0; i < stride; i += LANES)
    for (guint j = 0; j < LANES / 8; j++)
      {
        __m128i h = _mm_loadu_si128 ((const __m128i *) (half + i + 8 * j));
        sums[j]
            = _mm256_fmadd_ps (_mm256_cvtph_ps (h), _mm256_loadu_ps (query + i + 8 * j), sums[j]);
      }
  for (guint n = LANES / 16; n > 0; n /= 2)
    for (guint j = 0; j < n; j++)
      sums[j] = _mm256_add_ps (sums[j], sums[j + n]);
  return sum_8 (sums[0]);
}

/* A row at a time: several at once would share the loads of the query, but memory read in one
 * stream is twice as fast as in four, and that is what the time goes into. */
AVX512 static void
dot_codes_avx512 (const guint8 *codes, const gint8 *levels, gsize stride, gint32 *dots)
{
  for (gsize row = 0; row < KALON_INDEX_GROUP_ROWS; row++)
    {
      const guint8 *c = codes + row * stride;
      __m512i high = _mm512_setzero_si512 (), low = high;

      for (gsize i = 0; i < stride; i += 64)
        {
          __m512i wide = _mm512_loadu_si512 (c + i);

          _mm_prefetch (c + i + PREFETCH, _MM_HINT_T0);
          high = _mm512_dpbusd_epi32 (high, wide, _mm512_loadu_si512 (levels + i));
          low = _mm512_dpbusd_epi32 (low, wide, _mm512_loadu_si512 (levels + stride + i));
        }
      dots[row] = _mm512_reduce_add_epi32 (_mm512_add_epi32 (_mm512_slli_epi32 (high, 7), low));
    }
}

AVX512 static float
dot_half_avx512 (const guint16 *half, const float *query, gsize stride)
{
  __m512 sums[LANES / 16];

  for (guint j = 0; j < LANES / 16; j++)
    sums[j] = _mm512_setzero_ps ();
  for (gsize i = 0; i < stride; i += LANES)
    for (guint j = 0; j < LANES / 16; j++)
      {
        __m256i h = _mm256_loadu_si256 ((const __m256i *) (half + i + 16 * j));
        sums[j]
            = _mm512_fmadd_ps (_mm512_cvtph_ps (h), _mm512_loadu_ps (query + i + 16 * j), sums[j]);
      }
  sums[0] = _mm512_add_ps (_mm512_add_ps (sums[0], sums[2]), _mm512_add_ps (sums[1], sums[3]));
  __m256 low = _mm512_castps512_ps256 (sums[0]);
  __m256 high = _mm256_castpd_ps (_mm512_extractf64x4_pd (_mm512_castps_pd (sums[0]), 1));
  return sum_8 (_mm256_add_ps (low, high));
}

#endif

const KalonIndexLoops *
kalon_index_get_loops (void)
{
  static const KalonIndexLoops all[] = {
#if defined(__x86_64__)
    { "avx512", dot_codes_avx512, dot_half_avx512 },
    { "avx2", dot_codes_avx2, dot_half_avx2 },
#endif
    { "portable", dot_codes_portable, dot_half_portable },
    { NULL },
  };
  const KalonIndexLoops *first = all;

#if defined(__x86_64__)
  gboolean avx2 = __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
  if (!(avx2 && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
        && __builtin_cpu_supports ("avx512vnni")))
    first++;
  /* Every processor with AVX2 has F16C, which GCC 12 has no name for here. */
  if (!avx2)
    first++;
#endif
  return first;
}
