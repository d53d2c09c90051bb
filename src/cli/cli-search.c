/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

#include "cli-rephrase-private.h"

#include <math.h>

/* What fits a terminal without scrolling. */
#define DEFAULT_LIMIT 20

#define BASELINE "baseline"
#define ALIGNED "aligned"
#define BOTH "both"

static void
clear_options (KalonSearchOptions *options)
{
  g_free (options->strictness);
  g_free (options->ranking);
  g_free (options->rephrase);
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

static gboolean
is_weight (double weight)
{
  return isfinite (weight) && weight >= 0;
}

/* @alignment: (out caller-allocates), all but the rephrased words. %FALSE after a message. */
static gboolean
parse_alignment (const KalonCliCommand *command, const KalonSearchOptions *options,
                 KalonAlignment *alignment)
{
  KalonRephraseStyle style;

  *alignment = KALON_ALIGNMENT_DEFAULT;
  if (options->ranking != NULL && !is_ranking (options->ranking))
    kalon_cli_usage (command, "There is no ranking “%s”: baseline, aligned or both.",
                     options->ranking);
  else if (options->rephrase != NULL && !kalon_rephrase_style_from_name (options->rephrase, &style))
    kalon_cli_usage (command,
                     "There is no style “%s”: original, detail, k-list, kw-dict, repeat, reorg.",
                     options->rephrase);
  else if (options->taste != NULL && !kalon_taste_method_parse (options->taste, &alignment->method))
    kalon_cli_usage (command,
                     "There is no taste “%s”: learned, rocchio, nearest, steering, aesthetic.",
                     options->taste);
  else if (!is_weight (options->rephrase_share) || options->rephrase_share > 1)
    kalon_cli_usage (command, "--rephrase-share %g is not between 0 and 1.",
                     options->rephrase_share);
  else if (!is_weight (options->aesthetic_weight) || !is_weight (options->taste_weight))
    kalon_cli_usage (command, "A weight is 0 or more.");
  else
    {
      alignment->rephrase = (float) options->rephrase_share;
      alignment->aesthetic = (float) options->aesthetic_weight;
      alignment->taste = (float) options->taste_weight;
      alignment->adapter = !options->no_adapter;
      return TRUE;
    }
  return FALSE;
}

/* (nullable): %NULL after a message when the options make no query. */
static KalonQuery *
build_query (const KalonCliCommand *command, const KalonSearchOptions *options,
             KalonAlignment *alignment)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  KalonSort sort;
  int strictness;

  if (options->limit < 0)
    kalon_cli_usage (command, "--limit %d is below zero; 0 prints all.", options->limit);
  else if (!kalon_cli_parse_strictness (options->strictness, &strictness))
    kalon_cli_usage (command, "--strictness %s is not between 0 and 100, nor “model”.",
                     options->strictness);
  else if (!parse_alignment (command, options, alignment))
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
      kalon_query_set_min_aesthetic (query, options->min_aesthetic);
      kalon_query_set_sort (query, sort);
      if (kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->also, 1)
          && kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->likes, 1)
          && kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->unlikes, -1)
          && kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->nots, -1))
        return g_steal_pointer (&query);
    }
  return NULL;
}

static gboolean
wants_aligned (const KalonSearchOptions *options)
{
  return options->ranking != NULL ? !g_str_equal (options->ranking, BASELINE)
                                  : options->rephrase != NULL;
}

static gboolean
wants_baseline (const KalonSearchOptions *options)
{
  return !wants_aligned (options) || g_strcmp0 (options->ranking, BOTH) == 0;
}

/* Gives @query its alignment. @rephrasing: (out) (transfer full) (nullable): none without words. */
static gboolean
align (KalonCli *cli, const KalonSearchOptions *options, const KalonModel *model, KalonQuery *query,
       KalonAlignment *alignment, KalonRephrasing **rephrasing, GError **error)
{
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;

  if (options->rephrase != NULL)
    kalon_rephrase_style_from_name (options->rephrase, &style);
  if (options->words != NULL && alignment->rephrase > 0 && style != KALON_REPHRASE_ORIGINAL)
    {
      g_autoptr (GError) reason = NULL;

      *rephrasing = kalon_cli_rephrase_query (cli, model, options->words, style, &reason);
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (reason != NULL)
        kalon_cli_message ("%s The plain query is used.", reason->message);
      else if ((*rephrasing)->notice != NULL)
        kalon_cli_message ("%s", (*rephrasing)->notice);
      if (*rephrasing != NULL)
        alignment->rephrased = (*rephrasing)->text;
    }
  kalon_query_set_alignment (query, alignment);
  return TRUE;
}

/* Looks the pictures of both rankings up and prints what was asked for. */
static gboolean
show (KalonCli *cli, const KalonSearchOptions *options, KalonLibrary *library, const char *model,
      const char *device, const KalonRephrasing *rephrasing, const KalonResults *results,
      GError **error)
{
  g_autoptr (GArray) baseline = NULL;
  g_autoptr (GArray) aligned = NULL;

  if (wants_baseline (options))
    {
      baseline = kalon_cli_look_up (library, results->results, results->folded, error);
      if (baseline == NULL)
        return FALSE;
    }
  if (results->aligned != NULL)
    {
      aligned = kalon_cli_look_up (library, results->aligned, results->aligned_folded, error);
      if (aligned == NULL)
        return FALSE;
    }
  if (!kalon_cli_write_hits (cli, options, library, aligned != NULL ? aligned : baseline, error))
    return FALSE;
  kalon_cli_print_results (cli, options, model, device, rephrasing, results, baseline, aligned);
  return TRUE;
}

