/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of kalon_evaluator_measure_domain() share. */

#include "evaluator/kalon-evaluator-private.h"

G_BEGIN_DECLS

/* One ranking of all queries: every class in every wording, those of a class together. */
typedef struct
{
  double *values; /* [queries, KALON_N_DOMAIN_FIGURES]; stability is no query's */
  guint32 *top;   /* [queries, KALON_EVALUATOR_TOP] */
  guint n_top;
} KalonDomainRanking;

/* A domain as the model sees it. */
typedef struct
{
  const KalonDomainTask *task;
  KalonNamedFolders folders;
  gsize dimension;
  gsize n_wordings;
  GArray *asked;    /* guint32: the classes that have pictures */
  float *typed;     /* [asked * wordings, dimension] */
  float *rephrased; /* the same, of the rephrased texts */
  double *spreads;  /* [asked * wordings] of the baseline's similarities */
  float *images;    /* (nullable): the embeddings under the adapter, if it changes them */
  float *linear;    /* (nullable): [pictures] what it adds to each */
  KalonDomainRanking rankings[2]; /* baseline, aligned */
} KalonDomainScene;

void kalon_domain_scene_clear (KalonDomainScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonDomainScene, kalon_domain_scene_clear)

/* Fills in what the adapter makes of pictures, and both rankings. */
gboolean kalon_domain_scene_rank (KalonDomainScene *scene, KalonEvaluator *self,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
