/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Lays out two widgets of one size: beside each other where it is wide, one below the other where
 * it is high, or both in the same place, one of them to be seen. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_PAIR_AREA (kalon_pair_area_get_type ())
G_DECLARE_FINAL_TYPE (KalonPairArea, kalon_pair_area, KALON, PAIR_AREA, GtkWidget)

/* Once; in that order. */
void kalon_pair_area_set_children (KalonPairArea *self, GtkWidget *first, GtkWidget *second);
void kalon_pair_area_swap (KalonPairArea *self);
/* In the same place. */
void kalon_pair_area_set_stacked (KalonPairArea *self, gboolean stacked);
gboolean kalon_pair_area_get_stacked (KalonPairArea *self);
/* Which of the two is seen while they are stacked: the first or the second. */
void kalon_pair_area_show_second (KalonPairArea *self, gboolean second);
gboolean kalon_pair_area_shows_second (KalonPairArea *self);

G_END_DECLS
