/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A thumb as a row: the picture, the query, when, what it said. Its picture is loaded when
 * kalon_event_row_load() says that it is to be seen.
 *
 * ::menu: the button of its menu was pressed.
 */

#include "results/kalon-thumbnail-queue.h"
#include "training/kalon-event-item.h"

G_BEGIN_DECLS

#define KALON_TYPE_EVENT_ROW (kalon_event_row_get_type ())
G_DECLARE_FINAL_TYPE (KalonEventRow, kalon_event_row, KALON, EVENT_ROW, GtkWidget)

GtkWidget *kalon_event_row_new (void);

/* @item: (nullable): %NULL gives the picture back */
void kalon_event_row_set_item (KalonEventRow *self, KalonEventItem *item);
KalonEventItem *kalon_event_row_get_item (KalonEventRow *self);
GtkWidget *kalon_event_row_get_menu_button (KalonEventRow *self);
/* Once is enough. */
void kalon_event_row_load (KalonEventRow *self, KalonThumbnailQueue *thumbnails);

G_END_DECLS
