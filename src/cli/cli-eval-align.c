/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-align-private.h"
#include "cli-eval-private.h"
#include "cli-report-private.h"

#include "evidence/kalon-evidence.h"

#include <errno.h>

typedef struct
{
  KalonCliAlign align;
  char *work;
  char *train;
  char *queries;
  char *images;
  char *pairs;
  char *captions;
  char *judge;
  char *aesthetic;
  char *weight;
  char *hpir;
  char *adapters;
  KalonCliReport report;
} Options;

static void
options_clear (Options *options)
{
  kalon_cli_align_clear (&options->align);
  g_free (options->work);
  g_free (options->train);
  g_free (options->queries);
  g_free (options->images);
  g_free (options->pairs);
  g_free (options->captions);
  g_free (options->judge);
  g_free (options->aesthetic);
  g_free (options->weight);
  kalon_cli_report_clear (&options->report);
  g_free (options->hpir);
  g_free (options->adapters);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* How a figure is called and shown. */
typedef struct
{
  const char *key;
  const char *title;
  gboolean is_share;
} Column;

static const Column columns[KALON_N_ALIGN_FIGURES] = {
  [KALON_ALIGN_JUDGED] = { "judged", "judge", FALSE },
  [KALON_ALIGN_OWN] = { "own", "own", FALSE },
  [KALON_ALIGN_BETTER] = { "better", "better %", TRUE },
  [KALON_ALIGN_TWINS] = { "twins", "twins %", TRUE },
  [KALON_ALIGN_RECALL_EITHER] = { "recall_either", "recall %", TRUE },
  [KALON_ALIGN_RECALL_BETTER] = { "recall_better", "of better %", TRUE },
  [KALON_ALIGN_DIVERSITY] = { "diversity", "diversity %", TRUE },
};

static void
add_estimates (JsonBuilder *builder, const char *key, const KalonEstimate *estimates)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
    {
      g_autofree char *interval = g_strconcat (columns[f].key, "_interval", NULL);

      kalon_cli_json_number (builder, columns[f].key, estimates[f].mean);
      kalon_eval_json_interval (builder, interval, &estimates[f]);
    }
  json_builder_end_object (builder);
}

static void
add_training (JsonBuilder *builder, const KalonAlignTraining *training)
{
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "kind", kalon_adapter_kind_get_name (training->kind));
  kalon_cli_json_integer (builder, "pairs", training->n_pairs);
  kalon_cli_json_integer (builder, "steps", training->n_steps);
  kalon_cli_json_integer (builder, "best_step", training->best_step);
  kalon_cli_json_number (builder, "drift", training->drift);
  kalon_cli_json_number (builder, "before", training->before.mean);
  kalon_eval_json_interval (builder, "before_interval", &training->before);
  kalon_cli_json_number (builder, "after", training->after.mean);
  kalon_eval_json_interval (builder, "after_interval", &training->after);
  json_builder_end_object (builder);
}

static void
add_figures (JsonBuilder *builder, const KalonEvalRun *run, const KalonAlignFigures *figures)
{
  kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
  kalon_cli_json_integer (builder, "pairs", figures->n_pairs);
  kalon_cli_json_integer (builder, "queries", figures->n_queries);
  kalon_cli_json_number (builder, "judge_power", figures->judge_power.mean);
  kalon_eval_json_interval (builder, "judge_power_interval", &figures->judge_power);
  kalon_cli_json_number (builder, "own_power", figures->own_power.mean);
  kalon_eval_json_interval (builder, "own_power_interval", &figures->own_power);
  kalon_eval_json_run (builder, run);
  json_builder_set_member_name (builder, "trainings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->trainings->len; i++)
    add_training (builder, &g_array_index (figures->trainings, KalonAlignTraining, i));
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "rows");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);

      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "ranking", row->name);
      add_estimates (builder, "figures", row->figures);
      add_estimates (builder, "gains", row->gains);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* "+1.2 (0.9 to 1.5)" for all rows but the first, which has its figures. */
static void
print_cell (const Column *column, const KalonAlignRow *row, guint f, gboolean is_first)
{
  const KalonEstimate *estimate = is_first ? &row->figures[f] : &row->gains[f];
  double factor = column->is_share ? 100 : 1;
  g_autofree char *text = g_strdup_printf (
      column->is_share ? (is_first ? "%.1f (%.1f to %.1f)" : "%+.1f (%+.1f to %+.1f)")
                       : (is_first ? "%.2f (%.2f to %.2f)" : "%+.2f (%+.2f to %+.2f)"),
      factor * estimate->mean, factor * estimate->low, factor * estimate->high);

  kalon_cli_print ("%-24s", text);
}

