/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-preference-set.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"

typedef struct
{
  float score;
  guint32 number;
} Scored;

void
kalon_order_options_init (KalonOrderOptions *options)
{
  g_return_if_fail (options != NULL);

  *options = (KalonOrderOptions){ .k = KALON_ORDER_DEFAULT_K,
                                  .stride = KALON_ORDER_DEFAULT_STRIDE,
                                  .u = KALON_ORDER_DEFAULT_SIDE,
                                  .v = KALON_ORDER_DEFAULT_SIDE };
}

/* Best first; equals as they came. */
static int
compare_scored (gconstpointer a, gconstpointer b)
{
  const Scored *x = a, *y = b;

  if (x->score != y->score)
    return x->score < y->score ? 1 : -1;
  return (x->number > y->number) - (x->number < y->number);
}

/* (transfer full) (element-type Scored): those that have both scores, by the semantic one. */
static GArray *
list_candidates (const float *semantic, const float *aesthetic, gsize n)
{
  GArray *candidates = g_array_new (FALSE, FALSE, sizeof (Scored));

  for (gsize i = 0; i < n; i++)
    if (isfinite (semantic[i]) && isfinite (aesthetic[i]))
      {
        Scored scored = { .score = semantic[i], .number = (guint32) i };
        g_array_append_val (candidates, scored);
      }
  g_array_sort (candidates, compare_scored);
  return candidates;
}

KalonOrder *
kalon_order_new (const float *semantic, const float *aesthetic, gsize n,
                 const KalonOrderOptions *options, GError **error)
{
  g_autoptr (GArray) candidates = NULL;
  KalonOrder *self;
  guint wanted;

  g_return_val_if_fail ((semantic != NULL && aesthetic != NULL) || n == 0, NULL);
  g_return_val_if_fail (n < G_MAXUINT32, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  if (options->k < 1 || options->k > KALON_ORDER_MAX_K || options->stride < 1
      || options->stride > KALON_ORDER_MAX_K || options->u < 1 || options->u > KALON_ORDER_MAX_SIDE
      || options->v < 2 || options->v > KALON_ORDER_MAX_SIDE)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "An order takes the best 1 to %d candidates at a stride of 1 or more, into 1 to "
                   "%d rows and 2 to %d columns.",
                   KALON_ORDER_MAX_K, KALON_ORDER_MAX_SIDE, KALON_ORDER_MAX_SIDE);
      return NULL;
    }
  candidates = list_candidates (semantic, aesthetic, n);
  if (candidates->len > options->k)
    g_array_set_size (candidates, options->k);
  self = g_new0 (KalonOrder, 1);
  self->n_candidates = candidates->len;
  self->columns = options->v;
  self->rows = MIN (options->u, candidates->len / options->v);
  wanted = self->rows * self->columns;
  self->cells = g_new (guint32, MAX (wanted, 1));
  /* The last one taken is (wanted - 1) strides after the first. */
  self->stride = wanted > 0 ? MIN (options->stride, (candidates->len - 1) / (wanted - 1)) : 1;
  for (guint row = 0; row < self->rows; row++)
    {
      Scored level[KALON_ORDER_MAX_SIDE];

      for (guint column = 0; column < self->columns; column++)
        {
          guint at = (row * self->columns + column) * self->stride;
          guint32 number = g_array_index (candidates, Scored, at).number;

          level[column] = (Scored){ .score = aesthetic[number], .number = number };
        }
      qsort (level, self->columns, sizeof *level, compare_scored);
      for (guint column = 0; column < self->columns; column++)
        self->cells[row * self->columns + column] = level[column].number;
    }
  return self;
}

void
kalon_order_free (KalonOrder *self)
{
  if (self == NULL)
    return;
  g_free (self->cells);
  g_free (self);
}

static void
add_pair (GArray *pairs, const float *scores, guint32 winner, guint32 loser, float margin)
{
  const KalonPair pair = { .winner = winner, .loser = loser, .weight = 1 };

  if (scores[winner] - scores[loser] > margin)
    g_array_append_val (pairs, pair);
}

GArray *
kalon_order_list_pairs (guint rows, guint columns, const float *semantic, const float *aesthetic,
                        float semantic_margin, float aesthetic_margin)
{
  GArray *pairs;

  g_return_val_if_fail (semantic != NULL && aesthetic != NULL, NULL);
  g_return_val_if_fail (semantic_margin >= 0 && aesthetic_margin >= 0, NULL);

  pairs = g_array_new (FALSE, FALSE, sizeof (KalonPair));
  for (guint row = 0; row < rows; row++)
    for (guint column = 0; column < columns; column++)
      {
        guint32 cell = row * columns + column;

        for (guint right = column + 1; right < columns; right++)
          add_pair (pairs, aesthetic, cell, row * columns + right, aesthetic_margin);
        for (guint lower = row + 1; lower < rows; lower++)
          add_pair (pairs, semantic, cell, lower * columns + column, semantic_margin);
      }
  return pairs;
}
