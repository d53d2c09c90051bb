/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of “eval all”: each is an evaluation and its section. */
#include "cli-eval-all-private.h"

#include <math.h>

/* Captions whose results the report shows. */
#define N_EXAMPLES 6

static const char *
miss_captions (const KalonEvalAllOptions *options)
{
  return options->captions == NULL || options->images == NULL ? "--captions and --images" : NULL;
}

static gboolean
rank_captions (KalonEvalAll *all, GError **error)
{
  KalonEvaluator *evaluator = all->run.evaluator;
  KalonCaptionFigures figures;

  kalon_evaluator_set_n_examples (evaluator, N_EXAMPLES);
  if (!kalon_evaluator_rank_captions (evaluator, all->options->captions, all->options->images,
                                      &figures, all->run.cli->cancellable, error))
    return FALSE;
  kalon_evidence_add_captions (all->report, "captions", NULL, &figures,
                               kalon_evaluator_get_examples (evaluator));
  return TRUE;
}

static gboolean
compare_styles (KalonEvalAll *all, GError **error)
{
  const KalonRephraseTask task = {
    .captions = all->options->captions,
    .images = all->options->images,
    .share = all->aligner.share,
  };

  all->evidence.rephrase = kalon_evaluator_compare_styles (all->run.evaluator, &task,
                                                           all->run.cli->cancellable, error);
  if (all->evidence.rephrase == NULL)
    return FALSE;
  kalon_evidence_add_rephrase (all->report, "rephrase", all->evidence.rephrase);
  return TRUE;
}

static const char *
miss_pairs (const KalonEvalAllOptions *options)
{
  return options->pairs == NULL || options->pair_images == NULL ? "--pairs and --pair-images"
                                                                : NULL;
}

static gboolean
compare_pairs (KalonEvalAll *all, GError **error)
{
  g_autoptr (KalonPairFigures) figures
      = kalon_evaluator_compare_pairs (all->run.evaluator, all->options->pairs,
                                       all->options->pair_images, all->run.cli->cancellable, error);

  if (figures == NULL)
    return FALSE;
  kalon_evidence_add_pairs (all->report, "pairs", NULL, figures);
  return TRUE;
}

static const char *
miss_ratings (const KalonEvalAllOptions *options)
{
  return options->ratings == NULL || options->rating_images == NULL
             ? "--ratings and --rating-images"
             : NULL;
}

static gboolean
correlate (KalonEvalAll *all, GError **error)
{
  g_autoptr (KalonRatingFigures) figures = kalon_evaluator_correlate_ratings (
      all->run.evaluator, all->options->ratings, all->options->rating_images, NULL, NAN,
      all->run.cli->cancellable, error);

  if (figures == NULL)
    return FALSE;
  kalon_evidence_add_ratings (all->report, "ratings", figures);
  return TRUE;
}

static gboolean
simulate_taste (KalonEvalAll *all, GError **error)
{
  static const guint thumbs[] = { 0, 1, 5, 10, 20, 50 };
  const KalonTasteProtocol protocol = {
    .n_users = (guint) all->options->users,
    .thumbs = thumbs,
    .n_thumbs = G_N_ELEMENTS (thumbs),
    .page = 12,
    .noise = 0.1,
    .seed = all->aligner.training.seed,
  };
  g_autoptr (KalonTasteFigures) figures = kalon_evaluator_simulate_taste (
      all->run.evaluator, all->options->captions, all->options->images, &protocol,
      all->run.cli->cancellable, error);

  if (figures == NULL)
    return FALSE;
  kalon_evidence_add_taste (all->report, "taste", NULL, &protocol, figures);
  return TRUE;
}

static const char *
miss_training (const KalonEvalAllOptions *options)
{
  return miss_pairs (options) != NULL || options->pair_captions == NULL || options->train == NULL
                 || options->work == NULL
             ? "--pairs, --pair-images, --pair-captions, --train and --work"
             : NULL;
}

