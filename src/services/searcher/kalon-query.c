/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#include <math.h>

#define DEFAULT_LIMIT 200

KalonTerm *
kalon_term_new (KalonTermKind kind, const char *value, float weight)
{
  KalonTerm *term;

  g_return_val_if_fail (value != NULL, NULL);

  term = g_new (KalonTerm, 1);
  *term = (KalonTerm){ kind, g_strdup (value), weight };
  return term;
}

void
kalon_term_free (KalonTerm *term)
{
  if (term == NULL)
    return;
  g_free (term->value);
  g_free (term);
}

KalonQuery *
kalon_query_new (void)
{
  KalonQuery *self = g_new0 (KalonQuery, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->terms = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_term_free);
  self->limit = DEFAULT_LIMIT;
  self->fold = TRUE;
  self->min_aesthetic = NAN;
  return self;
}

KalonQuery *
kalon_query_ref (KalonQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kalon_query_unref (KalonQuery *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->terms);
  g_clear_pointer (&self->filter, kalon_filter_unref);
  if (self->alignment != NULL)
    g_free (self->alignment->rephrased);
  g_free (self->alignment);
  g_free (self->profile);
  g_free (self);
}

void
kalon_query_add_term (KalonQuery *self, KalonTermKind kind, const char *value, float weight)
{
  g_return_if_fail (self != NULL && value != NULL);

  g_ptr_array_add (self->terms, kalon_term_new (kind, value, weight));
}

GPtrArray *
kalon_query_get_terms (KalonQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->terms;
}

void
kalon_query_set_filter (KalonQuery *self, KalonFilter *filter)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->filter, kalon_filter_unref);
  if (filter != NULL && kalon_filter_get_n_clauses (filter) > 0)
    self->filter = kalon_filter_ref (filter);
}

void
kalon_query_set_limit (KalonQuery *self, gsize limit)
{
  g_return_if_fail (self != NULL);

  self->limit = limit;
}

void
kalon_query_set_strictness (KalonQuery *self, int strictness)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (strictness >= KALON_STRICTNESS_OF_MODEL && strictness <= 100);

  self->strictness = strictness;
}

void
kalon_query_set_fold_duplicates (KalonQuery *self, gboolean fold)
{
  g_return_if_fail (self != NULL);

  self->fold = fold;
}

void
kalon_query_set_alignment (KalonQuery *self, const KalonAlignment *alignment)
{
  g_return_if_fail (self != NULL);

  if (self->alignment != NULL)
    g_free (self->alignment->rephrased);
  g_clear_pointer (&self->alignment, g_free);
  if (alignment == NULL)
    return;
  self->alignment = g_memdup2 (alignment, sizeof *alignment);
  self->alignment->rephrased = g_strdup (alignment->rephrased);
}

void
kalon_query_set_profile (KalonQuery *self, const char *profile)
{
  g_return_if_fail (self != NULL);

  g_free (self->profile);
  self->profile = g_strdup (profile);
}

void
kalon_query_set_min_aesthetic (KalonQuery *self, double score)
{
  g_return_if_fail (self != NULL);

  self->min_aesthetic = score;
}

void
kalon_query_set_sort (KalonQuery *self, KalonSort sort)
{
  g_return_if_fail (self != NULL);

  self->sort = sort;
}

/* The count of references is nobody's business. */
typedef struct
{
  KalonResults public; /* first: a KalonResults * is a Results * */
  gatomicrefcount ref_count;
} Results;

KalonResults *
kalon_results_new (void)
{
  Results *self = g_new0 (Results, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->public.results = g_array_new (FALSE, FALSE, sizeof (KalonResult));
  self->public.folded = g_array_new (FALSE, FALSE, sizeof (KalonFolded));
  return &self->public;
}

KalonResults *
kalon_results_ref (KalonResults *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&((Results *) self)->ref_count);
  return self;
}

void
kalon_results_unref (KalonResults *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&((Results *) self)->ref_count))
    return;
  g_array_unref (self->results);
  g_array_unref (self->folded);
  g_clear_pointer (&self->aligned, g_array_unref);
  g_clear_pointer (&self->aligned_folded, g_array_unref);
  g_free (self);
}

double
kalon_results_get_overlap (const KalonResults *self)
{
  guint common = 0;

  g_return_val_if_fail (self != NULL && self->aligned != NULL, 0);

  for (guint i = 0; i < self->results->len; i++)
    for (guint j = 0; j < self->aligned->len; j++)
      common += g_array_index (self->results, KalonResult, i).picture
                == g_array_index (self->aligned, KalonResult, j).picture;
  return self->results->len > 0 ? (double) common / self->results->len : 1;
}
