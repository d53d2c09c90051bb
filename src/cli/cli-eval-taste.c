/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-eval-private.h"

#include "evidence/kalon-evidence.h"

#define DEFAULT_THUMBS "0,1,5,10,20,50"
#define MAX_USERS 1000
#define MAX_THUMBS 1000
/* Medians of fewer users jump. */
#define FEW_USERS 30
/* The loss of recall that a weight may cost. */
#define HARMLESS 0.01
/* Width of a cell of the tables. */
#define COLUMN 30

typedef void (*AddFunc) (JsonBuilder *builder, const KalonTasteMethodFigures *method, guint t);

static void
add_median (JsonBuilder *builder, const KalonMedian *median)
{
  kalon_cli_json_number (builder, "median", median->median);
  kalon_cli_json_number (builder, "low", median->low);
  kalon_cli_json_number (builder, "high", median->high);
}

static void
add_mean (JsonBuilder *builder, const char *key, const KalonEstimate *estimate)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  kalon_cli_json_number (builder, "mean", estimate->mean);
  kalon_cli_json_number (builder, "low", estimate->low);
  kalon_cli_json_number (builder, "high", estimate->high);
  json_builder_end_object (builder);
}

static void
add_agreement (JsonBuilder *builder, const KalonTasteMethodFigures *method, guint t)
{
  add_median (builder, &method->agreement[t]);
}

static void
add_difference (JsonBuilder *builder, const KalonTasteMethodFigures *method, guint t)
{
  add_median (builder, &method->difference[t]);
  kalon_cli_json_number (builder, "ahead", method->ahead[t]);
}

