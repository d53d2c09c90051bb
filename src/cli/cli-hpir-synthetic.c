/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"
#include "cli-hpir-private.h"

#include "synthetic/kalon-synthetic.h"

#define MAX_ITEMS 100000
#define MAX_LABELERS 1000
#define MAX_SLOPE 1000
#define MIN_SIDE 16
#define MAX_SIDE 4096

/* What is typed, before it is looked at. */
typedef struct
{
  char *output;
  char *captions;
  char *images;
  char *classes;
  char *names;
  GStrv templates;
  char *contrasts;
  char *kinds;
  int n_items;
  int group;
  int side;
  int n_labelers;
  double slope;
  int seed;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_free (typed->output);
  g_free (typed->captions);
  g_free (typed->images);
  g_free (typed->classes);
  g_free (typed->names);
  g_strfreev (typed->templates);
  g_free (typed->contrasts);
  g_free (typed->kinds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static void
on_progress (guint done, guint total, gpointer user_data)
{
  kalon_cli_show_progress (done, total, "items");
}

static guint
count_items (const KalonHpirSet *set, const char *kind)
{
  guint n = 0;

  for (guint i = 0; i < set->items->len; i++)
    n += g_strcmp0 (((KalonHpirItem *) set->items->pdata[i])->kind, kind) == 0;
  return n;
}

static void
print_json (const char *file, const KalonHpirSet *set, GPtrArray *failures)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_path (builder, "set", file);
  kalon_cli_json_hpir (builder, set);
  kalon_cli_json_integer (builder, "items", set->items->len);
  json_builder_set_member_name (builder, "contrasts");
  json_builder_begin_object (builder);
  for (guint c = 0; c < KALON_N_SYNTHETIC_CONTRASTS; c++)
    {
      const char *name = kalon_synthetic_contrast_get_name (c);

      kalon_cli_json_integer (builder, name, count_items (set, name));
    }
  json_builder_end_object (builder);
  kalon_cli_json_integer (builder, "failed", failures->len);
  kalon_cli_json_failures (builder, failures);
  kalon_cli_json_print (builder);
}

static void
print_text (const char *file, const KalonHpirSet *set)
{
  for (guint c = 0; c < KALON_N_SYNTHETIC_CONTRASTS; c++)
    {
      const char *name = kalon_synthetic_contrast_get_name (c);
      const guint n = count_items (set, name);

      if (n > 0)
        kalon_cli_print ("%-16s%u\n", name, n);
    }
  kalon_cli_print ("%u items in ", set->items->len);
  kalon_cli_print_path (file);
  kalon_cli_print ("\nNo human being has judged: the set says that it is synthetic.\n");
}

static KalonCliStatus
make (KalonCli *cli, const KalonSyntheticOptions *options, const char *output)
{
  g_autoptr (GPtrArray) failures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  g_autofree char *file = g_build_filename (output, KALON_SYNTHETIC_FILE, NULL);
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;

  kalon_cli_watch_signals (cli);
  set = kalon_synthetic_make (options, output, on_progress, NULL, failures, cli->cancellable,
                              &error);
  kalon_cli_end_progress ();
  kalon_eval_tell_failures (failures);
  if (set == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (file, set, failures);
  else
    print_text (file, set);
  return KALON_CLI_DONE;
}

static gboolean
check_source (const KalonCliCommand *command, const Typed *typed)
{
  if (typed->output == NULL)
    kalon_cli_usage (command, "The folder of the new set is missing: --output DIR.");
  else if ((typed->captions != NULL) == (typed->classes != NULL))
    kalon_cli_usage (command, "Give either --captions FILE with --images DIR, or --classes DIR.");
  else if ((typed->captions != NULL) != (typed->images != NULL))
    kalon_cli_usage (command, "--captions FILE and --images DIR belong together.");
  else if (typed->classes == NULL && (typed->names != NULL || typed->templates != NULL))
    kalon_cli_usage (command, "--names and --template are for --classes DIR.");
  else
    return TRUE;
  return FALSE;
}

/* %FALSE after a usage message. @options borrows from @typed. */
static gboolean
read_options (const KalonCliCommand *command, const Typed *typed, KalonSyntheticOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (!check_source (command, typed) || !kalon_eval_check_templates (command, typed->templates)
      || !kalon_cli_check_number (command, "--items", typed->n_items, 1, MAX_ITEMS)
      || !kalon_cli_check_number (command, "--group", typed->group, 2, KALON_HPIR_MAX_GROUP)
      || !kalon_cli_check_number (command, "--side", typed->side, MIN_SIDE, MAX_SIDE)
      || !kalon_cli_check_number (command, "--labelers", typed->n_labelers, 1, MAX_LABELERS)
      || !kalon_cli_check_number (command, "--slope", typed->slope, 0.001, MAX_SLOPE)
      || !kalon_cli_check_number (command, "--seed", typed->seed, 0, G_MAXINT))
    return FALSE;
  kalon_synthetic_options_init (options);
  if ((typed->contrasts != NULL
       && !kalon_synthetic_parse_contrasts (typed->contrasts, &options->contrasts, &error))
      || (typed->kinds != NULL
          && !kalon_synthetic_parse_kinds (typed->kinds, &options->kinds, &error)))
    {
      kalon_cli_usage (command, "%s", error->message);
      return FALSE;
    }
  options->captions = typed->captions;
  options->images = typed->images;
  options->classes = typed->classes;
  options->names = typed->names;
  options->templates = (const char *const *) typed->templates;
  options->n_items = typed->n_items;
  options->group = typed->group;
  options->side = typed->side;
  options->n_labelers = typed->n_labelers;
  options->slope = typed->slope;
  options->seed = typed->seed;
  return TRUE;
}

static KalonCliStatus
run_synthetic (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (Typed) typed = {
    .n_items = KALON_SYNTHETIC_ITEMS,
    .group = KALON_SYNTHETIC_GROUP,
    .side = KALON_SYNTHETIC_SIDE,
    .n_labelers = KALON_SYNTHETIC_LABELERS,
    .slope = KALON_SYNTHETIC_SLOPE,
  };
  g_auto (GStrv) arguments = NULL;
  KalonSyntheticOptions options;
  const GOptionEntry entries[] = {
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &typed.output,
      "A new folder for the set and its pictures", "DIR" },
    { "captions", 0, 0, G_OPTION_ARG_FILENAME, &typed.captions, "Lines “picture TAB caption”",
      "FILE" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &typed.images, "What their names are relative to",
      "DIR" },
    { "classes", 0, 0, G_OPTION_ARG_FILENAME, &typed.classes,
      "Or a folder with a sub-folder for each class", "DIR" },
    { "names", 0, 0, G_OPTION_ARG_FILENAME, &typed.names,
      "Lines “folder TAB name”; folders without one are left out", "FILE" },
    { "template", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &typed.templates,
      "A query with {} for the name (“a photo of a {}”); may be given again", "TEXT" },
    { "items", 0, 0, G_OPTION_ARG_INT, &typed.n_items, "How many, of all contrasts (300)", "N" },
    { "group", 0, 0, G_OPTION_ARG_INT, &typed.group, "Pictures in each group (5)", "N" },
    { "contrast", 0, 0, G_OPTION_ARG_STRING, &typed.contrasts,
      "Some of relevance, relevance-hard, degradation, near-duplicate, mixed, with commas (all)",
      "LIST" },
    { "kinds", 0, 0, G_OPTION_ARG_STRING, &typed.kinds,
      "How pictures are spoilt: names with commas, “all”, or “unseen” by the starter model "
      "(unseen)",
      "LIST" },
    { "side", 0, 0, G_OPTION_ARG_INT, &typed.side, "Longer side of pictures at most (512)",
      "PIXELS" },
    { "labelers", 0, 0, G_OPTION_ARG_INT, &typed.n_labelers, "Simulated ones, of mixed items (15)",
      "N" },
    { "slope", 0, 0, G_OPTION_ARG_DOUBLE, &typed.slope,
      "How surely they vote for what is better by a step (1.5)", "X" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &typed.seed, "Of all that is drawn (0)", "S" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !read_options (command, &typed, &options))
    return KALON_CLI_USAGE;
  return make (cli, &options, typed.output);
}

const KalonCliCommand kalon_hpir_synthetic = {
  .name = "hpir synthetic",
  .arguments = "",
  .summary = "Make up an HPIR set from pictures with captions or in class folders.",
  .details
  = "For tests and first looks: what is better is known because it is made so, and no human being\n"
    "has judged. DIR gets set.jsonl and copies of the pictures; the same files and seed give the\n"
    "same set. Contrasts: one group fits the words (relevance, relevance-hard), is not spoilt\n"
    "(degradation), is more varied (near-duplicate); in mixed ones simulated labelers vote.\n"
    "Kinds that the starter model's aesthetic head has not seen in training: motion-blur,\n"
    "salt-and-pepper, speckle, pixelated, upscaled, haze, flat-contrast, posterised, "
    "oversaturated,\n"
    "vignette, finger, bar. It has learned from: gaussian-blur, noise, jpeg, underexposed,\n"
    "overexposed, tilted, colour-cast.",
  .run = run_synthetic,
};
