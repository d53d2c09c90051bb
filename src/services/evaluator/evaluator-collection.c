/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures with their spoilt copies, and captions that look for them. */
#include "evaluator/kalon-evaluator-private.h"

#include <stdlib.h>

gboolean
kalon_align_collection_read (KalonAlignCollection *collection, const KalonAlignTask *task,
                             GError **error)
{
  collection->images = realpath (task->images, NULL);
  if (collection->images == NULL)
    return kalon_evaluator_refuse_empty (task->images, error);
  collection->pair_labels = kalon_labels_read (task->pairs, &kalon_pair_form, error);
  if (collection->pair_labels == NULL)
    return FALSE;
  collection->caption_labels = kalon_labels_read (task->captions, &kalon_caption_form, error);
  return collection->caption_labels != NULL;
}

void
kalon_align_collection_clear (KalonAlignCollection *collection)
{
  free (collection->images);
  g_clear_pointer (&collection->pair_labels, g_ptr_array_unref);
  g_clear_pointer (&collection->caption_labels, g_ptr_array_unref);
  g_clear_pointer (&collection->pairs, g_array_unref);
  g_clear_pointer (&collection->places, g_hash_table_unref);
  g_clear_pointer (&collection->queries, g_array_unref);
  g_clear_object (&collection->index);
}

static gboolean
find_pair (KalonEvaluator *self, KalonAlignCollection *collection, KalonLibrary *library,
           const KalonLabel *label, KalonAlignPair *pair, gboolean *found, GError **error)
{
  *found = TRUE;
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *path = g_build_filename (collection->images, label->fields[side], NULL);
      g_autoptr (KalonPicture) picture = NULL;
      g_autoptr (GError) reason = NULL;

      picture = kalon_library_find_picture (library, path, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (picture == NULL)
        {
          kalon_evaluator_fail (self, path, "It is not among the pictures that could be read.");
          *found = FALSE;
        }
      else if (g_hash_table_contains (collection->places, &picture->id))
        {
          kalon_evaluator_fail (self, path, "It is in more than one pair.");
          *found = FALSE;
        }
      else
        pair->pictures[side] = picture->id;
    }
  *found = *found && pair->pictures[0] != pair->pictures[1];
  return TRUE;
}

static void
add_place (KalonAlignCollection *collection, gint64 picture, guint place)
{
  g_hash_table_insert (collection->places, g_memdup2 (&picture, sizeof picture),
                       GUINT_TO_POINTER (place));
}

/* @numbers: (out caller-allocates): the pair of each better picture's name, and 1 */
static gboolean
find_pairs (KalonEvaluator *self, KalonAlignCollection *collection, KalonLibrary *library,
            GHashTable *numbers, GPtrArray *paths, GError **error)
{
  for (guint i = 0; i < collection->pair_labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (collection->pair_labels, i);
      KalonAlignPair pair = { 0 };
      guint number = collection->pairs->len;
      gboolean found;

      if (!find_pair (self, collection, library, label, &pair, &found, error))
        return FALSE;
      if (!found)
        continue;
      for (guint side = 0; side < 2; side++)
        {
          add_place (collection, pair.pictures[side], 2 * number + side);
          g_ptr_array_add (paths, g_build_filename (collection->images, label->fields[side], NULL));
        }
      g_array_append_val (collection->pairs, pair);
      g_hash_table_insert (numbers, label->fields[0], GUINT_TO_POINTER (number + 1));
    }
  return TRUE;
}

static int
compare_queries (gconstpointer a, gconstpointer b)
{
  const KalonAlignQuery *x = a, *y = b;

  return (x->pair > y->pair) - (x->pair < y->pair);
}

static void
find_queries (KalonEvaluator *self, KalonAlignCollection *collection, GHashTable *numbers)
{
  for (guint i = 0; i < collection->caption_labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (collection->caption_labels, i);
      guint number = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, label->fields[0]));
      KalonAlignQuery query = { label->fields[1], number - 1 };

      if (number > 0)
        g_array_append_val (collection->queries, query);
      else
        kalon_evaluator_fail (self, label->fields[0],
                              "It has a caption but is the better one of no pair.");
    }
  g_array_sort (collection->queries, compare_queries);
}

/* Scores of @paths, two for each pair, by @shares (nullable: the model's own head), which are no
 * longer the evaluator's afterwards; and how often they are right. */
static float *
score_pairs (KalonEvaluator *self, const char *shares, GPtrArray *paths, KalonEstimate *power,
             GCancellable *cancellable, GError **error)
{
  g_autofree char *own = g_strdup (self->aesthetic_models);
  guint n = paths->len / 2;
  g_autofree double *wins = g_new (double, n);
  float *scores;

  kalon_evaluator_set_aesthetic_models (self, shares);
  scores = kalon_evaluator_score_files (self, paths, cancellable, error);
  kalon_evaluator_set_aesthetic_models (self, own);
  if (scores == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    wins[i] = scores[2 * i] > scores[2 * i + 1] ? 1 : scores[2 * i] == scores[2 * i + 1] ? 0.5 : 0;
  kalon_metrics_bootstrap (wins, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, power);
  return scores;
}

gboolean
kalon_evaluator_collect (KalonEvaluator *self, KalonAlignCollection *collection,
                         const char *library_directory, const char *judge,
                         KalonAlignFigures *figures, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (library_directory, error);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *own_models = g_strdup (self->aesthetic_models);
  g_autofree float *judged = NULL;
  g_autofree float *own = NULL;

  collection->pairs = g_array_new (FALSE, FALSE, sizeof (KalonAlignPair));
  collection->queries = g_array_new (FALSE, FALSE, sizeof (KalonAlignQuery));
  collection->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (library == NULL || !find_pairs (self, collection, library, numbers, paths, error))
    return FALSE;
  collection->index
      = kalon_library_open_index (library, kalon_encoder_get_model_hash (self->encoder),
                                  kalon_encoder_get_dimension (self->encoder), error);
  if (collection->index == NULL)
    return FALSE;
  find_queries (self, collection, numbers);
  if (collection->queries->len == 0)
    return kalon_evaluator_refuse_empty (collection->images, error);
  judged = score_pairs (self, judge, paths, &figures->judge_power, cancellable, error);
  own = judged != NULL
            ? score_pairs (self, own_models, paths, &figures->own_power, cancellable, error)
            : NULL;
  if (own == NULL)
    return FALSE;
  for (guint i = 0; i < paths->len; i++)
    g_array_index (collection->pairs, KalonAlignPair, i / 2).judged[i % 2] = judged[i];
  figures->n_pairs = collection->pairs->len;
  figures->n_queries = collection->queries->len;
  return TRUE;
}
