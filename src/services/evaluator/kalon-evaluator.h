/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How good a model is on pictures whose answers are known: files -> embeddings -> ranks -> figures,
 * each with its 95 % interval (metrics/ defines them, and counts ties against the model).
 *
 * Pictures are encoded straight from their files, as the indexer does it; no library is touched.
 * Similarities are computed in pieces, so 30,000 pictures with 150,000 captions need memory for
 * their embeddings only.
 *
 * A picture that cannot be read, or a name or folder that is not there, is a failure with its
 * reason: it is left out of every figure and the run goes on. When nothing is left, that is
 * %KALON_ERROR_ARGUMENT. A label file (docs/formats.md) is refused (%KALON_ERROR_INVALID_DATA, with
 * the number of the line) when a line of it has not just the texts that it must have, with a TAB
 * between: half a label file would give figures that look like those of the whole. Blank lines are
 * skipped.
 *
 * Functions block; one thread at a time. The model is loaded at the first run.
 */

#include "encoder/kalon-encoder.h"
#include "library/kalon-library.h"
#include "metrics/kalon-metrics.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_EVALUATOR_LOOKING, /* for pictures: @total is 0 */
  KALON_EVALUATOR_PICTURES,
  KALON_EVALUATOR_TEXTS,
  KALON_EVALUATOR_RANKING,
  KALON_EVALUATOR_USERS, /* simulated ones */
  KALON_EVALUATOR_TRAINING,
  KALON_EVALUATOR_REPHRASING,
} KalonEvaluatorPhase;

/* @done of @total pictures, texts, queries or steps; called on the calling thread, between batches.
 */
typedef void (*KalonEvaluatorFunc) (KalonEvaluatorPhase phase, gsize done, gsize total,
                                    gpointer user_data);

#define KALON_TYPE_EVALUATOR (kalon_evaluator_get_type ())
G_DECLARE_FINAL_TYPE (KalonEvaluator, kalon_evaluator, KALON, EVALUATOR, GObject)

/* @device_name: (nullable): as kalon_device_open(); "none" is plain C */
KalonEvaluator *kalon_evaluator_new (const char *model_directory, const char *device_name);

/* @func: (nullable): told how far a run is */
void
kalon_evaluator_set_progress (KalonEvaluator *self, KalonEvaluatorFunc func, gpointer user_data);

/* Of the last run, also when that failed. */
/* (transfer none) (element-type KalonFailure) */
GPtrArray *kalon_evaluator_get_failures (KalonEvaluator *self);
/* Texts that were longer than the model can read. */
gsize kalon_evaluator_get_n_truncated (KalonEvaluator *self);
/* (nullable): kalon_model_dup_hash() of the model; %NULL before it was loaded */
const char *kalon_evaluator_get_model_hash (KalonEvaluator *self);
/* @shares: (nullable): kalon_aesthetic_parse_shares(): by which aesthetic models the next runs
 * score; %NULL is the model's own head */
void kalon_evaluator_set_aesthetic_models (KalonEvaluator *self, const char *shares);
/* (nullable): kalon_aesthetic_blend_get_hash() of these; %NULL before they were used */
const char *kalon_evaluator_get_aesthetic_hash (KalonEvaluator *self);

/* Recall is told at these ranks; precision and accuracy at two of their own. */
#define KALON_EVALUATOR_N_RECALLS 3
extern const guint kalon_evaluator_recall_cuts[KALON_EVALUATOR_N_RECALLS]; /* 1, 5, 10 */
extern const guint kalon_evaluator_precision_cuts[2];                      /* 1, 10 */
extern const guint kalon_evaluator_accuracy_cuts[2];                       /* 1, 5 */
/* nDCG is told at this rank. */
#define KALON_EVALUATOR_NDCG_CUT 10

typedef struct
{
  KalonEstimate recall[KALON_EVALUATOR_N_RECALLS];
  double median_rank;
  KalonEstimate mrr;
  KalonEstimate ndcg; /* of all right answers: of a picture, all its captions */
} KalonRecallFigures;

typedef struct
{
  gsize n_pictures;
  gsize n_captions;
  KalonRecallFigures text_to_image; /* each caption looks for its picture */
  KalonRecallFigures image_to_text; /* each picture looks for any of its captions */
} KalonCaptionFigures;

