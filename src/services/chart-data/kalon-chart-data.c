/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "chart-data/kalon-chart-data.h"

/* Of shares: below it their decimals are shown. */
#define FINE_RANGE 0.1

static double *
copy_numbers (const double *numbers, gsize n)
{
  return numbers != NULL ? g_memdup2 (numbers, n * sizeof *numbers) : NULL;
}

static const char *const *
copy_labels (const char *const *labels, gsize n)
{
  char **copy = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    copy[i] = g_strdup (labels[i]);
  return (const char *const *) copy;
}

KalonChartData *
kalon_chart_data_copy (const KalonChartData *data)
{
  KalonChartData *copy;
  KalonChartSeries *series;

  g_return_val_if_fail (data != NULL && data->n > 0, NULL);
  g_return_val_if_fail (data->n_series >= 1 && data->n_series <= KALON_CHART_MAX_SERIES, NULL);
  g_return_val_if_fail (data->kind == KALON_CHART_BARS ? data->labels != NULL : data->x != NULL,
                        NULL);

  copy = g_memdup2 (data, sizeof *data);
  copy->title = g_strdup (data->title);
  copy->x_title = g_strdup (data->x_title);
  copy->y_title = g_strdup (data->y_title);
  copy->reference_name = g_strdup (data->reference_name);
  copy->x = copy_numbers (data->x, data->n);
  copy->labels = data->labels != NULL ? copy_labels (data->labels, data->n) : NULL;
  series = g_memdup2 (data->series, data->n_series * sizeof *series);
  for (gsize i = 0; i < data->n_series; i++)
    series[i] = (KalonChartSeries){ g_strdup (data->series[i].name),
                                    copy_numbers (data->series[i].values, data->n),
                                    copy_numbers (data->series[i].low, data->n),
                                    copy_numbers (data->series[i].high, data->n) };
  copy->series = series;
  return copy;
}

void
kalon_chart_data_free (KalonChartData *data)
{
  if (data == NULL)
    return;
  for (gsize i = 0; i < data->n_series; i++)
    {
      g_free ((gpointer) data->series[i].name);
      g_free ((gpointer) data->series[i].values);
      g_free ((gpointer) data->series[i].low);
      g_free ((gpointer) data->series[i].high);
    }
  g_free ((gpointer) data->series);
  g_strfreev ((GStrv) data->labels);
  g_free ((gpointer) data->x);
  g_free ((gpointer) data->title);
  g_free ((gpointer) data->x_title);
  g_free ((gpointer) data->y_title);
  g_free ((gpointer) data->reference_name);
  g_free (data);
}

static void
widen (const double *values, gsize n, double *min, double *max)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    if (isfinite (values[i]))
      {
        *min = MIN (*min, values[i]);
        *max = MAX (*max, values[i]);
      }
}

void
kalon_chart_data_get_range (const KalonChartData *data, double *min, double *max)
{
  g_return_if_fail (data != NULL && min != NULL && max != NULL);

  *min = data->min;
  *max = data->max;
  if (isfinite (*min) && isfinite (*max) && *min < *max)
    return;
  *min = isfinite (data->reference) ? data->reference : INFINITY;
  *max = isfinite (data->reference) ? data->reference : -INFINITY;
  for (gsize i = 0; i < data->n_series; i++)
    {
      widen (data->series[i].values, data->n, min, max);
      widen (data->series[i].low, data->n, min, max);
      widen (data->series[i].high, data->n, min, max);
    }
  if (*min > *max)
    *min = *max = 0;
  if (*max - *min <= 0)
    {
      *min -= 0.5;
      *max += 0.5;
    }
}

/* Where all of them lie close together, whole per cents would be the same. */
static char *
format_share (const KalonChartData *data, double value)
{
  double min, max;

  kalon_chart_data_get_range (data, &min, &max);
  if (max - min < FINE_RANGE)
    /* Translators: a share in per cent. */
    return g_strdup_printf (_ ("%.1f %%"), 100 * value);
  /* Translators: a share in per cent. */
  return g_strdup_printf (_ ("%.0f %%"), 100 * value);
}

char *
kalon_chart_data_format (const KalonChartData *data, double value, guint decimals)
{
  g_return_val_if_fail (data != NULL, NULL);

  if (!isfinite (value))
    return g_strdup ("–");
  if (data->unit == KALON_CHART_SHARE)
    return format_share (data, value);
  return g_strdup_printf ("%.*f", (int) decimals, value);
}

