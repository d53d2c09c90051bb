/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

/* Counted up with every change of a template below or of data/lexicon. */
#define TEMPLATE_VERSION 2
/* About as long as what a language model is asked for; see rephraser-prompts.c. */
#define REPEAT_WORDS 30

/* What prepositions begin the second half of, for reorg. */
static const char *const prepositions[]
    = { "in", "on",      "at",   "under",  "over",    "behind", "near",
        "by", "through", "with", "beside", "between", NULL };

/* One phrase for each; %NULL where every one that is at hand would be contrary to the query. */
static KalonLooks
choose_looks (const char *english, GPtrArray *filters)
{
  g_autoptr (GPtrArray) words = kalon_words_split (english);
  const KalonLooks *found[KALON_LEXICON_MAX_LOOKS] = { NULL };
  gsize n = kalon_lexicon_find_looks (words, found);
  KalonLooks chosen = { NULL };

  for (gsize i = 0; i < n; i++)
    {
      if (chosen.light == NULL && !kalon_lexicon_is_contrary (found[i]->light, words, filters))
        chosen.light = found[i]->light;
      if (chosen.composition == NULL
          && !kalon_lexicon_is_contrary (found[i]->composition, words, filters))
        chosen.composition = found[i]->composition;
      if (chosen.mood == NULL && !kalon_lexicon_is_contrary (found[i]->mood, words, filters))
        chosen.mood = found[i]->mood;
    }
  return chosen;
}

/* (transfer full): those that there are, with @separator between. */
static char *
join (const char *separator, const char *first, const char *second, const char *third)
{
  const char *const given[] = { first, second, third };
  const char *present[G_N_ELEMENTS (given) + 1] = { NULL };
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (given); i++)
    if (given[i] != NULL)
      present[n++] = given[i];
  return g_strjoinv (separator, (GStrv) present);
}

/* (transfer full) (nullable): what comes behind the query. */
static char *
make_additions (KalonRephraseStyle style, const char *english, GPtrArray *filters)
{
  KalonLooks looks = choose_looks (english, filters);
  g_autofree char *seen = NULL;

  switch (style)
    {
    case KALON_REPHRASE_DETAIL:
      seen = join (", ", looks.composition, looks.light, NULL);
      return g_strdup_printf ("a %s%sphoto%s%s", looks.mood != NULL ? looks.mood : "",
                              looks.mood != NULL ? " " : "", seen[0] != '\0' ? " with " : "", seen);
    case KALON_REPHRASE_K_LIST:
      return join (", ", looks.composition, looks.mood, looks.light);
    case KALON_REPHRASE_KW_DICT:
      return join ("; ", looks.light, looks.composition, looks.mood);
    case KALON_REPHRASE_ORIGINAL:
    case KALON_REPHRASE_REPEAT:
    case KALON_REPHRASE_REORG:
    default:
      return NULL;
    }
}

/* (transfer full) (nullable): @text again until there are %REPEAT_WORDS words. */
static char *
repeat (const char *text)
{
  g_autoptr (GPtrArray) words = kalon_words_split (text);
  GString *repeated = g_string_new (NULL);

  for (guint n = words->len; words->len > 0 && n + words->len <= REPEAT_WORDS; n += words->len)
    g_string_append_printf (repeated, "%s%s", repeated->len > 0 ? ", " : "", text);
  return g_string_free (repeated, FALSE);
}

/* (transfer full): "a dog on the beach" is "on the beach, a dog"; where there is nothing to move,
 * "a photo of" it. */
static char *
reorganise (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (gsize i = 1; words[0] != NULL && words[i] != NULL; i++)
    if (words[i + 1] != NULL && g_strv_contains (prepositions, words[i]))
      {
        g_autofree char *tail = g_strjoinv (" ", words + i);
        g_autofree char *head = g_strndup (text, strlen (text) - strlen (tail) - 1);

        return g_strdup_printf ("%s, %s", tail, head);
      }
  return g_strdup_printf ("a photo of %s", text);
}

void
kalon_rephrase_take_date (const KalonRephraseRequest *request, GDate *today)
{
  if (request->today != NULL)
    *today = *request->today;
  else
    g_date_set_time_t (today, g_get_real_time () / G_USEC_PER_SEC);
}

/* The query as it was typed: what was asked for, or all that can be said. */
static gboolean
stays_plain (const char *query, KalonRephraseStyle style)
{
  return style == KALON_REPHRASE_ORIGINAL || query[0] == '\0'
         || (style != KALON_REPHRASE_REPEAT && !kalon_words_are_latin (query));
}

/* (transfer full) (nullable) */
static char *
dup_notice (const char *query, const char *reason)
{
  const char *end = "";

  if (query[0] != '\0' && !kalon_words_are_latin (query))
    end = "The word lists know nothing of such words: they stay as typed, and a model that has "
          "learned English alone does not understand them.";
  else if (reason != NULL)
    end = "Word lists were used instead.";
  if (reason != NULL)
    return g_strdup_printf ("%.*s %s", (int) strcspn (reason, "\r\n"), reason, end);
  return end[0] != '\0' ? g_strdup (end) : NULL;
}

/* @reason: (nullable): why this is not a language model's */
static KalonRephrasing *
rephrase (const KalonRephraseRequest *request, const char *reason)
{
  g_autofree char *query = kalon_query_clean (request->query);
  g_autofree char *notice = dup_notice (query, reason);
  g_autofree char *english = NULL;
  g_autofree char *additions = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
  KalonRephraseParts parts = { .filters = filters, .stands_in = reason != NULL, .notice = notice };
  gboolean translated;
  GDate today;

  kalon_rephrase_take_date (request, &today);
  kalon_filters_find (filters, query, &today);
  english = kalon_language_translate (query, &parts.language, &translated);
  if (stays_plain (query, request->style))
    return kalon_rephrasing_new (request, &parts);

  parts.source = KALON_REPHRASE_SOURCE_BUILT_IN;
  parts.template_version = TEMPLATE_VERSION;
  parts.english = translated ? english : NULL;
  if (request->style == KALON_REPHRASE_REPEAT)
    additions = repeat (english);
  else if (request->style == KALON_REPHRASE_REORG)
    text = reorganise (english);
  else
    additions = make_additions (request->style, english, filters);
  parts.additions = additions;
  parts.text = text;
  return kalon_rephrasing_new (request, &parts);
}

KalonRephrasing *
kalon_rephrase_built_in (const KalonRephraseRequest *request)
{
  g_return_val_if_fail (request != NULL && request->query != NULL, NULL);
  g_return_val_if_fail (request->style < KALON_N_REPHRASE_STYLES, NULL);
  g_return_val_if_fail (request->tokenizer == NULL || request->context_length >= 2, NULL);

  return rephrase (request, NULL);
}

KalonRephrasing *
kalon_rephrase_stand_in (const KalonRephraseRequest *request, const char *reason)
{
  g_return_val_if_fail (request != NULL && request->query != NULL && reason != NULL, NULL);
  g_return_val_if_fail (request->style < KALON_N_REPHRASE_STYLES, NULL);
  g_return_val_if_fail (request->tokenizer == NULL || request->context_length >= 2, NULL);

  return rephrase (request, reason);
}
