/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of an HPIR set, scored one way: as the searcher's aligned ranking scores pictures. */
#include "evaluator/kalon-evaluator-hpir-private.h"

/* Texts */

static char *
dup_text (const KalonHpirItem *item, KalonRephraseStyle style, KalonRephraseRequest *request,
          gsize *n_stored)
{
  const char *stored = g_hash_table_lookup (item->rephrased, kalon_rephrase_style_get_name (style));
  g_autoptr (KalonRephrasing) rephrasing = NULL;

  if (style == KALON_REPHRASE_ORIGINAL)
    return g_strdup (item->query);
  if (stored != NULL && stored[0] != '\0')
    {
      (*n_stored)++;
      return g_strdup (stored);
    }
  request->query = item->query;
  request->style = style;
  rephrasing = kalon_rephrase_built_in (request);
  return g_strdup (rephrasing->text);
}

/* scene->texts of @style: once. */
static gboolean
encode_texts (KalonHpirScene *scene, KalonEvaluator *self, KalonRephraseStyle style,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  KalonRephraseRequest request
      = { .context_length = kalon_encoder_get_config (self->encoder)->context_length };

  if (scene->texts[style] != NULL)
    return TRUE;
  tokenizer = kalon_tokenizer_new (self->model_directory, error);
  if (tokenizer == NULL)
    return FALSE;
  request.tokenizer = tokenizer;
  for (guint i = 0; i < scene->items->len; i++)
    {
      const KalonHpirItem *item
          = g_ptr_array_index (scene->task->set->items, g_array_index (scene->items, guint, i));

      g_ptr_array_add (texts, dup_text (item, style, &request, &scene->n_stored[style]));
    }
  scene->texts[style] = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  return scene->texts[style] != NULL;
}

/* Spreads */

typedef struct
{
  double *spreads;
  gsize n_pictures;
} Spreading;

static void
note_spread (gsize row, const float *similarities, gpointer user_data)
{
  const Spreading *spreading = user_data;

  spreading->spreads[row] = kalon_taste_get_spread (similarities, spreading->n_pictures);
}

/* scene->spreads: once, of the queries as typed. */
static gboolean
measure_spreads (KalonHpirScene *scene, KalonEvaluator *self, GCancellable *cancellable,
                 GError **error)
{
  Spreading spreading = { NULL, scene->n_good };

  if (scene->spreads != NULL)
    return TRUE;
  spreading.spreads = scene->spreads = g_new0 (double, scene->items->len + 1);
  return kalon_evaluator_score (self, scene->texts[KALON_REPHRASE_ORIGINAL], scene->items->len,
                                scene->embeddings, scene->n_good, note_spread, &spreading,
                                cancellable, error);
}

/* Scores */

static float
multiply (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return (float) sum;
}

/* (transfer full): [items, dimension], each of unit length */
static float *
make_queries (const KalonHpirScene *scene, const KalonAlignWay *way)
{
  gsize dimension = scene->dimension, n = scene->items->len;
  const float *typed = scene->texts[KALON_REPHRASE_ORIGINAL];
  float *queries = g_memdup2 (typed, n * dimension * sizeof (float));

  if (way->style != KALON_REPHRASE_ORIGINAL && scene->task->share > 0)
    for (gsize i = 0; i < n; i++)
      kalon_alignment_blend (typed + i * dimension, scene->texts[way->style] + i * dimension,
                             scene->task->share, dimension, queries + i * dimension);
  if (way->adapter != NULL)
    kalon_adapter_apply_to_queries (way->adapter, queries, n);
  return queries;
}

/* What of a picture's score does not depend on the query. */
typedef struct
{
  const float *images; /* as the way sees them */
  const float *linear; /* (nullable): an image adapter's */
} Pictures;

static float
score_picture (const KalonHpirScene *scene, const KalonAlignWay *way, const Pictures *pictures,
               const float *query, guint32 row, double spread)
{
  const float *image = pictures->images + row * scene->dimension;
  float score = multiply (query, image, scene->dimension);

  if (pictures->linear != NULL)
    score += multiply (pictures->linear, image, scene->dimension);
  if (scene->scores != NULL)
    score = kalon_alignment_add_aesthetic (score, scene->scores[row], way->aesthetic, spread);
  return score;
}

double *
kalon_hpir_scene_score (KalonHpirScene *scene, KalonEvaluator *self, const KalonAlignWay *way,
                        GCancellable *cancellable, GError **error)
{
  gsize dimension = scene->dimension;
  g_autofree float *adapted = NULL;
  g_autofree float *queries = NULL;
  g_autofree double *means = g_new (double, 2 * scene->items->len);
  Pictures pictures = { scene->embeddings, NULL };

  if (!encode_texts (scene, self, KALON_REPHRASE_ORIGINAL, cancellable, error)
      || !encode_texts (scene, self, way->style, cancellable, error)
      || !measure_spreads (scene, self, cancellable, error))
    return NULL;
  queries = make_queries (scene, way);
  if (way->adapter != NULL)
    pictures.linear = kalon_adapter_get_linear_term (way->adapter);
  if (way->adapter != NULL && kalon_adapter_changes_images (way->adapter))
    {
      adapted = g_memdup2 (scene->embeddings, scene->n_good * dimension * sizeof (float));
      if (!kalon_adapter_apply_to_images (way->adapter, self->device, adapted, scene->n_good,
                                          cancellable, error))
        return NULL;
      pictures.images = adapted;
    }
  for (gsize i = 0; i < scene->items->len; i++)
    for (guint group = 0; group < 2; group++)
      {
        guint begin = scene->first[2 * i + group], end = scene->first[2 * i + group + 1];
        double sum = 0;

        for (guint j = begin; j < end; j++)
          sum += score_picture (scene, way, &pictures, queries + i * dimension,
                                g_array_index (scene->groups, guint32, j), scene->spreads[i]);
        means[2 * i + group] = sum / (end - begin);
      }
  return g_steal_pointer (&means);
}

guint8 *
kalon_hpir_choose (const double *means, gsize n_items)
{
  guint8 *choices = g_new (guint8, n_items);

  for (gsize i = 0; i < n_items; i++)
    choices[i] = means[2 * i] > means[2 * i + 1]   ? KALON_HPIR_CHOICE_A
                 : means[2 * i] < means[2 * i + 1] ? KALON_HPIR_CHOICE_B
                                                   : KALON_HPIR_CHOICE_NEITHER;
  return choices;
}
