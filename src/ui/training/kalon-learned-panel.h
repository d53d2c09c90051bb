/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the thumbs of the active profile have taught, in words and as charts. Main thread.
 *
 * ::search: the user wants to search, to give thumbs.
 */

#include <adwaita.h>

#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

#define KALON_TYPE_LEARNED_PANEL (kalon_learned_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonLearnedPanel, kalon_learned_panel, KALON, LEARNED_PANEL, GtkWidget)

/* Before the first report it says that it loads. */
void kalon_learned_panel_set_report (KalonLearnedPanel *self, const KalonTasteReport *report);
void kalon_learned_panel_set_problem (KalonLearnedPanel *self, const char *problem);

G_END_DECLS
