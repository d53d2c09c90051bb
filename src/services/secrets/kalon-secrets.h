/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Keys of servers, in the user's keyring (libsecret: the Secret Service, or inside Flatpak an
 * encrypted file by the Secret portal). Never in settings, logs, errors or arguments.
 *
 * A secret is named by its server ("host" or "host:port") and its purpose ("llm"). The environment
 * variable KALON_PURPOSE_KEY (KALON_LLM_KEY), when not empty, comes before everything, for any
 * server: for scripts. Where there is no keyring, a secret is kept in memory until the program
 * ends.
 *
 * All functions may be called from any thread. The blocking ones may wait for the user to unlock
 * the keyring; a window takes the asynchronous ones.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KalonSecretPlace:
 * @KALON_SECRET_KEYRING: kept for the next time
 * @KALON_SECRET_SESSION: in this program's memory: there is no keyring. Say so
 * @KALON_SECRET_ENVIRONMENT: given by the script that runs this program
 */
typedef enum
{
  KALON_SECRET_NOWHERE,
  KALON_SECRET_KEYRING,
  KALON_SECRET_SESSION,
  KALON_SECRET_ENVIRONMENT,
} KalonSecretPlace;

/**
 * kalon_secrets_lookup:
 * @place: (out) (optional): where it was found
 *
 * Returns: (transfer full) (nullable): the secret, to be freed with kalon_secret_free(); %NULL
 * without an error when there is none, also when that is for lack of a keyring
 */
char *kalon_secrets_lookup (const char *server, const char *purpose, KalonSecretPlace *place,
                            GCancellable *cancellable, GError **error);
void kalon_secrets_lookup_async (const char *server, const char *purpose, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
char *kalon_secrets_lookup_finish (GAsyncResult *result, KalonSecretPlace *place, GError **error);

/**
 * kalon_secrets_store:
 * @place: (out) (optional): %KALON_SECRET_KEYRING, or %KALON_SECRET_SESSION when there is no
 * keyring
 *
 * Takes the place of an older secret of the same name. A keyring that is there but refuses is an
 * error.
 */
gboolean kalon_secrets_store (const char *server, const char *purpose, const char *secret,
                              KalonSecretPlace *place, GCancellable *cancellable, GError **error);
void kalon_secrets_store_async (const char *server, const char *purpose, const char *secret,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean kalon_secrets_store_finish (GAsyncResult *result, KalonSecretPlace *place, GError **error);

/**
 * kalon_secrets_clear:
 * @found: (out) (optional): whether there was one
 */
gboolean kalon_secrets_clear (const char *server, const char *purpose, gboolean *found,
                              GCancellable *cancellable, GError **error);
void kalon_secrets_clear_async (const char *server, const char *purpose, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_secrets_clear_finish (GAsyncResult *result, gboolean *found, GError **error);

/* Overwrites the text before it is freed. @secret: (nullable) (transfer full) */
void kalon_secret_free (char *secret);

G_END_DECLS
