/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-label-private.h"

#include "input/kalon-input.h"

/* For each aspect a share with its interval and of how many; null where there is none. */
static void
add_shares (JsonBuilder *builder, const char *key, const KalonEstimate *shares, const gsize *n)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      const char *name = kalon_hpir_aspect_get_name (aspect);

      json_builder_set_member_name (builder, name);
      if (n[aspect] == 0)
        {
          json_builder_add_null_value (builder);
          continue;
        }
      json_builder_begin_object (builder);
      kalon_cli_json_number (builder, "share", shares[aspect].mean);
      kalon_cli_json_number (builder, "low", shares[aspect].low);
      kalon_cli_json_number (builder, "high", shares[aspect].high);
      kalon_cli_json_integer (builder, "items", (gint64) n[aspect]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
print_json (const KalonLabelSetInfo *info, const KalonHpirSet *set, const KalonHpirCheck *check)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "id", info->id);
  kalon_cli_json_string (builder, "name", info->name);
  kalon_cli_json_integer (builder, "items", (gint64) info->n_items);
  kalon_cli_json_integer (builder, "tasks", (gint64) info->n_tasks);
  json_builder_set_member_name (builder, "with_majority");
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    kalon_cli_json_integer (builder, kalon_hpir_aspect_get_name (aspect),
                            (gint64) check->n_gold[aspect]);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "labelers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (set->labelers, i);
      KalonHpirLabelerFigures figures;

      kalon_hpir_set_measure_labeler (set, i, &figures);
      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "labeler", labeler->id);
      kalon_json_add_text_table (builder, "traits", labeler->traits);
      kalon_cli_json_integer (builder, "done", info->n_done[i]);
      add_shares (builder, "consistency", figures.consistency, figures.n_repeats);
      add_shares (builder, "agreement", figures.with_others, figures.n_compared);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

/* (transfer full) */
static char *
describe_share (const KalonEstimate *share, gsize n)
{
  if (n == 0)
    return g_strdup ("none");
  return g_strdup_printf ("%.1f %% (%.1f to %.1f) of %" G_GSIZE_FORMAT, 100 * share->mean,
                          100 * share->low, 100 * share->high, n);
}

static void
print_text (const KalonLabelSetInfo *info, const KalonHpirSet *set, const KalonHpirCheck *check)
{
  kalon_cli_print ("%s: %" G_GSIZE_FORMAT " items\n", info->name, info->n_items);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    kalon_cli_print ("%-12s%" G_GSIZE_FORMAT " with a majority\n",
                     kalon_hpir_aspect_get_name (aspect), check->n_gold[aspect]);
  for (guint i = 0; i < set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = g_ptr_array_index (set->labelers, i);
      KalonHpirLabelerFigures figures;

      kalon_hpir_set_measure_labeler (set, i, &figures);
      kalon_cli_print ("\n%s: %u of %" G_GSIZE_FORMAT " answers\n", labeler->id, info->n_done[i],
                       info->n_tasks);
      kalon_cli_print ("%-12s%-32s%s\n", "", "same when asked twice", "as the others");
      for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
        {
          g_autofree char *again
              = describe_share (&figures.consistency[aspect], figures.n_repeats[aspect]);
          g_autofree char *others
              = describe_share (&figures.with_others[aspect], figures.n_compared[aspect]);

          kalon_cli_print ("%-12s%-32s%s\n", kalon_hpir_aspect_get_name (aspect), again, others);
        }
    }
}

static KalonCliStatus
run_status (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLabelSetInfo) info = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (KalonHpirCheck) check = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments)
      || !kalon_cli_check_label_id (command, arguments))
    return KALON_CLI_USAGE;
  info = kalon_label_set_get_info (cli->library, arguments[0], &error);
  set = info != NULL ? kalon_label_set_load (cli->library, arguments[0], &error) : NULL;
  check = set != NULL ? kalon_hpir_set_check (set, FALSE, cli->cancellable, &error) : NULL;
  if (check == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (info, set, check);
  else
    print_text (info, set, check);
  return KALON_CLI_DONE;
}

const KalonCliCommand kalon_label_status = {
  .name = "label status",
  .arguments = "ID",
  .summary = "Tell how far the labelers of a set are, and how well they agree.",
  .details
  = "Of items that somebody was asked twice, the share answered the same; of items that the\n"
    "others have a majority for, the share answered as they do: with 95 % intervals.",
  .run = run_status,
};
