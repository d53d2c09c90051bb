/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Secrets that no keyring takes: in this process only, wiped when they are replaced or cleared. */

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable) */
char *kalon_session_secret_dup (const char *server, const char *purpose);
/* @secret: (nullable): %NULL takes it out. Returns: whether there was one. */
gboolean kalon_session_secret_set (const char *server, const char *purpose, const char *secret);

G_END_DECLS
