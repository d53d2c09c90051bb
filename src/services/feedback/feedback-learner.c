/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback-private.h"

#include <string.h>

/* Copies of the learner's state, this many events apart: what undoing an old thumb must repeat. */
#define CHECKPOINT_EVERY 16
/* Older ones go first; 16 of them reach 256 events back. */
#define MAX_CHECKPOINTS 16

struct _KalonFeedbackLearner
{
  KalonFeaturesFunc func;
  gpointer user_data;
  gsize n_features;

  GHashTable *numbers; /* content hash -> row of @features, + 1 */
  GArray *features;    /* float: [n, n_features] */
  GPtrArray *keys; /* of the thumbs that are learned: a digest of all that tells one from another */
  GArray *events;  /* KalonTasteEvent: those that teach something */
  GPtrArray *lists; /* guint32: their pictures */
  GArray *curve;    /* KalonTasteCheck: one for each event */
  GArray *n_events; /* gsize: events made by the thumbs up to this one */
  KalonTasteHistory history;
  KalonTasteLearner *learner;
  GPtrArray *checkpoints; /* KalonTasteLearner, by events */
  guint n_missing;
};

KalonFeedbackLearner *
kalon_feedback_learner_new (gsize n_features, KalonFeaturesFunc func, gpointer user_data)
{
  KalonFeedbackLearner *self = g_new0 (KalonFeedbackLearner, 1);

  self->func = func;
  self->user_data = user_data;
  self->n_features = n_features;
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->features = g_array_new (FALSE, FALSE, sizeof (float));
  self->keys = g_ptr_array_new_with_free_func (g_free);
  self->events = g_array_new (FALSE, FALSE, sizeof (KalonTasteEvent));
  self->lists = g_ptr_array_new_with_free_func (g_free);
  self->curve = g_array_new (FALSE, FALSE, sizeof (KalonTasteCheck));
  self->n_events = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->history.n_features = n_features;
  self->learner = kalon_taste_learner_new (n_features);
  self->checkpoints = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_taste_learner_free);
  return self;
}

void
kalon_feedback_learner_free (KalonFeedbackLearner *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->numbers);
  g_array_unref (self->features);
  g_ptr_array_unref (self->keys);
  g_array_unref (self->events);
  g_ptr_array_unref (self->lists);
  g_array_unref (self->curve);
  g_array_unref (self->n_events);
  kalon_taste_learner_free (self->learner);
  g_ptr_array_unref (self->checkpoints);
  g_free (self);
}

static char *
make_key (const KalonThumb *thumb)
{
  g_autofree char *pictures = g_strjoinv (" ", thumb->pictures);
  g_autofree char *all = g_strdup_printf ("%" G_GINT64_FORMAT " %d %u %s %s", thumb->id,
                                          thumb->liked, thumb->chosen, pictures, thumb->query);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all, -1);
}

/* Row of the features' table; %FALSE when the library does not have the picture. */
static gboolean
find_number (KalonFeedbackLearner *self, const char *content_hash, guint32 *number)
{
  guint known = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, content_hash));

  if (known == 0)
    {
      guint n = self->features->len / (guint) self->n_features;

      g_array_set_size (self->features, (n + 1) * (guint) self->n_features);
      if (!self->func (content_hash,
                       (float *) (gpointer) self->features->data + n * self->n_features,
                       self->user_data))
        {
          g_array_set_size (self->features, n * (guint) self->n_features);
          self->n_missing++;
          return FALSE;
        }
      known = n + 1;
      g_hash_table_insert (self->numbers, g_strdup (content_hash), GUINT_TO_POINTER (known));
    }
  *number = known - 1;
  return TRUE;
}

/* Adds @thumb's event, if it makes one. @query: its number. */
static void
add_event (KalonFeedbackLearner *self, const KalonThumb *thumb, guint32 query)
{
  g_autofree guint32 *pictures = g_new (guint32, g_strv_length (thumb->pictures) + 1);
  KalonTasteEvent event = { .liked = thumb->liked, .query = query, .chosen = G_MAXUINT32 };

  for (guint i = 0; thumb->pictures[i] != NULL; i++)
    if (find_number (self, thumb->pictures[i], &pictures[event.n]))
      {
        if (i == thumb->chosen)
          event.chosen = event.n;
        event.n++;
      }
  if (event.chosen == G_MAXUINT32 || event.n < 2)
    return;
  event.pictures = pictures;
  g_ptr_array_add (self->lists, g_steal_pointer (&pictures));
  g_array_append_val (self->events, event);
}

