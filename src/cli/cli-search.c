/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

#include "cli-rephrase-private.h"

/* What fits a terminal without scrolling. */
#define DEFAULT_LIMIT 20

static void
fill_section (KalonSheetSection *section, const char *caption, GArray *hits)
{
  *section = (KalonSheetSection){ caption, g_ptr_array_new (), g_ptr_array_new () };
  for (guint i = 0; i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);

      g_ptr_array_add (section->paths, hit->picture->path);
      g_ptr_array_add (section->hashes, hit->picture->content_hash);
    }
}

gboolean
kalon_cli_write_hits (KalonCli *cli, const KalonSearchOptions *options, KalonLibrary *library,
                      GArray *baseline, GArray *aligned, GError **error)
{
  KalonSheetSection sections[2] = { 0 };
  guint n = 0;
  gboolean written;

  if (options->sheet == NULL)
    return TRUE;
  if (baseline != NULL)
    fill_section (&sections[n++], aligned != NULL ? "BASELINE" : NULL, baseline);
  if (aligned != NULL)
    fill_section (&sections[n++], baseline != NULL ? "ALIGNED" : NULL, aligned);
  written = kalon_cli_write_sheet (kalon_library_get_directory (library), options->sheet, sections,
                                   n, cli->cancellable, error);
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_unref (sections[i].paths);
      g_ptr_array_unref (sections[i].hashes);
    }
  if (written)
    kalon_cli_message ("The pictures are on the contact sheet %s.", options->sheet);
  return written;
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
      *rephrasing = kalon_cli_rephrase_query (cli, model, options->words, style, error);
      if (*rephrasing == NULL)
        return FALSE;
      if ((*rephrasing)->notice != NULL)
        kalon_cli_message ("%s", (*rephrasing)->notice);
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

  if (kalon_cli_search_wants_baseline (options))
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
  if (!kalon_cli_write_hits (cli, options, library, baseline, aligned, error))
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
  if (kalon_cli_search_wants_aligned (options)
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
  query = kalon_cli_search_build_query (command, options, &alignment);
  return query != NULL ? search (cli, options, query, &alignment) : KALON_CLI_USAGE;
}

static KalonCliStatus
run_search (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  KalonSearchOptions options = { .limit = DEFAULT_LIMIT };
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "At most this many results; 0 is all (20)",
      "N" },
    { "ranking", 0, 0, G_OPTION_ARG_FILENAME, &options.ranking,
      "The ranking to print: “baseline” (the default), “aligned” or “both”", "NAME" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.rephrase,
      "How the aligned ranking rephrases the words: see “rephrase” (detail)", "STYLE" },
    { "rephrase-share", 0, 0, G_OPTION_ARG_STRING, &options.rephrase_share,
      "What the rephrased words count beside those typed, 0 to 1 (0.25)", "SHARE" },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_STRING, &options.aesthetic_weight,
      "What a point of aesthetic score counts in the aligned ranking (0.1)", "WEIGHT" },
    { "taste-weight", 0, 0, G_OPTION_ARG_STRING, &options.taste_weight,
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
    { "min-aesthetic", 0, 0, G_OPTION_ARG_STRING, &options.min_aesthetic,
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
  kalon_cli_search_clear_options (&options);
  return status;
}

const KalonCliCommand kalon_cli_search = {
  .name = "search",
  .arguments = "[QUERY]",
  .summary = "Rank the indexed pictures for words, pictures and not-words.",
  .details
  = "A weight in front of a --like, --also, --unlike or --not counts it more or less than the\n"
    "words, which weigh 1: --like 0.5:beach.jpg, --not 2:people. A file name or a text that "
    "itself\n"
    "begins with a number and a colon is written ./3:2.jpg, or with a weight, 1:16:9.\n"
    "Each line is rank, score and path. QUERY may be left out with --like.\n"
    "Filters are folder: date: camera: lens: name: orientation: size: colour: liked: format:\n"
    "aesthetic:, also among the words: kalon-cli search 'lake date:2021'. With filters alone,\n"
    "the pictures that pass are listed, newest first: rank and path.",
  .run = run_search,
};
