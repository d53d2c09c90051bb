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

#include "aligner/kalon-aligner.h"
#include "alignment/kalon-adapter.h"
#include "encoder/kalon-encoder.h"
#include "library/kalon-library.h"
#include "metrics/kalon-metrics.h"
#include "rephraser/kalon-rephraser.h"
#include "taste/kalon-taste.h"

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

/* Of one query, ranked in one style. */
typedef enum
{
  KALON_REPHRASE_RECALL_1, /* whether a right answer is the best of all pictures, ... */
  KALON_REPHRASE_RECALL_5,
  KALON_REPHRASE_RECALL_10, /* ... or among the 10 best */
  KALON_REPHRASE_MRR,
  KALON_REPHRASE_NDCG,    /* at 10 */
  KALON_REPHRASE_OVERLAP, /* share of the 10 best that are among those of the query as typed */
} KalonRephraseFigure;
#define KALON_N_REPHRASE_FIGURES 6

/**
 * KalonRephraseRow: one style. Figures are those of KalonRephraseFigure, then one for each
 * aesthetic model: the mean score of the 10 best.
 * @n_words: mean of the texts
 * @n_changed: queries whose text is not that of the query
 * @n_by_llm: that a language model rephrased, now or earlier
 * @n_stands_in: that it should have, and word lists did; @notice: (nullable): why, the last time
 * @gains: over the query as typed, query by query
 */
typedef struct
{
  KalonRephraseStyle style;
  double n_words;
  gsize n_changed;
  gsize n_by_llm;
  gsize n_stands_in;
  char *notice;
  KalonEstimate *figures;
  KalonEstimate *gains;
} KalonRephraseRow;

typedef struct
{
  gsize n_pictures;
  gsize n_queries;
  gboolean of_folders; /* any picture of the class is a right answer */
  float share;
  GStrv models;    /* aesthetic models */
  guint n_figures; /* with theirs */
  GPtrArray *rows; /* (element-type KalonRephraseRow): by style */
  char *example;   /* a query */
  GStrv rephrased; /* the same in each style */
} KalonRephraseFigures;

void kalon_rephrase_figures_free (KalonRephraseFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRephraseFigures, kalon_rephrase_figures_free)

/* (transfer full): %NULL with an error ends the run. */
typedef KalonRephrasing *(*KalonEvaluatorRephraseFunc) (const KalonRephraseRequest *request,
                                                        gpointer user_data, GError **error);

/**
 * KalonRephraseTask:
 * @captions: (nullable): as of kalon_evaluator_rank_captions()
 * @queries: (nullable): as of kalon_evaluator_rank_queries(); without either, class folders are
 *   asked for by their names
 * @share: of the rephrased text in what is searched with, as KalonAlignment.rephrase
 * @limit: at most as many queries, evenly spaced; 0: all
 * @models: (nullable): as of kalon_evaluator_correlate_ratings()
 * @rephrase: (nullable): who rephrases; %NULL: word lists
 */
typedef struct
{
  const char *captions;
  const char *queries;
  const char *images;
  float share;
  gsize limit;
  const char *models;
  KalonEvaluatorRephraseFunc rephrase;
  gpointer user_data;
} KalonRephraseTask;

/**
 * kalon_evaluator_compare_styles:
 *
 * The styles of rephrasing beside each other, the controls too (arXiv 2406.09397, Table 3): what
 * the 10 best gain in looks, and what that costs. The rephrased text is blended with the query as
 * the searcher does it. Styles differ in what is searched for alone: no adapter, no aesthetic term.
 *
 * Returns: (transfer full): figures whose intervals draw queries, captions of one picture together
 */
KalonRephraseFigures *
kalon_evaluator_compare_styles (KalonEvaluator *self, const KalonRephraseTask *task,
                                GCancellable *cancellable, GError **error);

/* Of a class, over the wordings that it is asked for in. */
typedef enum
{
  KALON_DOMAIN_PRECISION,   /* share of its pictures among the 10 best */
  KALON_DOMAIN_R_PRECISION, /* among as many as it has */
  KALON_DOMAIN_AESTHETIC,   /* mean score of the 10 best; NaN without aesthetic models */
  KALON_DOMAIN_STABILITY,   /* share of the 10 best that two wordings have in common */
} KalonDomainFigure;
#define KALON_N_DOMAIN_FIGURES 4

/**
 * KalonDomainTask: pictures of one domain, and how aligned rankings are made.
 * @name: what it is called
 * @images, @names: as of kalon_evaluator_classify()
 * @wordings: (nullable): %NULL-terminated, at least two templates that classes are asked for in;
 *   %NULL: %kalon_domain_wordings
 * @style, @share: by which the word lists rephrase; as KalonAlignment.rephrase
 * @aesthetic_weight: as KalonAlignment.aesthetic
 * @adapter: (nullable): of this model
 */
typedef struct
{
  const char *name;
  const char *images;
  const char *names;
  const char *const *wordings;
  KalonRephraseStyle style;
  float share;
  float aesthetic_weight;
  const KalonAdapter *adapter;
} KalonDomainTask;

extern const char *const kalon_domain_wordings[];

