/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Profiles of taste: which is active, and making, renaming, exporting, importing, emptying and
 * removing one. Main thread.
 *
 * Actions, for menus: "profile.new", "profile.rename", "profile.export", "profile.import",
 * "profile.reset", "profile.remove".
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_PROFILE_PANEL (kalon_profile_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonProfilePanel, kalon_profile_panel, KALON, PROFILE_PANEL,
                      AdwPreferencesGroup)

/* Once. */
void kalon_profile_panel_set_session (KalonProfilePanel *self, KalonSession *session);

void kalon_profile_panel_set_state (KalonProfilePanel *self, const KalonThumbsState *state);
/* @report: (nullable): %NULL while it is not known what the profile has */
void kalon_profile_panel_set_report (KalonProfilePanel *self, const KalonTasteReport *report);

G_END_DECLS
