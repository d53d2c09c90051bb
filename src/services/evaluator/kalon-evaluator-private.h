/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the evaluations share: label files, class folders, embeddings, similarities in pieces.
 */

#include "evaluator/kalon-evaluator-align.h"
#include "evaluator/kalon-evaluator-hpir.h"
#include "evaluator/kalon-evaluator-rephrase.h"
#include "evaluator/kalon-evaluator-taste.h"
#include "labels/kalon-labels.h"
#include "nn/kalon-nn.h"
#include "scorer/kalon-scorer.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

struct _KalonEvaluator
{
  GObject parent_instance;

  char *model_directory;
  char *device_name;
  KalonEvaluatorFunc func;
  gpointer user_data;

  KalonDevice *device; /* (nullable) */
  KalonEncoder *encoder;
  KalonNn *nn;
  char *aesthetic_models;     /* (nullable) */
  KalonAestheticBlend *blend; /* (nullable): until scores are asked for */

  GPtrArray *failures; /* KalonFailure */
  gsize n_truncated;

  guint n_examples;
  GPtrArray *examples; /* KalonExample */
};

/* Forgets the last run and loads the model if that has not been done. */
gboolean kalon_evaluator_begin (KalonEvaluator *self, GCancellable *cancellable, GError **error);
void
kalon_evaluator_tell (KalonEvaluator *self, KalonEvaluatorPhase phase, gsize done, gsize total);
void kalon_evaluator_fail (KalonEvaluator *self, const char *path, const char *reason);
/* Sets %KALON_ERROR_ARGUMENT: nothing is left to measure. @images: (nullable): the folder that was
 * looked in. Always %FALSE. */
gboolean kalon_evaluator_refuse_empty (const char *images, GError **error);

/* self->blend, once: what was set, or the model's own head; a model that has none leaves it %NULL,
 * which is an error if it is required. */
gboolean kalon_evaluator_load_blend (KalonEvaluator *self, gboolean is_required,
                                     GCancellable *cancellable, GError **error);

/* Files */

/* Ratings of pictures. */
typedef struct
{
  GPtrArray *paths;
  GArray *ratings; /* double: of each path */
  double threshold;
} KalonRatings;

/* @images: the folder that names are relative to. Clear @ratings after an error too. */
gboolean kalon_evaluator_read_ratings (const char *path, const char *images, KalonRatings *ratings,
                                       GError **error);
void kalon_ratings_clear (KalonRatings *ratings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonRatings, kalon_ratings_clear)

extern const KalonLabelForm kalon_pair_form;  /* better, worse, kind, severity */
extern const KalonLabelForm kalon_query_form; /* query, folder */

/* (transfer full) (element-type KalonClassFolder): those of @images that have pictures, by name.
 * What cannot be read is a failure. */
GPtrArray *kalon_evaluator_list_folders (KalonEvaluator *self, const char *images,
                                         GCancellable *cancellable, GError **error);

/* The captions of good pictures, one picture's together. @first: [good pictures + 1]
 * Returns: (transfer full): borrowed texts */
GPtrArray *kalon_evaluator_list_texts (const KalonCaptioned *captioned, const guint8 *is_good,
                                       gsize *first, gsize *n_pictures);

/* Pixels */

/* Of the square copy that they are taken from. */
#define KALON_ATTRIBUTE_SIDE 160

/* @attributes: (out caller-allocates): [%KALON_N_ATTRIBUTES], in the order in which
 * kalon_evaluator_simulate_taste() tells of them. Any thread. */
void kalon_attributes_measure (const KalonImage *image, float *attributes);

/* Examples of retrieval by captions: @paths: [n] of @pictures, [n, dimension]; @texts: [m] of
 * @embeddings, [m, dimension], those of picture i from @first[i] on. */
void kalon_evaluator_keep_examples (KalonEvaluator *self, GPtrArray *paths, const float *pictures,
                                    GPtrArray *texts, const gsize *first, const float *embeddings);

/* Embeddings */

/**
 * kalon_evaluator_encode_pictures:
 * @paths: (element-type filename)
 * @is_good: (out caller-allocates): [paths->len] whether the picture has a row
 * @measures: (out caller-allocates) (nullable): [paths->len, %KALON_N_MEASURES], in the order of
 *   @paths; rows of pictures that are not good are not written
 * @attributes: (out caller-allocates) (nullable): [paths->len, %KALON_N_ATTRIBUTES], the same
 *
 * Returns: (transfer full): [number of good ones, dimension], in the order of @paths
 */
float *kalon_evaluator_encode_pictures (KalonEvaluator *self, GPtrArray *paths, guint8 *is_good,
                                        float *measures, float *attributes,
                                        GCancellable *cancellable, GError **error);

