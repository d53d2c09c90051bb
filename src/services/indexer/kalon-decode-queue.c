/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-decode-private.h"

/* Results waiting for the encoder: enough that it never waits for a worker, little beside the
 * model. 64 pictures of 224 x 224 are 37 MB. */
#define MAX_AHEAD 64
#define MAX_AHEAD_BYTES (40 * 1024 * 1024)

struct _KalonDecodeQueue
{
  GArray *jobs; /* KalonDecodeJob, borrowed */
  const KalonDecodeSettings *settings;
  GCancellable *cancellable;

  GMutex mutex;
  GCond cond; /* of everything below */
  GPtrArray *workers;
  KalonDecodedFile **ahead; /* [n_ahead]: job i in slot i mod n_ahead */
  guint n_ahead;
  guint n_started;
  guint n_popped;
  gboolean paused;
  gboolean ended;
};

void
kalon_decode_budget_enter (KalonDecodeBudget *self, gsize size)
{
  g_mutex_lock (&self->mutex);
  while (self->used > 0 && self->used + size > self->limit)
    g_cond_wait (&self->cond, &self->mutex);
  self->used += size;
  g_mutex_unlock (&self->mutex);
}

void
kalon_decode_budget_leave (KalonDecodeBudget *self, gsize size)
{
  g_mutex_lock (&self->mutex);
  self->used -= size;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gboolean
may_start (KalonDecodeQueue *self)
{
  return !self->paused && self->n_started < self->jobs->len
         && self->n_started < self->n_popped + self->n_ahead;
}

static gpointer
work (gpointer data)
{
  KalonDecodeQueue *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->ended)
    {
      KalonDecodedFile *file;
      guint i;

      if (!may_start (self))
        {
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      i = self->n_started++;
      g_mutex_unlock (&self->mutex);
      file = kalon_decode_file (&g_array_index (self->jobs, KalonDecodeJob, i), self->settings,
                                self->cancellable);
      g_mutex_lock (&self->mutex);
      self->ahead[i % self->n_ahead] = file;
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

KalonDecodeQueue *
kalon_decode_queue_new (GArray *jobs, const KalonDecodeSettings *settings,
                        GCancellable *cancellable)
{
  KalonDecodeQueue *self = g_new0 (KalonDecodeQueue, 1);
  gsize side = settings->preprocess->crop;
  gsize size = MAX (1, 3 * side * side * sizeof (float));
  /* One per processor: on a GPU decoding is what limits, and all of them should decode; on a CPU
   * device the workers run ahead by the bound above and then sleep, so the encoder gets what it
   * needs. */
  guint n_workers = CLAMP (g_get_num_processors (), 1, MAX (1, jobs->len));

  self->jobs = jobs;
  self->settings = settings;
  self->cancellable = cancellable;
  self->n_ahead = CLAMP (MAX_AHEAD_BYTES / size, 2 * n_workers, MAX (MAX_AHEAD, 2 * n_workers));
  self->ahead = g_new0 (KalonDecodedFile *, self->n_ahead);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->workers = g_ptr_array_new ();
  for (guint i = 0; i < n_workers; i++)
    g_ptr_array_add (self->workers, g_thread_new ("kalon-decode", work, self));
  return self;
}

void
kalon_decode_queue_free (KalonDecodeQueue *self)
{
  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < self->workers->len; i++)
    g_thread_join (g_ptr_array_index (self->workers, i));
  g_ptr_array_unref (self->workers);
  for (guint i = 0; i < self->n_ahead; i++)
    g_clear_pointer (&self->ahead[i], kalon_decoded_file_free);
  g_free (self->ahead);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

KalonDecodedFile *
kalon_decode_queue_pop (KalonDecodeQueue *self, gint64 timeout)
{
  gint64 end = g_get_monotonic_time () + timeout;
  KalonDecodedFile *file = NULL;
  guint slot;

  g_return_val_if_fail (self->n_popped < self->jobs->len, NULL);

  g_mutex_lock (&self->mutex);
  slot = self->n_popped % self->n_ahead;
  while (self->ahead[slot] == NULL && g_cond_wait_until (&self->cond, &self->mutex, end))
    ;
  file = g_steal_pointer (&self->ahead[slot]);
  if (file != NULL)
    {
      self->n_popped++;
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return file;
}

void
kalon_decode_queue_set_paused (KalonDecodeQueue *self, gboolean paused)
{
  g_mutex_lock (&self->mutex);
  self->paused = paused;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}
