/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forgetting many at once, and undoing the last change. */
#include "thumbs/kalon-thumbs-private.h"

#include "errors/kalon-errors.h"

void
kalon_thumbs_change_clear (KalonThumbsChange *change)
{
  g_clear_pointer (&change->added, g_array_unref);
  g_clear_pointer (&change->removed, g_ptr_array_unref);
  g_clear_pointer (&change->parts, g_ptr_array_unref);
  g_clear_pointer (&change->profile, g_free);
}

gboolean
kalon_thumbs_keep_change (KalonThumbs *self, KalonThumbsChange *change, GError **error)
{
  /* What came before it is not the last one any more, whatever happens. */
  kalon_thumbs_change_clear (&self->last);
  change->profile = kalon_feedback_dup_profile (self->feedback, error);
  if (change->profile == NULL)
    return FALSE;
  if ((change->added != NULL && change->added->len > 0)
      || (change->removed != NULL && change->removed->len > 0)
      || (change->parts != NULL && change->parts->len > 0))
    {
      self->last = *change;
      *change = (KalonThumbsChange){ 0 };
    }
  return TRUE;
}

/* @is_lenient: one that is gone already is no failure */
static gboolean
undo_added (KalonThumbs *self, const GArray *added, gboolean is_lenient, GError **error)
{
  for (guint i = 0; i < added->len; i++)
    {
      g_autoptr (GError) reason = NULL;

      if (kalon_feedback_undo (self->feedback, g_array_index (added, gint64, i), &reason))
        continue;
      if (is_lenient && g_error_matches (reason, KALON_ERROR, KALON_ERROR_ARGUMENT))
        continue;
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_undo (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  const KalonThumbsChange *last = &self->last;
  g_autofree char *profile = NULL;
  gboolean is_restored = last->parts != NULL || (last->removed != NULL && last->removed->len > 0);
  gboolean done;

  if (last->profile == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no thumb to undo.");
      return FALSE;
    }
  profile = kalon_feedback_dup_profile (self->feedback, error);
  if (profile == NULL)
    return FALSE;
  if (!g_str_equal (profile, last->profile))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The thumb was given in the profile “%s”. Make it active again to undo it.",
                   last->profile);
      return FALSE;
    }
  /* Restoring takes back what came in its place; of several, one may have been taken back by itself
   * meanwhile. */
  done = !is_restored
         || kalon_feedback_restore_all (self->feedback, last->removed, last->parts, error);
  if (done && last->added != NULL)
    done = undo_added (self, last->added, is_restored || last->added->len > 1, error);
  if (done)
    kalon_thumbs_change_clear (&self->last);
  return done;
}

void
kalon_thumbs_undo_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));

  kalon_thumbs_ask (self, kalon_thumbs_undo_async, &(KalonThumbsJob){ .run = run_undo }, callback,
                    user_data);
}

gboolean
kalon_thumbs_undo_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  return kalon_thumbs_finish (self, result, error) != NULL;
}

/* Whether @thumb is what @now has under its id. */
static gboolean
is_same (const KalonThumb *thumb, GHashTable *now)
{
  const KalonThumb *other = g_hash_table_lookup (now, &thumb->id);

  return other != NULL
         && g_strv_equal ((const char *const *) thumb->pictures,
                          (const char *const *) other->pictures);
}

/* Of @before, takes those that are the same now away. */
static gboolean
keep_changed (KalonThumbs *self, GPtrArray *before, GError **error)
{
  g_autoptr (GPtrArray) after = kalon_feedback_list (self->feedback, error);
  g_autoptr (GHashTable) now = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint n = 0;

  if (after == NULL)
    return FALSE;
  for (guint i = 0; i < after->len; i++)
    {
      KalonThumb *thumb = g_ptr_array_index (after, i);

      g_hash_table_insert (now, &thumb->id, thumb);
    }
  for (guint i = 0; i < before->len; i++)
    if (is_same (before->pdata[i], now))
      kalon_thumb_free (before->pdata[i]);
    else
      before->pdata[n++] = before->pdata[i];
  /* Those that stay were moved over those that were freed. */
  for (guint i = n; i < before->len; i++)
    before->pdata[i] = NULL;
  g_ptr_array_set_size (before, (int) n);
  return TRUE;
}

typedef gboolean (*ForgetFunc) (KalonFeedback *feedback, const KalonThumbsJob *job, GError **error);

