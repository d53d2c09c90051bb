/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A domain of pictures in class folders, with and without alignment. */
#include "evaluator/kalon-evaluator-domains-private.h"

#include "calibration/kalon-calibration.h"
#include "errors/kalon-errors.h"

#include <math.h>

const char *const kalon_domain_wordings[]
    = { "{}", "a photo of a {}", "a picture of a {}", "an image that shows a {}", NULL };

void
kalon_domain_figures_free (KalonDomainFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_free (figures->name);
  g_free (figures);
}

void
kalon_domain_scene_clear (KalonDomainScene *scene)
{
  kalon_named_folders_clear (&scene->folders);
  g_clear_pointer (&scene->asked, g_array_unref);
  g_free (scene->typed);
  g_free (scene->rephrased);
  g_free (scene->spreads);
  g_free (scene->images);
  g_free (scene->linear);
  for (guint r = 0; r < G_N_ELEMENTS (scene->rankings); r++)
    {
      g_free (scene->rankings[r].values);
      g_free (scene->rankings[r].top);
    }
}

/* Queries */

static gboolean
encode_queries (KalonDomainScene *scene, KalonEvaluator *self, const char *const *wordings,
                GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonTokenizer) tokenizer = kalon_tokenizer_new (self->model_directory, error);
  g_autoptr (GPtrArray) typed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) rephrased = g_ptr_array_new_with_free_func (g_free);
  KalonRephraseRequest request
      = { .style = scene->task->style,
          .tokenizer = tokenizer,
          .context_length = kalon_encoder_get_config (self->encoder)->context_length };

  if (tokenizer == NULL)
    return FALSE;
  for (guint i = 0; i < scene->asked->len; i++)
    {
      const KalonClassFigures *class = g_ptr_array_index (scene->folders.classes,
                                                          g_array_index (scene->asked, guint32, i));
      /* The texts move into the array, which frees them. */
      g_autofree char **texts = kalon_calibration_dup_prompts (wordings, class->names[0]);

      for (gsize w = 0; texts[w] != NULL; w++)
        {
          g_autoptr (KalonRephrasing) rephrasing = NULL;

          request.query = texts[w];
          rephrasing = kalon_rephrase_built_in (&request);
          g_ptr_array_add (rephrased, g_strdup (rephrasing->text));
          g_ptr_array_add (typed, texts[w]);
        }
    }
  scene->typed = kalon_evaluator_encode_texts (self, typed, cancellable, error);
  if (scene->typed == NULL)
    return FALSE;
  scene->rephrased = kalon_evaluator_encode_texts (self, rephrased, cancellable, error);
  return scene->rephrased != NULL;
}

/* Figures */

static void
estimate (const double *values, gsize n, KalonEstimate *mean)
{
  for (gsize i = 0; i < n; i++)
    if (isnan (values[i]))
      {
        *mean = (KalonEstimate){ NAN, NAN, NAN };
        return;
      }
  kalon_metrics_bootstrap (values, NULL, n, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED, mean);
}

/* Of class @i: the mean over its wordings. */
static double
get_value (const KalonDomainScene *scene, const KalonDomainRanking *ranking, gsize i,
           KalonDomainFigure figure)
{
  gsize first = i * scene->n_wordings;
  double sum = 0;

  if (figure != KALON_DOMAIN_STABILITY)
    {
      for (gsize w = first; w < first + scene->n_wordings; w++)
        sum += ranking->values[w * KALON_N_DOMAIN_FIGURES + figure];
      return sum / (double) scene->n_wordings;
    }
  for (gsize a = first; a < first + scene->n_wordings; a++)
    for (gsize b = first; b < a; b++)
      sum += kalon_evaluator_get_overlap (ranking->top + a * KALON_EVALUATOR_TOP,
                                          ranking->top + b * KALON_EVALUATOR_TOP, ranking->n_top);
  return sum / (double) (scene->n_wordings * (scene->n_wordings - 1) / 2);
}

