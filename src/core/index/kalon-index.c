/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "index/kalon-index-private.h"
#include "tensor/kalon-tensor.h"

/* Between looks at the cancellable: about a millisecond of scanning. */
#define GROUPS_PER_CHECK 256

struct _KalonIndex
{
  GObject parent_instance;
  KalonIndexFile file;
};

G_DEFINE_FINAL_TYPE (KalonIndex, kalon_index, G_TYPE_OBJECT)

/* Queries made ready for the loops; one allocation for all. */
typedef struct
{
  KalonIndexQuery *items; /* [n] */
  float *values;          /* [n, stride] */
  gint8 *levels;          /* [n, 2, stride] */
} Queries;

static void
queries_clear (Queries *queries)
{
  g_free (queries->items);
  g_free (queries->values);
  g_free (queries->levels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Queries, queries_clear)

static gboolean
queries_init (Queries *queries, const KalonIndexLayout *layout, const float *values, gsize n,
              GError **error)
{
  queries->items = g_new0 (KalonIndexQuery, n);
  queries->values = g_new0 (float, n * layout->stride);
  queries->levels = g_new (gint8, n * 2 * layout->stride);
  for (gsize i = 0; i < n; i++)
    {
      const float *from = values + i * layout->dimension;
      float *to = queries->values + i * layout->stride;
      double sum = 0;

      for (gsize j = 0; j < layout->dimension; j++)
        sum += (double) from[j] * from[j];
      /* Embeddings are about one long; beyond this the codes' steps leave the range of f32. */
      if (!(sum > 1e-24 && sum < 1e24))
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                       "Query %" G_GSIZE_FORMAT " is zero or not finite and cannot be searched "
                       "for; run “kalon-cli device self-test”",
                       i + 1);
          return FALSE;
        }
      memcpy (to, from, layout->dimension * sizeof (float));
      kalon_index_encode_query (layout, to, queries->levels + i * 2 * layout->stride,
                                &queries->items[i]);
    }
  return TRUE;
}

static void
kalon_index_finalize (GObject *object)
{
  KalonIndex *self = KALON_INDEX (object);

  kalon_index_file_close (&self->file);
  G_OBJECT_CLASS (kalon_index_parent_class)->finalize (object);
}

static void
kalon_index_class_init (KalonIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_index_finalize;
}

static void
kalon_index_init (KalonIndex *self)
{
  self->file.fd = -1;
}

KalonIndex *
kalon_index_open (const char *path, const char *model_hash, gsize dimension, GError **error)
{
  g_autoptr (KalonIndex) self = NULL;

  g_return_val_if_fail (path != NULL && model_hash != NULL, NULL);

  self = g_object_new (KALON_TYPE_INDEX, NULL);
  if (!kalon_index_file_open (&self->file, path, model_hash, dimension, error))
    return NULL;
  return g_steal_pointer (&self);
}

gsize
kalon_index_get_dimension (KalonIndex *self)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), 0);
  return self->file.layout.dimension;
}

gsize
kalon_index_get_n_rows (KalonIndex *self)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), 0);
  return self->file.n_rows;
}

gboolean
kalon_index_refresh (KalonIndex *self, gsize n_rows, GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  return kalon_index_file_refresh (&self->file, n_rows, error);
}

gboolean
kalon_index_append (KalonIndex *self, const float *rows, gsize n, gsize *first, GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  g_return_val_if_fail (rows != NULL || n == 0, FALSE);

  if (first)
    *first = self->file.n_rows;
  return kalon_index_file_append (&self->file, rows, n, error);
}

gboolean
kalon_index_truncate (KalonIndex *self, gsize n_rows, GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  return kalon_index_file_truncate (&self->file, n_rows, error);
}

gboolean
kalon_index_sync (KalonIndex *self, GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  return kalon_index_file_sync (&self->file, error);
}

gboolean
kalon_index_verify (KalonIndex *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  return kalon_index_file_verify (&self->file, cancellable, error);
}

gboolean
kalon_index_get_row (KalonIndex *self, gsize row, float *embedding, GError **error)
{
  KalonIndexRows rows;

  g_return_val_if_fail (KALON_IS_INDEX (self) && embedding != NULL, FALSE);
  g_return_val_if_fail (row < self->file.n_rows, FALSE);

  if (!kalon_index_file_map (&self->file, error))
    return FALSE;
  rows = kalon_index_file_rows (&self->file, row);
  for (gsize i = 0; i < self->file.layout.dimension; i++)
    embedding[i] = kalon_f16_to_f32 (rows.halves[i]);
  return TRUE;
}

gboolean
kalon_index_search (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                    const guint64 *allowed, gsize k, KalonNeighbour *neighbours, gsize *n_found,
                    GCancellable *cancellable, GError **error)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();
  g_auto (Queries) prepared = { NULL };
  g_autofree KalonIndexBest *best = NULL;
  gsize n_groups;

  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  g_return_val_if_fail (queries != NULL || n_queries == 0, FALSE);

  if (!queries_init (&prepared, &self->file.layout, queries, n_queries, error)
      || !kalon_index_file_map (&self->file, error))
    return FALSE;

  best = g_new0 (KalonIndexBest, n_queries);
  for (gsize i = 0; i < n_queries; i++)
    best[i] = (KalonIndexBest){ .items = neighbours + i * k, .k = k };
  n_groups = (self->file.n_rows + KALON_INDEX_GROUP_ROWS - 1) / KALON_INDEX_GROUP_ROWS;
  for (gsize group = 0; k > 0 && group < n_groups; group++)
    {
      guint64 word = allowed ? allowed[group] : G_MAXUINT64;

      if (group % GROUPS_PER_CHECK == 0
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize i = 0; word != 0 && i < n_queries; i++)
        kalon_index_scan_group (&self->file, loops, group, word, &prepared.items[i], &best[i]);
    }
  for (gsize i = 0; i < n_queries; i++)
    {
      kalon_index_best_sort (&best[i]);
      n_found[i] = best[i].n;
    }
  return TRUE;
}

gboolean
kalon_index_score (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                   float *similarities, GCancellable *cancellable, GError **error)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();
  g_auto (Queries) prepared = { NULL };
  gsize stride;

  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  g_return_val_if_fail (queries != NULL || n_queries == 0, FALSE);

  if (!queries_init (&prepared, &self->file.layout, queries, n_queries, error)
      || !kalon_index_file_map (&self->file, error))
    return FALSE;

  stride = self->file.layout.stride;
  for (gsize row = 0; row < self->file.n_rows; row++)
    {
      KalonIndexRows rows = kalon_index_file_rows (&self->file, row);

      if (row % (GROUPS_PER_CHECK * KALON_INDEX_GROUP_ROWS) == 0
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize i = 0; i < n_queries; i++)
        similarities[i * self->file.n_rows + row]
            = loops->dot_half (rows.halves, prepared.items[i].values, stride);
    }
  return TRUE;
}
