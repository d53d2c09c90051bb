/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "errors/kalon-errors.h"
#include "library/kalon-library.h"
#include "thumbs/kalon-thumbs.h"

struct _KalonThumbs
{
  GObject parent_instance;

  char *library_directory;
  GThreadPool *worker; /* one thread: what follows is its own */
  KalonLibrary *library;
  KalonFeedback *feedback;
  guint64 version;     /* that @listed is of */
  GHashTable *listed;  /* what the main thread was last told */
  gint64 added;        /* by the last change; 0 nothing */
  KalonThumb *removed; /* by the last change; (nullable) */
  char *profile;       /* that it was in; (nullable): there is none */

  GHashTable
      *verdicts; /* main thread: key -> KalonVerdict; shared with the worker, never changed */
};

G_DEFINE_FINAL_TYPE (KalonThumbs, kalon_thumbs, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct _Job Job;

struct _Job
{
  gboolean (*run) (KalonThumbs *self, const Job *job, GError **error);
  char *query;
  gint64 picture;
  KalonVerdict verdict;
  GArray *shown; /* (nullable) */
};

static void
job_free (Job *job)
{
  g_free (job->query);
  g_clear_pointer (&job->shown, g_array_unref);
  g_free (job);
}

static char *
make_key (const char *query, const char *content_hash)
{
  g_autofree char *query_key = kalon_feedback_dup_query_key (query);

  return g_strconcat (content_hash, " ", query_key, NULL);
}

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
          self->listed, make_key (thumb->query, thumb->pictures[thumb->chosen]),
          GUINT_TO_POINTER (thumb->liked ? KALON_VERDICT_LIKED : KALON_VERDICT_DISLIKED));
    }
  return TRUE;
}

static void
forget_change (KalonThumbs *self)
{
  self->added = 0;
  g_clear_pointer (&self->removed, kalon_thumb_free);
  g_clear_pointer (&self->profile, g_free);
}

/* (transfer full): content hashes of the shown pictures, each once; @chosen is where @job's is. */
static GStrv
list_shown (KalonThumbs *self, const Job *job, const char *hash, guint *chosen, GError **error)
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
  g_autofree char *key = make_key (query, hash);

  for (guint i = 0; thumbs != NULL && i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *other = make_key (thumb->query, thumb->pictures[thumb->chosen]);

      if (g_str_equal (key, other))
        return g_ptr_array_steal_index (thumbs, i);
    }
  return NULL;
}

static gboolean
run_set (KalonThumbs *self, const Job *job, GError **error)
{
  g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, job->picture, error);
  g_autoptr (GError) reason = NULL;
  g_auto (GStrv) shown = NULL;
  KalonThumb *before;
  guint chosen = 0;
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
  forget_change (self);
  self->removed = before;
  self->profile = kalon_feedback_dup_profile (self->feedback, error);
  if (self->profile == NULL)
    {
      forget_change (self);
      return FALSE;
    }
  if (job->verdict == KALON_VERDICT_NONE)
    done = before == NULL || kalon_feedback_undo (self->feedback, before->id, error);
  else
    {
      shown = list_shown (self, job, picture->content_hash, &chosen, error);
      done = shown != NULL
             && kalon_feedback_add (self->feedback, job->query, job->verdict == KALON_VERDICT_LIKED,
                                    chosen, (const char *const *) shown, &self->added, error);
    }
  if (!done)
    forget_change (self);
  return done;
}

static gboolean
run_undo (KalonThumbs *self, const Job *job, GError **error)
{
  g_autofree char *profile = NULL;
  gboolean done;

  if (self->added == 0 && self->removed == NULL)
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
                               : kalon_feedback_undo (self->feedback, self->added, error);
  if (done)
    forget_change (self);
  return done;
}

static gboolean
run_check (KalonThumbs *self, const Job *job, GError **error)
{
  return TRUE;
}

static void
run_job (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  KalonThumbs *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (open_both (self, &error) && job->run (self, job, &error) && list (self, &error))
    g_task_return_pointer (task, g_hash_table_ref (self->listed),
                           (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonThumbs *self = KALON_THUMBS (object);
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
  g_task_return_boolean (asked, TRUE);
}

/* @job: (transfer full) */
static void
ask (KalonThumbs *self, gpointer tag, Job *job, GAsyncReadyCallback callback, gpointer user_data)
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
  forget_change (self);
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

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Thumbs cannot be read: %s", error->message);
}

void
kalon_thumbs_check (KalonThumbs *self)
{
  Job *job;

  g_return_if_fail (KALON_IS_THUMBS (self));

  job = g_new0 (Job, 1);
  job->run = run_check;
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
  key = make_key (query, content_hash);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->verdicts, key));
}

void
kalon_thumbs_set_async (KalonThumbs *self, const char *query, gint64 picture, KalonVerdict verdict,
                        GArray *shown, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (KALON_IS_THUMBS (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (verdict == KALON_VERDICT_NONE || shown != NULL);

  job = g_new (Job, 1);
  *job = (Job){ run_set, g_strdup (query), picture, verdict,
                shown != NULL ? g_array_ref (shown) : NULL };
  ask (self, kalon_thumbs_set_async, job, callback, user_data);
}

gboolean
kalon_thumbs_set_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kalon_thumbs_undo_async (KalonThumbs *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job;

  g_return_if_fail (KALON_IS_THUMBS (self));

  job = g_new0 (Job, 1);
  job->run = run_undo;
  ask (self, kalon_thumbs_undo_async, job, callback, user_data);
}

gboolean
kalon_thumbs_undo_finish (KalonThumbs *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
