/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The library behind one menu button: its folders, each with its state, how much is indexed, the
 * files that could not be read, and what follows the folders by itself. It asks the window by
 * actions: win.add-folder, win.rescan, win.show-failures, win.edit-excludes (ay), and those of
 * KalonFolderRow.
 */

#include <gtk/gtk.h>

#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-watching.h"

G_BEGIN_DECLS

#define KALON_TYPE_LIBRARY_BUTTON (kalon_library_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonLibraryButton, kalon_library_button, KALON, LIBRARY_BUTTON, GtkWidget)

/* Once. @watching: (nullable): nothing is watched, whatever the settings say. */
void kalon_library_button_set_sources (KalonLibraryButton *self, GSettings *settings,
                                       KalonWatching *watching);
/* @leaving: (element-type filename): set of the folders that are about to leave the library */
void kalon_library_button_set_state (KalonLibraryButton *self, const KalonCatalogueState *state,
                                     GHashTable *leaving);
/* @problem: (nullable): why indexing in the background cannot be switched on */
void kalon_library_button_set_background_problem (KalonLibraryButton *self, const char *problem);

void kalon_library_button_popup (KalonLibraryButton *self);

G_END_DECLS
