/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "training/training-text.h"

/* Of a normal distribution: 95 % lie within so many deviations. */
#define DEVIATIONS 1.959964

void
kalon_training_find_interval (double share, guint n, double *low, double *high)
{
  const double z2 = DEVIATIONS * DEVIATIONS;
  double middle, half;

  g_return_if_fail (share >= 0 && share <= 1 && n > 0);

  middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  half = DEVIATIONS * sqrt (share * (1 - share) / n + z2 / (4.0 * n * n)) / (1 + z2 / n);
  *low = MAX (0, middle - half);
  *high = MIN (1, middle + half);
}

/* Numbers of thumbs, from 1. (transfer full) */
static double *
count_thumbs (guint n)
{
  double *x = g_new (double, n);

  for (guint i = 0; i < n; i++)
    x[i] = i + 1;
  return x;
}

KalonChartData *
kalon_training_make_curve (const KalonTasteReport *report)
{
  guint n = report->curve->len;
  g_autofree double *x = NULL, *values = NULL, *low = NULL, *high = NULL;
  KalonChartSeries series = { .name = _ ("Unseen pairs that come out right") };

  /* One point is no line. */
  if (n < 2)
    return NULL;
  x = count_thumbs (n);
  values = g_new (double, n);
  low = g_new (double, n);
  high = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      const KalonTasteCheck *check = &g_array_index (report->curve, KalonTasteCheck, i);

      values[i] = low[i] = high[i] = NAN;
      if (check->n == 0)
        continue;
      values[i] = CLAMP (check->agreement, 0, 1);
      kalon_training_find_interval (values[i], check->n, &low[i], &high[i]);
    }
  series.values = values;
  series.low = low;
  series.high = high;
  return kalon_chart_data_copy (&(KalonChartData){
      .kind = KALON_CHART_LINES,
      .title = _ ("Learning curve"),
      .x_title = C_ ("axis of a chart", "Thumb"),
      .y_title = series.name,
      .n = n,
      .x = x,
      .series = &series,
      .n_series = 1,
      .unit = KALON_CHART_SHARE,
      .min = 0,
      .max = 1,
      .reference = 0.5,
      .reference_name = _ ("Chance"),
  });
}

KalonChartData *
kalon_training_make_trust (const KalonTasteReport *report)
{
  guint n = report->curve->len;
  g_autofree double *x = NULL, *values = NULL;
  KalonChartSeries series = { .name = _ ("Trust") };
  gboolean moved = FALSE;

  x = count_thumbs (n);
  values = g_new (double, n);
  for (guint i = 0; i < n; i++)
    {
      const KalonTasteCheck *check = &g_array_index (report->curve, KalonTasteCheck, i);

      values[i] = check->active ? check->scale : 0;
      moved |= values[i] < 1;
    }
  /* A line along the top says nothing that the words do not. */
  if (n < 2 || !moved)
    return NULL;
  series.values = values;
  return kalon_chart_data_copy (&(KalonChartData){
      .kind = KALON_CHART_LINES,
      .title = _ ("How far what was learned is trusted in the ranking"),
      .x_title = C_ ("axis of a chart", "Thumb"),
      .y_title = series.name,
      .n = n,
      .x = x,
      .series = &series,
      .n_series = 1,
      .unit = KALON_CHART_SHARE,
      .min = 0,
      .max = 1,
      .reference = NAN,
  });
}

KalonChartData *
kalon_training_make_drift (const KalonTasteReport *report)
{
  guint n = report->drifts->len;
  g_autofree double *values = NULL;
  g_autofree const char **labels = NULL;
  KalonChartSeries series = { .name = _ ("Ten best that stay") };

  if (n == 0)
    return NULL;
  values = g_new (double, n);
  labels = g_new (const char *, n);
  for (guint i = 0; i < n; i++)
    {
      const KalonTasteDrift *drift = g_ptr_array_index (report->drifts, i);

      values[i] = drift->overlap;
      labels[i] = drift->query;
    }
  series.values = values;
  return kalon_chart_data_copy (&(KalonChartData){
      .kind = KALON_CHART_BARS,
      .title = _ ("Of the ten best for each query, those that stay"),
      .x_title = C_ ("axis of a chart", "Query"),
      .y_title = series.name,
      .n = n,
      .labels = labels,
      .series = &series,
      .n_series = 1,
      .unit = KALON_CHART_SHARE,
      .min = 0,
      .max = 1,
      .reference = NAN,
  });
}
