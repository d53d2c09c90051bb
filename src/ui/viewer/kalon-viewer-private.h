/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "viewer/kalon-details.h"
#include "viewer/kalon-picture-pane.h"
#include "viewer/kalon-viewer.h"

G_BEGIN_DECLS

struct _KalonViewer
{
  GtkWidget parent_instance;

  KalonCatalogue *catalogue;
  KalonResultsModel *model;

  KalonResultItem *item;            /* shown; NULL when closed */
  guint position;                   /* where it was found last */
  gint64 scored;                    /* picture that @scores are of, or are asked for */
  KalonPictureScores *scores;       /* (nullable) */
  GCancellable *scores_cancellable; /* (nullable) */
  gboolean fullscreen;
  guint hide_id; /* of the controls, in full screen */
  double pointer_x, pointer_y;

  GtkWidget *box;
  GtkWidget *header;
  AdwWindowTitle *title;
  AdwFlap *flap;
  KalonDetails *details;
  KalonPicturePane *pane;
  GtkWidget *screen_bar;
  GtkLabel *screen_title;
  GtkWidget *previous_button;
  GtkWidget *next_button;
  GtkWidget *thumbs_box;
  GtkWidget *zoom_box;
  GtkButton *zoom_button;
  GtkButton *up_button;
  GtkButton *down_button;
};

/* By so many pictures. */
void kalon_viewer_step (KalonViewer *self, gint64 by);

/* viewer-contents.c: what stands around the picture. */
void kalon_viewer_show_title (KalonViewer *self);
void kalon_viewer_show_thumbs (KalonViewer *self);
void kalon_viewer_show_details (KalonViewer *self);
void kalon_viewer_show_zoom (KalonViewer *self);
/* The details show them when they come. */
void kalon_viewer_ask_scores (KalonViewer *self);
void kalon_viewer_forget_scores (KalonViewer *self);

/* viewer-actions.c: what keys, buttons and the menu do. */
void kalon_viewer_install_actions (GtkWidgetClass *widget_class);
/* What can be done now. */
void kalon_viewer_update_actions (KalonViewer *self);

/* viewer-fullscreen.c: nothing but the picture, and controls when the pointer moves. */
void kalon_viewer_watch_pointer (KalonViewer *self);
/* While it is on screen. */
void kalon_viewer_follow_window (KalonViewer *self);
void kalon_viewer_leave_window (KalonViewer *self);

G_END_DECLS
