/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The preferences: a page for each subject. What is changed is in use at once; what takes long goes
 * on when the window is closed.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_PREFERENCES (kalon_preferences_get_type ())
G_DECLARE_FINAL_TYPE (KalonPreferences, kalon_preferences, KALON, PREFERENCES, AdwPreferencesWindow)

/* @parent: (nullable). A page's name (adw_preferences_window_set_visible_page_name()) is that of
 * its file: "search", "models", "looks", "rephrasing", "privacy". */
KalonPreferences *kalon_preferences_new (KalonSession *session, GtkWindow *parent);

G_END_DECLS
