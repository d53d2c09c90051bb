/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The line that shows which words are searched for beside those typed, as they grow, and who wrote
 * them. A press makes it an entry for one's own; they can be pinned for the next queries, and
 * rephrasing can be turned off. A failure is told here, with a retry.
 */

#include <gtk/gtk.h>

#include "search/kalon-words.h"

G_BEGIN_DECLS

#define KALON_TYPE_WORDS_LINE (kalon_words_line_get_type ())
G_DECLARE_FINAL_TYPE (KalonWordsLine, kalon_words_line, KALON, WORDS_LINE, GtkWidget)

/* Once. */
void kalon_words_line_set_words (KalonWordsLine *self, KalonWords *words);

/* Leaves out who wrote them, where there is little room; the tooltip still tells. */
void kalon_words_line_set_narrow (KalonWordsLine *self, gboolean narrow);

/* Takes the focus, with the words for editing; nothing when there are none. */
void kalon_words_line_edit (KalonWordsLine *self);

G_END_DECLS
