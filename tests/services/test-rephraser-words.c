/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rephraser without a language model: words, languages, filters, budget. */
#include <string.h>

#include "rephraser/kalon-rephraser-private.h"

/* 25 November 2026, a Wednesday. */
static GDate today;

static KalonTokenizer *
load_tokenizer (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "tokens", NULL);
  g_autoptr (GError) error = NULL;
  KalonTokenizer *tokenizer = kalon_tokenizer_new (path, &error);

  g_assert_no_error (error);
  return tokenizer;
}

static KalonRephrasing *
rephrase (const char *query, KalonRephraseStyle style)
{
  KalonRephraseRequest request = { .query = query, .style = style, .today = &today };

  return kalon_rephrase_built_in (&request);
}

static void
test_styles (void)
{
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < KALON_N_REPHRASE_STYLES; i++)
    {
      g_autoptr (KalonRephrasing) first = rephrase ("  a dog\n on the beach ", i);
      g_autoptr (KalonRephrasing) second = rephrase ("a dog on the beach", i);
      KalonRephraseStyle style;

      g_assert_true (kalon_rephrase_style_from_name (kalon_rephrase_style_get_name (i), &style));
      g_assert_cmpint (style, ==, i);
      g_assert_cmpint (first->style, ==, i);
      g_assert_cmpstr (first->query, ==, "a dog on the beach");
      g_assert_cmpstr (first->text, ==, second->text);
      g_assert_cmpstr (first->language, ==, "en");
      g_assert_false (first->translated);
      g_assert_null (first->notice);
      g_assert_cmpint (first->source, ==,
                       i == KALON_REPHRASE_ORIGINAL ? KALON_REPHRASE_SOURCE_NONE
                                                    : KALON_REPHRASE_SOURCE_BUILT_IN);
      if (i != KALON_REPHRASE_REORG)
        g_assert_true (g_str_has_prefix (first->text, "a dog on the beach"));
      /* No two styles say the same. */
      g_assert_true (g_hash_table_add (texts, g_strdup (first->text)));
    }
  {
    g_autoptr (KalonRephrasing) moved = rephrase ("a dog on the beach", KALON_REPHRASE_REORG);
    g_autoptr (KalonRephrasing) single = rephrase ("dog", KALON_REPHRASE_REORG);
    KalonRephraseStyle style;

    g_assert_cmpstr (moved->text, ==, "on the beach, a dog");
    g_assert_cmpstr (single->text, ==, "a photo of dog");
    g_assert_false (kalon_rephrase_style_from_name ("poem", &style));
  }
}

static void
test_subjects (void)
{
  static const char *const pairs[][2] = {
    { "dog", "dogs" },
    { "puppy", "puppies" },
    { "runner on a hill", "runner on the hills" },
    { "ski", "skiing" },
    { "box of flowers", "box of flower" },
    { "hike", "hiking" },
  };

  /* An inflected word has the looks of its base form. */
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (KalonRephrasing) base = rephrase (pairs[i][0], KALON_REPHRASE_DETAIL);
      g_autoptr (KalonRephrasing) inflected = rephrase (pairs[i][1], KALON_REPHRASE_DETAIL);

      g_assert_cmpstr (base->text + strlen (pairs[i][0]), ==,
                       inflected->text + strlen (pairs[i][1]));
    }
  {
    g_autoptr (KalonRephrasing) dog = rephrase ("dog", KALON_REPHRASE_DETAIL);
    g_autoptr (KalonRephrasing) city = rephrase ("city", KALON_REPHRASE_DETAIL);
    g_autoptr (KalonRephrasing) unknown = rephrase ("xyzzy", KALON_REPHRASE_DETAIL);

    g_assert_cmpstr (dog->text + strlen ("dog"), !=, city->text + strlen ("city"));
    g_assert_cmpstr (dog->text + strlen ("dog"), !=, unknown->text + strlen ("xyzzy"));
    g_assert_cmpuint (strlen (unknown->text), >, strlen ("xyzzy, "));
  }
}