static void
summarise (const KalonDomainScene *scene, KalonDomainFigures *figures)
{
  const KalonFolderPictures *pictures = &scene->folders.pictures;
  gsize n = scene->asked->len;
  g_autofree double *values = g_new (double, 2 * n);
  g_autofree double *gains = g_new (double, n);

  for (guint f = 0; f < KALON_N_DOMAIN_FIGURES; f++)
    {
      for (gsize i = 0; i < n; i++)
        {
          for (guint r = 0; r < 2; r++)
            values[r * n + i] = get_value (scene, &scene->rankings[r], i, (KalonDomainFigure) f);
          gains[i] = values[n + i] - values[i];
        }
      estimate (values, n, &figures->figures[0][f]);
      estimate (values + n, n, &figures->figures[1][f]);
      estimate (gains, n, &figures->gains[f]);
    }
  for (gsize i = 0; i < n; i++)
    {
      guint32 class = g_array_index (scene->asked, guint32, i);

      values[i] = 0;
      for (gsize q = i * scene->n_wordings; q < (i + 1) * scene->n_wordings; q++)
        values[i] += kalon_evaluator_get_overlap (scene->rankings[0].top + q * KALON_EVALUATOR_TOP,
                                                  scene->rankings[1].top + q * KALON_EVALUATOR_TOP,
                                                  scene->rankings[0].n_top)
                     / (double) scene->n_wordings;
      figures->precision_chance
          += (double) pictures->n_good[class] / (double) (pictures->n_pictures * n);
    }
  estimate (values, n, &figures->overlap);
}

/* Zero-shot, and the same under the adapter. */
static gboolean
classify (const KalonDomainScene *scene, KalonEvaluator *self, KalonDomainFigures *figures,
          GCancellable *cancellable, GError **error)
{
  const KalonNamedFolders *folders = &scene->folders;
  gsize n = folders->pictures.n_pictures, n_classes = folders->classes->len;
  g_autofree guint32 *ranks = g_new (guint32, n);
  g_autofree double *hits = g_new (double, 2 * n);
  g_autofree float *classes = NULL;

  classes = kalon_evaluator_encode_classes (self, folders->classes, folders->templates, cancellable,
                                            error);
  if (classes == NULL)
    return FALSE;
  for (guint r = 0; r < 2; r++)
    {
      const float *images
          = r > 0 && scene->images != NULL ? scene->images : folders->pictures.embeddings;

      if (r > 0 && scene->task->adapter != NULL)
        kalon_adapter_apply_to_queries (scene->task->adapter, classes, n_classes);
      if (!kalon_evaluator_rank_own_classes (self, images, folders->pictures.folder_of, n, classes,
                                             n_classes, ranks, cancellable, error))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        hits[r * n + i] = ranks[i] == 1;
      estimate (hits + r * n, n, &figures->accuracy[r]);
    }
  for (gsize i = 0; i < n; i++)
    hits[i] = hits[n + i] - hits[i];
  estimate (hits, n, &figures->accuracy_gain);
  figures->accuracy_chance = 1.0 / (double) n_classes;
  return TRUE;
}

/* Whether the adapter goes with the model. */
static gboolean
check_adapter (KalonEvaluator *self, const KalonAdapter *adapter, GError **error)
{
  if (adapter == NULL
      || g_str_equal (kalon_adapter_get_model_hash (adapter),
                      kalon_encoder_get_model_hash (self->encoder)))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
               "The adapter belongs to another model. Train one for this model.");
  return FALSE;
}

KalonDomainFigures *
kalon_evaluator_measure_domain (KalonEvaluator *self, const KalonDomainTask *task,
                                GCancellable *cancellable, GError **error)
{
  const char *const *wordings;
  g_autoptr (KalonDomainFigures) figures = g_new0 (KalonDomainFigures, 1);
  g_auto (KalonDomainScene) scene = { .task = task };

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (task != NULL && task->images != NULL, NULL);

  wordings = task->wordings != NULL ? task->wordings : kalon_domain_wordings;
  scene.n_wordings = g_strv_length ((GStrv) wordings);
  g_return_val_if_fail (scene.n_wordings > 1, NULL);
  if (!kalon_evaluator_name_folders (self, task->images, task->names, NULL, TRUE, &scene.folders,
                                     cancellable, error)
      || !check_adapter (self, task->adapter, error))
    return NULL;
  scene.dimension = kalon_encoder_get_dimension (self->encoder);
  scene.asked = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 c = 0; c < scene.folders.classes->len; c++)
    if (scene.folders.pictures.n_good[c] > 0)
      g_array_append_val (scene.asked, c);
  if (!encode_queries (&scene, self, wordings, cancellable, error)
      || !kalon_domain_scene_rank (&scene, self, cancellable, error)
      || !classify (&scene, self, figures, cancellable, error))
    return NULL;
  figures->name = g_strdup (task->name);
  figures->n_pictures = scene.folders.pictures.n_pictures;
  figures->n_classes = scene.asked->len;
  figures->n_wordings = scene.n_wordings;
  figures->n_failed = self->failures->len;
  summarise (&scene, figures);
  return g_steal_pointer (&figures);
}
