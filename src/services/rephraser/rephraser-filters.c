/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <stdio.h>
#include <string.h>

/* Photographs are not older: a number below is no year. */
#define FIRST_YEAR 1826

static const char *const orientations[] = { "portrait", "landscape", "square", "panorama", NULL };
static const char *const colours[]
    = { "red",   "orange", "yellow", "green", "blue",       "purple", "pink",
        "brown", "black",  "white",  "grey",  "monochrome", NULL };
static const char *const formats[]
    = { "jpeg", "png", "webp", "avif", "heic", "tiff", "gif", "raw", NULL };
/* In the order of the months that they begin with: March, June, September, December. */
static const char *const seasons[] = { "spring", "summer", "autumn", "winter", NULL };

static char *
dup_range (const GDate *from, const GDate *to)
{
  return g_strdup_printf ("date:%04u-%02u-%02u..%04u-%02u-%02u", g_date_get_year (from),
                          g_date_get_month (from), g_date_get_day (from), g_date_get_year (to),
                          g_date_get_month (to), g_date_get_day (to));
}

/* @n_months whole months; @month may lie outside 1 to 12. */
static char *
dup_months (int year, int month, guint n_months)
{
  GDate from, to;

  year += month > 12 ? 1 : month < 1 ? -1 : 0;
  month += month > 12 ? -12 : month < 1 ? 12 : 0;
  g_date_set_dmy (&from, 1, month, (GDateYear) year);
  to = from;
  g_date_add_months (&to, n_months);
  g_date_subtract_days (&to, 1);
  return dup_range (&from, &to);
}

static char *
dup_days (const GDate *today, guint ago, guint n_days)
{
  GDate from = *today, to;

  g_date_subtract_days (&from, ago);
  to = from;
  g_date_add_days (&to, n_days - 1);
  return dup_range (&from, &to);
}

/* "This" season is the newest that has begun, "last" the newest that has ended. */
static char *
dup_season (const GDate *today, guint season, gboolean is_last)
{
  int month = 3 + 3 * (int) season;
  int year = g_date_get_year (today);
  int now = 12 * year + g_date_get_month (today);
  int reached = month + (is_last ? 3 : 0);

  while (12 * year + reached > now)
    year--;
  return dup_months (year, month, 3);
}

/* (nullable): what filters.tsv has behind "date:", as a range of days. */
static char *
resolve_date (const char *name, const GDate *today)
{
  gboolean is_last = g_str_has_prefix (name, "last-");
  int year = g_date_get_year (today), month = g_date_get_month (today);
  guint weekday = g_date_get_weekday (today); /* Monday is 1 */
  const char *span = is_last ? name + strlen ("last-") : name + strlen ("this-");

  if (g_str_equal (name, "today"))
    return dup_days (today, 0, 1);
  if (g_str_equal (name, "yesterday"))
    return dup_days (today, 1, 1);
  if (!is_last && !g_str_has_prefix (name, "this-"))
    return NULL;
  if (g_str_equal (span, "week"))
    return dup_days (today, weekday - 1 + (is_last ? 7 : 0), 7);
  if (g_str_equal (span, "month"))
    return dup_months (year, month - is_last, 1);
  if (g_str_equal (span, "year"))
    return dup_months (year - is_last, 1, 12);
  for (guint i = 0; seasons[i] != NULL; i++)
    if (g_str_equal (span, seasons[i]))
      return dup_season (today, i, is_last);
  return NULL;
}

/* 0: @word is no year up to that of @today. */
static int
read_year (const char *word, const GDate *today)
{
  guint64 year;

  return strlen (word) == 4
                 && g_ascii_string_to_unsigned (word, 10, FIRST_YEAR, g_date_get_year (today),
                                                &year, NULL)
             ? (int) year
             : 0;
}

/* "YYYY-MM-DD" up to @end. */
static gboolean
read_day (const char *text, gsize length, GDate *date)
{
  int year, month, day, read = 0;
  g_autofree char *copy = g_strndup (text, length);

  if (length != strlen ("YYYY-MM-DD") || strspn (copy, "0123456789-") != length
      || sscanf (copy, "%4d-%2d-%2d%n", &year, &month, &day, &read) != 3 || (gsize) read != length
      || year < FIRST_YEAR || month < 1 || month > 12 || day < 1
      || !g_date_valid_dmy ((GDateDay) day, month, (GDateYear) year))
    return FALSE;
  g_date_set_dmy (date, (GDateDay) day, month, (GDateYear) year);
  return TRUE;
}

static gboolean
is_range (const char *text)
{
  const char *dots = strstr (text, "..");
  GDate from, to;

  return dots != NULL && read_day (text, (gsize) (dots - text), &from)
         && read_day (dots + 2, strlen (dots + 2), &to) && g_date_compare (&from, &to) <= 0;
}

gboolean
kalon_filter_is_known (const char *filter)
{
  const char *colon = strchr (filter, ':');
  const char *const *names = NULL;

  if (g_str_has_prefix (filter, "date:"))
    return is_range (colon + 1);
  if (g_str_has_prefix (filter, "orientation:"))
    names = orientations;
  else if (g_str_has_prefix (filter, "colour:"))
    names = colours;
  else if (g_str_has_prefix (filter, "format:"))
    names = formats;
  return names != NULL && g_strv_contains (names, colon + 1);
}

void
kalon_filters_add (GPtrArray *filters, char *filter)
{
  gsize kind = strcspn (filter, ":") + 1;

  for (guint i = 0; i < filters->len; i++)
    if (strncmp (filters->pdata[i], filter, kind) == 0)
      {
        g_free (filter);
        return;
      }
  g_ptr_array_add (filters, filter);
}

/* (nullable): of the @n words from @first. @n: (inout): grows by the year behind a month. */
static char *
find_filter (GPtrArray *words, guint first, guint *n, const GDate *today)
{
  g_autofree char *phrase = kalon_words_join (words, first, *n);
  const char *found = kalon_lexicon_find_filter (phrase, first + *n == words->len);
  const KalonWord *next = first + *n < words->len ? words->pdata[first + *n] : NULL;
  guint64 month;
  int year;

  if (found == NULL)
    return *n == 1 && (year = read_year (phrase, today)) > 0 ? dup_months (year, 1, 12) : NULL;
  if (!g_str_has_prefix (found, "date:"))
    return g_strdup (found);
  found += strlen ("date:");
  if (!g_str_has_prefix (found, "month-"))
    return resolve_date (found, today);
  year = next != NULL ? read_year (next->folded, today) : 0;
  if (year == 0 || !g_ascii_string_to_unsigned (found + strlen ("month-"), 10, 1, 12, &month, NULL))
    return NULL;
  (*n)++;
  return dup_months (year, (int) month, 1);
}

void
kalon_filters_find (GPtrArray *filters, const char *query, const GDate *today)
{
  g_autoptr (GPtrArray) words = kalon_words_split (query);

  for (guint i = 0; i < words->len;)
    {
      char *filter = NULL;
      guint n = MIN (KALON_LEXICON_MAX_PHRASE, words->len - i);

      for (; n > 0; n--)
        {
          filter = find_filter (words, i, &n, today);
          if (filter != NULL)
            break;
        }
      if (filter != NULL)
        kalon_filters_add (filters, filter);
      i += MAX (n, 1);
    }
}
