/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Reports: what was measured, as a page that anyone can check. One document is built from sections
 * with paragraphs, tables, charts and rows of pictures, and becomes
 *
 *   index.html   self-contained: no script, no network, charts as SVG, thumbnails as data: URLs
 *   report.json  the same numbers under stable keys (docs/formats.md), which is read back by
 *                kalon_report_read()
 *   plain text   for a terminal
 *
 * All three come from the same numbers. Plain English; one thread at a time. Functions that write
 * block.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "chart-data/kalon-chart-data.h"
#include "metrics/kalon-metrics.h"

G_BEGIN_DECLS

#define KALON_REPORT_PAGE "index.html"
#define KALON_REPORT_DATA "report.json"

typedef struct _KalonReport KalonReport;
typedef struct _KalonReportSection KalonReportSection;
typedef struct _KalonReportTable KalonReportTable;

KalonReport *kalon_report_new (const char *title);
void kalon_report_free (KalonReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonReport, kalon_report_free)

const char *kalon_report_get_title (const KalonReport *report);
/* Seconds since 1970; when it was made, unless set. */
gint64 kalon_report_get_time (const KalonReport *report);
void kalon_report_set_time (KalonReport *report, gint64 time);

/* What makes a figure repeatable: "command", "model", "model_hash", "seed", "device", "version". In
 * this order in the document; a key again takes the place of its value. */
void
kalon_report_set_fact (KalonReport *report, const char *key, const char *title, const char *value);
const char *kalon_report_get_fact (const KalonReport *report, const char *key); /* (nullable) */
/* The exact command line, quoted for a shell. @argv: %NULL-terminated */
void kalon_report_set_command (KalonReport *report, const char *const *argv);

/**
 * kalon_report_add_section:
 * @id: stable, of letters, digits, "-" and "_", at most 100: the key in report.json and the anchor
 *   in the page. One that is taken gets a "-2" behind it
 *
 * Returns: (transfer none)
 */
KalonReportSection *
kalon_report_add_section (KalonReport *report, const char *id, const char *title);
/* (transfer none) (nullable) */
KalonReportSection *kalon_report_find_section (const KalonReport *report, const char *id);
guint kalon_report_get_n_sections (const KalonReport *report);
KalonReportSection *kalon_report_get_section (const KalonReport *report, guint i);
const char *kalon_report_section_get_id (const KalonReportSection *section);
const char *kalon_report_section_get_title (const KalonReportSection *section);

/* Its figures are of made-up data: the page says so above them, in a form that cannot be missed,
 * and report.json has "synthetic": true. @why: one sentence */
void kalon_report_section_set_synthetic (KalonReportSection *section, const char *why);
gboolean kalon_report_section_is_synthetic (const KalonReportSection *section);
/* (nullable): why */
const char *kalon_report_section_get_synthetic (const KalonReportSection *section);

