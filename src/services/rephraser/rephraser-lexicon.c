/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <string.h>

#include "kalon-lexicon.h"

#define PREFIX "/io/github/kalon_project/Kalon/lexicon/"
/* The category of looks that suit any picture. */
#define ANY "any"
/* An ending is taken off when at least this much is left. */
#define MIN_STEM 3

typedef struct
{
  const char *off;
  const char *on;
} Ending;

static const Ending english_endings[] = {
  { "s", "" },  { "es", "" },  { "ies", "y" }, { "ing", "" },  { "ing", "e" },
  { "ed", "" }, { "ed", "e" }, { "y", "" },    { NULL, NULL },
};
static const Ending german_endings[] = {
  { "e", "" },  { "n", "" },  { "en", "" }, { "er", "" },
  { "es", "" }, { "em", "" }, { "s", "" },  { NULL, NULL },
};
static const Ending french_endings[] = {
  { "s", "" }, { "x", "" }, { "e", "" }, { "es", "" }, { NULL, NULL },
};
static const Ending spanish_endings[] = {
  { "s", "" }, { "es", "" }, { "a", "o" }, { "as", "o" }, { NULL, NULL },
};
static const Ending *const endings[KALON_N_LANGUAGES]
    = { english_endings, german_endings, french_endings, spanish_endings };

static const char *const codes[KALON_N_LANGUAGES] = { "en", "de", "fr", "es" };

/* English that no table has: small words, and things that are something else in another language.
 */
static const char *const english_words[]
    = { "the",  "an",      "is",    "are",   "to",      "from",  "at",    "by",  "for",
        "into", "through", "while", "his",   "her",     "their", "its",   "die", "no",
        "not",  "this",    "that",  "photo", "picture", "image", "boot",  "hut", "mesa",
        "robe", "fur",     "pour",  "par",   "as",      "on",    "there", NULL };

typedef struct
{
  /* Folded phrase -> English; of English itself -> anything. Strings stand in the resource's copy.
   */
  GHashTable *words[KALON_N_LANGUAGES];
  GHashTable *subjects;     /* folded phrase -> category's name */
  GPtrArray *categories;    /* names, most telling first */
  GHashTable *looks;        /* category's name -> KalonLooks */
  GHashTable *contrary;     /* phrase of looks -> folded phrases and filters -> anything */
  GHashTable *filters;      /* folded phrase -> filter */
  GHashTable *filter_words; /* filter -> English */
  GHashTable *last_only;    /* set of folded phrases */
} Lexicon;

typedef void (*RowFunc) (Lexicon *self, GStrv fields);

/* Calls @func with the @n fields of every line. The tables are part of the program, so one that is
 * wrong is a bug, and the tests find it. */
static void
read_table (Lexicon *self, const char *name, guint n, RowFunc func)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (kalon_lexicon_get_resource (), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert (bytes != NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = NULL;

      if (lines[i][0] == '\0' || lines[i][0] == '#')
        continue;
      fields = g_strsplit (lines[i], "\t", -1);
      if (g_strv_length (fields) != n)
        g_error ("%s: “%s” does not have %u fields.", name, lines[i], n);
      func (self, fields);
    }
}

/* Adds the folded form of each of @phrases, unless there is one already: the first row counts. */
static void
add_phrases (GHashTable *table, const char *phrases, const char *separator, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (phrases, separator, -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *folded = kalon_word_fold (g_strstrip (parts[i]));

      if (folded[0] != '\0' && !g_str_equal (folded, "-") && !g_hash_table_contains (table, folded))
        g_hash_table_insert (table, g_steal_pointer (&folded), (gpointer) value);
    }
}

static void
add_subjects (Lexicon *self, GStrv fields)
{
  const char *category = g_intern_string (fields[0]);

  if (!g_ptr_array_find (self->categories, category, NULL))
    g_ptr_array_add (self->categories, (gpointer) category);
  add_phrases (self->subjects, fields[1], ",", category);
  add_phrases (self->words[KALON_LANGUAGE_ENGLISH], fields[1], ",", "");
}

