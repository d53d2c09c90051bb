/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <stdio.h>
#include <string.h>

static const char *const orientations[] = { "portrait", "landscape", "square", "panorama", NULL };
static const char *const colours[]
    = { "red",   "orange", "yellow", "green", "blue",       "purple", "pink",
        "brown", "black",  "white",  "grey",  "monochrome", NULL };
static const char *const formats[]
    = { "jpeg", "png", "webp", "avif", "heic", "tiff", "gif", "raw", NULL };
/* "YYYY-MM-DD" up to @end. */
static gboolean
read_day (const char *text, gsize length, GDate *date)
{
  int year, month, day, read = 0;
  g_autofree char *copy = g_strndup (text, length);

  if (length != strlen ("YYYY-MM-DD") || strspn (copy, "0123456789-") != length
      || sscanf (copy, "%4d-%2d-%2d%n", &year, &month, &day, &read) != 3 || (gsize) read != length
      || year < KALON_DATE_FIRST_YEAR || month < 1 || month > 12 || day < 1
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

/* (nullable): of the longest phrase from @first that has one; dates are found by themselves. @n:
 * (out): its words */
static char *
find_filter (GPtrArray *words, guint first, guint *n)
{
  for (*n = MIN (KALON_LEXICON_MAX_PHRASE, words->len - first); *n > 0; (*n)--)
    {
      g_autofree char *phrase = kalon_words_join (words, first, *n);
      const char *found = kalon_lexicon_find_filter (phrase, first + *n == words->len);

      if (found != NULL && !g_str_has_prefix (found, "date:"))
        return g_strdup (found);
    }
  return NULL;
}

void
kalon_filters_find (GPtrArray *filters, const char *query, const GDate *today)
{
  g_autoptr (GPtrArray) words = kalon_words_split (query);

  for (guint i = 0; i < words->len;)
    {
      guint n;
      char *filter = kalon_date_find (words, i, &n, today);

      if (n == 0)
        filter = find_filter (words, i, &n);
      if (filter != NULL)
        kalon_filters_add (filters, filter);
      i += MAX (n, 1);
    }
}
