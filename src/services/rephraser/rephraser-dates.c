/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <stdlib.h>
#include <string.h>

/*
 * Dates said in words, by the rows of filters.tsv whose filter begins with "date:":
 *
 *   point   2019, june 2019, 14 march 2022, march 14, 2022, 31.12.1999, 2022-03-14, last summer
 *   range   point to point; the first one may leave to the other what both have: "3 to 5 may 2020"
 *   open    since, before, after or until, and a point
 */

/* "the year of" between a word and its date. */
#define MAX_FILLERS 3

/* (nullable): of the longest phrase from @first that filters.tsv has a date for, what stands behind
 * "date:". @n: (out): its words */
static const char *
find_name (GPtrArray *words, guint first, guint *n)
{
  for (*n = first < words->len ? MIN (KALON_LEXICON_MAX_PHRASE, words->len - first) : 0; *n > 0;
       (*n)--)
    {
      g_autofree char *phrase = kalon_words_join (words, first, *n);
      const char *found = kalon_lexicon_find_filter (phrase, FALSE);

      if (found != NULL && g_str_has_prefix (found, "date:"))
        return found + strlen ("date:");
    }
  return NULL;
}

static gboolean
has_name (GPtrArray *words, guint first, const char *wanted, guint *n)
{
  return g_strcmp0 (find_name (words, first, n), wanted) == 0;
}

static guint
skip_fillers (GPtrArray *words, guint first)
{
  guint n;

  for (guint i = 0; i < MAX_FILLERS && has_name (words, first, "filler", &n); i++)
    first += n;
  return first;
}

/* The number that the word at @index is, with @min to @max digits and nothing or an ordinal's
 * ending behind; 0: none. */
static guint
read_number (GPtrArray *words, guint index, gsize min, gsize max)
{
  static const char *const endings[] = { "", "st", "nd", "rd", "th", "er", NULL };
  const char *text = index < words->len ? ((KalonWord *) words->pdata[index])->folded : "";
  gsize n = strspn (text, "0123456789");

  if (n < min || n > max || (text[n] != '\0' && (max > 2 || !g_strv_contains (endings, text + n))))
    return 0;
  return (guint) g_ascii_strtoull (text, NULL, 10);
}

static gunichar
get_mark (GPtrArray *words, guint index)
{
  return index < words->len ? ((KalonWord *) words->pdata[index])->mark : 0;
}

/* 0: the word is no year up to that of @today. */
static int
read_year (GPtrArray *words, guint index, const GDate *today)
{
  guint year = read_number (words, index, 4, 4);
  gunichar mark = get_mark (words, index);

  if (mark == '#' || mark == '$' || mark == 0xa3 || mark == 0x20ac || mark == 0xb0)
    return 0;
  return year >= KALON_DATE_FIRST_YEAR && year <= g_date_get_year (today) ? (int) year : 0;
}

/* 0: no month's name. @n: (out): its words */
static int
read_month (GPtrArray *words, guint first, guint *n)
{
  const char *name = find_name (words, first, n);

  return name != NULL && g_str_has_prefix (name, "month-") ? atoi (name + strlen ("month-")) : 0;
}

/* 31.12.1999, 31/12/1999, 12/31/1999, 1999-12-31, 1999-12. Returns: how many words; 0: none */
static guint
find_figures (GPtrArray *words, guint first, const GDate *today, KalonSpan *span)
{
  gunichar mark = get_mark (words, first + 1);
  int year = read_year (words, first, today);
  guint second = read_number (words, first + 1, 1, 2);
  guint third = read_number (words, first + 2, 1, 2);
  guint day = read_number (words, first, 1, 2);
  gboolean is_whole = get_mark (words, first + 2) == mark;

  if (year > 0 && mark == '-' && second >= 1 && second <= 12)
    {
      if (is_whole && kalon_span_set_day (year, (int) second, third, span))
        return 3;
      *span = kalon_span_of_months (year, (int) second, 1);
      return 2;
    }
  year = read_year (words, first + 2, today);
  if (year == 0 || !is_whole || (mark != '.' && mark != '/' && mark != '-'))
    return 0;
  /* Some write the month first: which it is shows in a number over 12 only. */
  if (mark == '/' && day >= 1 && day <= 12 && second >= 1 && second <= 12 && day != second)
    {
      *span = kalon_span_of_months (year, 1, 12);
      return 3;
    }
  return kalon_span_set_day (year, (int) second, day, span)
                 || (mark == '/' && kalon_span_set_day (year, (int) day, second, span))
             ? 3
             : 0;
}

/* "14 of march", "march 14th", "march". Returns: how many words; 0: none. @day: (out): 0: none */
static guint
find_day_and_month (GPtrArray *words, guint first, guint *day, int *month)
{
  guint next = first, n;

  *day = read_number (words, first, 1, 2);
  if (*day > 0)
    next = skip_fillers (words, first + 1);
  *month = read_month (words, next, &n);
  if (*month == 0)
    return 0;
  next += n;
  if (*day == 0)
    {
      *day = read_number (words, next, 1, 2);
      next += *day > 0;
    }
  return next - first;
}

