/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How figures are shown, in the page and on a terminal alike. */
#include "report/kalon-report-private.h"

#include "input/kalon-input.h"

#include <math.h>
#include <string.h>

/* Less is not told apart by 1,000 resamples, and means the same to a reader. */
#define LEAST_P 0.001

gboolean
kalon_report_cell_has_interval (const KalonReportCell *cell)
{
  return isfinite (cell->estimate.low) && isfinite (cell->estimate.high);
}

char *
kalon_report_column_format_title (const KalonReportColumn *column)
{
  if (column->unit == KALON_REPORT_SHARE)
    return g_strdup_printf ("%s (%%)", column->title);
  if (column->unit == KALON_REPORT_POINTS)
    return g_strdup_printf ("%s (points)", column->title);
  return g_strdup (column->title);
}

/* (transfer full): with a true minus, and no sign where all digits are 0. @format: "%.1f" */
static char *
format_number (double value, int decimals, gboolean is_signed)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE], format[16];
  const char *sign = "";

  g_snprintf (format, sizeof format, fabs (value) < 1e15 ? "%%.%df" : "%%.%dg", decimals);
  g_ascii_formatd (digits, sizeof digits, format, fabs (value));
  if (strspn (digits, "0.") < strlen (digits))
    sign = value < 0 ? "−" : is_signed ? "+" : "";
  return g_strconcat (sign, digits, NULL);
}

static char *
format_value (double value, KalonReportUnit unit)
{
  switch (unit)
    {
    case KALON_REPORT_COUNT:
      return format_number (value, 0, FALSE);
    case KALON_REPORT_SHARE:
      return format_number (100 * value, 1, FALSE);
    case KALON_REPORT_CHANGE:
      return format_number (value, 2, TRUE);
    case KALON_REPORT_POINTS:
      return format_number (100 * value, 1, TRUE);
    case KALON_REPORT_P:
      return value < LEAST_P ? g_strdup ("< 0.001") : format_number (value, 3, FALSE);
    case KALON_REPORT_TEXT:
    case KALON_REPORT_NUMBER:
    default:
      return format_number (value, 2, FALSE);
    }
}

char *
kalon_report_cell_format (const KalonReportCell *cell, KalonReportUnit unit)
{
  if (cell->text != NULL)
    return g_strdup (cell->text);
  return isfinite (cell->estimate.mean) ? format_value (cell->estimate.mean, unit) : g_strdup ("–");
}

char *
kalon_report_cell_format_interval (const KalonReportCell *cell, KalonReportUnit unit)
{
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;

  if (cell->text != NULL || !isfinite (cell->estimate.mean)
      || !kalon_report_cell_has_interval (cell))
    return NULL;
  low = format_value (cell->estimate.low, unit);
  high = format_value (cell->estimate.high, unit);
  return g_strdup_printf ("%s to %s", low, high);
}

char *
kalon_report_format_time (const KalonReport *report)
{
  /* Not strftime's: a page is in English in every locale. */
  static const char *const months[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (report->time);

  if (time == NULL)
    return g_strdup ("–");
  return g_strdup_printf ("%d %s %d, %02d:%02d UTC", g_date_time_get_day_of_month (time),
                          months[g_date_time_get_month (time) - 1], g_date_time_get_year (time),
                          g_date_time_get_hour (time), g_date_time_get_minute (time));
}

char *
kalon_report_picture_dup_name (const KalonReportPicture *picture)
{
  g_autofree char *name = g_path_get_basename (picture->path);

  return kalon_input_dup_utf8 (name);
}

void
kalon_report_enter_english (KalonReportLocale *locale)
{
  locale_t own = duplocale (uselocale ((locale_t) 0));

  locale->english = newlocale (LC_MESSAGES_MASK | LC_NUMERIC_MASK, "C", own);
  if (locale->english != (locale_t) 0)
    locale->before = uselocale (locale->english);
}

void
kalon_report_leave_english (KalonReportLocale *locale)
{
  if (locale->english == (locale_t) 0)
    return;
  uselocale (locale->before);
  freelocale (locale->english);
}
