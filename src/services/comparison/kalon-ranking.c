/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "comparison/kalon-comparison.h"

#include <math.h>

KalonRanking *
kalon_ranking_new (GArray *results, GArray *folded)
{
  KalonRanking *self;
  GHashTable *ranks, *leaders;

  g_return_val_if_fail (results != NULL, NULL);

  ranks = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < results->len; i++)
    g_hash_table_insert (ranks, &g_array_index (results, KalonResult, i).picture,
                         GUINT_TO_POINTER (i + 1));
  leaders = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  for (guint i = 0; folded != NULL && i < folded->len; i++)
    {
      const KalonFolded *behind = &g_array_index (folded, KalonFolded, i);

      g_hash_table_insert (leaders, g_memdup2 (&behind->result.picture, sizeof (gint64)),
                           g_memdup2 (&behind->leader, sizeof (gint64)));
    }
  self = g_atomic_rc_box_new (KalonRanking);
  *self = (KalonRanking){ g_array_ref (results), leaders, ranks };
  return self;
}

KalonRanking *
kalon_ranking_ref (KalonRanking *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  KalonRanking *self = data;

  g_hash_table_unref (self->ranks);
  g_hash_table_unref (self->leaders);
  g_array_unref (self->results);
}

void
kalon_ranking_unref (KalonRanking *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

guint
kalon_ranking_find (const KalonRanking *self, gint64 picture)
{
  const gint64 *first;

  g_return_val_if_fail (self != NULL, 0);

  first = g_hash_table_lookup (self->leaders, &picture);
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->ranks, first != NULL ? first : &picture));
}

guint
kalon_ranking_count_common (const KalonRanking *a, const KalonRanking *b, guint k, guint *n)
{
  guint common = 0;

  g_return_val_if_fail (a != NULL && b != NULL && n != NULL, 0);

  for (guint i = 0; i < MIN (a->results->len, k); i++)
    {
      guint rank = kalon_ranking_find (b, g_array_index (a->results, KalonResult, i).picture);

      common += rank > 0 && rank <= k;
    }
  *n = MIN (MAX (a->results->len, b->results->len), k);
  return common;
}

double
kalon_ranking_get_mean_aesthetic (const KalonRanking *self, guint k)
{
  double sum = 0;
  guint n = 0;

  g_return_val_if_fail (self != NULL, NAN);

  for (guint i = 0; i < MIN (self->results->len, k); i++)
    {
      float aesthetic = g_array_index (self->results, KalonResult, i).aesthetic;

      if (isfinite (aesthetic))
        {
          sum += aesthetic;
          n++;
        }
    }
  return n > 0 ? sum / n : NAN;
}
