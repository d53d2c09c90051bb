/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "chart-data/kalon-chart-data.h"
#include "charts/kalon-plot.h"

G_BEGIN_DECLS

struct _KalonPlot
{
  GtkWidget parent_instance;

  KalonChartData *data; /* (nullable) */
  gboolean has_current;
  gsize current;
};

/*
 * One drawing of a plot. Coordinates run from the start of the line to its end, whichever side that
 * is; what is drawn is mirrored where it is the right one.
 */
typedef struct
{
  KalonPlot *plot;
  const KalonChartData *data;
  cairo_t *cr;
  double width, height;
  gboolean mirrored;
  double line; /* height of a line of text */
  GdkRGBA text, series[KALON_CHART_MAX_SERIES], ground;
  double min, max; /* of values */
  /* Where values lie. */
  double start, end, top, bottom;
} KalonPlotDrawing;

typedef enum
{
  KALON_PLOT_FROM,   /* the text begins there */
  KALON_PLOT_CENTRE, /* is around it */
  KALON_PLOT_TO,     /* ends there */
} KalonPlotAnchor;

/* plot-drawing.c */

/* @cr: (nullable): only to ask where things lie */
void kalon_plot_drawing_init (KalonPlotDrawing *drawing, KalonPlot *plot, cairo_t *cr);
void kalon_plot_set_colour (KalonPlotDrawing *drawing, const GdkRGBA *colour, double alpha);
double kalon_plot_get_x (const KalonPlotDrawing *drawing, double x);
double kalon_plot_measure_text (KalonPlotDrawing *drawing, const char *text);
/* @y: of its middle. @room: pixels at most, else it is cut short; 0: as many as it takes */
void kalon_plot_draw_text (KalonPlotDrawing *drawing, const char *text, double x, double y,
                           KalonPlotAnchor anchor, double room);
/* On whole pixels, one wide. */
void kalon_plot_draw_rule (KalonPlotDrawing *drawing, double x1, double y1, double x2, double y2);
/* The stroke and the marker of a series; markers tell them apart without colour or dashes. */
void kalon_plot_set_stroke (KalonPlotDrawing *drawing, gsize series);
void kalon_plot_draw_marker (KalonPlotDrawing *drawing, gsize series, double x, double y);
/* The values of the point that is looked at, in a box beside @x, @y. */
void kalon_plot_draw_values (KalonPlotDrawing *drawing, double x, double y);
/* From @top down; returns its height. Without @drawing->cr only that. */
double kalon_plot_draw_legend (KalonPlotDrawing *drawing, double top);

/* plot-lines.c */
void kalon_plot_draw_lines (KalonPlotDrawing *drawing);
/* Which point is nearest to that place of the widget. */
gsize kalon_plot_find_line_point (KalonPlotDrawing *drawing, double x);

/* plot-bars.c */
int kalon_plot_get_bars_height (KalonPlotDrawing *drawing);
void kalon_plot_draw_bars (KalonPlotDrawing *drawing);
gsize kalon_plot_find_bar (KalonPlotDrawing *drawing, double y);

G_END_DECLS
