/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to rank, and the queries of a collection ranked one way. */
#include "evaluator/kalon-evaluator-private.h"

#include <math.h>

#define TOP 10

/* The rank of a picture that is not in a list. */
#define NOWHERE G_MAXUINT

static void
way_clear (gpointer data)
{
  KalonAlignWay *way = data;

  g_free (way->name);
}

/* @adapter: (nullable): what it is called */
static void
add_way (GArray *ways, const char *name, KalonHpirRole role, KalonRephraseStyle style,
         float aesthetic, const KalonAdapter *adapter, const char *adapter_name)
{
  KalonAlignWay way = { NULL, role, style, aesthetic, adapter };

  way.name = adapter != NULL ? g_strdup_printf ("%s, %s", name, adapter_name) : g_strdup (name);
  g_array_append_val (ways, way);
}

/* "image"; the second one of that kind "image 2". */
static char *
dup_adapter_name (KalonAdapter *const *adapters, guint i)
{
  KalonAdapterKind kind = kalon_adapter_get_kind (adapters[i]);
  guint n = 1;

  for (guint j = 0; j < i; j++)
    n += kalon_adapter_get_kind (adapters[j]) == kind;
  return n == 1 ? g_strdup (kalon_adapter_kind_get_name (kind))
                : g_strdup_printf ("%s %u", kalon_adapter_kind_get_name (kind), n);
}

static void
add_adapters (GArray *ways, const char *name, KalonHpirRole role, KalonRephraseStyle style,
              float aesthetic, KalonAdapter *const *adapters, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *adapter_name = dup_adapter_name (adapters, i);

      add_way (ways, name, role, style, aesthetic, adapters[i], adapter_name);
    }
}

GArray *
kalon_evaluator_list_ways (KalonRephraseStyle style, float aesthetic, KalonAdapter *const *adapters,
                           guint n_adapters)
{
  const KalonRephraseStyle none = KALON_REPHRASE_ORIGINAL;
  GArray *ways = g_array_new (FALSE, FALSE, sizeof (KalonAlignWay));

  g_array_set_clear_func (ways, way_clear);
  add_way (ways, "baseline", KALON_HPIR_BASELINE, none, 0, NULL, NULL);
  add_way (ways, "repeat (control)", KALON_HPIR_CONTROL, KALON_REPHRASE_REPEAT, 0, NULL, NULL);
  add_way (ways, "reorg (control)", KALON_HPIR_CONTROL, KALON_REPHRASE_REORG, 0, NULL, NULL);
  add_way (ways, "rephrase", KALON_HPIR_PART, style, 0, NULL, NULL);
  add_way (ways, "aesthetics", KALON_HPIR_PART, none, aesthetic, NULL, NULL);
  add_adapters (ways, "DPO", KALON_HPIR_PART, none, 0, adapters, n_adapters);
  add_way (ways, "rephrase + aesthetics", n_adapters > 0 ? KALON_HPIR_SEVERAL : KALON_HPIR_ALIGNED,
           style, aesthetic, NULL, NULL);
  add_adapters (ways, "aesthetics + DPO", KALON_HPIR_SEVERAL, none, aesthetic, adapters,
                n_adapters);
  add_adapters (ways, "all", KALON_HPIR_ALIGNED, style, aesthetic, adapters, n_adapters);
  return ways;
}

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

/* Mean of 1 - cosine over the pairs of the best, by the encoder as it is: with v of unit length the
 * products of all with all add up to |sum v|^2, and those of each with itself are taken off. */
static gboolean
fill_diversity (const KalonAlignCollection *collection, const GArray *list, double *figures,
                GError **error)
{
  gsize dimension = kalon_index_get_dimension (collection->index);
  g_autofree float *embedding = g_new (float, dimension);
  g_autofree double *sum = g_new0 (double, dimension);
  guint n = MIN (TOP, list->len);
  double squares = 0, lengths = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!kalon_index_get_row (collection->index, g_array_index (list, KalonResult, i).row,
                                embedding, error))
        return FALSE;
      for (gsize d = 0; d < dimension; d++)
        {
          sum[d] += embedding[d];
          lengths += (double) embedding[d] * embedding[d];
        }
    }
  for (gsize d = 0; d < dimension; d++)
    squares += sum[d] * sum[d];
  figures[KALON_ALIGN_DIVERSITY] = n > 1 ? 1 - (squares - lengths) / ((double) n * (n - 1)) : 0;
  return TRUE;
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
      if (!fill_diversity (collection, results->aligned, figures + i * KALON_N_ALIGN_FIGURES,
                           error))
        return NULL;
      fill_top (collection, results->aligned, figures + i * KALON_N_ALIGN_FIGURES);
      fill_twins (pair, results->aligned, figures + i * KALON_N_ALIGN_FIGURES);
    }
  return g_steal_pointer (&figures);
}
