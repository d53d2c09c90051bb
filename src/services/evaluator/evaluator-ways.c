/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queries of a collection, ranked one way. */
#include "evaluator/kalon-evaluator-private.h"

#include <math.h>

#define TOP 10

/* The rank of a picture that is not in a list. */
#define NOWHERE G_MAXUINT

static void
fill_top (const KalonAlignCollection *collection, const GArray *list, double *figures)
{
  guint n = MIN (TOP, list->len), n_judged = 0, n_scored = 0;
  double judged = 0, own = 0, better = 0;

  for (guint i = 0; i < n; i++)
    {
      const KalonResult *result = &g_array_index (list, KalonResult, i);
      gpointer place;

      if (isfinite (result->aesthetic))
        {
          own += result->aesthetic;
          n_scored++;
        }
      if (g_hash_table_lookup_extended (collection->places, &result->picture, NULL, &place))
        {
          guint number = GPOINTER_TO_UINT (place);

          judged
              += g_array_index (collection->pairs, KalonAlignPair, number / 2).judged[number % 2];
          n_judged++;
          better += number % 2 == 0;
        }
    }
  figures[KALON_ALIGN_JUDGED] = n_judged > 0 ? judged / n_judged : 0;
  figures[KALON_ALIGN_OWN] = n_scored > 0 ? own / n_scored : 0;
  figures[KALON_ALIGN_BETTER] = n > 0 ? better / n : 0;
}

static void
fill_twins (const KalonAlignPair *pair, const GArray *list, double *figures)
{
  guint ranks[2] = { NOWHERE, NOWHERE };
  float scores[2] = { 0, 0 };

  for (guint i = 0; i < list->len; i++)
    for (guint side = 0; side < 2; side++)
      if (g_array_index (list, KalonResult, i).picture == pair->pictures[side])
        {
          ranks[side] = i;
          scores[side] = g_array_index (list, KalonResult, i).score;
        }
  figures[KALON_ALIGN_TWINS] = scores[0] == scores[1] ? 0.5 : ranks[0] < ranks[1];
  figures[KALON_ALIGN_RECALL_EITHER] = MIN (ranks[0], ranks[1]) < TOP;
  figures[KALON_ALIGN_RECALL_BETTER] = ranks[0] < TOP;
}

static KalonResults *
search (KalonSearcher *searcher, const char *text, const KalonAlignWay *way, float share,
        KalonRephraseRequest *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonRephrasing) rephrasing = NULL;
  KalonAlignment alignment
      = { .rephrase = share, .aesthetic = way->aesthetic, .adapter = way->adapter != NULL };

  request->query = text;
  if (way->style != KALON_REPHRASE_ORIGINAL)
    {
      request->style = way->style;
      rephrasing = kalon_rephrase_built_in (request);
      alignment.rephrased = rephrasing->text;
    }
  kalon_query_add_term (query, KALON_TERM_TEXT, text, 1);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  return kalon_searcher_search (searcher, query, cancellable, error);
}

double *
kalon_evaluator_rank_way (KalonEvaluator *self, KalonSearcher *searcher,
                          const KalonAlignCollection *collection, const KalonAlignWay *way,
                          float share, GCancellable *cancellable, GError **error)
{
  gsize n = collection->queries->len;
  g_autofree double *figures = g_new0 (double, n *KALON_N_ALIGN_FIGURES);
  g_autoptr (KalonTokenizer) tokenizer = kalon_tokenizer_new (self->model_directory, error);
  KalonRephraseRequest request
      = { .tokenizer = tokenizer,
          .context_length = kalon_encoder_get_config (self->encoder)->context_length };

  if (tokenizer == NULL)
    return NULL;
  kalon_searcher_try_adapter (searcher, way->adapter);
  for (gsize i = 0; i < n; i++)
    {
      const KalonAlignQuery *query = &g_array_index (collection->queries, KalonAlignQuery, i);
      const KalonAlignPair *pair = &g_array_index (collection->pairs, KalonAlignPair, query->pair);
      g_autoptr (KalonResults) results
          = search (searcher, query->text, way, share, &request, cancellable, error);

      if (results == NULL)
        return NULL;
      kalon_evaluator_tell (self, KALON_EVALUATOR_RANKING, i, n);
      fill_top (collection, results->aligned, figures + i * KALON_N_ALIGN_FIGURES);
      fill_twins (pair, results->aligned, figures + i * KALON_N_ALIGN_FIGURES);
    }
  return g_steal_pointer (&figures);
}