/* What undoing takes is the difference that @func makes, whatever that is. */
static gboolean
run_forgetting (KalonThumbs *self, KalonThumbsJob *job, ForgetFunc func, GError **error)
{
  g_auto (KalonThumbsChange) change = { 0 };

  change.removed = kalon_feedback_list (self->feedback, error);
  if (change.removed == NULL || !func (self->feedback, job, error)
      || !keep_changed (self, change.removed, error))
    return FALSE;
  job->n_changed = change.removed->len;
  return kalon_thumbs_keep_change (self, &change, error);
}

static gboolean
forget_thumb (KalonFeedback *feedback, const KalonThumbsJob *job, GError **error)
{
  return kalon_feedback_undo (feedback, job->number, error);
}

static gboolean
forget_query (KalonFeedback *feedback, const KalonThumbsJob *job, GError **error)
{
  return kalon_feedback_forget_query (feedback, job->text, NULL, error);
}

static gboolean
forget_picture (KalonFeedback *feedback, const KalonThumbsJob *job, GError **error)
{
  return kalon_feedback_forget_picture (feedback, job->text, NULL, error);
}

static gboolean
run_forget (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return run_forgetting (self, job, forget_thumb, error);
}

static gboolean
run_forget_query (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return run_forgetting (self, job, forget_query, error);
}

static gboolean
run_forget_picture (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  return run_forgetting (self, job, forget_picture, error);
}

static gboolean
run_reset (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_auto (KalonThumbsChange) change = { 0 };

  change.removed = kalon_feedback_list (self->feedback, error);
  change.parts = change.removed != NULL ? kalon_feedback_list_parts (self->feedback, error) : NULL;
  if (change.parts == NULL || !kalon_feedback_reset (self->feedback, NULL, error))
    return FALSE;
  job->n_changed = change.removed->len;
  return kalon_thumbs_keep_change (self, &change, error);
}

static gboolean
run_remove_adapter (KalonThumbs *self, KalonThumbsJob *job, GError **error)
{
  g_auto (KalonThumbsChange) change = { 0 };

  change.parts = kalon_feedback_list_parts (self->feedback, error);
  if (change.parts == NULL)
    return FALSE;
  for (guint i = change.parts->len; i-- > 0;)
    {
      const KalonStoredPart *part = g_ptr_array_index (change.parts, i);

      if (part->part != KALON_PROFILE_ADAPTER || !g_str_equal (part->model_hash, job->text))
        g_ptr_array_remove_index (change.parts, i);
    }
  return kalon_feedback_store_part (self->feedback, KALON_PROFILE_ADAPTER, job->text, NULL, error)
         && kalon_thumbs_keep_change (self, &change, error);
}

void
kalon_thumbs_forget_async (KalonThumbs *self, gint64 id, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));

  kalon_thumbs_ask (self, kalon_thumbs_forget_async,
                    &(KalonThumbsJob){ .run = run_forget, .number = id }, callback, user_data);
}

void
kalon_thumbs_forget_query_async (KalonThumbs *self, const char *query, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL);

  kalon_thumbs_ask (self, kalon_thumbs_forget_query_async,
                    &(KalonThumbsJob){ .run = run_forget_query, .text = (char *) query }, callback,
                    user_data);
}

void
kalon_thumbs_forget_picture_async (KalonThumbs *self, const char *content_hash,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (content_hash != NULL);

  kalon_thumbs_ask (self, kalon_thumbs_forget_picture_async,
                    &(KalonThumbsJob){ .run = run_forget_picture, .text = (char *) content_hash },
                    callback, user_data);
}

void
kalon_thumbs_reset_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));

  kalon_thumbs_ask (self, kalon_thumbs_reset_async, &(KalonThumbsJob){ .run = run_reset }, callback,
                    user_data);
}

void
kalon_thumbs_remove_adapter_async (KalonThumbs *self, const char *model_hash,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (model_hash != NULL);

  kalon_thumbs_ask (self, kalon_thumbs_remove_adapter_async,
                    &(KalonThumbsJob){ .run = run_remove_adapter, .text = (char *) model_hash },
                    callback, user_data);
}

gboolean
kalon_thumbs_forget_finish (KalonThumbs *self, GAsyncResult *result, guint *n_changed,
                            GError **error)
{
  const KalonThumbsJob *job = kalon_thumbs_finish (self, result, error);

  if (job != NULL && n_changed != NULL)
    *n_changed = job->n_changed;
  return job != NULL;
}
