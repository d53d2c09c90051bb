/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The pictures that taste raises and lowers most. Hidden while there is none. Main thread. */

#include <adwaita.h>

#include "results/kalon-thumbnail-queue.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

#define KALON_TYPE_SHIFTS_PANEL (kalon_shifts_panel_get_type ())
G_DECLARE_FINAL_TYPE (KalonShiftsPanel, kalon_shifts_panel, KALON, SHIFTS_PANEL,
                      AdwPreferencesGroup)

/* @report: (nullable) */
void kalon_shifts_panel_set_report (KalonShiftsPanel *self, const KalonTasteReport *report,
                                    KalonThumbnailQueue *thumbnails);

G_END_DECLS
