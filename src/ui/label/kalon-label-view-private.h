/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "label/kalon-label-view.h"

G_BEGIN_DECLS

struct _KalonLabelView
{
  GtkWidget parent_instance;

  KalonLabelSession *session;   /* (nullable) */
  KalonLabelTextures *textures; /* (nullable): with @session */
  KalonLabelTask task;          /* at hand */
  KalonLabelChoice choices[KALON_N_HPIR_ASPECTS];
  gboolean answered;       /* the task had answers when it was shown */
  guint question;          /* that is asked */
  gboolean storing;        /* the answers to the task */
  gint64 shown_at;         /* monotonic time */
  GArray *seconds;         /* double: that items took */
  GCancellable *preparing; /* (nullable): the pictures of the next task */
  gboolean narrow;
  guint width_id; /* of the idle that follows it */

  /* label-view-large.c */
  KalonLabelTextures *large_textures;
  GCancellable *enlarging; /* (nullable) */
  guint large_row, large_position;

  GtkStack *stack;
  GtkLabel *name_label;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  GtkLabel *query_label;
  KalonLabelStrip *rows[2];
  GtkWidget *questions_box;
  KalonLabelQuestion *questions[KALON_N_HPIR_ASPECTS];
  GtkWidget *large_page;
  GtkLabel *large_label;
  GtkPicture *large_picture;
};

/* The task at hand, from @question on; the end when there is none. */
void kalon_label_view_show_task (KalonLabelView *self, guint question);
void kalon_label_view_ask (KalonLabelView *self, guint question);

/* label-view-answers.c */
void kalon_label_view_install_actions (GtkWidgetClass *widget_class);
void kalon_label_view_answer (KalonLabelView *self, guint question, KalonLabelChoice choice);
/* (transfer full) (element-type filename): of the row that stands first (0) or second (1) */
GPtrArray *
kalon_label_view_list_paths (KalonLabelView *self, const KalonLabelTask *task, guint row);
void kalon_label_view_prepare_next (KalonLabelView *self);

/* label-view-large.c: a picture of a row, large. */
void kalon_label_view_open_large (KalonLabelView *self, guint row, guint position);
/* %FALSE: there is none. */
gboolean kalon_label_view_close_large (KalonLabelView *self);
/* @step: -1, 1: in its row; @row: -1, 1: in the other */
gboolean kalon_label_view_step_large (KalonLabelView *self, int step, int row);

G_END_DECLS
