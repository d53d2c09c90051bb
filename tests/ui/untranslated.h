/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Texts that are not in the pseudo-locale's language, which has no letter without an accent. What
 * may be as it is stands in untranslated.c, with the reasons. */
typedef struct _Untranslated Untranslated;

Untranslated *untranslated_new (void);
/* A name that is none of ours: of the machine's, or the test's. */
void untranslated_allow (Untranslated *self, const char *name);
/* Looks at all that is on screen of @widget; tells what it finds as a message of the test. */
void untranslated_check (Untranslated *self, const char *page, GtkWidget *widget);
/* Fails the test if anything was found; frees @self. */
void untranslated_end (Untranslated *self);

G_END_DECLS
