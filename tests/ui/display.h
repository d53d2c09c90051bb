/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of widgets share. */

#include <adwaita.h>

#include "results/kalon-thumbnail-queue.h"

G_BEGIN_DECLS

/* g_test_init(), GTK, libadwaita and our templates. */
void display_init (int *argc, char ***argv);

gint64 display_deadline (void);
void display_iterate (gint64 deadline, const char *condition);

/* Runs the main loop until @condition holds; fails after a minute. */
#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_ = display_deadline ();                                                        \
    while (!(condition))                                                                           \
      display_iterate (deadline_, #condition);                                                     \
  }                                                                                                \
  G_STMT_END

/* Runs the main loop for that long: to show that something does not happen. */
void display_run_for (guint milliseconds);

/* Drops the reference and waits for the object's end: what is under way may hold it for a while. */
void display_finalize (gpointer object);

/* (transfer full): ranked results over the picture ids 1 to @n, similarity falling from 0.5; every
 * fifth has one near-duplicate, whose id is %DISPLAY_FOLDED more. */
KalonResults *display_create_results (guint n, guint n_cut);
#define DISPLAY_FOLDED 1000000
/* (transfer full): the ids 1 to @n. */
GArray *display_create_ids (guint n);

/* (transfer full): a queue over nothing: a texture of one colour for each id, at once; every
 * 50th id fails. */
KalonThumbnailQueue *display_create_thumbnails (void);

/* (transfer none) (nullable): the first descendant of @widget, or itself, of @type and with
 * @css_class (%NULL: any). */
GtkWidget *display_find (GtkWidget *widget, GType type, const char *css_class);

/* A picture of one colour with a square in it, as PNG. */
void
display_write_picture (const char *folder, const char *name, guint8 red, guint8 green, guint8 blue);
/* A folder with all in it. */
void display_remove_folder (const char *path);

G_END_DECLS
