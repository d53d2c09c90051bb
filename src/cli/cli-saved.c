/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-history-private.h"
#include "cli-search-private.h"

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_list_saved (cli, command, argv);
}

static KalonCliStatus
print_saved (KalonCli *cli, KalonHistory *history, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHistoryEntry) entry = kalon_history_get_saved (history, name, &error);

  if (entry == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      json_builder_set_member_name (builder, "saved");
      kalon_cli_json_search (builder, entry);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print_search (entry);
  return KALON_CLI_DONE;
}

typedef struct
{
  GStrv likes;
  GStrv unlikes;
  GStrv also;
  GStrv nots;
  char *filter;
  char *strictness;
} AddOptions;

static void
add_options_clear (AddOptions *options)
{
  g_strfreev (options->likes);
  g_strfreev (options->unlikes);
  g_strfreev (options->also);
  g_strfreev (options->nots);
  g_free (options->filter);
  g_free (options->strictness);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

/* (transfer full) (nullable): %NULL after a message. */
static KalonQuestion *
build_question (const KalonCliCommand *command, const AddOptions *options, GStrv words)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autofree char *typed = g_strjoinv (" ", words);
  g_autofree char *text = kalon_cli_dup_words (typed);
  g_autofree char *filter_text
      = kalon_cli_dup_words (options->filter != NULL ? options->filter : "");
  g_autoptr (KalonFilter) filter = NULL;
  g_autofree char *canonical = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *terms = kalon_query_get_terms (query);

  if (!g_utf8_validate (text, -1, NULL))
    {
      kalon_cli_usage (command, "The words are not valid UTF-8.");
      return NULL;
    }
  if (options->strictness != NULL
      && !kalon_cli_parse_strictness (options->strictness, &question->strictness))
    {
      kalon_cli_usage (command, "--strictness %s is not between 0 and 100, nor “model”.",
                       options->strictness);
      return NULL;
    }
  filter = kalon_filter_parse (filter_text, NULL, &error);
  if (filter == NULL)
    {
      kalon_cli_usage (command, "--filter: %s", error->message);
      return NULL;
    }
  if (!kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->also, 1)
      || !kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->likes, 1)
      || !kalon_cli_add_terms (query, command, KALON_TERM_PICTURE, options->unlikes, -1)
      || !kalon_cli_add_terms (query, command, KALON_TERM_TEXT, options->nots, -1))
    return NULL;
  for (guint i = 0; i < terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (terms, i);

      kalon_question_add_term (question, term->kind, term->value, term->weight);
    }
  canonical = kalon_filter_to_string (filter);
  kalon_question_set_filter (question, canonical);
  kalon_question_set_text (question, text);
  return g_steal_pointer (&question);
}

static KalonCliStatus
run_add (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (AddOptions) options = { 0 };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonQuestion) question = NULL;
  g_autoptr (KalonHistory) history = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "like", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.likes, "As of “search”",
      "[WEIGHT:]FILE" },
    { "unlike", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.unlikes, "As of “search”",
      "[WEIGHT:]FILE" },
    { "also", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.also, "As of “search”", "[WEIGHT:]TEXT" },
    { "not", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.nots, "As of “search”", "[WEIGHT:]TEXT" },
    { "filter", 0, 0, G_OPTION_ARG_FILENAME, &options.filter, "As of “search”", "FILTER" },
    { "strictness", 0, 0, G_OPTION_ARG_STRING, &options.strictness, "As of “search” (model)",
      "0-100" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The name of the search is missing.");
  question = build_question (command, &options, arguments + 1);
  if (question == NULL)
    return KALON_CLI_USAGE;
  name = kalon_cli_dup_words (arguments[0]);
  history = kalon_history_new (cli->library);
  if (!kalon_history_save (history, name, question, &error))
    return kalon_cli_fail (cli, error);
  return print_saved (cli, history, name);
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonHistory) history = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The name of the search is missing.");
  name = kalon_cli_dup_words (arguments[0]);
  history = kalon_history_new (cli->library);
  if (!kalon_history_remove_saved (history, name, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "removed", name);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_DONE;
}

/* "search" is given what it would be asked with. */
static KalonCliStatus
run_run (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_auto (GStrv) of_search = NULL;
  g_auto (GStrv) whole = NULL;
  g_autoptr (KalonHistory) history = NULL;
  g_autoptr (KalonHistoryEntry) entry = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *name = NULL, *limit = NULL, *ranking = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_STRING, &limit, "As of “search”", "N" },
    { "ranking", 0, 0, G_OPTION_ARG_STRING, &ranking, "As of “search”", "NAME" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The name of the search is missing.");
  name = kalon_cli_dup_words (arguments[0]);
  history = kalon_history_new (cli->library);
  entry = kalon_history_get_saved (history, name, &error);
  if (entry == NULL)
    return kalon_cli_fail (cli, error);
  of_search = kalon_cli_question_to_arguments (entry->question);
  g_strv_builder_add (builder, "search");
  if (limit != NULL)
    g_strv_builder_add_many (builder, "--limit", limit, NULL);
  if (ranking != NULL)
    g_strv_builder_add_many (builder, "--ranking", ranking, NULL);
  g_strv_builder_addv (builder, (const char **) of_search);
  whole = g_strv_builder_end (builder);
  return kalon_cli_search.run (cli, &kalon_cli_search, whole);
}

static const KalonCliCommand list_command = {
  .name = "saved list",
  .arguments = "[TEXT]",
  .summary = "List the saved searches.",
  .run = run_list,
};

static const KalonCliCommand add_command = {
  .name = "saved add",
  .arguments = "NAME [QUERY]",
  .summary = "Save a search under a name, or replace the one of that name.",
  .run = run_add,
};

static const KalonCliCommand remove_command = {
  .name = "saved remove",
  .arguments = "NAME",
  .summary = "Remove a saved search.",
  .run = run_remove,
};

static const KalonCliCommand run_command = {
  .name = "saved run",
  .arguments = "NAME",
  .summary = "Search by a saved search.",
  .run = run_run,
};

static const KalonCliCommand *const children[]
    = { &list_command, &add_command, &remove_command, &run_command, NULL };

static KalonCliStatus
run_saved (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &list_command);
}

const KalonCliCommand kalon_cli_saved = {
  .name = "saved",
  .arguments = "COMMAND",
  .summary = "Searches that were saved under names.",
  .run = run_saved,
  .children = children,
};
