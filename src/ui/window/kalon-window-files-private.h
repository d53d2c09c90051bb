/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the window does with pictures, one or many; see the actions in kalon-window.h. */

#include "window/kalon-window-private.h"

G_BEGIN_DECLS

/* @pictures: (element-type KalonPicture): those of the action that are in the library; @target: its
 * target. */
typedef void (*KalonPicturesFunc) (KalonWindow *self, GPtrArray *pictures, GVariant *target);

/* Looks up @ids ("ax") and then calls @func. */
void kalon_window_with_pictures (KalonWindow *self, GVariant *ids, GVariant *target,
                                 KalonPicturesFunc func);
/* (transfer full) (element-type gint64) */
GArray *kalon_window_get_ids (GVariant *ids);
/* (transfer full) (element-type filename) */
GPtrArray *kalon_window_list_paths (GPtrArray *pictures);

/* kalon-window-trash.c */
void kalon_window_trash (KalonWindow *self, GPtrArray *pictures, GVariant *target);
void kalon_window_undo_trash (KalonWindow *self);

/* kalon-window-export.c */
void kalon_window_export (KalonWindow *self, GPtrArray *pictures, GVariant *target);
void kalon_window_cancel_export (KalonWindow *self);

/* kalon-window-thumbs.c: @target is "(axb)": also whether they are liked. */
void kalon_window_thumb_pictures (KalonWindow *self, GPtrArray *pictures, GVariant *target);

/* kalon-window-pair.c: two are opened side by side; one is kept in mind, and opened with the
 * next. (element-type gint64) */
void kalon_window_compare (KalonWindow *self, GArray *ids);
void kalon_window_show_pair (KalonWindow *self, gint64 first, gint64 second);

G_END_DECLS
