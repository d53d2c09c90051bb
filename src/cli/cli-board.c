/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-board-private.h"

const char *const kalon_cli_board_orders[] = {
  [KALON_BOARD_ARRANGED] = "arranged",
  [KALON_BOARD_BY_NAME] = "name",
  [KALON_BOARD_BY_DATE] = "date",
};

KalonBoardContents *
kalon_cli_load_board (KalonCli *cli, KalonBoardStore *store, const char *name, GError **error)
{
  g_autofree char *words = kalon_cli_dup_words (name);
  gint64 board;

  if (!kalon_board_store_find (store, words, &board, error))
    return NULL;
  return kalon_board_store_load (store, board, cli->cancellable, error);
}

static void
add_time (JsonBuilder *builder, const char *key, gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  kalon_cli_json_string (builder, key, text);
}

static void
add_board (JsonBuilder *builder, const KalonBoard *board)
{
  kalon_cli_json_string (builder, "name", board->name);
  kalon_cli_json_string (builder, "description", board->description);
  kalon_cli_json_string (builder, "order", kalon_cli_board_orders[board->order]);
  add_time (builder, "created", board->created);
  add_time (builder, "changed", board->changed);
}

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  store = kalon_board_store_open (cli->library, &error);
  boards = store != NULL ? kalon_board_store_list (store, &error) : NULL;
  if (boards == NULL)
    return kalon_cli_fail (cli, error);
  if (!cli->json)
    {
      for (guint i = 0; i < boards->len; i++)
        {
          const KalonBoard *board = g_ptr_array_index (boards, i);

          kalon_cli_print ("%s (%u)\n", board->name, board->n_items);
        }
      return KALON_CLI_DONE;
    }
  builder = kalon_cli_json_new ();
  json_builder_set_member_name (builder, "boards");
  json_builder_begin_array (builder);
  for (guint i = 0; i < boards->len; i++)
    {
      const KalonBoard *board = g_ptr_array_index (boards, i);

      json_builder_begin_object (builder);
      add_board (builder, board);
      kalon_cli_json_integer (builder, "pictures", board->n_items);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
  return KALON_CLI_DONE;
}

static void
print_json (const KalonBoardContents *contents)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  add_board (builder, contents->board);
  json_builder_set_member_name (builder, "pictures");
  json_builder_begin_array (builder);
  for (guint i = 0; i < contents->items->len; i++)
    {
      const KalonBoardItem *item = g_ptr_array_index (contents->items, i);

      json_builder_begin_object (builder);
      kalon_cli_json_integer (builder, "number", i + 1);
      kalon_cli_json_path (builder, "path", item->path);
      kalon_cli_json_string (builder, "note", item->note);
      kalon_cli_json_boolean (builder, "missing", item->missing);
      kalon_cli_json_boolean (builder, "in_library", item->picture != 0);
      add_time (builder, "added", item->added);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_print (builder);
}

static KalonCliStatus
run_show (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The board's name is missing.");
  store = kalon_board_store_open (cli->library, &error);
  contents = store != NULL ? kalon_cli_load_board (cli, store, arguments[0], &error) : NULL;
  if (contents == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      print_json (contents);
      return KALON_CLI_DONE;
    }
  for (guint i = 0; i < contents->items->len; i++)
    {
      const KalonBoardItem *item = g_ptr_array_index (contents->items, i);

      kalon_cli_print ("%u ", i + 1);
      kalon_cli_print_path (item->path);
      kalon_cli_print ("%s\n", item->missing ? " (missing)" : "");
      if (*item->note != '\0')
        {
          g_auto (GStrv) lines = g_strsplit (item->note, "\n", -1);

          for (char **line = lines; *line != NULL; line++)
            kalon_cli_print ("    %s\n", *line);
        }
    }
  return KALON_CLI_DONE;
}

static const KalonCliCommand list_command = {
  .name = "board list",
  .arguments = "",
  .summary = "List the boards, the last changed first.",
  .run = run_list,
};

static const KalonCliCommand show_command = {
  .name = "board show",
  .arguments = "NAME",
  .summary = "List the pictures of a board with their numbers and notes.",
  .run = run_show,
};

static const KalonCliCommand *const children[] = {
  &list_command,
  &show_command,
  &kalon_board_create,
  &kalon_board_rename,
  &kalon_board_describe,
  &kalon_board_sort,
  &kalon_board_remove,
  &kalon_board_add,
  &kalon_board_drop,
  &kalon_board_move,
  &kalon_board_note,
  &kalon_board_export_command,
  NULL,
};

static KalonCliStatus
run_board (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &list_command);
}

const KalonCliCommand kalon_cli_board = {
  .name = "board",
  .arguments = "[COMMAND]",
  .summary = "Collect pictures on boards, in an order and with notes, and hand them on.",
  .details = "Pictures of a board are named by the numbers that “board show” lists.",
  .run = run_board,
  .children = children,
};
