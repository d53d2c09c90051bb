/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How good a photograph looks, as far as a small head on the encoder's embedding can tell: a number
 * about 0 to 10, 5 for an ordinary good photo. What it was learned from decides what it means; a
 * model's card says so. The starter's is an appeal score learned from degradations; LAION's heads
 * (Schuhmann 2022) are linear and learned from people's ratings.
 *
 * Beside heads there is CLIP-IQA (Wang et al. 2023), which asks the encoder itself: of which of two
 * opposite descriptions is the picture nearer? Several models are blended into one score.
 *
 * Beside the embedding a head may ask for photographic measures: plain statistics of the pixels
 * that an encoder trained to name things does not keep.
 *
 * All functions may be called from any thread; a head is immutable and may be shared.
 */

#include "encoder/kalon-encoder.h"
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

/* (nullable): the metadata "encoder" of its file: kalon_model_dup_hash() of the model whose
 * embeddings it is for. */
const char *kalon_aesthetic_head_get_encoder (const KalonAestheticHead *self);

/* What lies between the layers of a head that was not made for Kalon. */
typedef enum
{
  KALON_HEAD_ACTIVATION_BY_NAME, /* as the file's name says, see below */
  KALON_HEAD_ACTIVATION_NONE,
  KALON_HEAD_ACTIVATION_RELU,
} KalonHeadActivation;

/**
 * kalon_aesthetic_head_import:
 * @source: a PyTorch checkpoint (zip form, since 1.6) of a state dict of float32 or float16
 *   tensors, or a safetensors file: "weight" and "bias", as LAION's linear heads have them, or
 *   "layers.N.weight" and "layers.N.bias" (also without "layers."), as improved-aesthetic-predictor
 *   has them; the numbers may have gaps, for layers without weights
 * @target: where a head in Kalon's own form (docs/formats.md) is put
 * @encoder: (nullable): kalon_model_dup_hash() of the model it is for, written down in it
 * @dimension: of that model's embeddings
 *
 * A file of several layers does not tell whether there is a ReLU between them, and both kinds are
 * published under the same names of tensors: the caller must say so, or the file's name must have
 * "relu" or "linear" in it (sac+logos+ava1-l14-linearMSE.pth, ava+logos-l14-reluMSE.pth), else it
 * is %KALON_ERROR_ARGUMENT. Layers with nothing between them are one affine map and become one. A
 * safetensors file with measures is of Kalon's own form: ReLU.
 *
 * Nothing in a checkpoint is executed. Errors as of kalon_aesthetic_head_load(); no file is written
 * then.
 */
gboolean
kalon_aesthetic_head_import (const char *source, const char *target, KalonHeadActivation activation,
                             const char *encoder, gsize dimension, GError **error);
/* The same of bytes, for @name decides. (transfer full): the safetensors file. */
GBytes *
kalon_aesthetic_head_convert (GBytes *bytes, const char *name, KalonHeadActivation activation,
                              const char *encoder, gsize dimension, GError **error);

/*
 * CLIP-IQA: five pairs of opposites, as IQA-PyTorch's clipiqa asks them. With p+ and p- the
 * cosines of the picture with the two sides of a pair, it is the mean over the pairs of
 * exp (100 p+) / (exp (100 p+) + exp (100 p-)), 100 being CLIP's logit scale. 0 to 10 here.
 */
#define KALON_CLIP_IQA_ID "clip-iqa"
#define KALON_CLIP_IQA_N_PAIRS 5
/* [2 * KALON_CLIP_IQA_N_PAIRS]: good, bad, good, bad, ... */
extern const char *const kalon_clip_iqa_prompts[2 * KALON_CLIP_IQA_N_PAIRS];

/* @prompts: [2 * KALON_CLIP_IQA_N_PAIRS, dimension], @embedding: [dimension], unit length. */
float kalon_clip_iqa_score (const float *prompts, const float *embedding, gsize dimension);

/* The model's own head. */
#define KALON_AESTHETIC_OWN_ID "own"
/* No taste is mixed of more. */
#define KALON_AESTHETIC_MAX_MEMBERS 8

/* A model with its share in a blend. */
typedef struct
{
  char *id; /* "own", "clip-iqa" or that of a head */
  double weight;
} KalonAestheticShare;

/**
 * kalon_aesthetic_parse_shares:
 * @text: "own:1,clip-iqa:0.5,ID:0.3": ids of letters, digits, ".", "_" and "-", none twice, weights
 *   above 0 and at most 1000; ":WEIGHT" may be left out and is 1 then
 *
 * Returns: (transfer full) (element-type KalonAestheticShare): one to
 *   %KALON_AESTHETIC_MAX_MEMBERS; %KALON_ERROR_ARGUMENT says what is wrong
 */
GArray *kalon_aesthetic_parse_shares (const char *text, GError **error);
/* (transfer full): the text that gives these shares, the same for the same. */
char *kalon_aesthetic_format_shares (const GArray *shares);

/**
 * KalonAestheticBlend: aesthetic models of one encoder, each with a weight. Its score is the
 * weighted mean of theirs.
 */
typedef struct _KalonAestheticBlend KalonAestheticBlend;

KalonAestheticBlend *kalon_aesthetic_blend_new (gsize dimension);
void kalon_aesthetic_blend_free (KalonAestheticBlend *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAestheticBlend, kalon_aesthetic_blend_free)

/* @head: (transfer full) (nullable): %NULL is CLIP-IQA. At most %KALON_AESTHETIC_MAX_MEMBERS. */
void kalon_aesthetic_blend_add (KalonAestheticBlend *self, const char *id, double weight,
                                KalonAestheticHead *head);

guint kalon_aesthetic_blend_get_n_members (const KalonAestheticBlend *self);
const char *kalon_aesthetic_blend_get_id (const KalonAestheticBlend *self, guint i);
double kalon_aesthetic_blend_get_weight (const KalonAestheticBlend *self, guint i);
gboolean kalon_aesthetic_blend_needs_measures (const KalonAestheticBlend *self);
/* Whether kalon_aesthetic_blend_prepare() does anything. */
gboolean kalon_aesthetic_blend_needs_encoder (const KalonAestheticBlend *self);

/* Of what decides a score: the members' files or prompts and their shares of the whole. Scores of
 * blends with different hashes are not to be compared. That of a single head is the head's own. */
const char *kalon_aesthetic_blend_get_hash (KalonAestheticBlend *self);

/* Embeds CLIP-IQA's prompts, if it is a member: once, before the first score. */
gboolean kalon_aesthetic_blend_prepare (KalonAestheticBlend *self, KalonEncoder *encoder,
                                        GCancellable *cancellable, GError **error);

/**
 * kalon_aesthetic_blend_score:
 * @embedding, @measures: as of kalon_aesthetic_head_score()
 * @members: (out caller-allocates) (nullable): [n_members] their scores
 */
float kalon_aesthetic_blend_score (const KalonAestheticBlend *self, const float *embedding,
                                   const float *measures, float *members);

G_END_DECLS
