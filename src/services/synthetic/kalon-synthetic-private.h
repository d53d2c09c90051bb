/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of this folder share: where pictures come from, what is done to them, who votes.
 */

#include "image/kalon-image.h"
#include "synthetic/kalon-synthetic.h"

G_BEGIN_DECLS

/* Pixels */

#define KALON_SPOILT_N_SEVERITIES 3
extern const char *const kalon_spoilt_severities[KALON_SPOILT_N_SEVERITIES]; /* mild, medium, ... */

/* (transfer full): of the same size */
KalonImage *
kalon_spoil_image (const KalonImage *image, KalonSpoilt kind, guint severity, GRand *rand);
/* (transfer full): a near-duplicate of some kind; @number tells those of one picture apart, and
 * neighbours are of different kinds */
KalonImage *kalon_image_new_near_duplicate (const KalonImage *image, guint number, GRand *rand);

/* Plans */

/* How one group is made. */
typedef struct
{
  guint n_wrong;
  guint spoiling; /* 0, or severity + 1 */
  gboolean is_alike;
} KalonSyntheticSide;

/* An item before it has pictures. The first side is better in a contrast of one aspect. */
typedef struct
{
  KalonSyntheticContrast contrast;
  KalonSpoilt kind;
  KalonSyntheticSide sides[2];
} KalonSyntheticPlan;

/* Names with commas between. */
void kalon_synthetic_append_contrasts (GString *line, guint32 bits);
void kalon_synthetic_append_kinds (GString *line, guint32 bits);
/* The number of the @n-th bit that is set, from 0, round and round. */
guint kalon_synthetic_pick_bit (guint32 bits, guint n);
/* @turn: how often this contrast has been made already */
void
kalon_synthetic_plan_item (const KalonSyntheticOptions *options, KalonSyntheticContrast contrast,
                           guint turn, GRand *rand, KalonSyntheticPlan *plan);

/* Sources */

/* Pictures by number, as the sources name them. */
typedef struct
{
  GPtrArray *paths;    /* filename */
  GPtrArray *subjects; /* KalonSubject: a caption or a class */
  GPtrArray *words;    /* GArray: of captioned pictures: numbers, rising, each once */
  double *weights;     /* (nullable): [words] inverse document frequency, of captions */
  gboolean *is_bad;    /* [paths->len] cannot be read: in no answer */
} KalonSource;

/* What a query can be about. */
typedef struct
{
  char *text;       /* caption, or the class's name */
  guint32 picture;  /* of a caption */
  GArray *pictures; /* guint32; of a class, else %NULL */
  GArray *words;    /* numbers, rising, each once */
} KalonSubject;

/* Failures are added to @failures. */
gboolean kalon_source_read (KalonSource *source, const KalonSyntheticOptions *options,
                            GPtrArray *failures, GCancellable *cancellable, GError **error);
void kalon_source_clear (KalonSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonSource, kalon_source_clear)

/* What one item is made of. */
typedef struct
{
  char *query;
  GArray *fits[2]; /* guint32: [group] pictures that fit, for either group */
  GArray *wrong;   /* guint32: pictures that do not, or not as well */
} KalonMaterial;

/* Draws a subject. %FALSE: there is too little about it, try again. @n_wrong: how many wrong ones
 * are needed; @is_hard: they share a word with the query */
gboolean
kalon_source_draw (const KalonSource *source, const KalonSyntheticOptions *options, guint number,
                   guint n_wrong, gboolean is_hard, GRand *rand, KalonMaterial *material);
void kalon_material_clear (KalonMaterial *material);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonMaterial, kalon_material_clear)

/* Runs */

/* Of the pictures' folder in the set's. */
#define KALON_SYNTHETIC_PICTURES "pictures"

typedef struct
{
  const KalonSyntheticOptions *options;
  const char *folder;
  GPtrArray *failures;
  GCancellable *cancellable;
  KalonSource source;
  KalonHpirSet *set;
  GHashTable *hashes; /* path in the set -> hash */
  GPtrArray *written; /* files, absolute */
} KalonSyntheticRun;

/* One place of a group. */
typedef struct
{
  guint side;
  guint32 picture;
  guint copy; /* 0: the picture; else a near-duplicate of it */
} KalonSyntheticPlace;

/* (transfer full): KalonSyntheticPlace, [2 group]: the first side's in random order, the other's */
GArray *kalon_synthetic_fill_places (const KalonSyntheticRun *run, const KalonSyntheticPlan *plan,
                                     const KalonMaterial *material, GRand *rand);
/* @images: (element-type KalonImage): gets those of @places. One that cannot be read is left out
 * from now on: %FALSE, which is no @error. */
gboolean kalon_synthetic_load_places (KalonSyntheticRun *run, const GArray *places,
                                      GPtrArray *images, GError **error);
/* Does with @image what the plan says and adds it to @item, the @number-th. @first: the group that
 * side 0 is */
gboolean kalon_synthetic_add_picture (KalonSyntheticRun *run, const KalonSyntheticPlan *plan,
                                      const KalonSyntheticPlace *place, const KalonImage *image,
                                      guint number, guint first, GRand *rand, KalonHpirItem *item,
                                      GError **error);

/* Votes */

/* @steps: [aspects] by how much group A is better; an aspect of 0 is not asked */
void kalon_synthetic_add_votes (KalonHpirSet *set, KalonHpirItem *item, const double *steps,
                                const KalonSyntheticOptions *options, GRand *rand);

G_END_DECLS
