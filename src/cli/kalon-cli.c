/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>

static const KalonCliCommand *const commands[] = {
  &kalon_cli_index,
  &kalon_cli_library,
  &kalon_cli_search,
  &kalon_cli_compare,
  &kalon_cli_history,
  &kalon_cli_saved,
  &kalon_cli_rephrase,
  &kalon_cli_like,
  &kalon_cli_dislike,
  &kalon_cli_forget,
  &kalon_cli_reset,
  &kalon_cli_taste,
  &kalon_cli_align,
  &kalon_cli_board,
  &kalon_cli_label,
  &kalon_cli_model,
  &kalon_cli_llm,
  &kalon_cli_device,
  &kalon_cli_eval,
  &kalon_cli_hpir,
  &kalon_cli_judge,
  &kalon_cli_bench,
  NULL,
};

static const KalonCliCommand top = {
  .name = "",
  .arguments = "COMMAND",
  .summary = "Search your own pictures by what is in them.",
  .details = "Results are on stdout, messages and progress on stderr. Exit status: 0 done,\n"
             "1 failed, 2 wrong usage. “kalon-cli COMMAND --help” tells more; so does the manual\n"
             "page kalon-cli(1).",
  .children = commands,
};

static gboolean show_version;
/* "--json" is among the words. GOption takes back what it has read when it stops at an error. */
static gboolean wants_json;

static const GOptionEntry version_entries[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version and stop", NULL },
  { NULL },
};

static void
add_global_entries (GOptionContext *context, KalonCli *cli)
{
  const GOptionEntry entries[] = {
    { "library", 0, 0, G_OPTION_ARG_FILENAME, &cli->library,
      "Where the catalogue and the embeddings are kept (default: your own)", "DIR" },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &cli->model,
      "A model's id, or the path of its directory (default: starter)", "ID" },
    { "device", 0, 0, G_OPTION_ARG_FILENAME, &cli->device,
      "Part of an OpenCL device's name, or “none” for plain C (default: the first)", "NAME" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "Print one JSON document", NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, entries, NULL);
}

/* "Commands:" and a line for each child. */
static void
append_children (GString *text, const KalonCliCommand *command)
{
  g_string_append (text, "\n\nCommands:");
  for (gsize i = 0; command->children[i] != NULL; i++)
    {
      g_autofree char *usage
          = g_strdup_printf ("%s %s", command->children[i]->name, command->children[i]->arguments);
      g_string_append_printf (text, "\n  %-24s %s", g_strchomp (usage),
                              command->children[i]->summary);
    }
}

static char *
dup_program_name (const KalonCliCommand *command)
{
  return g_strchomp (g_strdup_printf ("kalon-cli %s", command->name));
}

static GOptionContext *
context_new (KalonCli *cli, const KalonCliCommand *command, const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (command->arguments);
  g_autoptr (GString) summary = g_string_new (command->summary);
  g_autofree char *program = dup_program_name (command);

  if (command->children != NULL)
    append_children (summary, command);
  g_set_prgname (program);
  g_option_context_set_summary (context, summary->str);
  g_option_context_set_description (context, command->details);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  add_global_entries (context, cli);
  return context;
}

KalonCliStatus
kalon_cli_usage (const KalonCliCommand *command, const char *format, ...)
{
  g_autofree char *program = dup_program_name (command);
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  kalon_cli_message ("%s", message);
  kalon_cli_message ("See “%s --help”.", program);
  if (wants_json)
    kalon_cli_json_error (message);
  return KALON_CLI_USAGE;
}

gboolean
kalon_cli_check_number (const KalonCliCommand *command, const char *option, double value,
                        double least, double most)
{
  if (value >= least && value <= most)
    return TRUE;
  kalon_cli_usage (command, "%s takes a number from %.10g to %.10g.", option, least, most);
  return FALSE;
}

gboolean
kalon_cli_parse_number (const KalonCliCommand *command, const char *option, const char *text,
                        double least, double most, double *value)
{
  char *end = NULL;
  double read = text != NULL ? g_ascii_strtod (text, &end) : 0;

  if (text == NULL)
    return TRUE;
  if (!kalon_cli_check_number (command, option, end != text && *end == '\0' ? read : NAN, least,
                               most))
    return FALSE;
  *value = read;
  return TRUE;
}

