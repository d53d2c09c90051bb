/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The page where people label: the label sets of the library, new ones, and one of them being
 * labelled. Main thread.
 *
 * ::message (const char *text): something happened.
 * ::written (const char *text, const char *path): the same, with a file that can be opened.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_LABEL_PAGE (kalon_label_page_get_type ())
G_DECLARE_FINAL_TYPE (KalonLabelPage, kalon_label_page, KALON, LABEL_PAGE, GtkWidget)

/* Once. */
void kalon_label_page_set_session (KalonLabelPage *self, KalonSession *session);

G_END_DECLS
