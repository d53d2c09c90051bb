/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-hpir-private.h"

/* A folder with other pictures has one problem for each of them. */
#define MAX_LISTED 20

static gsize
count_errors (const KalonHpirCheck *check)
{
  gsize n = 0;

  for (guint i = 0; i < check->problems->len; i++)
    n += ((const KalonHpirProblem *) check->problems->pdata[i])->is_error;
  return n;
}

static void
add_shares (JsonBuilder *builder, const char *key, const gsize *n, const KalonEstimate *shares)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      json_builder_set_member_name (builder, kalon_hpir_aspect_get_name (aspect));
      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "n", (gint64) n[aspect]);
      kalon_cli_json_number (builder, "share", shares[aspect].mean);
      kalon_cli_json_number (builder, "low", shares[aspect].low);
      kalon_cli_json_number (builder, "high", shares[aspect].high);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_labeler (JsonBuilder *builder, const KalonHpirSet *set, guint position)
{
  const KalonHpirLabeler *labeler = set->labelers->pdata[position];
  KalonHpirLabelerFigures figures;
  GHashTableIter iter;
  gpointer name, value;

  kalon_hpir_set_measure_labeler (set, position, &figures);
  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "id", labeler->id);
  json_builder_set_member_name (builder, "traits");
  json_builder_begin_object (builder);
  g_hash_table_iter_init (&iter, labeler->traits);
  while (g_hash_table_iter_next (&iter, &name, &value))
    kalon_cli_json_string (builder, name, value);
  json_builder_end_object (builder);
  kalon_cli_json_integer (builder, "labels", (gint64) figures.n_labels);
  add_shares (builder, "consistency", figures.n_repeats, figures.consistency);
  add_shares (builder, "with_others", figures.n_compared, figures.with_others);
  json_builder_end_object (builder);
}

static void
print_json (const KalonHpirSet *set, const KalonHpirCheck *check)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
  gsize n_errors = count_errors (check);

  kalon_cli_json_hpir (builder, set);
  kalon_cli_json_integer (builder, "items", (gint64) check->n_items);
  kalon_cli_json_integer (builder, "pictures", (gint64) check->n_pictures);
  kalon_cli_json_integer (builder, "labels", (gint64) check->n_labels);
  json_builder_set_member_name (builder, "aspects");
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      json_builder_set_member_name (builder, kalon_hpir_aspect_get_name (aspect));
      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "gold", (gint64) check->n_gold[aspect]);
      kalon_cli_json_number (builder, "confidence", check->confidence[aspect]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "labelers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < set->labelers->len; i++)
    add_labeler (builder, set, i);
  json_builder_end_array (builder);
  kalon_cli_json_integer (builder, "errors", (gint64) n_errors);
  kalon_cli_json_integer (builder, "notes", (gint64) (check->problems->len - n_errors));
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; i < check->problems->len; i++)
    {
      const KalonHpirProblem *problem = check->problems->pdata[i];

      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "item", problem->item);
      kalon_cli_json_boolean (builder, "error", problem->is_error);
      kalon_cli_json_string (builder, "text", problem->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

/* "84 % (75 to 91) of 40", or that nothing is known. */
static void
print_share (const char *title, gsize n, const KalonEstimate *share)
{
  if (n == 0)
    kalon_cli_print ("  %-16s unknown", title);
  else
    kalon_cli_print ("  %-16s %.0f %% (%.0f to %.0f) of %" G_GSIZE_FORMAT, title, 100 * share->mean,
                     100 * share->low, 100 * share->high, n);
}

static void
print_labeler (const KalonHpirSet *set, guint position)
{
  const KalonHpirLabeler *labeler = set->labelers->pdata[position];
  KalonHpirLabelerFigures figures;

  kalon_hpir_set_measure_labeler (set, position, &figures);
  kalon_cli_print ("labeler    ");
  kalon_cli_print_path (labeler->id);
  kalon_cli_print (", %" G_GSIZE_FORMAT
                   " labels; says the same when asked again, and as others do\n",
                   figures.n_labels);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      kalon_cli_print ("  %-9s", kalon_hpir_aspect_get_name (aspect));
      print_share ("again", figures.n_repeats[aspect], &figures.consistency[aspect]);
      print_share ("others", figures.n_compared[aspect], &figures.with_others[aspect]);
      kalon_cli_print ("\n");
    }
}

