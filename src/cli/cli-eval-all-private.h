/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* “eval all”: its options, and the parts that it runs. */

#include "cli-align-private.h"
#include "cli-eval-private.h"

#include "evidence/kalon-evidence.h"

G_BEGIN_DECLS

typedef struct
{
  char *captions;
  char *images;
  char *pairs;
  char *pair_images;
  char *pair_captions;
  char *ratings;
  char *rating_images;
  GStrv domains;
  GStrv names;
  GStrv hpir;
  char *train;
  char *queries;
  char *work;
  char *judge;
  char *aesthetic;
  char *weight;
  char *kind;
  GStrv adapters;
  GStrv skip;
  int users;
  KalonCliAlign align;
  KalonCliReport report;
} KalonEvalAllOptions;

typedef struct
{
  const KalonEvalAllOptions *options;
  KalonAlignerOptions aligner;
  float weight; /* of the aesthetic term */
  KalonEvalRun run;
  KalonReport *report;
  KalonEvidence evidence;
  GPtrArray *sets;     /* KalonHpirSet, read before anything takes long */
  GPtrArray *adapters; /* KalonAdapter: that which is told as the aligned ranking first */
  GPtrArray *skipped;  /* texts: what was left out, and why */
} KalonEvalAll;

/* A part of it. %FALSE with an error ends the part, and only a cancelled one the run. */
typedef struct
{
  const char *name;
  /* (transfer none) (nullable): what is missing to run it; %NULL: nothing */
  const char *(*get_missing) (const KalonEvalAllOptions *options);
  gboolean (*run) (KalonEvalAll *all, GError **error);
} KalonEvalPart;

/* In order; the last one has no name. */
extern const KalonEvalPart kalon_eval_parts[];

G_END_DECLS
