/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

void
kalon_evidence_add_bars (KalonReportSection *section, const char *id, const char *title,
                         const char *x_title, const char *y_title, const char *const *labels,
                         const KalonEstimate *values, gsize n, KalonChartUnit unit,
                         double reference, const char *reference_name)
{
  g_autofree double *means = g_new (double, n);
  g_autofree double *low = g_new (double, n);
  g_autofree double *high = g_new (double, n);
  const KalonChartSeries series = { .name = y_title, .values = means, .low = low, .high = high };
  const KalonChartData data = {
    .kind = KALON_CHART_BARS,
    .title = title,
    .x_title = x_title,
    .y_title = y_title,
    .n = n,
    .labels = labels,
    .series = &series,
    .n_series = 1,
    .unit = unit,
    .min = NAN,
    .max = NAN,
    .reference = reference,
    .reference_name = reference_name,
  };

  for (gsize i = 0; i < n; i++)
    {
      means[i] = values[i].mean;
      low[i] = values[i].low;
      high[i] = values[i].high;
    }
  kalon_report_section_add_chart (section, id, &data);
}