/* Its adapters go in front of those that were given, the one that is told first of all. */
static void
take_adapters (KalonEvalAll *all)
{
  const GArray *trainings = all->evidence.align->trainings;
  guint n = 0;

  for (guint i = 0; i < trainings->len; i++)
    {
      const KalonAlignTraining *training = &g_array_index (trainings, KalonAlignTraining, i);
      gint at = training->kind == all->evidence.kind ? 0 : (gint) n;

      g_ptr_array_insert (all->adapters, at, kalon_adapter_copy (training->adapter));
      n++;
    }
}

static gboolean
align (KalonEvalAll *all, GError **error)
{
  const KalonEvalAllOptions *options = all->options;
  g_auto (GStrv) queries = options->queries != NULL
                               ? kalon_aligner_read_queries (options->queries, error)
                               : kalon_aligner_list_built_in ();
  const KalonAlignTask task = {
    .work = options->work,
    .train = options->train,
    .queries = (const char *const *) queries,
    .images = options->pair_images,
    .pairs = options->pairs,
    .captions = options->pair_captions,
    .judge = options->judge,
    .aesthetic_weight = all->weight,
    .options = &all->aligner,
  };

  if (queries == NULL)
    return FALSE;
  all->evidence.align
      = kalon_evaluator_align (all->run.evaluator, &task, all->run.cli->cancellable, error);
  if (all->evidence.align == NULL)
    return FALSE;
  take_adapters (all);
  kalon_evidence_add_align (all->report, "align", NULL, all->evidence.align);
  return TRUE;
}

static const char *
miss_hpir (const KalonEvalAllOptions *options)
{
  return options->hpir == NULL ? "--hpir" : NULL;
}

static gboolean
judge_hpir (KalonEvalAll *all, GError **error)
{
  for (guint i = 0; i < all->sets->len; i++)
    {
      const KalonHpirSet *set = g_ptr_array_index (all->sets, i);
      g_autofree char *id = g_strdup_printf ("hpir-%u", i + 1);
      KalonHpirFigures *figures;
      KalonHpirTask task;

      kalon_hpir_task_init (&task, set);
      task.style = all->aligner.style;
      task.share = all->aligner.share;
      task.aesthetic_weight = all->weight;
      task.adapters = all->adapters;
      figures = kalon_evaluator_judge_hpir (all->run.evaluator, &task, all->run.cli->cancellable,
                                            error);
      if (figures == NULL)
        return FALSE;
      g_ptr_array_add (all->evidence.hpir, figures);
      kalon_evidence_add_hpir (all->report, id, set, figures);
    }
  return TRUE;
}

static const char *
miss_nothing (const KalonEvalAllOptions *options)
{
  return miss_hpir (options) != NULL && miss_training (options) != NULL
             ? "--hpir, or what “align” needs"
             : NULL;
}

static gboolean
add_components (KalonEvalAll *all, GError **error)
{
  kalon_evidence_add_components (all->report, "components", &all->evidence);
  return TRUE;
}

static const char *
miss_domains (const KalonEvalAllOptions *options)
{
  return options->domains == NULL ? "--domain" : NULL;
}

static gboolean
measure_domains (KalonEvalAll *all, GError **error)
{
  const KalonDomainTask common = {
    .style = all->aligner.style,
    .share = all->aligner.share,
    .aesthetic_weight = all->weight,
    .adapter = all->adapters->len > 0 ? g_ptr_array_index (all->adapters, 0) : NULL,
  };
  g_autofree char *aligned_by = kalon_eval_describe_alignment (&common);

  all->evidence.domains = kalon_eval_measure_domains (&all->run, &common, all->options->domains,
                                                      all->options->names, error);
  if (all->evidence.domains == NULL)
    return FALSE;
  kalon_evidence_add_domains (all->report, "domains", all->evidence.domains, aligned_by);
  return TRUE;
}

const KalonEvalPart kalon_eval_parts[] = {
  { "retrieval", miss_captions, rank_captions },
  { "rephrase", miss_captions, compare_styles },
  { "align", miss_training, align },
  { "hpir", miss_hpir, judge_hpir },
  { "components", miss_nothing, add_components },
  { "domains", miss_domains, measure_domains },
  { "pairs", miss_pairs, compare_pairs },
  { "ratings", miss_ratings, correlate },
  { "taste", miss_captions, simulate_taste },
  { NULL },
};
