/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Which pictures of a results model are selected: any number of them. The selection is the
 * pictures', not the positions': it goes with them when they change their order, when some come or
 * go, and ends with another query. A hundred thousand selected pictures cost their ids; no item is
 * made for them. Main thread.
 */

#include "results/kalon-results-model.h"

G_BEGIN_DECLS

#define KALON_TYPE_PICTURE_SELECTION (kalon_picture_selection_get_type ())
G_DECLARE_FINAL_TYPE (KalonPictureSelection, kalon_picture_selection, KALON, PICTURE_SELECTION,
                      GObject)

/* A GtkSelectionModel over @model. */
KalonPictureSelection *kalon_picture_selection_new (void);
/* Once. */
void kalon_picture_selection_set_model (KalonPictureSelection *self, KalonResultsModel *model);

guint kalon_picture_selection_get_n (KalonPictureSelection *self);
/* Position of the first one; %GTK_INVALID_LIST_POSITION when there is none. */
guint kalon_picture_selection_get_first (KalonPictureSelection *self);
/* (transfer full) (element-type gint64): ids, in the order shown. */
GArray *kalon_picture_selection_list (KalonPictureSelection *self);

G_END_DECLS