static void
add_looks (Lexicon *self, GStrv fields)
{
  KalonLooks *looks = g_new (KalonLooks, 1);

  looks->light = g_intern_string (fields[1]);
  looks->composition = g_intern_string (fields[2]);
  looks->mood = g_intern_string (fields[3]);
  g_hash_table_insert (self->looks, (gpointer) g_intern_string (fields[0]), looks);
}

static void
add_contrary (Lexicon *self, GStrv fields)
{
  GHashTable *phrases = g_hash_table_lookup (self->contrary, fields[0]);

  if (phrases == NULL)
    {
      phrases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->contrary, (gpointer) g_intern_string (fields[0]), phrases);
    }
  add_phrases (phrases, fields[1], ",", "");
}

static void
add_translations (Lexicon *self, GStrv fields)
{
  const char *english = g_str_equal (fields[0], "-") ? "" : g_intern_string (fields[0]);
  g_autoptr (GPtrArray) words = kalon_words_split (english);

  for (guint i = 0; i < words->len; i++)
    add_phrases (self->words[KALON_LANGUAGE_ENGLISH],
                 ((const KalonWord *) g_ptr_array_index (words, i))->text, "|", "");
  for (guint i = KALON_LANGUAGE_GERMAN; i < KALON_N_LANGUAGES; i++)
    add_phrases (self->words[i], fields[i], "|", english);
}

/* The words for a filter are translated as well: by those that English, whose rows come first, has
 * for the same filter. */
static void
add_filter (Lexicon *self, GStrv fields)
{
  const char *filter = g_intern_string (fields[2]);
  gsize length = strlen (fields[1]);
  gboolean last_only = length > 0 && fields[1][length - 1] == '$';

  if (last_only)
    fields[1][length - 1] = '\0';
  add_phrases (self->filters, fields[1], "|", filter);
  if (last_only)
    g_hash_table_add (self->last_only, kalon_word_fold (fields[1]));
  if (g_str_equal (fields[0], codes[KALON_LANGUAGE_ENGLISH])
      && !g_hash_table_contains (self->filter_words, filter))
    g_hash_table_insert (self->filter_words, (gpointer) filter,
                         (gpointer) g_intern_string (fields[1]));
  for (guint i = KALON_LANGUAGE_GERMAN; i < KALON_N_LANGUAGES; i++)
    if (g_str_equal (fields[0], codes[i]))
      add_phrases (self->words[i], fields[1], "|",
                   g_hash_table_lookup (self->filter_words, filter));
}

static Lexicon *
load (void)
{
  Lexicon *self = g_new0 (Lexicon, 1);

  for (guint i = 0; i < KALON_N_LANGUAGES; i++)
    self->words[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->categories = g_ptr_array_new ();
  self->looks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->contrary = g_hash_table_new (g_str_hash, g_str_equal);
  self->filters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->filter_words = g_hash_table_new (g_str_hash, g_str_equal);
  self->last_only = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; english_words[i] != NULL; i++)
    add_phrases (self->words[KALON_LANGUAGE_ENGLISH], english_words[i], "|", "");
  read_table (self, "subjects.tsv", 2, add_subjects);
  read_table (self, "looks.tsv", 4, add_looks);
  read_table (self, "contrary.tsv", 2, add_contrary);
  read_table (self, "translations.tsv", KALON_N_LANGUAGES, add_translations);
  read_table (self, "filters.tsv", 3, add_filter);
  return self;
}

static const Lexicon *
get_lexicon (void)
{
  static gsize lexicon;

  if (g_once_init_enter (&lexicon))
    g_once_init_leave (&lexicon, (gsize) load ());
  return (const Lexicon *) lexicon;
}