gboolean
kalon_cli_parse (KalonCli *cli, const KalonCliCommand *command, const GOptionEntry *entries,
                 GStrv argv, int max_arguments, GStrv *arguments)
{
  g_autoptr (GOptionContext) context = context_new (cli, command, entries);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) copy = g_strdupv (argv);
  g_auto (GStrv) rest = NULL;
  const GOptionEntry remaining[] = {
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { NULL },
  };

  g_option_context_add_main_entries (context, remaining, NULL);
  if (!g_option_context_parse_strv (context, &copy, &error))
    {
      kalon_cli_usage (command, "%s", error->message);
      return FALSE;
    }
  if (rest == NULL)
    rest = g_new0 (char *, 1);
  if (max_arguments >= 0 && g_strv_length (rest) > (guint) max_arguments)
    {
      kalon_cli_usage (command, "“%s” is one argument too many.", rest[max_arguments]);
      return FALSE;
    }
  *arguments = g_steal_pointer (&rest);
  return TRUE;
}

static const KalonCliCommand *
find_child (const KalonCliCommand *family, const char *word)
{
  gsize skip = family->name[0] != '\0' ? strlen (family->name) + 1 : 0;

  for (gsize i = 0; family->children[i] != NULL; i++)
    if (g_str_equal (family->children[i]->name + skip, word))
      return family->children[i];
  return NULL;
}

KalonCliStatus
kalon_cli_run_child (KalonCli *cli, const KalonCliCommand *family, GStrv argv,
                     const KalonCliCommand *fallback)
{
  g_autoptr (GOptionContext) context
      = context_new (cli, family, &top == family ? version_entries : NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) rest = g_strdupv (argv);
  const KalonCliCommand *child;

  /* Options in front of the child's name are read here, those behind it by the child. */
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse_strv (context, &rest, &error))
    return kalon_cli_usage (family, "%s", error->message);
  if (show_version)
    {
      kalon_cli_print ("kalon-cli %s\n", KALON_VERSION);
      return KALON_CLI_DONE;
    }
  if (rest[1] == NULL && fallback != NULL)
    return fallback->run (cli, fallback, rest);
  if (rest[1] == NULL)
    return kalon_cli_usage (family, "A command is missing.");
  child = find_child (family, rest[1]);
  if (child == NULL)
    return kalon_cli_usage (family, "There is no command “%s”.", rest[1]);
  return child->run (cli, child, rest + 1);
}

static gboolean
on_signal (gpointer user_data)
{
  KalonCli *cli = user_data;

  kalon_cli_message ("Stopping. Press Ctrl-C again to stop at once.");
  /* The default action is back for the second one. */
  signal (SIGINT, SIG_DFL);
  signal (SIGTERM, SIG_DFL);
  g_cancellable_cancel (cli->cancellable);
  return G_SOURCE_CONTINUE;
}

static gpointer
run_signal_loop (gpointer data)
{
  GMainContext *context = data;

  for (;;)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

void
kalon_cli_watch_signals (KalonCli *cli)
{
  static const int numbers[] = { SIGINT, SIGTERM };
  GMainContext *context = g_main_context_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autoptr (GSource) source = g_unix_signal_source_new (numbers[i]);

      g_source_set_callback (source, on_signal, cli, NULL);
      g_source_attach (source, context);
    }
  /* The main thread computes; this one only waits for signals, until the program ends. */
  g_thread_unref (g_thread_new ("signals", run_signal_loop, context));
}

/* What the layers below have to say is a message like our own. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_WARNING))
    for (gsize i = 0; i < n_fields; i++)
      if (g_str_equal (fields[i].key, "MESSAGE"))
        {
          kalon_cli_message ("%s", (const char *) fields[i].value);
          return G_LOG_WRITER_HANDLED;
        }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
kalon_cli_take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

void
kalon_cli_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  KalonCli cli = { .cancellable = g_cancellable_new () };
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);
  KalonCliStatus status;

  /* Not LC_NUMERIC: figures on stdout are for programs too and keep their point. */
  setlocale (LC_CTYPE, "");
  setlocale (LC_MESSAGES, "");
  g_log_set_writer_func (write_log, NULL, NULL);

  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);
  cli.arguments = arguments;
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    wants_json = wants_json || g_str_equal (argv[i], "--json");
  status = kalon_cli_run_child (&cli, &top, arguments, NULL);
  kalon_cli_end_progress ();

  if (fflush (stdout) != 0 || ferror (stdout))
    {
      kalon_cli_message ("The results could not be written: %s.", g_strerror (errno));
      status = KALON_CLI_FAILED;
    }
  g_free (cli.library);
  g_free (cli.model);
  g_free (cli.device);
  g_object_unref (cli.cancellable);
  return status;
}
