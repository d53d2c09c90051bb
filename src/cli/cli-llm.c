/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-llm-private.h"

#include "errors/kalon-errors.h"
#include "secrets/kalon-secrets.h"
#include "settings/kalon-settings.h"

static const char *
get_place_name (KalonSecretPlace place)
{
  switch (place)
    {
    case KALON_SECRET_KEYRING:
      return "keyring";
    case KALON_SECRET_ENVIRONMENT:
      return "environment";
    case KALON_SECRET_SESSION:
      return "session";
    case KALON_SECRET_NOWHERE:
    default:
      return "none";
    }
}

static void
print_choice (KalonCli *cli, const KalonLlmChoice *choice, KalonSecretPlace place)
{
  const char *dialect = kalon_llm_dialect_get_name (choice->dialect);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "dialect", dialect);
      kalon_cli_json_string (builder, "url", choice->url);
      kalon_cli_json_string (builder, "model", choice->model);
      kalon_cli_json_string (builder, "host", choice->host);
      kalon_cli_json_boolean (builder, "local", choice->local);
      kalon_cli_json_boolean (builder, "allowed", choice->allowed);
      kalon_cli_json_string (builder, "key", get_place_name (place));
      kalon_cli_json_print (builder);
      return;
    }
  kalon_cli_print ("dialect      %s\n", dialect);
  kalon_cli_print ("address      %s\n", choice->url);
  kalon_cli_print ("model        %s\n", choice->model);
  kalon_cli_print ("host         %s, %s\n", choice->host,
                   choice->local     ? "on this machine"
                   : choice->allowed ? "allowed to get what you type"
                                     : "not allowed to get what you type");
  kalon_cli_print ("key          %s\n", get_place_name (place));
}

/* Says that nothing is configured. Returns: done */
static KalonCliStatus
print_nothing (KalonCli *cli)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "dialect", NULL);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_message ("No language-model server is configured; see “kalon-cli llm set --help”.");
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_show (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (KalonLlmChoice) choice = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonSecretPlace place;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  choice = kalon_llm_dup_choice (settings, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  if (choice == NULL)
    return print_nothing (cli);
  kalon_secret_free (
      kalon_secrets_lookup (choice->host, KALON_LLM_SECRET, &place, cli->cancellable, &error));
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  print_choice (cli, choice, place);
  return KALON_CLI_DONE;
}

/* Writes what is not %NULL, all of it or nothing. */
static gboolean
change_settings (GSettings *settings, const char *dialect, const char *url, const char *model,
                 GError **error)
{
  if (!kalon_settings_are_kept (settings))
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                           "Settings cannot be kept on this system (there is no dconf): set "
                           "KALON_LLM_DIALECT, KALON_LLM_URL and KALON_LLM_MODEL instead.");
      return FALSE;
    }
  if (dialect != NULL)
    g_settings_set_string (settings, KALON_SETTING_LLM_DIALECT, dialect);
  if (url != NULL)
    g_settings_set_string (settings, KALON_SETTING_LLM_URL, url);
  if (model != NULL)
    g_settings_set_string (settings, KALON_SETTING_LLM_MODEL, model);
  g_settings_sync ();
  return TRUE;
}

static KalonCliStatus
run_set (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autofree char *dialect = NULL;
  g_autofree char *url = NULL;
  g_autofree char *model = NULL; /* --model, which is every command's option */
  gboolean allow = FALSE;
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (KalonLlmChoice) choice = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonLlmDialect parsed;
  const GOptionEntry entries[] = {
    { "dialect", 0, 0, G_OPTION_ARG_FILENAME, &dialect, "“openai”, “ollama” or “anthropic”",
      "NAME" },
    { "url", 0, 0, G_OPTION_ARG_FILENAME, &url,
      "The server's address: https://host/v1, http://127.0.0.1:11434", "URL" },
    { "allow", 0, 0, G_OPTION_ARG_NONE, &allow, "What you type may be sent to that host", NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  if (dialect != NULL && !kalon_llm_dialect_from_name (dialect, &parsed))
    return kalon_cli_usage (command, "--dialect is “openai”, “ollama” or “anthropic”.");

  /* What is left out stays as it is; together it must be a server. */
  if (dialect == NULL)
    dialect = g_settings_get_string (settings, KALON_SETTING_LLM_DIALECT);
  if (url == NULL)
    url = g_settings_get_string (settings, KALON_SETTING_LLM_URL);
  if (cli->model != NULL)
    model = g_strdup (cli->model);
  else
    model = g_settings_get_string (settings, KALON_SETTING_LLM_MODEL);
  if (dialect[0] == '\0' || url[0] == '\0' || model[0] == '\0')
    return kalon_cli_usage (command, "--dialect, --url and --model are needed the first time.");
  kalon_llm_dialect_from_name (dialect, &parsed);
  llm = kalon_llm_new (NULL, parsed, url, model, NULL, &error);
  if (llm == NULL || !change_settings (settings, dialect, url, model, &error))
    return kalon_cli_fail (cli, error);
  if (allow && !kalon_llm_is_local (llm))
    {
      kalon_llm_allow_host (settings, kalon_llm_get_host (llm));
      g_settings_sync ();
    }
  return run_show (cli, command, (char *[]){ argv[0], NULL });
}

static KalonCliStatus
run_unset (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  if (!change_settings (settings, "", "", "", &error))
    return kalon_cli_fail (cli, error);
  g_settings_reset (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_settings_sync ();
  return print_nothing (cli);
}

static const KalonCliCommand show_command = {
  .name = "llm show",
  .arguments = "",
  .summary = "Print which server is configured, and where its key is.",
  .run = run_show,
};

static const KalonCliCommand set_command = {
  .name = "llm set",
  .arguments = "",
  .summary = "Configure a server.",
  .details = "--model is here the model's name on the server. What is left out stays as it is.\n"
             "Nothing is sent to a host that is not this machine before it has been allowed.\n"
             "The key, if the server wants one, goes by “kalon-cli llm key”.",
  .run = run_set,
};

static const KalonCliCommand unset_command = {
  .name = "llm unset",
  .arguments = "",
  .summary = "Configure no server, and forget which hosts were allowed.",
  .details = "The key stays in the keyring; “kalon-cli llm key --remove” takes it out.",
  .run = run_unset,
};

static const KalonCliCommand *const children[] = {
  &show_command,         &set_command,        &unset_command, &kalon_cli_llm_key,
  &kalon_cli_llm_models, &kalon_cli_llm_test, NULL,
};

static KalonCliStatus
run_llm (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_llm = {
  .name = "llm",
  .arguments = "COMMAND",
  .summary = "Choose and try the language-model server.",
  .run = run_llm,
  .children = children,
};
