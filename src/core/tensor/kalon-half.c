/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IEEE 754 binary16 has 1 sign, 5 exponent (bias 15) and 10 fraction bits; bfloat16 is the upper
 * half of a binary32. Both are converted by integers, so the answer depends neither on the
 * processor nor on its rounding mode.
 */
#include <string.h>

#include "tensor/kalon-tensor.h"

static guint32
float_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static float
bits_float (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Drops the lowest @n bits, rounding to nearest, ties to even. */
static guint32
round_off (guint32 bits, guint n)
{
  guint32 odd = (bits >> n) & 1;

  return (bits + ((1u << (n - 1)) - 1) + odd) >> n;
}

guint16
kalon_f32_to_f16 (float value)
{
  guint32 bits = float_bits (value);
  guint16 sign = (bits >> 16) & 0x8000;
  guint32 magnitude = bits & 0x7fffffff;

  if (magnitude > 0x7f800000) /* NaN: quiet, upper payload kept */
    return sign | 0x7e00 | ((magnitude >> 13) & 0x1ff);
  if (magnitude >= 0x47800000) /* 65536 and above, and infinity */
    return sign | 0x7c00;
  if (magnitude >= 0x38800000) /* normal: rebias 127 to 15; a carry out of the fraction is right */
    return sign | round_off (magnitude - (112u << 23), 13);
  if (magnitude >= 0x33000000) /* subnormal: from 2^-25, which ties to zero */
    {
      guint32 fraction = (magnitude & 0x7fffff) | 0x800000;

      return sign | round_off (fraction, 126 - (magnitude >> 23));
    }
  return sign;
}

float
kalon_f16_to_f32 (guint16 value)
{
  guint32 sign = (guint32) (value & 0x8000) << 16;
  guint32 magnitude = value & 0x7fff;

  if (magnitude >= 0x7c00) /* infinity, NaN */
    return bits_float (sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
  if (magnitude >= 0x0400)
    return bits_float (sign | ((magnitude << 13) + (112u << 23)));
  /* Subnormal: an integer count of 2^-24, exact in binary32. */
  return bits_float (sign | float_bits ((float) magnitude * 0x1p-24f));
}

guint16
kalon_f32_to_bf16 (float value)
{
  guint32 bits = float_bits (value);

  if ((bits & 0x7fffffff) > 0x7f800000)
    return (bits >> 16) | 0x0040;
  return round_off (bits, 16);
}

float
kalon_bf16_to_f32 (guint16 value)
{
  return bits_float ((guint32) value << 16);
}

/* Without branches, so that the compiler makes vectors of it: the bits of a half, moved into a
 * float's place, are its value times 2^-112; multiplying also brings subnormals right. */
void
kalon_f16_to_f32_array (const guint16 *from, float *to, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 magnitude = (guint32) (from[i] & 0x7fff) << 13;
      guint32 not_finite = magnitude >= (0x7c00u << 13) ? 0x7f800000 : 0;
      guint32 sign = (guint32) (from[i] & 0x8000) << 16;

      to[i] = bits_float (float_bits (bits_float (magnitude) * 0x1p112f) | not_finite | sign);
    }
}

void
kalon_f32_to_f16_array (const float *from, guint16 *to, gsize n)
{
  for (gsize i = 0; i < n; i++)
    to[i] = kalon_f32_to_f16 (from[i]);
}
