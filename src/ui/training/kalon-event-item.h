/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* One thumb in the list of events. Main thread. */

#include "results/kalon-result-item.h"

G_BEGIN_DECLS

#define KALON_TYPE_EVENT_ITEM (kalon_event_item_get_type ())
G_DECLARE_FINAL_TYPE (KalonEventItem, kalon_event_item, KALON, EVENT_ITEM, GObject)

/* What is said of it; copied. @text: of kalon_training_describe_event() */
KalonEventItem *kalon_event_item_new (const KalonThumbEvent *event, const char *text);

/* Whether another one would look no different. */
gboolean kalon_event_item_equal (KalonEventItem *self, KalonEventItem *other);

gint64 kalon_event_item_get_id (KalonEventItem *self);
/* 0: not in the library */
gint64 kalon_event_item_get_picture (KalonEventItem *self);
const char *kalon_event_item_get_content_hash (KalonEventItem *self);
const char *kalon_event_item_get_query (KalonEventItem *self);
gint64 kalon_event_item_get_time (KalonEventItem *self);
gboolean kalon_event_item_is_liked (KalonEventItem *self);
const char *kalon_event_item_get_text (KalonEventItem *self);

G_END_DECLS
