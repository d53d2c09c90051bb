/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

/* "0.5:FILE" is FILE with weight 0.5; anything not led by digits and a colon weighs 1. */
static const char *
split_weight (const char *term, float *weight)
{
  gsize length = strspn (term, "0123456789.");
  char *end;

  *weight = 1;
  if (length == 0 || term[length] != ':')
    return term;
  *weight = (float) g_ascii_strtod (term, &end);
  return end == term + length ? end + 1 : NULL;
}

gboolean
kalon_cli_add_terms (KalonQuery *query, const KalonCliCommand *command, KalonTermKind kind,
                     GStrv terms, float sign)
{
  for (gsize i = 0; terms != NULL && terms[i] != NULL; i++)
    {
      float weight;
      const char *value = split_weight (terms[i], &weight);

      if (value == NULL || value[0] == '\0' || !(weight > 0 && weight <= KALON_CLI_MAX_WEIGHT))
        {
          kalon_cli_usage (command,
                           "“%s” is not WEIGHT:VALUE with a weight above zero and no more than "
                           "%d.",
                           terms[i], KALON_CLI_MAX_WEIGHT);
          return FALSE;
        }
      if (kind == KALON_TERM_PICTURE)
        {
          g_autofree char *path = g_canonicalize_filename (value, NULL);
          kalon_query_add_term (query, kind, path, sign * weight);
        }
      else
        {
          g_autofree char *words = kalon_cli_dup_words (value);
          kalon_query_add_term (query, kind, words, sign * weight);
        }
    }
  return TRUE;
}

gboolean
kalon_cli_parse_strictness (const char *text, int *strictness)
{
  guint64 number = 0;

  *strictness = KALON_STRICTNESS_OF_MODEL;
  if (g_strcmp0 (text, KALON_SEARCH_STRICTNESS_OF_MODEL) == 0)
    return TRUE;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, 100, &number, NULL))
    return FALSE;
  *strictness = (int) number;
  return TRUE;
}
