/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include <string.h>

/* More failures of one reason are summed up. */
#define MAX_LISTED 3

static void
on_progress (KalonEvaluatorPhase phase, gsize done, gsize total, gpointer user_data)
{
  static const char *const details[] = {
    [KALON_EVALUATOR_PICTURES] = "encoding pictures",
    [KALON_EVALUATOR_TEXTS] = "encoding texts",
    [KALON_EVALUATOR_RANKING] = "ranking",
    [KALON_EVALUATOR_USERS] = "users have taught",
    [KALON_EVALUATOR_TRAINING] = "aligning",
    [KALON_EVALUATOR_REPHRASING] = "rephrasing",
  };
  g_autofree char *found = NULL;

  if (phase == KALON_EVALUATOR_LOOKING)
    {
      found = g_strdup_printf ("looking for pictures: %" G_GSIZE_FORMAT " found", done);
      kalon_cli_show_progress (0, 0, found);
    }
  else
    kalon_cli_show_progress (done, total, details[phase]);
}

gboolean
kalon_eval_begin (KalonEvalRun *run, KalonCli *cli, GError **error)
{
  run->cli = cli;
  run->start = g_get_monotonic_time ();
  run->model = kalon_models_find (cli->model, error);
  if (run->model == NULL || !kalon_cli_choose_device (cli, &run->device, error))
    return FALSE;
  run->evaluator = kalon_evaluator_new (run->model->directory, cli->device);
  kalon_evaluator_set_progress (run->evaluator, on_progress, NULL);
  kalon_cli_watch_signals (cli);
  return TRUE;
}

/* One line for each failure, and one for all with the same reason where they are many: captions of
 * pictures that are elsewhere come by the thousand. */
void
kalon_eval_tell_failures (GPtrArray *failures)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, failure->reason));

      g_hash_table_insert (counts, failure->reason, GUINT_TO_POINTER (count + 1));
    }
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (failures, i);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, failure->reason));

      if (count > MAX_LISTED)
        kalon_cli_message ("failed: %u files, the first of them %s: %s", count, failure->path,
                           failure->reason);
      else if (count > 0)
        kalon_cli_message ("failed: %s: %s", failure->path, failure->reason);
      if (count > MAX_LISTED)
        g_hash_table_remove (counts, failure->reason);
    }
}

void
kalon_eval_end (KalonEvalRun *run)
{
  gsize n_truncated = kalon_evaluator_get_n_truncated (run->evaluator);

  kalon_cli_end_progress ();
  kalon_eval_tell_failures (kalon_evaluator_get_failures (run->evaluator));
  if (n_truncated > 0)
    kalon_cli_message (
        n_truncated == 1 ? "%" G_GSIZE_FORMAT " text is too long for the model and was cut off."
                         : "%" G_GSIZE_FORMAT " texts are too long for the model and were cut off.",
        n_truncated);
}

void
kalon_eval_clear (KalonEvalRun *run)
{
  g_clear_object (&run->evaluator);
  g_clear_pointer (&run->model, kalon_model_free);
  g_clear_pointer (&run->device, g_free);
}

void
kalon_eval_json_run (JsonBuilder *builder, const KalonEvalRun *run)
{
  GPtrArray *failures = kalon_evaluator_get_failures (run->evaluator);

  kalon_cli_json_integer (builder, "failed", failures->len);
  kalon_cli_json_failures (builder, failures);
  kalon_cli_json_integer (builder, "truncated", kalon_evaluator_get_n_truncated (run->evaluator));
  kalon_cli_json_string (builder, "model", run->model->id);
  kalon_cli_json_string (builder, "model_hash", kalon_evaluator_get_model_hash (run->evaluator));
  kalon_cli_json_string (builder, "device", run->device);
  kalon_cli_json_number (builder, "seconds",
                         (g_get_monotonic_time () - run->start) / (double) G_USEC_PER_SEC);
}

