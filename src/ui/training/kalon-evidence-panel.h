/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Reports that are kept in the library (report/): which there are, the charts and main figures of
 * the selected one; its page in the browser, a copy of it, its end. Read anew each time that the
 * panel comes into view. Main thread.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_EVIDENCE_PANEL (kalon_evidence_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonEvidencePanel, kalon_evidence_panel, KALON, EVIDENCE_PANEL,
                      AdwPreferencesGroup)

/* Once. */
void kalon_evidence_panel_set_session (KalonEvidencePanel *self, KalonSession *session);

G_END_DECLS
