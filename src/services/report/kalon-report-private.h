/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <locale.h>

#include "report/kalon-report.h"

G_BEGIN_DECLS

#define KALON_REPORT_FORMAT "kalon-report"
#define KALON_REPORT_VERSION 1

typedef struct
{
  char *key;
  char *title;
  char *value;
} KalonReportFact;

/* As report.json calls them, by their numbers. */
#define KALON_REPORT_N_UNITS 7
extern const char *const kalon_report_unit_names[KALON_REPORT_N_UNITS];
extern const char *const kalon_report_chart_names[2];
extern const char *const kalon_report_chart_unit_names[2];

/* What is in a section, from above down; one of the four. */
typedef struct
{
  char *text;
  KalonReportTable *table;
  char *chart_id;
  KalonChartData *chart;
  KalonReportRows *rows;
} KalonReportBlock;

struct _KalonReportSection
{
  char *id;
  char *title;
  char *synthetic;   /* (nullable): why */
  GPtrArray *blocks; /* (element-type KalonReportBlock) */
};

struct _KalonReport
{
  char *title;
  gint64 time;
  GPtrArray *facts;    /* (element-type KalonReportFact) */
  GPtrArray *sections; /* (element-type KalonReportSection) */
};

/* What is not filled has neither a text nor a finite mean; without an interval its ends are NaN. */
typedef struct
{
  char *text;
  KalonEstimate estimate;
} KalonReportCell;

typedef struct
{
  char *name;
  guint n_cells; /* the table's columns */
  KalonReportCell *cells;
} KalonReportRow;

struct _KalonReportTable
{
  char *id;
  char *title;
  char *name_title;
  guint n_columns;
  KalonReportColumn *columns; /* [n_columns], texts are its own */
  GPtrArray *rows;            /* (element-type KalonReportRow) */
};

typedef struct
{
  char *name;
  GPtrArray *pictures; /* (element-type KalonReportPicture), texts are its own */
} KalonReportPictureRow;

struct _KalonReportRows
{
  char *id;
  char *title;
  GPtrArray *rows; /* (element-type KalonReportPictureRow) */
};

/* An empty one, to be filled. */
KalonReportBlock *kalon_report_section_add_block (KalonReportSection *section);
void kalon_report_table_free (KalonReportTable *table);
void kalon_report_rows_free (KalonReportRows *rows);
gboolean kalon_report_id_is_valid (const char *id);

/* Of a table's cells, for reading: (transfer full) */
gboolean kalon_report_cell_has_interval (const KalonReportCell *cell);
/* "Recall (%)" */
char *kalon_report_column_format_title (const KalonReportColumn *column);
/* "62.1", "−3.0", "–" */
char *kalon_report_cell_format (const KalonReportCell *cell, KalonReportUnit unit);
/* (nullable): "58.0 to 66.0" */
char *kalon_report_cell_format_interval (const KalonReportCell *cell, KalonReportUnit unit);
/* "25 November 2026, 23:56 UTC" */
char *kalon_report_format_time (const KalonReport *report);
/* (transfer full): of a path, for reading */
char *kalon_report_picture_dup_name (const KalonReportPicture *picture);

/* The document is plain English, whatever the language of the window that writes it: charts say
 * what they show in that of the thread's locale. */
typedef struct
{
  locale_t english; /* 0: there was no memory for it */
  locale_t before;
} KalonReportLocale;

void kalon_report_enter_english (KalonReportLocale *locale);
void kalon_report_leave_english (KalonReportLocale *locale);

/* (transfer full): the page. %NULL when it was cancelled. */
char *kalon_report_to_html (const KalonReport *report, GCancellable *cancellable, GError **error);
/* Appends @text, escaped for text and attributes. */
void kalon_html_append (GString *html, const char *text);
void kalon_html_append_chart (GString *html, const char *id, const KalonChartData *data);
gboolean kalon_html_append_rows (GString *html, const KalonReportRows *rows,
                                 GCancellable *cancellable, GError **error);
extern const char kalon_html_style[];

G_END_DECLS