static KalonCliStatus
search (KalonCli *cli, const KalonSearchOptions *options, KalonQuery *query,
        KalonAlignment *alignment)
{
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonRephrasing) rephrasing = NULL;
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;

  library = kalon_library_open (cli->library, &error);
  model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  kalon_cli_watch_signals (cli);
  if (wants_aligned (options)
      && !align (cli, options, model, query, alignment, &rephrasing, &error))
    return kalon_cli_fail (cli, error);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  results = kalon_searcher_search (searcher, query, cli->cancellable, &error);
  if (results == NULL
      || !show (cli, options, library, model->id, device, rephrasing, results, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_tell_coverage (options, results);
  return KALON_CLI_DONE;
}

/* A search, or with nothing to look for a list. */
static KalonCliStatus
run_options (KalonCli *cli, const KalonCliCommand *command, const KalonSearchOptions *options)
{
  g_autoptr (KalonQuery) query = NULL;
  KalonAlignment alignment;

  if (options->filter != NULL && options->words == NULL && options->likes == NULL
      && options->also == NULL && options->limit >= 0)
    return kalon_cli_list_filtered (cli, command, options);
  query = build_query (command, options, &alignment);
  return query != NULL ? search (cli, options, query, &alignment) : KALON_CLI_USAGE;
}

static KalonCliStatus
run_search (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  const KalonAlignment defaults = KALON_ALIGNMENT_DEFAULT;
  KalonSearchOptions options = {
    .limit = DEFAULT_LIMIT,
    .min_aesthetic = NAN,
    .rephrase_share = defaults.rephrase,
    .aesthetic_weight = defaults.aesthetic,
    .taste_weight = defaults.taste,
  };
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "At most this many results; 0 is all (20)",
      "N" },
    { "ranking", 0, 0, G_OPTION_ARG_FILENAME, &options.ranking,
      "The ranking to print: “baseline” (the default), “aligned” or “both”", "NAME" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.rephrase,
      "How the aligned ranking rephrases the words: see “rephrase” (detail)", "STYLE" },
    { "rephrase-share", 0, 0, G_OPTION_ARG_DOUBLE, &options.rephrase_share,
      "What the rephrased words count beside those typed, 0 to 1 (0.25)", "SHARE" },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_DOUBLE, &options.aesthetic_weight,
      "What a point of aesthetic score counts in the aligned ranking (0.1)", "WEIGHT" },
    { "taste-weight", 0, 0, G_OPTION_ARG_DOUBLE, &options.taste_weight,
      "What taste counts in the aligned ranking (0.15)", "WEIGHT" },
    { "taste", 0, 0, G_OPTION_ARG_STRING, &options.taste,
      "Where taste comes from: “learned” from thumbs (the default), or a yardstick: “rocchio”, "
      "“nearest”, “steering”, “aesthetic”",
      "METHOD" },
    { "no-adapter", 0, 0, G_OPTION_ARG_NONE, &options.no_adapter,
      "Leave out the adapter that “align” trained", NULL },
    { "why", 0, 0, G_OPTION_ARG_NONE, &options.why,
      "Print how many places each part of the aligned ranking moved a picture up", NULL },
    { "strictness", 0, 0, G_OPTION_ARG_STRING, &options.strictness,
      "0 is the full ranked list, 100 only strong matches, “model” the model's own (0)", "0-100" },
    { "like", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.likes,
      "Also look for pictures like this one; may be given again", "[WEIGHT:]FILE" },
    { "also", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.also,
      "Also look for pictures of this; may be given again", "[WEIGHT:]TEXT" },
    { "unlike", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.unlikes,
      "Away from pictures like this one; may be given again", "[WEIGHT:]FILE" },
    { "not", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.nots,
      "Away from pictures of this; may be given again", "[WEIGHT:]TEXT" },
    { "filter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.filters,
      "Only pictures that pass, “date:2021 -camera:nokia”; may be given again", "FILTER" },
    { "no-fold", 0, 0, G_OPTION_ARG_NONE, &options.no_fold,
      "Show near-duplicates instead of folding them behind their best", NULL },
    { "sort", 0, 0, G_OPTION_ARG_FILENAME, &options.sort,
      "Print the results by “relevance” (the default) or “aesthetic”", "ORDER" },
    { "min-aesthetic", 0, 0, G_OPTION_ARG_DOUBLE, &options.min_aesthetic,
      "Only pictures with at least this aesthetic score, about 0 to 10", "SCORE" },
    { "show-aesthetic", 0, 0, G_OPTION_ARG_NONE, &options.show_aesthetic,
      "Print the aesthetic score between score and path", NULL },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &options.sheet,
      "Also write a contact sheet of the results", "FILE.png" },
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    {
      if (arguments[0] != NULL)
        {
          g_autofree char *typed = g_strjoinv (" ", arguments);
          options.words = kalon_cli_dup_words (typed);
        }
      if (kalon_cli_read_filters (command, &options))
        status = run_options (cli, command, &options);
    }
  clear_options (&options);
  return status;
}

const KalonCliCommand kalon_cli_search = {
  .name = "search",
  .arguments = "[QUERY]",
  .summary = "Rank the indexed pictures for words, pictures and not-words.",
  .details
  = "A weight in front of a --like, --also, --unlike or --not counts it more or less than the "
    "words, which\n"
    "weigh 1: --like 0.5:beach.jpg, --not 2:people. A file name or a text that itself begins\n"
    "with a number and a colon is written ./3:2.jpg, or with a weight, 1:16:9.\n"
    "Each line is rank, score and path. QUERY may be left out with --like.\n"
    "Filters are folder: date: camera: lens: name: orientation: size: colour: liked: format:\n"
    "aesthetic:, also among the words: kalon-cli search 'lake date:2021'. With filters alone,\n"
    "the pictures that pass are listed, newest first: rank and path.",
  .run = run_search,
};
