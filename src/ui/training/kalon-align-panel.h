/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Alignment by ranked DPO from the window: for which queries, which adapter; the run and what came
 * of it; the adapter that the profile has. Main thread.
 *
 * Actions: "align.start", "align.stop", "align.choose-file", "align.remove-adapter".
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_ALIGN_PANEL (kalon_align_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonAlignPanel, kalon_align_panel, KALON, ALIGN_PANEL, AdwPreferencesGroup)

/* Once. */
void kalon_align_panel_set_session (KalonAlignPanel *self, KalonSession *session);

/* @report: (nullable): %NULL while it is not known what the profile has */
void kalon_align_panel_set_report (KalonAlignPanel *self, const KalonTasteReport *report);

/* One a line, as the file that "align" reads. */
void kalon_align_panel_set_file (KalonAlignPanel *self, const char *path);

G_END_DECLS