/* Errors before notes. */
static void
print_problems (const KalonHpirCheck *check, gboolean errors)
{
  gsize n = 0;

  for (guint i = 0; i < check->problems->len; i++)
    {
      const KalonHpirProblem *problem = check->problems->pdata[i];

      if (!problem->is_error != !errors || n++ >= MAX_LISTED)
        continue;
      kalon_cli_print ("%-11s", errors ? "error" : "note");
      if (problem->item != NULL)
        {
          kalon_cli_print ("item “");
          kalon_cli_print_path (problem->item);
          kalon_cli_print ("” ");
        }
      kalon_cli_print_path (problem->text);
      kalon_cli_print ("\n");
    }
  if (n > MAX_LISTED)
    kalon_cli_print ("%-11sand %" G_GSIZE_FORMAT " more; --json lists all\n",
                     errors ? "error" : "note", n - MAX_LISTED);
}

static void
print_text (const KalonHpirSet *set, const KalonHpirCheck *check)
{
  kalon_cli_print_hpir (set);
  kalon_cli_print ("items      %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " pictures\n",
                   check->n_items, check->n_pictures);
  kalon_cli_print ("labels     %" G_GSIZE_FORMAT " by %u %s\n", check->n_labels, set->labelers->len,
                   set->labelers->len == 1 ? "labeler" : "labelers");
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      kalon_cli_print ("%-10s %" G_GSIZE_FORMAT " %s with a majority",
                       kalon_hpir_aspect_get_name (aspect), check->n_gold[aspect],
                       check->n_gold[aspect] == 1 ? "item" : "items");
      if (check->n_gold[aspect] > 0)
        kalon_cli_print (", of %.0f %% on average", 100 * check->confidence[aspect]);
      kalon_cli_print ("\n");
    }
  for (guint i = 0; i < set->labelers->len; i++)
    print_labeler (set, i);
  print_problems (check, TRUE);
  print_problems (check, FALSE);
}

static KalonCliStatus
run_check (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *images = NULL;
  gboolean no_files = FALSE;
  const GOptionEntry entries[] = {
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images,
      "Where the pictures are (default: the set's own folder)", "DIR" },
    { "no-files", 0, 0, G_OPTION_ARG_NONE, &no_files, "Do not look at the pictures", NULL },
    { NULL },
  };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonHpirCheck) check = NULL;
  g_autoptr (GError) error = NULL;
  KalonCliWait *wait;

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "Name an HPIR set.");
  if (images != NULL && no_files)
    return kalon_cli_usage (command, "--images and --no-files exclude each other.");
  set = kalon_hpir_set_read (arguments[0], &error);
  if (set == NULL)
    return kalon_cli_fail (cli, error);
  if (images != NULL)
    {
      g_free (set->folder);
      set->folder = g_steal_pointer (&images);
    }
  kalon_cli_watch_signals (cli);
  wait = kalon_cli_begin_wait ("The pictures are read, to compare them with their hashes…");
  check = kalon_hpir_set_check (set, !no_files, cli->cancellable, &error);
  kalon_cli_end_wait (wait);
  if (check == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (set, check);
  else
    print_text (set, check);
  return count_errors (check) > 0 ? KALON_CLI_FAILED : KALON_CLI_DONE;
}

const KalonCliCommand kalon_hpir_check = {
  .name = "hpir check",
  .arguments = "FILE",
  .summary = "Whether a set is sound, how sure its answers are, and how consistent its labelers.",
  .details = "Exit status 1 when there are errors: pictures that are gone or have changed, votes\n"
             "that are not those of the labels. Notes are things to know.",
  .run = run_check,
};
