/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secrets/kalon-secrets-private.h"

#include "secrets/kalon-secrets.h"

static GMutex mutex;
static GHashTable *secrets; /* "purpose server" -> text */

static char *
dup_name (const char *server, const char *purpose)
{
  return g_strdup_printf ("%s %s", purpose, server);
}

char *
kalon_session_secret_dup (const char *server, const char *purpose)
{
  g_autofree char *name = dup_name (server, purpose);
  char *secret = NULL;

  g_mutex_lock (&mutex);
  if (secrets != NULL)
    secret = g_strdup (g_hash_table_lookup (secrets, name));
  g_mutex_unlock (&mutex);
  return secret;
}

gboolean
kalon_session_secret_set (const char *server, const char *purpose, const char *secret)
{
  g_autofree char *name = dup_name (server, purpose);
  gboolean found;

  g_mutex_lock (&mutex);
  if (secrets == NULL)
    secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                     (GDestroyNotify) kalon_secret_free);
  found = g_hash_table_remove (secrets, name);
  if (secret != NULL)
    g_hash_table_insert (secrets, g_steal_pointer (&name), g_strdup (secret));
  g_mutex_unlock (&mutex);
  return found;
}