/* The pictures of some folders, in the order of the folders. */
typedef struct
{
  GPtrArray *folders; /* KalonClassFolder */
  gsize n_pictures;   /* good ones */
  float *embeddings;  /* [n_pictures, dimension] */
  float *scores;      /* (nullable): [n_pictures] by the aesthetic models, where there are some and
                         they were asked for */
  guint32 *folder_of; /* [n_pictures] position in @folders */
  gsize *n_good;      /* [folders->len] good ones of each folder */
} KalonFolderPictures;

/* Fills in the rest; @pictures has its folders. */
gboolean
kalon_evaluator_encode_folders (KalonEvaluator *self, KalonFolderPictures *pictures,
                                gboolean with_scores, GCancellable *cancellable, GError **error);
void kalon_folder_pictures_clear (KalonFolderPictures *pictures);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonFolderPictures, kalon_folder_pictures_clear)

/* Class folders, and how their classes are called. */
typedef struct
{
  KalonFolderPictures pictures; /* of the folders that have a class; encoded */
  GPtrArray *classes;           /* KalonClassFigures: names only, one for each folder */
  GStrv templates;
  gsize n_left_out;
} KalonNamedFolders;

/* @names, @templates: as of kalon_evaluator_classify(). Loads the model; clear @folders after an
 * error too. */
gboolean kalon_evaluator_name_folders (KalonEvaluator *self, const char *images, const char *names,
                                       const char *const *templates, gboolean with_scores,
                                       KalonNamedFolders *folders, GCancellable *cancellable,
                                       GError **error);
void kalon_named_folders_clear (KalonNamedFolders *folders);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonNamedFolders, kalon_named_folders_clear)

/* (transfer full): [classes->len, dimension] of @classes, KalonClassFigures, by prompt ensembling.
 */
float *kalon_evaluator_encode_classes (KalonEvaluator *self, GPtrArray *classes, GStrv templates,
                                       GCancellable *cancellable, GError **error);

/* @class_of: [n_pictures] positions in @classes, [n_classes, dimension]
 * @ranks: (out caller-allocates): [n_pictures] of the picture's own class */
gboolean kalon_evaluator_rank_own_classes (KalonEvaluator *self, const float *pictures,
                                           const guint32 *class_of, gsize n_pictures,
                                           const float *classes, gsize n_classes, guint32 *ranks,
                                           GCancellable *cancellable, GError **error);

/* As kalon_evaluator_encode_pictures(), with @scores, (out caller-allocates): [paths->len], by
 * self->blend, which is prepared; NaN where a picture is a failure. */
float *kalon_evaluator_encode_and_score (KalonEvaluator *self, GPtrArray *paths, guint8 *is_good,
                                         float *scores, GCancellable *cancellable, GError **error);

/* (transfer full): [paths->len] by the aesthetic models; NaN where a picture is a failure. The
 * model is loaded. */
float *kalon_evaluator_score_files (KalonEvaluator *self, GPtrArray *paths,
                                    GCancellable *cancellable, GError **error);

/* (transfer full): aesthetic models to score each by itself, prepared.
 * @models: (nullable): kalon_aesthetic_parse_shares(), of which weights are not looked at; %NULL:
 * all that there are for the model, which is loaded: CLIP-IQA at least */
KalonAestheticBlend *kalon_evaluator_load_members (KalonEvaluator *self, const char *models,
                                                   GCancellable *cancellable, GError **error);

/* What aesthetic models make of pictures, each by itself. */
typedef struct
{
  GStrv ids;
  guint n;           /* models */
  guint8 *is_good;   /* [pictures] */
  float *scores;     /* [pictures, n]; NaN where a picture is a failure */
  float *embeddings; /* [good ones, dimension] */
} KalonMemberScores;

/* @models: (nullable): as of kalon_evaluator_load_members(). Clear @scores after an error too. */
gboolean kalon_evaluator_score_members (KalonEvaluator *self, const char *models, GPtrArray *paths,
                                        KalonMemberScores *scores, GCancellable *cancellable,
                                        GError **error);
void kalon_member_scores_clear (KalonMemberScores *scores);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonMemberScores, kalon_member_scores_clear)

/* (transfer full): [texts->len, dimension] */
float *kalon_evaluator_encode_texts (KalonEvaluator *self, GPtrArray *texts,
                                     GCancellable *cancellable, GError **error);

/* Similarities */

/* As many of a ranking are looked at. */
#define KALON_EVALUATOR_TOP 10
/* @top: (out caller-allocates): the %KALON_EVALUATOR_TOP most similar of @similarities, [n], the
 * best first; of equals the first, as the searcher takes them. Returns: how many: fewer only where
 * @n is. */
guint kalon_evaluator_find_top (const float *similarities, gsize n, guint32 *top);
/* The share of @a, [n], that @b, [n], has too. */
double kalon_evaluator_get_overlap (const guint32 *a, const guint32 *b, guint n);

/* @similarities: [n_columns] of @row */
typedef void (*KalonEvaluatorRowFunc) (gsize row, const float *similarities, gpointer user_data);

