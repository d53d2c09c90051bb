/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste.h"

/* One deviation below the mean of a normal distribution. */
#define LOWER_PERCENT 16

/* Hoare's quickselect: puts the element that belongs at @k there, no larger ones before it. */
static float
select_nth (float *values, gsize n, gsize k)
{
  gsize first = 0, last = n - 1;

  while (first < last)
    {
      float pivot = values[first + (last - first) / 2];
      gsize i = first, j = last;

      for (;;)
        {
          float value;

          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          value = values[i];
          values[i++] = values[j];
          values[j--] = value;
        }
      /* first .. j are no larger than the pivot, and what is behind no smaller. */
      if (k <= j)
        last = j;
      else
        first = j + 1;
    }
  return values[k];
}

float
kalon_taste_get_spread (const float *similarities, gsize n)
{
  g_autofree float *values = NULL;
  gsize middle, lower;
  float median;

  g_return_val_if_fail (similarities != NULL || n == 0, 0);

  if (n == 0)
    return 0;
  middle = (n - 1) / 2;
  lower = (n - 1) * LOWER_PERCENT / 100;
  values = g_memdup2 (similarities, n * sizeof *values);
  median = select_nth (values, n, middle);
  return median - select_nth (values, middle + 1, lower);
}
