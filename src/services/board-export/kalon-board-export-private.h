/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "board-export/kalon-board-export.h"

G_BEGIN_DECLS

/* One export on its way. */
typedef struct
{
  const KalonBoardContents *contents;
  const KalonBoardExportOptions *options;
  const char *destination;
  KalonBoardExportFunc progress;
  gpointer user_data;
  GCancellable *cancellable;
  guint n_done;
  KalonBoardExported *exported;
} Export;

static inline const KalonBoardItem *
export_get_item (const Export *self, guint i)
{
  return g_ptr_array_index (self->contents->items, i);
}

/* board-export.c */

/* One picture more is done, or has failed for @reason (nullable). */
void export_step (Export *self, const char *path, const GError *reason);
/* Always %FALSE: @path cannot be written, for @code, an errno. */
gboolean export_fail (const char *path, int code, GError **error);
/* All bytes, or %FALSE with errno set. */
gboolean export_write (int file, const void *data, gsize size);

/* export-names.c */

/* (transfer full): a name that all file systems take. */
char *export_dup_safe_name (const char *name, gsize max_bytes);
/* (transfer full): "07 NAME": what the picture at @i is called; in order, and no two alike. */
char *export_dup_item_name (const Export *self, guint i);
/* The text file with all that was written down. */
#define EXPORT_NOTES_NAME "Notes.txt"
/* (transfer full) */
char *export_dup_notes (const Export *self);

/* export-folder.c, export-zip.c: into the new folder @path; into @file, from its beginning. */
gboolean export_folder (Export *self, const char *path, GError **error);
gboolean export_zip (Export *self, int file, GError **error);

/* export-sheets.c */
gboolean export_pdf (Export *self, int file, GError **error);
/* Pages "0", "1", ... in the folder @path. */
gboolean export_png (Export *self, const char *path, GError **error);

/* export-layout.c: where things are on the pages. All lengths are points, 1/72 inch. */

typedef struct _Layout Layout;

/* @measure_end: the only page ends where its pictures do */
Layout *layout_new (const Export *self, gboolean measure_end);
void layout_free (Layout *self);
guint layout_get_n_pages (const Layout *self);
/* Of the page: paper, but for an only page that was to end early. */
void layout_get_size (const Layout *self, guint page, double *width, double *height);
/* The page without its pictures. */
void layout_draw_page (Layout *self, cairo_t *cr, guint page);
/* Which pictures are on it. */
void layout_get_items (const Layout *self, guint page, guint *first, guint *n);
/* The room for the picture at @i. */
void layout_get_box (const Layout *self, guint i, cairo_rectangle_t *box);

G_END_DECLS
