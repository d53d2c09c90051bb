/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of pictures preferred to another. */
#include "thumbs/kalon-thumbs-private.h"

/* A thumb up for @picture, shown with all of job->shown; none where it has the user's own word, is
 * gone from the library, or was preferred to nothing but its copies. */
static gboolean
prefer (KalonThumbs *self, const KalonThumbsJob *job, gint64 id, GArray *added, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, id, &reason);
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_thumb_free);
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (GStrv) hashes = NULL;
  guint chosen = 0;
  gint64 thumb;

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (picture == NULL)
    return TRUE;
  if (!kalon_thumbs_find (self, job->text, picture->content_hash, before, error))
    return FALSE;
  if (before->len > 0)
    return TRUE;
  g_array_append_val (shown, id);
  g_array_append_vals (shown, job->shown->data, job->shown->len);
  hashes = kalon_thumbs_list_shown (self, shown, id, picture->content_hash, &chosen, error);
  if (hashes == NULL)
    return FALSE;
  if (g_strv_length (hashes) < 2)
    return TRUE;
  if (!kalon_feedback_add (self->feedback, job->text, TRUE, chosen, (const char *const *) hashes,
                           &thumb, error))
    return FALSE;
  g_array_append_val (added, thumb);
  return TRUE;
}

static gboolean
run_prefer (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_auto (KalonThumbsChange) change = { .added = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  gboolean done = TRUE;

  for (guint i = 0; done && i < job->pictures->len; i++)
    done = prefer (self, job, g_array_index (job->pictures, gint64, i), change.added, error);
  job->n_changed = change.added->len;
  /* Those that were given before something failed can be undone as well. */
  return kalon_thumbs_keep_change (self, &change, done ? error : NULL) && done;
}

/* (transfer full): those of @pictures that @others do not have. */
static GArray *
list_only (const GArray *pictures, const GArray *others)
{
  GArray *only = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < pictures->len; i++)
    {
      gint64 picture = g_array_index (pictures, gint64, i);
      gboolean shared = FALSE;

      for (guint j = 0; j < others->len && !shared; j++)
        shared = g_array_index (others, gint64, j) == picture;
      if (!shared)
        g_array_append_val (only, picture);
    }
  return only;
}

void
kalon_thumbs_prefer_async (KalonThumbs *self, const char *query, const GArray *better,
                           const GArray *worse, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GArray) only_better = NULL;
  g_autoptr (GArray) only_worse = NULL;

  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL && better != NULL && worse != NULL);

  only_better = list_only (better, worse);
  only_worse = list_only (worse, better);
  kalon_thumbs_ask (
      self, kalon_thumbs_prefer_async,
      &(KalonThumbsJob){
          .run = run_prefer, .text = (char *) query, .shown = only_worse, .pictures = only_better },
      callback, user_data);
}

int
kalon_thumbs_prefer_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  const KalonThumbsJob *job = kalon_thumbs_finish (self, result, error);

  return job != NULL ? (int) job->n_changed : -1;
}
