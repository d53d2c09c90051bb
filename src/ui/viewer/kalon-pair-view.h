/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page that shows two pictures beside each other: zoomed and panned as one, unless the link is
 * taken off; swapped; or in the same place, one after the other, to see what differs. Their details
 * are beside each other, too.
 *
 * ::closed: back to where one came from.
 */

#include "catalogue/kalon-catalogue.h"
#include "results/kalon-results-model.h"

G_BEGIN_DECLS

#define KALON_TYPE_PAIR_VIEW (kalon_pair_view_get_type ())
G_DECLARE_FINAL_TYPE (KalonPairView, kalon_pair_view, KALON, PAIR_VIEW, GtkWidget)

/* Once. @model: for what the results say of the two, where they are among them */
void kalon_pair_view_set_sources (KalonPairView *self, KalonCatalogue *catalogue,
                                  KalonResultsModel *model);

/* Ids of pictures. */
void kalon_pair_view_open (KalonPairView *self, gint64 first, gint64 second);
/* Stops loading and gives the memory back. */
void kalon_pair_view_close (KalonPairView *self);

G_END_DECLS
