/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-label-private.h"

gboolean
kalon_cli_check_label_id (const KalonCliCommand *command, GStrv arguments)
{
  if (arguments[0] != NULL)
    return TRUE;
  kalon_cli_usage (command, "The set's id is missing: “label list” tells it.");
  return FALSE;
}

static void
add_info (JsonBuilder *builder, const KalonLabelSetInfo *info)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (info->created);
  g_autofree char *created = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "id", info->id);
  kalon_cli_json_string (builder, "name", info->name);
  kalon_cli_json_string (builder, "created", created);
  kalon_cli_json_integer (builder, "items", (gint64) info->n_items);
  kalon_cli_json_integer (builder, "labels", (gint64) info->n_labels);
  kalon_cli_json_strings (builder, "labelers", (const char *const *) info->labelers);
  json_builder_end_object (builder);
}

static void
print_info (const KalonLabelSetInfo *info)
{
  g_autofree char *labelers = g_strjoinv (", ", info->labelers);

  kalon_cli_print ("%-24s %s, %" G_GSIZE_FORMAT " items, %" G_GSIZE_FORMAT " answers%s%s\n",
                   info->id, info->name, info->n_items, info->n_labels,
                   *labelers != '\0' ? " by " : "", labelers);
}

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  infos = kalon_label_sets_list (cli->library, &error);
  if (infos == NULL)
    return kalon_cli_fail (cli, error);
  if (!cli->json)
    {
      for (guint i = 0; i < infos->len; i++)
        print_info (g_ptr_array_index (infos, i));
      return KALON_CLI_DONE;
    }
  builder = kalon_cli_json_new ();
  json_builder_set_member_name (builder, "sets");
  json_builder_begin_array (builder);
  for (guint i = 0; i < infos->len; i++)
    add_info (builder, g_ptr_array_index (infos, i));
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_export (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLabelSetInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 2, &arguments)
      || !kalon_cli_check_label_id (command, arguments))
    return KALON_CLI_USAGE;
  if (arguments[1] == NULL)
    return kalon_cli_usage (command, "The file to write is missing.");
  info = kalon_label_set_get_info (cli->library, arguments[0], &error);
  if (info == NULL || !kalon_label_set_export (cli->library, arguments[0], arguments[1], &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_path (builder, "path", arguments[1]);
      kalon_cli_json_integer (builder, "items", (gint64) info->n_items);
      kalon_cli_json_integer (builder, "labels", (gint64) info->n_labels);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_message ("%" G_GSIZE_FORMAT " items with %" G_GSIZE_FORMAT " answers are in %s.",
                       info->n_items, info->n_labels, arguments[1]);
  return KALON_CLI_DONE;
}

static KalonCliStatus
import (KalonCli *cli, const char *path, const char *images)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_read (path, &error);
  g_autofree char *id = NULL;

  if (set != NULL && images != NULL)
    {
      g_free (set->folder);
      set->folder = g_strdup (images);
    }
  if (set != NULL)
    id = kalon_label_set_import (cli->library, set, &error);
  if (id == NULL)
    return kalon_cli_fail (cli, error);
  if (set->synthetic)
    kalon_cli_message ("The set is made up, and its file names tell how: label it in the window, "
                       "which does not show them.");
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "id", id);
      kalon_cli_json_string (builder, "name", set->name);
      kalon_cli_json_integer (builder, "items", set->items->len);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%s\n", id);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_import (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *images = NULL;
  const GOptionEntry entries[] = {
    { "images", 0, 0, G_OPTION_ARG_FILENAME, &images,
      "Where the set's names of pictures begin (default: the folder of the set)", "DIR" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The set to import is missing.");
  return import (cli, arguments[0], images);
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments)
      || !kalon_cli_check_label_id (command, arguments))
    return KALON_CLI_USAGE;
  if (!kalon_label_set_remove (cli->library, arguments[0], &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "removed", arguments[0]);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_message ("The set and its answers are removed; its pictures stay.");
  return KALON_CLI_DONE;
}

static const KalonCliCommand list_command = {
  .name = "label list",
  .arguments = "",
  .summary = "List the label sets, newest first.",
  .details = "Each line is id, name, and how much of it there is.",
  .run = run_list,
};

static const KalonCliCommand export_command = {
  .name = "label export",
  .arguments = "ID FILE",
  .summary = "Write a set with all answers as an HPIR set.",
  .details
  = "Pictures below the folder of FILE are named relative to it, others by their absolute\n"
    "names. The file has the labelers' names and what they told of themselves.",
  .run = run_export,
};

static const KalonCliCommand import_command = {
  .name = "label import",
  .arguments = "SET",
  .summary = "Make a label set of an HPIR set from elsewhere.",
  .details = "Answers that it has are not taken along. Prints the new set's id.",
  .run = run_import,
};

static const KalonCliCommand remove_command = {
  .name = "label remove",
  .arguments = "ID",
  .summary = "Remove a set with its answers.",
  .run = run_remove,
};

static const KalonCliCommand *const children[]
    = { &list_command,   &kalon_label_build, &kalon_label_status, &kalon_label_answer,
        &export_command, &import_command,    &remove_command,     NULL };

static KalonCliStatus
run_label (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &list_command);
}

const KalonCliCommand kalon_cli_label = {
  .name = "label",
  .arguments = "COMMAND",
  .summary = "Sets of two answers to a query each, which people judge blindly.",
  .run = run_label,
  .children = children,
};
