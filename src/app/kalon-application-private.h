/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kalon-application.h"
#include "kalon-search-provider.h"
#include "session/kalon-session.h"
#include "window/kalon-window.h"

G_BEGIN_DECLS

/* (transfer none): made when there is none. */
KalonSession *kalon_application_get_session (KalonApplication *self);
KalonWindow *kalon_application_get_window (KalonApplication *self);

/* application-entrances.c: what leads to the window from outside. */

/* Actions of the application: of its desktop file, its notifications, and for “--search”. */
void kalon_application_add_entrances (KalonApplication *self);
void
kalon_application_follow_search_provider (KalonApplication *self, KalonSearchProvider *provider);

/* application-notify.c: tells the end of a long job to who does not look at the window. Another of
 * the same @id takes its place. */
#define KALON_NOTIFICATION_INDEXED "indexed"
void kalon_application_notify (KalonApplication *self, const char *id, const char *title,
                               const char *body);
/* Takes them back when @window is looked at. */
void kalon_application_withdraw_when_active (GtkWindow *window);

G_END_DECLS
