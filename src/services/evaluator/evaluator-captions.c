/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

GPtrArray *
kalon_evaluator_list_texts (const KalonCaptioned *captioned, const guint8 *is_good, gsize *first,
                            gsize *n_pictures)
{
  GPtrArray *texts = g_ptr_array_new ();

  *n_pictures = 0;
  first[0] = 0;
  for (guint i = 0; i < captioned->paths->len; i++)
    if (is_good[i])
      {
        g_ptr_array_extend (texts, g_ptr_array_index (captioned->captions, i), NULL, NULL);
        first[++*n_pictures] = texts->len;
      }
  return texts;
}

/* All but the nDCG. @clusters: (nullable): [n] */
static void
measure (const guint32 *ranks, const guint32 *clusters, gsize n, KalonRecallFigures *figures)
{
  g_autofree double *hits = g_new (double, n);
  g_autofree double *reciprocals = g_new (double, n);

  for (guint c = 0; c < KALON_EVALUATOR_N_RECALLS; c++)
    {
      for (gsize i = 0; i < n; i++)
        hits[i] = ranks[i] <= kalon_evaluator_recall_cuts[c];
      kalon_metrics_bootstrap (hits, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                               &figures->recall[c]);
    }
  figures->median_rank = kalon_metrics_get_median_rank (ranks, n);
  for (gsize i = 0; i < n; i++)
    reciprocals[i] = 1.0 / ranks[i];
  kalon_metrics_bootstrap (reciprocals, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                           &figures->mrr);
}

/* @ranks: those of query i are first[i] .. first[i + 1] - 1, sorted; @first: (nullable): one each
 */
static void
measure_ndcg (const guint32 *ranks, const gsize *first, const guint32 *clusters, gsize n,
              KalonEstimate *ndcg)
{
  g_autofree double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    {
      gsize begin = first != NULL ? first[i] : i;
      gsize end = first != NULL ? first[i + 1] : i + 1;

      values[i]
          = kalon_metrics_get_ndcg_of_ranks (ranks + begin, end - begin, KALON_EVALUATOR_NDCG_CUT);
    }
  kalon_metrics_bootstrap (values, clusters, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, ndcg);
}

/* @paths: (element-type filename): [n_pictures] */
static gboolean
rank (KalonEvaluator *self, GPtrArray *paths, const float *pictures, GPtrArray *texts,
      const gsize *first, KalonCaptionFigures *figures, GCancellable *cancellable, GError **error)
{
  g_autofree float *embeddings = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  g_autofree guint32 *picture_ranks = g_new (guint32, figures->n_pictures);
  g_autofree guint32 *text_ranks = g_new (guint32, texts->len);
  g_autofree guint32 *own_ranks = g_new (guint32, texts->len);
  g_autofree guint32 *clusters = g_new (guint32, texts->len);

  if (embeddings == NULL
      || !kalon_evaluator_rank_pairs (self, pictures, figures->n_pictures, first, embeddings,
                                      text_ranks, own_ranks, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < figures->n_pictures; i++)
    {
      picture_ranks[i] = own_ranks[first[i]];
      for (gsize t = first[i]; t < first[i + 1]; t++)
        clusters[t] = (guint32) i;
    }
  measure (text_ranks, clusters, texts->len, &figures->text_to_image);
  measure_ndcg (text_ranks, NULL, clusters, texts->len, &figures->text_to_image.ndcg);
  measure (picture_ranks, NULL, figures->n_pictures, &figures->image_to_text);
  measure_ndcg (own_ranks, first, NULL, figures->n_pictures, &figures->image_to_text.ndcg);
  kalon_evaluator_keep_examples (self, paths, pictures, texts, first, embeddings);
  return TRUE;
}

gboolean
kalon_evaluator_rank_captions (KalonEvaluator *self, const char *captions, const char *images,
                               KalonCaptionFigures *figures, GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_auto (KalonCaptioned) captioned = { 0 };
  g_autofree float *pictures = NULL;
  g_autofree guint8 *is_good = NULL;
  g_autofree gsize *first = NULL;

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), FALSE);
  g_return_val_if_fail (captions != NULL && images != NULL, FALSE);
  g_return_val_if_fail (figures != NULL, FALSE);

  labels = kalon_labels_read (captions, &kalon_caption_form, error);
  if (labels == NULL || !kalon_evaluator_begin (self, cancellable, error))
    return FALSE;
  kalon_labels_group_captions (labels, images, &captioned);
  is_good = g_new0 (guint8, captioned.paths->len);
  first = g_new (gsize, captioned.paths->len + 1);
  pictures = kalon_evaluator_encode_pictures (self, captioned.paths, is_good, NULL, NULL,
                                              cancellable, error);
  if (pictures == NULL)
    return FALSE;
  texts = kalon_evaluator_list_texts (&captioned, is_good, first, &figures->n_pictures);
  figures->n_captions = texts->len;
  if (figures->n_pictures == 0)
    return kalon_evaluator_refuse_empty (images, error);
  for (guint i = 0; i < captioned.paths->len; i++)
    if (is_good[i])
      g_ptr_array_add (paths, g_ptr_array_index (captioned.paths, i));
  return rank (self, paths, pictures, texts, first, figures, cancellable, error);
}
