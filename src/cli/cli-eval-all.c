/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-all-private.h"

#include "searcher/kalon-searcher.h"

static void
options_clear (KalonEvalAllOptions *options)
{
  g_free (options->captions);
  g_free (options->images);
  g_free (options->pairs);
  g_free (options->pair_images);
  g_free (options->pair_captions);
  g_free (options->ratings);
  g_free (options->rating_images);
  g_strfreev (options->domains);
  g_strfreev (options->names);
  g_strfreev (options->hpir);
  g_free (options->train);
  g_free (options->queries);
  g_free (options->work);
  g_free (options->judge);
  g_free (options->aesthetic);
  g_free (options->weight);
  g_free (options->kind);
  g_strfreev (options->adapters);
  g_strfreev (options->skip);
  kalon_cli_align_clear (&options->align);
  kalon_cli_report_clear (&options->report);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvalAllOptions, options_clear)

static void
all_clear (KalonEvalAll *all)
{
  kalon_eval_clear (&all->run);
  g_clear_pointer (&all->report, kalon_report_free);
  g_clear_pointer (&all->evidence.rephrase, kalon_rephrase_figures_free);
  g_clear_pointer (&all->evidence.align, kalon_align_figures_free);
  g_clear_pointer (&all->evidence.hpir, g_ptr_array_unref);
  g_clear_pointer (&all->evidence.domains, g_ptr_array_unref);
  g_clear_pointer (&all->sets, g_ptr_array_unref);
  g_clear_pointer (&all->adapters, g_ptr_array_unref);
  g_clear_pointer (&all->skipped, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonEvalAll, all_clear)

static gboolean
is_skipped (const KalonEvalAllOptions *options, const char *name)
{
  return options->skip != NULL && g_strv_contains ((const char *const *) options->skip, name);
}

/* %FALSE only when it was cancelled. */
static gboolean
run_part (KalonEvalAll *all, const KalonEvalPart *part, GError **error)
{
  const char *missing = part->get_missing (all->options);
  g_autoptr (GError) reason = NULL;

  if (is_skipped (all->options, part->name))
    g_ptr_array_add (all->skipped, g_strdup_printf ("%s: left out by --skip.", part->name));
  else if (missing != NULL)
    g_ptr_array_add (all->skipped, g_strdup_printf ("%s: it needs %s.", part->name, missing));
  else if (!part->run (all, &reason))
    {
      kalon_eval_end (&all->run);
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      kalon_cli_message ("%s: %s", part->name, reason->message);
      g_ptr_array_add (all->skipped, g_strdup_printf ("%s: %s", part->name, reason->message));
    }
  else
    kalon_eval_end (&all->run);
  return TRUE;
}

/* Files that are wrong are not to be found out about after half an hour. */
static gboolean
prepare (KalonEvalAll *all, KalonCli *cli, GError **error)
{
  const KalonEvalAllOptions *options = all->options;

  all->skipped = g_ptr_array_new_with_free_func (g_free);
  all->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_hpir_set_free);
  all->evidence.hpir = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_hpir_figures_free);
  if (!kalon_eval_begin (&all->run, cli, error))
    return FALSE;
  for (guint i = 0; options->hpir != NULL && options->hpir[i] != NULL; i++)
    {
      KalonHpirSet *set = kalon_hpir_set_read (options->hpir[i], error);

      if (set == NULL)
        return FALSE;
      g_ptr_array_add (all->sets, set);
    }
  all->adapters
      = kalon_eval_load_adapters (&all->run, (const char *const *) options->adapters, FALSE, error);
  if (all->adapters == NULL)
    return FALSE;
  kalon_evaluator_set_aesthetic_models (all->run.evaluator, options->aesthetic);
  return TRUE;
}

static void
add_skipped (KalonEvalAll *all)
{
  KalonReportSection *section;

  if (all->skipped->len == 0)
    return;
  section = kalon_report_add_section (all->report, "skipped", "What was left out");
  for (guint i = 0; i < all->skipped->len; i++)
    kalon_report_section_add_text (section, "%s",
                                   (const char *) g_ptr_array_index (all->skipped, i));
}

static KalonCliStatus
evaluate (KalonCli *cli, KalonEvalAll *all)
{
  const KalonEvalAllOptions *options = all->options;
  KalonReportSection *summary;
  g_autoptr (GError) error = NULL;

  if (!prepare (all, cli, &error))
    return kalon_cli_fail (cli, error);
  all->report = kalon_cli_report_begin (cli, "Evidence");
  summary
      = kalon_report_add_section (all->report, "reading", "What alignment gained, what it cost");
  for (const KalonEvalPart *part = kalon_eval_parts; part->name != NULL; part++)
    if (!run_part (all, part, &error))
      return kalon_cli_fail (cli, error);
  if (kalon_report_get_n_sections (all->report) == 1)
    {
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "Nothing could be measured, as told above.");
      return kalon_cli_fail (cli, error);
    }
  add_skipped (all);
  kalon_evidence_sum_up (summary, &all->evidence);
  kalon_cli_report_set_model (all->report, all->run.model->id,
                              kalon_evaluator_get_model_hash (all->run.evaluator), all->run.device);
  kalon_cli_report_set_seed (all->report, all->aligner.training.seed);
  return kalon_cli_report_end (cli, all->report, "eval-all", &options->report);
}

