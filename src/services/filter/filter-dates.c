/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <stdlib.h>
#include <string.h>

/* First and last day of a year, a month or a day. */
static gboolean
set_span (GDate *from, GDate *to, int year, int month, int day)
{
  if (year < 1 || (month != 0 && !g_date_valid_month (month))
      || (day != 0 && !g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year)))
    return FALSE;
  g_date_set_dmy (from, day != 0 ? (GDateDay) day : 1, month != 0 ? month : 1, (GDateYear) year);
  *to = *from;
  if (month == 0)
    g_date_add_years (to, 1);
  else if (day == 0)
    g_date_add_months (to, 1);
  else
    return TRUE;
  g_date_subtract_days (to, 1);
  return TRUE;
}

/* "today", "last-month": the week begins on Monday (ISO 8601). */
static gboolean
read_word (const char *word, const GDate *today, GDate *from, GDate *to)
{
  gboolean is_last = g_str_has_prefix (word, "last-");
  const char *span = word + strlen ("last-");

  *from = *today;
  if (g_str_equal (word, "today") || g_str_equal (word, "yesterday"))
    {
      g_date_subtract_days (from, word[0] == 'y');
      *to = *from;
      return TRUE;
    }
  if (!is_last && !g_str_has_prefix (word, "this-"))
    return FALSE;
  if (g_str_equal (span, "week"))
    {
      g_date_subtract_days (from, g_date_get_weekday (today) - G_DATE_MONDAY + (is_last ? 7 : 0));
      *to = *from;
      g_date_add_days (to, 6);
      return TRUE;
    }
  if (g_str_equal (span, "month"))
    {
      if (is_last)
        g_date_subtract_months (from, 1);
      return set_span (from, to, g_date_get_year (from), g_date_get_month (from), 0);
    }
  return g_str_equal (span, "year") && set_span (from, to, g_date_get_year (today) - is_last, 0, 0);
}

/* "2021", "2021-07", "2021-07-14", or a word: all of its days. */
static gboolean
read_span (const char *text, const GDate *today, GDate *from, GDate *to)
{
  gsize length = strlen (text);
  int parts[3] = { 0 };

  if (!g_ascii_isdigit (text[0]))
    return read_word (text, today, from, to);
  if (length != strlen ("YYYY") && length != strlen ("YYYY-MM") && length != strlen ("YYYY-MM-DD"))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (i == 4 || i == 7 ? text[i] != '-' : !g_ascii_isdigit (text[i]))
      return FALSE;
  for (gsize i = 0; i < length; i += i == 0 ? 5 : 3)
    parts[i == 0 ? 0 : i == 5 ? 1 : 2] = atoi (text + i);
  if ((length > 4 && parts[1] == 0) || (length > 7 && parts[2] == 0))
    return FALSE;
  return set_span (from, to, parts[0], parts[1], parts[2]);
}

gboolean
kalon_filter_read_date (const char *text, const GDate *today, KalonFilterValue *value,
                        const char **reason)
{
  const char *dots = strstr (text, "..");
  g_autofree char *first = dots != NULL ? g_strndup (text, (gsize) (dots - text)) : NULL;
  const char *last = dots != NULL ? dots + 2 : NULL;
  GDate unused;

  g_date_clear (&value->from, 1);
  g_date_clear (&value->to, 1);
  if (dots == NULL)
    return read_span (text, today, &value->from, &value->to);
  if (first[0] == '\0' && last[0] == '\0')
    return FALSE;
  if ((first[0] != '\0' && !read_span (first, today, &value->from, &unused))
      || (last[0] != '\0' && !read_span (last, today, &unused, &value->to)))
    return FALSE;
  if (g_date_valid (&value->from) && g_date_valid (&value->to)
      && g_date_compare (&value->from, &value->to) > 0)
    {
      *reason = "ends before it begins";
      return FALSE;
    }
  return TRUE;
}