/* One phrase for each of light, composition and mood, and none that the query speaks against. */
static void
test_looks (void)
{
  static const struct
  {
    const char *query, *additions;
  } cases[] = {
    { "a dog in the city", "a beautiful photo with side view, daylight" },
    { "front view of a dog", "a beautiful photo with simple background, daylight" },
    { "a dog looking at the camera", "a beautiful photo with simple background, daylight" },
    { "a dog by candlelight", "a beautiful photo with side view" },
    { "a house at noon", "a beautiful photo with front view, well lit" },
    { "a mountain in the fog", "a peaceful photo with beautiful background, daylight" },
    { "sunset over the desert in black and white", "a beautiful photo with scenic view, well lit" },
    { "the chat room", "a beautiful photo with simple background, well lit" },
    { "an ugly crowd in the dark night", "a photo" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KalonRephrasing) found = rephrase (cases[i].query, KALON_REPHRASE_DETAIL);
      g_autofree char *wanted = g_strdup_printf ("%s, %s", cases[i].query, cases[i].additions);

      g_assert_cmpstr (found->text, ==, wanted);
    }
}

/* What no list and no English model can read is not decorated, and that is said. */
static void
test_other_scripts (void)
{
  static const char *const queries[]
      = { "\U0001f436", "\u6d77\u8fba", "\u0441\u043e\u0431\u0430\u043a\u0430", "..." };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (KalonRephrasing) found = rephrase (queries[i], KALON_REPHRASE_DETAIL);

      g_assert_cmpstr (found->text, ==, queries[i]);
      g_assert_cmpint (found->source, ==, KALON_REPHRASE_SOURCE_NONE);
      g_assert_nonnull (strstr (found->notice, "as typed"));
    }
  {
    g_autoptr (KalonRephrasing) mixed = rephrase ("dog \u72ac", KALON_REPHRASE_DETAIL);

    g_assert_null (mixed->notice);
    g_assert_cmpint (mixed->source, ==, KALON_REPHRASE_SOURCE_BUILT_IN);
  }
}

