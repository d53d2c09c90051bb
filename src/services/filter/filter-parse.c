/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* Nobody types so many, and each costs the database a condition. */
#define MAX_VALUES 200

GDate
kalon_filter_get_today (GDateTime *now)
{
  g_autoptr (GDateTime) local = now != NULL ? g_date_time_ref (now) : g_date_time_new_now_local ();
  GDate today;

  g_date_clear (&today, 1);
  g_date_set_dmy (&today, (GDateDay) g_date_time_get_day_of_month (local),
                  g_date_time_get_month (local), (GDateYear) g_date_time_get_year (local));
  return today;
}

static const char *
skip_blanks (const char *at)
{
  while (*at != '\0' && g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

static const char *
skip_word (const char *at)
{
  while (*at != '\0' && !g_unichar_isspace (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);
  return at;
}

/* Past "not " or "-" in front of a clause. */
static const char *
read_negation (const char *at, gboolean *negated)
{
  *negated = TRUE;
  if (*at == '-')
    return at + 1;
  if (g_ascii_strncasecmp (at, "not", 3) == 0 && at[3] != '\0'
      && g_unichar_isspace (g_utf8_get_char (at + 3)))
    return skip_blanks (at + 3);
  *negated = FALSE;
  return at;
}

/* Past "date:". (nullable): %NULL: no filter begins so. */
static const char *
read_kind (const char *at, KalonFilterKind *kind)
{
  const char *colon = at;
  gsize length;

  while (g_ascii_isalpha (*colon))
    colon++;
  length = *colon == ':' ? (gsize) (colon - at) : 0;
  if (length == strlen ("color") && g_ascii_strncasecmp (at, "color", length) == 0)
    {
      *kind = KALON_FILTER_COLOUR;
      return colon + 1;
    }
  for (guint i = 0; length > 0 && i < KALON_N_FILTER_KINDS; i++)
    {
      const char *name = kalon_filter_kind_get_name (i);

      if (strlen (name) == length && g_ascii_strncasecmp (at, name, length) == 0)
        {
          *kind = i;
          return colon + 1;
        }
    }
  return NULL;
}

/* Up to a comma, a blank or the end; "" doubles within quotes. (transfer full) (nullable) */
static char *
read_value (const char **at, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  const char *c = *at;
  gboolean quoted = *c == '"';

  if (!quoted)
    {
      while (*c != '\0' && *c != ',' && *c != '"' && !g_unichar_isspace (g_utf8_get_char (c)))
        c = g_utf8_next_char (c);
      g_string_append_len (value, *at, c - *at);
    }
  else
    for (c++;; c++)
      {
        if (*c == '\0')
          {
            g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                         "The quote of %s is not closed: a \" is missing.", *at);
            return NULL;
          }
        if (*c == '"' && *++c != '"')
          break;
        g_string_append_c (value, *c);
      }
  if (*c != '\0' && *c != ',' && !g_unichar_isspace (g_utf8_get_char (c)))
    {
      g_autofree char *part = g_strndup (*at, (gsize) (skip_word (c) - *at));

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "In %s a quote stands within a value. Quotes go around the whole of it, and a "
                   "quote that is part of it is written twice.",
                   part);
      return NULL;
    }
  *at = c;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

/* The clause that begins at *@at, which moves behind it. (transfer full) (nullable) */
static KalonFilterClause *
read_clause (const char **at, const GDate *today, GError **error)
{
  g_autoptr (KalonFilterClause) clause = NULL;
  KalonFilterKind kind;
  gboolean negated;
  const char *c = read_kind (read_negation (*at, &negated), &kind);

  if (c == NULL)
    {
      g_autofree char *word = g_strndup (*at, (gsize) (skip_word (*at) - *at));

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "“%s” is not a filter. Filters are folder: date: camera: lens: name: "
                   "orientation: size: colour: liked: format: aesthetic:, each with a value behind "
                   "the colon.",
                   word);
      return NULL;
    }
  clause = kalon_filter_clause_new (kind, negated);
  for (;; c++)
    {
      g_autofree char *text = read_value (&c, error);
      KalonFilterValue *value
          = text != NULL ? kalon_filter_value_parse (kind, text, today, error) : NULL;

      if (value == NULL)
        return NULL;
      g_ptr_array_add (clause->values, value);
      if (*c != ',')
        break;
    }
  *at = c;
  return g_steal_pointer (&clause);
}

KalonFilter *
kalon_filter_parse (const char *text, GDateTime *now, GError **error)
{
  GDate today = kalon_filter_get_today (now);
  g_autoptr (KalonFilter) self = kalon_filter_new (&today);
  guint n_values = 0;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > KALON_FILTER_MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "A filter is UTF-8 text of at most %d bytes.", KALON_FILTER_MAX_LENGTH);
      return NULL;
    }
  for (const char *at = skip_blanks (text); *at != '\0'; at = skip_blanks (at))
    {
      KalonFilterClause *clause = read_clause (&at, &today, error);

      if (clause == NULL)
        return NULL;
      g_ptr_array_add (self->clauses, clause);
      n_values += clause->values->len;
    }
  if (n_values > MAX_VALUES)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "A filter has at most %d values; leave some out.", MAX_VALUES);
      return NULL;
    }
  return g_steal_pointer (&self);
}

KalonFilter *
kalon_filter_renew (const KalonFilter *self, GDateTime *now)
{
  GDate today = kalon_filter_get_today (now);
  g_autofree char *text = NULL;
  KalonFilter *renewed = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (g_date_compare (&self->today, &today) != 0)
    {
      text = kalon_filter_to_string (self);
      renewed = kalon_filter_parse (text, now, NULL);
    }
  /* "today..2026" comes to an end before it begins. */
  return renewed != NULL ? renewed : kalon_filter_ref (self);
}

KalonFilter *
kalon_filter_extract (const char *text, GDateTime *now, char **rest)
{
  GDate today = kalon_filter_get_today (now);
  g_autoptr (KalonFilter) self = kalon_filter_new (&today);
  g_autoptr (GString) words = g_string_new (NULL);
  guint n_values = 0;
  gboolean is_typed;

  g_return_val_if_fail (text != NULL && rest != NULL, NULL);

  /* What is longer was pasted, and is not a query with filters in it. */
  is_typed = strlen (text) <= KALON_FILTER_MAX_LENGTH && g_utf8_validate (text, -1, NULL);
  for (const char *at = is_typed ? skip_blanks (text) : ""; *at != '\0'; at = skip_blanks (at))
    {
      const char *end = at;
      g_autoptr (KalonFilterClause) clause = read_clause (&end, &today, NULL);

      if (clause != NULL && n_values + clause->values->len <= MAX_VALUES)
        {
          n_values += clause->values->len;
          g_ptr_array_add (self->clauses, g_steal_pointer (&clause));
        }
      else
        {
          end = skip_word (at);
          if (words->len > 0)
            g_string_append_c (words, ' ');
          g_string_append_len (words, at, end - at);
        }
      at = end;
    }
  *rest = g_strdup (n_values > 0 ? words->str : text);
  return g_steal_pointer (&self);
}