/**
 * kalon_evaluator_score:
 * @rows: [n_rows, dimension]; @columns: [n_columns, dimension]
 *
 * Calls @func with the inner products of every row, in order, a few rows at a time.
 */
gboolean kalon_evaluator_score (KalonEvaluator *self, const float *rows, gsize n_rows,
                                const float *columns, gsize n_columns, KalonEvaluatorRowFunc func,
                                gpointer user_data, GCancellable *cancellable, GError **error);

/**
 * kalon_evaluator_rank_pairs:
 * @pictures: [n_pictures, dimension]
 * @first: [n_pictures + 1] the texts of picture i are first[i] .. first[i + 1] - 1, at least one
 * @texts: [first[n_pictures], dimension]
 * @text_ranks: (out caller-allocates): [first[n_pictures]] of each text's picture among all
 * @own_ranks: (out caller-allocates): [first[n_pictures]] those of each picture's texts among all
 *   texts, sorted: of its best text as kalon_metrics_get_rank(), of the next ones with those ahead
 */
gboolean kalon_evaluator_rank_pairs (KalonEvaluator *self, const float *pictures, gsize n_pictures,
                                     const gsize *first, const float *texts, guint32 *text_ranks,
                                     guint32 *own_ranks, GCancellable *cancellable, GError **error);

/* Rephrasing */

/* Queries and the pictures that answer them. */
typedef struct
{
  GPtrArray *texts; /* char *, owned */
  GArray *targets;  /* guint32: the group of pictures that answers each query */
  GPtrArray *paths; /* of all pictures */
  GArray *groups;   /* guint32: of each picture: itself, or its class */
  gboolean of_folders;
} KalonAnsweredQueries;

/* Loads the model; clear @queries after an error too. Those of one group stand together. */
gboolean kalon_evaluator_list_queries (KalonEvaluator *self, const KalonRephraseTask *task,
                                       KalonAnsweredQueries *queries, GCancellable *cancellable,
                                       GError **error);
void kalon_answered_queries_clear (KalonAnsweredQueries *queries);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonAnsweredQueries, kalon_answered_queries_clear)

/* (transfer full): @texts in @style; what was done is counted in @row. */
GPtrArray *
kalon_evaluator_rephrase (KalonEvaluator *self, const KalonRephraseTask *task, GPtrArray *texts,
                          KalonRephraseStyle style, KalonRephraseRow *row,
                          GCancellable *cancellable, GError **error);

/* Alignment */

/* A picture of the collection and its spoilt copy. */
typedef struct
{
  gint64 pictures[2]; /* ids: the better one, the other */
  float judged[2];
} KalonAlignPair;

/* A query that is measured. */
typedef struct
{
  const char *text;
  guint32 pair; /* whose caption it is */
} KalonAlignQuery;

/* The collection, and what is known of it. */
typedef struct
{
  char *images; /* links resolved, as the library names them; of realpath() */
  GPtrArray *pair_labels;
  GPtrArray *caption_labels;
  GArray *pairs;      /* KalonAlignPair */
  GHashTable *places; /* picture's id -> 2 * pair + (0 better, 1 not) */
  GArray *queries;    /* KalonAlignQuery, those of a pair together */
  KalonIndex *index;  /* of the library that has the pictures */
} KalonAlignCollection;

/* The labels; the rest is empty. Clear it after an error too. */
gboolean kalon_align_collection_read (KalonAlignCollection *collection, const KalonAlignTask *task,
                                      GError **error);
void kalon_align_collection_clear (KalonAlignCollection *collection);
/* The rest, from the library that has the pictures; and the figures that are of no ranking. */
gboolean
kalon_evaluator_collect (KalonEvaluator *self, KalonAlignCollection *collection,
                         const char *library_directory, const char *judge,
                         KalonAlignFigures *figures, GCancellable *cancellable, GError **error);

/* A way to rank. */
typedef struct
{
  char *name;
  KalonHpirRole role;
  KalonRephraseStyle style; /* ORIGINAL: not rephrased */
  float aesthetic;
  const KalonAdapter *adapter; /* (nullable) */
} KalonAlignWay;

/* (transfer full) (element-type KalonAlignWay): the baseline, controls, each part alone, all
 * together. @style, @aesthetic: of the parts; @adapters: [n_adapters] */
GArray *kalon_evaluator_list_ways (KalonRephraseStyle style, float aesthetic,
                                   KalonAdapter *const *adapters, guint n_adapters);
/* (transfer full): [queries, KALON_N_ALIGN_FIGURES]. */
double *kalon_evaluator_rank_way (KalonEvaluator *self, KalonSearcher *searcher,
                                  const KalonAlignCollection *collection, const KalonAlignWay *way,
                                  float share, GCancellable *cancellable, GError **error);

G_END_DECLS
