/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "taste/kalon-taste-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The best tenth, as LAION's rating 9 of 0 to 9. */
#define STEERING_SHARE 10

const char *
kalon_taste_method_get_name (KalonTasteMethod method)
{
  static const char *const names[KALON_TASTE_N_METHODS]
      = { "learned", "rocchio", "nearest", "steering", "aesthetic" };

  g_return_val_if_fail ((guint) method < KALON_TASTE_N_METHODS, NULL);

  return names[method];
}

gboolean
kalon_taste_method_parse (const char *name, KalonTasteMethod *method)
{
  for (guint i = 0; i < KALON_TASTE_N_METHODS; i++)
    if (g_strcmp0 (name, kalon_taste_method_get_name (i)) == 0)
      {
        *method = i;
        return TRUE;
      }
  return FALSE;
}

typedef void (*PictureFunc) (guint32 picture, gboolean liked, gpointer user_data);

/* Liked and not: the chosen ones by their thumbs; what a liked one was chosen over is not. */
static void
foreach_picture (const KalonTasteHistory *history, PictureFunc func, gpointer user_data)
{
  for (gsize i = 0; i < history->n_events; i++)
    {
      const KalonTasteEvent *event = &history->events[i];

      func (event->pictures[event->chosen], event->liked, user_data);
      for (guint32 j = 0; event->liked && j < event->n; j++)
        if (j != event->chosen)
          func (event->pictures[j], FALSE, user_data);
    }
}

typedef struct
{
  const KalonTasteHistory *history;
  gsize first;
  gsize n;
  float *sums[2]; /* [n] each: not liked, liked */
  gsize counts[2];
} Means;

static void
add_to_mean (guint32 picture, gboolean liked, gpointer user_data)
{
  Means *means = user_data;
  const float *features = means->history->features + picture * means->history->n_features;

  kalon_taste_add (means->sums[liked], 1, features + means->first, means->n);
  means->counts[liked]++;
}

void
kalon_taste_rocchio (const KalonTasteHistory *history, gsize first, gsize n, float *direction)
{
  g_autofree float *sums = g_new0 (float, 2 * n);
  Means means = { history, first, n, { sums, sums + n }, { 0 } };

  g_return_if_fail (history != NULL && first + n <= history->n_features && direction != NULL);

  foreach_picture (history, add_to_mean, &means);
  memset (direction, 0, n * sizeof (float));
  for (guint liked = 0; liked < 2; liked++)
    if (means.counts[liked] > 0)
      kalon_taste_add (direction, (liked ? 1.0f : -1.0f) / (float) means.counts[liked],
                       means.sums[liked], n);
}

typedef struct
{
  const KalonTasteHistory *history;
  gsize first;
  gsize n;
  const float *candidate; /* [n] */
  float best[2];
} Nearest;

static float
get_cosine (const float *a, const float *b, gsize n)
{
  float lengths = sqrtf (kalon_taste_dot (a, a, n) * kalon_taste_dot (b, b, n));

  return lengths > 0 ? kalon_taste_dot (a, b, n) / lengths : 0;
}

static void
take_nearest (guint32 picture, gboolean liked, gpointer user_data)
{
  Nearest *nearest = user_data;
  const float *features = nearest->history->features + picture * nearest->history->n_features;
  float cosine = get_cosine (features + nearest->first, nearest->candidate, nearest->n);

  nearest->best[liked] = MAX (nearest->best[liked], cosine);
}

void
kalon_taste_nearest (const KalonTasteHistory *history, gsize first, gsize n, const float *features,
                     gsize n_pictures, float *scores)
{
  g_return_if_fail (history != NULL && first + n <= history->n_features);

  for (gsize i = 0; i < n_pictures; i++)
    {
      Nearest nearest
          = { history, first, n, features + i * history->n_features + first, { -1, -1 } };

      foreach_picture (history, take_nearest, &nearest);
      scores[i] = nearest.best[TRUE] - nearest.best[FALSE];
    }
}

static int
compare_falling (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x < y) - (x > y);
}

void
kalon_taste_steering (const float *embeddings, const float *aesthetics, gsize n, gsize dimension,
                      float *direction)
{
  g_autofree float *sorted = g_new (float, n + 1);
  gsize n_scored = 0;
  float threshold;

  g_return_if_fail (embeddings != NULL && aesthetics != NULL && direction != NULL);

  memset (direction, 0, dimension * sizeof (float));
  for (gsize i = 0; i < n; i++)
    if (isfinite (aesthetics[i]))
      sorted[n_scored++] = aesthetics[i];
  if (n_scored == 0)
    return;
  qsort (sorted, n_scored, sizeof *sorted, compare_falling);
  threshold = sorted[(n_scored - 1) / STEERING_SHARE];
  for (gsize i = 0; i < n; i++)
    if (isfinite (aesthetics[i]) && aesthetics[i] >= threshold)
      kalon_taste_add (direction, 1, embeddings + i * dimension, dimension);
  kalon_taste_add (direction, 1 / sqrtf (kalon_taste_dot (direction, direction, dimension)) - 1,
                   direction, dimension);
}
