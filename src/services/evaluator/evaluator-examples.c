/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What some captions found, to be looked at. */
#include "evaluator/kalon-evaluator-private.h"

/* What fits into a row. */
#define N_PICTURES 5

void
kalon_example_free (KalonExample *example)
{
  if (example == NULL)
    return;
  g_free (example->query);
  g_ptr_array_unref (example->paths);
  g_free (example);
}

void
kalon_evaluator_set_n_examples (KalonEvaluator *self, guint n)
{
  g_return_if_fail (KALON_IS_EVALUATOR (self));
  self->n_examples = n;
}

GPtrArray *
kalon_evaluator_get_examples (KalonEvaluator *self)
{
  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  return self->examples;
}

typedef struct
{
  const float *similarities;
  gsize own;
} Order;

/* Of equals the caption's own picture is last, as in the figures. */
static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Order *order = user_data;
  gsize x = *(const gsize *) a, y = *(const gsize *) b;

  if (order->similarities[x] > order->similarities[y])
    return -1;
  if (order->similarities[x] < order->similarities[y])
    return 1;
  if (x == order->own || y == order->own)
    return x == order->own ? 1 : -1;
  return x < y ? -1 : 1;
}

static void
add_example (KalonEvaluator *self, const char *query, const float *similarities, gsize own,
             GPtrArray *paths)
{
  KalonExample *example = g_new0 (KalonExample, 1);
  g_autofree gsize *order = g_new (gsize, paths->len);
  Order by = { similarities, own };

  example->query = g_strdup (query);
  example->paths = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < paths->len; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) paths->len, sizeof *order, compare, &by);
  for (guint i = 0; i < paths->len; i++)
    {
      if (i < N_PICTURES)
        g_ptr_array_add (example->paths, g_strdup (g_ptr_array_index (paths, order[i])));
      if (order[i] == own)
        example->rank = i + 1;
    }
  g_ptr_array_add (self->examples, example);
}

void
kalon_evaluator_keep_examples (KalonEvaluator *self, GPtrArray *paths, const float *pictures,
                               GPtrArray *texts, const gsize *first, const float *embeddings)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  g_autofree float *similarities = g_new (float, paths->len);
  gsize n = MIN (self->n_examples, texts->len), own = 0;

  for (gsize e = 0; e < n; e++)
    {
      gsize t = (2 * e + 1) * texts->len / (2 * n);

      while (first[own + 1] <= t)
        own++;
      for (gsize i = 0; i < paths->len; i++)
        {
          similarities[i] = 0;
          for (gsize d = 0; d < dimension; d++)
            similarities[i] += pictures[i * dimension + d] * embeddings[t * dimension + d];
        }
      add_example (self, g_ptr_array_index (texts, t), similarities, own, paths);
    }
}
