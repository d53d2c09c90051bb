/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-board-private.h"

/* Applies @edit (transfer full) and prints what it did. */
static KalonCliStatus
apply (KalonCli *cli, KalonBoardStore *store, KalonBoardEdit *edit)
{
  g_autoptr (KalonBoardEdit) owned = edit;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome = NULL;

  kalon_cli_watch_signals (cli);
  outcome = kalon_board_store_apply (store, edit, cli->cancellable, &error);
  if (outcome == NULL)
    return kalon_cli_fail (cli, error);
  for (guint i = 0; i < outcome->failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (outcome->failures, i);

      kalon_cli_message ("%s: %s", failure->path, failure->reason);
    }
  if (outcome->n_known > 0)
    kalon_cli_message ("%u on the board already", outcome->n_known);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_integer (builder, "changed", outcome->n_changed);
      kalon_cli_json_integer (builder, "known", outcome->n_known);
      kalon_cli_json_failures (builder, outcome->failures);
      kalon_cli_json_print (builder);
    }
  return outcome->failures->len > 0 ? KALON_CLI_FAILED : KALON_CLI_DONE;
}

/* Opens the store and, unless it is NULL, finds the board of @name. */
static KalonBoardStore *
open_store (KalonCli *cli, const char *name, gint64 *board, GError **error)
{
  g_autoptr (KalonBoardStore) store = kalon_board_store_open (cli->library, error);
  g_autofree char *words = name != NULL ? kalon_cli_dup_words (name) : NULL;

  if (store != NULL && words != NULL && !kalon_board_store_find (store, words, board, error))
    return NULL;
  return g_steal_pointer (&store);
}

