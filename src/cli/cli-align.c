/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-align-private.h"
#include "cli-rephrase-private.h"

#include "library/kalon-library.h"

typedef struct
{
  KalonCliAlign align;
  char *queries;
  gboolean history;
  gboolean searches;
  gboolean built_in;
  char *set;
  char *set_out;
  char *kind;
  gboolean dry_run;
  char *export;
} Options;

static void
options_clear (Options *options)
{
  kalon_cli_align_clear (&options->align);
  g_free (options->queries);
  g_free (options->set);
  g_free (options->set_out);
  g_free (options->kind);
  g_free (options->export);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  const char *device;
  KalonCliWait *wait; /* (nullable): kernels are being built */
} Watch;

/* On a device it is the first steps that build kernels. */
static void
end_wait (Watch *watch)
{
  g_clear_pointer (&watch->wait, kalon_cli_end_wait);
}

static void
on_prepared (const KalonAlignerProgress *progress, Watch *watch)
{
  if (progress->total == 0)
    watch->wait
        = kalon_cli_begin_wait ("Building the training's kernels for %s, once …", watch->device);
  if (progress->done > 0)
    kalon_cli_message ("An interrupted training goes on at step %" G_GSIZE_FORMAT
                       " of %" G_GSIZE_FORMAT ".",
                       progress->done, progress->total);
  if (progress->supersedes)
    kalon_cli_message ("Another “align” was interrupted and left its training unfinished. It is "
                       "given up for this one.");
}

static void
on_progress (const KalonAlignerProgress *progress, gpointer user_data)
{
  static const char *const details[] = {
    [KALON_ALIGNER_REPHRASING] = "rephrasing queries", [KALON_ALIGNER_ENCODING] = "encoding",
    [KALON_ALIGNER_SEARCHING] = "searching",           [KALON_ALIGNER_TRAINING] = "training",
    [KALON_ALIGNER_MEASURING] = "measuring",
  };

  if (progress->phase == KALON_ALIGNER_PREPARING)
    {
      on_prepared (progress, user_data);
      return;
    }
  end_wait (user_data);
  kalon_cli_show_progress (progress->done, progress->total, details[progress->phase]);
}

/* (transfer full) (nullable): %NULL with an error, or where a set is given. */
static GStrv
list_queries (KalonCli *cli, const Options *options, GError **error)
{
  if (options->set != NULL)
    return NULL;
  if (options->queries != NULL)
    return kalon_aligner_read_queries (options->queries, error);
  if (options->searches)
    return kalon_aligner_list_searches (cli->library, error);
  return options->history ? kalon_aligner_list_history (cli->library, error)
                          : kalon_aligner_list_built_in ();
}

static void
add_figures (JsonBuilder *builder, const char *key, const KalonEstimate *agreement,
             const KalonEstimate *aesthetic)
{
  const KalonEstimate *estimates[] = { agreement, aesthetic };
  const char *const names[] = { "agreement", "aesthetic" };

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    kalon_cli_json_number (builder, names[i], estimates[i]->mean);
  json_builder_set_member_name (builder, "interval");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      json_builder_set_member_name (builder, names[i]);
      json_builder_begin_array (builder);
      kalon_cli_json_value (builder, estimates[i]->low);
      kalon_cli_json_value (builder, estimates[i]->high);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
print_json (const Options *options, const KalonAlignerOptions *aligner, const char *model,
            const char *device, const KalonAlignerResult *result)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "model", model);
  kalon_cli_json_string (builder, "device", device);
  kalon_cli_json_string (builder, "profile", result->profile);
  kalon_cli_json_string (builder, "style", kalon_rephrase_style_get_name (aligner->style));
  kalon_cli_json_string (builder, "kind", kalon_adapter_kind_get_name (aligner->kind));
  kalon_cli_json_integer (builder, "queries", result->n_queries);
  kalon_cli_json_integer (builder, "held_out", result->n_held_out);
  kalon_cli_json_integer (builder, "left_out", result->n_left_out);
  kalon_cli_json_integer (builder, "by_word_lists", result->n_by_word_lists);
  kalon_cli_json_integer (builder, "missing", result->n_missing);
  kalon_cli_json_integer (builder, "pairs", result->n_pairs);
  kalon_cli_json_integer (builder, "steps", result->n_steps);
  kalon_cli_json_integer (builder, "resumed", result->n_resumed);
  kalon_cli_json_integer (builder, "best_step", result->best_step);
  kalon_cli_json_number (builder, "drift", result->drift);
  add_figures (builder, "before", &result->before.agreement, &result->before.aesthetic);
  add_figures (builder, "after", &result->after.agreement, &result->after.aesthetic);
  add_figures (builder, "gain", &result->gain, &result->aesthetic_gain);
  kalon_cli_json_number (builder, "overlap", result->overlap.mean);
  kalon_cli_json_boolean (builder, "rose", result->rose);
  kalon_cli_json_boolean (builder, "stored", result->stored);
  kalon_cli_json_path (builder, "exported", options->export);
  kalon_cli_json_print (builder);
}

