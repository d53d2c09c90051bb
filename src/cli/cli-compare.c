/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

#include "cli-rephrase-private.h"

#include <math.h>

#include "comparison/kalon-comparison.h"
#include "rivals/kalon-rivals.h"

#define DEFAULT_K 10
/* A picture of more is not looked at. */
#define MAX_K 200

typedef struct
{
  char *keys[2];
  char *rephrase; /* (nullable): the style, as given */
  char *output;
  int k;
  char *words;
} Options;

static void
clear_options (Options *options)
{
  g_free (options->keys[0]);
  g_free (options->keys[1]);
  g_free (options->rephrase);
  g_free (options->output);
  g_free (options->words);
}

/* (transfer full) (nullable): in the words that the query is rephrased to; %NULL without an error
 * where the plain query is used. */
static KalonRephrasing *
rephrase (KalonCli *cli, const Options *options, const KalonModel *model, GError **error)
{
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;
  g_autoptr (KalonRephrasing) rephrasing = NULL;
  g_autoptr (GError) reason = NULL;

  if (options->rephrase != NULL)
    kalon_rephrase_style_from_name (options->rephrase, &style);
  if (style == KALON_REPHRASE_ORIGINAL)
    return NULL;
  rephrasing = kalon_cli_rephrase_query (cli, model, options->words, style, &reason);
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (reason != NULL)
    kalon_cli_message ("%s The plain query is used.", reason->message);
  else if (rephrasing->notice != NULL)
    kalon_cli_message ("%s", rephrasing->notice);
  return g_steal_pointer (&rephrasing);
}

static gboolean
rank (KalonCli *cli, const Options *options, KalonRivals *rivals, const KalonRival *rival,
      const KalonAlignment *alignment, KalonComparison *comparison, guint side, GError **error)
{
  g_autoptr (KalonSearcher) searcher = kalon_rivals_get_searcher (rivals, rival);
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (KalonRanking) ranking = NULL;
  g_autofree char *title = kalon_rival_dup_title (rival);

  kalon_query_add_term (query, KALON_TERM_TEXT, options->words, 1);
  /* All: what rose from afar has a rank on the other side too. */
  kalon_query_set_limit (query, 0);
  kalon_rival_prepare (rival, query, alignment);
  results = kalon_searcher_search (searcher, query, cli->cancellable, error);
  if (results == NULL)
    return FALSE;
  if (results->n_candidates == 0 && rival->kind == KALON_RIVAL_MODEL)
    kalon_cli_message ("No picture is indexed for the model %s: “kalon-cli --model %s index” does "
                       "that.",
                       rival->name, rival->name);
  ranking = kalon_rival_dup_ranking (rival, results);
  kalon_comparison_set_side (comparison, side, title, ranking);
  return TRUE;
}

static const char *
get_json_key (guint side)
{
  return side == 0 ? "left" : "right";
}

static gboolean
print_side (KalonCli *cli, JsonBuilder *builder, KalonLibrary *library,
            const KalonComparison *comparison, guint side, GError **error)
{
  const KalonRanking *ranking = comparison->sides[side].ranking;
  const KalonRanking *other = comparison->sides[1 - side].ranking;
  double mean = kalon_ranking_get_mean_aesthetic (ranking, comparison->k);
  guint n = MIN (ranking->results->len, comparison->k);
  g_autoptr (GArray) top = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  g_autoptr (GArray) hits = NULL;

  g_array_append_vals (top, ranking->results->data, n);
  hits = kalon_cli_look_up (library, top, NULL, error);
  if (hits == NULL)
    return FALSE;
  if (builder != NULL)
    {
      json_builder_set_member_name (builder, get_json_key (side));
      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "ranking", comparison->sides[side].name);
      kalon_cli_json_number (builder, "mean_aesthetic", mean);
      json_builder_set_member_name (builder, "results");
      json_builder_begin_array (builder);
    }
  else if (isfinite (mean))
    kalon_cli_print ("%s (mean aesthetic score %.2f)\n", comparison->sides[side].name, mean);
  else
    kalon_cli_print ("%s\n", comparison->sides[side].name);
  for (guint i = 0; i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);
      guint there = kalon_ranking_find (other, hit->result.picture);

      if (builder != NULL)
        {
          json_builder_begin_object (builder);
          kalon_cli_json_path (builder, "path", hit->picture->path);
          kalon_cli_json_integer (builder, "rank", hit->result.rank);
          /* 0: it is not there */
          kalon_cli_json_integer (builder, "other_rank", there);
          kalon_cli_json_number (builder, "similarity", hit->result.similarity);
          kalon_cli_json_number (builder, "aesthetic", hit->result.aesthetic);
          json_builder_end_object (builder);
        }
      else
        {
          g_autofree char *mark = kalon_rank_to_mark (hit->result.rank, there, "only here");

          kalon_cli_print ("%4u  %s%*s  ", hit->result.rank, mark,
                           MAX (0, 9 - (int) g_utf8_strlen (mark, -1)), "");
          kalon_cli_print_path (hit->picture->path);
          kalon_cli_print ("\n");
        }
    }
  if (builder != NULL)
    {
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  return TRUE;
}

