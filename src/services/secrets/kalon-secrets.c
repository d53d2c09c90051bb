/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secrets/kalon-secrets.h"

#include "config.h"

#include "secrets/kalon-secrets-private.h"

#include <libsecret/secret.h>
#include <string.h>

typedef struct
{
  char *server;
  char *purpose;
  char *secret; /* (nullable): to store */
  KalonSecretPlace place;
  gboolean found;
} Job;

static const SecretSchema schema = {
  KALON_APPLICATION_ID,
  SECRET_SCHEMA_NONE,
  {
      { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "purpose", SECRET_SCHEMA_ATTRIBUTE_STRING },
  },
};

static Job *
job_new (const char *server, const char *purpose, const char *secret)
{
  Job *job = g_new0 (Job, 1);

  job->server = g_strdup (server);
  job->purpose = g_strdup (purpose);
  job->secret = g_strdup (secret);
  return job;
}

static void
job_free (Job *job)
{
  g_free (job->server);
  g_free (job->purpose);
  kalon_secret_free (job->secret);
  g_free (job);
}

/* Whether @error says that no keyring is there, rather than that it refused: no session bus, or
 * nobody on it to start. */
static gboolean
is_absence (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    switch (error->code)
      {
      case G_IO_ERROR_FAILED: /* no bus, and none can be started */
      case G_IO_ERROR_NOT_FOUND:
      case G_IO_ERROR_NOT_SUPPORTED:
      case G_IO_ERROR_INVALID_ARGUMENT: /* a bus address that is none */
      case G_IO_ERROR_CONNECTION_REFUSED:
      case G_IO_ERROR_CONNECTION_CLOSED:
      case G_IO_ERROR_CLOSED:
        return TRUE;
      default:
        return FALSE;
      }
  if (error->domain == G_SPAWN_ERROR)
    return TRUE;
  if (error->domain != G_DBUS_ERROR)
    return FALSE;
  switch (error->code)
    {
    case G_DBUS_ERROR_SERVICE_UNKNOWN:
    case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
    case G_DBUS_ERROR_NO_SERVER:
    case G_DBUS_ERROR_DISCONNECTED:
    case G_DBUS_ERROR_FILE_NOT_FOUND:
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED:
    case G_DBUS_ERROR_SPAWN_FORK_FAILED:
    case G_DBUS_ERROR_SPAWN_CHILD_EXITED:
    case G_DBUS_ERROR_SPAWN_CHILD_SIGNALED:
    case G_DBUS_ERROR_SPAWN_FAILED:
    case G_DBUS_ERROR_SPAWN_SETUP_FAILED:
    case G_DBUS_ERROR_SPAWN_CONFIG_INVALID:
    case G_DBUS_ERROR_SPAWN_SERVICE_INVALID:
    case G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND:
    case G_DBUS_ERROR_SPAWN_PERMISSIONS_INVALID:
    case G_DBUS_ERROR_SPAWN_FILE_INVALID:
      return TRUE;
    default:
      return FALSE;
    }
}

