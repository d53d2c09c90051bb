/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "compare/kalon-compare-page.h"
#include "compare/kalon-compare-pane.h"
#include "compare/kalon-contest.h"
#include "compare/kalon-row-judge.h"
#include "judgements/kalon-judgements.h"

G_BEGIN_DECLS

/*
 * Three things are called by number here. A *side* is one of the contest's two rankings; a *place*
 * is left (0) or right (1), and @order says which side stands there; a *pane* is a widget: where
 * there are both, the one of that place, and else the first shows the place at hand.
 */
struct _KalonComparePage
{
  GtkWidget parent_instance;

  KalonSession *session;
  KalonSearch *search;
  KalonContest *contest;
  KalonResultsModel *models[2]; /* of the panes */
  GCancellable *cancellable;

  gboolean flip;   /* is wanted */
  gboolean narrow; /* there is no room but for it */
  guint width_id;  /* of the idle that follows @narrow */
  guint place;     /* that is shown, while one is */
  guint order[2];  /* side of each place */

  gboolean blind;
  gboolean revealed;       /* what is on screen was judged */
  KalonRanking *frozen[2]; /* (nullable): by place: what is being judged */
  char *frozen_query;      /* (nullable): and for which query */

  gint64 hovered; /* a picture; 0: none */
  guint hovered_pane;
  gint64 selected;
  guint selected_pane;
  gboolean scrolling;     /* one pane follows the other */
  gboolean scroll_wanted; /* the other has to catch up with it */
  guint leader;           /* pane that was scrolled last */
  gboolean allocating;
  gboolean awaits_focus; /* the focus was for pictures that are on their way */

  GtkNativeDialog *chooser; /* while it is open */
  const char *ending;       /* of what is exported through it */

  GtkStack *stack;
  AdwStatusPage *message_page;
  GtkWidget *search_button;
  GtkWidget *bar;
  GtkWidget *mode_box;
  GtkToggleButton *both_button;
  GtkToggleButton *flip_button;
  GtkToggleButton *blind_button;
  GtkDropDown *top_drop_down;
  GtkLabel *overlap_label;
  GtkWidget *legend_label;
  GtkWidget *flip_bar;
  GtkToggleButton *place_buttons[2];
  GtkWidget *panes_box;
  KalonComparePane *panes[2];
  KalonRowJudge *row_judge;
  GtkWidget *blind_bar;
  GtkStack *blind_stack;
  GtkLabel *verdict_label;
  GtkLabel *tally_label;
};

/* One pane is shown. */
gboolean kalon_compare_page_is_single (KalonComparePage *self);
/* What would tell which ranking is which must not show. */
gboolean kalon_compare_page_hides (KalonComparePage *self);
guint kalon_compare_page_get_place (KalonComparePage *self, guint pane);
/* (nullable): what stands there. */
KalonRanking *kalon_compare_page_get_ranking (KalonComparePage *self, guint place);
/* (transfer full): what it is called on the page: "Left" while that must do. */
char *kalon_compare_page_dup_title (KalonComparePage *self, guint place);
guint kalon_compare_page_get_k (KalonComparePage *self);

/* compare-page-show.c: everything shown follows from contest, search and mode. */
void kalon_compare_page_update (KalonComparePage *self);

/* compare-page-actions.c: what can be done, and its keys. */
void kalon_compare_page_install_actions (GtkWidgetClass *widget_class);

/* compare-page-link.c: scrolling, hover and selection of two panes as one; judging rows. */
void kalon_compare_page_connect_panes (KalonComparePage *self);
void kalon_compare_page_update_link (KalonComparePage *self);
void kalon_compare_page_update_rows (KalonComparePage *self);

/* compare-page-blind.c */
/* Before an update: another query is another round; what is complete is held on to. */
void kalon_compare_page_follow_round (KalonComparePage *self);
void kalon_compare_page_set_blind (KalonComparePage *self, gboolean blind);
void kalon_compare_page_answer (KalonComparePage *self, KalonPreferred preferred);
void kalon_compare_page_update_blind (KalonComparePage *self);

/* compare-page-export.c */
void kalon_compare_page_export (KalonComparePage *self, const char *ending);
void kalon_compare_page_export_judgements (KalonComparePage *self);

G_END_DECLS
