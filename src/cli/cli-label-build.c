/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-label-private.h"

#include "aligner/kalon-aligner.h"
#include "cli-rephrase-private.h"
#include "cli-systems-private.h"

#define MAX_QUERIES 10000

typedef struct
{
  char *name;
  GStrv systems;
  char *queries; /* (nullable): the file */
  int from_history;
  int suggest;
  char *style; /* (nullable) */
  int k;
  double repeats;
  int seed;
} Options;

static void
clear_options (Options *options)
{
  g_free (options->name);
  g_strfreev (options->systems);
  g_free (options->queries);
  g_free (options->style);
}

/* (transfer full) */
static GStrv
list_queries (KalonCli *cli, const Options *options, const KalonModel *model, GError **error)
{
  g_autoptr (KalonSearcher) searcher = NULL;

  if (options->queries != NULL)
    return kalon_aligner_read_queries (options->queries, error);
  if (options->from_history > 0)
    return kalon_label_suggest_queries (cli->library, NULL, (guint) options->from_history,
                                        cli->cancellable, error);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  return kalon_label_suggest_queries (cli->library, searcher, (guint) options->suggest,
                                      cli->cancellable, error);
}

static gboolean
needs_rephrasing (KalonSystems *systems, const KalonLabelPlan *plan, KalonRephraseStyle style)
{
  return style != KALON_REPHRASE_ORIGINAL
         && (kalon_systems_rephrases (systems, plan->systems[0])
             || kalon_systems_rephrases (systems, plan->systems[1]));
}

static void
on_progress (gsize done, gsize total, gpointer user_data)
{
  kalon_cli_show_progress (done, total, "queries");
}

static KalonCliStatus
print (KalonCli *cli, const char *id, const KalonLabelPlan *plan, gsize n_same)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLabelSetInfo) info = kalon_label_set_get_info (cli->library, id, &error);

  if (info == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
      const char *const systems[] = { plan->systems[0], plan->systems[1], NULL };

      kalon_cli_json_string (builder, "id", id);
      kalon_cli_json_string (builder, "name", info->name);
      kalon_cli_json_strings (builder, "systems", systems);
      kalon_cli_json_string (builder, "style", plan->style);
      kalon_cli_json_integer (builder, "items", (gint64) info->n_items);
      kalon_cli_json_integer (builder, "tasks", (gint64) info->n_tasks);
      kalon_cli_json_integer (builder, "same", (gint64) n_same);
      kalon_cli_json_integer (builder, "seed", plan->seed);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  kalon_cli_print ("%s\n", id);
  kalon_cli_message ("%" G_GSIZE_FORMAT " items, of which each labeler is asked %" G_GSIZE_FORMAT
                     " times in all.",
                     info->n_items, info->n_tasks);
  if (n_same > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " queries are left out: both systems give the same, or "
                       "one gives nothing.",
                       n_same);
  return KALON_CLI_DONE;
}

static KalonCliStatus
build (KalonCli *cli, const Options *options, KalonRephraseStyle style)
{
  gboolean needs_model = options->suggest > 0 || kalon_system_is_ranking (options->systems[0])
                         || kalon_system_is_ranking (options->systems[1]);
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSystems) systems = NULL;
  g_auto (GStrv) queries = NULL;
  g_auto (GStrv) rephrased = NULL;
  g_autofree char *device = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  KalonLabelPlan plan;
  gsize n_same;

  if (needs_model)
    {
      model = kalon_models_find (cli->model, &error);
      if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
        return kalon_cli_fail (cli, error);
    }
  systems = kalon_systems_new (cli->library, cli->device, model != NULL ? model->directory : NULL);
  for (guint i = 0; i < 2; i++)
    if (!kalon_systems_check (systems, options->systems[i], &error))
      return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  queries = list_queries (cli, options, model, &error);
  if (queries == NULL)
    return kalon_cli_fail (cli, error);
  plan = (KalonLabelPlan){ .name = options->name,
                           .queries = (const char *const *) queries,
                           .style = kalon_rephrase_style_get_name (style),
                           .systems = { options->systems[0], options->systems[1] },
                           .k = (guint) options->k,
                           .repeats = options->repeats,
                           .seed = (guint32) options->seed };
  if (needs_rephrasing (systems, &plan, style))
    rephrased = kalon_cli_rephrase_queries (cli, model, plan.queries, style, TRUE, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  plan.rephrased = (const char *const *) rephrased;
  if (rephrased == NULL)
    plan.style = NULL;
  id = kalon_label_set_build (systems, cli->library, &plan, on_progress, NULL, &n_same,
                              cli->cancellable, &error);
  kalon_cli_end_progress ();
  return id != NULL ? print (cli, id, &plan, n_same) : kalon_cli_fail (cli, error);
}

static KalonCliStatus
check (KalonCli *cli, const KalonCliCommand *command, Options *options)
{
  KalonRephraseStyle style = KALON_REPHRASE_DEFAULT_STYLE;
  guint n_sources
      = (options->queries != NULL) + (options->from_history != 0) + (options->suggest != 0);

  if (options->name == NULL)
    return kalon_cli_usage (command, "--name is missing: what the set is called.");
  if (n_sources != 1)
    return kalon_cli_usage (command,
                            "Give one of --queries, --from-history and --suggest, not several.");
  if (options->systems == NULL)
    options->systems = g_strsplit ("baseline aligned", " ", -1);
  if (!kalon_cli_check_systems (command, options->systems)
      || !kalon_cli_parse_style (command, options->style, &style)
      || (options->from_history != 0
          && !kalon_cli_check_number (command, "--from-history", options->from_history, 1,
                                      MAX_QUERIES))
      || (options->suggest != 0
          && !kalon_cli_check_number (command, "--suggest", options->suggest, 1, MAX_QUERIES))
      || !kalon_cli_check_number (command, "--k", options->k, 1, KALON_HPIR_MAX_GROUP)
      || !kalon_cli_check_number (command, "--repeats", options->repeats, 0, 1)
      || !kalon_cli_check_number (command, "--seed", options->seed, 0, G_MAXINT))
    return KALON_CLI_USAGE;
  return build (cli, options, style);
}

static KalonCliStatus
run_build (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  Options options = { .k = KALON_LABEL_ROW, .repeats = KALON_LABEL_REPEATS, .seed = 1 };
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &options.name, "What the set is called", "NAME" },
    KALON_CLI_SYSTEM_ENTRY (options),
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &options.queries, "Queries, a line each", "FILE" },
    { "from-history", 0, 0, G_OPTION_ARG_INT, &options.from_history,
      "The last N searches of the window", "N" },
    { "suggest", 0, 0, G_OPTION_ARG_INT, &options.suggest,
      "N queries: searches of the window, then built-in ones that have answers here", "N" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.style,
      "How queries are rephrased, for systems that do: see “rephrase” (detail)", "STYLE" },
    { "k", 0, 0, G_OPTION_ARG_INT, &options.k, "Pictures in a row (5)", "N" },
    { "repeats", 0, 0, G_OPTION_ARG_DOUBLE, &options.repeats,
      "Share of items that each labeler is asked twice (0.1)", "SHARE" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Of what is drawn by lot (1)", "N" },
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    status = check (cli, command, &options);
  clear_options (&options);
  return status;
}

const KalonCliCommand kalon_label_build = {
  .name = "label build",
  .arguments = "",
  .summary = "Make a set of two systems' answers to queries.",
  .details
  = "Prints the set's id. A query whose two rows are the same is left out. Which system is\n"
    "group A is drawn for each item; who labels sees neither names nor groups.",
  .run = run_build,
};
