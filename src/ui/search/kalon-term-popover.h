/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A term of a question, to be changed: how much it counts, whether pictures are to be like it or
 * not, and of words which they are.
 *
 * ::changed: the user changed the term. ::remove: it is to go.
 */

#include <gtk/gtk.h>

#include "question/kalon-question.h"

G_BEGIN_DECLS

#define KALON_TYPE_TERM_POPOVER (kalon_term_popover_get_type ())
G_DECLARE_FINAL_TYPE (KalonTermPopover, kalon_term_popover, KALON, TERM_POPOVER, GtkPopover)

/* Copied; without ::changed. */
void kalon_term_popover_set_term (KalonTermPopover *self, const KalonTerm *term);

/* (transfer none) */
const char *kalon_term_popover_get_value (KalonTermPopover *self);
float kalon_term_popover_get_weight (KalonTermPopover *self);

G_END_DECLS