/* A paragraph, above whatever is added next. */
void kalon_report_section_add_text (KalonReportSection *section, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

typedef enum
{
  KALON_REPORT_TEXT,
  KALON_REPORT_COUNT,
  KALON_REPORT_NUMBER, /* two decimals */
  KALON_REPORT_SHARE,  /* 0 to 1, shown in per cent with one decimal; the column says "(%)" */
  KALON_REPORT_CHANGE, /* of a number: with its sign */
  KALON_REPORT_POINTS, /* of a share: -1 to 1, shown in points with its sign */
  KALON_REPORT_P,      /* a probability of a test: "0.012", "< 0.001" */
} KalonReportUnit;

typedef struct
{
  const char *key; /* of report.json */
  const char *title;
  KalonReportUnit unit;
} KalonReportColumn;

/* @name_title: of the first column, which names the rows. Copied. Returns: (transfer none) */
KalonReportTable *
kalon_report_section_add_table (KalonReportSection *section, const char *id, const char *title,
                                const char *name_title, const KalonReportColumn *columns,
                                guint n_columns);
/* The functions below fill the last row; what is not filled is shown as "–" and null. */
void kalon_report_table_add_row (KalonReportTable *table, const char *name);
void kalon_report_table_set_text (KalonReportTable *table, guint column, const char *text);
void kalon_report_table_set_number (KalonReportTable *table, guint column, double value);
/* With its interval: "62.1 (58.0 to 66.0)" */
void kalon_report_table_set_estimate (KalonReportTable *table, guint column,
                                      const KalonEstimate *estimate);
/* Reading. (nullable): %NULL, or %FALSE, where there is none. */
KalonReportTable *
kalon_report_section_find_table (const KalonReportSection *section, const char *id);
gboolean kalon_report_table_get (const KalonReportTable *table, const char *row, const char *column,
                                 KalonEstimate *estimate);
guint kalon_report_section_get_n_tables (const KalonReportSection *section);
KalonReportTable *kalon_report_section_get_table (const KalonReportSection *section, guint i);
const char *kalon_report_table_get_title (const KalonReportTable *table);
guint kalon_report_table_get_n_columns (const KalonReportTable *table);
guint kalon_report_table_get_n_rows (const KalonReportTable *table);
const char *kalon_report_table_get_row_name (const KalonReportTable *table, guint row);
/* Whether any cell of @column has one. */
gboolean kalon_report_table_has_intervals (const KalonReportTable *table, guint column);
/* (transfer full): "Recall (%)", and "62.1 (58.0 to 66.0)" below it */
char *kalon_report_table_format_title (const KalonReportTable *table, guint column);
char *kalon_report_table_format (const KalonReportTable *table, guint row, guint column);

/* Copied. @id as of a section */
void kalon_report_section_add_chart (KalonReportSection *section, const char *id,
                                     const KalonChartData *data);
guint kalon_report_section_get_n_charts (const KalonReportSection *section);
const KalonChartData *kalon_report_section_get_chart (const KalonReportSection *section, guint i);

/* A picture of a row. */
typedef struct
{
  const char *path; /* on the disk; a mere name, as of a report that was read, is not looked for */
  const char *caption; /* (nullable): below it */
  gboolean is_marked;  /* with a frame, and "marked" in report.json: a right answer */
} KalonReportPicture;

/* @title: above them: a query; then for each system a row of pictures.
 * Thumbnails are made when the page is written; what cannot be read is a grey field. Only the
 * file's name is in the page. */
typedef struct _KalonReportRows KalonReportRows;
KalonReportRows *
kalon_report_section_add_rows (KalonReportSection *section, const char *id, const char *title);
void kalon_report_rows_add (KalonReportRows *rows, const char *name,
                            const KalonReportPicture *pictures, guint n_pictures);

/**
 * kalon_report_write:
 * @directory: made if it is missing; index.html and report.json in it are replaced, each in one
 * step
 */
gboolean kalon_report_write (const KalonReport *report, const char *directory,
                             GCancellable *cancellable, GError **error);
/* report.json, or a directory that has one. Refused with the field that is wrong. */
KalonReport *kalon_report_read (const char *path, GError **error);
/* The same of bytes; @name: what to call them in a message */
KalonReport *kalon_report_parse (const char *data, gsize length, const char *name, GError **error);
/* (transfer full): of it: what kalon-cli prints with --json and without */
JsonNode *kalon_report_to_json (const KalonReport *report);
char *kalon_report_to_text (const KalonReport *report);

/*
 * Reports that are kept in a library: folders in its "reports", each of one report.
 * @library_directory: (nullable): as for kalon_library_open()
 */

/* (transfer full): makes a folder for a new one, "REPORTS/20261126-001500-NAME", which only its
 * owner can read: queries and pictures are in a report. @name: of letters, digits and "-" */
char *kalon_reports_make_folder (const char *library_directory, const char *name, GError **error);

/* One that is kept. */
typedef struct
{
  char *directory;
  char *title;
  gint64 time;
  gboolean is_synthetic; /* a section of it is */
} KalonKeptReport;

void kalon_kept_report_free (KalonKeptReport *kept);

/**
 * kalon_reports_list:
 *
 * Returns: (transfer full) (element-type KalonKeptReport): newest first. A folder without a report
 * that can be read is left out; with none, or no such folder, the list is empty.
 */
GPtrArray *
kalon_reports_list (const char *library_directory, GCancellable *cancellable, GError **error);
/* The two files, and their folder where nothing else is in it. */
gboolean kalon_report_remove (const char *directory, GError **error);
/* The two files, into @to, which is made if it is missing. */
gboolean kalon_report_copy (const char *directory, const char *to, GCancellable *cancellable,
                            GError **error);

/* The same on threads of their own. */
void kalon_reports_list_async (const char *library_directory, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kalon_reports_list_finish (GAsyncResult *result, GError **error);
void kalon_report_read_async (const char *path, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
KalonReport *kalon_report_read_finish (GAsyncResult *result, GError **error);
void
kalon_report_remove_async (const char *directory, GAsyncReadyCallback callback, gpointer user_data);
void kalon_report_copy_async (const char *directory, const char *to, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* Of removing and copying. */
gboolean kalon_report_files_finish (GAsyncResult *result, GError **error);

G_END_DECLS
