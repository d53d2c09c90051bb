/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What can be done with pictures' files from any place that shows them. Main thread. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @paths: %NULL-terminated */

/* (transfer full): the files, for the clipboard or a drag. */
GdkContentProvider *kalon_pictures_content (const char *const *paths);

void kalon_pictures_copy_to_clipboard (GtkWidget *widget, const char *const *paths);

/* The file manager opens the folders with the files selected, or at least the first's folder. */
void kalon_pictures_show_in_files (GtkWidget *widget, const char *const *paths);
void kalon_picture_show_in_files (GtkWidget *widget, const char *path);

G_END_DECLS
