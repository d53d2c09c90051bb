/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <math.h>

static inline gboolean
is_worse (const KalonNeighbour *a, const KalonNeighbour *b)
{
  return a->similarity < b->similarity || (a->similarity == b->similarity && a->row > b->row);
}

static void
sift_down (KalonNeighbour *items, gsize n, gsize at)
{
  KalonNeighbour item = items[at];

  for (gsize child = 2 * at + 1; child < n; child = 2 * at + 1)
    {
      if (child + 1 < n && is_worse (&items[child + 1], &items[child]))
        child++;
      if (!is_worse (&items[child], &item))
        break;
      items[at] = items[child];
      at = child;
    }
  items[at] = item;
}

void
kalon_index_best_add (KalonIndexBest *best, guint32 row, float similarity)
{
  KalonNeighbour item = { row, similarity };

  if (best->n < best->k)
    {
      gsize at = best->n++;

      for (; at > 0 && is_worse (&item, &best->items[(at - 1) / 2]); at = (at - 1) / 2)
        best->items[at] = best->items[(at - 1) / 2];
      best->items[at] = item;
    }
  else if (best->k > 0 && is_worse (&best->items[0], &item))
    {
      best->items[0] = item;
      sift_down (best->items, best->n, 0);
    }
}

void
kalon_index_best_sort (KalonIndexBest *best)
{
  for (gsize n = best->n; n > 1; n--)
    {
      KalonNeighbour worst = best->items[0];
      best->items[0] = best->items[n - 1];
      best->items[n - 1] = worst;
      sift_down (best->items, n - 1, 0);
    }
}

void
kalon_index_scan_group (const KalonIndexFile *file, const KalonIndexLoops *loops, gsize group,
                        guint64 allowed, const KalonIndexQuery *query, KalonIndexBest *best)
{
  gsize first = group * KALON_INDEX_GROUP_ROWS, stride = file->layout.stride;
  gsize n = MIN (file->n_rows - first, KALON_INDEX_GROUP_ROWS);
  KalonIndexRows rows = kalon_index_file_rows (file, first);
  gint32 dots[KALON_INDEX_GROUP_ROWS];
  float bounds[KALON_INDEX_GROUP_ROWS];

  loops->dot_codes (rows.codes, query->levels, stride, dots);
  for (gsize i = 0; i < KALON_INDEX_GROUP_ROWS; i++)
    bounds[i] = query->step * rows.scales[i] * (float) (dots[i] - query->zero)
                + query->length * rows.errors[i] + query->slack;

  for (gsize i = 0; i < n; i++)
    {
      /* A row whose bound equals the worst kept one may still win by its lower number. A bound
       * that is no number comes from a damaged file and rules nothing out. */
      if (best->n == best->k && bounds[i] < best->items[0].similarity)
        continue;
      if (!(allowed >> i & 1))
        continue;
      float similarity = loops->dot_half (rows.halves + i * stride, query->values, stride);
      if (isfinite (similarity))
        kalon_index_best_add (best, (guint32) (first + i), similarity);
    }
}
