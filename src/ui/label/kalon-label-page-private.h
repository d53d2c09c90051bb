/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "label/kalon-label-page.h"
#include "label/kalon-label-set-object.h"
#include "label/kalon-label-view.h"

G_BEGIN_DECLS

struct _KalonLabelPage
{
  GtkWidget parent_instance;

  KalonSession *session;
  const char *library_directory; /* of the session's services */
  GListStore *store;             /* KalonLabelSetObject, newest first */
  gboolean stale;                /* it is not what there is */
  GCancellable *cancellable;     /* of what the page asked for */
  char *set_id, *set_name;       /* (nullable): that is labelled, or was last */
  char *labeler;                 /* (nullable): by whom */
  GtkNativeDialog *chooser;      /* while it is open */

  GtkStack *stack;
  GtkWidget *loading_page;
  AdwStatusPage *error_page;
  GtkLabel *list_label;
  GtkListBox *list_box;
  KalonLabelView *view;
  AdwStatusPage *end_page;
  GtkWidget *end_buttons;
};

/* (nullable) */
const KalonLabelSetInfo *kalon_label_page_find (KalonLabelPage *self, const char *id);
void kalon_label_page_say (KalonLabelPage *self, const char *text);

/* label-page-list.c */
void kalon_label_page_make_list (KalonLabelPage *self);
/* Shows what there is, unless somebody labels. */
void kalon_label_page_reload (KalonLabelPage *self);

/* label-page-session.c: labelling, and its end. */
void kalon_label_page_ask_who (KalonLabelPage *self, const char *id);
void kalon_label_page_connect_view (KalonLabelPage *self);

/* label-page-evaluate.c: by the model that searches; goes on while other pages are looked at. */
void kalon_label_page_evaluate (KalonLabelPage *self, const char *id);

/* label-page-actions.c: what is done with sets. */
void kalon_label_page_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
