/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Made-up HPIR sets (hpir/), for tests and first looks: no human being has judged, and the set says
 * so (synthetic is TRUE, made_from says how). Which group is better is known because the groups
 * are made so, from pictures with captions or from a folder with a sub-folder for each class.
 *
 * A query is a caption, or a template with a class's name put in. What "fits" it:
 * - classes: the pictures of the class, nothing else does;
 * - captions: the picture itself, then those whose captions share most words with the query: the
 *   sum of log (pictures / pictures with the word) over the shared ones, as inverse document
 *   frequency weighs them (Spaerck Jones 1972). What shares none does not fit. That is a proxy: a
 *   picture may show what its captions do not tell.
 *
 * The contrasts, which are the items' kinds. Which group is which is drawn at random.
 * - relevance: one group fits, the other does not (accuracy)
 * - relevance-hard: the other has pictures of other classes whose names share a word with the
 *   query; where no class does, half of it fits. Captions: pictures that share a word, but of what
 *   is shared at most half as much as the worst that fits (accuracy)
 * - degradation: both fit, one is spoilt in one way, at one of three severities in turn
 *   (aesthetic). Captions: both have the same pictures. Classes: other pictures of the same class,
 *   the same ones where a class has too few
 * - near-duplicate: one has different pictures, the other copies of one or two: cut, mirrored,
 *   compressed, lighter, darker (diversity)
 * - mixed: groups that differ in two respects or three: how many pictures do not fit (0 to 2), how
 *   badly all are spoilt (not, or a severity), near-duplicates or not. Simulated labelers vote on
 *   what differs.
 * The first four ask for one aspect, with one vote each: it is so, and certain.
 *
 * A labeler of a mixed item has an opinion d + e. d is the difference of the groups in that aspect
 * in steps (a picture that does not fit, a level of spoiling, two for near-duplicates), with part
 * of what they differ in on the whole mixed in, as people's verdicts colour each other (the halo
 * effect, Thorndike 1920): d + h (mean of the other two aspects' d). The trait "made-up" has
 * "apart" (h = 0.1) and "all-in-one" (h = 0.6), of every second labeler each, so that tables by
 * trait have something to tell. e is logistic with scale 1 / slope. Above 1/4 in size it is a vote,
 * else the labeler can't tell. One answer in ten is asked for again, with another e.
 *
 * All pictures are copies in the set's folder, JPEG of quality %KALON_SYNTHETIC_QUALITY and at most
 * so long: clean ones go through the same steps as spoilt ones, so that neither size nor coding
 * gives those away. The same files and options give the same bytes.
 *
 * Functions block; any thread.
 */

#include "hpir/kalon-hpir.h"
#include "library/kalon-library.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_SYNTHETIC_RELEVANCE,
  KALON_SYNTHETIC_RELEVANCE_HARD,
  KALON_SYNTHETIC_DEGRADATION,
  KALON_SYNTHETIC_NEAR_DUPLICATE,
  KALON_SYNTHETIC_MIXED,
} KalonSyntheticContrast;
#define KALON_N_SYNTHETIC_CONTRASTS 5

/* "relevance", "relevance-hard", ...: the kinds of items */
const char *kalon_synthetic_contrast_get_name (KalonSyntheticContrast contrast);

/**
 * How pictures are spoilt. The starter model's aesthetic head has learned from some of these kinds
 * (tools/train-starter/degrade.py, TRAINED); it is fair to test it on the others only, which it has
 * never seen (HELD_OUT there, as are the strengths here). All but WebP's coding and defocus and bad
 * crops of that list are here.
 */
