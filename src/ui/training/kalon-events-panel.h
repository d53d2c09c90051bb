/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The thumbs of the active profile, newest first, and forgetting: one of them, those for a query,
 * or all of a picture. Main thread.
 *
 * Actions, with targets: "events.forget" (x: a thumb's id), "events.forget-query" (s),
 * "events.forget-picture" (s: its content hash), "events.open" (x: a picture's id).
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_EVENTS_PANEL (kalon_events_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonEventsPanel, kalon_events_panel, KALON, EVENTS_PANEL, GtkWidget)

/* Once. */
void kalon_events_panel_set_session (KalonEventsPanel *self, KalonSession *session);

/* @report: (nullable): which of them were learned from, once that is known; the list keeps its
 * place where it can. */
void kalon_events_panel_set_events (KalonEventsPanel *self, const KalonThumbsState *state,
                                    const KalonTasteReport *report);
void kalon_events_panel_set_problem (KalonEventsPanel *self, const char *problem);

/* (transfer none): KalonEventItem: those that are shown. */
GListModel *kalon_events_panel_get_model (KalonEventsPanel *self);

G_END_DECLS
