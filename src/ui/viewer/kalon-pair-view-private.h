/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "viewer/kalon-details.h"
#include "viewer/kalon-pair-area.h"
#include "viewer/kalon-pair-view.h"
#include "viewer/kalon-picture-pane.h"

G_BEGIN_DECLS

#define KALON_NO_OFFSET ((KalonPicturePlace){ 1, 0, 0 })

/* One of the two. */
typedef struct
{
  GtkWidget *frame; /* pane and name */
  KalonPicturePane *pane;
  GtkLabel *label;
  gint64 id;
  KalonPictureScores *scores; /* (nullable) */
} KalonPairSide;

struct _KalonPairView
{
  GtkWidget parent_instance;

  KalonCatalogue *catalogue;
  KalonResultsModel *model;
  GCancellable *cancellable; /* of the questions about the two; NULL when closed */

  KalonPairSide sides[2]; /* as they are shown: swapped with them */
  gboolean linked;
  gboolean following; /* one of them moves because the other did */
  /* Where the second looks when the first looks at 1, 0, 0: what the user set while unlinked. */
  KalonPicturePlace offset;

  GtkWidget *box;
  AdwWindowTitle *title;
  AdwFlap *flap;
  KalonDetails *details;
  KalonPairArea *area;
};

/* Title, names and details follow what is shown. */
void kalon_pair_view_update (KalonPairView *self);
void kalon_pair_view_swap (KalonPairView *self);

/* pair-view-actions.c: what keys and buttons do. */
void kalon_pair_view_install_actions (GtkWidgetClass *widget_class);

G_END_DECLS