/* What a caption found. */
typedef struct
{
  char *query;
  GPtrArray *paths; /* (element-type filename): the most similar pictures, best first */
  guint rank;       /* of its own picture, from 1: it is among @paths where that is not longer */
} KalonExample;

void kalon_example_free (KalonExample *example);

/* How many captions kalon_evaluator_rank_captions() keeps an example of, at equal distances; none
 * unless set. */
void kalon_evaluator_set_n_examples (KalonEvaluator *self, guint n);
/* (transfer none) (element-type KalonExample): of the last run */
GPtrArray *kalon_evaluator_get_examples (KalonEvaluator *self);

/**
 * kalon_evaluator_rank_captions:
 * @captions: a file of lines “name TAB caption”; a picture may have several, anywhere in the file
 * @images: the folder that names are relative to
 * @figures: (out caller-allocates):
 *
 * Retrieval as it is measured on Flickr30k and MS-COCO (Karpathy and Fei-Fei 2015): a caption is
 * found when its picture is among the k most similar of all pictures; a picture when one of its
 * captions is among the k most similar of all captions. A caption that another picture has word for
 * word is a tie, and so a miss at rank 1. Intervals draw pictures, each with all its captions.
 */
gboolean kalon_evaluator_rank_captions (KalonEvaluator *self, const char *captions,
                                        const char *images, KalonCaptionFigures *figures,
                                        GCancellable *cancellable, GError **error);

typedef struct
{
  char *query;
  char *folder;
  gsize n_pictures; /* in the folder */
  double precision[2];
  double reciprocal_rank; /* of the folder's best picture */
  double ndcg;
  double chance; /* the folder's share of all pictures: the precision of a random order */
} KalonQueryFigures;

typedef struct
{
  gsize n_pictures;
  gsize n_folders;
  GPtrArray *queries; /* (element-type KalonQueryFigures): as in the file */
  KalonEstimate precision[2];
  KalonEstimate mrr;
  KalonEstimate ndcg;
  double chance;    /* mean over the queries */
  GStrv templates;  /* (nullable): that worded the queries */
  gsize n_left_out; /* folders that have no name in the file */
} KalonFolderFigures;

void kalon_folder_figures_free (KalonFolderFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFolderFigures, kalon_folder_figures_free)

/**
 * kalon_evaluator_rank_queries:
 * @queries: a file of lines “query TAB folder”; a folder may have several
 * @images: a folder with a sub-folder for each class; pictures of a class may lie deeper, those of
 *   folders that no query asks for take part as wrong answers
 *
 * Returns: (transfer full): figures whose intervals draw queries
 */
KalonFolderFigures *
kalon_evaluator_rank_queries (KalonEvaluator *self, const char *queries, const char *images,
                              GCancellable *cancellable, GError **error);

typedef struct
{
  char *folder;
  GStrv names;
  gsize n_pictures;
  double accuracy[2]; /* NaN without pictures */
} KalonClassFigures;

typedef struct
{
  gsize n_pictures;
  gsize n_left_out;   /* folders that have no name in the file */
  GStrv templates;    /* that were used */
  GPtrArray *classes; /* (element-type KalonClassFigures): by folder */
  KalonEstimate accuracy[2];
  double chance[2];
  double mean_per_class; /* mean over the classes of accuracy[0] */
} KalonClassificationFigures;

void kalon_classification_figures_free (KalonClassificationFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonClassificationFigures, kalon_classification_figures_free)

/**
 * kalon_evaluator_classify:
 * @images: as of kalon_evaluator_rank_queries()
 * @names: (nullable): a file of lines “folder TAB name”, one or more for each class; %NULL calls a
 *   class by its folder, with spaces for _ and -
 * @templates: (nullable): each with a {} for the name; %NULL is the model's own, which without a
 *   calibration is %KALON_DEFAULT_TEMPLATE (calibration/)
 *
 * Zero-shot classification: the class whose embedding is most similar to the picture's. A name's
 * embedding is the mean of the unit embeddings of all templates with the name put in, brought to
 * unit length again (prompt ensembling, Radford et al. 2021, 3.1.4); a class's is the same of its
 * names'.
 *
 * Returns: (transfer full): figures whose intervals draw pictures
 */
KalonClassificationFigures *
kalon_evaluator_classify (KalonEvaluator *self, const char *images, const char *names,
                          const char *const *templates, GCancellable *cancellable, GError **error);

