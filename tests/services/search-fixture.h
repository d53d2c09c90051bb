/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A small library of made-up pictures, indexed by a model of the tree, for the tests that search
 * it. */

#include "alignment/kalon-alignment-private.h"
#include "searcher/kalon-searcher-private.h"

/* Two models of the tree, so small that their random weights take no time. */
#define MODEL "quick-gelu-p16-f32"
#define OTHER_MODEL "gelu-p32-ragged-bf16"
#define N_PHOTOS 24
#define FOLD_COSINE 0.95f

typedef struct
{
  char *directory;
  char *photos;
  char *classes; /* (nullable): of make_classes() */
  char *library_directory;
  char *model;
} SearchFixture;

void search_fixture_set_up (SearchFixture *fixture, gconstpointer data);
void search_fixture_tear_down (SearchFixture *fixture, gconstpointer data);
#define ADD_SEARCH_TEST(path, func)                                                                \
  g_test_add (path, SearchFixture, NULL, search_fixture_set_up, func, search_fixture_tear_down)
char *dup_photo_path (SearchFixture *fixture, guint seed);
/* Soft blots of random colours: far apart by perceptual hash too, and near themselves at any size.
 */
KalonImage *make_image (guint seed);
void make_photo (SearchFixture *fixture, guint seed);
/* The same picture smaller, as JPEG. */
void make_copy (SearchFixture *fixture, guint seed, guint size);
void index_photos (SearchFixture *fixture, const char *model);
void make_library (SearchFixture *fixture);
KalonSearcher *make_searcher (SearchFixture *fixture);
KalonQuery *make_query (const char *text);
KalonResults *search (KalonSearcher *searcher, KalonQuery *query);
const KalonResult *get_result (const KalonResults *results, guint i);
gint64 find_picture (SearchFixture *fixture, guint seed);
void encode_text (SearchFixture *fixture, const char *text, float *embedding);
/* The embedding that @result was found by. */
void read_row (SearchFixture *fixture, guint32 row, float *embedding);
/* Sub-folders of fixture->classes: the first half of N_PHOTOS as “dog”, the others as “the_sea”. */
void make_classes (SearchFixture *fixture);
/* The model with an aesthetic head beside it; before anything is made with it. */
void add_head (SearchFixture *fixture);
/* One that changes rankings. */
KalonAdapter *make_adapter (SearchFixture *fixture, KalonAdapterKind kind);
double dot (const float *a, const float *b, gsize n);
gsize get_dimension (SearchFixture *fixture);
