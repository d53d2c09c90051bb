/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include "evidence/kalon-evidence.h"

#define N_RECALLS KALON_EVALUATOR_N_RECALLS
#define N_PRECISIONS G_N_ELEMENTS (kalon_evaluator_precision_cuts)
/* Captions whose results a report shows. */
#define N_EXAMPLES 6
/* Width of an estimate in a table. */
#define COLUMN 26

static void
add_direction (JsonBuilder *builder, const char *key, const KalonRecallFigures *figures)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  kalon_eval_json_means (builder, "recall", kalon_evaluator_recall_cuts, figures->recall,
                         N_RECALLS);
  json_builder_set_member_name (builder, "interval");
  json_builder_begin_object (builder);
  kalon_eval_json_intervals (builder, kalon_evaluator_recall_cuts, figures->recall, N_RECALLS);
  kalon_eval_json_interval (builder, "mrr", &figures->mrr);
  kalon_eval_json_interval (builder, "ndcg", &figures->ndcg);
  json_builder_end_object (builder);
  kalon_cli_json_number (builder, "median_rank", figures->median_rank);
  kalon_cli_json_number (builder, "mrr", figures->mrr.mean);
  kalon_cli_json_number (builder, "ndcg", figures->ndcg.mean);
  json_builder_end_object (builder);
}

static void
print_direction (const char *name, const KalonRecallFigures *figures)
{
  kalon_cli_print ("%-16s", name);
  for (guint c = 0; c < N_RECALLS; c++)
    kalon_eval_print_estimate (&figures->recall[c], COLUMN);
  kalon_cli_print ("%6.1f  %.4f  %.4f\n", figures->median_rank, figures->mrr.mean,
                   figures->ndcg.mean);
}

static void
print_captions (const KalonEvalRun *run, const KalonCaptionFigures *figures)
{
  if (run->cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      add_direction (builder, "text_to_image", &figures->text_to_image);
      add_direction (builder, "image_to_text", &figures->image_to_text);
      kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
      kalon_cli_json_integer (builder, "captions", figures->n_captions);
      kalon_eval_json_run (builder, run);
      kalon_cli_json_print (builder);
      return;
    }
  kalon_cli_print ("%-16s", "");
  for (guint c = 0; c < N_RECALLS; c++)
    kalon_cli_print ("recall@%-*u", COLUMN - 7, kalon_evaluator_recall_cuts[c]);
  kalon_cli_print ("median  MRR     nDCG@10\n");
  print_direction ("text to image", &figures->text_to_image);
  print_direction ("image to text", &figures->image_to_text);
  kalon_cli_print ("%" G_GSIZE_FORMAT " pictures, %" G_GSIZE_FORMAT
                   " captions, model %s; in brackets 95 %% intervals\n",
                   figures->n_pictures, figures->n_captions, run->model->id);
}

static void
add_query (JsonBuilder *builder, const KalonQueryFigures *query)
{
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "query", query->query);
  kalon_cli_json_string (builder, "folder", query->folder);
  kalon_cli_json_integer (builder, "pictures", query->n_pictures);
  kalon_eval_json_cuts (builder, "precision", kalon_evaluator_precision_cuts, query->precision,
                        N_PRECISIONS);
  kalon_cli_json_number (builder, "reciprocal_rank", query->reciprocal_rank);
  kalon_cli_json_number (builder, "ndcg", query->ndcg);
  kalon_cli_json_number (builder, "chance", query->chance);
  json_builder_end_object (builder);
}

