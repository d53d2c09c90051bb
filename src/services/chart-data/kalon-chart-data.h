/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a chart shows, and the same in words and as a table; where it lies on an axis. Drawn by the
 * window and by reports. Pure; any thread. */

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  KALON_CHART_LINES, /* over a row of numbers */
  KALON_CHART_BARS,  /* one for each label, from the first down */
} KalonChartKind;

typedef enum
{
  KALON_CHART_NUMBER,
  KALON_CHART_SHARE, /* 0 to 1, said in per cent */
} KalonChartUnit;

/**
 * KalonChartSeries:
 * @values: [n]; NaN: nothing there
 * @low, @high: (nullable) both or none: [n]: an interval around each value
 */
typedef struct
{
  const char *name;
  const double *values;
  const double *low;
  const double *high;
} KalonChartSeries;

#define KALON_CHART_MAX_SERIES 4

/**
 * KalonChartData:
 * @title: what it is about
 * @x_title, @y_title: what an x is ("Thumb"), and what the values are
 * @n: values in each series, at least 1
 * @x: [n], rising; of lines
 * @labels: [n]; of bars
 * @series: [n_series]: 1 to %KALON_CHART_MAX_SERIES; of bars the first is shown
 * @min, @max: of the axis of values; both NaN: those of the values
 * @reference: a line across, NaN: none; @reference_name: (nullable): what it is
 */
typedef struct
{
  KalonChartKind kind;
  const char *title;
  const char *x_title;
  const char *y_title;
  gsize n;
  const double *x;
  const char *const *labels;
  const KalonChartSeries *series;
  gsize n_series;
  KalonChartUnit unit;
  double min, max;
  double reference;
  const char *reference_name;
} KalonChartData;

/* (transfer full) */
KalonChartData *kalon_chart_data_copy (const KalonChartData *data);
void kalon_chart_data_free (KalonChartData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonChartData, kalon_chart_data_free)

/* The axis of values: never of no length. */
void kalon_chart_data_get_range (const KalonChartData *data, double *min, double *max);

/*
 * Texts: (transfer full)
 */

/* "84 %", "0.25"; "–" for NaN. @decimals: of a number */
char *kalon_chart_data_format (const KalonChartData *data, double value, guint decimals);
/* Of numbers in words and tables. */
#define KALON_CHART_DECIMALS 2
/* "12", or a bar's label. */
char *kalon_chart_data_format_x (const KalonChartData *data, gsize i);
/* "Thumb 12\nunseen pairs in order: 84 %\n..." */
char *kalon_chart_data_describe_point (const KalonChartData *data, gsize i);
/* All of it in a few sentences. */
char *kalon_chart_data_describe (const KalonChartData *data);

/* The table: the x, then of each series its values and interval. */
guint kalon_chart_data_get_n_columns (const KalonChartData *data);
char *kalon_chart_data_format_title (const KalonChartData *data, guint column);
char *kalon_chart_data_format_cell (const KalonChartData *data, gsize row, guint column);
/* RFC 4180, with titles; numbers as they are, with a point. */
char *kalon_chart_data_format_csv (const KalonChartData *data);

/*
 * Where values lie on an axis.
 */

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
