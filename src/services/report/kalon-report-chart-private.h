/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What charts in the page are drawn with. Numbers are written with a point in every locale. */

#include "report/kalon-report-private.h"

G_BEGIN_DECLS

/* In units of the drawing, in which text is 12: small enough that it can be read where the page is
 * 360 px wide. */
#define KALON_SVG_WIDTH 440
#define KALON_SVG_LINES_HEIGHT 250
/* A character's width is not known here: of 12 units of text, on the wide side. */
#define KALON_SVG_CHARACTER 6.7

/* ' NAME="12.5"' */
void kalon_svg_append_attribute (GString *svg, const char *name, double value);
/* "M12.5 3.0" */
void kalon_svg_append_point (GString *svg, char command, double x, double y);
void
kalon_svg_append_rule (GString *svg, const char *class, double x1, double y1, double x2, double y2);
/* @anchor: "start", "middle", "end" */
void kalon_svg_append_text (GString *svg, const char *class, const char *anchor, double x, double y,
                            const char *text);
void kalon_svg_append_marker (GString *svg, gsize series, double x, double y);
/* (transfer full): "84 %", "−0.25"; @decimals: of the number, of which a share's first two make the
 * per cent */
char *kalon_svg_format_value (const KalonChartData *data, double value, guint decimals);

void kalon_svg_append_lines (GString *svg, const KalonChartData *data);
void kalon_svg_append_bars (GString *svg, const KalonChartData *data);
double kalon_svg_get_bars_height (const KalonChartData *data);

G_END_DECLS
