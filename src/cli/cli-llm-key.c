/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-llm-private.h"

#include "errors/kalon-errors.h"
#include "secrets/kalon-secrets.h"
#include "settings/kalon-settings.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A line of standard input, without what ends it. Byte by byte into the caller's memory, so that no
 * stream's buffer keeps the key. */
static gboolean
read_line (char *line, gsize size, GError **error)
{
  gsize n = 0;

  for (;;)
    {
      char c;
      ssize_t got = read (STDIN_FILENO, &c, 1);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0 || c == '\n')
        break;
      if (n + 1 >= size)
        {
          g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                               "What came on standard input is too long for a key.");
          return FALSE;
        }
      line[n++] = c;
    }
  line[n] = '\0';
  g_strstrip (line);
  if (line[0] == '\0')
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                           "No key came on standard input: type it, or write “kalon-cli llm key < "
                           "FILE”.");
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_key (const char *host, char *key, gsize size, GError **error)
{
  struct termios before, silent;
  gboolean terminal = tcgetattr (STDIN_FILENO, &before) == 0;
  gboolean read;

  if (terminal)
    {
      silent = before;
      /* As getpass() does: Ctrl-C would leave the terminal without an echo. */
      silent.c_lflag &= ~(tcflag_t) (ECHO | ISIG);
      kalon_cli_message ("The key for %s (it is not shown; an empty line stops):", host);
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
    }
  read = read_line (key, size, error);
  if (terminal)
    tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  return read;
}

static gboolean
store_key (const KalonLlmChoice *choice, GCancellable *cancellable, GError **error)
{
  char key[4097];
  KalonSecretPlace place = KALON_SECRET_NOWHERE;
  g_autoptr (KalonLlm) llm = NULL;
  gboolean stored;

  /* The client knows what a key may look like. */
  stored = read_key (choice->host, key, sizeof key, error)
           && (llm = kalon_llm_new (NULL, choice->dialect, choice->url, choice->model, key, error))
                  != NULL
           && kalon_secrets_store (choice->host, KALON_LLM_SECRET, key, &place, cancellable, error);
  explicit_bzero (key, sizeof key);
  if (stored && place != KALON_SECRET_KEYRING)
    {
      kalon_secrets_clear (choice->host, KALON_LLM_SECRET, NULL, NULL, NULL);
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                           "There is no keyring (Secret Service) to keep the key in: start one, or "
                           "give the key in the environment as KALON_LLM_KEY.");
      return FALSE;
    }
  return stored;
}

static KalonCliStatus
run_key (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (KalonLlmChoice) choice = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean remove = FALSE, found = FALSE;
  const GOptionEntry entries[] = {
    { "remove", 0, 0, G_OPTION_ARG_NONE, &remove, "Take the key out of the keyring", NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  choice = kalon_llm_dup_choice (settings, &error);
  if (error != NULL)
    return kalon_cli_fail (cli, error);
  if (choice == NULL)
    return kalon_cli_usage (&kalon_cli_llm_key, "First configure a server with “llm set”.");
  if (remove
          ? !kalon_secrets_clear (choice->host, KALON_LLM_SECRET, &found, cli->cancellable, &error)
          : !store_key (choice, cli->cancellable, &error))
    return kalon_cli_fail (cli, error);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "host", choice->host);
      kalon_cli_json_boolean (builder, remove ? "removed" : "stored", remove ? found : TRUE);
      kalon_cli_json_print (builder);
    }
  else if (!remove)
    kalon_cli_print ("the key for %s is in the keyring\n", choice->host);
  else if (found)
    kalon_cli_print ("the key for %s is removed\n", choice->host);
  else
    kalon_cli_message ("There was no key for %s.", choice->host);
  return KALON_CLI_DONE;
}

const KalonCliCommand kalon_cli_llm_key = {
  .name = "llm key",
  .arguments = "",
  .summary = "Keep the server's key, from standard input, in the keyring.",
  .details = "It is never an argument, where others on this machine could read it. Scripts may set "
             "KALON_LLM_KEY\ninstead.",
  .run = run_key,
};
