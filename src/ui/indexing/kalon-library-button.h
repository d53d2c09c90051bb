/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The library behind one menu button: folders, how much is indexed, the run under way with pause
 * and stop, and the files that could not be read. It asks the window by actions: win.add-folder,
 * win.rescan, win.show-failures, win.remove-folder (ay).
 */

#include <gtk/gtk.h>

#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"

G_BEGIN_DECLS

#define KALON_TYPE_LIBRARY_BUTTON (kalon_library_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonLibraryButton, kalon_library_button, KALON, LIBRARY_BUTTON, GtkWidget)

/* Once. */
void kalon_library_button_set_indexing (KalonLibraryButton *self, KalonIndexing *indexing);
void kalon_library_button_set_state (KalonLibraryButton *self, const KalonCatalogueState *state);

void kalon_library_button_popup (KalonLibraryButton *self);

G_END_DECLS
