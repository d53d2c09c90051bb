/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What can be done with pictures' files from any place that shows them. Main thread. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): the files, for the clipboard or a drag. @paths: (element-type filename) */
GdkContentProvider *kalon_pictures_content (GPtrArray *paths);

void kalon_pictures_copy_to_clipboard (GtkWidget *widget, GPtrArray *paths);

/* The file manager opens the folders with the files selected, or at least the first's folder. */
void kalon_pictures_show_in_files (GtkWidget *widget, GPtrArray *paths);

G_END_DECLS
