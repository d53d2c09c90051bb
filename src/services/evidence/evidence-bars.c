/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

void
kalon_evidence_add_estimates (KalonReportSection *section, const char *id, const char *name,
                              const KalonChartData *chart, const KalonEstimate *values)
{
  g_autofree double *means = g_new (double, chart->n);
  g_autofree double *low = g_new (double, chart->n);
  g_autofree double *high = g_new (double, chart->n);
  const KalonChartSeries series = { name, means, low, high };
  KalonChartData whole = *chart;

  for (gsize i = 0; i < chart->n; i++)
    {
      means[i] = values[i].mean;
      low[i] = values[i].low;
      high[i] = values[i].high;
    }
  whole.series = &series;
  whole.n_series = 1;
  kalon_report_section_add_chart (section, id, &whole);
}

void
kalon_evidence_add_bars (KalonReportSection *section, const char *id, const char *title,
                         const char *x_title, const char *y_title, const char *const *labels,
                         const KalonEstimate *values, gsize n, KalonChartUnit unit,
                         double reference, const char *reference_name)
{
  const KalonChartData data = {
    .kind = KALON_CHART_BARS,
    .title = title,
    .x_title = x_title,
    .y_title = y_title,
    .n = n,
    .labels = labels,
    .unit = unit,
    .min = NAN,
    .max = NAN,
    .reference = reference,
    .reference_name = reference_name,
  };

  kalon_evidence_add_estimates (section, id, y_title, &data, values);
}
