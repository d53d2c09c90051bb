/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page that compares two rankings of what is searched for: beside each other, scrolled as one,
 * a picture that is looked at marked in both; or one after the other in the same cells (flip); or
 * without telling which is which (blind), to be judged honestly. Below a width of
 * %KALON_COMPARE_NARROW it flips.
 *
 * While blind, what stands on the screen does not change until it was judged, whatever comes in,
 * and nothing that differs between rankings but their order is told.
 *
 * ::opened (KalonResultsModel *model, guint position): a picture was activated.
 * ::thumb (KalonResultItem *item, GArray *shown, gboolean liked): its thumb was pressed; the ids of
 *   what was shown with it.
 * ::row-judged (GArray *better, GArray *worse): ids of two rows of which one was said to be better.
 * ::more-like-this (const char *path). ::not-like-this (const char *path).
 * ::exported (const char *path).
 * ::message (const char *text): something failed.
 * ::search: other words are wanted.
 */

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_COMPARE_NARROW 700

#define KALON_TYPE_COMPARE_PAGE (kalon_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (KalonComparePage, kalon_compare_page, KALON, COMPARE_PAGE, GtkWidget)

/* Once. */
void kalon_compare_page_set_session (KalonComparePage *self, KalonSession *session);

/* Where the picture is that was opened last; gives it selection and focus. */
void
kalon_compare_page_return_to (KalonComparePage *self, KalonResultsModel *model, guint position);

G_END_DECLS
