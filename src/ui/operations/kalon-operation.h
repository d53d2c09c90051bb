/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Something that takes long, as the user sees it: indexing, a download, an export. Whoever does the
 * work makes one, adds it to the KalonOperations of the session, tells it how far it is, and does
 * what it is asked for. Main thread.
 *
 * Properties, all for reading; the setters notify:
 *   title (string)      "Indexing Pictures"
 *   detail (string)     "120 of 800 · 24 per second · about a minute left"
 *   hint (string)       (nullable) what is to be considered: "Power saver is on"
 *   fraction (double)   0 to 1; negative: not known
 *   paused, can-pause, can-cancel, finished (boolean)
 *   error (string)      (nullable) why it came to nothing, once finished
 * Signals, when the user asks for it:
 *   ::pause (gboolean pause)   answer with kalon_operation_set_paused()
 *   ::cancel                   answer with kalon_operation_finish()
 */

#include <glib-object.h>

G_BEGIN_DECLS

#define KALON_TYPE_OPERATION (kalon_operation_get_type ())
G_DECLARE_FINAL_TYPE (KalonOperation, kalon_operation, KALON, OPERATION, GObject)

KalonOperation *kalon_operation_new (const char *title, gboolean can_pause, gboolean can_cancel);

/* By whoever does the work. */
void kalon_operation_set_detail (KalonOperation *self, const char *detail);
void kalon_operation_set_hint (KalonOperation *self, const char *hint);
void kalon_operation_set_fraction (KalonOperation *self, double fraction);
void kalon_operation_set_paused (KalonOperation *self, gboolean paused);
/* It is over. @error: (nullable): a sentence. Of an end that was asked for it is %NULL. */
void kalon_operation_finish (KalonOperation *self, const char *error);

const char *kalon_operation_get_title (KalonOperation *self);
const char *kalon_operation_get_detail (KalonOperation *self);
const char *kalon_operation_get_hint (KalonOperation *self);
const char *kalon_operation_get_error (KalonOperation *self);
double kalon_operation_get_fraction (KalonOperation *self);
gboolean kalon_operation_is_paused (KalonOperation *self);
gboolean kalon_operation_is_finished (KalonOperation *self);

/* By the user. */
void kalon_operation_pause (KalonOperation *self, gboolean pause);
void kalon_operation_cancel (KalonOperation *self);

G_END_DECLS
