/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbs/kalon-thumbs-private.h"

#include "errors/kalon-errors.h"

static gboolean
open_both (KalonThumbs *self, GError **error)
{
  /* It makes the directory. */
  if (self->library == NULL)
    self->library = kalon_library_open (self->library_directory, error);
  if (self->library != NULL && self->feedback == NULL)
    self->feedback = kalon_feedback_open (self->library_directory, error);
  return self->feedback != NULL;
}

/* Nothing when nothing has changed. */
static gboolean
list (KalonThumbs *self, GError **error)
{
  guint64 version = kalon_feedback_get_version (self->feedback);
  g_autoptr (GPtrArray) thumbs = NULL;

  if (self->listed != NULL && version == self->version)
    return TRUE;
  thumbs = kalon_feedback_list (self->feedback, error);
  if (thumbs == NULL)
    return FALSE;
  g_clear_pointer (&self->listed, g_hash_table_unref);
  self->listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->version = version;
  for (guint i = 0; i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);

      g_hash_table_insert (
          self->listed, kalon_thumbs_dup_key (thumb->query, thumb->pictures[thumb->chosen]),
          GUINT_TO_POINTER (thumb->liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED));
    }
  return TRUE;
}

void
kalon_thumbs_forget_change (KalonThumbs *self)
{
  g_array_set_size (self->added, 0);
  g_clear_pointer (&self->removed, kalon_thumb_free);
  g_clear_pointer (&self->profile, g_free);
}

/* (transfer full): content hashes of the shown pictures, each once; @chosen is where @job's is. */
static GStrv
list_shown (KalonThumbs *self, KalonThumbsJob *job, const char *hash, guint *chosen, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; i < job->shown->len; i++)
    {
      gint64 id = g_array_index (job->shown, gint64, i);
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonPicture) picture = NULL;

      /* What would not be kept need not be looked up. */
      if (n >= KALON_FEEDBACK_MAX_SHOWN && id != job->picture)
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

/* (transfer full) (nullable): the thumb on @hash for @query. */
static KalonThumb *
find_thumb (KalonThumbs *self, const char *query, const char *hash, GError **error)
{
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (self->feedback, error);
  g_autofree char *key = kalon_thumbs_dup_key (query, hash);

  for (guint i = 0; thumbs != NULL && i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *other = kalon_thumbs_dup_key (thumb->query, thumb->pictures[thumb->chosen]);

      if (g_str_equal (key, other))
        return g_ptr_array_steal_index (thumbs, i);
    }
  return NULL;
}

gboolean
kalon_thumbs_run_set (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, job->picture, error);
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) shown = NULL;
  KalonThumb *before;
  guint chosen = 0;
  gint64 added;
  gboolean done;

  if (picture == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                     "The picture is not in the library any more.");
      return FALSE;
    }
  before = find_thumb (self, job->query, picture->content_hash, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  kalon_thumbs_forget_change (self);
  self->removed = before;
  self->profile = kalon_feedback_dup_profile (self->feedback, error);
  if (self->profile == NULL)
    {
      kalon_thumbs_forget_change (self);
      return FALSE;
    }
  if (job->verdict == KALON_VERDICT_NONE)
    done = before == NULL || kalon_feedback_undo (self->feedback, before->id, error);
  else
    {
      shown = list_shown (self, job, picture->content_hash, &chosen, error);
      done = shown != NULL
             && kalon_feedback_add (self->feedback, job->query, job->verdict == KALON_VERDICT_LIKED,
                                    chosen, (const char *const *) shown, &added, error);
      if (done)
        g_array_append_val (self->added, added);
    }
  if (!done)
    kalon_thumbs_forget_change (self);
  return done;
}

/* A thumb up for each of one row, shown with all of the other. */
gboolean
kalon_thumbs_run_prefer (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autofree char *profile = kalon_feedback_dup_profile (self->feedback, error);

  if (profile == NULL)
    return FALSE;
  kalon_thumbs_forget_change (self);
  self->profile = g_steal_pointer (&profile);
  for (guint i = 0; i < job->better->len; i++)
    {
      KalonThumbsJob one = { .query = job->query,
                             .picture = g_array_index (job->better, gint64, i),
                             .verdict = KALON_VERDICT_LIKED };
      g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (KalonPicture) picture
          = kalon_library_get_picture (self->library, one.picture, error);
      g_autoptr (GError) reason = NULL;
      g_auto (GStrv) hashes = NULL;
      KalonThumb *before;
      guint chosen = 0;
      gint64 added;

      if (picture == NULL && error != NULL && *error != NULL)
        return FALSE;
      before
          = picture != NULL ? find_thumb (self, job->query, picture->content_hash, &reason) : NULL;
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      /* Gone from the library, or it has the user's own word. */
      if (picture == NULL || before != NULL)
        {
          kalon_thumb_free (before);
          continue;
        }
      g_array_append_val (shown, one.picture);
      g_array_append_vals (shown, job->shown->data, job->shown->len);
      one.shown = shown;
      hashes = list_shown (self, &one, picture->content_hash, &chosen, error);
      if (hashes == NULL)
        return FALSE;
      /* All others are copies of it, or gone: nothing was preferred. */
      if (g_strv_length (hashes) < 2)
        continue;
      if (!kalon_feedback_add (self->feedback, job->query, TRUE, chosen,
                               (const char *const *) hashes, &added, error))
        return FALSE;
      g_array_append_val (self->added, added);
      job->n_added++;
    }
  return TRUE;
}

static gboolean
undo_added (KalonThumbs *self, GError **error)
{
  for (guint i = 0; i < self->added->len; i++)
    {
      g_autoptr (GError) reason = NULL;

      if (kalon_feedback_undo (self->feedback, g_array_index (self->added, gint64, i), &reason))
        continue;
      /* Of several, one that was taken back by itself meanwhile is no failure. */
      if (self->added->len > 1 && g_error_matches (reason, KALON_ERROR, KALON_ERROR_ARGUMENT))
        continue;
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  return TRUE;
}

gboolean
kalon_thumbs_run_undo (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_autofree char *profile = NULL;
  gboolean done;

  if (self->added->len == 0 && self->removed == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no thumb to undo.");
      return FALSE;
    }
  profile = kalon_feedback_dup_profile (self->feedback, error);
  if (profile == NULL)
    return FALSE;
  if (!g_str_equal (profile, self->profile))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The thumb was given in the profile “%s”. Make it active again to undo it.",
                   self->profile);
      return FALSE;
    }
  /* Restoring takes back what came in its place, in one step. */
  done = self->removed != NULL ? kalon_feedback_restore (self->feedback, self->removed, error)
                               : undo_added (self, error);
  if (done)
    kalon_thumbs_forget_change (self);
  return done;
}

gboolean
kalon_thumbs_run_check (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return TRUE;
}

gboolean
kalon_thumbs_work (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return open_both (self, error) && job->run (self, job, error) && list (self, error);
}
