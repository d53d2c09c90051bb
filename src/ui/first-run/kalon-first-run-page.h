/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a window shows while the library has no folder: a button for the user's own folder of
 * pictures, with about how many there are, and one for any other; and what to expect of the model.
 * It asks the window by win.index-folder (ay), win.add-folder and, where somebody made that action,
 * win.show-models.
 */

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KALON_TYPE_FIRST_RUN_PAGE (kalon_first_run_page_get_type ())
G_DECLARE_FINAL_TYPE (KalonFirstRunPage, kalon_first_run_page, KALON, FIRST_RUN_PAGE, GtkWidget)

/* @folder: (nullable): to be suggested, if there is a picture in it. Looks through it in a thread.
 * @model_id: (nullable): of the model in use. */
void
kalon_first_run_page_set_folder (KalonFirstRunPage *self, const char *folder, const char *model_id);

/* "Your 1,240 pictures take …": what a bigger model costs. (transfer full) @n_pictures: 0 while it
 * is not known */
char *kalon_bigger_model_to_text (gsize n_pictures, guint n_processors);

G_END_DECLS
