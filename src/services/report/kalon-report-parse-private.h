/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What reading a report is made of. Each is %FALSE after a refusal that names the field. */

#include "report/kalon-report-private.h"

#include "input/kalon-input.h"

G_BEGIN_DECLS

/* A text that must be there. @text: (out) (transfer none) */
gboolean kalon_report_parse_text (const KalonSection *section, const char *key, const char **text,
                                  GError **error);
/* The text under "id". */
gboolean kalon_report_parse_id (const KalonSection *section, const char **id, GError **error);
/* One of @names; @i: (out): which. */
gboolean
kalon_report_parse_name (const KalonSection *section, const char *key, const char *const *names,
                         guint n_names, guint *i, GError **error);
gboolean kalon_report_parse_array (const KalonSection *section, const char *key, JsonArray **array,
                                   GError **error);
/* The object at @i of @array, which is under @key; @name: (inout): holds its name for messages */
gboolean kalon_report_parse_element (const KalonSection *section, const char *key, JsonArray *array,
                                     guint i, KalonSection *element, char **name, GError **error);

gboolean
kalon_report_parse_table (const KalonSection *block, KalonReportSection *section, GError **error);
gboolean
kalon_report_parse_chart (const KalonSection *block, KalonReportSection *section, GError **error);

G_END_DECLS
