/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page that shows one picture of a results model at a time: zoom, pan, turn, next and previous,
 * details, full screen. The neighbours are loaded ahead.
 *
 * ::closed: back to the grid. ::more-like-this (const char *path). ::thumb (gboolean liked): the
 * picture's thumb was pressed.
 */

#include "catalogue/kalon-catalogue.h"
#include "results/kalon-results-model.h"

G_BEGIN_DECLS

#define KALON_TYPE_VIEWER (kalon_viewer_get_type ())
G_DECLARE_FINAL_TYPE (KalonViewer, kalon_viewer, KALON, VIEWER, GtkWidget)

/* Once. The "show-details" property is for GSettings to bind. */
void
kalon_viewer_set_sources (KalonViewer *self, KalonCatalogue *catalogue, KalonResultsModel *model);

/* Other pictures than those of kalon_viewer_set_sources(), while it is closed. */
void kalon_viewer_set_model (KalonViewer *self, KalonResultsModel *model);
KalonResultsModel *kalon_viewer_get_model (KalonViewer *self);

/* Whose changes are followed. Once. */
void kalon_viewer_set_thumbs (KalonViewer *self, KalonThumbs *thumbs);

void kalon_viewer_open (KalonViewer *self, guint position);
/* Stops loading and gives the textures back. */
void kalon_viewer_close (KalonViewer *self);

/* The next one when the shown one is in the results no more; closed when there is none. */
void kalon_viewer_skip_gone (KalonViewer *self);

/* Where the shown picture is now; %FALSE when it is in the results no more. */
gboolean kalon_viewer_get_position (KalonViewer *self, guint *position);

G_END_DECLS
