/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Domains of pictures, before and after alignment. */

#include "alignment/kalon-adapter.h"
#include "evaluator/kalon-evaluator.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* Of a class, over the wordings that it is asked for in. */
typedef enum
{
  KALON_DOMAIN_PRECISION,   /* share of its pictures among the 10 best */
  KALON_DOMAIN_R_PRECISION, /* among as many as it has */
  KALON_DOMAIN_AESTHETIC,   /* mean score of the 10 best; NaN without aesthetic models */
  KALON_DOMAIN_STABILITY,   /* share of the 10 best that two wordings have in common */
} KalonDomainFigure;
#define KALON_N_DOMAIN_FIGURES 4

/**
 * KalonDomainTask: pictures of one domain, and how aligned rankings are made.
 * @name: what it is called
 * @images, @names: as of kalon_evaluator_classify()
 * @wordings: (nullable): %NULL-terminated, at least two templates that classes are asked for in;
 *   %NULL: %kalon_domain_wordings
 * @style, @share: by which the word lists rephrase; as KalonAlignment.rephrase
 * @aesthetic_weight: as KalonAlignment.aesthetic
 * @adapter: (nullable): of this model
 */
typedef struct
{
  const char *name;
  const char *images;
  const char *names;
  const char *const *wordings;
  KalonRephraseStyle style;
  float share;
  float aesthetic_weight;
  const KalonAdapter *adapter;
} KalonDomainTask;

extern const char *const kalon_domain_wordings[];

typedef struct
{
  char *name;
  gsize n_pictures;
  gsize n_classes;
  gsize n_wordings;
  gsize n_failed;
  /* Zero-shot accuracy as of kalon_evaluator_classify(): of the model, and under the adapter. */
  KalonEstimate accuracy[2];
  KalonEstimate accuracy_gain;
  double accuracy_chance;
  /* Of class queries: the baseline's, the aligned ranking's, and the latter less the former, class
   * by class. */
  KalonEstimate figures[2][KALON_N_DOMAIN_FIGURES];
  KalonEstimate gains[KALON_N_DOMAIN_FIGURES];
  double precision_chance; /* precision of a random order */
  KalonEstimate overlap;   /* of the 10 best of both rankings */
} KalonDomainFigures;

void kalon_domain_figures_free (KalonDomainFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDomainFigures, kalon_domain_figures_free)

/**
 * kalon_evaluator_measure_domain:
 *
 * Whether alignment does harm in a domain that it was not made for, and how much a ranking depends
 * on the wording: each class is searched for in several, by the baseline and as the searcher's
 * aligned ranking scores pictures (without taste), the domain being the library.
 *
 * Returns: (transfer full): figures whose intervals draw classes, of the accuracy pictures
 */
KalonDomainFigures *
kalon_evaluator_measure_domain (KalonEvaluator *self, const KalonDomainTask *task,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
