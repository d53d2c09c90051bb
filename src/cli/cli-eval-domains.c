/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"
#include "cli-rephrase-private.h"

#include <string.h>

#include "evidence/kalon-evidence.h"
#include "searcher/kalon-searcher.h"

typedef struct
{
  GStrv names;
  GStrv wordings;
  char *style;
  char *share;
  char *aesthetic;
  char *weight;
  char *adapter;
  gboolean profile;
  KalonCliReport report;
} Options;

static void
options_clear (Options *options)
{
  g_strfreev (options->names);
  g_strfreev (options->wordings);
  g_free (options->style);
  g_free (options->share);
  g_free (options->aesthetic);
  g_free (options->weight);
  g_free (options->adapter);
  kalon_cli_report_clear (&options->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* (nullable): what is behind "NAME=" in @texts. */
static const char *
find_value (GStrv texts, const char *name, gsize length)
{
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    if (strncmp (texts[i], name, length) == 0 && texts[i][length] == '=')
      return texts[i] + length + 1;
  return NULL;
}

GPtrArray *
kalon_eval_measure_domains (KalonEvalRun *run, const KalonDomainTask *common, GStrv domains,
                            GStrv names, GError **error)
{
  g_autoptr (GPtrArray) figures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_domain_figures_free);

  for (gsize i = 0; domains[i] != NULL; i++)
    {
      gsize length = strcspn (domains[i], "=");
      g_autofree char *name = g_strndup (domains[i], length);
      KalonDomainTask task = *common;
      KalonDomainFigures *domain;

      task.name = name;
      task.images = domains[i] + length + 1;
      task.names = find_value (names, name, length);
      domain = kalon_evaluator_measure_domain (run->evaluator, &task, run->cli->cancellable, error);
      kalon_eval_end (run);
      if (domain == NULL)
        return NULL;
      g_ptr_array_add (figures, domain);
    }
  return g_steal_pointer (&figures);
}

/* "NAME=…" all of them, and names that are UTF-8. */
gboolean
kalon_eval_check_domains (const KalonCliCommand *command, GStrv domains, GStrv names)
{
  for (guint k = 0; k < 2; k++)
    {
      GStrv texts = k == 0 ? domains : names;

      for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
        {
          gsize length = strcspn (texts[i], "=");

          if (length == 0 || texts[i][length] == '\0' || texts[i][length + 1] == '\0'
              || !g_utf8_validate (texts[i], (gssize) length, NULL))
            kalon_cli_usage (command, "“%s” is not NAME=%s.", texts[i], k == 0 ? "DIR" : "FILE");
          else if (k == 1 && find_value (domains, texts[i], length) == NULL)
            kalon_cli_usage (command, "“%s” names no domain that is given.", texts[i]);
          else
            continue;
          return FALSE;
        }
    }
  return TRUE;
}

char *
kalon_eval_describe_alignment (const KalonDomainTask *task)
{
  g_autofree char *adapter = NULL;

  if (task->adapter != NULL)
    adapter = g_strdup_printf (
        "a %s adapter", kalon_adapter_kind_get_name (kalon_adapter_get_kind (task->adapter)));
  return g_strdup_printf ("rephrasing (“%s” by word lists, a share of %.2f), the aesthetic term "
                          "(%.2f) and %s",
                          kalon_rephrase_style_get_name (task->style), task->share,
                          task->aesthetic_weight, adapter != NULL ? adapter : "no adapter");
}

static KalonCliStatus
evaluate (KalonCli *cli, const Options *options, KalonDomainTask *task, GStrv domains)
{
  const char *const files[] = { options->adapter, NULL };
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (GPtrArray) adapters = NULL;
  g_autoptr (GPtrArray) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autofree char *aligned_by = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  adapters = kalon_eval_load_adapters (&run, files, options->profile, &error);
  if (adapters == NULL)
    return kalon_cli_fail (cli, error);
  if (adapters->len > 0)
    task->adapter = g_ptr_array_index (adapters, 0);
  kalon_evaluator_set_aesthetic_models (run.evaluator, options->aesthetic);
  figures = kalon_eval_measure_domains (&run, task, domains, options->names, &error);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  report = kalon_eval_begin_report (&run, "Domains beside each other");
  aligned_by = kalon_eval_describe_alignment (task);
  kalon_evidence_add_domains (report, "domains", figures, aligned_by);
  return kalon_cli_report_end (cli, report, "eval-domains", &options->report);
}

static KalonCliStatus
run_domains (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) domains = NULL;
  KalonDomainTask task = { .style = KALON_REPHRASE_DEFAULT_STYLE };
  double share = KALON_REPHRASE_DEFAULT_SHARE;
  double weight = KALON_ALIGNMENT_DEFAULT.aesthetic;
  const GOptionEntry entries[] = {
    { "names", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.names,
      "Lines “folder TAB name” of that domain; folders without one are left out; may be given "
      "again",
      "NAME=FILE" },
    { "wording", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.wordings,
      "A text with {} for the name, at least two of them (four of our own)", "TEXT" },
    { "style", 0, 0, G_OPTION_ARG_STRING, &options.style,
      "How queries are rephrased: original, detail, k-list, kw-dict, repeat, reorg (detail)",
      "STYLE" },
    { "rephrase-share", 0, 0, G_OPTION_ARG_STRING, &options.share,
      "Of the rephrased text in what is searched with (0.25)", "SHARE" },
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &options.aesthetic,
      "Aesthetic models that rank (own)", "ID[:WEIGHT],..." },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_STRING, &options.weight,
      "What a point of aesthetic score counts in a ranking (0.1)", "WEIGHT" },
    { "adapter", 0, 0, G_OPTION_ARG_FILENAME, &options.adapter,
      "An adapter that “eval align --save-adapters” wrote", "FILE" },
    { "profile-adapter", 0, 0, G_OPTION_ARG_NONE, &options.profile,
      "The adapter of the library's active profile", NULL },
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &domains)
      || !kalon_cli_report_check (command, &options.report))
    return KALON_CLI_USAGE;
  if (domains[0] == NULL)
    return kalon_cli_usage (command, "Name at least one domain: NAME=DIR.");
  if (options.adapter != NULL && options.profile)
    return kalon_cli_usage (command, "Give --adapter or --profile-adapter, not both.");
  if (!kalon_cli_parse_style (command, options.style, &task.style))
    return KALON_CLI_USAGE;
  if (options.wordings != NULL && options.wordings[1] == NULL)
    return kalon_cli_usage (command, "One --wording has nothing to be compared with: give two.");
  if (!kalon_eval_check_domains (command, domains, options.names)
      || !kalon_eval_check_templates (command, options.wordings)
      || !kalon_cli_parse_number (command, "--rephrase-share", options.share, 0, 1, &share)
      || !kalon_cli_parse_number (command, "--aesthetic-weight", options.weight, 0,
                                  KALON_CLI_MAX_WEIGHT, &weight))
    return KALON_CLI_USAGE;
  task.wordings = (const char *const *) options.wordings;
  task.share = (float) share;
  task.aesthetic_weight = (float) weight;
  return evaluate (cli, &options, &task, domains);
}

const KalonCliCommand kalon_eval_domains = {
  .name = "eval domains",
  .arguments = "NAME=DIR...",
  .summary = "Compare domains, before and after alignment.",
  .details
  = "Each DIR has a sub-folder for each class. Told are zero-shot accuracy, precision at 10 and\n"
    "R-precision of class queries, the looks of the ten best, and how stable they are when the\n"
    "query is worded otherwise: of the baseline, of the aligned ranking, and the change.",
  .run = run_domains,
};
