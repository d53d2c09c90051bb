/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search/kalon-history-popover.h"
#include "search/kalon-search-box.h"

G_BEGIN_DECLS

struct _KalonSearchBox
{
  GtkWidget parent_instance;

  KalonSearch *search;
  char *shown;               /* the words that search and entry last agreed upon */
  char *heard;               /* what the entry had when it last said that it has changed */
  guint filters_id;          /* of the idle that makes tokens of filters */
  gboolean filling;          /* it is not the user who types */
  GCancellable *cancellable; /* of what is read from the clipboard */
  gboolean scroll_to_end;    /* a token came */

  KalonHistory *history; /* (nullable) */
  KalonHistoryPopover *popover;
  gboolean into_history; /* what is found gets the focus */
  GtkBox *token_place;   /* weak */
  GtkBox *menu_place;    /* weak */

  GtkBox *box;
  GtkScrolledWindow *scroller;
  GtkWidget *tokens;
  GtkBox *entry_box;
  GtkEditable *entry;
  GtkWidget *menu_button;
};

/* Search and entry agree upon these words. */
void kalon_search_box_set_shown (KalonSearchBox *self, const char *text);
/* The same, and the entry shows them. */
void kalon_search_box_show_words (KalonSearchBox *self, const char *text);

/* search-box-typed.c */

/* Searches by what is typed so far: words without terms that are not whole yet. A filter with a
 * blank behind it becomes a token. */
void kalon_search_box_follow_typing (KalonSearchBox *self);
/* What is typed is whole: terms and filters become tokens. %FALSE: there were words only. */
gboolean kalon_search_box_take_typed (KalonSearchBox *self);

/* search-box-tokens.c */

/* The tokens of the question as it is. */
void kalon_search_box_update_tokens (KalonSearchBox *self);
/* Of the token at @position; the entry when there is none. */
void kalon_search_box_focus_token (KalonSearchBox *self, int position);
int kalon_search_box_get_n_tokens (KalonSearchBox *self);

/* search-box-pictures.c: dropped and pasted. */
void kalon_search_box_init_pictures (KalonSearchBox *self);

/* search-box-history.c */
void kalon_search_box_init_history (KalonSearchBox *self);
/* %FALSE: it was not shown. */
gboolean kalon_search_box_hide_history (KalonSearchBox *self);
/* The focus goes to the earlier searches; where there are none, to the results. */
void kalon_search_box_enter_history (KalonSearchBox *self);
/* Other words are typed: while the earlier searches are shown, those that have them. */
void kalon_search_box_follow_history (KalonSearchBox *self);
void kalon_search_box_clear_history (KalonSearchBox *self);

/* search-box-actions.c: the menu. */
void kalon_search_box_add_actions (KalonSearchBox *self);

G_END_DECLS
