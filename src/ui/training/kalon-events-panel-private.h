/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "training/kalon-event-row.h"
#include "training/kalon-events-panel.h"

G_BEGIN_DECLS

struct _KalonEventsPanel
{
  GtkWidget parent_instance;

  KalonSession *session;
  GListStore *events; /* KalonEventItem, newest first */
  char *filter;       /* case-folded; "" is none */
  GtkCustomFilter *filter_model;
  GtkSingleSelection *selection;
  GHashTable *bound; /* GtkListItem, borrowed: between bind and unbind */
  guint load_id;     /* of the idle that loads what is to be seen */

  GtkSearchEntry *filter_entry;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkListView *view;
  GtkLabel *message_label;
  GtkPopover *menu;
};

/* events-actions.c */
void kalon_events_panel_install_actions (GtkWidgetClass *widget_class);
/* The menu of the thumb in @row, at its button. */
void kalon_events_panel_show_menu (KalonEventsPanel *self, KalonEventRow *row);

G_END_DECLS
