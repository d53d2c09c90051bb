/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* Characters. More is cut: 77 tokens are far less. */
#define MAX_ADDITIONS 600
/* A query's English is of its own length, give or take a language. */
#define MAX_GROWTH 3
#define MIN_LENGTH 80
#define MAX_LANGUAGE 20
/* Filters that an answer may have before the rest is passed over. */
#define MAX_FILTERS 16

void
kalon_rephrase_answer_clear (KalonRephraseAnswer *answer)
{
  g_clear_pointer (&answer->language, g_free);
  g_clear_pointer (&answer->english, g_free);
  g_clear_pointer (&answer->text, g_free);
  g_clear_pointer (&answer->additions, g_free);
  g_clear_pointer (&answer->filters, g_ptr_array_unref);
}

/* (transfer full): @language if it has the form of a BCP 47 tag, "und" otherwise. */
static char *
clean_language (const char *language)
{
  gsize length = language != NULL ? strlen (language) : 0;

  if (length < 2 || length > MAX_LANGUAGE || !g_ascii_isalpha (language[0])
      || strspn (language, "-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
             != length)
    return g_strdup ("und");
  return g_strdup (language);
}

static gboolean
is_english (const char *language)
{
  return g_ascii_strncasecmp (language, "en", 2) == 0 && !g_ascii_isalpha (language[2]);
}

/* (transfer full) (nullable): %NULL when there is nothing in it. */
static char *
clean_or_null (const char *text, gsize max_length)
{
  g_autofree char *clean = text != NULL ? kalon_text_clean (text, max_length) : NULL;

  return clean != NULL && clean[0] != '\0' ? g_steal_pointer (&clean) : NULL;
}

/* Fills all but the filters. An English query is not taken from the model, which could have changed
 * it; nor is the English of a query whose language is not known when it is the same. */
static void
take_words (const char *json, const char *query, KalonRephraseStyle style,
            KalonRephraseAnswer *answer)
{
  gsize max_length = MAX (MIN_LENGTH, MAX_GROWTH * (gsize) g_utf8_strlen (query, -1));
  g_autofree char *language = kalon_rephrase_answer_extract (json, "language");
  g_autofree char *english = kalon_rephrase_answer_extract (json, "english");
  g_autofree char *more
      = kalon_rephrase_answer_extract (json, style == KALON_REPHRASE_REORG ? "text" : "additions");

  answer->language = clean_language (language);
  if (!is_english (answer->language))
    answer->english = clean_or_null (english, max_length);
  if (g_strcmp0 (answer->english, query) == 0)
    g_clear_pointer (&answer->english, g_free);
  if (style == KALON_REPHRASE_REORG)
    answer->text = clean_or_null (more, max_length);
  else
    answer->additions = clean_or_null (more, MAX_ADDITIONS);
}

static gboolean
has_words (const KalonRephraseAnswer *answer)
{
  return answer->text != NULL || answer->additions != NULL;
}

gboolean
kalon_rephrase_answer_parse (const char *text, const char *query, KalonRephraseStyle style,
                             KalonRephraseAnswer *answer, GError **error)
{
  g_autoptr (JsonNode) node = kalon_llm_parse_answer (text, kalon_prompt_get_schema (style), error);
  g_autofree char *json = NULL;
  JsonArray *filters;

  if (node == NULL)
    return FALSE;
  /* The same reading as while it grew, of what has been found valid. */
  json = json_to_string (node, FALSE);
  take_words (json, query, style, answer);
  answer->filters = g_ptr_array_new_with_free_func (g_free);
  filters = json_object_get_array_member (json_node_get_object (node), "filters");
  for (guint i = 0; i < json_array_get_length (filters) && i < MAX_FILTERS; i++)
    {
      const char *filter = json_array_get_string_element (filters, i);

      if (kalon_filter_is_known (filter))
        kalon_filters_add (answer->filters, g_strdup (filter));
    }
  if (has_words (answer))
    return TRUE;
  kalon_rephrase_answer_clear (answer);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "The language model's answer has no words in it.");
  return FALSE;
}

gboolean
kalon_rephrase_answer_parse_partial (const char *so_far, const char *query,
                                     KalonRephraseStyle style, KalonRephraseAnswer *answer)
{
  take_words (so_far, query, style, answer);
  return has_words (answer);
}

KalonRephrasing *
kalon_rephrase_answer_compose (const KalonRephraseAnswer *answer,
                               const KalonRephraseRequest *request, KalonRephraseSource source)
{
  KalonRephraseParts parts = {
    .language = answer->language,
    .english = answer->english,
    .text = answer->text,
    .additions = answer->additions,
    .filters = answer->filters,
    .source = source,
    .template_version = KALON_PROMPT_VERSION,
  };

  return kalon_rephrasing_new (request, &parts);
}
