/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page about what the program learned from its user: profiles, thumbs, what they taught, and
 * alignment. What is shown follows every change of the thumbs while the page is on screen; off
 * screen nothing is computed. Main thread.
 *
 * ::message (const char *text, gboolean can_undo): something happened; with @can_undo
 *   kalon_thumbs_undo_async() takes it back.
 * ::open-picture (gint64 id): of the library.
 * ::search: the user wants to search.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_TRAINING_PAGE (kalon_training_page_get_type ())
G_DECLARE_FINAL_TYPE (KalonTrainingPage, kalon_training_page, KALON, TRAINING_PAGE, GtkWidget)

/* Once. */
void kalon_training_page_set_session (KalonTrainingPage *self, KalonSession *session);

G_END_DECLS
