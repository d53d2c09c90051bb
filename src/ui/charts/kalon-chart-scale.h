/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Where values lie on an axis. Pure. */

#include <glib.h>

G_BEGIN_DECLS

/* first, first + step, ... : @n of them; with @decimals they are told apart. */
typedef struct
{
  double first;
  double step;
  guint n;
  guint decimals;
} KalonChartTicks;

/**
 * kalon_chart_find_ticks:
 * @min, @max: of the axis, finite; the ticks lie in between, both included
 * @max_ticks: at least 2
 *
 * Steps of 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph labels", Graphics Gems
 * 1990), the smallest that gives @max_ticks at most.
 */
void kalon_chart_find_ticks (double min, double max, guint max_ticks, KalonChartTicks *ticks);

/* @value of [@min, @max] in [@from, @to]; the middle where @min is @max. */
double kalon_chart_map (double value, double min, double max, double from, double to);

/* The position of the nearest to @value; @x: [n], rising; @n at least 1. */
gsize kalon_chart_find_nearest (const double *x, gsize n, double value);

G_END_DECLS
