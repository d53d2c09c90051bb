/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include <math.h>

#include "evidence/kalon-evidence.h"

static void
add_outcome (JsonBuilder *builder, const KalonPairOutcome *outcome)
{
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "kind", outcome->kind);
  kalon_cli_json_string (builder, "severity", outcome->severity);
  kalon_cli_json_integer (builder, "pairs", outcome->n_pairs);
  kalon_cli_json_number (builder, "share", outcome->share.mean);
  kalon_eval_json_interval (builder, "interval", &outcome->share);
  kalon_cli_json_number (builder, "difference", outcome->difference);
  json_builder_end_object (builder);
}

static void
print_pairs_json (const KalonEvalRun *run, const KalonPairFigures *figures)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
  kalon_cli_json_integer (builder, "left_out", figures->n_left_out);
  kalon_cli_json_string (builder, "head", kalon_evaluator_get_aesthetic_hash (run->evaluator));
  kalon_eval_json_run (builder, run);
  json_builder_set_member_name (builder, "outcomes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->outcomes->len; i++)
    add_outcome (builder, g_ptr_array_index (figures->outcomes, i));
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static void
print_pairs (const KalonEvalRun *run, const KalonPairFigures *figures)
{
  kalon_cli_print ("%-22s %-10s %6s  %-26s%s\n", "kind", "severity", "pairs", "better above",
                   "difference");
  for (guint i = 0; i < figures->outcomes->len; i++)
    {
      const KalonPairOutcome *outcome = g_ptr_array_index (figures->outcomes, i);

      kalon_cli_print ("%-22s %-10s %6" G_GSIZE_FORMAT "  ",
                       outcome->kind != NULL ? outcome->kind : "all",
                       outcome->severity != NULL ? outcome->severity : "all", outcome->n_pairs);
      kalon_eval_print_estimate (&outcome->share, 26);
      kalon_cli_print ("%+.2f\n", outcome->difference);
    }
  kalon_cli_print ("%" G_GSIZE_FORMAT " pictures, model %s; in brackets 95 %% intervals\n",
                   figures->n_pictures, run->model->id);
}

/* Failures are no scores: they are on stderr and among "failures". */
static void
print_scores (const KalonEvalRun *run, GStrv files, const float *scores)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!run->cli->json)
    {
      for (gsize i = 0; files[i] != NULL; i++)
        if (!isnan (scores[i]))
          {
            kalon_cli_print ("%6.2f  ", scores[i]);
            kalon_cli_print_path (files[i]);
            kalon_cli_print ("\n");
          }
      return;
    }
  builder = kalon_cli_json_new ();
  kalon_cli_json_string (builder, "head", kalon_evaluator_get_aesthetic_hash (run->evaluator));
  kalon_eval_json_run (builder, run);
  json_builder_set_member_name (builder, "scores");
  json_builder_begin_array (builder);
  for (gsize i = 0; files[i] != NULL; i++)
    if (!isnan (scores[i]))
      {
        json_builder_begin_object (builder);
        kalon_cli_json_path (builder, "path", files[i]);
        kalon_cli_json_number (builder, "aesthetic", scores[i]);
        json_builder_end_object (builder);
      }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static KalonCliStatus
compare_pairs (KalonCli *cli, const char *shares, const char *pairs, const char *images,
               const KalonCliReport *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (KalonPairFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  kalon_evaluator_set_aesthetic_models (run.evaluator, shares);
  figures = kalon_evaluator_compare_pairs (run.evaluator, pairs, images, cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_pairs_json (&run, figures);
  else
    print_pairs (&run, figures);
  if (figures->n_left_out > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " pairs were left out.", figures->n_left_out);
  report = kalon_eval_begin_report (&run, "Aesthetic scores of pairs");
  kalon_evidence_add_pairs (report, "pairs", NULL, figures);
  return kalon_eval_end_report (&run, report, "eval-aesthetic", options);
}

static KalonCliStatus
correlate (KalonCli *cli, const char *models, const char *ratings, const char *images,
           double threshold, const KalonCliReport *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (KalonRatingFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  figures = kalon_evaluator_correlate_ratings (run.evaluator, ratings, images, models, threshold,
                                               cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  report = kalon_eval_begin_report (&run, "Aesthetic scores and ratings");
  kalon_evidence_add_ratings (report, "ratings", figures);
  return kalon_cli_report_end (cli, report, "eval-aesthetic", options);
}

static KalonCliStatus
score_files (KalonCli *cli, const char *shares, GStrv files)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autofree float *scores = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  for (gsize i = 0; files[i] != NULL; i++)
    g_ptr_array_add (paths, files[i]);
  kalon_evaluator_set_aesthetic_models (run.evaluator, shares);
  scores = kalon_evaluator_score_pictures (run.evaluator, paths, cli->cancellable, &error);
  kalon_eval_end (&run);
  if (scores == NULL)
    return kalon_cli_fail (cli, error);
  print_scores (&run, files, scores);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_aesthetic (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *shares = NULL;
  g_autofree char *pairs = NULL;
  g_autofree char *images = NULL;
  g_autofree char *ratings = NULL;
  g_autofree char *middle = NULL;
  g_auto (KalonCliReport) report = { 0 };
  g_auto (GStrv) files = NULL;
  double threshold = NAN;
  const GOptionEntry entries[] = {
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &shares, "Aesthetic models and their weights (own)",
      "ID[:WEIGHT],..." },
    { "pairs", 0, 0, G_OPTION_ARG_FILENAME, &pairs,
      "Lines “better TAB worse TAB kind TAB severity”", "FILE" },
    { "ratings", 0, 0, G_OPTION_ARG_FILENAME, &ratings,
      "Ratings by people: AVA's columns, or CSV with a name and a score", "FILE" },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &middle,
      "Above it a rating is a good one (5 of AVA's, else the middle)", "RATING" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images, "The folder that the names are in", "DIR" },
    KALON_CLI_REPORT_ENTRIES (report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &files)
      || !kalon_cli_report_check (command, &report))
    return KALON_CLI_USAGE;
  if ((pairs == NULL && ratings == NULL) != (images == NULL))
    return kalon_cli_usage (command, "--images belongs with --pairs or --ratings.");
  if ((pairs != NULL) + (ratings != NULL) + (files[0] != NULL) != 1)
    return kalon_cli_usage (command, "Give one of --pairs, --ratings, or pictures to score.");
  if (files[0] != NULL && kalon_cli_report_is_wanted (&report))
    return kalon_cli_usage (command,
                            "Scores of pictures are no report: give --pairs or --ratings.");
  if (!kalon_cli_parse_number (command, "--threshold", middle, -1e9, 1e9, &threshold))
    return KALON_CLI_USAGE;
  if (ratings != NULL)
    return correlate (cli, shares, ratings, images, threshold, &report);
  return pairs != NULL ? compare_pairs (cli, shares, pairs, images, &report)
                       : score_files (cli, shares, files);
}

const KalonCliCommand kalon_eval_aesthetic = {
  .name = "eval aesthetic",
  .arguments = "[FILE...]",
  .summary = "Score pictures, or compare scores with pairs and ratings.",
  .details = "Prints the scores of FILEs, or with --pairs the share of pairs whose better picture\n"
             "has the higher score, ties counted half, and the mean difference of the scores: of\n"
             "all, by severity, by kind and severity. Intervals draw the better pictures. With\n"
             "--ratings each aesthetic model is told by itself: correlation with the ratings, and\n"
             "the share of pictures that both put on the same side of the middle.",
  .run = run_aesthetic,
};