static gboolean
check_skip (const KalonCliCommand *command, GStrv skip)
{
  for (guint i = 0; skip != NULL && skip[i] != NULL; i++)
    {
      const KalonEvalPart *part = kalon_eval_parts;

      while (part->name != NULL && !g_str_equal (part->name, skip[i]))
        part++;
      if (part->name == NULL)
        {
          kalon_cli_usage (command,
                           "There is no part “%s”: retrieval, rephrase, align, hpir, components, "
                           "domains, pairs, ratings, taste.",
                           skip[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
has_anything (const KalonEvalAllOptions *options)
{
  for (const KalonEvalPart *part = kalon_eval_parts; part->name != NULL; part++)
    if (!is_skipped (options, part->name) && part->get_missing (options) == NULL)
      return TRUE;
  return FALSE;
}

static KalonCliStatus
run_all (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (KalonEvalAllOptions) options = { .users = 40 };
  g_auto (KalonEvalAll) all = { .options = &options };
  g_auto (GStrv) arguments = NULL;
  double weight = KALON_ALIGNMENT_DEFAULT.aesthetic;
  const GOptionEntry entries[] = {
    { "captions", 0, 0, G_OPTION_ARG_FILENAME, &options.captions, "Lines “name TAB caption”",
      "FILE" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &options.images, "The folder of these pictures",
      "DIR" },
    { "pairs", 0, 0, G_OPTION_ARG_FILENAME, &options.pairs,
      "Lines “better TAB worse TAB kind TAB severity”", "FILE" },
    { "pair-images", 0, 0, G_OPTION_ARG_FILENAME, &options.pair_images,
      "The folder of these pictures", "DIR" },
    { "pair-captions", 0, 0, G_OPTION_ARG_FILENAME, &options.pair_captions,
      "Lines “name TAB caption” of the better ones", "FILE" },
    { "ratings", 0, 0, G_OPTION_ARG_FILENAME, &options.ratings,
      "Ratings by people: AVA's columns, or CSV with a name and a score", "FILE" },
    { "rating-images", 0, 0, G_OPTION_ARG_FILENAME, &options.rating_images,
      "The folder of these pictures", "DIR" },
    { "domain", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.domains,
      "A folder with a sub-folder for each class; may be given again", "NAME=DIR" },
    { "names", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.names,
      "Lines “folder TAB name” of that domain; may be given again", "NAME=FILE" },
    { "hpir", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.hpir,
      "A set of human preferences; may be given again", "SET.jsonl" },
    { "train", 0, 0, G_OPTION_ARG_FILENAME, &options.train, "The pictures to learn on", "DIR" },
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &options.queries,
      "What to learn on, one a line (200 plain searches)", "FILE" },
    { "work", 0, 0, G_OPTION_ARG_FILENAME, &options.work,
      "Where the libraries of the training are kept, for the next run too", "DIR" },
    { "judge", 0, 0, G_OPTION_ARG_FILENAME, &options.judge,
      "Aesthetic models that judge pairs and take no part in ranking (clip-iqa)",
      "ID[:WEIGHT],..." },
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &options.aesthetic,
      "Those that learn and rank (own)", "ID[:WEIGHT],..." },
    { "aesthetic-weight", 0, 0, G_OPTION_ARG_STRING, &options.weight,
      "What a point of aesthetic score counts in a ranking (0.1)", "WEIGHT" },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &options.kind,
      "Of the adapter that is told as the aligned ranking: query, image, projections (query)",
      "KIND" },
    { "adapter", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.adapters,
      "An adapter that “eval align --save-adapters” wrote; may be given again", "FILE" },
    { "users", 0, 0, G_OPTION_ARG_INT, &options.users, "Simulated users (40)", "N" },
    { "skip", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.skip,
      "Leave out a part: retrieval, rephrase, align, hpir, components, domains, pairs, ratings, "
      "taste; may be given again",
      "PART" },
    KALON_CLI_ALIGN_ENTRIES (options.align),
    KALON_CLI_REPORT_ENTRIES (options.report),
    { NULL },
  };

  kalon_cli_align_init (&options.align);
  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &options.report)
      || !kalon_cli_align_read (command, &options.align, &all.aligner)
      || !kalon_cli_parse_number (command, "--aesthetic-weight", options.weight, 0,
                                  KALON_CLI_MAX_WEIGHT, &weight)
      || !kalon_cli_check_number (command, "--users", options.users, 1, 100000)
      || !check_skip (command, options.skip)
      || (options.domains != NULL
          && !kalon_eval_check_domains (command, options.domains, options.names)))
    return KALON_CLI_USAGE;
  if (options.kind != NULL && !kalon_adapter_kind_from_name (options.kind, &all.evidence.kind))
    return kalon_cli_usage (command, "--kind is query, image or projections.");
  if (options.judge == NULL)
    options.judge = g_strdup (KALON_CLIP_IQA_ID);
  if (!has_anything (&options))
    return kalon_cli_usage (command, "There is no data for any part: give --captions and --images, "
                                     "--domain, --hpir, ...");
  all.weight = (float) weight;
  return evaluate (cli, &all);
}

const KalonCliCommand kalon_eval_all = {
  .name = "eval all",
  .arguments = "",
  .summary = "Measure all that there is data for, as one report.",
  .details
  = "Retrieval, styles of rephrasing and taste need --captions and --images; pairs --pairs and\n"
    "--pair-images; alignment these two, --pair-captions, --train and --work; ratings, domains\n"
    "and sets of human preferences their own options. The adapters that are trained rank in the\n"
    "sets and domains too. What alignment gained and cost is told first, in words.",
  .run = run_all,
};