static void
print_queries_json (const KalonEvalRun *run, const KalonFolderFigures *figures)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_eval_json_means (builder, "precision", kalon_evaluator_precision_cuts, figures->precision,
                         N_PRECISIONS);
  kalon_cli_json_number (builder, "mrr", figures->mrr.mean);
  kalon_cli_json_number (builder, "ndcg", figures->ndcg.mean);
  json_builder_set_member_name (builder, "interval");
  json_builder_begin_object (builder);
  kalon_eval_json_intervals (builder, kalon_evaluator_precision_cuts, figures->precision,
                             N_PRECISIONS);
  kalon_eval_json_interval (builder, "mrr", &figures->mrr);
  kalon_eval_json_interval (builder, "ndcg", &figures->ndcg);
  json_builder_end_object (builder);
  kalon_cli_json_number (builder, "chance", figures->chance);
  kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
  kalon_cli_json_integer (builder, "folders", figures->n_folders);
  kalon_cli_json_integer (builder, "left_out", figures->n_left_out);
  if (figures->templates != NULL)
    kalon_cli_json_strings (builder, "templates", (const char *const *) figures->templates);
  kalon_eval_json_run (builder, run);
  json_builder_set_member_name (builder, "queries");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->queries->len; i++)
    add_query (builder, g_ptr_array_index (figures->queries, i));
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static void
print_queries (const KalonEvalRun *run, const KalonFolderFigures *figures)
{
  if (run->cli->json)
    {
      print_queries_json (run, figures);
      return;
    }
  kalon_cli_print ("   P@1   P@10  1/rank    nDCG  chance  query\n");
  for (guint i = 0; i < figures->queries->len; i++)
    {
      const KalonQueryFigures *query = g_ptr_array_index (figures->queries, i);

      kalon_cli_print ("%6.2f %6.2f  %6.3f  %6.3f  %6.3f  ", query->precision[0],
                       query->precision[1], query->reciprocal_rank, query->ndcg, query->chance);
      kalon_cli_print_path (query->query);
      kalon_cli_print ("\n");
    }
  kalon_cli_print ("precision@1   ");
  kalon_eval_print_estimate (&figures->precision[0], 0);
  kalon_cli_print ("\nprecision@10  ");
  kalon_eval_print_estimate (&figures->precision[1], 0);
  kalon_cli_print ("\nchance        %.1f %%\n", 100 * figures->chance);
  kalon_cli_print ("MRR           %.4f (%.4f to %.4f)\n", figures->mrr.mean, figures->mrr.low,
                   figures->mrr.high);
  kalon_cli_print ("nDCG@10       %.4f (%.4f to %.4f)\n", figures->ndcg.mean, figures->ndcg.low,
                   figures->ndcg.high);
  kalon_cli_print ("%u queries, %" G_GSIZE_FORMAT " pictures in %" G_GSIZE_FORMAT
                   " folders, model %s; in brackets 95 %% intervals\n",
                   figures->queries->len, figures->n_pictures, figures->n_folders, run->model->id);
}

typedef struct
{
  char *captions;
  char *queries;
  char *names;
  char *images;
  GStrv templates;
  KalonCliReport report;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->captions);
  g_free (options->queries);
  g_free (options->names);
  g_free (options->images);
  g_strfreev (options->templates);
  kalon_cli_report_clear (&options->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static KalonCliStatus
rank_captions (KalonCli *cli, const Options *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonReport) report = NULL;
  KalonCaptionFigures figures;
  gboolean done;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  if (kalon_cli_report_is_wanted (&options->report))
    kalon_evaluator_set_n_examples (run.evaluator, N_EXAMPLES);
  done = kalon_evaluator_rank_captions (run.evaluator, options->captions, options->images, &figures,
                                        cli->cancellable, &error);
  kalon_eval_end (&run);
  if (!done)
    return kalon_cli_fail (cli, error);
  print_captions (&run, &figures);
  report = kalon_eval_begin_report (&run, "Retrieval by captions");
  kalon_evidence_add_captions (report, "captions", NULL, &figures,
                               kalon_evaluator_get_examples (run.evaluator));
  return kalon_eval_end_report (&run, report, "eval-retrieval", &options->report);
}

static KalonCliStatus
rank_folders (KalonCli *cli, const Options *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (KalonFolderFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  if (options->queries != NULL)
    figures = kalon_evaluator_rank_queries (run.evaluator, options->queries, options->images,
                                            cli->cancellable, &error);
  else
    figures = kalon_evaluator_rank_classes (run.evaluator, options->images, options->names,
                                            (const char *const *) options->templates,
                                            cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  print_queries (&run, figures);
  report = kalon_eval_begin_report (&run, "Retrieval by queries for folders");
  kalon_evidence_add_folders (report, "folders", NULL, figures);
  return kalon_eval_end_report (&run, report, "eval-retrieval", &options->report);
}

static KalonCliStatus
run_retrieval (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    KALON_EVAL_QUERY_ENTRIES (options),
    { "names", 0, 0, G_OPTION_ARG_FILENAME, &options.names,
      "Without queries: lines “folder TAB name”; folders without one are left out", "FILE" },
    { "template", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.templates,
      "Without queries: a text with {} for the name (the model's own); may be given again",
      "TEXT" },
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &options.report))
    return KALON_CLI_USAGE;
  if ((options.captions != NULL) + (options.queries != NULL)
          + (options.names != NULL || options.templates != NULL)
      > 1)
    return kalon_cli_usage (command, "Give one of --captions, --queries, or --names and --template "
                                     "for classes.");
  if (!kalon_eval_check_images (command, options.images)
      || !kalon_eval_check_templates (command, options.templates))
    return KALON_CLI_USAGE;
  return options.captions != NULL ? rank_captions (cli, &options) : rank_folders (cli, &options);
}

const KalonCliCommand kalon_eval_retrieval = {
  .name = "eval retrieval",
  .arguments = "",
  .summary = "Recall by captions, or precision by queries for folders.",
  .details
  = "With --captions, names are relative to DIR and each caption has to find its picture, each\n"
    "picture its captions. With --queries, DIR has a sub-folder for each class and each query\n"
    "has to find the pictures of its folder among all. Without either, there is one query for\n"
    "each class: its name in templates, as eval classify makes them.",
  .run = run_retrieval,
};
