/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

/* In the order of the months that they begin with: March, June, September, December. */
static const char *const seasons[] = { "spring", "summer", "autumn", "winter", NULL };

static KalonSpan
make_days (const GDate *today, guint ago, guint n_days)
{
  KalonSpan span = { *today, *today };

  g_date_subtract_days (&span.from, ago);
  span.to = span.from;
  g_date_add_days (&span.to, n_days - 1);
  return span;
}

KalonSpan
kalon_span_of_months (int year, int month, guint n_months)
{
  KalonSpan span;

  year += month > 12 ? 1 : month < 1 ? -1 : 0;
  month += month > 12 ? -12 : month < 1 ? 12 : 0;
  g_date_clear (&span.from, 1);
  g_date_set_dmy (&span.from, 1, month, (GDateYear) year);
  span.to = span.from;
  g_date_add_months (&span.to, n_months);
  g_date_subtract_days (&span.to, 1);
  return span;
}

/* "This" season is the newest that has begun, "last" the newest that has ended. */
static KalonSpan
make_season (const GDate *today, guint season, gboolean is_last)
{
  int month = 3 + 3 * (int) season;
  int year = g_date_get_year (today);
  int now = 12 * year + g_date_get_month (today);
  int reached = month + (is_last ? 3 : 0);

  while (12 * year + reached > now)
    year--;
  return kalon_span_of_months (year, month, 3);
}

gboolean
kalon_span_set_name (const char *name, const GDate *today, KalonSpan *span)
{
  gboolean is_last = g_str_has_prefix (name, "last-");
  int year = g_date_get_year (today), month = g_date_get_month (today);
  guint weekday = g_date_get_weekday (today); /* Monday is 1 */
  const char *unit = name + strlen ("last-");

  if (g_str_equal (name, "today"))
    *span = make_days (today, 0, 1);
  else if (g_str_equal (name, "yesterday"))
    *span = make_days (today, 1, 1);
  else if (!is_last && !g_str_has_prefix (name, "this-"))
    return FALSE;
  else if (g_str_equal (unit, "week"))
    *span = make_days (today, weekday - 1 + (is_last ? 7 : 0), 7);
  else if (g_str_equal (unit, "month"))
    *span = kalon_span_of_months (year, month - is_last, 1);
  else if (g_str_equal (unit, "year"))
    *span = kalon_span_of_months (year - is_last, 1, 12);
  else
    for (guint i = 0; seasons[i] != NULL; i++)
      if (g_str_equal (unit, seasons[i]))
        *span = make_season (today, i, is_last);
  return TRUE;
}

gboolean
kalon_span_set_day (int year, int month, guint day, KalonSpan *span)
{
  if (month < 1 || month > 12 || day < 1 || day > 31
      || !g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year))
    return FALSE;
  g_date_clear (&span->from, 1);
  g_date_set_dmy (&span->from, (GDateDay) day, month, (GDateYear) year);
  span->to = span->from;
  return TRUE;
}