typedef enum
{
  /* Never seen in training. */
  KALON_SPOILT_MOTION_BLUR,
  KALON_SPOILT_SALT_AND_PEPPER,
  KALON_SPOILT_SPECKLE,
  KALON_SPOILT_PIXELATED,
  KALON_SPOILT_UPSCALED,
  KALON_SPOILT_HAZE,
  KALON_SPOILT_FLAT_CONTRAST,
  KALON_SPOILT_POSTERISED,
  KALON_SPOILT_OVERSATURATED,
  KALON_SPOILT_VIGNETTE,
  KALON_SPOILT_FINGER,
  KALON_SPOILT_BAR,
  /* Learned from. */
  KALON_SPOILT_GAUSSIAN_BLUR,
  KALON_SPOILT_NOISE,
  KALON_SPOILT_JPEG,
  KALON_SPOILT_UNDEREXPOSED,
  KALON_SPOILT_OVEREXPOSED,
  KALON_SPOILT_TILTED,
  KALON_SPOILT_COLOUR_CAST,
} KalonSpoilt;
#define KALON_N_SPOILT 19
#define KALON_SPOILT_N_UNSEEN KALON_SPOILT_GAUSSIAN_BLUR

/* "motion-blur", ... */
const char *kalon_spoilt_get_name (KalonSpoilt kind);

/* @text: names with commas between, or (for kinds) "unseen" or "all". @bits: (out): bit i: the one
 * of that number. %KALON_ERROR_ARGUMENT lists the names. */
gboolean kalon_synthetic_parse_contrasts (const char *text, guint32 *bits, GError **error);
gboolean kalon_synthetic_parse_kinds (const char *text, guint32 *bits, GError **error);

/**
 * KalonSyntheticOptions: kalon_synthetic_options_init() sets all but the sources.
 * @captions, @images: (nullable): a label file “name TAB caption”, and what names are relative to
 * @classes: (nullable): or a folder with a sub-folder for each class
 * @names: (nullable): lines “folder TAB name”: what classes are called; those without a name are
 *   left out. %NULL: by their folders, with spaces for _ and -
 * @templates: (nullable): one of them for each query, in turn; %NULL: %KALON_DEFAULT_TEMPLATE
 * @n_items: of all contrasts together, which take turns; 300 as in the paper
 * @group: pictures in each, 2 to %KALON_HPIR_MAX_GROUP; 5 in the paper
 * @contrasts, @kinds: bits
 * @side: the longer side at most, in pixels
 * @n_labelers: of mixed items, at least 1
 * @slope: see above, above 0
 */
typedef struct
{
  const char *captions;
  const char *images;
  const char *classes;
  const char *names;
  const char *const *templates;
  guint n_items;
  guint group;
  guint32 contrasts;
  guint32 kinds;
  guint side;
  guint n_labelers;
  double slope;
  guint32 seed;
} KalonSyntheticOptions;
#define KALON_SYNTHETIC_ITEMS 300
#define KALON_SYNTHETIC_GROUP 5
#define KALON_SYNTHETIC_SIDE 512
#define KALON_SYNTHETIC_LABELERS 15
#define KALON_SYNTHETIC_SLOPE 1.5
#define KALON_SYNTHETIC_QUALITY 92

void kalon_synthetic_options_init (KalonSyntheticOptions *options);

/* @done of @total items; on the calling thread. */
typedef void (*KalonSyntheticFunc) (guint done, guint total, gpointer user_data);

#define KALON_SYNTHETIC_FILE "set.jsonl"

/**
 * kalon_synthetic_make:
 * @folder: of the new set: DIR/set.jsonl and DIR/pictures; must be new or empty
 * @func: (nullable)
 * @failures: (element-type KalonFailure): gets pictures that cannot be read; they are left out
 *
 * What was written is removed again when it fails or is cancelled. %KALON_ERROR_ARGUMENT when there
 * are too few pictures or classes for a contrast, or @folder has something in it.
 *
 * Returns: (transfer full): the set, as it was written
 */
KalonHpirSet *kalon_synthetic_make (const KalonSyntheticOptions *options, const char *folder,
                                    KalonSyntheticFunc func, gpointer user_data,
                                    GPtrArray *failures, GCancellable *cancellable, GError **error);

G_END_DECLS
