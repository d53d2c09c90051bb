/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "taste/kalon-taste.h"

G_BEGIN_DECLS

/* taste-loops.c: single sums, in a fixed order, so that the same numbers give the same bits. */
float kalon_taste_dot (const float *a, const float *b, gsize n);
/* @y += @factor @x */
void kalon_taste_add (float *y, float factor, const float *x, gsize n);

/* The pairs of one event, with what each is worth: the weights of an event sum to @weight. */
typedef struct
{
  const KalonTasteEvent *event;
  float weight;
} KalonTasteSample;

/**
 * kalon_taste_get_samples:
 * @first: number of the oldest event that counts
 * @fold: events whose number has this remainder are left out; or -1
 *
 * Returns: (transfer full) (element-type KalonTasteSample):
 */
GArray *kalon_taste_get_samples (const KalonTasteHistory *history, gsize first, int fold);
#define KALON_TASTE_FOLDS 4

/* The loss at @weights and its gradient, both [n_features]. */
double kalon_taste_evaluate (const KalonTasteHistory *history, const GArray *samples,
                             const float *weights, float *gradient);

/**
 * kalon_taste_fit:
 * @weights: [n_features]: in, where to begin; out, a few steps on
 */
void kalon_taste_fit (const KalonTasteHistory *history, const GArray *samples, float *weights);

/* An event's pairs under @weights: the mean loss with @scales, [n_scales], times the weights, and
 * the share that comes out right. @losses: (out caller-allocates): [n_scales] */
void kalon_taste_judge (const KalonTasteHistory *history, const KalonTasteEvent *event,
                        const float *weights, const double *scales, guint n_scales, double *losses,
                        double *agreement);

G_END_DECLS
