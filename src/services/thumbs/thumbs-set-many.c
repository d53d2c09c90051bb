/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same thumb on many pictures, as one change. */
#include "thumbs/kalon-thumbs-private.h"

/* The thumbs of the query, by content hash of what they are on; borrowed from @thumbs. */
static GHashTable *
index_thumbs (GPtrArray *thumbs, const char *query)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *key = kalon_feedback_dup_query_key (query);

  for (guint i = 0; i < thumbs->len; i++)
    {
      KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *other = kalon_feedback_dup_query_key (thumb->query);

      if (g_str_equal (key, other))
        g_hash_table_insert (index, thumb->pictures[thumb->chosen], thumb);
    }
  return index;
}

/* @before: (nullable): the thumb that is on @hash */
static gboolean
set_one (KalonThumbs *self, const KalonThumbsJob *job, gint64 picture, const char *hash,
         const KalonThumb *before, GArray *added, GError **error)
{
  if (job->verdict == KALON_VERDICT_NONE)
    return kalon_feedback_undo (self->feedback, before->id, error);
  return kalon_thumbs_add (self, job, picture, hash, added, error);
}

static KalonVerdict
get_verdict (const KalonThumb *thumb)
{
  if (thumb == NULL)
    return KALON_VERDICT_NONE;
  return thumb->liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED;
}

/* @done: content hashes that have been seen to */
static gboolean
set_picture (KalonThumbs *self, KalonThumbsJob *job, gint64 id, GHashTable *index, GHashTable *done,
             GHashTable *changed, GArray *added, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, id, &reason);
  KalonThumb *before;

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  /* Copies of one picture are one. */
  if (picture == NULL || !g_hash_table_add (done, g_strdup (picture->content_hash)))
    return TRUE;
  before = g_hash_table_lookup (index, picture->content_hash);
  if (get_verdict (before) == job->verdict)
    return TRUE;
  if (!set_one (self, job, id, picture->content_hash, before, added, error))
    return FALSE;
  if (before != NULL)
    g_hash_table_add (changed, before);
  job->n_changed++;
  return TRUE;
}

/* Of @thumbs, those that are in @changed. */
static void
keep_only (GPtrArray *thumbs, GHashTable *changed)
{
  for (guint i = thumbs->len; i > 0; i--)
    if (!g_hash_table_contains (changed, g_ptr_array_index (thumbs, i - 1)))
      g_ptr_array_remove_index (thumbs, i - 1);
}

static gboolean
run_set_many (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_auto (KalonThumbsChange) change = { .added = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  g_autoptr (GHashTable) index = NULL;
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) changed = g_hash_table_new (NULL, NULL);
  gboolean is_set = TRUE;

  change.removed = kalon_feedback_list (self->feedback, error);
  if (change.removed == NULL)
    return FALSE;
  index = index_thumbs (change.removed, job->text);
  for (guint i = 0; is_set && i < job->pictures->len; i++)
    is_set = set_picture (self, job, g_array_index (job->pictures, gint64, i), index, done, changed,
                          change.added, error);
  keep_only (change.removed, changed);
  /* What was done before something failed can be undone as well. */
  return kalon_thumbs_keep_change (self, &change, is_set ? error : NULL) && is_set;
}

void
kalon_thumbs_set_many_async (KalonThumbs *self, const char *query, GArray *pictures,
                             KalonVerdict verdict, GArray *shown, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL && pictures != NULL);
  g_return_if_fail (verdict == KALON_VERDICT_NONE || shown != NULL);

  kalon_thumbs_ask (self, kalon_thumbs_set_many_async,
                    &(KalonThumbsJob){ .run = run_set_many,
                                       .text = (char *) query,
                                       .verdict = verdict,
                                       .pictures = pictures,
                                       .shown = shown },
                    callback, user_data);
}

int
kalon_thumbs_set_many_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  const KalonThumbsJob *job = kalon_thumbs_finish (self, result, error);

  return job != NULL ? (int) job->n_changed : -1;
}
