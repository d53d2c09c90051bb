/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-pasted.h"
#include "search/kalon-search-private.h"

void
kalon_search_set_history (KalonSearch *self, KalonHistory *history)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (KALON_IS_HISTORY (history));
  g_return_if_fail (self->history == NULL);

  self->history = g_object_ref (history);
}

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!kalon_history_change_finish (KALON_HISTORY (object), result, &error))
    g_message ("The search is not in the history: %s", error->message);
}

void
kalon_search_stand (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  kalon_search_forget_standing (self);
  if (self->history == NULL || !self->remembers || !kalon_search_has_query (self)
      || kalon_pasted_is_in (self->question))
    return;
  kalon_history_add_async (self->history, self->question, added_cb, NULL);
}

static gboolean
stood_cb (gpointer user_data)
{
  KalonSearch *self = user_data;

  self->stood_id = 0;
  kalon_search_stand (self);
  return G_SOURCE_REMOVE;
}

void
kalon_search_begin_to_stand (KalonSearch *self)
{
  kalon_search_forget_standing (self);
  if (self->history != NULL && self->results->results->len > 0)
    self->stood_id = g_timeout_add (KALON_SEARCH_STOOD_MS, stood_cb, self);
}

void
kalon_search_forget_standing (KalonSearch *self)
{
  g_clear_handle_id (&self->stood_id, g_source_remove);
}