static void
print_text (const KalonEvalRun *run, const KalonAlignFigures *figures)
{
  kalon_cli_print ("of pairs right: ");
  kalon_eval_print_estimate (&figures->judge_power, 0);
  kalon_cli_print (" by the judge, ");
  kalon_eval_print_estimate (&figures->own_power, 0);
  kalon_cli_print (" by the models that rank\n");
  for (guint i = 0; i < figures->trainings->len; i++)
    {
      const KalonAlignTraining *training
          = &g_array_index (figures->trainings, KalonAlignTraining, i);

      kalon_cli_print ("%s adapter: step %u of %u, held-out training pairs in order ",
                       kalon_adapter_kind_get_name (training->kind), training->best_step,
                       training->n_steps);
      kalon_eval_print_estimate (&training->before, 0);
      kalon_cli_print (", then ");
      kalon_eval_print_estimate (&training->after, 0);
      kalon_cli_print ("\n");
    }
  kalon_cli_print ("%-24s", "10 best; gains");
  for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
    kalon_cli_print ("%-24s", columns[f].title);
  kalon_cli_print ("\n");
  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonAlignRow *row = g_ptr_array_index (figures->rows, i);

      kalon_cli_print ("%-24s", row->name);
      for (guint f = 0; f < KALON_N_ALIGN_FIGURES; f++)
        print_cell (&columns[f], row, f, i == 0);
      kalon_cli_print ("\n");
    }
  kalon_cli_print ("%" G_GSIZE_FORMAT " queries, %" G_GSIZE_FORMAT " pictures in %" G_GSIZE_FORMAT
                   " pairs and others, model %s; in brackets 95 %% intervals\n",
                   figures->n_queries, figures->n_pictures, figures->n_pairs, run->model->id);
}

/* DIR/adapter-KIND.safetensors */
static gboolean
save_adapters (const KalonAlignFigures *figures, const char *directory, GError **error)
{
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "%s could not be made: %s. Name another folder.", directory, g_strerror (errno));
      return FALSE;
    }
  for (guint i = 0; i < figures->trainings->len; i++)
    {
      const KalonAlignTraining *training
          = &g_array_index (figures->trainings, KalonAlignTraining, i);
      g_autofree char *name = g_strdup_printf ("adapter-%s.safetensors",
                                               kalon_adapter_kind_get_name (training->kind));
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (!kalon_adapter_save (training->adapter, path, error))
        return FALSE;
    }
  return TRUE;
}

/* The adapters that were just trained, on an HPIR set; also in @page. (transfer full) */
static KalonReport *
judge_hpir (KalonCli *cli, KalonEvalRun *run, const KalonHpirSet *set, const KalonAlignTask *align,
            const KalonAlignFigures *figures, KalonReport *page, GError **error)
{
  g_autoptr (GPtrArray) adapters = g_ptr_array_new ();
  g_autoptr (KalonHpirFigures) judged = NULL;
  KalonHpirTask task;
  KalonReport *report;

  kalon_hpir_task_init (&task, set);
  task.style = align->options->style;
  task.share = align->options->share;
  task.aesthetic_weight = align->aesthetic_weight;
  task.adapters = adapters;
  for (guint i = 0; i < figures->trainings->len; i++)
    g_ptr_array_add (adapters, g_array_index (figures->trainings, KalonAlignTraining, i).adapter);
  judged = kalon_evaluator_judge_hpir (run->evaluator, &task, cli->cancellable, error);
  kalon_eval_end (run);
  if (judged == NULL)
    return NULL;
  report = kalon_cli_report_begin (cli, "Alignment, on a set of human preferences");
  kalon_evidence_add_hpir (report, "hpir", set, judged);
  kalon_evidence_add_hpir (page, "hpir", set, judged);
  return report;
}

/* @hpir: (nullable) */
static void
print (KalonCli *cli, const KalonEvalRun *run, const KalonAlignFigures *figures, JsonBuilder *json,
       const KalonReport *hpir)
{
  g_autofree char *text = NULL;

  if (json == NULL)
    {
      print_text (run, figures);
      text = hpir != NULL ? kalon_report_to_text (hpir) : NULL;
      kalon_cli_print ("%s", text != NULL ? text : "");
      return;
    }
  if (hpir != NULL)
    {
      json_builder_set_member_name (json, "hpir");
      json_builder_add_value (json, kalon_report_to_json (hpir));
    }
  kalon_cli_json_print (json);
}

