/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-taste-private.h"

#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

static KalonCliStatus
print_profiles (KalonCli *cli, KalonFeedback *feedback)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = kalon_feedback_list_profiles (feedback, &error);
  g_autofree char *active = names != NULL ? kalon_feedback_dup_profile (feedback, &error) : NULL;

  if (active == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_strings (builder, "profiles", (const char *const *) names);
      kalon_cli_json_string (builder, "active", active);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  for (gsize i = 0; names[i] != NULL; i++)
    {
      kalon_cli_print_path (names[i]);
      kalon_cli_print ("%s\n", g_str_equal (names[i], active) ? " (active)" : "");
    }
  return KALON_CLI_DONE;
}

typedef gboolean (*ProfileFunc) (KalonFeedback *feedback, const char *name, GError **error);

/* @func: (nullable): with the one argument, before the profiles are printed */
static KalonCliStatus
run_with (KalonCli *cli, const KalonCliCommand *command, GStrv argv, ProfileFunc func)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, func != NULL ? 1 : 0, &arguments))
    return KALON_CLI_USAGE;
  if (func != NULL && arguments[0] == NULL)
    return kalon_cli_usage (command, "The profile's name is missing.");
  name = func != NULL ? kalon_cli_dup_words (arguments[0]) : NULL;
  feedback = kalon_cli_open_feedback (cli, &library, &error);
  if (feedback == NULL || (func != NULL && !func (feedback, name, &error)))
    return kalon_cli_fail (cli, error);
  return print_profiles (cli, feedback);
}

static KalonCliStatus
run_profiles (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_with (cli, command, argv, NULL);
}

static KalonCliStatus
run_use (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_with (cli, command, argv, kalon_feedback_set_profile);
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_with (cli, command, argv, kalon_feedback_remove_profile);
}

typedef void (*FileFunc) (KalonSearcher *searcher, const char *path, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);

static KalonCliStatus
run_file (KalonCli *cli, const KalonCliCommand *command, GStrv argv, FileFunc func,
          const char *done)
{
  g_auto (GStrv) arguments = NULL;
  g_autofree char *device = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The file is missing.");
  library = kalon_library_open (cli->library, &error);
  model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  func (searcher, arguments[0], cli->cancellable, kalon_cli_take_result, &result);
  kalon_cli_wait (&result);
  if (!kalon_searcher_profile_finish (searcher, result, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_path (builder, "path", arguments[0]);
      kalon_cli_json_string (builder, "model", model->id);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_message ("%s", done);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_export (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_file (cli, command, argv, kalon_searcher_export_profile_async,
                   "The profile is written: weights only, no query and no picture.");
}

static KalonCliStatus
run_import (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_file (cli, command, argv, kalon_searcher_import_profile_async,
                   "The active profile has the imported taste now.");
}

const KalonCliCommand kalon_taste_profiles = {
  .name = "taste profiles",
  .arguments = "",
  .summary = "List the profiles.",
  .run = run_profiles,
};

const KalonCliCommand kalon_taste_use = {
  .name = "taste use",
  .arguments = "NAME",
  .summary = "Make a profile the active one; it is made where there is none of that name.",
  .run = run_use,
};

const KalonCliCommand kalon_taste_remove = {
  .name = "taste remove",
  .arguments = "NAME",
  .summary = "Remove a profile, not the active one, with all its thumbs.",
  .run = run_remove,
};

const KalonCliCommand kalon_taste_export = {
  .name = "taste export",
  .arguments = "FILE",
  .summary = "Write what the active profile has learned for the model to a file.",
  .run = run_export,
};

const KalonCliCommand kalon_taste_import = {
  .name = "taste import",
  .arguments = "FILE",
  .summary = "Add what “taste export” wrote to the active profile.",
  .run = run_import,
};
