/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A question about two rows: 1, 2, or can't tell. It has the focus itself while it is asked, so
 * that no answer is given by chance. Main thread.
 *
 * ::answered (guint choice): a KalonLabelChoice
 */

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  KALON_LABEL_CHOICE_NONE,
  KALON_LABEL_CHOICE_FIRST,
  KALON_LABEL_CHOICE_SECOND,
  KALON_LABEL_CHOICE_CANNOT_TELL,
} KalonLabelChoice;

#define KALON_TYPE_LABEL_QUESTION (kalon_label_question_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelQuestion, kalon_label_question, KALON, LABEL_QUESTION, GtkWidget)

void kalon_label_question_set_text (KalonLabelQuestion *self, const char *text);
/* What a screen reader says after the question. */
void kalon_label_question_set_context (KalonLabelQuestion *self, const char *context);
void kalon_label_question_set_choice (KalonLabelQuestion *self, KalonLabelChoice choice);
KalonLabelChoice kalon_label_question_get_choice (KalonLabelQuestion *self);
/* It is the one at hand. */
void kalon_label_question_set_asked (KalonLabelQuestion *self, gboolean asked);

G_END_DECLS
