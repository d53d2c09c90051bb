/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"
#include "llm/kalon-llm-private.h"
#include "settings/kalon-settings.h"

#include <string.h>

static void
set_server (GSettings *settings, const char *dialect, const char *url)
{
  g_settings_set_string (settings, KALON_SETTING_LLM_DIALECT, dialect);
  g_settings_set_string (settings, KALON_SETTING_LLM_URL, url);
  g_settings_set_string (settings, KALON_SETTING_LLM_MODEL, "small");
}

static void
test_addresses (void)
{
  static const struct
  {
    KalonLlmDialect dialect;
    const char *url;
    const char *base;
    const char *host;
    gboolean local;
  } good[] = {
    { KALON_LLM_OPENAI, "http://127.0.0.1:8080", "http://127.0.0.1:8080/v1", "127.0.0.1:8080",
      TRUE },
    { KALON_LLM_OPENAI, "https://Host.example/v1/", "https://host.example/v1", "host.example",
      FALSE },
    { KALON_LLM_OPENAI, "https://h.example/api/v1beta/openai",
      "https://h.example/api/v1beta/openai", "h.example", FALSE },
    { KALON_LLM_OPENAI, "https://h.example:443/v1/chat/completions", "https://h.example/v1",
      "h.example", FALSE },
    { KALON_LLM_OLLAMA, "http://localhost:11434/", "http://localhost:11434/api", "localhost:11434",
      TRUE },
    { KALON_LLM_OLLAMA, "http://192.168.1.2:11434/api", "http://192.168.1.2:11434/api",
      "192.168.1.2:11434", FALSE },
    { KALON_LLM_OLLAMA, "http://[::1]:11434", "http://[::1]:11434/api", "[::1]:11434", TRUE },
    { KALON_LLM_OLLAMA, "http://[fd00::1]", "http://[fd00::1]/api", "[fd00::1]", FALSE },
    { KALON_LLM_OLLAMA, "http://nas.local", "http://nas.local/api", "nas.local", FALSE },
    { KALON_LLM_ANTHROPIC, "https://h.example", "https://h.example/v1", "h.example", FALSE },
    { KALON_LLM_ANTHROPIC, "https://h.example/anthropic", "https://h.example/anthropic/v1",
      "h.example", FALSE },
  };
  static const char *const bad[] = {
    "",
    "host",
    "host:80",
    "ftp://host/",
    "file:///etc/passwd",
    "http://",
    "https:///v1",
    "https://a b/v1",
    "https://a%20b/v1",
    "https://a%2fb/v1",
    "https://a%0ab/v1",
    "http://host.example/v1",
    "http://8.8.8.8",
    "http://[2001:db8::1]/",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example/",
    "https://user:word@host/v1",
    "https://host/v1?key=word",
    "https://host/#a",
    "http://169.254.example",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonLlm) llm
          = kalon_llm_new (NULL, good[i].dialect, good[i].url, "m", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (llm->base, ==, good[i].base);
      g_assert_cmpstr (kalon_llm_get_host (llm), ==, good[i].host);
      g_assert_true (kalon_llm_is_local (llm) == good[i].local);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_llm_new (NULL, KALON_LLM_OPENAI, bad[i], "m", NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_assert_null (strstr (error->message, "word"));
    }
}

/* A key must not be able to add headers, and is never repeated. */
static void
test_keys (void)
{
  static const char *const bad[] = { "", "abc def", "abcdef\r\nX-Other: 1", "abcdéf" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          kalon_llm_new (NULL, KALON_LLM_OPENAI, "http://127.0.0.1", "m", bad[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_assert_null (strstr (error->message, "abc"));
    }
}

static void
test_none (void)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_llm_new_from_settings (settings, NULL, &error));
  g_assert_no_error (error);
  set_server (settings, "openai", "nowhere");
  g_assert_null (kalon_llm_new_from_settings (settings, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  set_server (settings, "", "");
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static KalonLlm *
make (GSettings *settings, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) cause = NULL;
  KalonLlm *llm = kalon_llm_new_from_settings (settings, NULL, error);
  g_autoptr (KalonLlm) other = NULL;

  /* Both ways come to the same. */
  kalon_llm_new_from_settings_async (settings, NULL, NULL, on_made, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  other = kalon_llm_new_from_settings_finish (result, &cause);
  g_assert_true ((llm == NULL) == (other == NULL));
  g_assert_true (error == NULL || (*error == NULL) == (cause == NULL));
  if (llm != NULL)
    {
      g_assert_cmpstr (llm->id, ==, other->id);
      g_assert_cmpstr (llm->key, ==, other->key);
    }
  return llm;
}

/* Nothing is made that could send text to a host which was not allowed. */
static void
test_consent (void)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (KalonLlmChoice) choice = NULL;
  g_autoptr (GError) error = NULL;

  set_server (settings, "anthropic", "https://h.example:8443");
  g_assert_null (make (settings, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_nonnull (strstr (error->message, "h.example:8443"));
  g_clear_error (&error);
  choice = kalon_llm_dup_choice (settings, &error);
  g_assert_no_error (error);
  g_assert_false (choice->allowed);
  g_assert_false (choice->local);

  /* Another host, or another port of it, says nothing. */
  g_setenv ("KALON_LLM_ALLOW", "h.example", TRUE);
  kalon_llm_allow_host (settings, "other.example");
  g_assert_null (make (settings, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);

  g_setenv ("KALON_LLM_ALLOW", "h.example:8443", TRUE);
  llm = make (settings, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kalon_llm_get_id (llm), ==, "anthropic|h.example:8443|small");
  g_assert_finalize_object (g_steal_pointer (&llm));
  g_unsetenv ("KALON_LLM_ALLOW");

  kalon_llm_allow_host (settings, "h.example:8443");
  kalon_llm_allow_host (settings, "h.example:8443");
  llm = make (settings, &error);
  g_assert_no_error (error);
  g_assert_nonnull (llm);
  {
    g_auto (GStrv) hosts = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);

    g_assert_cmpuint (g_strv_length (hosts), ==, 2);
  }
  g_clear_object (&llm);
  kalon_llm_forget_host (settings, "h.example:8443");
  kalon_llm_forget_host (settings, "never.example");
  g_assert_null (make (settings, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  {
    g_auto (GStrv) hosts = g_settings_get_strv (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);

    g_assert_cmpstr (hosts[0], ==, "other.example");
    g_assert_null (hosts[1]);
  }
  g_settings_reset (settings, KALON_SETTING_LLM_ALLOWED_HOSTS);
  set_server (settings, "", "");
}

static void
test_environment (void)
{
  g_autoptr (GSettings) settings = kalon_settings_new ();
  g_autoptr (KalonLlm) llm = NULL;
  g_autoptr (GError) error = NULL;

  set_server (settings, "anthropic", "https://h.example");
  g_setenv ("KALON_LLM_DIALECT", "ollama", TRUE);
  g_setenv ("KALON_LLM_URL", "http://localhost:11434", TRUE);
  g_setenv ("KALON_LLM_MODEL", "", TRUE);
  g_setenv ("KALON_LLM_KEY", "sk-env", TRUE);
  llm = make (settings, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kalon_llm_get_id (llm), ==, "ollama|localhost:11434|small");
  g_assert_cmpstr (llm->key, ==, "sk-env");
  g_setenv ("KALON_LLM_DIALECT", "klingon", TRUE);
  g_assert_null (make (settings, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_unsetenv ("KALON_LLM_DIALECT");
  g_unsetenv ("KALON_LLM_URL");
  g_unsetenv ("KALON_LLM_MODEL");
  g_unsetenv ("KALON_LLM_KEY");
  set_server (settings, "", "");
}

int
main (int argc, char **argv)
{
  static const char *const variables[] = { "KALON_LLM_DIALECT", "KALON_LLM_URL", "KALON_LLM_MODEL",
                                           "KALON_LLM_KEY", "KALON_LLM_ALLOW" };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_unsetenv (variables[i]);
  /* Nobody's keyring is asked. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/llm-settings/addresses", test_addresses);
  g_test_add_func ("/llm-settings/keys", test_keys);
  g_test_add_func ("/llm-settings/none", test_none);
  g_test_add_func ("/llm-settings/consent", test_consent);
  g_test_add_func ("/llm-settings/environment", test_environment);
  return g_test_run ();
}