static KalonCliStatus
run_create (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *description = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (GError) error = NULL;
  KalonBoardEdit *edit;
  const GOptionEntry entries[] = {
    { "description", 0, 0, G_OPTION_ARG_FILENAME, &description, "What the board is about", "TEXT" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The board's name is missing.");
  store = open_store (cli, NULL, NULL, &error);
  if (store == NULL)
    return kalon_cli_fail (cli, error);
  name = kalon_cli_dup_words (arguments[0]);
  text = description != NULL ? kalon_cli_dup_words (description) : NULL;
  edit = kalon_board_edit_create (name, text);
  for (char **path = arguments + 1; *path != NULL; path++)
    kalon_board_edit_take_path (edit, *path);
  return apply (cli, store, edit);
}

/* Of a board and, unless @with_text is NULL, a text. */
static KalonCliStatus
run_on_board (KalonCli *cli, const KalonCliCommand *command, GStrv argv,
              KalonBoardEdit *(*with_text) (gint64 board, const char *text))
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *text = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (GError) error = NULL;
  gint64 board;

  if (!kalon_cli_parse (cli, command, NULL, argv, with_text != NULL ? 2 : 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || (with_text != NULL && arguments[1] == NULL))
    return kalon_cli_usage (command, with_text != NULL ? "A board's name and a text are needed."
                                                       : "The board's name is missing.");
  store = open_store (cli, arguments[0], &board, &error);
  if (store == NULL)
    return kalon_cli_fail (cli, error);
  if (with_text == NULL)
    return apply (cli, store, kalon_board_edit_delete (board));
  text = kalon_cli_dup_words (arguments[1]);
  return apply (cli, store, with_text (board, text));
}

static KalonCliStatus
run_rename (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_on_board (cli, command, argv, kalon_board_edit_rename);
}

static KalonCliStatus
run_describe (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_on_board (cli, command, argv, kalon_board_edit_describe);
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_on_board (cli, command, argv, NULL);
}

static KalonCliStatus
run_sort (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (GError) error = NULL;
  gint64 board;
  guint order = 0;

  if (!kalon_cli_parse (cli, command, NULL, argv, 2, &arguments))
    return KALON_CLI_USAGE;
  while (order <= KALON_BOARD_BY_DATE && arguments[0] != NULL
         && g_strcmp0 (arguments[1], kalon_cli_board_orders[order]) != 0)
    order++;
  if (arguments[0] == NULL || order > KALON_BOARD_BY_DATE)
    return kalon_cli_usage (command, "The order is one of: arranged, name, date.");
  store = open_store (cli, arguments[0], &board, &error);
  return store != NULL ? apply (cli, store, kalon_board_edit_sort (board, order))
                       : kalon_cli_fail (cli, error);
}

static KalonCliStatus
run_add (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (GError) error = NULL;
  KalonBoardEdit *edit;
  gint64 board;

  if (!kalon_cli_parse (cli, command, NULL, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || arguments[1] == NULL)
    return kalon_cli_usage (command, "A board's name and a picture are needed.");
  store = open_store (cli, arguments[0], &board, &error);
  if (store == NULL)
    return kalon_cli_fail (cli, error);
  edit = kalon_board_edit_add (board, 0);
  for (char **path = arguments + 1; *path != NULL; path++)
    kalon_board_edit_take_path (edit, *path);
  return apply (cli, store, edit);
}

/* @id: (out): of the picture that has @number, 1 being the first; @end: the number behind the last
 * is 0, the end */
static gboolean
find_item (const KalonBoardContents *contents, const char *number, gboolean end, gint64 *id,
           GError **error)
{
  guint64 n;

  if (!g_ascii_string_to_unsigned (number, 10, 1, contents->items->len + (end ? 1 : 0), &n, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "There is no picture %s on the board “%s”, which has %u.", number,
                   contents->board->name, contents->items->len);
      return FALSE;
    }
  *id = n <= contents->items->len
            ? ((const KalonBoardItem *) g_ptr_array_index (contents->items, n - 1))->id
            : 0;
  return TRUE;
}

/* "drop" and "move": a board and numbers; @before: (nullable) */
static KalonCliStatus
run_on_items (KalonCli *cli, GStrv arguments, const char *before)
{
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  gint64 target = 0;

  store = kalon_board_store_open (cli->library, &error);
  contents = store != NULL ? kalon_cli_load_board (cli, store, arguments[0], &error) : NULL;
  if (contents == NULL)
    return kalon_cli_fail (cli, error);
  for (char **number = arguments + 1; *number != NULL; number++)
    {
      gint64 id;

      if (!find_item (contents, *number, FALSE, &id, &error))
        return kalon_cli_fail (cli, error);
      g_array_append_val (items, id);
    }
  if (before == NULL)
    return apply (cli, store, kalon_board_edit_remove (contents->board->id, items));
  if (!find_item (contents, before, TRUE, &target, &error))
    return kalon_cli_fail (cli, error);
  return apply (cli, store, kalon_board_edit_move (contents->board->id, items, target));
}

static KalonCliStatus
run_drop (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || arguments[1] == NULL)
    return kalon_cli_usage (command, "A board's name and a number are needed.");
  return run_on_items (cli, arguments, NULL);
}

static KalonCliStatus
run_move (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *before = NULL;
  const GOptionEntry entries[] = {
    { "before", 0, 0, G_OPTION_ARG_FILENAME, &before,
      "In front of which one; one more than there are is the end", "NUMBER" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || arguments[1] == NULL || before == NULL)
    return kalon_cli_usage (command, "A board's name, a number and --before are needed.");
  return run_on_items (cli, arguments, before);
}

static KalonCliStatus
run_note (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *text = NULL;
  g_autoptr (KalonBoardStore) store = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (GError) error = NULL;
  gint64 item;

  if (!kalon_cli_parse (cli, command, NULL, argv, 3, &arguments))
    return KALON_CLI_USAGE;
  if (g_strv_length (arguments) < 3)
    return kalon_cli_usage (command, "A board's name, a number and a text are needed.");
  store = kalon_board_store_open (cli->library, &error);
  contents = store != NULL ? kalon_cli_load_board (cli, store, arguments[0], &error) : NULL;
  if (contents == NULL || !find_item (contents, arguments[1], FALSE, &item, &error))
    return kalon_cli_fail (cli, error);
  text = kalon_cli_dup_words (arguments[2]);
  return apply (cli, store, kalon_board_edit_note (item, text));
}

const KalonCliCommand kalon_board_create = {
  .name = "board create",
  .arguments = "NAME [FILE...]",
  .summary = "Make a board, with these pictures on it.",
  .run = run_create,
};

const KalonCliCommand kalon_board_rename = {
  .name = "board rename",
  .arguments = "NAME NEW",
  .summary = "Give a board another name.",
  .run = run_rename,
};

const KalonCliCommand kalon_board_describe = {
  .name = "board describe",
  .arguments = "NAME TEXT",
  .summary = "Say what a board is about.",
  .run = run_describe,
};

const KalonCliCommand kalon_board_sort = {
  .name = "board sort",
  .arguments = "NAME ORDER",
  .summary = "Show a board as arranged, or by name or date: arranged, name, date.",
  .run = run_sort,
};

const KalonCliCommand kalon_board_remove = {
  .name = "board remove",
  .arguments = "NAME",
  .summary = "Delete a board. Its pictures stay where they are.",
  .run = run_remove,
};

const KalonCliCommand kalon_board_add = {
  .name = "board add",
  .arguments = "NAME FILE...",
  .summary = "Put pictures at the end of a board; they need not be in the library.",
  .run = run_add,
};

const KalonCliCommand kalon_board_drop = {
  .name = "board drop",
  .arguments = "NAME NUMBER...",
  .summary = "Take pictures off a board. The files stay where they are.",
  .run = run_drop,
};

const KalonCliCommand kalon_board_move = {
  .name = "board move",
  .arguments = "NAME NUMBER... --before NUMBER",
  .summary = "Put pictures elsewhere on a board, in the order given.",
  .run = run_move,
};

const KalonCliCommand kalon_board_note = {
  .name = "board note",
  .arguments = "NAME NUMBER TEXT",
  .summary = "Write a note to a picture; an empty text takes it away.",
  .run = run_note,
};
