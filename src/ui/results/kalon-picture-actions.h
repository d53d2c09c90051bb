/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What can be done with a picture's file from any place that shows it. Main thread. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): the file, for the clipboard or a drag. */
GdkContentProvider *kalon_picture_content (const char *path);
/* Several of them, %NULL-terminated. */
GdkContentProvider *kalon_pictures_content (const char *const *paths);

void kalon_picture_copy_to_clipboard (GtkWidget *widget, const char *path);

/* The file manager opens the folder with the file selected, or at least the folder. */
void kalon_picture_show_in_files (GtkWidget *widget, const char *path);

G_END_DECLS