typedef struct
{
  char *name;
  gsize n_pictures;
  gsize n_classes;
  gsize n_wordings;
  gsize n_failed;
  /* Zero-shot accuracy as of kalon_evaluator_classify(): of the model, and under the adapter. */
  KalonEstimate accuracy[2];
  KalonEstimate accuracy_gain;
  double accuracy_chance;
  /* Of class queries: the baseline's, the aligned ranking's, and the latter less the former, class
   * by class. */
  KalonEstimate figures[2][KALON_N_DOMAIN_FIGURES];
  KalonEstimate gains[KALON_N_DOMAIN_FIGURES];
  double precision_chance; /* precision of a random order */
  KalonEstimate overlap;   /* of the 10 best of both rankings */
} KalonDomainFigures;

void kalon_domain_figures_free (KalonDomainFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDomainFigures, kalon_domain_figures_free)

/**
 * kalon_evaluator_measure_domain:
 *
 * Whether alignment does harm in a domain that it was not made for, and how much a ranking depends
 * on the wording: each class is searched for in several, by the baseline and as the searcher's
 * aligned ranking scores pictures (without taste), the domain being the library.
 *
 * Returns: (transfer full): figures whose intervals draw classes, of the accuracy pictures
 */
KalonDomainFigures *
kalon_evaluator_measure_domain (KalonEvaluator *self, const KalonDomainTask *task,
                                GCancellable *cancellable, GError **error);

/* What simulated users do. */
typedef struct
{
  guint n_users;
  const guint *thumbs; /* [n_thumbs], rising: numbers of thumbs after which figures are taken */
  guint n_thumbs;
  guint page;                /* pictures shown at once */
  double noise;              /* share of thumbs that are slips: of a random picture of the page */
  gboolean random;           /* all of them are */
  gboolean embedding_only;   /* measures are not looked at */
  gboolean composition_only; /* users care for symmetry, depth, sky, hue simplicity and thirds only,
                              * which measures say little of */
  guint32 seed;
} KalonTasteProtocol;

/* [n_thumbs] each. Medians over the users. */
typedef struct
{
  const char *name;
  KalonMedian *agreement;
  KalonMedian *difference; /* of the learned one less this one, user by user */
  double *ahead;           /* share of users for whom the learned one is ahead; ties are half */
} KalonTasteMethodFigures;

/* Means over the users. */
typedef struct
{
  double weight; /* of taste in the ranking */
  KalonEstimate recall;
  KalonEstimate change; /* recall less that without taste */
  KalonEstimate gain;   /* mean liking of the best ten less that without taste, in deviations */
} KalonTasteWeightFigures;

#define KALON_EVALUATOR_N_WEIGHTS 6

typedef struct
{
  gsize n_pictures;
  gsize n_thumbed; /* of them in the half that thumbs are about */
  gsize n_captions;
  guint page;         /* the protocol's, or that half if it is smaller */
  GPtrArray *methods; /* (element-type KalonTasteMethodFigures): the learned one first */
  guint recall_thumbs;
  gsize n_recall_captions;
  double recall; /* at 10, without taste */
  /* By rising weight; %KALON_TASTE_WEIGHT is one of them. */
  KalonTasteWeightFigures weights[KALON_EVALUATOR_N_WEIGHTS];
} KalonTasteFigures;

void kalon_taste_figures_free (KalonTasteFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonTasteFigures, kalon_taste_figures_free)

/* What users may like, see below. */
#define KALON_N_ATTRIBUTES 12
/* Recall and gain are taken after as many thumbs, or the most that there are. */
#define KALON_EVALUATOR_RECALL_THUMBS 20

/**
 * kalon_evaluator_simulate_taste:
 * @captions: as of kalon_evaluator_rank_captions()
 * @images: the folder that names are relative to
 *
 * How well taste/ learns what somebody likes, on users whose liking is known because it is made
 * up: of attributes of the pixels. They are computed here, apart from encoder and measures, which
 * does not make them independent: warmth, lightness and contrast are all but one measure each
 * (correlation 0.99), and linear combinations of the measures tell most of the others as well, but
 * little of symmetry, depth of field, sky and thirds (docs/benchmarks.md). They are taken from a
 * copy of 160 x 160 pixels in CIELAB (D65), with g = |dL/dx| + |dL/dy| between neighbours:
 *
 *  0 warmth: mean b*                       1 redness: mean a*
 *  2 lightness: mean L*                    3 contrast: standard deviation of L*
 *  4 chroma: mean C = hypot (a*, b*)       5 sparseness: share of g < 6 (negative space)
 *  6 symmetry: -mean |L* - its mirror image| / (contrast + 5)
 *  7 depth of field: log ((mean g of the central 80 x 80 + 1/2) / (mean g of the rest + 1/2))
 *  8 sky: mean L* of the upper third less that of the lower
 *  9 hue simplicity: sum p log p over 20 hues, by C where C >= 1
 * 10 dark mood: share of L* < 15
 * 11 thirds: log ((sum of the mean g of rows 50-55 and 104-109 + 1/2) / (2 mean g + 1/2))
 *
 * Each is standardised over the pictures. A user likes sum w tanh (0.7 z) over three of them, drawn
 * without replacement (of attributes 6 to 9 and 11 with composition_only), with w from a normal
 * distribution; in deviations over the pictures.
 *
 * A hash of a picture's name puts it into one of two halves. A thumb: a caption of the first half,
 * drawn at random, ranks that half's pictures by similarity; of the best of them, a page, the one
 * liked best is thumbed up (7 of 10 times) or the one liked least down (3 of 10), or a random one
 * for a slip. Agreement is the share of 600 random pairs of the other half that a method puts in
 * the user's order, where ties are half. Methods:
 *
 * - learned: the taste learner; learned-embedding: the same without measures
 * - rocchio, nearest: the yardsticks on the embedding, as published; rocchio-features,
 *   nearest-features: on all features. Pictures passed by count as disliked, which makes
 *   rocchio better, and nearest worse by a point or two after many thumbs
 * - steering, aesthetic: without thumbs; only with a model that has an aesthetic head
 *
 * Recall at 10 is that of captions (evenly spaced ones of more than 10,000) among all pictures,
 * which are ranked as %KALON_TASTE_WEIGHT tells, with that and other weights of what each
 * user has taught. Intervals draw users. The same files, model and protocol give the same figures.
 *
 * %KALON_ERROR_ARGUMENT when a half has fewer than two pictures.
 *
 * Returns: (transfer full):
 */