static gboolean
print (KalonCli *cli, KalonLibrary *library, const KalonComparison *comparison, GError **error)
{
  g_autoptr (JsonBuilder) builder = cli->json ? kalon_cli_json_new () : NULL;
  guint n;
  guint common = kalon_ranking_count_common (comparison->sides[0].ranking,
                                             comparison->sides[1].ranking, comparison->k, &n);

  if (builder != NULL)
    {
      kalon_cli_json_string (builder, "query", comparison->query);
      kalon_cli_json_string (builder, "rephrased", comparison->rephrased);
      kalon_cli_json_string (builder, "model", comparison->model);
      kalon_cli_json_integer (builder, "common", common);
      kalon_cli_json_integer (builder, "of", n);
    }
  else
    kalon_cli_print ("%u of %u in common\n", common, n);
  for (guint side = 0; side < 2; side++)
    if (!print_side (cli, builder, library, comparison, side, error))
      return FALSE;
  if (builder != NULL)
    kalon_cli_json_print (builder);
  return TRUE;
}

/* (transfer full) (nullable): what can be compared; %NULL after a message when @options name
 * something else. */
static GPtrArray *
list_rivals (const KalonCliCommand *command, const Options *options, KalonRivals *rivals)
{
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GPtrArray) all = NULL;

  kalon_rivals_list_async (rivals, NULL, kalon_cli_take_result, &listed);
  kalon_cli_wait (&listed);
  all = kalon_rivals_list_finish (rivals, listed, NULL);
  for (guint side = 0; side < 2; side++)
    if (kalon_rivals_find (all, options->keys[side]) == NULL)
      {
        kalon_cli_usage (command,
                         "There is no ranking “%s”: baseline, rephrased, aligned, model:ID of "
                         "another model or profile:NAME of another profile.",
                         options->keys[side]);
        return NULL;
      }
  return g_steal_pointer (&all);
}

static KalonCliStatus
compare (KalonCli *cli, const KalonCliCommand *command, const Options *options)
{
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonRivals) rivals = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (KalonRephrasing) rephrasing = NULL;
  g_autoptr (KalonComparison) comparison = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  library = kalon_library_open (cli->library, &error);
  model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  rivals = kalon_rivals_new (cli->library, cli->device, model->directory, searcher);
  all = list_rivals (command, options, rivals);
  if (all == NULL)
    return KALON_CLI_USAGE;

  kalon_cli_watch_signals (cli);
  rephrasing = rephrase (cli, options, model, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  comparison = kalon_comparison_new (options->words, (guint) options->k);
  comparison->model = g_strdup (model->id);
  if (rephrasing != NULL)
    {
      alignment.rephrased = rephrasing->text;
      comparison->rephrased = g_strdup (rephrasing->text);
    }
  comparison->rephrase = alignment.rephrase;
  comparison->aesthetic = alignment.aesthetic;
  comparison->taste = alignment.taste;
  for (guint side = 0; side < 2; side++)
    if (!rank (cli, options, rivals, kalon_rivals_find (all, options->keys[side]), &alignment,
               comparison, side, &error))
      return kalon_cli_fail (cli, error);
  if ((options->output != NULL
       && !kalon_comparison_export (comparison, cli->library, options->output, cli->cancellable,
                                    &error))
      || !print (cli, library, comparison, &error))
    return kalon_cli_fail (cli, error);
  if (options->output != NULL)
    kalon_cli_message ("The comparison is in %s.", options->output);
  return KALON_CLI_DONE;
}

static KalonCliStatus
check (KalonCli *cli, const KalonCliCommand *command, const Options *options)
{
  KalonRephraseStyle style;

  if (options->words == NULL || options->words[strspn (options->words, " \t\n\r")] == '\0')
    return kalon_cli_usage (command, "What to look for is missing: give words.");
  if (options->k < 1 || options->k > MAX_K)
    return kalon_cli_usage (command, "--k %d is not between 1 and %d.", options->k, MAX_K);
  if (!kalon_cli_parse_style (command, options->rephrase, &style))
    return KALON_CLI_USAGE;
  if (options->output != NULL && !g_str_has_suffix (options->output, ".png")
      && !g_str_has_suffix (options->output, ".html")
      && !g_str_has_suffix (options->output, ".htm"))
    return kalon_cli_usage (command, "--output %s ends neither in .png nor in .html.",
                            options->output);
  return compare (cli, command, options);
}

static KalonCliStatus
run_compare (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  Options options = { .k = DEFAULT_K };
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "left", 0, 0, G_OPTION_ARG_STRING, &options.keys[0],
      "The first ranking: “baseline” (the default), “rephrased”, “aligned”, “model:ID” or "
      "“profile:NAME”",
      "RANKING" },
    { "right", 0, 0, G_OPTION_ARG_STRING, &options.keys[1],
      "The second one, likewise; “aligned” is the default", "RANKING" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.rephrase,
      "How the words are rephrased: see “rephrase” (detail)", "STYLE" },
    { "k", 0, 0, G_OPTION_ARG_INT, &options.k, "How much of each ranking (10)", "N" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options.output,
      "Also write both rankings with thumbnails, as a picture or as a page", "FILE.png|.html" },
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    {
      if (arguments[0] != NULL)
        {
          g_autofree char *typed = g_strjoinv (" ", arguments);
          options.words = kalon_cli_dup_words (typed);
        }
      if (options.keys[0] == NULL)
        options.keys[0] = g_strdup ("baseline");
      if (options.keys[1] == NULL)
        options.keys[1] = g_strdup ("aligned");
      status = check (cli, command, &options);
    }
  clear_options (&options);
  return status;
}

const KalonCliCommand kalon_cli_compare = {
  .name = "compare",
  .arguments = "QUERY",
  .summary = "Put two rankings of a query beside each other.",
  .details
  = "Each line is rank, how many places higher (▲) or lower (▼) than in the other ranking,\n"
    "and path.",
  .run = run_compare,
};
