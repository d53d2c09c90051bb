/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-board-private.h"

#include "board-export/kalon-board-export.h"

static const char *const formats[] = {
  [KALON_BOARD_FORMAT_FOLDER] = "folder",
  [KALON_BOARD_FORMAT_ZIP] = "zip",
  [KALON_BOARD_FORMAT_PDF] = "pdf",
  [KALON_BOARD_FORMAT_PNG] = "png",
};
static const char *const papers[] = {
  [KALON_PAPER_A4] = "a4",
  [KALON_PAPER_LETTER] = "letter",
};

/* Which of @names @word is; -1 none of them. */
static int
find_word (const char *const *names, gsize n, const char *word)
{
  for (gsize i = 0; i < n; i++)
    if (g_ascii_strcasecmp (names[i], word) == 0)
      return (int) i;
  return -1;
}

static void
show_progress (guint n_done, guint n_total, gpointer user_data)
{
  kalon_cli_show_progress (n_done, n_total, NULL);
}

static KalonCliStatus
print (KalonCli *cli, const KalonBoardExported *exported)
{
  kalon_cli_end_progress ();
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_path (builder, "path", exported->path);
      kalon_cli_json_integer (builder, "written", exported->n_written);
      kalon_cli_json_integer (builder, "pages", exported->n_pages);
      kalon_cli_json_failures (builder, exported->failures);
      kalon_cli_json_print (builder);
    }
  else
    {
      kalon_cli_print_path (exported->path);
      kalon_cli_print ("\n");
    }
  for (guint i = 0; i < exported->failures->len; i++)
    {
      const KalonFailure *failure = g_ptr_array_index (exported->failures, i);

      kalon_cli_message ("%s: %s", failure->path, failure->reason);
    }
  return exported->failures->len > 0 ? KALON_CLI_FAILED : KALON_CLI_DONE;
}

/* The options of the command line; kinds by their names. */
typedef struct
{
  char *format;
  char *paper;
  int columns;
  gboolean landscape, no_names, no_notes, replace;
} Words;

static gboolean
take_words (const KalonCliCommand *command, const Words *words, const char *destination,
            KalonBoardExportOptions *options)
{
  const char *dot = strrchr (destination, '.');
  int format = KALON_BOARD_FORMAT_FOLDER, paper = KALON_PAPER_A4;

  if (words->format != NULL)
    format = find_word (formats, G_N_ELEMENTS (formats), words->format);
  else if (dot != NULL && strchr (dot, '/') == NULL)
    format = MAX (0, find_word (formats, G_N_ELEMENTS (formats), dot + 1));
  if (words->paper != NULL)
    paper = find_word (papers, G_N_ELEMENTS (papers), words->paper);
  if (format < 0)
    kalon_cli_usage (command, "--as is one of: folder, zip, pdf, png.");
  else if (paper < 0)
    kalon_cli_usage (command, "--paper is one of: a4, letter.");
  else if (words->columns < 1 || words->columns > KALON_BOARD_MAX_COLUMNS)
    kalon_cli_usage (command, "--columns is 1 to %d.", KALON_BOARD_MAX_COLUMNS);
  else
    {
      *options = (KalonBoardExportOptions){
        .format = (KalonBoardFormat) format,
        .paper = (KalonPaper) paper,
        .columns = (guint) words->columns,
        .landscape = words->landscape,
        .names = !words->no_names,
        .notes = !words->no_notes,
        .replace = words->replace,
      };
      return TRUE;
    }
  return FALSE;
}

static KalonCliStatus
export_board (KalonCli *cli, const char *name, const char *destination,
              const KalonBoardExportOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardStore) store = kalon_board_store_open (cli->library, &error);
  g_autoptr (KalonBoardContents) contents
      = store != NULL ? kalon_cli_load_board (cli, store, name, &error) : NULL;
  g_autoptr (KalonBoardExported) exported = NULL;

  if (contents == NULL)
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  exported = kalon_board_export (contents, options, destination, show_progress, NULL,
                                 cli->cancellable, &error);
  return exported != NULL ? print (cli, exported) : kalon_cli_fail (cli, error);
}

static KalonCliStatus
run_export (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  const KalonBoardExportOptions defaults = KALON_BOARD_EXPORT_OPTIONS_DEFAULT;
  Words words = { .columns = (int) defaults.columns };
  KalonBoardExportOptions options;
  g_auto (GStrv) arguments = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_FILENAME, &words.format,
      "folder, zip, pdf or png (default: what the suffix says, else folder)", "FORMAT" },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &words.replace, "Replace a file that is there already",
      NULL },
    { "paper", 0, 0, G_OPTION_ARG_FILENAME, &words.paper, "Contact sheets: a4 or letter (a4)",
      "PAPER" },
    { "landscape", 0, 0, G_OPTION_ARG_NONE, &words.landscape, "Contact sheets: wider than high",
      NULL },
    { "columns", 0, 0, G_OPTION_ARG_INT, &words.columns, "Contact sheets: pictures in a row (3)",
      "N" },
    { "no-names", 0, 0, G_OPTION_ARG_NONE, &words.no_names, "Contact sheets: without file names",
      NULL },
    { "no-notes", 0, 0, G_OPTION_ARG_NONE, &words.no_notes, "Contact sheets: without notes", NULL },
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, 2, &arguments))
    {
      if (arguments[0] == NULL || arguments[1] == NULL)
        kalon_cli_usage (command, "A board's name and a place to export it to are needed.");
      else if (take_words (command, &words, arguments[1], &options))
        status = export_board (cli, arguments[0], arguments[1], &options);
    }
  g_free (words.format);
  g_free (words.paper);
  return status;
}

const KalonCliCommand kalon_board_export_command = {
  .name = "board export",
  .arguments = "NAME DESTINATION",
  .summary = "Write a board's originals to a folder or ZIP archive, or contact sheets of it.",
  .details = "Pictures that cannot be read are named, and the rest goes on; the exit status is "
             "then 1.",
  .run = run_export,
};
