/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where the query is typed: words, and a picture as a chip. Searches as one types.
 *
 * ::leave: Return, Down, or Escape when there is nothing left to clear: the results want the focus.
 */

#include <gtk/gtk.h>

#include "search/kalon-search.h"

G_BEGIN_DECLS

#define KALON_TYPE_SEARCH_BOX (kalon_search_box_get_type ())
G_DECLARE_FINAL_TYPE (KalonSearchBox, kalon_search_box, KALON, SEARCH_BOX, GtkWidget)

void kalon_search_box_set_search (KalonSearchBox *self, KalonSearch *search);

/* Type-to-search: hands a key press that nobody wanted to the entry. */
gboolean kalon_search_box_forward_key (KalonSearchBox *self, GtkEventControllerKey *controller,
                                       guint keyval, GdkModifierType state);

/* Words, as if they were typed, but at once. */
void kalon_search_box_set_text (KalonSearchBox *self, const char *text);
/* The words and the picture go. */
void kalon_search_box_clear (KalonSearchBox *self);

G_END_DECLS
