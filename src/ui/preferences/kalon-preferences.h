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

/* Names of pages. */
#define KALON_PREFERENCES_SEARCH "search"
#define KALON_PREFERENCES_MODELS "models"
#define KALON_PREFERENCES_LOOKS "looks"
#define KALON_PREFERENCES_DEVICE "device"
#define KALON_PREFERENCES_REPHRASING "rephrasing"
#define KALON_PREFERENCES_PRIVACY "privacy"

/* @parent: (nullable) */
KalonPreferences *kalon_preferences_new (KalonSession *session, GtkWindow *parent);
void kalon_preferences_show (KalonPreferences *self, const char *page);

G_END_DECLS
