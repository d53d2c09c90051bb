/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-judge-private.h"

#include "cli-rephrase-private.h"
#include "errors/kalon-errors.h"
#include "evidence/kalon-evidence.h"
#include "settings/kalon-settings.h"

/* (transfer full): the server that is configured. An estimate needs neither key nor consent. */
static KalonLlm *
open_llm (gboolean only_estimate, GError **error)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonLlm) named = kalon_cli_name_llm (&reason);

  if (named == NULL && reason == NULL)
    g_set_error_literal (&reason, KALON_ERROR, KALON_ERROR_ARGUMENT,
                         "No server is configured that could judge: choose one whose model sees "
                         "pictures with “kalon-cli llm set”.");
  if (named == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return only_estimate ? g_steal_pointer (&named)
                       : kalon_llm_new_from_settings (settings, NULL, error);
}

static KalonCliStatus
print_estimate (KalonCli *cli, const KalonCliJudge *options, KalonLlm *llm,
                const KalonJudgeEstimate *estimate)
{
  double price = options->price * (double) estimate->n_tokens / 1000;
  g_autofree char *size = g_format_size (estimate->bytes);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "host", kalon_llm_get_host (llm));
      kalon_cli_json_string (builder, "model", kalon_llm_get_model (llm));
      kalon_cli_json_boolean (builder, "local", kalon_llm_is_local (llm));
      kalon_cli_json_integer (builder, "calls", (gint64) estimate->n_calls);
      kalon_cli_json_integer (builder, "kept", (gint64) estimate->n_kept);
      kalon_cli_json_integer (builder, "pictures", (gint64) estimate->n_calls);
      kalon_cli_json_integer (builder, "bytes", (gint64) estimate->bytes);
      kalon_cli_json_integer (builder, "tokens", (gint64) estimate->n_tokens);
      if (options->price > 0)
        kalon_cli_json_number (builder, "price", price);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  kalon_cli_print ("server    %s%s\n", kalon_llm_get_host (llm),
                   kalon_llm_is_local (llm) ? ", on this machine" : "");
  kalon_cli_print ("model     %s\n", kalon_llm_get_model (llm));
  kalon_cli_print ("calls     %" G_GSIZE_FORMAT ", a picture each; %" G_GSIZE_FORMAT
                   " more are answered already\n",
                   estimate->n_calls, estimate->n_kept);
  kalon_cli_print ("pictures  about %s\n", size);
  kalon_cli_print ("tokens    about %" G_GUINT64_FORMAT "\n", estimate->n_tokens);
  if (options->price > 0)
    kalon_cli_print ("price     about %.2f\n", price);
  return KALON_CLI_DONE;
}

/* What is about to happen. */
static void
tell (KalonLlm *llm, const KalonJudgeEstimate *estimate)
{
  g_autofree char *size = g_format_size (estimate->bytes);

  if (estimate->n_calls > 0)
    kalon_cli_message (
        "%" G_GSIZE_FORMAT " calls to %s, about %s of pictures and %" G_GUINT64_FORMAT
        " tokens; %" G_GSIZE_FORMAT " answers are known already.",
        estimate->n_calls, kalon_llm_get_host (llm), size, estimate->n_tokens, estimate->n_kept);
}

static void
on_progress (gsize done, gsize total, gpointer user_data)
{
  kalon_cli_show_progress (done, total, "answers");
}

static KalonJudgeFigures *
judge (KalonCli *cli, const KalonCliJudge *options, KalonJudge *judge, GPtrArray *items,
       GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  KalonJudgeFigures *figures;

  kalon_judge_run_async (judge, items, options->asked, options->n_asked, on_progress, NULL,
                         cli->cancellable, kalon_cli_take_result, &result);
  kalon_cli_wait (&result);
  figures = kalon_judge_run_finish (judge, result, error);
  kalon_cli_end_progress ();
  return figures;
}

KalonCliStatus
kalon_cli_judge_print (KalonCli *cli, const KalonCliJudge *options,
                       const KalonJudgeFigures *figures, const KalonCliJudgeRows *rows)
{
  g_autofree char *title
      = g_strdup_printf ("%s against %s, judged", figures->titles[0], figures->titles[1]);
  g_autofree char *version = g_strdup_printf ("%d", KALON_JUDGE_PROMPT_VERSION);
  g_autoptr (KalonReport) report = kalon_cli_report_begin (cli, title);

  if (rows != NULL && rows->model != NULL)
    kalon_cli_report_set_model (report, rows->model->id, NULL, rows->device);
  if (figures->judge != NULL)
    {
      kalon_report_set_fact (report, "judge", "Judge", figures->judge);
      kalon_report_set_fact (report, "prompts", "Version of the judge’s prompts", version);
    }
  kalon_evidence_add_judge (report, "judge", figures);
  return kalon_cli_report_end (cli, report, "judge", &options->report);
}

KalonCliStatus
kalon_cli_judge_run (KalonCli *cli, const KalonCliJudge *options, const KalonCliJudgeRows *rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlm) llm = open_llm (options->estimate, &error);
  g_autofree char *cache
      = options->cache != NULL ? g_strdup (options->cache) : kalon_judge_dup_cache_path ();
  g_autoptr (KalonJudge) self = NULL;
  g_autoptr (KalonJudgeFigures) figures = NULL;
  KalonJudgeEstimate estimate;

  if (llm == NULL)
    return kalon_cli_fail (cli, error);
  self = kalon_judge_new (llm, cli->library, cache);
  kalon_judge_set_may_send (self, options->send_pictures);
  kalon_judge_set_per_minute (self, (guint) options->per_minute);
  if (!kalon_judge_estimate (self, rows->items, options->asked, options->n_asked, &estimate,
                             cli->cancellable, &error))
    return kalon_cli_fail (cli, error);
  if (options->estimate)
    return print_estimate (cli, options, llm, &estimate);
  tell (llm, &estimate);
  figures = judge (cli, options, self, rows->items, &error);
  if (figures == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        kalon_cli_message ("What was answered is kept: the same command goes on from there.");
      return kalon_cli_fail (cli, error);
    }
  for (guint i = 0; i < 2; i++)
    figures->titles[i] = g_strdup (rows->titles[i]);
  figures->synthetic = g_strdup (rows->synthetic);
  return kalon_cli_judge_print (cli, options, figures, rows);
}
