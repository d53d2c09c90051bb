/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aesthetic models beside people's ratings. */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"

#include <math.h>

/* Of the scale of aesthetic scores, 0 to 10. */
#define SCORE_MIDDLE 5

static void
row_free (gpointer data)
{
  KalonRatingRow *row = data;

  g_free (row->model);
  g_free (row);
}

void
kalon_rating_figures_free (KalonRatingFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_ptr_array_unref (figures->rows);
  g_free (figures);
}

/* @scores, @ratings: [n] */
static KalonRatingRow *
measure (const char *model, const double *scores, const double *ratings, gsize n, double threshold)
{
  KalonRatingRow *row = g_new0 (KalonRatingRow, 1);
  g_autofree double *hits = g_new (double, n);

  row->model = g_strdup (model);
  for (gsize i = 0; i < n; i++)
    hits[i] = (scores[i] > SCORE_MIDDLE) == (ratings[i] > threshold);
  kalon_metrics_bootstrap (hits, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                           &row->accuracy);
  kalon_metrics_bootstrap_correlation (kalon_metrics_get_spearman, scores, ratings, n,
                                       KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, &row->spearman);
  kalon_metrics_bootstrap_correlation (kalon_metrics_get_pearson, scores, ratings, n,
                                       KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, &row->pearson);
  return row;
}

/* Leaves only the ratings of good pictures, in front of @values; returns how many. */
static gsize
keep_good (const KalonRatings *ratings, const KalonMemberScores *scores, double *values)
{
  gsize n = 0;

  for (guint i = 0; i < ratings->paths->len; i++)
    if (scores->is_good[i])
      values[n++] = g_array_index (ratings->ratings, double, i);
  return n;
}

static void
summarise (const KalonRatings *ratings, const KalonMemberScores *scores, const double *values,
           KalonRatingFigures *figures)
{
  gsize n = figures->n_pictures, n_above = 0;
  g_autofree double *column = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    n_above += values[i] > ratings->threshold;
  figures->threshold = ratings->threshold;
  figures->majority = (double) MAX (n_above, n - n_above) / (double) n;
  for (guint m = 0; m < scores->n; m++)
    {
      gsize next = 0;

      for (guint i = 0; i < ratings->paths->len; i++)
        if (scores->is_good[i])
          column[next++] = scores->scores[(gsize) i * scores->n + m];
      g_ptr_array_add (figures->rows,
                       measure (scores->ids[m], column, values, n, ratings->threshold));
    }
}

KalonRatingFigures *
kalon_evaluator_correlate_ratings (KalonEvaluator *self, const char *ratings, const char *images,
                                   const char *models, double threshold, GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (KalonRatingFigures) figures = g_new0 (KalonRatingFigures, 1);
  g_auto (KalonRatings) read = { 0 };
  g_auto (KalonMemberScores) scores = { 0 };
  g_autofree double *values = NULL;

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (ratings != NULL && images != NULL, NULL);

  figures->rows = g_ptr_array_new_with_free_func (row_free);
  if (!kalon_evaluator_read_ratings (ratings, images, &read, error)
      || !kalon_evaluator_begin (self, cancellable, error)
      || !kalon_evaluator_score_members (self, models, read.paths, &scores, cancellable, error))
    return NULL;
  if (!isnan (threshold))
    read.threshold = threshold;
  values = g_new (double, read.paths->len);
  figures->n_pictures = keep_good (&read, &scores, values);
  if (figures->n_pictures < KALON_EVALUATOR_MIN_RATED)
    {
      g_autofree char *name = g_filename_display_name (images);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "Only %" G_GSIZE_FORMAT " rated pictures could be read below %s; a correlation "
                   "needs %d. Check the folder and the names.",
                   figures->n_pictures, name, KALON_EVALUATOR_MIN_RATED);
      return NULL;
    }
  summarise (&read, &scores, values, figures);
  return g_steal_pointer (&figures);
}
