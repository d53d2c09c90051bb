/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

#include "cli-rephrase-private.h"

#include <math.h>
#include <string.h>

#define BASELINE "baseline"
#define ALIGNED "aligned"
#define BOTH "both"
/* Aesthetic scores are about 0 to 10; a head may give others. */
#define MAX_SCORE 1000

void
kalon_cli_search_clear_options (KalonSearchOptions *options)
{
  g_free (options->strictness);
  g_free (options->ranking);
  g_free (options->rephrase);
  g_free (options->rephrase_share);
  g_free (options->aesthetic_weight);
  g_free (options->taste_weight);
  g_free (options->min_aesthetic);
  g_free (options->taste);
  g_free (options->sheet);
  g_free (options->sort);
  g_strfreev (options->likes);
  g_strfreev (options->nots);
  g_strfreev (options->also);
  g_strfreev (options->unlikes);
  g_strfreev (options->filters);
  g_clear_pointer (&options->filter, kalon_filter_unref);
  g_free (options->words);
}

static gboolean
parse_sort (const char *text, KalonSort *sort)
{
  *sort = g_strcmp0 (text, "aesthetic") == 0 ? KALON_SORT_AESTHETIC : KALON_SORT_RELEVANCE;
  return text == NULL || g_str_equal (text, "aesthetic") || g_str_equal (text, "relevance");
}

static gboolean
is_ranking (const char *name)
{
  return g_str_equal (name, BASELINE) || g_str_equal (name, ALIGNED) || g_str_equal (name, BOTH);
}

/* The option among those given that only the aligned ranking obeys. */
static const char *
find_aligning_option (const KalonSearchOptions *options)
{
  const struct
  {
    const char *name;
    gboolean given;
  } all[] = {
    { "--rephrase", options->rephrase != NULL },
    { "--rephrase-share", options->rephrase_share != NULL },
    { "--aesthetic-weight", options->aesthetic_weight != NULL },
    { "--taste-weight", options->taste_weight != NULL },
    { "--taste", options->taste != NULL },
    { "--no-adapter", options->no_adapter },
    { "--why", options->why },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i].given)
      return all[i].name;
  return NULL;
}

gboolean
kalon_cli_search_wants_aligned (const KalonSearchOptions *options)
{
  return options->ranking != NULL ? !g_str_equal (options->ranking, BASELINE)
                                  : find_aligning_option (options) != NULL;
}

gboolean
kalon_cli_search_wants_baseline (const KalonSearchOptions *options)
{
  return !kalon_cli_search_wants_aligned (options) || g_strcmp0 (options->ranking, BOTH) == 0;
}

/* @alignment: (out caller-allocates), all but the rephrased words. %FALSE after a message. */
static gboolean
parse_alignment (const KalonCliCommand *command, const KalonSearchOptions *options,
                 KalonAlignment *alignment)
{
  const char *aligning = find_aligning_option (options);
  KalonRephraseStyle style;
  double share, aesthetic, taste;

  *alignment = KALON_ALIGNMENT_DEFAULT;
  share = alignment->rephrase;
  aesthetic = alignment->aesthetic;
  taste = alignment->taste;
  if (options->ranking != NULL && !is_ranking (options->ranking))
    kalon_cli_usage (command, "There is no ranking “%s”: baseline, aligned or both.",
                     options->ranking);
  else if (aligning != NULL && g_strcmp0 (options->ranking, BASELINE) == 0)
    kalon_cli_usage (command, "%s is of the aligned ranking; the baseline does not know it.",
                     aligning);
  else if (!kalon_cli_parse_style (command, options->rephrase, &style))
    return FALSE;
  else if (options->taste != NULL && !kalon_taste_method_parse (options->taste, &alignment->method))
    kalon_cli_usage (command,
                     "There is no taste “%s”: learned, rocchio, nearest, steering, aesthetic.",
                     options->taste);
  else if (kalon_cli_parse_number (command, "--rephrase-share", options->rephrase_share, 0, 1,
                                   &share)
           && kalon_cli_parse_number (command, "--aesthetic-weight", options->aesthetic_weight, 0,
                                      KALON_CLI_MAX_WEIGHT, &aesthetic)
           && kalon_cli_parse_number (command, "--taste-weight", options->taste_weight, 0,
                                      KALON_CLI_MAX_WEIGHT, &taste))
    {
      alignment->rephrase = (float) share;
      alignment->aesthetic = (float) aesthetic;
      alignment->taste = (float) taste;
      alignment->adapter = !options->no_adapter;
      return TRUE;
    }
  return FALSE;
}

/* The sheet is a PNG, whatever its name says. */
gboolean
kalon_cli_search_check_sheet (const KalonCliCommand *command, const KalonSearchOptions *options)
{
  gsize length = options->sheet != NULL ? strlen (options->sheet) : 0;

  if (options->sheet == NULL
      || (length > 4 && g_ascii_strcasecmp (options->sheet + length - 4, ".png") == 0))
    return TRUE;
  kalon_cli_usage (command, "--sheet writes a PNG: give it a name that ends in .png.");
  return FALSE;
}

KalonQuery *
kalon_cli_search_build_query (const KalonCliCommand *command, const KalonSearchOptions *options,
                              KalonAlignment *alignment)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  double min_aesthetic = NAN;
  KalonSort sort;
  int strictness;

  if (options->limit < 0)
    kalon_cli_usage (command, "--limit %d is below zero; 0 prints all.", options->limit);
  else if (!kalon_cli_parse_strictness (options->strictness, &strictness))
    kalon_cli_usage (command, "--strictness %s is not between 0 and 100, nor “model”.",
                     options->strictness);
  else if (!parse_alignment (command, options, alignment)
           || !kalon_cli_parse_number (command, "--min-aesthetic", options->min_aesthetic,
                                       -MAX_SCORE, MAX_SCORE, &min_aesthetic)
           || !kalon_cli_search_check_sheet (command, options))
    return NULL;
  else if (!parse_sort (options->sort, &sort))
    kalon_cli_usage (command, "There is no order “%s”, only “relevance” and “aesthetic”.",
                     options->sort);
  else if (options->words == NULL && options->likes == NULL && options->also == NULL)
    kalon_cli_usage (command, "What to look for is missing: words, or --like FILE.");
  else if (options->words != NULL && options->words[strspn (options->words, " \t\n\r")] == '\0')
    kalon_cli_usage (command, "The query is empty. Give words, or --like FILE.");
  else
    {
      if (options->words != NULL)
        kalon_query_add_term (query, KALON_TERM_TEXT, options->words, 1);
      kalon_query_set_filter (query, options->filter);
      kalon_query_set_limit (query, options->limit);
      kalon_query_set_strictness (query, strictness);
      kalon_query_set_fold_duplicates (query, !options->no_fold);
      kalon_query_set_min_aesthetic (query, min_aesthetic);
      kalon_query_set_sort (query, sort);
      if (kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->also, 1)
          && kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->likes, 1)
          && kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->unlikes, -1)
          && kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->nots, -1))
        return g_steal_pointer (&query);
    }
  return NULL;
}