/* Forgets all after the first @n thumbs. */
static void
go_back (KalonFeedbackLearner *self, gsize n)
{
  gsize n_events = n > 0 ? g_array_index (self->n_events, gsize, n - 1) : 0;

  if (n == self->keys->len)
    return;
  g_ptr_array_set_size (self->keys, (int) n);
  g_array_set_size (self->n_events, (guint) n);
  g_array_set_size (self->events, (guint) n_events);
  g_ptr_array_set_size (self->lists, (int) n_events);
  while (self->checkpoints->len > 0
         && kalon_taste_learner_get_n_events (
                g_ptr_array_index (self->checkpoints, self->checkpoints->len - 1))
                > n_events)
    g_ptr_array_set_size (self->checkpoints, (int) self->checkpoints->len - 1);
  if (kalon_taste_learner_get_n_events (self->learner) > n_events)
    {
      kalon_taste_learner_free (self->learner);
      self->learner = self->checkpoints->len > 0 ? kalon_taste_learner_copy (
                          g_ptr_array_index (self->checkpoints, self->checkpoints->len - 1))
                                                 : kalon_taste_learner_new (self->n_features);
    }
  g_array_set_size (self->curve, (guint) kalon_taste_learner_get_n_events (self->learner));
}

static void
keep_checkpoint (KalonFeedbackLearner *self)
{
  if (kalon_taste_learner_get_n_events (self->learner) % CHECKPOINT_EVERY != 0)
    return;
  if (self->checkpoints->len == MAX_CHECKPOINTS)
    g_ptr_array_remove_index (self->checkpoints, 0);
  g_ptr_array_add (self->checkpoints, kalon_taste_learner_copy (self->learner));
}

gboolean
kalon_feedback_learner_update (KalonFeedbackLearner *self, GPtrArray *thumbs,
                               GCancellable *cancellable, GError **error)
{
  g_autoptr (GHashTable) queries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean same = TRUE;

  g_return_val_if_fail (self != NULL && thumbs != NULL, FALSE);

  for (guint i = 0; i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *key = make_key (thumb);
      g_autofree char *query_key = kalon_feedback_dup_query_key (thumb->query);
      gpointer query;

      if (!g_hash_table_lookup_extended (queries, query_key, NULL, &query))
        {
          query = GUINT_TO_POINTER (g_hash_table_size (queries));
          g_hash_table_insert (queries, g_steal_pointer (&query_key), query);
        }
      if (same && i < self->keys->len && g_str_equal (g_ptr_array_index (self->keys, i), key))
        continue;
      if (same)
        go_back (self, i);
      same = FALSE;
      add_event (self, thumb, GPOINTER_TO_UINT (query));
      g_ptr_array_add (self->keys, g_steal_pointer (&key));
      g_array_append_val (self->n_events, ((gsize[]){ self->events->len })[0]);
    }
  go_back (self, thumbs->len);

  self->history.features = (const float *) (gpointer) self->features->data;
  self->history.events = (const KalonTasteEvent *) (gpointer) self->events->data;
  self->history.n_events = self->events->len;
  while (kalon_taste_learner_get_n_events (self->learner) < self->events->len)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      kalon_taste_learner_step (self->learner, &self->history);
      g_array_append_val (self->curve, *kalon_taste_learner_get_check (self->learner));
      keep_checkpoint (self);
    }
  return TRUE;
}

gboolean
kalon_feedback_learner_is_current (const KalonFeedbackLearner *self)
{
  g_autofree float *features = g_new (float, self->n_features);
  GHashTableIter iter;
  gpointer hash, number;

  if (self->n_missing > 0)
    return FALSE;
  g_hash_table_iter_init (&iter, self->numbers);
  while (g_hash_table_iter_next (&iter, &hash, &number))
    {
      const float *known = &g_array_index (self->features, float,
                                           (GPOINTER_TO_UINT (number) - 1) * self->n_features);

      if (!self->func (hash, features, self->user_data)
          || memcmp (features, known, self->n_features * sizeof (float)) != 0)
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_feedback_learner_is_learned (const KalonFeedbackLearner *self, gsize position)
{
  gsize before;

  if (position >= self->n_events->len)
    return FALSE;
  before = position > 0 ? g_array_index (self->n_events, gsize, position - 1) : 0;
  return g_array_index (self->n_events, gsize, position) > before;
}

const KalonTasteHistory *
kalon_feedback_learner_get_history (const KalonFeedbackLearner *self)
{
  return &self->history;
}

const KalonTasteLearner *
kalon_feedback_learner_get_learner (const KalonFeedbackLearner *self)
{
  return self->learner;
}

GArray *
kalon_feedback_learner_get_curve (const KalonFeedbackLearner *self)
{
  return self->curve;
}

gsize
kalon_feedback_learner_get_size (const KalonFeedbackLearner *self, gsize *features_size)
{
  gsize size = sizeof *self + kalon_taste_learner_get_size (self->learner);

  for (guint i = 0; i < self->checkpoints->len; i++)
    size += kalon_taste_learner_get_size (g_ptr_array_index (self->checkpoints, i));
  for (guint i = 0; i < self->keys->len; i++)
    size += strlen (g_ptr_array_index (self->keys, i)) + 1;
  for (guint i = 0; i < self->events->len; i++)
    size += sizeof (KalonTasteEvent)
            + g_array_index (self->events, KalonTasteEvent, i).n * sizeof (guint32);
  *features_size = self->features->len * sizeof (float);
  return size + self->curve->len * sizeof (KalonTasteCheck);
}
