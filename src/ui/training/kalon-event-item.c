/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "training/kalon-event-item.h"

struct _KalonEventItem
{
  GObject parent_instance;

  gint64 id;
  gint64 time;
  gint64 picture;
  gboolean liked;
  char *query;
  char *content_hash;
  char *text;
};

G_DEFINE_FINAL_TYPE (KalonEventItem, kalon_event_item, G_TYPE_OBJECT)

static void
kalon_event_item_finalize (GObject *object)
{
  KalonEventItem *self = KALON_EVENT_ITEM (object);

  g_free (self->query);
  g_free (self->content_hash);
  g_free (self->text);
  G_OBJECT_CLASS (kalon_event_item_parent_class)->finalize (object);
}

static void
kalon_event_item_class_init (KalonEventItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_event_item_finalize;
}

static void
kalon_event_item_init (KalonEventItem *self)
{
}

KalonEventItem *
kalon_event_item_new (const KalonThumbEvent *event, const char *text)
{
  KalonEventItem *self;
  const KalonThumb *thumb;

  g_return_val_if_fail (event != NULL && text != NULL, NULL);

  thumb = event->thumb;
  self = g_object_new (KALON_TYPE_EVENT_ITEM, NULL);
  self->id = thumb->id;
  self->time = thumb->time;
  self->liked = thumb->liked;
  self->picture = event->picture;
  self->query = g_strdup (thumb->query);
  self->content_hash = g_strdup (thumb->pictures[thumb->chosen]);
  self->text = g_strdup (text);
  return self;
}

gboolean
kalon_event_item_equal (KalonEventItem *self, KalonEventItem *other)
{
  /* The id of a thumb is never another's, and what it says does not change under it. */
  return self->id == other->id && self->picture == other->picture
         && g_str_equal (self->text, other->text);
}

gint64
kalon_event_item_get_id (KalonEventItem *self)
{
  return self->id;
}

gint64
kalon_event_item_get_picture (KalonEventItem *self)
{
  return self->picture;
}

const char *
kalon_event_item_get_content_hash (KalonEventItem *self)
{
  return self->content_hash;
}

const char *
kalon_event_item_get_query (KalonEventItem *self)
{
  return self->query;
}

gint64
kalon_event_item_get_time (KalonEventItem *self)
{
  return self->time;
}

gboolean
kalon_event_item_is_liked (KalonEventItem *self)
{
  return self->liked;
}

const char *
kalon_event_item_get_text (KalonEventItem *self)
{
  return self->text;
}
