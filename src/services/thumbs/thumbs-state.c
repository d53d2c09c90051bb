/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All thumbs of a profile with their pictures; and the profiles. */
#include "thumbs/kalon-thumbs-private.h"

static void
event_free (gpointer data)
{
  KalonThumbEvent *event = data;

  kalon_thumb_free (event->thumb);
  g_clear_pointer (&event->others, g_array_unref);
  g_free (event);
}

void
kalon_thumbs_state_free (KalonThumbsState *state)
{
  if (state == NULL)
    return;
  g_free (state->profile);
  g_strfreev (state->profiles);
  g_clear_pointer (&state->events, g_ptr_array_unref);
  g_free (state);
}

/* One is shown beside many thumbs, and a list is asked for after each: they are looked up once. */
static gboolean
find_picture (KalonThumbs *self, const char *hash, gint64 *id, GError **error)
{
  gint64 *known = g_hash_table_lookup (self->pictures, hash);
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture = NULL;

  if (known == NULL)
    {
      picture = kalon_library_find_picture_of (self->library, hash, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      known = g_new (gint64, 1);
      *known = picture != NULL ? picture->id : 0;
      g_hash_table_insert (self->pictures, g_strdup (hash), known);
    }
  *id = *known;
  return TRUE;
}

/* @thumb: (transfer full) */
static KalonThumbEvent *
make_event (KalonThumbs *self, KalonThumb *thumb, GError **error)
{
  KalonThumbEvent *event = g_new0 (KalonThumbEvent, 1);

  event->thumb = thumb;
  event->others = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; thumb->pictures[i] != NULL; i++)
    {
      gint64 id;

      if (!find_picture (self, thumb->pictures[i], &id, error))
        {
          event_free (event);
          return NULL;
        }
      if (i == thumb->chosen)
        event->picture = id;
      else if (id != 0)
        g_array_append_val (event->others, id);
    }
  return event;
}

static gboolean
list_events (KalonThumbs *self, GPtrArray *events, GError **error)
{
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (self->feedback, error);
  guint version = kalon_library_get_version (self->library);

  if (thumbs == NULL)
    return FALSE;
  if (self->pictures == NULL || version != self->library_version)
    {
      g_clear_pointer (&self->pictures, g_hash_table_unref);
      self->pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      self->library_version = version;
    }
  g_ptr_array_set_free_func (thumbs, NULL);
  for (guint i = 0; i < thumbs->len; i++)
    {
      KalonThumbEvent *event = make_event (self, g_ptr_array_index (thumbs, i), error);

      if (event == NULL)
        {
          for (guint j = i + 1; j < thumbs->len; j++)
            kalon_thumb_free (g_ptr_array_index (thumbs, j));
          return FALSE;
        }
      g_ptr_array_add (events, event);
    }
  return TRUE;
}

static gboolean
run_get_state (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autoptr (KalonThumbsState) state = g_new0 (KalonThumbsState, 1);

  state->events = g_ptr_array_new_with_free_func (event_free);
  state->profile = kalon_feedback_dup_profile (self->feedback, error);
  if (state->profile == NULL)
    return FALSE;
  state->profiles = kalon_feedback_list_profiles (self->feedback, error);
  if (state->profiles == NULL || !list_events (self, state->events, error))
    return FALSE;
  job->state = g_steal_pointer (&state);
  return TRUE;
}

void
kalon_thumbs_get_state_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));

  kalon_thumbs_ask (self, kalon_thumbs_get_state_async, &(KalonThumbsJob){ .run = run_get_state },
                    callback, user_data);
}

KalonThumbsState *
kalon_thumbs_get_state_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  KalonThumbsJob *job = kalon_thumbs_finish (self, result, error);

  return job != NULL ? g_steal_pointer (&job->state) : NULL;
}

static gboolean
run_use (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return kalon_feedback_set_profile (self->feedback, job->text, error);
}

static gboolean
run_rename (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  if (!kalon_feedback_rename_profile (self->feedback, job->text, error))
    return FALSE;
  /* What can be undone was in it. */
  if (self->last.profile != NULL)
    {
      g_free (self->last.profile);
      self->last.profile = g_strdup (job->text);
    }
  return TRUE;
}

static gboolean
run_remove (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autofree char *active = kalon_feedback_dup_profile (self->feedback, error);

  if (active == NULL || !kalon_feedback_set_profile (self->feedback, job->text, error)
      || !kalon_feedback_remove_profile (self->feedback, active, error))
    return FALSE;
  kalon_thumbs_change_clear (&self->last);
  return TRUE;
}

static void
ask_profile (KalonThumbs *self, gpointer tag,
             gboolean (*run) (KalonThumbs *self, KalonThumbsJob *job, GError **error),
             const char *name, GAsyncReadyCallback callback, gpointer user_data)
{
  kalon_thumbs_ask (self, tag, &(KalonThumbsJob){ .run = run, .text = (char *) name }, callback,
                    user_data);
}

void
kalon_thumbs_use_profile_async (KalonThumbs *self, const char *name, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (name != NULL);

  ask_profile (self, kalon_thumbs_use_profile_async, run_use, name, callback, user_data);
}

void
kalon_thumbs_rename_profile_async (KalonThumbs *self, const char *name,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (name != NULL);

  ask_profile (self, kalon_thumbs_rename_profile_async, run_rename, name, callback, user_data);
}

void
kalon_thumbs_remove_profile_async (KalonThumbs *self, const char *successor,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (successor != NULL);

  ask_profile (self, kalon_thumbs_remove_profile_async, run_remove, successor, callback, user_data);
}

gboolean
kalon_thumbs_profile_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  return kalon_thumbs_finish (self, result, error) != NULL;
}
