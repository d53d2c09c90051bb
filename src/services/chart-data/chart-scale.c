/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "chart-data/kalon-chart-data.h"

#include <math.h>

/* Of a step: a tick that rounding puts beside the end of the axis is at it. */
#define TOLERANCE 1e-9

static double
round_up_to_nice (double step)
{
  double power = pow (10, floor (log10 (step)));
  double mantissa = step / power;

  if (mantissa <= 1 + TOLERANCE)
    return power;
  if (mantissa <= 2 + TOLERANCE)
    return 2 * power;
  return mantissa <= 5 + TOLERANCE ? 5 * power : 10 * power;
}

static guint
count (double min, double max, double step, double *first)
{
  *first = ceil (min / step - TOLERANCE) * step;
  return (guint) MAX (0, floor ((max - *first) / step + TOLERANCE) + 1);
}

void
kalon_chart_find_ticks (double min, double max, guint max_ticks, KalonChartTicks *ticks)
{
  g_return_if_fail (isfinite (min) && isfinite (max) && min <= max);
  g_return_if_fail (max_ticks >= 2 && ticks != NULL);

  if (max - min <= 0)
    {
      *ticks = (KalonChartTicks){ min, 1, 1, 0 };
      return;
    }
  /* n ticks take n - 1 steps, or up to n + 1 where both ends of the axis lie between ticks. */
  ticks->step = round_up_to_nice ((max - min) / (max_ticks + 1));
  while ((ticks->n = count (min, max, ticks->step, &ticks->first)) > max_ticks)
    ticks->step = round_up_to_nice (ticks->step * 1.5);
  ticks->decimals = (guint) MAX (0, -floor (log10 (ticks->step) + TOLERANCE));
}

double
kalon_chart_map (double value, double min, double max, double from, double to)
{
  if (max - min <= 0)
    return (from + to) / 2;
  return from + (value - min) / (max - min) * (to - from);
}

gsize
kalon_chart_find_nearest (const double *x, gsize n, double value)
{
  gsize low = 0, high = n;

  g_return_val_if_fail (x != NULL && n > 0, 0);

  /* The first that is not below @value. */
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (x[middle] < value)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == n)
    return n - 1;
  return low > 0 && value - x[low - 1] <= x[low] - value ? low - 1 : low;
}