static KalonCliStatus
evaluate (KalonCli *cli, const Options *options, double weight, const KalonAlignerOptions *aligner)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_auto (GStrv) queries = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonAlignFigures) figures = NULL;
  g_autoptr (KalonReport) hpir = NULL;
  g_autoptr (KalonReport) page = NULL;
  g_autoptr (JsonBuilder) json = NULL;
  g_autoptr (GError) error = NULL;
  KalonAlignTask task = {
    .work = options->work,
    .train = options->train,
    .images = options->images,
    .pairs = options->pairs,
    .captions = options->captions,
    .judge = options->judge,
    .aesthetic_weight = (float) weight,
    .options = aligner,
  };

  /* Not after an hour's training. */
  set = options->hpir != NULL ? kalon_hpir_set_read (options->hpir, &error) : NULL;
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  queries = kalon_aligner_read_queries (options->queries, &error);
  if (queries == NULL || !kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  task.queries = (const char *const *) queries;
  kalon_evaluator_set_aesthetic_models (run.evaluator, options->aesthetic);
  figures = kalon_evaluator_align (run.evaluator, &task, cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL
      || (options->adapters != NULL && !save_adapters (figures, options->adapters, &error)))
    return kalon_cli_fail (cli, error);
  /* With the failures of this run, before those of the next take their place. */
  json = cli->json ? kalon_cli_json_new () : NULL;
  if (json != NULL)
    add_figures (json, &run, figures);
  page = kalon_eval_begin_report (&run, "What alignment gains and costs");
  kalon_cli_report_set_seed (page, aligner->training.seed);
  kalon_evidence_add_align (page, "align", NULL, figures);
  hpir = set != NULL ? judge_hpir (cli, &run, set, &task, figures, page, &error) : NULL;
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  print (cli, &run, figures, json, hpir);
  return kalon_eval_end_report (&run, page, "eval-align", &options->report);
}

static KalonCliStatus
run_align (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { 0 };
  double weight = 0.1;
  g_auto (GStrv) arguments = NULL;
  KalonAlignerOptions aligner;
  const GOptionEntry entries[] = {
    { "work", 0, 0, G_OPTION_ARG_FILENAME, &options.work,
      "Where the two libraries are kept, for the next run too", "DIR" },
    { "train", 0, 0, G_OPTION_ARG_FILENAME, &options.train, "The pictures to learn on", "DIR" },
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &options.queries, "What to learn on, one a line",
      "FILE" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &options.images, "The pictures to measure on", "DIR" },
    { "pairs", 0, 0, G_OPTION_ARG_FILENAME, &options.pairs,
      "Lines “better TAB worse TAB kind TAB severity”", "FILE" },
    { "captions", 0, 0, G_OPTION_ARG_FILENAME, &options.captions,
      "Lines “name TAB caption” of the better ones", "FILE" },
    { "judge", 0, 0, G_OPTION_ARG_FILENAME, &options.judge,
      "Aesthetic models that judge, and neither learn nor rank", "ID[:WEIGHT],..." },
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &options.aesthetic,
      "Those that learn and rank (own)", "ID[:WEIGHT],..." },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_STRING, &options.weight,
      "What a point of aesthetic score counts in a ranking (0.1)", "WEIGHT" },
    { "hpir", 0, 0, G_OPTION_ARG_FILENAME, &options.hpir,
      "An HPIR set that the adapters are measured on too, as by “eval hpir”", "SET.jsonl" },
    { "save-adapters", 0, 0, G_OPTION_ARG_FILENAME, &options.adapters,
      "Write the adapters to DIR/adapter-KIND.safetensors", "DIR" },
    KALON_CLI_ALIGN_ENTRIES (options.align),
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  kalon_cli_align_init (&options.align);
  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &options.report)
      || !kalon_cli_align_read (command, &options.align, &aligner))
    return KALON_CLI_USAGE;
  if (options.work == NULL || options.train == NULL || options.queries == NULL
      || options.images == NULL || options.pairs == NULL || options.captions == NULL
      || options.judge == NULL)
    return kalon_cli_usage (command, "Each of --work, --train, --queries, --images, --pairs, "
                                     "--captions and --judge is needed.");
  if (!kalon_cli_parse_number (command, "--aesthetic-weight", options.weight, 0,
                               KALON_CLI_MAX_WEIGHT, &weight))
    return KALON_CLI_USAGE;
  return evaluate (cli, &options, weight, &aligner);
}

const KalonCliCommand kalon_eval_align = {
  .name = "eval align",
  .arguments = "",
  .summary = "Measure what alignment gains and costs on pictures with spoilt copies.",
  .details
  = "Adapters of all kinds are trained on the pictures of --train, then each part of the\n"
    "aligned ranking is measured on those of --images, alone and together: mean score of the\n"
    "10 best by the judge and by the models that rank, share of better pictures among them,\n"
    "share of captions that have their picture above its spoilt copy, recall at 10 of\n"
    "either and of the better one, diversity (mean of 1 - cosine between two of the 10\n"
    "best). The first row are figures, the others gains over it.",
  .run = run_align,
};