char *
kalon_chart_data_format_x (const KalonChartData *data, gsize i)
{
  g_return_val_if_fail (data != NULL && i < data->n, NULL);

  return data->labels != NULL ? g_strdup (data->labels[i]) : g_strdup_printf ("%'.0f", data->x[i]);
}

char *
kalon_chart_data_describe_point (const KalonChartData *data, gsize i)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *x = NULL;

  g_return_val_if_fail (data != NULL && i < data->n, NULL);

  x = kalon_chart_data_format_x (data, i);
  if (data->labels != NULL)
    g_string_append (text, x);
  else
    /* Translators: what is counted along a chart, and which one: "Thumb 12". */
    g_string_append_printf (text, C_ ("chart", "%s %s"), data->x_title, x);
  for (gsize j = 0; j < data->n_series; j++)
    {
      const KalonChartSeries *series = &data->series[j];
      g_autofree char *value
          = kalon_chart_data_format (data, series->values[i], KALON_CHART_DECIMALS);

      /* Translators: the name of a line of a chart, and its value. */
      g_string_append_printf (text, C_ ("chart", "\n%s: %s"), series->name, value);
      if (series->low != NULL && isfinite (series->low[i]) && isfinite (series->high[i]))
        {
          g_autofree char *low
              = kalon_chart_data_format (data, series->low[i], KALON_CHART_DECIMALS);
          g_autofree char *high
              = kalon_chart_data_format (data, series->high[i], KALON_CHART_DECIMALS);

          /* Translators: an interval, after the value that it is around. */
          g_string_append_printf (text, C_ ("chart", " (%s to %s)"), low, high);
        }
    }
  return g_strdup (text->str);
}

/* @first, @last, @lowest, @highest: (out): positions; FALSE where there is no value. */
static gboolean
find_extremes (const KalonChartData *data, const double *values, gsize *first, gsize *last,
               gsize *lowest, gsize *highest)
{
  gboolean found = FALSE;

  for (gsize i = 0; i < data->n; i++)
    if (isfinite (values[i]))
      {
        if (!found)
          *first = *lowest = *highest = i;
        *last = i;
        if (values[i] < values[*lowest])
          *lowest = i;
        if (values[i] > values[*highest])
          *highest = i;
        found = TRUE;
      }
  return found;
}

static void
describe_series (const KalonChartData *data, const KalonChartSeries *series, GString *text)
{
  gsize ends[4]; /* first, last, lowest, highest */
  char *values[4], *places[4];

  if (!find_extremes (data, series->values, &ends[0], &ends[1], &ends[2], &ends[3]))
    return;
  for (guint i = 0; i < 4; i++)
    {
      values[i] = kalon_chart_data_format (data, series->values[ends[i]], KALON_CHART_DECIMALS);
      places[i] = kalon_chart_data_format_x (data, ends[i]);
    }
  g_string_append_c (text, ' ');
  if (data->kind == KALON_CHART_BARS)
    /* Translators: the values of a bar chart, then the lowest and highest with their labels. */
    g_string_append_printf (text, _ ("%s: lowest %s (%s), highest %s (%s)."), series->name,
                            values[2], places[2], values[3], places[3]);
  else
    /* Translators: a line of a chart: its name; then value and place of its beginning and end, and
     * of its lowest and highest point. */
    g_string_append_printf (
        text, _ ("%s: from %s at %s to %s at %s, lowest %s at %s, highest %s at %s."), series->name,
        values[0], places[0], values[1], places[1], values[2], places[2], values[3], places[3]);
  for (guint i = 0; i < 4; i++)
    {
      g_free (values[i]);
      g_free (places[i]);
    }
}

char *
kalon_chart_data_describe (const KalonChartData *data)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (data != NULL, NULL);

  /* Translators: the title of a chart, as a sentence. */
  g_string_append_printf (text, C_ ("chart", "%s."), data->title);
  for (gsize i = 0; i < data->n_series; i++)
    describe_series (data, &data->series[i], text);
  if (isfinite (data->reference) && data->reference_name != NULL)
    {
      g_autofree char *value
          = kalon_chart_data_format (data, data->reference, KALON_CHART_DECIMALS);

      /* Translators: a line across a chart: what it is, and its value. */
      g_string_append_printf (text, _ (" %s: %s."), data->reference_name, value);
    }
  return g_strdup (text->str);
}
