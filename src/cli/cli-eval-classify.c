/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include "evidence/kalon-evidence.h"

#define N_ACCURACIES G_N_ELEMENTS (kalon_evaluator_accuracy_cuts)

static void
add_class (JsonBuilder *builder, const KalonClassFigures *class)
{
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "folder", class->folder);
  kalon_cli_json_strings (builder, "names", (const char *const *) class->names);
  kalon_cli_json_integer (builder, "pictures", class->n_pictures);
  kalon_eval_json_cuts (builder, "accuracy", kalon_evaluator_accuracy_cuts, class->accuracy,
                        N_ACCURACIES);
  json_builder_end_object (builder);
}

static void
print_json (const KalonEvalRun *run, const KalonClassificationFigures *figures)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_eval_json_means (builder, "accuracy", kalon_evaluator_accuracy_cuts, figures->accuracy,
                         N_ACCURACIES);
  json_builder_set_member_name (builder, "interval");
  json_builder_begin_object (builder);
  kalon_eval_json_intervals (builder, kalon_evaluator_accuracy_cuts, figures->accuracy,
                             N_ACCURACIES);
  json_builder_end_object (builder);
  kalon_eval_json_cuts (builder, "chance", kalon_evaluator_accuracy_cuts, figures->chance,
                        N_ACCURACIES);
  kalon_cli_json_number (builder, "mean_per_class", figures->mean_per_class);
  kalon_cli_json_integer (builder, "classes", figures->classes->len);
  kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
  kalon_cli_json_integer (builder, "left_out", figures->n_left_out);
  kalon_cli_json_strings (builder, "templates", (const char *const *) figures->templates);
  kalon_eval_json_run (builder, run);
  json_builder_set_member_name (builder, "by_class");
  json_builder_begin_array (builder);
  for (guint i = 0; i < figures->classes->len; i++)
    add_class (builder, g_ptr_array_index (figures->classes, i));
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static void
print_text (const KalonEvalRun *run, const KalonClassificationFigures *figures)
{
  g_autofree char *templates = g_strjoinv (" | ", figures->templates);

  for (guint c = 0; c < N_ACCURACIES; c++)
    {
      kalon_cli_print ("top-%-12u", kalon_evaluator_accuracy_cuts[c]);
      kalon_eval_print_estimate (&figures->accuracy[c], 26);
      kalon_cli_print ("chance %.1f %%\n", 100 * figures->chance[c]);
    }
  kalon_cli_print ("mean per class  %.1f %%\n", 100 * figures->mean_per_class);
  kalon_cli_print ("templates       %s\n", templates);
  kalon_cli_print ("%" G_GSIZE_FORMAT " pictures in %u classes, model %s; in brackets 95 %% "
                   "intervals\n",
                   figures->n_pictures, figures->classes->len, run->model->id);
}

static KalonCliStatus
classify (KalonCli *cli, const char *images, const char *names, const char *const *templates,
          const KalonCliReport *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (KalonClassificationFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  figures = kalon_evaluator_classify (run.evaluator, images, names, templates, cli->cancellable,
                                      &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (&run, figures);
  else
    print_text (&run, figures);
  if (figures->n_left_out > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " folders have no name in %s and were left out.",
                       figures->n_left_out, names);
  report = kalon_eval_begin_report (&run, "Zero-shot classification");
  kalon_evidence_add_classification (report, "classification", NULL, figures);
  return kalon_eval_end_report (&run, report, "eval-classify", options);
}

static KalonCliStatus
run_classify (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *images = NULL;
  g_autofree char *names = NULL;
  g_auto (GStrv) templates = NULL;
  g_auto (KalonCliReport) report = { 0 };
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images, "A folder with a sub-folder for each class",
      "DIR" },
    { "names", 0, 0, G_OPTION_ARG_FILENAME, &names,
      "Lines “folder TAB name”; folders without one are left out", "FILE" },
    { "template", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &templates,
      "A text with {} for the name (the model's own); may be given again", "TEXT" },
    KALON_CLI_REPORT_ENTRIES (report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &report))
    return KALON_CLI_USAGE;
  if (!kalon_eval_check_images (command, images)
      || !kalon_eval_check_templates (command, templates))
    return KALON_CLI_USAGE;
  return classify (cli, images, names, (const char *const *) templates, &report);
}

const KalonCliCommand kalon_eval_classify = {
  .name = "eval classify",
  .arguments = "",
  .summary = "Zero-shot classification of pictures in class folders.",
  .details = "A class is called by its folder, with spaces for _ and -, unless --names has other\n"
             "names for it. Several templates or names of a class are averaged. The model's own\n"
             "templates are those of its calibration, see model info.",
  .run = run_classify,
};
