/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is left out of a folder, or of all: a list of patterns to add to and take from, and for a
 * folder its hidden files. What is changed is stored at once and holds from the next index run on;
 * ::changed is emitted when the window is closed then. */

#include <adwaita.h>

#include "catalogue/kalon-catalogue.h"

G_BEGIN_DECLS

#define KALON_TYPE_EXCLUDES_WINDOW (kalon_excludes_window_get_type ())
G_DECLARE_FINAL_TYPE (KalonExcludesWindow, kalon_excludes_window, KALON, EXCLUDES_WINDOW, AdwWindow)

/* @folder: (nullable): of the library; %NULL: all of them */
KalonExcludesWindow *
kalon_excludes_window_new (GtkWindow *parent, KalonCatalogue *catalogue, const char *folder);

G_END_DECLS
