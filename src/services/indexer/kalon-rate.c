/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-indexer-private.h"

#define WINDOW (10 * G_USEC_PER_SEC)

typedef struct
{
  gint64 time;
  gsize n;
} Count;

void
kalon_rate_add (KalonRate *self, gint64 now, gsize n)
{
  Count *count;

  if (self->start == 0)
    self->start = now;
  if (n == 0)
    return;
  count = g_new (Count, 1);
  count->time = now;
  count->n = n;
  g_queue_push_tail (&self->counts, count);
}

double
kalon_rate_get (KalonRate *self, gint64 now)
{
  gsize n = 0;
  gint64 from = MAX (self->start, now - WINDOW);

  while (!g_queue_is_empty (&self->counts)
         && ((Count *) g_queue_peek_head (&self->counts))->time < from)
    g_free (g_queue_pop_head (&self->counts));
  for (GList *item = self->counts.head; item != NULL; item = item->next)
    n += ((Count *) item->data)->n;
  return now > from ? n * (double) G_USEC_PER_SEC / (now - from) : 0;
}

void
kalon_rate_clear (KalonRate *self)
{
  g_queue_clear_full (&self->counts, g_free);
  self->start = 0;
}
