/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"
#include "cli-report-private.h"

#include "evidence/kalon-evidence.h"

typedef struct
{
  char *images;
  char *aesthetic;
  char *weight;
  GStrv adapters;
  gboolean profile;
  char *style;
  char *share;
  char *other;
  int examples;
  int seed;
  KalonCliReport report;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->images);
  g_free (options->aesthetic);
  g_free (options->weight);
  g_strfreev (options->adapters);
  g_free (options->style);
  g_free (options->share);
  g_free (options->other);
  kalon_cli_report_clear (&options->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What else is needed, and freed afterwards. */
typedef struct
{
  KalonHpirSet *set;
  GPtrArray *adapters; /* KalonAdapter */
  KalonModel *other;   /* (nullable) */
} Material;

static void
material_clear (Material *material)
{
  g_clear_pointer (&material->set, kalon_hpir_set_free);
  g_clear_pointer (&material->adapters, g_ptr_array_unref);
  g_clear_pointer (&material->other, kalon_model_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Material, material_clear)

static gboolean
load (const KalonEvalRun *run, const Options *options, const char *path, Material *material,
      GError **error)
{
  material->set = kalon_hpir_set_read (path, error);
  if (material->set == NULL)
    return FALSE;
  if (options->images != NULL)
    {
      g_free (material->set->folder);
      material->set->folder = g_strdup (options->images);
    }
  material->adapters = kalon_eval_load_adapters (run, (const char *const *) options->adapters,
                                                 options->profile, error);
  if (material->adapters == NULL)
    return FALSE;
  if (options->other != NULL)
    material->other = kalon_models_find (options->other, error);
  return options->other == NULL || material->other != NULL;
}

static KalonCliStatus
evaluate (KalonCli *cli, const Options *options, const char *path, KalonHpirTask *task)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_auto (Material) material = { 0 };
  g_autoptr (KalonHpirFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error) || !load (&run, options, path, &material, &error))
    return kalon_cli_fail (cli, error);
  task->set = material.set;
  task->adapters = material.adapters;
  if (material.other != NULL)
    {
      task->other_model = material.other->directory;
      task->other_name = material.other->id;
    }
  kalon_evaluator_set_aesthetic_models (run.evaluator, options->aesthetic);
  figures = kalon_evaluator_judge_hpir (run.evaluator, task, cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  report = kalon_cli_report_begin (cli, "Preference of image retrieval");
  kalon_cli_report_set_model (report, run.model->id, kalon_evaluator_get_model_hash (run.evaluator),
                              run.device);
  kalon_cli_report_set_seed (report, task->seed);
  kalon_evidence_add_hpir (report, "hpir", material.set, figures);
  return kalon_cli_report_end (cli, report, "eval-hpir", &options->report);
}

static KalonCliStatus
run_hpir (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { .examples = -1, .seed = -1 };
  g_auto (GStrv) arguments = NULL;
  KalonHpirTask task = { 0 };
  double weight, share;
  const GOptionEntry entries[] = {
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &options.images,
      "The folder that pictures are relative to (that of the set)", "DIR" },
    { "rephrase", 0, 0, G_OPTION_ARG_STRING, &options.style,
      "How queries are rephrased: detail, k-list, kw-dict, repeat, reorg, original (detail)",
      "STYLE" },
    { "rephrase-share", 0, 0, G_OPTION_ARG_STRING, &options.share,
      "Of the rephrasing in what is searched with (0.25)", "SHARE" },
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &options.aesthetic,
      "Aesthetic models that rank (own)", "ID[:WEIGHT],..." },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_STRING, &options.weight,
      "What a point of aesthetic score counts in a ranking (0.1)", "WEIGHT" },
    { "adapter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.adapters,
      "An adapter that “eval align --save-adapters” wrote; may be given again", "FILE" },
    { "profile-adapter", 0, 0, G_OPTION_ARG_NONE, &options.profile,
      "The adapter of the library's active profile too", NULL },
    { "other-model", 0, 0, G_OPTION_ARG_FILENAME, &options.other,
      "Another model, whose baseline is compared too", "ID|DIR" },
    { "examples", 0, 0, G_OPTION_ARG_INT, &options.examples,
      "Items shown where alignment comes nearer to people, and as many where not (3)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "Draws examples and intervals (20240609)",
      "N" },
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  kalon_hpir_task_init (&task, NULL);
  weight = task.aesthetic_weight;
  share = task.share;
  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments)
      || !kalon_cli_report_check (command, &options.report))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "Name the set: SET.jsonl.");
  if (options.style != NULL && !kalon_rephrase_style_from_name (options.style, &task.style))
    return kalon_cli_usage (command, "--rephrase takes detail, k-list, kw-dict, repeat, reorg or "
                                     "original.");
  if (!kalon_cli_parse_number (command, "--aesthetic-weight", options.weight, 0,
                               KALON_CLI_MAX_WEIGHT, &weight)
      || !kalon_cli_parse_number (command, "--rephrase-share", options.share, 0, 1, &share)
      || (options.examples != -1
          && !kalon_cli_check_number (command, "--examples", options.examples, 0, 100))
      || (options.seed != -1
          && !kalon_cli_check_number (command, "--seed", options.seed, 0, G_MAXINT)))
    return KALON_CLI_USAGE;
  task.aesthetic_weight = (float) weight;
  task.share = (float) share;
  if (options.examples != -1)
    task.n_examples = (guint) options.examples;
  if (options.seed != -1)
    task.seed = (guint32) options.seed;
  return evaluate (cli, &options, arguments[0], &task);
}

const KalonCliCommand kalon_eval_hpir = {
  .name = "eval hpir",
  .arguments = "SET.jsonl",
  .summary = "How often a ranking prefers what people prefer, of two groups of pictures.",
  .details
  = "An HPIR set (docs/formats.md) is judged by the baseline, by each part of the aligned\n"
    "ranking alone and together, as the search ranks; a ranking chooses the group of the\n"
    "higher mean score. Agreement with people on accuracy, aesthetics and diversity, plain\n"
    "and weighted by their confidence; gains over the baseline with McNemar's exact test; by\n"
    "kind of item and by who judged; and how aesthetic scores correlate with the labels.",
  .run = run_hpir,
};
