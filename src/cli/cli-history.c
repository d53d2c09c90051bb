/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-history-private.h"

static KalonCliStatus
list (KalonCli *cli, const KalonCliCommand *command, GStrv argv, gboolean saved)
{
  g_autoptr (KalonHistory) history = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_auto (GStrv) arguments = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  text = kalon_cli_dup_words (arguments[0] != NULL ? arguments[0] : "");
  history = kalon_history_new (cli->library);
  entries = kalon_history_find (history, text, 0, &error);
  if (entries == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      builder = kalon_cli_json_new ();
      json_builder_set_member_name (builder, "searches");
      json_builder_begin_array (builder);
    }
  for (guint i = 0; i < entries->len; i++)
    {
      const KalonHistoryEntry *entry = g_ptr_array_index (entries, i);

      if ((entry->name != NULL) != saved)
        continue;
      if (cli->json)
        kalon_cli_json_search (builder, entry);
      else
        kalon_cli_print_search (entry);
    }
  if (cli->json)
    {
      json_builder_end_array (builder);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return list (cli, command, argv, FALSE);
}

KalonCliStatus
kalon_cli_list_saved (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return list (cli, command, argv, TRUE);
}

static KalonCliStatus
run_clear (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonHistory) history = NULL;
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_removed;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  history = kalon_history_new (cli->library);
  if (!kalon_history_clear (history, &n_removed, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_integer (builder, "removed", (gint64) n_removed);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_message ("%" G_GSIZE_FORMAT " searches are forgotten; saved ones stay.", n_removed);
  return KALON_CLI_DONE;
}

static const KalonCliCommand list_command = {
  .name = "history list",
  .arguments = "[TEXT]",
  .summary = "List what was searched for in the window, newest first.",
  .details = "Each line is the time and what “search” is asked the same with. With TEXT, only\n"
             "searches that have it in their words, files or filters.",
  .run = run_list,
};

static const KalonCliCommand clear_command = {
  .name = "history clear",
  .arguments = "",
  .summary = "Forget what was searched for. Saved searches stay.",
  .run = run_clear,
};

static const KalonCliCommand *const children[] = { &list_command, &clear_command, NULL };

static KalonCliStatus
run_history (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &list_command);
}

const KalonCliCommand kalon_cli_history = {
  .name = "history",
  .arguments = "COMMAND",
  .summary = "What was searched for in the window.",
  .run = run_history,
  .children = children,
};
