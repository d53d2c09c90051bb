/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A chart with its title, and a menu: the same numbers as a table, and copied as CSV. Main thread.
 * A boolean property, "table": the table is shown.
 */

#include <adwaita.h>

#include "charts/kalon-plot.h"

G_BEGIN_DECLS

#define KALON_TYPE_CHART (kalon_chart_get_type ())
G_DECLARE_FINAL_TYPE (KalonChart, kalon_chart, KALON, CHART, GtkWidget)

/* @data: (nullable): copied; nothing is shown without */
void kalon_chart_set_data (KalonChart *self, const KalonChartData *data);
KalonPlot *kalon_chart_get_plot (KalonChart *self);

G_END_DECLS
