/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-judge-private.h"
#include "cli-rephrase-private.h"
#include "cli-systems-private.h"

#include <string.h>

#define MAX_PER_MINUTE 6000
#define MAX_PRICE 1000

static void
clear_options (KalonCliJudge *options)
{
  g_strfreev (options->systems);
  g_free (options->queries);
  g_free (options->set);
  g_free (options->images);
  g_free (options->labels);
  g_free (options->styles);
  g_free (options->rephrase);
  g_free (options->cache);
  kalon_cli_report_clear (&options->report);
}

static KalonCliStatus
judge (KalonCli *cli, const KalonCliJudge *options)
{
  g_auto (KalonCliJudgeRows) rows = { 0 };
  g_autoptr (GError) error = NULL;

  kalon_cli_watch_signals (cli);
  if (options->labels != NULL)
    {
      g_autoptr (KalonJudgeFigures) figures = kalon_cli_judge_count_labels (cli, options, &error);

      return figures != NULL ? kalon_cli_judge_print (cli, options, figures, NULL)
                             : kalon_cli_fail (cli, error);
    }
  if (!kalon_cli_judge_get_rows (cli, options, &rows, &error))
    return kalon_cli_fail (cli, error);
  return kalon_cli_judge_run (cli, options, &rows);
}

/* "ranker,scorer", "all"; %FALSE after a message. */
static gboolean
read_styles (const KalonCliCommand *command, KalonCliJudge *options)
{
  g_auto (GStrv) names = g_strsplit (options->styles != NULL ? options->styles : "ranker", ",", -1);
  gboolean all = g_str_equal (names[0] != NULL ? names[0] : "", "all") && names[1] == NULL;
  gboolean wanted[KALON_N_JUDGE_STYLES] = { FALSE };

  for (gsize i = 0; !all && (i == 0 || names[i] != NULL); i++)
    {
      KalonJudgeStyle style;

      if (names[i] == NULL || !kalon_judge_style_from_name (names[i], &style))
        {
          kalon_cli_usage (command,
                           "There is no style “%s” of judging: ranker, scorer, cp-scorer, several "
                           "with commas between, or all.",
                           names[i] != NULL ? names[i] : "");
          return FALSE;
        }
      wanted[style] = TRUE;
    }
  for (guint style = 0; style < KALON_N_JUDGE_STYLES; style++)
    if (all || wanted[style])
      options->asked[options->n_asked++] = (KalonJudgeStyle) style;
  return TRUE;
}

static gboolean
check (const KalonCliCommand *command, KalonCliJudge *options)
{
  guint n_sources = (options->queries != NULL) + (options->set != NULL) + (options->labels != NULL);
  KalonRephraseStyle style;

  if (n_sources != 1)
    kalon_cli_usage (command, "Give one of --queries, --hpir and --labels.");
  else if (!kalon_cli_check_systems (command, options->systems))
    return FALSE;
  else if (options->systems != NULL && options->set != NULL)
    kalon_cli_usage (command, "--system does not go with --hpir: its groups are compared.");
  else if (options->images != NULL && options->set == NULL)
    kalon_cli_usage (command, "--images goes with --hpir only.");
  else
    return kalon_cli_parse_style (command, options->rephrase, &style)
           && read_styles (command, options)
           && kalon_cli_check_number (command, "--k", options->k, 1, KALON_HPIR_MAX_GROUP)
           && kalon_cli_check_number (command, "--per-minute", options->per_minute, 0,
                                      MAX_PER_MINUTE)
           && kalon_cli_check_number (command, "--price-per-1000-tokens", options->price, 0,
                                      MAX_PRICE);
  return FALSE;
}

static KalonCliStatus
run_judge (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  KalonCliJudge options = { .k = KALON_JUDGE_ROW };
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    KALON_CLI_SYSTEM_ENTRY (options),
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &options.queries, "Queries, a line each", "FILE" },
    { "hpir", 0, 0, G_OPTION_ARG_FILENAME, &options.set,
      "The groups of this HPIR set, and how far the judge agrees with people", "SET" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &options.images,
      "Where that set's names of pictures begin (its own folder)", "DIR" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &options.labels,
      "What people said in this label set, see “label”; asks no model", "ID" },
    { "style", 0, 0, G_OPTION_ARG_STRING, &options.styles,
      "“ranker” (the default), “scorer”, “cp-scorer”, several with commas between, or “all”",
      "STYLES" },
    { "k", 0, 0, G_OPTION_ARG_INT, &options.k, "Pictures in a row (5)", "N" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.rephrase,
      "How queries are rephrased, for systems that do: see “rephrase” (detail)", "STYLE" },
    { "estimate", 0, 0, G_OPTION_ARG_NONE, &options.estimate,
      "Only say what it would cost; nothing is sent", NULL },
    { "price-per-1000-tokens", 0, 0, G_OPTION_ARG_DOUBLE, &options.price,
      "What the server takes, for --estimate", "PRICE" },
    { "per-minute", 0, 0, G_OPTION_ARG_INT, &options.per_minute, "Begin at most N calls a minute",
      "N" },
    { "send-pictures", 0, 0, G_OPTION_ARG_NONE, &options.send_pictures,
      "Pictures may be sent to a server on another machine", NULL },
    { "cache", 0, 0, G_OPTION_ARG_FILENAME, &options.cache,
      "Keep answers in FILE instead of the user's own", "FILE" },
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      && kalon_cli_report_check (command, &options.report) && check (command, &options))
    status = judge (cli, &options);
  clear_options (&options);
  return status;
}

const KalonCliCommand kalon_cli_judge = {
  .name = "judge",
  .arguments = "",
  .summary = "Have a vision-language model say which of two systems answers better.",
  .details
  = "It sees both systems' rows as one small picture, twice, with the rows swapped. Its answers\n"
    "are kept: what was interrupted goes on where it was. Pictures go to a server on another\n"
    "machine only with --send-pictures. With --labels people are the judge.",
  .run = run_judge,
};
