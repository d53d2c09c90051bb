/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One part of a question as a token: its words or its picture, its weight where it is not 1, and a
 * button that takes it away. Pressed, it opens a popover in which the part can be changed.
 *
 * ::changed (const char *value, double weight): the user changed the term; see KalonTerm.
 * ::edit: the clause was pressed.
 * ::remove (gboolean backwards): it is to go; @backwards: by Backspace, or not.
 * ::go (int step): an arrow key: the focus goes to the next token (1), or the one before (-1).
 */

#include <gtk/gtk.h>

#include "filter/kalon-filter.h"
#include "question/kalon-question.h"

G_BEGIN_DECLS

#define KALON_TYPE_QUERY_TOKEN (kalon_query_token_get_type ())
G_DECLARE_FINAL_TYPE (KalonQueryToken, kalon_query_token, KALON, QUERY_TOKEN, GtkWidget)

GtkWidget *kalon_query_token_new (void);

/* Copied. */
void kalon_query_token_set_term (KalonQueryToken *self, const KalonTerm *term);
/* It is a clause of the filter; pressed, it is to be edited as text. */
void kalon_query_token_set_clause (KalonQueryToken *self, const KalonFilterClause *clause);

G_END_DECLS
