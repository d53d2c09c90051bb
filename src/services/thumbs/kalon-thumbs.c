/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "thumbs/kalon-thumbs-private.h"

G_DEFINE_FINAL_TYPE (KalonThumbs, kalon_thumbs, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static KalonThumbsJob *
job_copy (const KalonThumbsJob *job)
{
  KalonThumbsJob *copy = g_memdup2 (job, sizeof *job);

  copy->text = g_strdup (job->text);
  if (copy->shown != NULL)
    g_array_ref (copy->shown);
  if (copy->pictures != NULL)
    g_array_ref (copy->pictures);
  return copy;
}

static void
job_free (KalonThumbsJob *job)
{
  g_free (job->text);
  g_clear_pointer (&job->shown, g_array_unref);
  g_clear_pointer (&job->pictures, g_array_unref);
  g_clear_pointer (&job->state, kalon_thumbs_state_free);
  g_free (job);
}

char *
kalon_thumbs_make_key (const char *query, const char *content_hash)
{
  g_autofree char *query_key = kalon_feedback_dup_query_key (query);

  return g_strconcat (content_hash, " ", query_key, NULL);
}

static gboolean
open_both (gpointer object, GError **error)
{
  KalonThumbs *self = object;

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
          self->listed, kalon_thumbs_make_key (thumb->query, thumb->pictures[thumb->chosen]),
          GUINT_TO_POINTER (thumb->liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED));
    }
  return TRUE;
}

static gpointer
run_job (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonThumbs *self = object;
  KalonThumbsJob *job = argument;

  if ((job->run != NULL && !job->run (self, job, error)) || !list (self, error))
    return NULL;
  return g_hash_table_ref (self->listed);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonThumbs *self = KALON_THUMBS (object);
  g_autoptr (GTask) asked = user_data;
  GError *error = NULL;
  g_autoptr (GHashTable) verdicts = kalon_worker_answer (self, NULL, result, &error);

  if (verdicts == NULL)
    {
      g_task_return_error (asked, error);
      return;
    }
  if (verdicts != self->verdicts)
    {
      /* Before the first answer, no thumb was assumed. */
      gboolean changed = self->verdicts != NULL || g_hash_table_size (verdicts) > 0;

      g_clear_pointer (&self->verdicts, g_hash_table_unref);
      self->verdicts = g_steal_pointer (&verdicts);
      if (changed)
        g_signal_emit (self, signals[CHANGED], 0);
    }
  g_task_return_boolean (asked, TRUE);
}

void
kalon_thumbs_ask (KalonThumbs *self, gpointer tag, const KalonThumbsJob *job,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *asked = g_task_new (self, NULL, callback, user_data);
  KalonThumbsJob *copy = job_copy (job);

  g_task_set_source_tag (asked, tag);
  /* The worker is done with it before @asked is answered. */
  g_task_set_task_data (asked, copy, (GDestroyNotify) job_free);
  kalon_worker_ask (self->worker, self, tag, run_job, copy, NULL,
                    (GDestroyNotify) g_hash_table_unref, NULL, answered_cb, asked);
}

KalonThumbsJob *
kalon_thumbs_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (KALON_IS_THUMBS (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_boolean (G_TASK (result), error) ? g_task_get_task_data (G_TASK (result))
                                                           : NULL;
}

static void
kalon_thumbs_finalize (GObject *object)
{
  KalonThumbs *self = KALON_THUMBS (object);

  kalon_worker_free (self->worker);
  kalon_thumbs_change_clear (&self->last);
  g_clear_object (&self->feedback);
  g_clear_object (&self->library);
  g_clear_pointer (&self->listed, g_hash_table_unref);
  g_clear_pointer (&self->pictures, g_hash_table_unref);
  g_clear_pointer (&self->verdicts, g_hash_table_unref);
  g_free (self->library_directory);
  G_OBJECT_CLASS (kalon_thumbs_parent_class)->finalize (object);
}

static void
kalon_thumbs_class_init (KalonThumbsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_thumbs_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_thumbs_init (KalonThumbs *self)
{
  self->worker = kalon_worker_new (open_both);
}

KalonThumbs *
kalon_thumbs_new (const char *library_directory)
{
  KalonThumbs *self = g_object_new (KALON_TYPE_THUMBS, NULL);

  self->library_directory = g_strdup (library_directory);
  return self;
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Thumbs cannot be read: %s", error->message);
}

void
kalon_thumbs_check (KalonThumbs *self)
{
  g_return_if_fail (KALON_IS_THUMBS (self));

  kalon_thumbs_ask (self, kalon_thumbs_check, &(KalonThumbsJob){ 0 }, checked_cb, NULL);
}

KalonVerdict
kalon_thumbs_get (KalonThumbs *self, const char *query, const char *content_hash)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (KALON_IS_THUMBS (self), KALON_VERDICT_NONE);
  g_return_val_if_fail (query != NULL && content_hash != NULL, KALON_VERDICT_NONE);

  if (self->verdicts == NULL || g_hash_table_size (self->verdicts) == 0)
    return KALON_VERDICT_NONE;
  key = kalon_thumbs_make_key (query, content_hash);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->verdicts, key));
}
