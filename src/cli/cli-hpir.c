/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-hpir-private.h"

void
kalon_cli_print_hpir (const KalonHpirSet *set)
{
  kalon_cli_print ("set        ");
  kalon_cli_print_path (set->name);
  kalon_cli_print ("%s\n", set->synthetic ? " (synthetic: no human being has judged)" : "");
  if (set->made_from == NULL)
    return;
  kalon_cli_print ("made from  ");
  kalon_cli_print_path (set->made_from);
  kalon_cli_print ("\n");
}

void
kalon_cli_json_hpir (JsonBuilder *builder, const KalonHpirSet *set)
{
  kalon_cli_json_string (builder, "name", set->name);
  kalon_cli_json_boolean (builder, "synthetic", set->synthetic);
  kalon_cli_json_string (builder, "made_from", set->made_from);
}

static gsize
count_labels (const KalonHpirSet *set)
{
  gsize n = 0;

  for (guint i = 0; i < set->items->len; i++)
    n += ((const KalonHpirItem *) set->items->pdata[i])->labels->len;
  return n;
}

/* (transfer full): all of @files as one, named from the folder of @output */
static KalonHpirSet *
merge (const char *output, GStrv files, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (output);
  g_autoptr (KalonHpirSet) all = NULL;

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autoptr (KalonHpirSet) set = kalon_hpir_set_read (files[i], error);

      if (set == NULL)
        return NULL;
      if (all == NULL)
        {
          all = kalon_hpir_set_new (set->name, folder);
          all->made_from = g_strdup (set->made_from);
        }
      if (!kalon_hpir_set_merge (all, set, error))
        {
          g_prefix_error (error, "%s: ", files[i]);
          return NULL;
        }
    }
  return g_steal_pointer (&all);
}

static KalonCliStatus
run_merge (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_labels;

  if (!kalon_cli_parse (cli, command, NULL, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || arguments[1] == NULL)
    return kalon_cli_usage (command, "Name the new file, then the sets.");
  /* It may be somebody's labels, when the new file's name was forgotten. */
  if (g_file_test (arguments[0], G_FILE_TEST_EXISTS))
    return kalon_cli_usage (command, "“%s” is there already. Name a new file in front of the sets.",
                            arguments[0]);
  set = merge (arguments[0], arguments + 1, &error);
  if (set == NULL || !kalon_hpir_set_write (set, arguments[0], &error))
    return kalon_cli_fail (cli, error);
  n_labels = count_labels (set);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_path (builder, "path", arguments[0]);
      kalon_cli_json_hpir (builder, set);
      kalon_cli_json_integer (builder, "items", set->items->len);
      kalon_cli_json_integer (builder, "labelers", set->labelers->len);
      kalon_cli_json_integer (builder, "labels", (gint64) n_labels);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%u items, %" G_GSIZE_FORMAT " labels by %u %s\n", set->items->len, n_labels,
                     set->labelers->len, set->labelers->len == 1 ? "labeler" : "labelers");
  return KALON_CLI_DONE;
}

static const KalonCliCommand merge_command = {
  .name = "hpir merge",
  .arguments = "OUT FILE...",
  .summary = "Make one set of several: labels of the same items by several people.",
  .details
  = "Items and labelers are the same when their ids are. The same item must have the same\n"
    "query and pictures everywhere. OUT is a new file; pictures are named from its folder.",
  .run = run_merge,
};

static const KalonCliCommand *const children[] = {
  &kalon_hpir_check, &merge_command, &kalon_hpir_show, &kalon_hpir_synthetic, NULL,
};

static KalonCliStatus
run_hpir (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_hpir = {
  .name = "hpir",
  .arguments = "COMMAND",
  .summary = "Sets of human preferences: which of two rows of pictures is the better answer.",
  .run = run_hpir,
  .children = children,
};
