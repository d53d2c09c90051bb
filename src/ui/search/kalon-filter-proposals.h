/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Filters that the words typed seem to ask for, each as a button that adds it to the search. Those
 * that the search has already are not proposed.
 *
 * ::leave: the last one was pressed; the focus may go elsewhere.
 */

#include <gtk/gtk.h>

#include "search/kalon-search.h"

G_BEGIN_DECLS

#define KALON_TYPE_FILTER_PROPOSALS (kalon_filter_proposals_get_type ())
G_DECLARE_FINAL_TYPE (KalonFilterProposals, kalon_filter_proposals, KALON, FILTER_PROPOSALS,
                      GtkWidget)

/* Once. */
void kalon_filter_proposals_set_sources (KalonFilterProposals *self, KalonSearch *search,
                                         KalonWords *words);

G_END_DECLS