/* A point in time that says all of itself. Returns: how many words; 0: none */
static guint
find_point (GPtrArray *words, guint first, const GDate *today, KalonSpan *span)
{
  guint n = find_figures (words, first, today, span), day, next;
  const char *name;
  int month, year;

  if (n > 0)
    return n;
  n = find_day_and_month (words, first, &day, &month);
  next = skip_fillers (words, first + n);
  year = n > 0 ? read_year (words, next, today) : 0;
  if (year > 0 && (day == 0 || kalon_span_set_day (year, month, day, span)))
    {
      if (day == 0)
        *span = kalon_span_of_months (year, month, 1);
      return next + 1 - first;
    }
  year = read_year (words, first, today);
  if (year > 0)
    {
      *span = kalon_span_of_months (year, 1, 12);
      return 1;
    }
  name = find_name (words, first, &n);
  return name != NULL && kalon_span_set_name (name, today, span) ? n : 0;
}

/* "to" and a point. Returns: how many words; 0: none */
static guint
find_end (GPtrArray *words, guint first, const GDate *today, KalonSpan *span)
{
  gunichar mark = get_mark (words, first);
  guint next = first, n;

  if (has_name (words, first, "to", &n) || has_name (words, first, "until", &n))
    next = skip_fillers (words, first + n);
  else if (mark != '-' && mark != 0x2013)
    return 0;
  n = find_point (words, next, today, span);
  return n > 0 ? next + n - first : 0;
}

/* "3 to 5 may 2020", "june to august 2019": the beginning has the end's month and year. Returns:
 * how many words; 0: none */
static guint
find_shared (GPtrArray *words, guint first, const GDate *today, KalonSpan *span)
{
  guint day, length;
  int month, year;
  guint n = find_day_and_month (words, first, &day, &month);
  KalonSpan end, start;

  if (n == 0)
    {
      day = read_number (words, first, 1, 2);
      n = day > 0;
    }
  length = n > 0 ? find_end (words, first + n, today, &end) : 0;
  if (length == 0 || (month == 0 && g_date_compare (&end.from, &end.to) != 0))
    return 0;
  year = g_date_get_year (&end.to);
  if (month == 0)
    month = g_date_get_month (&end.to);
  /* "december to february 2020" */
  year -= month > (int) g_date_get_month (&end.to);
  start = kalon_span_of_months (year, month, 1);
  if ((day > 0 && !kalon_span_set_day (year, month, day, &start))
      || g_date_compare (&start.from, &end.to) > 0)
    return 0;
  *span = (KalonSpan){ start.from, end.to };
  return n + length;
}

/* A point or a range. Returns: how many words; 0: none */
static guint
find_span (GPtrArray *words, guint first, const GDate *today, KalonSpan *span)
{
  KalonSpan end;
  guint n = find_point (words, first, today, span), length;

  if (n == 0)
    return find_shared (words, first, today, span);
  length = find_end (words, first + n, today, &end);
  if (length == 0)
    return n;
  if (g_date_compare (&end.from, &span->from) < 0)
    span->from = end.from;
  if (g_date_compare (&end.to, &span->to) > 0)
    span->to = end.to;
  return n + length;
}

/* How many words after "number", "room" or "route" are the number and not a year. */
static guint
count_numbers (GPtrArray *words, guint first, const GDate *today)
{
  KalonSpan unused;

  return read_year (words, first, today) > 0 ? 1 + find_end (words, first + 1, today, &unused) : 0;
}

/* What "since", "before", "after" and "until" make of @span. %FALSE for any other @name. */
static gboolean
open_span (const char *name, const GDate *today, KalonSpan *span)
{
  GDate first_day;

  g_date_clear (&first_day, 1);
  g_date_set_dmy (&first_day, 1, G_DATE_JANUARY, KALON_DATE_FIRST_YEAR);
  if (g_strcmp0 (name, "since") == 0)
    *span = (KalonSpan){ span->from, *today };
  else if (g_strcmp0 (name, "until") == 0)
    *span = (KalonSpan){ first_day, span->to };
  else if (g_strcmp0 (name, "before") == 0)
    {
      *span = (KalonSpan){ first_day, span->from };
      g_date_subtract_days (&span->to, 1);
    }
  else if (g_strcmp0 (name, "after") == 0)
    {
      *span = (KalonSpan){ span->to, *today };
      g_date_add_days (&span->from, 1);
    }
  else
    return FALSE;
  return TRUE;
}

/* (nullable): %NULL when it ends before it begins, as "after" this year does. */
static char *
dup_filter (const KalonSpan *span)
{
  if (g_date_compare (&span->from, &span->to) > 0)
    return NULL;
  return g_strdup_printf ("date:%04u-%02u-%02u..%04u-%02u-%02u", g_date_get_year (&span->from),
                          g_date_get_month (&span->from), g_date_get_day (&span->from),
                          g_date_get_year (&span->to), g_date_get_month (&span->to),
                          g_date_get_day (&span->to));
}

char *
kalon_date_find (GPtrArray *words, guint first, guint *n, const GDate *today)
{
  guint n_before, length, next;
  const char *name = find_name (words, first, &n_before);
  KalonSpan span, point;

  *n = 0;
  if (g_strcmp0 (name, "number") == 0)
    {
      *n = n_before + count_numbers (words, first + n_before, today);
      return NULL;
    }
  length = find_span (words, first, today, &span);
  if (length == 0 && name != NULL)
    {
      next = skip_fillers (words, first + n_before);
      length = find_span (words, next, today, &span);
      /* "since 2015 until 2018" is a range, and no less. */
      if (length > 0 && length == find_point (words, next, today, &point)
          && !open_span (name, today, &span))
        length = 0;
      length += length > 0 ? next - first : 0;
    }
  *n = length;
  return length > 0 ? dup_filter (&span) : NULL;
}
