/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scores of pictures: by the blend that is set, and by aesthetic models beside each other. */
#include "evaluator/kalon-evaluator-private.h"

#include <math.h>

gboolean
kalon_evaluator_load_blend (KalonEvaluator *self, gboolean is_required, GCancellable *cancellable,
                            GError **error)
{
  const char *shares = self->aesthetic_models;

  if (shares == NULL && is_required)
    shares = KALON_AESTHETIC_OWN_ID;
  if (self->blend == NULL
      && !kalon_scorer_load_blend (
          self->model_directory, kalon_encoder_get_model_hash (self->encoder),
          kalon_encoder_get_dimension (self->encoder), shares, &self->blend, error))
    return FALSE;
  return self->blend == NULL
         || kalon_aesthetic_blend_prepare (self->blend, self->encoder, cancellable, error);
}

/* @is_good: (out caller-allocates): [paths->len], zero
 * @members: (out caller-allocates) (nullable): [paths->len, members of @blend]
 * @scores: (out caller-allocates): [paths->len]; both NaN where a picture is a failure
 * Returns: (transfer full): as kalon_evaluator_encode_pictures() */
static float *
score_all (KalonEvaluator *self, const KalonAestheticBlend *blend, GPtrArray *paths,
           guint8 *is_good, float *members, float *scores, GCancellable *cancellable,
           GError **error)
{
  gsize dimension = kalon_encoder_get_dimension (self->encoder);
  guint n_members = kalon_aesthetic_blend_get_n_members (blend);
  g_autofree float *measures = NULL;
  float *embeddings, *embedding;

  if (kalon_aesthetic_blend_needs_measures (blend))
    measures = g_new0 (float, (gsize) paths->len *KALON_N_MEASURES);
  embeddings
      = kalon_evaluator_encode_pictures (self, paths, is_good, measures, NULL, cancellable, error);
  embedding = embeddings;
  for (gsize i = 0; embeddings != NULL && i < paths->len; i++)
    {
      float *row = members != NULL ? members + i * n_members : NULL;

      scores[i] = NAN;
      for (guint m = 0; row != NULL && m < n_members; m++)
        row[m] = NAN;
      if (!is_good[i])
        continue;
      scores[i] = kalon_aesthetic_blend_score (
          blend, embedding, measures != NULL ? measures + i * KALON_N_MEASURES : NULL, row);
      embedding += dimension;
    }
  return embeddings;
}

float *
kalon_evaluator_encode_and_score (KalonEvaluator *self, GPtrArray *paths, guint8 *is_good,
                                  float *scores, GCancellable *cancellable, GError **error)
{
  return score_all (self, self->blend, paths, is_good, NULL, scores, cancellable, error);
}

float *
kalon_evaluator_score_files (KalonEvaluator *self, GPtrArray *paths, GCancellable *cancellable,
                             GError **error)
{
  g_autofree guint8 *is_good = g_new0 (guint8, paths->len);
  g_autofree float *scores = g_new (float, paths->len);
  g_autofree float *embeddings = NULL;

  if (!kalon_evaluator_load_blend (self, TRUE, cancellable, error))
    return NULL;
  embeddings = score_all (self, self->blend, paths, is_good, NULL, scores, cancellable, error);
  return embeddings != NULL ? g_steal_pointer (&scores) : NULL;
}

KalonAestheticBlend *
kalon_evaluator_load_members (KalonEvaluator *self, const char *models, GCancellable *cancellable,
                              GError **error)
{
  const char *hash = kalon_encoder_get_model_hash (self->encoder);
  g_autoptr (KalonAestheticBlend) blend = NULL;
  g_autofree char *all = NULL;

  if (models == NULL)
    {
      g_auto (GStrv) ids = kalon_scorer_list_members (self->model_directory, hash);

      for (guint i = KALON_AESTHETIC_MAX_MEMBERS; i < g_strv_length (ids);)
        g_clear_pointer (&ids[i], g_free);
      all = g_strjoinv (",", ids);
      models = all;
    }
  if (!kalon_scorer_load_blend (self->model_directory, hash,
                                kalon_encoder_get_dimension (self->encoder), models, &blend, error)
      || !kalon_aesthetic_blend_prepare (blend, self->encoder, cancellable, error))
    return NULL;
  return g_steal_pointer (&blend);
}

gboolean
kalon_evaluator_score_members (KalonEvaluator *self, const char *models, GPtrArray *paths,
                               KalonMemberScores *scores, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonAestheticBlend) blend
      = kalon_evaluator_load_members (self, models, cancellable, error);
  g_autofree float *blended = g_new (float, paths->len);

  if (blend == NULL)
    return FALSE;
  scores->n = kalon_aesthetic_blend_get_n_members (blend);
  scores->ids = g_new0 (char *, scores->n + 1);
  for (guint m = 0; m < scores->n; m++)
    scores->ids[m] = g_strdup (kalon_aesthetic_blend_get_id (blend, m));
  scores->is_good = g_new0 (guint8, paths->len);
  scores->scores = g_new (float, (gsize) paths->len * scores->n);
  scores->embeddings = score_all (self, blend, paths, scores->is_good, scores->scores, blended,
                                  cancellable, error);
  return scores->embeddings != NULL;
}

void
kalon_member_scores_clear (KalonMemberScores *scores)
{
  g_clear_pointer (&scores->ids, g_strfreev);
  g_clear_pointer (&scores->is_good, g_free);
  g_clear_pointer (&scores->scores, g_free);
  g_clear_pointer (&scores->embeddings, g_free);
}