/* What libsecret says is kept: it tells of the keyring, never of a secret. */
static void
propagate (GError **error, GError *cause, const char *what)
{
  g_propagate_error (error, cause);
  if (!g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (error, "The keyring did not %s: ", what);
}

void
kalon_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

char *
kalon_secrets_lookup (const char *server, const char *purpose, KalonSecretPlace *place,
                      GCancellable *cancellable, GError **error)
{
  g_autofree char *upper = g_ascii_strup (purpose, -1);
  g_autofree char *variable = g_strdup_printf ("KALON_%s_KEY", upper);
  const char *given = g_getenv (variable);
  KalonSecretPlace where = KALON_SECRET_NOWHERE;
  g_autoptr (GError) cause = NULL;
  char *secret = NULL;
  char *kept;

  if (given != NULL && given[0] != '\0')
    {
      secret = g_strdup (given);
      where = KALON_SECRET_ENVIRONMENT;
    }
  else if ((secret = kalon_session_secret_dup (server, purpose)) != NULL)
    where = KALON_SECRET_SESSION;
  else if ((kept = secret_password_lookup_sync (&schema, cancellable, &cause, "server", server,
                                                "purpose", purpose, NULL))
           != NULL)
    {
      secret = g_strdup (kept);
      secret_password_free (kept);
      where = KALON_SECRET_KEYRING;
    }
  if (place != NULL)
    *place = where;
  if (cause != NULL && !is_absence (cause))
    propagate (error, g_steal_pointer (&cause), "give the key");
  return secret;
}

gboolean
kalon_secrets_store (const char *server, const char *purpose, const char *secret,
                     KalonSecretPlace *place, GCancellable *cancellable, GError **error)
{
  g_autofree char *label = g_strdup_printf ("Kalon: key for %s", server);
  g_autoptr (GError) cause = NULL;
  gboolean kept
      = secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, secret, cancellable,
                                    &cause, "server", server, "purpose", purpose, NULL);

  if (!kept && !is_absence (cause))
    {
      propagate (error, g_steal_pointer (&cause), "take the key");
      return FALSE;
    }
  kalon_session_secret_set (server, purpose, kept ? NULL : secret);
  if (place != NULL)
    *place = kept ? KALON_SECRET_KEYRING : KALON_SECRET_SESSION;
  return TRUE;
}

gboolean
kalon_secrets_clear (const char *server, const char *purpose, gboolean *found,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean in_session = kalon_session_secret_set (server, purpose, NULL);
  gboolean in_keyring = secret_password_clear_sync (&schema, cancellable, &cause, "server", server,
                                                    "purpose", purpose, NULL);

  if (cause != NULL && !is_absence (cause))
    {
      propagate (error, g_steal_pointer (&cause), "remove the key");
      return FALSE;
    }
  if (found != NULL)
    *found = in_session || in_keyring;
  return TRUE;
}

/* The asynchronous ones are the blocking ones in a thread. */

static void
run_job (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data, gpointer tag,
         Job *job, GTaskThreadFunc run)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, run);
}

static void
lookup_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  char *secret = kalon_secrets_lookup (job->server, job->purpose, &job->place, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) kalon_secret_free);
}

static void
store_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (kalon_secrets_store (job->server, job->purpose, job->secret, &job->place, cancellable,
                           &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
clear_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (kalon_secrets_clear (job->server, job->purpose, &job->found, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_secrets_lookup_async (const char *server, const char *purpose, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  run_job (cancellable, callback, user_data, kalon_secrets_lookup_async,
           job_new (server, purpose, NULL), lookup_thread);
}

char *
kalon_secrets_lookup_finish (GAsyncResult *result, KalonSecretPlace *place, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_secrets_lookup_async), NULL);

  if (place != NULL)
    *place = ((Job *) g_task_get_task_data (G_TASK (result)))->place;
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kalon_secrets_store_async (const char *server, const char *purpose, const char *secret,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  run_job (cancellable, callback, user_data, kalon_secrets_store_async,
           job_new (server, purpose, secret), store_thread);
}

gboolean
kalon_secrets_store_finish (GAsyncResult *result, KalonSecretPlace *place, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_secrets_store_async), FALSE);

  if (place != NULL)
    *place = ((Job *) g_task_get_task_data (G_TASK (result)))->place;
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kalon_secrets_clear_async (const char *server, const char *purpose, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  run_job (cancellable, callback, user_data, kalon_secrets_clear_async,
           job_new (server, purpose, NULL), clear_thread);
}

gboolean
kalon_secrets_clear_finish (GAsyncResult *result, gboolean *found, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, kalon_secrets_clear_async), FALSE);

  if (found != NULL)
    *found = ((Job *) g_task_get_task_data (G_TASK (result)))->found;
  return g_task_propagate_boolean (G_TASK (result), error);
}
