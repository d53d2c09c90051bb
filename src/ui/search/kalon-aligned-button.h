/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The switch between the two rankings of a query, and beside it a menu button with the weights of
 * the aligned one.
 */

#include <gtk/gtk.h>

#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

#define KALON_TYPE_ALIGNED_BUTTON (kalon_aligned_button_get_type ())
G_DECLARE_FINAL_TYPE (KalonAlignedButton, kalon_aligned_button, KALON, ALIGNED_BUTTON, GtkWidget)

/* Properties "aligned", "aesthetic-weight" and "taste-weight", for binding to KalonSearch's. */

/**
 * kalon_taste_to_text:
 *
 * Returns: (transfer full): what the taste in @results' aligned ranking comes from: "Taste from 14
 *   thumbs; 71 % right on unseen ones", or that there is none and how it comes.
 */
char *kalon_taste_to_text (const KalonResults *results);

/* The icon alone, where there is little room. */
void kalon_aligned_button_set_narrow (KalonAlignedButton *self, gboolean narrow);

/* Without the switch, where both rankings are shown. */
void kalon_aligned_button_set_both (KalonAlignedButton *self, gboolean both);

/* Below the slider of the taste. */
void kalon_aligned_button_set_taste (KalonAlignedButton *self, const char *text);

G_END_DECLS