/* An array under the open key, an object for each number of thumbs. */
static void
add_by_thumbs (JsonBuilder *builder, const KalonTasteMethodFigures *method, guint n_thumbs,
               AddFunc add)
{
  json_builder_begin_array (builder);
  for (guint t = 0; t < n_thumbs; t++)
    {
      json_builder_begin_object (builder);
      add (builder, method, t);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_methods (JsonBuilder *builder, GPtrArray *methods, guint n_thumbs)
{
  json_builder_set_member_name (builder, "methods");
  json_builder_begin_object (builder);
  for (guint i = 0; i < methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (methods, i);

      json_builder_set_member_name (builder, method->name);
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "agreement");
      add_by_thumbs (builder, method, n_thumbs, add_agreement);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "differences");
  json_builder_begin_object (builder);
  for (guint i = 1; i < methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (methods, i);

      json_builder_set_member_name (builder, method->name);
      add_by_thumbs (builder, method, n_thumbs, add_difference);
    }
  json_builder_end_object (builder);
}

static gboolean
is_default (const KalonTasteWeightFigures *of_weight)
{
  return (float) of_weight->weight == KALON_TASTE_WEIGHT;
}

/* The largest weight up to which none costs more than %HARMLESS; 0 when there is none. */
static double
get_harmless_weight (const KalonTasteFigures *figures)
{
  double weight = 0;

  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    {
      if (figures->weights[i].change.mean < -HARMLESS)
        break;
      weight = figures->weights[i].weight;
    }
  return weight;
}

static void
add_recall (JsonBuilder *builder, const KalonTasteFigures *figures)
{
  json_builder_set_member_name (builder, "recall");
  json_builder_begin_object (builder);
  kalon_cli_json_number (builder, "before", figures->recall);
  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    if (is_default (&figures->weights[i]))
      {
        add_mean (builder, "after", &figures->weights[i].recall);
        add_mean (builder, "change", &figures->weights[i].change);
        kalon_cli_json_number (builder, "weight", figures->weights[i].weight);
      }
  kalon_cli_json_number (builder, "harmless_weight", get_harmless_weight (figures));
  kalon_cli_json_integer (builder, "thumbs", figures->recall_thumbs);
  kalon_cli_json_integer (builder, "captions", figures->n_recall_captions);
  json_builder_set_member_name (builder, "weights");
  json_builder_begin_array (builder);
  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    {
      json_builder_begin_object (builder);
      kalon_cli_json_number (builder, "weight", figures->weights[i].weight);
      add_mean (builder, "after", &figures->weights[i].recall);
      add_mean (builder, "change", &figures->weights[i].change);
      add_mean (builder, "liking_gain", &figures->weights[i].gain);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    if (is_default (&figures->weights[i]))
      add_mean (builder, "liking_gain", &figures->weights[i].gain);
}

static void
print_json (const KalonEvalRun *run, const KalonTasteProtocol *protocol,
            const KalonTasteFigures *figures)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_integer (builder, "users", protocol->n_users);
  kalon_cli_json_integer (builder, "pictures", figures->n_pictures);
  kalon_cli_json_integer (builder, "thumbed", figures->n_thumbed);
  kalon_cli_json_integer (builder, "captions", figures->n_captions);
  kalon_cli_json_integer (builder, "page", figures->page);
  json_builder_set_member_name (builder, "thumbs");
  json_builder_begin_array (builder);
  for (guint t = 0; t < protocol->n_thumbs; t++)
    json_builder_add_int_value (builder, protocol->thumbs[t]);
  json_builder_end_array (builder);
  add_methods (builder, figures->methods, protocol->n_thumbs);
  add_recall (builder, figures);
  kalon_cli_json_integer (builder, "seed", protocol->seed);
  kalon_cli_json_number (builder, "noise", protocol->noise);
  kalon_cli_json_boolean (builder, "random", protocol->random);
  kalon_cli_json_string (builder, "features", protocol->embedding_only ? "embedding" : "all");
  kalon_cli_json_string (builder, "likes", protocol->composition_only ? "composition" : "all");
  kalon_eval_json_run (builder, run);
  kalon_cli_json_print (builder);
}

static void
print_header (const char *title, const KalonTasteProtocol *protocol)
{
  kalon_cli_print ("%-20s", title);
  for (guint t = 0; t < protocol->n_thumbs; t++)
    kalon_cli_print ("%-*u", COLUMN, protocol->thumbs[t]);
  kalon_cli_print ("thumbs\n");
}

static void
print_methods (const KalonTasteProtocol *protocol, const KalonTasteFigures *figures)
{
  char text[96];

  print_header ("agreement, %", protocol);
  for (guint i = 0; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (figures->methods, i);

      kalon_cli_print ("%-20s", method->name);
      for (guint t = 0; t < protocol->n_thumbs; t++)
        {
          const KalonMedian *median = &method->agreement[t];
          g_snprintf (text, sizeof text, "%.1f (%.1f to %.1f)", 100 * median->median,
                      100 * median->low, 100 * median->high);
          kalon_cli_print ("%-*s", COLUMN, text);
        }
      kalon_cli_print ("\n");
    }
  kalon_cli_print ("\nlearned is ahead by (points), and for (of the users)\n");
  for (guint i = 1; i < figures->methods->len; i++)
    {
      const KalonTasteMethodFigures *method = g_ptr_array_index (figures->methods, i);

      kalon_cli_print ("%-20s", method->name);
      for (guint t = 0; t < protocol->n_thumbs; t++)
        {
          const KalonMedian *median = &method->difference[t];
          g_snprintf (text, sizeof text, "%+.1f (%+.1f to %+.1f) %.0f %%", 100 * median->median,
                      100 * median->low, 100 * median->high, 100 * method->ahead[t]);
          kalon_cli_print ("%-*s", COLUMN, text);
        }
      kalon_cli_print ("\n");
    }
}

static void
print_text (const KalonEvalRun *run, const KalonTasteProtocol *protocol,
            const KalonTasteFigures *figures)
{
  print_methods (protocol, figures);
  kalon_cli_print ("\nrecall@10 of %" G_GSIZE_FORMAT
                   " captions: %.1f %%; after %u thumbs, by weight "
                   "of taste:\n",
                   figures->n_recall_captions, 100 * figures->recall, figures->recall_thumbs);
  for (guint i = 0; i < KALON_EVALUATOR_N_WEIGHTS; i++)
    {
      const KalonTasteWeightFigures *of_weight = &figures->weights[i];

      kalon_cli_print ("  %.2f%c ", of_weight->weight, is_default (of_weight) ? '*' : ' ');
      kalon_eval_print_estimate (&of_weight->recall, 24);
      kalon_cli_print ("change %+.2f (%+.2f to %+.2f), liking of the best ten %+.2f (%+.2f to "
                       "%+.2f)\n",
                       100 * of_weight->change.mean, 100 * of_weight->change.low,
                       100 * of_weight->change.high, of_weight->gain.mean, of_weight->gain.low,
                       of_weight->gain.high);
    }
  kalon_cli_print ("The default is %.2f; up to %.2f costs a point of recall or less.\n",
                   KALON_TASTE_WEIGHT, get_harmless_weight (figures));
  kalon_cli_print ("%u users, %" G_GSIZE_FORMAT " pictures, %" G_GSIZE_FORMAT
                   " of them thumbed, model %s; medians, means of recall; in brackets 95 %% "
                   "intervals\n",
                   protocol->n_users, figures->n_pictures, figures->n_thumbed, run->model->id);
}

/* (transfer full) (nullable): rising numbers; %NULL when it is not that. */
static GArray *
parse_thumbs (const char *text)
{
  g_autoptr (GArray) thumbs = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      guint64 number;
      guint count;

      if (!g_ascii_string_to_unsigned (parts[i], 10, 0, MAX_THUMBS, &number, NULL)
          || (i > 0 && number <= g_array_index (thumbs, guint, i - 1)))
        return NULL;
      count = (guint) number;
      g_array_append_val (thumbs, count);
    }
  return thumbs->len > 0 ? g_steal_pointer (&thumbs) : NULL;
}

