/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where one asks: a token for each term of the question and each clause of its filter, then the
 * entry for words. Searches as one types. What kalon_question_read_typed() makes a term of becomes
 * a token at Return, a filter also when a blank follows; pictures are dropped and pasted.
 *
 * Down, and a press into the empty entry, show saved and earlier searches.
 *
 * ::leave: Return, Down where there are none, or Escape when there is nothing left to clear: the
 * results want the focus.
 * ::message (const char *text): something could not be done.
 */

#include <gtk/gtk.h>

#include "search/kalon-search.h"

G_BEGIN_DECLS

#define KALON_TYPE_SEARCH_BOX (kalon_search_box_get_type ())
G_DECLARE_FINAL_TYPE (KalonSearchBox, kalon_search_box, KALON, SEARCH_BOX, GtkWidget)

/* Once. */
void kalon_search_box_set_search (KalonSearchBox *self, KalonSearch *search);

/* Whose searches are offered, and where they are saved. Once. */
void kalon_search_box_set_history (KalonSearchBox *self, KalonHistory *history);
/* The saved and earlier ones that have the words typed in them, if there are any. */
void kalon_search_box_show_history (KalonSearchBox *self);
/* Asks for a name to save what is asked under. */
void kalon_search_box_save (KalonSearchBox *self);

/* Where the tokens and the menu stand when there is no room for them beside the entry. Once. */
void kalon_search_box_set_places (KalonSearchBox *self, GtkBox *tokens, GtkBox *menu);
/* Whether that is so. */
void kalon_search_box_set_narrow (KalonSearchBox *self, gboolean narrow);

/* Type-to-search: hands a key press that nobody wanted to the entry. */
gboolean kalon_search_box_forward_key (KalonSearchBox *self, GtkEventControllerKey *controller,
                                       guint keyval, GdkModifierType state);

/* The words get the focus, all selected: what is typed next takes their place. */
void kalon_search_box_select_words (KalonSearchBox *self);
/* Words, as if they were typed, but at once. */
void kalon_search_box_set_text (KalonSearchBox *self, const char *text);
/* Nothing is asked any more. */
void kalon_search_box_clear (KalonSearchBox *self);

/* The clipboard has a picture, or files: they are searched by, too. %FALSE: it has not. */
gboolean kalon_search_box_paste (KalonSearchBox *self);
/* So are those of @files that are pictures. %FALSE: none of them is. */
gboolean kalon_search_box_add_files (KalonSearchBox *self, GdkFileList *files);

G_END_DECLS
