/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Labelling: a query, two rows of pictures, and three questions about them, one item after the
 * other. Nothing tells which system a row is of. Every item's answers are stored before the next
 * one is shown. Main thread.
 *
 * ::paused: the user wants to leave; ::finished: there is nothing more to ask. The session is let
 * go of before both.
 * ::message (const char *text)
 */

#include "label/kalon-label-question.h"
#include "label/kalon-label-strip.h"
#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_VIEW (kalon_label_view_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelView, kalon_label_view, KALON, LABEL_VIEW, GtkWidget)

/* Emits ::finished at once when all is answered. */
void kalon_label_view_begin (KalonLabelView *self, KalonLabelSession *session);
/* Gives the pictures' memory back; answers that were begun are stored. */
void kalon_label_view_end (KalonLabelView *self);

G_END_DECLS
