/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

/* A phrase of the query and its English. */
typedef struct
{
  guint n_words;
  const char *english; /* (nullable): not in the list */
} Phrase;

static Phrase
find_phrase (GPtrArray *words, guint first, KalonLanguage language)
{
  Phrase phrase = { MIN (KALON_LEXICON_MAX_PHRASE, words->len - first), NULL };

  for (; phrase.n_words > 0; phrase.n_words--)
    {
      g_autofree char *text = kalon_words_join (words, first, phrase.n_words);

      phrase.english = kalon_lexicon_translate (language, text);
      if (phrase.english != NULL)
        return phrase;
    }
  phrase.n_words = 1;
  return phrase;
}

/* A letter alone ("à", "y") is of too many languages to tell one, a number is of all. */
static gboolean
tells_language (const KalonWord *word)
{
  return strlen (word->folded) > 1 && !g_ascii_isdigit (word->folded[0]);
}

static guint
count_known (GPtrArray *words, KalonLanguage language)
{
  guint n = 0;

  for (guint i = 0; i < words->len;)
    {
      Phrase phrase = find_phrase (words, i, language);

      if (phrase.english != NULL && (phrase.n_words > 1 || tells_language (words->pdata[i])))
        n += phrase.n_words;
      i += phrase.n_words;
    }
  return n;
}

/* The language that knows most of the words, and half of them at least; English when it knows as
 * many, since many words are spelt alike ("sand", "orange"). %KALON_N_LANGUAGES: none does. */
static KalonLanguage
detect (GPtrArray *words)
{
  KalonLanguage best = KALON_N_LANGUAGES;
  guint most = 0, n_telling = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const KalonWord *word = words->pdata[i];

      most += kalon_lexicon_is_english (word->folded);
      n_telling += tells_language (word);
    }
  if (most > 0)
    best = KALON_LANGUAGE_ENGLISH;
  for (guint i = KALON_LANGUAGE_GERMAN; i < KALON_N_LANGUAGES; i++)
    {
      guint n = count_known (words, i);

      if (n > most && 2 * n >= n_telling)
        {
          most = n;
          best = i;
        }
    }
  return best;
}

static gboolean
is_colour (const char *english)
{
  g_autofree char *filter = g_strconcat ("colour:", english, NULL);

  return kalon_filter_is_known (filter);
}

/* French and Spanish put a colour behind its thing: "chien noir" is a black dog. */
static void
add_english (GPtrArray *english, const char *text, KalonLanguage language, gboolean after_thing)
{
  if (after_thing && language != KALON_LANGUAGE_GERMAN && is_colour (text))
    g_ptr_array_insert (english, (int) english->len - 1, g_strdup (text));
  else
    g_ptr_array_add (english, g_strdup (text));
}

static char *
translate (GPtrArray *words, KalonLanguage language)
{
  g_autoptr (GPtrArray) english = g_ptr_array_new_with_free_func (g_free);
  gboolean after_thing = FALSE;

  for (guint i = 0; i < words->len;)
    {
      Phrase phrase = find_phrase (words, i, language);

      if (phrase.english == NULL)
        add_english (english, ((const KalonWord *) words->pdata[i])->text, language, FALSE);
      else if (phrase.english[0] != '\0')
        add_english (english, phrase.english, language, after_thing);
      after_thing = phrase.english != NULL && strlen (phrase.english) > 2;
      i += phrase.n_words;
    }
  g_ptr_array_add (english, NULL);
  return g_strjoinv (" ", (GStrv) english->pdata);
}

char *
kalon_language_translate (const char *query, const char **language, gboolean *translated)
{
  g_autoptr (GPtrArray) words = kalon_words_split (query);
  KalonLanguage detected = detect (words);
  g_autofree char *english = NULL;

  *language = detected == KALON_N_LANGUAGES ? "und" : kalon_language_get_code (detected);
  *translated = FALSE;
  if (detected == KALON_N_LANGUAGES || detected == KALON_LANGUAGE_ENGLISH)
    return g_strdup (query);
  english = translate (words, detected);
  *translated = english[0] != '\0';
  return *translated ? g_steal_pointer (&english) : g_strdup (query);
}
