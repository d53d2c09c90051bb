/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Keeps the library in step with its folders: what the watch tells of is indexed quietly, and at
 * the start everything is looked through once, for what changed while nobody watched. Follows the
 * setting "watch-folders". Main thread. ::changed: some folder's status.
 */

#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"
#include "watch/kalon-watch.h"

G_BEGIN_DECLS

#define KALON_TYPE_WATCHING (kalon_watching_get_type ())
G_DECLARE_FINAL_TYPE (KalonWatching, kalon_watching, KALON, WATCHING, GObject)

KalonWatching *kalon_watching_new (KalonWatch *watch, KalonCatalogue *catalogue,
                                   KalonIndexing *indexing, GSettings *settings);
/* Until then it does nothing: what only answers the desktop's search follows no folders. */
void kalon_watching_start (KalonWatching *self);

/* %FALSE when @folder is not watched: nothing is, or it is not known yet. */
gboolean
kalon_watching_get_status (KalonWatching *self, const char *folder, KalonWatchStatus *status);
/* Somebody looks at the library: see kalon_watch_look_again(). */
void kalon_watching_look_again (KalonWatching *self);

G_END_DECLS
