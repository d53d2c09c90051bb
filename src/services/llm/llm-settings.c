/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "llm/kalon-llm-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "secrets/kalon-secrets.h"
#include "settings/kalon-settings.h"

#include <string.h>

typedef struct
{
  KalonLlmChoice *choice;
  SoupSession *session; /* (nullable) */
} Setup;

static void
setup_free (Setup *setup)
{
  kalon_llm_choice_free (setup->choice);
  g_clear_object (&setup->session);
  g_free (setup);
}

void
kalon_llm_choice_free (KalonLlmChoice *choice)
{
  g_free (choice->url);
  g_free (choice->model);
  g_free (choice->host);
  g_free (choice);
}

/* The variable when it is set to something, otherwise the setting. */
static char *
dup_value (GSettings *settings, const char *key, const char *variable)
{
  const char *value = g_getenv (variable);

  if (value != NULL && value[0] != '\0')
    return g_strdup (value);
  return g_settings_get_string (settings, key);
}

static gboolean
is_remembered (GSettings *settings, const char *host)
{
  g_auto (GStrv) allowed = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);

  return g_strv_contains ((const char *const *) allowed, host);
}

KalonLlmChoice *
kalon_llm_dup_choice (GSettings *settings, GError **error)
{
  g_autofree char *name = dup_value (settings, KALON_SETTING_LLM_DIALECT, "KALON_LLM_DIALECT");
  g_autoptr (KalonLlmChoice) choice = g_new0 (KalonLlmChoice, 1);
  const char *consent = g_getenv ("KALON_LLM_ALLOW");
  g_autoptr (GUri) uri = NULL;

  if (name[0] == '\0')
    return NULL;
  if (!kalon_llm_dialect_from_name (name, &choice->dialect))
    {
      g_autofree char *quoted = kalon_input_quote (name);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no dialect “%s”: take “openai”, “ollama” or “anthropic”.", quoted);
      return NULL;
    }
  choice->url = dup_value (settings, KALON_SETTING_LLM_URL, "KALON_LLM_URL");
  choice->model = dup_value (settings, KALON_SETTING_LLM_MODEL, "KALON_LLM_MODEL");
  uri = kalon_llm_parse_url (choice->url, &choice->host, &choice->local, error);
  if (uri == NULL)
    return NULL;
  choice->allowed = choice->local || g_strcmp0 (consent, choice->host) == 0
                    || is_remembered (settings, choice->host);
  return g_steal_pointer (&choice);
}

void
kalon_llm_allow_host (GSettings *settings, const char *host)
{
  g_auto (GStrv) allowed = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  if (g_strv_contains ((const char *const *) allowed, host))
    return;
  g_strv_builder_addv (hosts, (const char **) allowed);
  g_strv_builder_add (hosts, host);
  all = g_strv_builder_end (hosts);
  g_settings_set_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS, (const char *const *) all);
}

void
kalon_llm_forget_host (GSettings *settings, const char *host)
{
  g_auto (GStrv) allowed = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  g_auto (GStrv) left = NULL;

  for (char **name = allowed; *name != NULL; name++)
    if (!g_str_equal (*name, host))
      g_strv_builder_add (hosts, *name);
  left = g_strv_builder_end (hosts);
  g_settings_set_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS, (const char *const *) left);
}

/* The choice, when text may be sent there. */
static KalonLlmChoice *
dup_allowed_choice (GSettings *settings, GError **error)
{
  g_autoptr (KalonLlmChoice) choice = kalon_llm_dup_choice (settings, error);

  if (choice != NULL && !choice->allowed)
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
          "Nothing is sent to %s, which you have not allowed yet: allow it in the settings, "
          "with “kalon-cli llm set --allow”, or for a script with KALON_LLM_ALLOW=%s.",
          choice->host, choice->host);
      return NULL;
    }
  return g_steal_pointer (&choice);
}

/* Takes @key. */
static KalonLlm *
new_with_key (const KalonLlmChoice *choice, SoupSession *session, char *key, GError **error)
{
  KalonLlm *llm = kalon_llm_new (session, choice->dialect, choice->url, choice->model, key, error);

  kalon_secret_free (key);
  return llm;
}

KalonLlm *
kalon_llm_new_from_settings (GSettings *settings, SoupSession *session, GError **error)
{
  g_autoptr (KalonLlmChoice) choice = dup_allowed_choice (settings, error);
  g_autoptr (GError) cause = NULL;
  char *key;

  if (choice == NULL)
    return NULL;
  key = kalon_secrets_lookup (choice->host, KALON_LLM_SECRET, NULL, NULL, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  return new_with_key (choice, session, key, error);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Setup *setup = g_task_get_task_data (task);
  GError *error = NULL;
  char *key = kalon_secrets_lookup_finish (result, NULL, &error);
  KalonLlm *llm = NULL;

  if (error == NULL)
    llm = new_with_key (setup->choice, setup->session, key, &error);
  if (llm != NULL)
    g_task_return_pointer (task, llm, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
kalon_llm_new_from_settings_async (GSettings *settings, SoupSession *session,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (KalonLlmChoice) choice = NULL;
  GError *error = NULL;
  const char *host;
  Setup *setup;

  g_task_set_source_tag (task, kalon_llm_new_from_settings_async);
  choice = dup_allowed_choice (settings, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (choice == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  setup = g_new0 (Setup, 1);
  host = choice->host;
  setup->choice = g_steal_pointer (&choice);
  setup->session = session != NULL ? g_object_ref (session) : NULL;
  g_task_set_task_data (task, setup, (GDestroyNotify) setup_free);
  kalon_secrets_lookup_async (host, KALON_LLM_SECRET, cancellable, on_looked_up,
                              g_steal_pointer (&task));
}

KalonLlm *
kalon_llm_new_from_settings_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_llm_new_from_settings_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
