/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

/* Counted up with every change of a template below or of data/lexicon. */
#define TEMPLATE_VERSION 1
/* About as long as what a language model is asked for; see rephraser-prompts.c. */
#define REPEAT_WORDS 30

/* What prepositions begin the second half of, for reorg. */
static const char *const prepositions[]
    = { "in", "on",      "at",   "under",  "over",    "behind", "near",
        "by", "through", "with", "beside", "between", NULL };

/* "a, b" or "a" of what two subjects have, each once. */
static char *
join_looks (const char *first, const char *second)
{
  return second == NULL || g_str_equal (first, second) ? g_strdup (first)
                                                       : g_strdup_printf ("%s, %s", first, second);
}

/* The looks of the first two subjects together. */
typedef struct
{
  char *light;
  char *composition;
  char *mood;
} Looks;

static void
looks_clear (Looks *looks)
{
  g_free (looks->light);
  g_free (looks->composition);
  g_free (looks->mood);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Looks, looks_clear)

static void
find_looks (const char *english, Looks *looks)
{
  g_autoptr (GPtrArray) words = kalon_words_split (english);
  const KalonLooks *found[KALON_LEXICON_MAX_SUBJECTS] = { NULL };
  gsize n = kalon_lexicon_find_looks (words, found);
  const KalonLooks *second = n > 1 ? found[1] : NULL;

  looks->light = join_looks (found[0]->light, second != NULL ? second->light : NULL);
  looks->composition
      = join_looks (found[0]->composition, second != NULL ? second->composition : NULL);
  looks->mood = join_looks (found[0]->mood, second != NULL ? second->mood : NULL);
}

/* (transfer full) (nullable): what comes behind the query. */
static char *
make_additions (KalonRephraseStyle style, const char *english)
{
  g_auto (Looks) looks = { NULL };

  find_looks (english, &looks);
  switch (style)
    {
    case KALON_REPHRASE_DETAIL:
      return g_strdup_printf ("a %s photo with %s, %s", looks.mood, looks.composition, looks.light);
    case KALON_REPHRASE_K_LIST:
      return g_strdup_printf ("%s, %s, %s", looks.composition, looks.mood, looks.light);
    case KALON_REPHRASE_KW_DICT:
      return g_strdup_printf ("%s; %s; %s", looks.light, looks.composition, looks.mood);
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

KalonRephrasing *
kalon_rephrasing_new_plain (const KalonRephraseRequest *request, const char *notice)
{
  g_autofree char *query = kalon_query_clean (request->query);
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *unused = NULL;
  KalonRephraseParts parts = { .filters = filters, .notice = notice };
  gboolean translated;
  GDate today;

  kalon_rephrase_take_date (request, &today);
  kalon_filters_find (filters, query, &today);
  unused = kalon_language_translate (query, &parts.language, &translated);
  return kalon_rephrasing_new (request, &parts);
}

KalonRephrasing *
kalon_rephrase_built_in (const KalonRephraseRequest *request)
{
  g_autofree char *query = NULL;
  g_autofree char *english = NULL;
  g_autofree char *additions = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
  KalonRephraseParts parts = { .filters = filters,
                               .source = KALON_REPHRASE_SOURCE_BUILT_IN,
                               .template_version = TEMPLATE_VERSION };
  gboolean translated;
  GDate today;

  g_return_val_if_fail (request != NULL && request->query != NULL, NULL);
  g_return_val_if_fail (request->style < KALON_N_REPHRASE_STYLES, NULL);
  g_return_val_if_fail (request->tokenizer == NULL || request->context_length >= 2, NULL);

  query = kalon_query_clean (request->query);
  if (request->style == KALON_REPHRASE_ORIGINAL || query[0] == '\0')
    return kalon_rephrasing_new_plain (request, NULL);

  kalon_rephrase_take_date (request, &today);
  kalon_filters_find (filters, query, &today);
  english = kalon_language_translate (query, &parts.language, &translated);
  parts.english = translated ? english : NULL;
  if (request->style == KALON_REPHRASE_REPEAT)
    additions = repeat (english);
  else if (request->style == KALON_REPHRASE_REORG)
    text = reorganise (english);
  else
    additions = make_additions (request->style, english);
  parts.additions = additions;
  parts.text = text;
  return kalon_rephrasing_new (request, &parts);
}