KalonTasteFigures *
kalon_evaluator_simulate_taste (KalonEvaluator *self, const char *captions, const char *images,
                                const KalonTasteProtocol *protocol, GCancellable *cancellable,
                                GError **error);

/**
 * KalonAlignTask: a collection of pictures and their spoilt copies, and another to learn on.
 * @work: a directory for the two libraries; a later run uses them again
 * @train: a folder of pictures to learn on: nothing is known of them
 * @queries: %NULL-terminated: to learn on
 * @images: the folder that names of pairs and captions are relative to; all of it is searched
 * @pairs: as of kalon_evaluator_compare_pairs(); each picture in one pair only
 * @captions: as of kalon_evaluator_rank_captions(), of the better pictures: the queries that are
 *   measured
 * @judge: kalon_aesthetic_parse_shares(): what does not take part in learning and ranking, as
 *   kalon_evaluator_set_aesthetic_models() does
 * @aesthetic_weight: as KalonAlignment.aesthetic
 * @options: how to align; its kind is not looked at: each is trained
 */
typedef struct
{
  const char *work;
  const char *train;
  const char *const *queries;
  const char *images;
  const char *pairs;
  const char *captions;
  const char *judge;
  float aesthetic_weight;
  const KalonAlignerOptions *options;
} KalonAlignTask;

/* Of one query. */
typedef enum
{
  KALON_ALIGN_JUDGED,        /* mean score by the judge of the 10 best */
  KALON_ALIGN_OWN,           /* the same by the models that rank */
  KALON_ALIGN_BETTER,        /* share of better pictures among the 10 best */
  KALON_ALIGN_TWINS,         /* whether the picture is above its spoilt copy; a tie is half */
  KALON_ALIGN_RECALL_EITHER, /* whether either of the two is among the 10 best */
  KALON_ALIGN_RECALL_BETTER, /* whether the better one is */
  KALON_ALIGN_DIVERSITY, /* mean of 1 - cosine over the pairs of the 10 best: 0 is all the same */
} KalonAlignFigure;
#define KALON_N_ALIGN_FIGURES 7

/* One way to rank. */
typedef struct
{
  char *name;
  KalonEstimate figures[KALON_N_ALIGN_FIGURES];
  KalonEstimate gains[KALON_N_ALIGN_FIGURES]; /* over the baseline, query by query */
} KalonAlignRow;

/* An adapter as it was trained. */
typedef struct
{
  KalonAdapterKind kind;
  KalonAdapter *adapter;
  gsize n_pairs;
  guint n_steps;
  guint best_step;
  double drift;
  KalonEstimate before; /* agreement of held-out training queries */
  KalonEstimate after;
} KalonAlignTraining;

typedef struct
{
  gsize n_pictures; /* in the collection */
  gsize n_pairs;
  gsize n_queries;
  KalonEstimate judge_power; /* share of pairs whose better picture it scores higher */
  KalonEstimate own_power;
  GArray *trainings; /* KalonAlignTraining */
  GPtrArray *rows;   /* KalonAlignRow: the baseline is the first */
} KalonAlignFigures;

void kalon_align_figures_free (KalonAlignFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonAlignFigures, kalon_align_figures_free)

/**
 * kalon_evaluator_align:
 *
 * What alignment gains and what it costs: adapters are trained on one collection (aligner/) and
 * rankings compared on another, by the searcher itself, each part of the aligned ranking alone and
 * together. Rephrasing is by word lists. All results are exact; near-duplicates are not folded.
 *
 * Returns: (transfer full): figures whose intervals draw pairs, each with all its captions
 */
KalonAlignFigures *kalon_evaluator_align (KalonEvaluator *self, const KalonAlignTask *task,
                                          GCancellable *cancellable, GError **error);

G_END_DECLS
