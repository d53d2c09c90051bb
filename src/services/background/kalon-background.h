/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Asks the desktop whether the application may go on without a window, and be started at login, by
 * the portal org.freedesktop.portal.Background (version 1 on;
 * flatpak.github.io/xdg-desktop-portal). The desktop may ask the user. Main loop.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * kalon_background_request_async:
 * @bus: (nullable): the session bus; without one there is no portal
 * @reason: shown to the user
 * @autostart: whether to start @command at login; %FALSE ends that
 * @command: %NULL-terminated
 */
void kalon_background_request_async (GDBusConnection *bus, const char *reason, gboolean autostart,
                                     const char *const *command, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);

/**
 * kalon_background_request_finish:
 * @autostart: (out) (optional): whether it is started at login
 *
 * Errors: G_IO_ERROR_NOT_SUPPORTED: this desktop has no such portal;
 * G_IO_ERROR_PERMISSION_DENIED: the user or the desktop refused.
 */
gboolean
kalon_background_request_finish (GAsyncResult *result, gboolean *autostart, GError **error);

G_END_DECLS
