/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include <stdlib.h>

/* Rows at a time: enough for the matrix product to run at its full speed. */
#define MAX_ROWS 256
/* Similarities held at a time, 16 MB. */
#define MAX_PIECE (4 * 1024 * 1024)
/* Texts that are compared with all pictures in one pass; with @MAX_ROWS half a piece. */
#define MAX_TEXTS 8192

gboolean
kalon_evaluator_score (KalonEvaluator *self, const float *rows, gsize n_rows, const float *columns,
                       gsize n_columns, KalonEvaluatorRowFunc func, gpointer user_data,
                       GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  gsize n_piece = MIN (n_rows, CLAMP (MAX_PIECE / n_columns, 1, MAX_ROWS));
  const gsize in_shape[] = { n_piece, dimension };
  const gsize out_shape[] = { n_piece, n_columns };
  g_autofree float *similarities = g_new (float, n_piece *n_columns);
  g_autoptr (KalonLinear) linear = NULL;
  g_autoptr (KalonTensor) x = NULL;
  g_autoptr (KalonTensor) y = NULL;

  linear
      = kalon_nn_linear_new (self->nn, columns, NULL, n_columns, dimension, KALON_DTYPE_F32, error);
  x = linear != NULL ? kalon_nn_tensor_new (self->nn, 2, in_shape, error) : NULL;
  y = x != NULL ? kalon_nn_tensor_new (self->nn, 2, out_shape, error) : NULL;
  if (y == NULL)
    return FALSE;
  for (gsize first = 0; first < n_rows; first += n_piece)
    {
      gsize n = MIN (n_piece, n_rows - first);

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_tensor_write (x, 0, rows + first * dimension, n * dimension, error)
          || !kalon_nn_linear (self->nn, linear, x, n, KALON_ACTIVATION_NONE, NULL, y, error)
          || !kalon_tensor_read (y, 0, similarities, n * n_columns, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        func (first + i, similarities + i * n_columns, user_data);
    }
  return TRUE;
}

guint
kalon_evaluator_find_top (const float *similarities, gsize n, guint32 *top)
{
  guint n_top = 0;

  for (guint32 i = 0; i < n; i++)
    {
      guint place;

      if (n_top < KALON_EVALUATOR_TOP)
        n_top++;
      else if (!(similarities[i] > similarities[top[n_top - 1]]))
        continue;
      for (place = n_top - 1; place > 0 && similarities[i] > similarities[top[place - 1]]; place--)
        top[place] = top[place - 1];
      top[place] = i;
    }
  return n_top;
}

double
kalon_evaluator_get_overlap (const guint32 *a, const guint32 *b, guint n)
{
  guint shared = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      shared += a[i] == b[j];
  return (double) shared / n;
}

/* Pictures and their texts, of which one run of texts is scored at a time. */
typedef struct
{
  const gsize *first;
  gsize first_picture; /* what row 0 of the scoring is */
  gsize begin;         /* texts of the run, up to but not with @end */
  gsize end;
  float *own;          /* [n_texts] similarity to the own picture */
  guint32 *own_ahead;  /* texts of others that its picture finds before it */
  guint32 *text_ahead; /* pictures that it finds before its own */
} Pairs;

/* The own texts of a run's pictures all lie in the run. By the same matrix product as everything is
 * compared with later, so that equal embeddings are ties to the last bit. */
static void
note_own (gsize row, const float *similarities, gpointer user_data)
{
  Pairs *pairs = user_data;
  gsize picture = pairs->first_picture + row;

  for (gsize t = pairs->first[picture]; t < pairs->first[picture + 1]; t++)
    pairs->own[t] = similarities[t - pairs->begin];
}

static void
count_ahead (gsize row, const float *similarities, gpointer user_data)
{
  Pairs *pairs = user_data;
  gsize n = pairs->end - pairs->begin;
  gsize from = CLAMP (pairs->first[row], pairs->begin, pairs->end);
  gsize to = CLAMP (pairs->first[row + 1], pairs->begin, pairs->end);

  for (gsize t = pairs->first[row]; t < pairs->first[row + 1]; t++)
    pairs->own_ahead[t] += kalon_metrics_count_ahead (similarities, n, pairs->own[t])
                           - kalon_metrics_count_ahead (similarities + (from - pairs->begin),
                                                        to - from, pairs->own[t]);
  kalon_metrics_add_ahead (similarities, pairs->own + pairs->begin, n,
                           pairs->text_ahead + pairs->begin);
  for (gsize t = from; t < to; t++)
    pairs->text_ahead[t] -= !(similarities[t - pairs->begin] < pairs->own[t]);
}

/* Sets the next run of texts: those of whole pictures. Returns: the picture after the last one. */
static gsize
next_run (Pairs *pairs, gsize picture, gsize n_pictures)
{
  pairs->first_picture = picture;
  pairs->begin = pairs->first[picture];
  do
    picture++;
  while (picture < n_pictures && pairs->first[picture + 1] - pairs->begin <= MAX_TEXTS);
  pairs->end = pairs->first[picture];
  return picture;
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

gboolean
kalon_evaluator_rank_pairs (KalonEvaluator *self, const float *pictures, gsize n_pictures,
                            const gsize *first, const float *texts, guint32 *text_ranks,
                            guint32 *own_ranks, GCancellable *cancellable, GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  gsize n_texts = first[n_pictures];
  g_autofree float *own = g_new (float, n_texts);
  Pairs pairs = { .first = first, .own = own, .own_ahead = own_ranks, .text_ahead = text_ranks };

  for (gsize i = 0; i < n_texts; i++)
    text_ranks[i] = own_ranks[i] = 1;

  for (gsize picture = 0, next; picture < n_pictures; picture = next)
    {
      next = next_run (&pairs, picture, n_pictures);
      if (!kalon_evaluator_score (self, pictures + picture * dimension, next - picture,
                                  texts + pairs.begin * dimension, pairs.end - pairs.begin,
                                  note_own, &pairs, cancellable, error))
        return FALSE;
    }
  for (gsize picture = 0; picture < n_pictures;)
    {
      picture = next_run (&pairs, picture, n_pictures);
      kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, pairs.begin, n_texts);
      if (!kalon_evaluator_score (self, pictures, n_pictures, texts + pairs.begin * dimension,
                                  pairs.end - pairs.begin, count_ahead, &pairs, cancellable, error))
        return FALSE;
    }
  for (gsize picture = 0; picture < n_pictures; picture++)
    {
      guint32 *ranks = own_ranks + first[picture];
      gsize n = first[picture + 1] - first[picture];

      qsort (ranks, n, sizeof *ranks, compare_counts);
      for (gsize i = 0; i < n; i++)
        ranks[i] += (guint32) i;
    }
  return TRUE;
}