/* @phrase itself, or with an ending taken off: of "running" also "run". */
static gboolean
look_up (GHashTable *table, const char *phrase, KalonLanguage language, const char **value)
{
  if (g_hash_table_lookup_extended (table, phrase, NULL, (gpointer *) value))
    return TRUE;
  for (const Ending *ending = endings[language]; ending->off != NULL; ending++)
    {
      g_autofree char *stem = NULL;
      gsize length = strlen (phrase);

      if (!g_str_has_suffix (phrase, ending->off) || length < strlen (ending->off) + MIN_STEM)
        continue;
      length -= strlen (ending->off);
      stem = g_strdup_printf ("%.*s%s", (int) length, phrase, ending->on);
      if (g_hash_table_lookup_extended (table, stem, NULL, (gpointer *) value))
        return TRUE;
      if (language != KALON_LANGUAGE_ENGLISH || stem[length - 1] != stem[length - 2])
        continue;
      stem[length - 1] = '\0';
      if (g_hash_table_lookup_extended (table, stem, NULL, (gpointer *) value))
        return TRUE;
    }
  return FALSE;
}

const char *
kalon_language_get_code (KalonLanguage language)
{
  return codes[language];
}

const char *
kalon_lexicon_translate (KalonLanguage language, const char *phrase)
{
  const char *english = NULL;

  return look_up (get_lexicon ()->words[language], phrase, language, &english) ? english : NULL;
}

gboolean
kalon_lexicon_is_english (const char *folded)
{
  const char *unused;

  return look_up (get_lexicon ()->words[KALON_LANGUAGE_ENGLISH], folded, KALON_LANGUAGE_ENGLISH,
                  &unused);
}

gsize
kalon_lexicon_find_looks (GPtrArray *words, const KalonLooks **looks)
{
  const Lexicon *lexicon = get_lexicon ();
  g_autoptr (GHashTable) found = g_hash_table_new (g_direct_hash, g_direct_equal);
  gsize n = 0;

  for (guint i = 0; i < words->len;)
    {
      const char *category = NULL;
      guint length = MIN (KALON_LEXICON_MAX_PHRASE, words->len - i);

      for (; length > 0 && category == NULL; length--)
        {
          g_autofree char *phrase = kalon_words_join (words, i, length);

          if (look_up (lexicon->subjects, phrase, KALON_LANGUAGE_ENGLISH, &category))
            g_hash_table_add (found, (gpointer) category);
        }
      /* The loop has counted one further down. */
      i += category != NULL ? length + 1 : 1;
    }
  for (guint i = 0; i < lexicon->categories->len && n < KALON_LEXICON_MAX_SUBJECTS; i++)
    if (g_hash_table_contains (found, lexicon->categories->pdata[i]))
      looks[n++] = g_hash_table_lookup (lexicon->looks, lexicon->categories->pdata[i]);
  looks[n++] = g_hash_table_lookup (lexicon->looks, g_intern_static_string (ANY));
  return n;
}

gboolean
kalon_lexicon_is_contrary (const char *look, GPtrArray *words, GPtrArray *filters)
{
  GHashTable *phrases = g_hash_table_lookup (get_lexicon ()->contrary, look);
  const char *unused;

  if (phrases == NULL)
    return FALSE;
  for (guint i = 0; i < filters->len; i++)
    if (g_hash_table_contains (phrases, filters->pdata[i]))
      return TRUE;
  for (guint i = 0; i < words->len; i++)
    for (guint n = 1; n <= MIN (KALON_LEXICON_MAX_PHRASE, words->len - i); n++)
      {
        g_autofree char *phrase = kalon_words_join (words, i, n);

        if (look_up (phrases, phrase, KALON_LANGUAGE_ENGLISH, &unused))
          return TRUE;
      }
  return FALSE;
}

const char *
kalon_lexicon_find_filter (const char *phrase, gboolean is_last)
{
  const Lexicon *lexicon = get_lexicon ();

  if (!is_last && g_hash_table_contains (lexicon->last_only, phrase))
    return NULL;
  return g_hash_table_lookup (lexicon->filters, phrase);
}
