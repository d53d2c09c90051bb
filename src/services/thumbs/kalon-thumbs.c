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

static void
job_free (KalonThumbsJob *job)
{
  g_free (job->query);
  g_clear_pointer (&job->shown, g_array_unref);
  g_clear_pointer (&job->better, g_array_unref);
  g_free (job);
}

char *
kalon_thumbs_dup_key (const char *query, const char *content_hash)
{
  g_autofree char *query_key = kalon_feedback_dup_query_key (query);

  return g_strconcat (content_hash, " ", query_key, NULL);
}

static void
run_job (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  KalonThumbs *self = g_task_get_source_object (task);
  KalonThumbsJob *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (kalon_thumbs_work (self, job, &error))
    g_task_return_pointer (task, g_hash_table_ref (self->listed),
                           (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonThumbs *self = KALON_THUMBS (object);
  const KalonThumbsJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GTask) asked = user_data;
  GError *error = NULL;
  g_autoptr (GHashTable) verdicts = g_task_propagate_pointer (G_TASK (result), &error);

  if (verdicts == NULL)
    {
      g_task_return_error (asked, error);
      return;
    }
  if (verdicts != self->verdicts)
    {
      gboolean changed = g_hash_table_size (verdicts) > 0
                         || (self->verdicts != NULL && g_hash_table_size (self->verdicts) > 0);

      g_clear_pointer (&self->verdicts, g_hash_table_unref);
      self->verdicts = g_steal_pointer (&verdicts);
      if (changed)
        g_signal_emit (self, signals[CHANGED], 0);
    }
  g_task_return_int (asked, job->n_added);
}

/* @job: (transfer full) */
static void
ask (KalonThumbs *self, gpointer tag, KalonThumbsJob *job, GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *asked = g_task_new (self, NULL, callback, user_data);
  GTask *task = g_task_new (self, NULL, answered_cb, asked);

  g_task_set_source_tag (asked, tag);
  g_task_set_source_tag (task, ask);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->worker, task, NULL);
}

static void
kalon_thumbs_finalize (GObject *object)
{
  KalonThumbs *self = KALON_THUMBS (object);

  /* Every job holds a reference on us: none is left. Not waiting, for this may be the worker. */
  g_thread_pool_free (self->worker, FALSE, FALSE);
  kalon_thumbs_forget_change (self);
  g_array_unref (self->added);
  g_clear_object (&self->feedback);
  g_clear_object (&self->library);
  g_clear_pointer (&self->listed, g_hash_table_unref);
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
  self->added = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->worker = g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
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

  if (g_task_propagate_int (G_TASK (result), &error) < 0)
    g_message ("Thumbs cannot be read: %s", error->message);
}

void
kalon_thumbs_check (KalonThumbs *self)
{
  KalonThumbsJob *job;

  g_return_if_fail (KALON_IS_THUMBS (self));

  job = g_new0 (KalonThumbsJob, 1);
  job->run = kalon_thumbs_run_check;
  ask (self, kalon_thumbs_check, job, checked_cb, NULL);
}

KalonVerdict
kalon_thumbs_get (KalonThumbs *self, const char *query, const char *content_hash)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (KALON_IS_THUMBS (self), KALON_VERDICT_NONE);
  g_return_val_if_fail (query != NULL && content_hash != NULL, KALON_VERDICT_NONE);

  if (self->verdicts == NULL || g_hash_table_size (self->verdicts) == 0)
    return KALON_VERDICT_NONE;
  key = kalon_thumbs_dup_key (query, content_hash);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->verdicts, key));
}

void
kalon_thumbs_set_async (KalonThumbs *self, const char *query, gint64 picture, KalonVerdict verdict,
                        GArray *shown, GAsyncReadyCallback callback, gpointer user_data)
{
  KalonThumbsJob *job;

  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (verdict == KALON_VERDICT_NONE || shown != NULL);

  job = g_new (KalonThumbsJob, 1);
  *job = (KalonThumbsJob){ .run = kalon_thumbs_run_set,
                           .query = g_strdup (query),
                           .picture = picture,
                           .verdict = verdict,
                           .shown = shown != NULL ? g_array_ref (shown) : NULL };
  ask (self, kalon_thumbs_set_async, job, callback, user_data);
}

gboolean
kalon_thumbs_set_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_int (G_TASK (result), error) >= 0;
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
  KalonThumbsJob *job;

  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL && better != NULL && worse != NULL);

  job = g_new (KalonThumbsJob, 1);
  *job = (KalonThumbsJob){ .run = kalon_thumbs_run_prefer,
                           .query = g_strdup (query),
                           .shown = list_only (worse, better),
                           .better = list_only (better, worse) };
  ask (self, kalon_thumbs_prefer_async, job, callback, user_data);
}

int
kalon_thumbs_prefer_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);
  return (int) g_task_propagate_int (G_TASK (result), error);
}

void
kalon_thumbs_undo_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data)
{
  KalonThumbsJob *job;

  g_return_if_fail (KALON_IS_THUMBS (self));

  job = g_new0 (KalonThumbsJob, 1);
  job->run = kalon_thumbs_run_undo;
  ask (self, kalon_thumbs_undo_async, job, callback, user_data);
}

gboolean
kalon_thumbs_undo_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_int (G_TASK (result), error) >= 0;
}