typedef struct
{
  char *kind;     /* (nullable): of any kind */
  char *severity; /* (nullable): of any severity */
  gsize n_pairs;
  KalonEstimate share; /* of pairs whose better picture has the higher score; a tie is half */
  double difference;   /* mean score of the better less that of the worse */
} KalonPairOutcome;

typedef struct
{
  gsize n_pictures;    /* in the pairs that are left */
  gsize n_left_out;    /* pairs with a picture that could not be read */
  GPtrArray *outcomes; /* (element-type KalonPairOutcome): of all, by severity, by kind and
                          severity; each in the file's order */
} KalonPairFigures;

void kalon_pair_figures_free (KalonPairFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPairFigures, kalon_pair_figures_free)

/**
 * kalon_evaluator_rank_classes:
 * @images, @names, @templates: as of kalon_evaluator_classify()
 *
 * kalon_evaluator_rank_queries() without a file of queries: one for each class, whose embedding is
 * the one that classifies; it is told by the first name of the class.
 *
 * Returns: (transfer full):
 */
KalonFolderFigures *kalon_evaluator_rank_classes (KalonEvaluator *self, const char *images,
                                                  const char *names, const char *const *templates,
                                                  GCancellable *cancellable, GError **error);

/**
 * kalon_evaluator_compare_pairs:
 * @pairs: a file of lines “better TAB worse TAB kind TAB severity”: which of two pictures is the
 *   better one, in what they differ and how much
 * @images: the folder that names are relative to
 *
 * How often the aesthetic models are of the same opinion, when chance is one half. Each picture is
 * scored once, as an index run scores it. Nothing to score by is %KALON_ERROR_ARGUMENT.
 *
 * Returns: (transfer full): figures whose intervals draw better pictures, each with all its pairs
 */
KalonPairFigures *
kalon_evaluator_compare_pairs (KalonEvaluator *self, const char *pairs, const char *images,
                               GCancellable *cancellable, GError **error);

/**
 * kalon_evaluator_score_pictures:
 * @paths: (element-type filename)
 *
 * Returns: (transfer full): [paths->len] scores of the aesthetic models; NaN where the
 * picture is a failure
 */
float *kalon_evaluator_score_pictures (KalonEvaluator *self, GPtrArray *paths,
                                       GCancellable *cancellable, GError **error);

/* How well one aesthetic model agrees with ratings. */
typedef struct
{
  char *model;
  KalonEstimate spearman;
  KalonEstimate pearson;
  KalonEstimate accuracy; /* share on whose side of the middle both are of one opinion */
} KalonRatingRow;

typedef struct
{
  gsize n_pictures; /* rated ones that could be read */
  double threshold; /* the middle of the ratings */
  double majority;  /* accuracy of who says the same of every picture */
  GPtrArray *rows;  /* (element-type KalonRatingRow): one for each model */
} KalonRatingFigures;

void kalon_rating_figures_free (KalonRatingFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRatingFigures, kalon_rating_figures_free)

/* Fewer pictures say nothing of a correlation. */
#define KALON_EVALUATOR_MIN_RATED 3

/**
 * kalon_evaluator_correlate_ratings:
 * @ratings: ratings by people, of one of two forms, told apart by the first line: AVA's (Murray et
 *   al. 2012): 15 columns with blanks between, of which the 2nd is the picture, ID.jpg, and the 3rd
 *   to 12th count the ratings 1 to 10, whose mean is taken; or CSV (RFC 4180) with a header that
 *   has a column "name" ("image", "path", "file") and one "score" ("rating", "mean"). Ratings of
 *   one name are averaged
 * @images: the folder that names are relative to
 * @models: (nullable): ids of aesthetic models, "own,clip-iqa"; %NULL: all that there are
 * @threshold: above it a rating is a good one; NaN: 5 for AVA's, as customary, else the middle
 *   between the lowest and highest one. Of models it is 5
 *
 * Spearman's and Pearson's correlation of scores with ratings, and the accuracy of two classes.
 *
 * Returns: (transfer full): figures whose intervals draw pictures; %KALON_ERROR_ARGUMENT where
 *   fewer than %KALON_EVALUATOR_MIN_RATED can be read
 */
KalonRatingFigures *
kalon_evaluator_correlate_ratings (KalonEvaluator *self, const char *ratings, const char *images,
                                   const char *models, double threshold, GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
