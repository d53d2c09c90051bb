/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thumb on one picture. */
#include "thumbs/kalon-thumbs-private.h"

GStrv
kalon_thumbs_list_shown (KalonThumbs *self, const GArray *shown, gint64 chosen_picture,
                         const char *hash, guint *chosen, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; i < shown->len; i++)
    {
      gint64 id = g_array_index (shown, gint64, i);
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonPicture) picture = NULL;

      /* What would not be kept need not be looked up. */
      if (n >= KALON_FEEDBACK_MAX_SHOWN && id != chosen_picture)
        continue;
      picture = kalon_library_get_picture (self->library, id, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (picture == NULL || !g_hash_table_add (seen, g_strdup (picture->content_hash)))
        continue;
      if (g_str_equal (picture->content_hash, hash))
        *chosen = n;
      g_strv_builder_add (builder, picture->content_hash);
      n++;
    }
  return g_strv_builder_end (builder);
}

gboolean
kalon_thumbs_find (KalonThumbs *self, const char *query, const char *hash, GPtrArray *found,
                   GError **error)
{
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (self->feedback, error);
  g_autofree char *key = kalon_thumbs_make_key (query, hash);

  for (guint i = 0; thumbs != NULL && i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *other = kalon_thumbs_make_key (thumb->query, thumb->pictures[thumb->chosen]);

      if (g_str_equal (key, other))
        {
          g_ptr_array_add (found, g_ptr_array_steal_index (thumbs, i));
          break;
        }
    }
  return thumbs != NULL;
}

gboolean
kalon_thumbs_add (KalonThumbs *self, const KalonThumbsJob *job, gint64 picture, const char *hash,
                  GArray *added, GError **error)
{
  guint chosen = 0;
  g_auto (GStrv) shown = kalon_thumbs_list_shown (self, job->shown, picture, hash, &chosen, error);
  gint64 id;

  if (shown == NULL
      || !kalon_feedback_add (self->feedback, job->text, job->verdict == KALON_VERDICT_LIKED,
                              chosen, (const char *const *) shown, &id, error))
    return FALSE;
  g_array_append_val (added, id);
  return TRUE;
}

static gboolean
run_set (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, job->number, error);
  g_auto (KalonThumbsChange) change = { 0 };

  if (picture == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                     "The picture is not in the library any more.");
      return FALSE;
    }
  change.removed = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_thumb_free);
  if (!kalon_thumbs_find (self, job->text, picture->content_hash, change.removed, error))
    return FALSE;
  if (job->verdict != KALON_VERDICT_NONE)
    {
      change.added = g_array_new (FALSE, FALSE, sizeof (gint64));
      if (!kalon_thumbs_add (self, job, picture->id, picture->content_hash, change.added, error))
        return FALSE;
    }
  else if (change.removed->len > 0)
    {
      const KalonThumb *before = g_ptr_array_index (change.removed, 0);

      if (!kalon_feedback_undo (self->feedback, before->id, error))
        return FALSE;
    }
  return kalon_thumbs_keep_change (self, &change, error);
}

void
kalon_thumbs_set_async (KalonThumbs *self, const char *query, gint64 picture, KalonVerdict verdict,
                        GArray *shown, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (verdict == KALON_VERDICT_NONE || shown != NULL);

  kalon_thumbs_ask (self, kalon_thumbs_set_async,
                    &(KalonThumbsJob){ .run = run_set,
                                       .text = (char *) query,
                                       .number = picture,
                                       .verdict = verdict,
                                       .shown = shown },
                    callback, user_data);
}

gboolean
kalon_thumbs_set_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  return kalon_thumbs_finish (self, result, error) != NULL;
}
