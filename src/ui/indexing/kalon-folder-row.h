/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A folder of the library: how much of it is indexed, what was left out, whether it is watched and
 * why not, and a menu with what can be done. It asks the window by actions with the folder's path
 * (ay): win.index-folder, win.open-folder, win.edit-excludes, win.remove-folder. */

#include <adwaita.h>

#include "catalogue/kalon-catalogue.h"
#include "watch/kalon-watch.h"

G_BEGIN_DECLS

#define KALON_TYPE_FOLDER_ROW (kalon_folder_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonFolderRow, kalon_folder_row, KALON, FOLDER_ROW, AdwActionRow)

GtkWidget *kalon_folder_row_new (const char *path);
const char *kalon_folder_row_get_path (KalonFolderRow *self);

/* @status: (nullable): it is not watched. @leaving: it is about to leave the library. */
void kalon_folder_row_set_state (KalonFolderRow *self, const KalonFolder *folder,
                                 const KalonWatchStatus *status, gboolean leaving);

/* "980 of 1,000 indexed · 12 left out · 3 not read" (transfer full) */
char *kalon_folder_to_text (const KalonFolder *folder);
/* "Watched · looked through 5 minutes ago" (transfer full) @now: seconds since 1970 */
char *
kalon_folder_watch_to_text (const KalonFolder *folder, const KalonWatchStatus *status, gint64 now);

G_END_DECLS