static void
test_languages (void)
{
  static const char *const cases[][3] = {
    { "Hund am Strand", "de", "dog at the beach" },
    { "zwei schwarze Katzen", "de", "two black cat" },
    { "Kinder spielen im Schnee", "de", "children playing in the snow" },
    { "chien noir dans la neige", "fr", "black dog in the snow" },
    { "coucher de soleil sur la mer", "fr", "sunset on the sea" },
    { "l\u2019été à la plage", "fr", "summer at the beach" },
    { "niños jugando en la playa", "es", "children playing in the beach" },
    { "puesta de sol en las montañas", "es", "sunset in the mountain" },
    { "NIÑA CON PERRO", "es", "girl with dog" },
    { "sand", "en", "sand" },
    { "orange", "en", "orange" },
    { "sleeping cat", "en", "sleeping cat" },
    { "xyzzy", "und", "xyzzy" },
    { "\u6d77\u8fba", "und", "\u6d77\u8fba" },
    { "wooden hut", "en", "wooden hut" },
    { "rotes Boot", "de", "red boat" },
    /* Half of the words at least. */
    { "Sierra Nevada sol", "und", "Sierra Nevada sol" },
    /* What the list does not know stays. */
    { "Hund mit Quietscheente", "de", "dog with Quietscheente" },
    /* No small word of the other language is left. */
    { "una mujer que camina por la calle", "es", "a woman walking through street" },
    { "une femme qui marche dans la rue", "fr", "a woman walking in the street" },
    { "une femme \u00e0 cheval", "fr", "a woman at horse" },
    { "nachts durch die Stra\u00dfe", "de", "at night through street" },
    { "ein See im Abendlicht", "de", "a lake in the evening light" },
    { "chiens de 2015 \u00e0 2018", "fr", "dog of 2015 at 2018" },
    { "a tour", "en", "a tour" },
    { "fur", "en", "fur" },
    { "kindergarten", "en", "kindergarten" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *language;
      gboolean translated;
      g_autofree char *english = kalon_language_translate (cases[i][0], &language, &translated);

      g_assert_cmpstr (english, ==, cases[i][2]);
      g_assert_cmpstr (language, ==, cases[i][1]);
      g_assert_true (translated == (strlen (language) == 2 && !g_str_equal (language, "en")));
    }
}

static void
test_filters (void)
{
  static const char *const cases[][2] = {
    { "dog last summer", "date:2026-06-01..2026-08-31" },
    { "letzten Sommer am See", "date:2026-06-01..2026-08-31" },
    { "ski this winter", "date:2025-12-01..2026-02-28" },
    { "last autumn", "date:2025-09-01..2025-11-30" },
    { "this autumn", "date:2026-09-01..2026-11-30" },
    { "yesterday", "date:2026-11-24..2026-11-24" },
    { "this week", "date:2026-11-23..2026-11-29" },
    { "cats last week", "date:2026-11-16..2026-11-22" },
    { "letzten Monat", "date:2026-10-01..2026-10-31" },
    { "el año pasado", "date:2025-01-01..2025-12-31" },
    { "wedding 2019", "date:2019-01-01..2019-12-31" },
    { "beach february 2024", "date:2024-02-01..2024-02-29" },
    { "été dernier", "date:2026-06-01..2026-08-31" },
    { "portrait of a woman", "orientation:portrait" },
    { "Brücke im Hochformat", "orientation:portrait" },
    { "dog black and white", "colour:monochrome" },
    { "chat en noir et blanc", "colour:monochrome" },
    { "sea in blue tones", "colour:blue" },
    { "bird raw files 2020", "format:raw date:2020-01-01..2020-12-31" },
    { "panorama last year jpeg", "orientation:panorama date:2025-01-01..2025-12-31 format:jpeg" },
    /* The first of a kind counts. */
    { "yesterday 2019", "date:2026-11-24..2026-11-24" },
    { "dogs between 2015 and 2018", "date:2015-01-01..2018-12-31" },
    { "Hunde von 2015 bis 2018", "date:2015-01-01..2018-12-31" },
    { "chiens de 2015 \u00e0 2018", "date:2015-01-01..2018-12-31" },
    { "perros entre 2015 y 2018", "date:2015-01-01..2018-12-31" },
    { "2015\u20132018", "date:2015-01-01..2018-12-31" },
    { "from 2018 to 2015", "date:2015-01-01..2018-12-31" },
    { "cats since 2020", "date:2020-01-01..2026-11-25" },
    { "Katzen seit dem Jahr 2020", "date:2020-01-01..2026-11-25" },
    { "chats depuis 2020", "date:2020-01-01..2026-11-25" },
    { "gatos desde 2020", "date:2020-01-01..2026-11-25" },
    { "since last summer", "date:2026-06-01..2026-11-25" },
    { "since 2020 until 2022", "date:2020-01-01..2022-12-31" },
    { "house before 1990", "date:1826-01-01..1989-12-31" },
    { "Haus vor 1990", "date:1826-01-01..1989-12-31" },
    { "maison avant 1990", "date:1826-01-01..1989-12-31" },
    { "casa antes de 1990", "date:1826-01-01..1989-12-31" },
    { "trees after 2018", "date:2019-01-01..2026-11-25" },
    { "B\u00e4ume nach 2018", "date:2019-01-01..2026-11-25" },
    { "jusqu'en 2010", "date:1826-01-01..2010-12-31" },
    { "wedding 14 March 2022", "date:2022-03-14..2022-03-14" },
    { "wedding March 14th, 2022", "date:2022-03-14..2022-03-14" },
    { "Hochzeit am 14. M\u00e4rz 2022", "date:2022-03-14..2022-03-14" },
    { "mariage le 1er mars 2022", "date:2022-03-01..2022-03-01" },
    { "boda el 14 de marzo de 2022", "date:2022-03-14..2022-03-14" },
    { "julio de 2021", "date:2021-07-01..2021-07-31" },
    { "Silvester 31.12.1999", "date:1999-12-31..1999-12-31" },
    { "before 31.12.1999", "date:1826-01-01..1999-12-30" },
    { "party 12/31/1999", "date:1999-12-31..1999-12-31" },
    { "beach 2022-03-14", "date:2022-03-14..2022-03-14" },
    /* Which of them is the day? The year is sure. */
    { "party 03/04/2022", "date:2022-01-01..2022-12-31" },
    { "30.2.2022", "date:2022-01-01..2022-12-31" },
    { "vom 3. bis 5. Mai 2020", "date:2020-05-03..2020-05-05" },
    { "december to february 2020", "date:2019-12-01..2020-02-29" },
    { "square photo", "orientation:square" },
    { "photo carr\u00e9e", "orientation:square" },
    { "fotos cuadradas", "orientation:square" },
    { "square pictures of a cat", "orientation:square" },
    { "Fotos quadratisch", "orientation:square" },
    { "quer aufgenommene Bilder", "orientation:landscape" },
    /* What only looks like one. */
    { "the number 1999", "" },
    { "route 2010", "" },
    { "Zimmer 2012", "" },
    { "num\u00e9ro 1999", "" },
    { "n\u00famero 1999", "" },
    { "room no. 2010", "" },
    { "#1999", "" },
    { "version 2010 to 2012", "" },
    { "after 2026", "" },
    { "dog before the house", "" },
    { "times square", "" },
    { "a black and white dog", "" },
    { "2999 red bicycles", "" },
    { "1024", "" },
    { "may flowers", "" },
    { "summer landscape", "" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KalonRephrasing) found = rephrase (cases[i][0], KALON_REPHRASE_DETAIL);
      g_autofree char *filters = g_strjoinv (" ", found->filters);

      g_assert_cmpstr (filters, ==, cases[i][1]);
      for (gsize k = 0; found->filters[k] != NULL; k++)
        g_assert_true (kalon_filter_is_known (found->filters[k]));
    }
}

/* Seasons and months around the turn of a year. */
static void
test_turn_of_year (void)
{
  static const struct
  {
    GDateDay day;
    GDateMonth month;
    const char *words, *filter;
  } cases[] = {
    { 15, 1, "last month", "date:2025-12-01..2025-12-31" },
    { 15, 1, "this winter", "date:2025-12-01..2026-02-28" },
    { 15, 1, "last winter", "date:2024-12-01..2025-02-28" },
    { 1, 3, "last winter", "date:2025-12-01..2026-02-28" },
    { 31, 12, "this winter", "date:2026-12-01..2027-02-28" },
    { 31, 12, "last month", "date:2026-11-01..2026-11-30" },
    { 1, 7, "last summer", "date:2025-06-01..2025-08-31" },
    { 1, 1, "yesterday", "date:2025-12-31..2025-12-31" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func (g_free);
      GDate date;

      g_date_clear (&date, 1);
      g_date_set_dmy (&date, cases[i].day, cases[i].month, 2026);
      kalon_filters_find (filters, cases[i].words, &date);
      g_assert_cmpuint (filters->len, ==, 1);
      g_assert_cmpstr (filters->pdata[0], ==, cases[i].filter);
    }
}

static void
test_unknown_filters (void)
{
  static const char *const unknown[] = { "",
                                         "date:",
                                         "date:..",
                                         "date:2026-01-01",
                                         "date:2026-02-30..2026-03-01",
                                         "date:2026-05-01..2026-04-01",
                                         "date:2026-1-1..2026-2-2",
                                         "date:2026-01-01..2026-01-02x",
                                         "date: 2026-01-01..2026-01-02",
                                         "orientation:upside-down",
                                         "colour:",
                                         "colour:ultraviolet",
                                         "format:exe",
                                         "path:/etc",
                                         "Colour:blue",
                                         "colour:blue ",
                                         "rating:5" };

  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (kalon_filter_is_known (unknown[i]));
  g_assert_true (kalon_filter_is_known ("date:2024-02-29..2024-02-29"));
}

static void
test_budget (void)
{
  g_autoptr (KalonTokenizer) tokenizer = load_tokenizer ();
  g_autoptr (KalonRephrasing) whole = NULL;
  KalonRephraseRequest request = { .query = "a dog on the beach",
                                   .style = KALON_REPHRASE_DETAIL,
                                   .tokenizer = tokenizer,
                                   .context_length = 77,
                                   .today = &today };
  g_autofree gint32 *tokens = g_new (gint32, 77);
  gsize n_words = 0;

  whole = kalon_rephrase_built_in (&request);
  g_assert_cmpuint (whole->n_trimmed, ==, 0);
  g_assert_cmpuint (whole->budget, ==, 77);
  for (gsize length = 2; length < 77; length++)
    {
      g_autoptr (KalonRephrasing) cut = NULL;
      gsize n_dropped;

      request.context_length = length;
      cut = kalon_rephrase_built_in (&request);
      g_assert_true (g_str_has_prefix (cut->text, "a dog on the beach"));
      g_assert_true (g_str_has_prefix (whole->text, cut->text));
      /* Between words. */
      g_assert_nonnull (strchr (" ,", whole->text[strlen (cut->text)]));
      g_assert_false (g_str_has_suffix (cut->text, ","));
      g_assert_true ((cut->n_trimmed > 0) == !g_str_equal (cut->text, whole->text));
      kalon_tokenizer_encode (tokenizer, cut->text, length, 0, tokens, &n_dropped);
      g_assert_true (n_dropped == 0 || g_str_equal (cut->text, "a dog on the beach"));
      g_assert_cmpuint (cut->n_dropped_tokens, ==, n_dropped);
      g_assert_cmpuint (cut->n_tokens, <=, length);
      n_words += cut->n_trimmed;
    }
  g_assert_cmpuint (n_words, >, 0);
}

static void
test_without_tokenizer (void)
{
  g_autoptr (GString) query = g_string_new ("word");
  g_autoptr (KalonRephrasing) found = NULL;
  g_auto (GStrv) words = NULL;

  for (guint i = 1; i < KALON_REPHRASE_MAX_WORDS - 2; i++)
    g_string_append (query, " word");
  found = rephrase (query->str, KALON_REPHRASE_DETAIL);
  words = g_strsplit (found->text, " ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, KALON_REPHRASE_MAX_WORDS);
  g_assert_cmpuint (found->n_trimmed, >, 0);
  g_assert_cmpuint (found->n_tokens, ==, 0);
}

static void
test_odd_queries (void)
{
  static const char *const queries[]
      = { "",           " \t\n",        "\xff\xfe dog", "...",  "-",
          "a\x01\x02z", "\u200b\u202e", "\"}{[",        "%s%n", "e\u0301te\u0301" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    for (guint style = 0; style < KALON_N_REPHRASE_STYLES; style++)
      {
        g_autoptr (KalonRephrasing) found = rephrase (queries[i], style);

        g_assert_true (g_utf8_validate (found->text, -1, NULL));
        g_assert_null (strpbrk (found->text, "\n\x01"));
        if (found->query[0] == '\0')
          g_assert_cmpstr (found->text, ==, "");
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_date_clear (&today, 1);
  g_date_set_dmy (&today, 25, 11, 2026);

  g_test_add_func ("/rephraser/styles", test_styles);
  g_test_add_func ("/rephraser/subjects", test_subjects);
  g_test_add_func ("/rephraser/looks", test_looks);
  g_test_add_func ("/rephraser/other-scripts", test_other_scripts);
  g_test_add_func ("/rephraser/languages", test_languages);
  g_test_add_func ("/rephraser/filters", test_filters);
  g_test_add_func ("/rephraser/filters/turn-of-year", test_turn_of_year);
  g_test_add_func ("/rephraser/filters/unknown", test_unknown_filters);
  g_test_add_func ("/rephraser/budget", test_budget);
  g_test_add_func ("/rephraser/without-tokenizer", test_without_tokenizer);
  g_test_add_func ("/rephraser/odd-queries", test_odd_queries);
  return g_test_run ();
}