static KalonCliStatus
simulate (KalonCli *cli, const char *captions, const char *images,
          const KalonTasteProtocol *protocol, const KalonCliReport *options)
{
  g_auto (KalonEvalRun) run = { 0 };
  g_autoptr (KalonTasteFigures) figures = NULL;
  g_autoptr (KalonReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_eval_begin (&run, cli, &error))
    return kalon_cli_fail (cli, error);
  figures = kalon_evaluator_simulate_taste (run.evaluator, captions, images, protocol,
                                            cli->cancellable, &error);
  kalon_eval_end (&run);
  if (figures == NULL)
    return kalon_cli_fail (cli, error);
  if (kalon_evaluator_get_aesthetic_hash (run.evaluator) == NULL)
    kalon_cli_message ("The model has no aesthetic head: “steering” and “aesthetic” are left out.");
  if (protocol->n_users < FEW_USERS)
    kalon_cli_message ("Fewer than %d users: do not make much of the figures.", FEW_USERS);
  if (cli->json)
    print_json (&run, protocol, figures);
  else
    print_text (&run, protocol, figures);
  report = kalon_eval_begin_report (&run, "Learning from thumbs");
  kalon_cli_report_set_seed (report, protocol->seed);
  kalon_evidence_add_taste (report, "taste", NULL, protocol, figures);
  return kalon_eval_end_report (&run, report, "eval-taste", options);
}

static KalonCliStatus
run_taste (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  int users = 40, page = 12;
  gint64 seed = 0;
  double noise = 0.1;
  g_autofree char *noise_text = NULL;
  gboolean random = FALSE;
  g_autofree char *captions = NULL;
  g_autofree char *images = NULL;
  g_autofree char *thumbs = NULL;
  g_autofree char *features = NULL;
  g_autofree char *likes = NULL;
  g_auto (KalonCliReport) report = { 0 };
  g_autoptr (GArray) counts = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonTasteProtocol protocol;
  const GOptionEntry entries[] = {
    { "captions", 0, 0, G_OPTION_ARG_FILENAME, &captions, "Lines “name TAB caption”", "FILE" },
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images, "The folder of the pictures", "DIR" },
    { "users", 0, 0, G_OPTION_ARG_INT, &users, "Simulated users (40)", "N" },
    { "thumbs", 0, 0, G_OPTION_ARG_FILENAME, &thumbs,
      "After how many thumbs to measure (" DEFAULT_THUMBS ")", "N,…" },
    { "page", 0, 0, G_OPTION_ARG_INT, &page, "Pictures to choose from for each thumb (12)", "N" },
    { "noise", 0, 0, G_OPTION_ARG_STRING, &noise_text, "Share of thumbs that are slips (0.1)",
      "SHARE" },
    { "random", 0, 0, G_OPTION_ARG_NONE, &random, "All thumbs are slips", NULL },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Other users with another seed (0)", "N" },
    { "features", 0, 0, G_OPTION_ARG_FILENAME, &features,
      "What is learned from: embedding and measures (all), or the embedding", "all|embedding" },
    { "likes", 0, 0, G_OPTION_ARG_FILENAME, &likes,
      "What users care for: looks of all kinds (all), or composition only", "all|composition" },
    KALON_CLI_REPORT_ENTRIES (report),
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments)
      || !kalon_cli_report_check (command, &report))
    return KALON_CLI_USAGE;
  if (captions == NULL || images == NULL)
    return kalon_cli_usage (command, "Give both --captions FILE and --images DIR.");
  counts = parse_thumbs (thumbs != NULL ? thumbs : DEFAULT_THUMBS);
  if (counts == NULL)
    return kalon_cli_usage (command, "--thumbs takes rising numbers from 0 to %d.", MAX_THUMBS);
  if (!kalon_cli_check_number (command, "--users", users, 1, MAX_USERS)
      || !kalon_cli_check_number (command, "--page", page, 2, MAX_THUMBS)
      || !kalon_cli_check_number (command, "--seed", (double) seed, 0, G_MAXUINT32)
      || !kalon_cli_parse_number (command, "--noise", noise_text, 0, 1, &noise))
    return KALON_CLI_USAGE;
  if (features != NULL && !g_str_equal (features, "all") && !g_str_equal (features, "embedding"))
    return kalon_cli_usage (command, "--features takes “all” or “embedding”.");
  if (likes != NULL && !g_str_equal (likes, "all") && !g_str_equal (likes, "composition"))
    return kalon_cli_usage (command, "--likes takes “all” or “composition”.");
  protocol = (KalonTasteProtocol){
    .n_users = (guint) users,
    .thumbs = (const guint *) (gpointer) counts->data,
    .n_thumbs = counts->len,
    .page = (guint) page,
    .noise = noise,
    .random = random,
    .embedding_only = g_strcmp0 (features, "embedding") == 0,
    .composition_only = g_strcmp0 (likes, "composition") == 0,
    .seed = (guint32) seed,
  };
  return simulate (cli, captions, images, &protocol, &report);
}

const KalonCliCommand kalon_eval_taste = {
  .name = "eval taste",
  .arguments = "",
  .summary = "Have simulated users give thumbs, and see what is learned of their taste.",
  .details
  = "Half of the pictures are shown, a page for a random caption at a time, and thumbed by\n"
    "users who like what is made up for them; pairs of the other half show what was learned,\n"
    "beside other ways of using the same thumbs. Then recall, with and without taste.",
  .run = run_taste,
};
