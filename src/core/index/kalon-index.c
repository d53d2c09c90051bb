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
  KalonIndexDevice *device; /* (nullable): of the last search on one */
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

  g_clear_pointer (&self->device, kalon_index_device_free);
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
  const GBytes *mapping;
  gboolean done;

  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  mapping = self->file.mapping;
  done = kalon_index_file_refresh (&self->file, n_rows, error);
  /* Another file has taken the place of the one that the device holds. */
  if (self->file.mapping != mapping)
    g_clear_pointer (&self->device, kalon_index_device_free);
  return done;
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
  /* Rows that the device holds may come again with other contents. */
  g_clear_pointer (&self->device, kalon_index_device_free);
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

static KalonIndexDevice *
get_device (KalonIndex *self, KalonDevice *device)
{
  if (self->device == NULL || kalon_index_device_get_device (self->device) != device)
    {
      g_clear_pointer (&self->device, kalon_index_device_free);
      self->device = kalon_index_device_new (device, !kalon_device_get_info (device)->is_cpu);
    }
  return self->device;
}

/* Every group for every query while its codes are in the processor's cache. */
static gboolean
scan_all (KalonIndex *self, const KalonIndexQuery *queries, gsize n_queries, const guint64 *allowed,
          KalonIndexBest *best, GCancellable *cancellable, GError **error)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();
  gsize n_groups = kalon_index_file_n_groups (&self->file);

  for (gsize group = 0; group < n_groups; group++)
    {
      guint64 word = allowed ? allowed[group] : G_MAXUINT64;

      if (group % GROUPS_PER_CHECK == 0
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize i = 0; word != 0 && i < n_queries; i++)
        kalon_index_scan_group (&self->file, loops, group, word, &queries[i], &best[i]);
    }
  return TRUE;
}

/* Only the groups whose bound @bounds: [n_groups] leaves a chance. The k groups with the highest
 * bounds go first: after them the worst kept row is good enough to rule out nearly all others. */
static gboolean
scan_bounded (KalonIndex *self, const KalonIndexQuery *query, const guint64 *allowed, float *bounds,
              KalonIndexBest *best, GCancellable *cancellable, GError **error)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();
  gsize n_groups = kalon_index_file_n_groups (&self->file);
  KalonIndexBest first = { .k = MIN (best->k, n_groups) };
  g_autofree KalonNeighbour *items = g_new (KalonNeighbour, first.k);

  first.items = items;
  for (gsize group = 0; group < n_groups; group++)
    kalon_index_best_add (&first, (guint32) group, bounds[group]);
  kalon_index_best_sort (&first);

  for (gsize i = 0; i < first.n + n_groups; i++)
    {
      gsize group = i < first.n ? items[i].row : i - first.n;
      float bound = bounds[group];

      if (i % GROUPS_PER_CHECK == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (bound == -INFINITY || (best->n == best->k && bound < best->items[0].similarity))
        continue;
      kalon_index_scan_group (&self->file, loops, group, allowed ? allowed[group] : G_MAXUINT64,
                              query, best);
      bounds[group] = -INFINITY; /* seen */
    }
  return TRUE;
}

static gboolean
scan_on_device (KalonIndex *self, KalonDevice *device, const KalonIndexQuery *queries,
                gsize n_queries, const guint64 *allowed, KalonIndexBest *best,
                GCancellable *cancellable, GError **error)
{
  gsize n_groups = kalon_index_file_n_groups (&self->file);
  g_autofree float *bounds = g_new (float, n_queries *n_groups);

  if (g_cancellable_set_error_if_cancelled (cancellable, error)
      || !kalon_index_device_bounds (get_device (self, device), &self->file, queries, n_queries,
                                     allowed, bounds, error))
    return FALSE;
  for (gsize i = 0; i < n_queries; i++)
    if (!scan_bounded (self, &queries[i], allowed, bounds + i * n_groups, &best[i], cancellable,
                       error))
      return FALSE;
  return TRUE;
}

gboolean
kalon_index_search (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                    const guint64 *allowed, gsize k, KalonNeighbour *neighbours, gsize *n_found,
                    GCancellable *cancellable, GError **error)
{
  g_auto (Queries) prepared = { NULL };
  g_autofree KalonIndexBest *best = NULL;
  gboolean done;

  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  g_return_val_if_fail (queries != NULL || n_queries == 0, FALSE);

  if (!queries_init (&prepared, &self->file.layout, queries, n_queries, error)
      || !kalon_index_file_map (&self->file, error))
    return FALSE;

  best = g_new0 (KalonIndexBest, n_queries);
  for (gsize i = 0; i < n_queries; i++)
    best[i] = (KalonIndexBest){ .items = neighbours + i * k, .k = k };
  if (k == 0 || self->file.n_rows == 0 || n_queries == 0)
    done = TRUE;
  else if (device)
    done = scan_on_device (self, device, prepared.items, n_queries, allowed, best, cancellable,
                           error);
  else
    done = scan_all (self, prepared.items, n_queries, allowed, best, cancellable, error);
  if (!done)
    return FALSE;

  for (gsize i = 0; i < n_queries; i++)
    {
      kalon_index_best_sort (&best[i]);
      n_found[i] = best[i].n;
    }
  return TRUE;
}

static gboolean
score_all (KalonIndex *self, const KalonIndexQuery *queries, gsize n_queries, float *similarities,
           GCancellable *cancellable, GError **error)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();
  gsize n_rows = self->file.n_rows;

  for (gsize row = 0; row < n_rows; row++)
    {
      KalonIndexRows rows = kalon_index_file_rows (&self->file, row);

      if (row % (GROUPS_PER_CHECK * KALON_INDEX_GROUP_ROWS) == 0
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (gsize i = 0; i < n_queries; i++)
        similarities[i * n_rows + row]
            = loops->dot_half (rows.halves, queries[i].values, self->file.layout.stride);
    }
  return TRUE;
}

gboolean
kalon_index_score (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                   float *similarities, GCancellable *cancellable, GError **error)
{
  g_auto (Queries) prepared = { NULL };

  g_return_val_if_fail (KALON_IS_INDEX (self), FALSE);
  g_return_val_if_fail (queries != NULL || n_queries == 0, FALSE);

  if (!queries_init (&prepared, &self->file.layout, queries, n_queries, error)
      || !kalon_index_file_map (&self->file, error))
    return FALSE;
  if (device == NULL || self->file.n_rows == 0 || n_queries == 0)
    return score_all (self, prepared.items, n_queries, similarities, cancellable, error);
  return !g_cancellable_set_error_if_cancelled (cancellable, error)
         && kalon_index_device_score (get_device (self, device), &self->file, prepared.items,
                                      n_queries, similarities, error);
}