KalonReport *
kalon_eval_begin_report (const KalonEvalRun *run, const char *title)
{
  KalonReport *report = kalon_cli_report_begin (run->cli, title);

  kalon_cli_report_set_model (report, run->model->id,
                              kalon_evaluator_get_model_hash (run->evaluator), run->device);
  if (kalon_evaluator_get_aesthetic_hash (run->evaluator) != NULL)
    kalon_report_set_fact (report, "aesthetic_hash", "Hash of the aesthetic models",
                           kalon_evaluator_get_aesthetic_hash (run->evaluator));
  kalon_cli_report_set_seed (report, KALON_METRICS_SEED);
  return report;
}

KalonCliStatus
kalon_eval_end_report (const KalonEvalRun *run, const KalonReport *report, const char *name,
                       const KalonCliReport *options)
{
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_report_write (run->cli, report, name, options, &error))
    return kalon_cli_fail (run->cli, error);
  return KALON_CLI_DONE;
}

static void
add_cut (JsonBuilder *builder, guint cut, double value)
{
  char key[16];

  g_snprintf (key, sizeof key, "%u", cut);
  kalon_cli_json_number (builder, key, value);
}

void
kalon_eval_json_cuts (JsonBuilder *builder, const char *key, const guint *cuts,
                      const double *values, guint n)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint i = 0; i < n; i++)
    add_cut (builder, cuts[i], values[i]);
  json_builder_end_object (builder);
}

void
kalon_eval_json_means (JsonBuilder *builder, const char *key, const guint *cuts,
                       const KalonEstimate *estimates, guint n)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint i = 0; i < n; i++)
    add_cut (builder, cuts[i], estimates[i].mean);
  json_builder_end_object (builder);
}

void
kalon_eval_json_interval (JsonBuilder *builder, const char *key, const KalonEstimate *estimate)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  kalon_cli_json_value (builder, estimate->low);
  kalon_cli_json_value (builder, estimate->high);
  json_builder_end_array (builder);
}

void
kalon_eval_json_intervals (JsonBuilder *builder, const guint *cuts, const KalonEstimate *estimates,
                           guint n)
{
  for (guint i = 0; i < n; i++)
    {
      char key[16];

      g_snprintf (key, sizeof key, "%u", cuts[i]);
      kalon_eval_json_interval (builder, key, &estimates[i]);
    }
}

void
kalon_eval_print_estimate (const KalonEstimate *estimate, int width)
{
  char text[64];

  g_snprintf (text, sizeof text, "%.1f %% (%.1f to %.1f)", 100 * estimate->mean,
              100 * estimate->low, 100 * estimate->high);
  kalon_cli_print ("%-*s", width, text);
}

gboolean
kalon_eval_check_images (const KalonCliCommand *command, const char *images)
{
  if (images != NULL)
    return TRUE;
  kalon_cli_usage (command, "The folder of the pictures is missing: --images DIR.");
  return FALSE;
}

gboolean
kalon_eval_check_templates (const KalonCliCommand *command, GStrv templates)
{
  for (gsize i = 0; templates != NULL && templates[i] != NULL; i++)
    if (!g_utf8_validate (templates[i], -1, NULL) || strstr (templates[i], "{}") == NULL)
      {
        kalon_cli_usage (command, "“%s” is no template: it needs a {} for the name, in UTF-8.",
                         templates[i]);
        return FALSE;
      }
  return TRUE;
}

static const KalonCliCommand *const children[] = {
  &kalon_eval_retrieval, &kalon_eval_classify,
  &kalon_eval_aesthetic, &kalon_eval_taste,
  &kalon_eval_rephrase,  &kalon_eval_domains,
  &kalon_eval_all,       &kalon_eval_align,
  &kalon_eval_hpir,      NULL,
};

static KalonCliStatus
run_eval (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_eval = {
  .name = "eval",
  .arguments = "COMMAND",
  .summary = "Measure a model on pictures whose answers are known.",
  .details = "Pictures are encoded from their files; no library is needed. Intervals are 95 %\n"
             "bootstrap intervals. In a ranking ties count against the model.",
  .run = run_eval,
  .children = children,
};