static void
print_row (const char *name, const char *format, const KalonEstimate *before,
           const KalonEstimate *after, const KalonEstimate *gain, double factor)
{
  const KalonEstimate *estimates[] = { before, after, gain };

  kalon_cli_print ("%-22s", name);
  for (guint i = 0; i < G_N_ELEMENTS (estimates); i++)
    {
      g_autofree char *text
          = g_strdup_printf (i == 2 ? "%+.2f%s (%+.2f to %+.2f)" : "%.2f%s (%.2f to %.2f)",
                             factor * estimates[i]->mean, format, factor * estimates[i]->low,
                             factor * estimates[i]->high);

      kalon_cli_print ("%-26s", text);
    }
  kalon_cli_print ("\n");
}

static void
print_text (const KalonAlignerOptions *aligner, const KalonAlignerResult *result)
{
  kalon_cli_print ("%-22s%-26s%-26s%s\n", "held-out queries", "before", "after", "gain");
  print_row ("pairs in order", " %", &result->before.agreement, &result->after.agreement,
             &result->gain, 100);
  print_row ("aesthetic, top 10", "", &result->before.aesthetic, &result->after.aesthetic,
             &result->aesthetic_gain, 1);
  kalon_cli_print ("%-22s%.1f %%\n", "top 10 that stay", 100 * result->overlap.mean);
  kalon_cli_print ("%" G_GSIZE_FORMAT " queries, %" G_GSIZE_FORMAT
                   " of them held out; %" G_GSIZE_FORMAT
                   " pairs; the %s adapter is of step %u of %u; in brackets 95 %% intervals\n",
                   result->n_queries, result->n_held_out, result->n_pairs,
                   kalon_adapter_kind_get_name (aligner->kind), result->best_step, result->n_steps);
}

/* What happened besides the figures, and what became of the adapter. */
static void
tell (const Options *options, const KalonAlignerResult *result)
{
  if (result->n_by_word_lists > 0)
    kalon_cli_message ("The language model did not rephrase %" G_GSIZE_FORMAT " queries: %s",
                       result->n_by_word_lists, result->notice);
  if (result->n_left_out > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " %s found too few pictures to compare.",
                       result->n_left_out, result->n_left_out == 1 ? "query" : "queries");
  if (result->n_missing > 0)
    kalon_cli_message (result->n_missing == 1
                           ? "%" G_GSIZE_FORMAT " picture of the set is not in the library."
                           : "%" G_GSIZE_FORMAT " pictures of the set are not in the library.",
                       result->n_missing);
  if (result->n_held_out < KALON_ALIGNER_FEW_HELD_OUT)
    kalon_cli_message ("Only %" G_GSIZE_FORMAT " %s held out: fewer than %d say nothing, nor do "
                       "their intervals. Give more queries, or a larger --held-out.",
                       result->n_held_out, result->n_held_out == 1 ? "query was" : "queries were",
                       KALON_ALIGNER_FEW_HELD_OUT);
  if (result->stored)
    kalon_cli_message (
        "The adapter is now part of the profile “%s”%s.", result->profile,
        result->n_held_out < KALON_ALIGNER_FEW_HELD_OUT ? ", on the word of those few" : "");
  else if (!result->rose)
    kalon_cli_message ("The held-out pairs are in order no more often than before: the profile "
                       "“%s” stays as it was.",
                       result->profile);
  else
    kalon_cli_message ("A dry run: the profile “%s” stays as it was.", result->profile);
  if (options->export != NULL)
    kalon_cli_message ("The model with the adapter in it is in %s.", options->export);
}

