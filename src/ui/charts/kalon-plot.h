/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The drawing of a chart: lines that differ in colour, dashes and markers, or bars; axes, a line of
 * reference, intervals, a legend. Pointer and arrow keys look at one point after the other, whose
 * values are shown and told to screen readers. Colours come from the style ("kalon_series_1" to
 * "..._4", accent colour, text); text follows the font. Mirrored where reading begins from the
 * right. Main thread.
 */

#include <gtk/gtk.h>

#include "chart-data/kalon-chart-data.h"

G_BEGIN_DECLS

#define KALON_TYPE_PLOT (kalon_plot_get_type ())
G_DECLARE_FINAL_TYPE (KalonPlot, kalon_plot, KALON, PLOT, GtkWidget)

GtkWidget *kalon_plot_new (void);

/* @data: (nullable): copied */
void kalon_plot_set_data (KalonPlot *self, const KalonChartData *data);
/* (transfer none) (nullable) */
const KalonChartData *kalon_plot_get_data (KalonPlot *self);

/* The point that is looked at; %FALSE when none is. */
gboolean kalon_plot_get_current (KalonPlot *self, gsize *i);

G_END_DECLS
