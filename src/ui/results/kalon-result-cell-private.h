/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/kalon-result-cell.h"

G_BEGIN_DECLS

struct _KalonResultCell
{
  GtkWidget parent_instance;

  KalonResultItem *item;
  int size;

  GtkWidget *failure_icon;
  GtkWidget *rank_label;
  GtkWidget *duplicates; /* NULL until it was to be seen: few cells have any */
  GtkWidget *mark_label; /* NULL until there was something to mark */
  gboolean linked;
  GtkWidget *thumbs; /* NULL until they were to be seen: few of the bound cells ever are */
  GtkWidget *up_button;
  GtkWidget *down_button;
  guint linger_id; /* thumbs go a moment after the pointer */
};

/* result-cell-buttons.c: what can be pressed on a picture. */
void kalon_result_cell_update_thumbs (KalonResultCell *self);
/* The wrapper's pointer, focus or selection changed. */
void kalon_result_cell_follow_state (KalonResultCell *self);
void kalon_result_cell_update_duplicates (KalonResultCell *self);

/* result-cell-draw.c: the picture, and where everything lies on it. */
/* Where the whole picture lies in the cell; all of the cell before its shape is known. */
void kalon_result_cell_get_area (KalonResultCell *self, graphene_rect_t *area);
void kalon_result_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                int *minimum, int *natural, int *minimum_baseline,
                                int *natural_baseline);
void kalon_result_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline);
void kalon_result_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

G_END_DECLS