static KalonCliStatus
align (KalonCli *cli, const Options *options, const KalonAlignerOptions *aligner_options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (cli->library, &error);
  g_autoptr (KalonModel) model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  g_autoptr (KalonAligner) aligner = NULL;
  g_autoptr (KalonLlm) llm = NULL;
  g_autofree char *device = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *cache = kalon_rephraser_dup_cache_path ();
  g_auto (GStrv) queries = NULL;
  g_auto (KalonAlignerResult) result = { 0 };
  Watch watch = { NULL };
  gboolean done;

  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  /* Said before the training and not after it. */
  if (options->export != NULL && g_file_test (options->export, G_FILE_TEST_EXISTS))
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 "%s exists already. Give --export-model the name of a new folder.",
                 options->export);
  else
    queries = list_queries (cli, options, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  if (options->set == NULL && kalon_rephrase_style_asks (aligner_options->style))
    llm = kalon_cli_open_llm (&reason);
  if (reason != NULL)
    kalon_cli_message ("%s Word lists are used instead.", reason);
  kalon_cli_watch_signals (cli);
  aligner = kalon_aligner_new (cli->library, model->directory, cli->device);
  kalon_aligner_set_llm (aligner, llm, cache);
  kalon_aligner_set_no_llm (aligner, reason);
  kalon_aligner_set_files (aligner, options->set, options->set_out);
  watch.device = device;
  done = kalon_aligner_run (aligner, (const char *const *) queries, aligner_options, on_progress,
                            &watch, &result, cli->cancellable, &error);
  end_wait (&watch);
  if (!done
      || (options->export != NULL
          && !kalon_aligner_export_model (aligner, result.adapter, options->export,
                                          cli->cancellable, &error)))
    return kalon_cli_fail (cli, error);
  kalon_cli_end_progress ();
  if (cli->json)
    print_json (options, aligner_options, model->id, device, &result);
  else
    print_text (aligner_options, &result);
  tell (options, &result);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_align (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) arguments = NULL;
  KalonAlignerOptions aligner;
  const GOptionEntry entries[] = {
    { "queries", 0, 0, G_OPTION_ARG_FILENAME, &options.queries, "Align for these, one a line",
      "FILE" },
    { "history", 0, 0, G_OPTION_ARG_NONE, &options.history,
      "Align for what pictures were liked or disliked for", NULL },
    { "searches", 0, 0, G_OPTION_ARG_NONE, &options.searches,
      "Align for what was searched for in the window", NULL },
    { "built-in", 0, 0, G_OPTION_ARG_NONE, &options.built_in,
      "Align for some 200 plain searches (the default)", NULL },
    { "set", 0, 0, G_OPTION_ARG_FILENAME, &options.set,
      "Train on this preference set instead of building one", "FILE" },
    { "set-out", 0, 0, G_OPTION_ARG_FILENAME, &options.set_out, "Write the preference set",
      "FILE" },
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &options.kind,
      "The adapter: query (the default), image or projections", "KIND" },
    KALON_CLI_ALIGN_ENTRIES (options.align),
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, "Leave the profile as it is", NULL },
    { "export-model", 0, 0, G_OPTION_ARG_FILENAME, &options.export,
      "Also write the model with the adapter in it", "DIR" },
    { NULL },
  };

  kalon_cli_align_init (&options.align);
  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  if (!kalon_cli_align_read (command, &options.align, &aligner))
    return KALON_CLI_USAGE;
  aligner.dry_run = options.dry_run;
  if (options.kind != NULL && !kalon_adapter_kind_from_name (options.kind, &aligner.kind))
    return kalon_cli_usage (command, "--kind takes query, image or projections.");
  if ((options.queries != NULL) + options.history + options.searches + options.built_in
          + (options.set != NULL)
      > 1)
    return kalon_cli_usage (
        command,
        "Give one of --queries, --history, --searches, --built-in and --set, not several.");
  if (options.export != NULL && aligner.kind == KALON_ADAPTER_IMAGE)
    return kalon_cli_usage (command, "No model does what an image adapter does: --export-model "
                                     "goes with --kind query or projections.");
  return align (cli, &options, &aligner);
}

const KalonCliCommand kalon_cli_align = {
  .name = "align",
  .arguments = "",
  .summary = "Train an adapter that ranks as rephrased queries and aesthetic scores do.",
  .details
  = "Each query is rephrased and searched for; of its best pictures a matrix is made, rows by\n"
    "meaning, columns by aesthetic score; ranked DPO teaches their order to the query as\n"
    "typed. Before and after are of queries that took no part. The adapter goes into the\n"
    "active profile, and from there into the aligned ranking, only where their pairs are\n"
    "more often in order. Ctrl-C keeps the steps that were done: the same command goes on\n"
    "from there, unless another “align” is started first, or “reset” forgets them.",
  .run = run_align,
};
