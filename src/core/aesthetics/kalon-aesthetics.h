/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How good a photograph looks, as far as a small head on the encoder's embedding can tell: a number
 * about 0 to 10, 5 for an ordinary good photo. What it was learned from decides what it means; a
 * model's card says so. The starter's is an appeal score learned from degradations; LAION's heads
 * (Schuhmann 2022) are linear and learned from people's ratings.
 *
 * Beside the embedding a head may ask for photographic measures: plain statistics of the pixels
 * that an encoder trained to name things does not keep.
 *
 * All functions may be called from any thread; a head is immutable and may be shared.
 */

#include "image/kalon-image.h"
#include "weights/kalon-weights.h"

G_BEGIN_DECLS

/* Of a model's directory. */
#define KALON_AESTHETIC_FILE "aesthetic.safetensors"

/* Measures are taken from a copy of this side, squashed to a square: the whole picture, whatever
 * its shape, in a bounded time. It is the starter encoder's resolution, and half of what a JPEG is
 * decoded at for it: neither a file's resolution nor the decoder's DCT scale moves them much. What
 * is finer than 1/128 of the picture is not seen, which is what a viewer of a screenful of pictures
 * does not see either. */
#define KALON_MEASURE_SIDE 128
/* For kalon_image_load(): at least twice the side, so that the last reduction is always ours. */
#define KALON_MEASURE_MIN_SIDE (2 * KALON_MEASURE_SIDE)

#define KALON_N_MEASURES 34

/**
 * kalon_measure_get_name:
 *
 * Returns: (transfer none): what a head's file calls measure @i. In order (Y is grey as Pillow's
 * "L", 0 to 255; "half" is the same after averaging 2 x 2 pixels):
 *
 * - sharpness, sharpness-half: log (1 + variance of Laplacian) (Pech-Pacheco et al. 2000)
 * - noise: log (1 + standard deviation of noise) (Immerkaer 1996); noise-flat: the same over the
 *   flattest tenth of 8 x 8 blocks, where detail does not pass for noise
 * - sparsity: (mean |gradient|)^2 / mean |gradient|^2, 1 where all edges are equal
 * - flat: share of pixels with a gradient below 1
 * - anisotropy: coherence of the structure tensor (Bigun and Granlund 1987)
 * - alignment: mean cos (4 angle) of gradients by energy, 1 when all edges are upright or level
 * - contrast: standard deviation of Y; range: its 95th percentile less the 5th
 * - luminance: mean Y; shadows, highlights: shares of Y at most 8 and at least 247; skew: third
 *   standardised moment; entropy: of the histogram of Y, in bits
 * - colourfulness (Hasler and Suesstrunk 2003); saturation: mean (max - min) / max of R, G, B;
 *   saturated: share of pixels where that is 3/4 or more
 * - cast-rg, cast-yb: means of R - G and (R + G) / 2 - B; cast: log (1 + length of that mean over
 *   its spread) (Gasparini and Schettini 2004, in these axes)
 * - dark-channel: mean over 8 x 8 blocks of the least channel of all pixels (He et al. 2009)
 * - frame-light: mean Y of the outer eighth less that of the rest; frame-detail: log of the least
 *   mean |gradient| of the four sides over that of the picture
 * - mscn-...: variance, shape (mean |m|)^2 / mean m^2, and products with the neighbour at the
 *   right, below and between, of Y less its local mean over its local deviation (Mittal et al.,
 *   BRISQUE, 2012); then the same five of the half
 */
const char *kalon_measure_get_name (guint i);

/* @measures: (out caller-allocates): [KALON_N_MEASURES]. Takes a picture of any size. */
void kalon_measure_image (const KalonImage *image, float *measures);

/**
 * KalonAestheticHead: a few dense layers, docs/formats.md "Aesthetic head".
 */
typedef struct _KalonAestheticHead KalonAestheticHead;

/**
 * kalon_aesthetic_head_load:
 * @path: a safetensors file that anybody may have written
 * @dimension: of the embeddings it is for
 *
 * Errors: %KALON_ERROR_INVALID_DATA (a tensor is missing, has another shape, or holds what no score
 * is made of), %KALON_ERROR_MISMATCH (a head for embeddings of another length),
 * %KALON_ERROR_UNSUPPORTED (a measure or a tensor that this version does not know),
 * %KALON_ERROR_TOO_LARGE.
 */
KalonAestheticHead *kalon_aesthetic_head_load (const char *path, gsize dimension, GError **error);
KalonAestheticHead *
kalon_aesthetic_head_new_from_bytes (GBytes *bytes, gsize dimension, GError **error);
/* @head: (out) (transfer full) (nullable): of a model's directory; %NULL when it has none, which is
 * no error. */
gboolean kalon_aesthetic_head_load_for_model (const char *directory, gsize dimension,
                                              KalonAestheticHead **head, GError **error);
void kalon_aesthetic_head_free (KalonAestheticHead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAestheticHead, kalon_aesthetic_head_free)

/* SHA-256 of its file, in hex: scores of two heads are not to be compared. */
const char *kalon_aesthetic_head_get_hash (const KalonAestheticHead *self);
gboolean kalon_aesthetic_head_needs_measures (const KalonAestheticHead *self);

/**
 * kalon_aesthetic_head_score:
 * @embedding: [dimension], unit length
 * @measures: [KALON_N_MEASURES]; (nullable) when none are needed
 *
 * Returns: the score, always finite.
 */
float kalon_aesthetic_head_score (const KalonAestheticHead *self, const float *embedding,
                                  const float *measures);

G_END_DECLS
