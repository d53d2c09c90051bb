/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Without a keyring, and with libsecret's own encrypted file in place of one. Each in a process of
 * its own: libsecret asks only once where secrets are kept. */

#include "errors/kalon-errors.h"
#include "secrets/kalon-secrets.h"

#include <string.h>

#define SECRET "sk-secret-0123456789abcdef"

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Both ways of looking up find @secret (%NULL: none) at @place. */
static void
assert_found (const char *server, const char *secret, KalonSecretPlace place)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KalonSecretPlace found;
  char *text = kalon_secrets_lookup (server, "llm", &found, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, secret);
  g_assert_cmpint (found, ==, place);
  kalon_secret_free (text);

  kalon_secrets_lookup_async (server, "llm", NULL, on_ready, &result);
  wait_for (&result);
  text = kalon_secrets_lookup_finish (result, &found, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, secret);
  g_assert_cmpint (found, ==, place);
  kalon_secret_free (text);
}

/* A secret's life, kept at @place. */
static void
live (KalonSecretPlace place)
{
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GAsyncResult) cleared = NULL;
  g_autoptr (GError) error = NULL;
  KalonSecretPlace where;
  gboolean found;

  assert_found ("host:1", NULL, KALON_SECRET_NOWHERE);
  kalon_secrets_store ("host:1", "llm", "old", &where, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (where, ==, place);
  kalon_secrets_store_async ("host:1", "llm", SECRET, NULL, on_ready, &stored);
  wait_for (&stored);
  g_assert_true (kalon_secrets_store_finish (stored, &where, &error));
  g_assert_no_error (error);
  g_assert_cmpint (where, ==, place);
  assert_found ("host:1", SECRET, place);
  assert_found ("host:2", NULL, KALON_SECRET_NOWHERE);

  g_setenv ("KALON_LLM_KEY", "from a script", TRUE);
  assert_found ("host:1", "from a script", KALON_SECRET_ENVIRONMENT);
  g_setenv ("KALON_LLM_KEY", "", TRUE);
  assert_found ("host:1", SECRET, place);

  g_assert_true (kalon_secrets_clear ("host:2", "llm", &found, NULL, &error));
  g_assert_false (found);
  kalon_secrets_clear_async ("host:1", "llm", NULL, on_ready, &cleared);
  wait_for (&cleared);
  g_assert_true (kalon_secrets_clear_finish (cleared, &found, &error));
  g_assert_no_error (error);
  g_assert_true (found);
  assert_found ("host:1", NULL, KALON_SECRET_NOWHERE);
}

static void
test_no_keyring (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  live (KALON_SECRET_SESSION);
}

static void
test_keyring (void)
{
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }
  path = g_build_filename (g_get_user_data_dir (), "keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "word", TRUE);
  live (KALON_SECRET_KEYRING);
  /* It was there, and not as it was typed. */
  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  g_assert_null (g_strstr_len (content, length, SECRET));
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  kalon_secrets_lookup_async ("host", "llm", cancellable, on_ready, &result);
  wait_for (&result);
  g_assert_null (kalon_secrets_lookup_finish (result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("KALON_LLM_KEY");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/secrets/no-keyring", test_no_keyring);
  g_test_add_func ("/secrets/keyring", test_keyring);
  g_test_add_func ("/secrets/cancelled", test_cancelled);
  return g_test_run ();
}
