/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a ranking is worth when the right answers are known, and how sure that figure is.
 *
 * A rank counts from 1, the best. Ties are counted against us: a wrong item that is exactly as
 * similar as the right one stands in front of it, so a model that finds everything alike gets the
 * worst ranks and not the best. A similarity that is NaN stands in front of a right item as well,
 * and a right item that is NaN behind everything.
 *
 * Pure functions; any thread.
 */

#include <glib.h>

G_BEGIN_DECLS

/**
 * kalon_metrics_get_rank:
 * @similarities, @relevant: [n]; @relevant is 0 for a wrong item
 *
 * The rank of the best right item: 1 + the number of wrong items that are not below it. Other right
 * items never stand in its way. n + 1 when there is no right item.
 */
guint32 kalon_metrics_get_rank (const float *similarities, const guint8 *relevant, gsize n);

/*
 * The same for matrices of similarities that are not held at once: rank = 1 + the items that are
 * not below @best, summed over the parts, less the right ones among them.
 */

/* How many of @similarities, [n], are not below @best. */
guint32 kalon_metrics_count_ahead (const float *similarities, gsize n, float best);
/* One item (a row of the matrix) for @n queries: @ahead, [n], grows by 1 where @similarities, [n],
 * is not below @best, [n]. */
void
kalon_metrics_add_ahead (const float *similarities, const float *best, gsize n, guint32 *ahead);

/* The share of @ranks, [n], that are @k or better: recall@k of queries with one wanted answer each
 * (any of several will do), and top-k accuracy of a classification. @n is at least 1, here and
 * below. */
double kalon_metrics_get_recall (const guint32 *ranks, gsize n, gsize k);
/* The middle one of @ranks, [n]; the mean of the two in the middle when @n is even. */
double kalon_metrics_get_median_rank (const guint32 *ranks, gsize n);
/* Mean reciprocal rank of @ranks, [n]: mean of 1 / rank (Voorhees 1999, TREC-8). */
double kalon_metrics_get_mrr (const guint32 *ranks, gsize n);

/**
 * kalon_metrics_get_precision:
 * @similarities, @relevant: [n]
 *
 * precision@k: right items among the @k most similar, divided by @k also when there are fewer than
 * @k items, as trec_eval divides (Manning et al. 2008, 8.4). Among equals wrong ones go first.
 */
double
kalon_metrics_get_precision (const float *similarities, const guint8 *relevant, gsize n, gsize k);

/**
 * kalon_metrics_get_ndcg:
 * @similarities: [n]
 * @gains: [n] what finding each item is worth, at least 0; 0 and 1 for plain relevance
 *
 * nDCG@k: sum of gain / log2 (rank + 1) over the @k most similar, divided by the largest that any
 * order could have (Järvelin and Kekäläinen 2002). Among equals lower gains go first. 0 when no
 * item has a gain.
 */
double kalon_metrics_get_ndcg (const float *similarities, const float *gains, gsize n, gsize k);

/**
 * kalon_metrics_get_ndcg_of_ranks:
 * @ranks: [n], sorted: of all right items, @n at least 1
 *
 * The same where the right items are worth 1 each and only their ranks are known.
 */
double kalon_metrics_get_ndcg_of_ranks (const guint32 *ranks, gsize n, gsize k);

/* What is customary: the 2.5th percentile is then made by 25 resamples. */
#define KALON_METRICS_RESAMPLES 1000
/* Any fixed number: the same figures give the same interval. */
#define KALON_METRICS_SEED 20240609

/* A mean, a share or a correlation with its 95 % interval. */
typedef struct
{
  double mean;
  double low;
  double high;
} KalonEstimate;

/**
 * kalon_metrics_bootstrap:
 * @values: [n]
 * @clusters: (nullable): [n] which cluster each value is of; values of one cluster stand together.
 *   %NULL: each value is one
 * @n_resamples: at least 1
 * @estimate: (out caller-allocates):
 *
 * The mean of @values and its 95 % percentile bootstrap interval (Efron and Tibshirani 1993, 13.3).
 * Values of one cluster (the captions of a picture) are not independent, so whole clusters are
 * drawn with replacement (Davison and Hinkley 1997, 3.8): a resample's mean is the sum of its
 * values over their number. Percentiles are interpolated between resamples (Hyndman and Fan 1996,
 * type 7). The draws are those of a GRand with @seed. One cluster alone says nothing of the spread:
 * the interval is then the mean.
 */
void kalon_metrics_bootstrap (const double *values, const guint32 *clusters, gsize n,
                              guint n_resamples, guint32 seed, KalonEstimate *estimate);

/**
 * kalon_metrics_bootstrap_weighted:
 * @weights: (nullable): [n] of the values, at least 0
 *
 * The same of the weighted mean: sum of weight * value / sum of weights, in each resample too. One
 * without any weight is left out; NaN, all three, when there is no weight at all.
 */
void kalon_metrics_bootstrap_weighted (const double *values, const double *weights,
                                       const guint32 *clusters, gsize n, guint n_resamples,
                                       guint32 seed, KalonEstimate *estimate);

/**
 * KalonCorrelation:
 * @x, @y: [n] finite numbers, pair by pair; @n at least 1
 *
 * Returns: from -1 to 1; NaN where one of the two does not vary
 */
typedef double (*KalonCorrelation) (const double *x, const double *y, gsize n);

/* Pearson's: of the values. */
double kalon_metrics_get_pearson (const double *x, const double *y, gsize n);
/* Spearman's rho: Pearson's of the ranks, equals having the mean of theirs. */
double kalon_metrics_get_spearman (const double *x, const double *y, gsize n);

/**
 * kalon_metrics_bootstrap_correlation:
 * @correlation: one of the above
 * @n_resamples: at least 1
 * @estimate: (out caller-allocates):
 *
 * A correlation and its 95 % percentile bootstrap interval: pairs are drawn. A resample of which
 * one side does not vary is left out.
 */
void kalon_metrics_bootstrap_correlation (KalonCorrelation correlation, const double *x,
                                          const double *y, gsize n, guint n_resamples, guint32 seed,
                                          KalonEstimate *estimate);

/**
 * kalon_metrics_test_mcnemar:
 * @n_first, @n_second: answers that only the first, and only the second of two systems had right
 *
 * Two systems on the same questions: McNemar's exact test (McNemar 1947; the binomial form), with
 * both sides. Where both are right, or both wrong, nothing tells them apart.
 *
 * Returns: how probable a difference at least as large is between systems that are equally good; 1
 *   without any answer
 */
double kalon_metrics_test_mcnemar (gsize n_first, gsize n_second);

/**
 * kalon_metrics_estimate_share:
 * @n_successes: of @n, at least 1, that do not depend on each other
 *
 * A share with its 95 % score interval (Wilson 1927), which keeps what it promises for few answers
 * too, where the usual mean +- 1.96 deviations does not (Brown, Cai and DasGupta 2001, "Interval
 * Estimation for a Binomial Proportion").
 */
void kalon_metrics_estimate_share (gsize n_successes, gsize n, KalonEstimate *estimate);

/* A median with its 95 % interval. */
typedef struct
{
  double median;
  double low;
  double high;
} KalonMedian;

/**
 * kalon_metrics_bootstrap_median:
 * @values: [n], each of them a cluster by itself
 * @n_resamples: at least 1
 * @estimate: (out caller-allocates):
 *
 * The same of the median of @values (of an even number: the mean of the two in the middle).
 */
void kalon_metrics_bootstrap_median (const double *values, gsize n, guint n_resamples, guint32 seed,
                                     KalonMedian *estimate);

G_END_DECLS
