/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"
#include "cli-rephrase-private.h"

#include "evidence/kalon-evidence.h"

/* Then the language model is not asked again. */
#define MAX_FAILURES 3

typedef struct
{
  char *captions;
  char *queries;
  char *images;
  char *share;
  char *aesthetic;
  int limit;
  gboolean llm;
  KalonCliReport report;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->captions);
  g_free (options->queries);
  g_free (options->images);
  g_free (options->share);
  g_free (options->aesthetic);
  kalon_cli_report_clear (&options->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A language model at work. */
typedef struct
{
  KalonCli *cli;
  KalonLlm *llm; /* (nullable) */
  KalonRephraser *rephraser;
  guint n_failures; /* in a row */
  char *reason;     /* (nullable): why it is not asked */
} Asking;

static void
asking_clear (Asking *asking)
{
  g_clear_object (&asking->rephraser);
  g_clear_object (&asking->llm);
  g_free (asking->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asking, asking_clear)

static void
asking_init (Asking *asking, KalonCli *cli)
{
  g_autofree char *cache = kalon_rephraser_dup_cache_path ();

  asking->cli = cli;
  asking->llm = kalon_cli_open_llm (&asking->reason);
  if (asking->llm == NULL && asking->reason == NULL)
    asking->reason = g_strdup ("No language model is set up: see “kalon-cli llm”.");
  asking->rephraser = kalon_rephraser_new (asking->llm, cache);
}

static KalonRephrasing *
rephrase (const KalonRephraseRequest *request, gpointer user_data, GError **error)
{
  Asking *asking = user_data;
  g_autoptr (GAsyncResult) result = NULL;
  KalonRephrasing *rephrasing;

  if (!kalon_rephrase_style_asks (request->style))
    return kalon_rephrase_built_in (request);
  if (asking->reason != NULL)
    return kalon_rephrase_stand_in (request, asking->reason);
  kalon_rephraser_rephrase_async (asking->rephraser, request, NULL, NULL, asking->cli->cancellable,
                                  kalon_cli_take_result, &result);
  kalon_cli_wait (&result);
  rephrasing = kalon_rephraser_rephrase_finish (asking->rephraser, result, error);
  if (rephrasing == NULL)
    return NULL;
  asking->n_failures = rephrasing->stands_in ? asking->n_failures + 1 : 0;
  if (asking->n_failures == MAX_FAILURES)
    asking->reason = g_strdup (rephrasing->notice);
  return rephrasing;
}

static KalonCliStatus
evaluate (KalonCli *cli, const Options *options, double share)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_auto (Asking) asking = { 0 };
  g_autoptr (KalonRephraseFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;
  KalonRephraseTask task = {
    .captions = options->captions,
    .queries = options->queries,
    .images = options->images,
    .share = (float) share,
    .limit = (gsize) options->limit,
    .models = options->aesthetic,
  };

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  if (options->llm)
    {
      asking_init (&asking, cli);
      task.rephrase = rephrase;
      task.user_data = &asking;
    }
  figures = kalon_evaluator_compare_styles (run.evaluator, &task, cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  if (asking.reason != NULL)
    kalon_cli_message ("Word lists rephrased where the language model could not: %s",
                       asking.reason);
  report = kalon_eval_begin_report (&run, "Styles of rephrasing");
  kalon_evidence_add_rephrase (report, "rephrase", figures);
  return kalon_cli_report_end (cli, report, "eval-rephrase", &options->report);
}

static KalonCliStatus
run_rephrase (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) arguments = NULL;
  double share = KALON_REPHRASE_DEFAULT_SHARE;
  const GOptionEntry entries[] = {
    KALON_EVAL_QUERY_ENTRIES (options),
    { "rephrase-share", 0, 0, G_OPTION_ARG_STRING, &options.share,
      "Of the rephrased text in what is searched with (0.25)", "SHARE" },
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &options.aesthetic,
      "Aesthetic models that judge the ten best (all that there are)", "ID,..." },
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit,
      "At most so many of the queries, evenly spaced", "N" },
    { "llm", 0, 0, G_OPTION_ARG_NONE, &options.llm,
      "By the language model that is configured, not by word lists", NULL },
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &options.report))
    return KALON_CLI_USAGE;
  if (options.captions != NULL && options.queries != NULL)
    return kalon_cli_usage (command, "Give --captions or --queries, not both.");
  if (!kalon_eval_check_images (command, options.images)
      || !kalon_cli_parse_number (command, "--rephrase-share", options.share, 0, 1, &share)
      || !kalon_cli_check_number (command, "--limit", options.limit, 0, G_MAXINT))
    return KALON_CLI_USAGE;
  return evaluate (cli, &options, share);
}

const KalonCliCommand kalon_eval_rephrase = {
  .name = "eval rephrase",
  .arguments = "",
  .summary = "Compare the styles of rephrasing with the query as typed.",
  .details
  = "Each style words the queries of --captions, of --queries, or the names of class folders.\n"
    "Told are recall at 1, 5 and 10, MRR, nDCG, what of the ten best stays, and the looks of\n"
    "the ten best by each aesthetic model, each with its change against original.",
  .run = run_rephrase,
};
