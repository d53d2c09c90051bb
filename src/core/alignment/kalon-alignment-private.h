/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The operations of a training step that core/nn lacks: alignment-loops.c is their definition in
 * plain C, alignment-opencl.c runs kernels/ on the device of a KalonNn, and alignment-operations.c
 * chooses. Tensors are f32 and hold at least what is said; no shape is checked here, because no
 * shape comes from outside.
 */

#include "alignment/kalon-adapter.h"
#include "nn/kalon-nn.h"

G_BEGIN_DECLS

/* A matrix of the adapter: [rows, dimension]. */
typedef struct
{
  const char *name; /* of its tensor in a file; static */
  gsize rows;
  float *values;
} KalonAdapterPart;

#define KALON_ADAPTER_MAX_PARTS 2

struct _KalonAdapter
{
  KalonAdapterKind kind;
  gsize dimension;
  gsize rank;
  char *model_hash;
  char *name;
  char *made_from;
  guint n_parts;
  KalonAdapterPart parts[KALON_ADAPTER_MAX_PARTS]; /* A, B; or w; or T, M */
};

/* Numbers of rows where the KalonNn computes. */
typedef struct
{
  guint32 *data;       /* (nullable) */
  KalonBuffer *buffer; /* (nullable) */
} KalonNumbers;

KalonNumbers *kalon_numbers_new (KalonNn *nn, const guint32 *values, gsize n, GError **error);
void kalon_numbers_free (KalonNumbers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonNumbers, kalon_numbers_free)

/* A matrix as an operand, as it is or turned over: element (i, k) is at i row + k step. */
typedef struct
{
  const KalonTensor *tensor;
  gsize row;
  gsize step;
} KalonOperand;

/* y = a b + residual; a: [rows, inner], b: [inner, columns], residual (nullable), y: [rows,
 * columns] */
gboolean kalon_alignment_product (KalonNn *nn, KalonOperand a, const KalonTensor *b,
                                  const KalonTensor *residual, gsize rows, gsize inner,
                                  gsize columns, KalonTensor *y, GError **error);

/* @gradient, by z / |z| of each row of @z: [rows, dim], becomes that by z, in place. */
gboolean kalon_alignment_normalise_backward (KalonNn *nn, const KalonTensor *z, gsize rows,
                                             gsize dim, KalonTensor *gradient, GError **error);

/* scores[e] = x[owners[e]] v[rows[e]], e below @n */
gboolean kalon_alignment_scores (KalonNn *nn, const KalonTensor *x, const KalonNumbers *owners,
                                 const KalonTensor *v, const KalonNumbers *rows, gsize n, gsize dim,
                                 KalonTensor *scores, GError **error);

/* gradient[q] = sum of coefficients[e] v[rows[e]] over e in first[q] .. first[q + 1] - 1 */
gboolean
kalon_alignment_sum_rows (KalonNn *nn, const KalonTensor *coefficients, const KalonNumbers *first,
                          const KalonTensor *v, const KalonNumbers *rows, gsize n_queries,
                          gsize dim, KalonTensor *gradient, GError **error);

/* gradient[e] = coefficients[e] x[owners[e]], e below @n */
gboolean kalon_alignment_scale_rows (KalonNn *nn, const KalonTensor *coefficients,
                                     const KalonNumbers *owners, const KalonTensor *x, gsize n,
                                     gsize dim, KalonTensor *gradient, GError **error);

/* What ranked DPO multiplies with. */
typedef struct
{
  float scale; /* beta / tau */
  float smoothing;
  float anchor;
  float inverse_temperature; /* 1 / tau */
  float share;               /* 1 / queries of the batch */
} KalonDpoFactors;

/* Which candidates and pairs belong to which query; kernels/ranked_dpo.cl says it in full. */
typedef struct
{
  gsize n_queries, n_candidates, n_pairs;
  KalonNumbers *first, *pair_first, *winners, *losers, *touch_first, *touches;
  KalonTensor *weights;   /* [pairs], a sum of 1 for each query */
  KalonTensor *reference; /* [candidates] */
} KalonDpoPairs;

/* @losses: [queries, 3]: pair loss, divergence, pairs in the right order;
 * @slopes: [pairs] scratch; @coefficients: [candidates] */
gboolean
kalon_alignment_ranked_dpo (KalonNn *nn, const KalonDpoPairs *pairs, const KalonTensor *scores,
                            const KalonDpoFactors *factors, KalonTensor *slopes,
                            KalonTensor *coefficients, KalonTensor *losses, GError **error);

typedef struct
{
  float clip;                            /* what the gradient is multiplied by first */
  float keep;                            /* 1 - learning rate x weight decay */
  float step;                            /* learning rate / (1 - beta1^t) */
  float square_scale;                    /* 1 / sqrt (1 - beta2^t) */
  float beta2, mean_share, square_share; /* the last two are 1 - beta1 and 1 - beta2 */
  float epsilon;
} KalonAdamStep;

/* One step of AdamW in place, all [rows, dim]. */
gboolean kalon_alignment_adam_w (KalonNn *nn, const KalonAdamStep *step, gsize rows, gsize dim,
                                 KalonTensor *parameter, const KalonTensor *gradient,
                                 KalonTensor *mean, KalonTensor *square, GError **error);

/* The definitions, over arrays. */
void kalon_loops_product (const float *a, gsize a_row, gsize a_step, const float *b,
                          const float *residual, gsize rows, gsize inner, gsize columns, float *y);
void kalon_loops_normalise (float *x, gsize rows, gsize dim);
void kalon_loops_normalise_backward (const float *z, gsize rows, gsize dim, float *gradient);
void kalon_loops_scores (const float *x, const guint32 *owners, const float *v, const guint32 *rows,
                         gsize n, gsize dim, float *scores);
void kalon_loops_sum_rows (const float *coefficients, const guint32 *first, const float *v,
                           const guint32 *rows, gsize n_queries, gsize dim, float *gradient);
void kalon_loops_scale_rows (const float *coefficients, const guint32 *owners, const float *x,
                             gsize n, gsize dim, float *gradient);
void kalon_loops_ranked_dpo (const KalonDpoPairs *pairs, const float *scores,
                             const KalonDpoFactors *factors, float *slopes, float *coefficients,
                             float *losses);
void kalon_loops_adam_w (const KalonAdamStep *step, gsize n, float *parameter,
                         const float *gradient, float *mean, float *square);

G_END_DECLS
