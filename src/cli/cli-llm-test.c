/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-llm-private.h"

#include "settings/kalon-settings.h"

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The result of the operation that was started with on_ready() and @result. */
static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* The server that is configured and allowed; %NULL after a message. */
static KalonLlm *
open_server (KalonCli *cli, const KalonCliCommand *command, GStrv argv, KalonCliStatus *status)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonLlm *llm;

  *status = KALON_CLI_USAGE;
  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return NULL;
  kalon_cli_watch_signals (cli);
  llm = kalon_llm_new_from_settings (settings, NULL, &error);
  if (error != NULL)
    *status = kalon_cli_fail (cli, error);
  else if (llm == NULL)
    kalon_cli_usage (command, "First configure a server with “llm set”.");
  return llm;
}

static KalonCliStatus
run_models (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  KalonCliStatus status;

  llm = open_server (cli, command, argv, &status);
  if (llm == NULL)
    return status;
  kalon_llm_list_models_async (llm, cli->cancellable, on_ready, &result);
  names = kalon_llm_list_models_finish (llm, wait_for (&result), &error);
  if (names == NULL)
    return kalon_cli_fail (cli, error);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "host", kalon_llm_get_host (llm));
      kalon_cli_json_strings (builder, "models", (const char *const *) names);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  for (gsize i = 0; names[i] != NULL; i++)
    {
      kalon_cli_print_path (names[i]);
      kalon_cli_print ("\n");
    }
  if (names[0] == NULL)
    kalon_cli_message ("%s has no model.", kalon_llm_get_host (llm));
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_test (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;
  KalonCliStatus status;
  double seconds;

  llm = open_server (cli, command, argv, &status);
  if (llm == NULL)
    return status;
  kalon_llm_try_async (llm, cli->cancellable, on_ready, &result);
  answer = kalon_llm_try_finish (llm, wait_for (&result), &seconds, &error);
  if (answer == NULL)
    return kalon_cli_fail (cli, error);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "host", kalon_llm_get_host (llm));
      kalon_cli_json_string (builder, "model", kalon_llm_get_model (llm));
      kalon_cli_json_number (builder, "seconds", seconds);
      kalon_cli_json_string (builder, "answer", answer);
      kalon_cli_json_print (builder);
      return KALON_CLI_DONE;
    }
  kalon_cli_print ("host         %s\n", kalon_llm_get_host (llm));
  kalon_cli_print ("model        %s\n", kalon_llm_get_model (llm));
  kalon_cli_print ("seconds      %.2f\n", seconds);
  kalon_cli_print ("answer       ");
  kalon_cli_print_path (answer);
  kalon_cli_print ("\n");
  return KALON_CLI_DONE;
}

const KalonCliCommand kalon_cli_llm_models = {
  .name = "llm models",
  .arguments = "",
  .summary = "Print the models that the server has.",
  .run = run_models,
};

const KalonCliCommand kalon_cli_llm_test = {
  .name = "llm test",
  .arguments = "",
  .summary = "Ask the server something small, and print its answer and the time.",
  .details = "What is sent is always the same sentence, and nothing of yours.",
  .run = run_test,
};
