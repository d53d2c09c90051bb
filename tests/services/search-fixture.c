/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search-fixture.h"

#include <math.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "indexer/kalon-indexer.h"
#include "test-folders.h"

void
search_fixture_set_up (SearchFixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-searcher-XXXXXX", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  fixture->library_directory = g_build_filename (fixture->directory, "library", NULL);
  fixture->model = g_test_build_filename (G_TEST_DIST, "reference", "models", MODEL, NULL);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
}

void
search_fixture_tear_down (SearchFixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_free (fixture->classes);
  g_free (fixture->library_directory);
  g_free (fixture->model);
}

char *
dup_photo_path (SearchFixture *fixture, guint seed)
{
  g_autofree char *name = g_strdup_printf ("%02u.png", seed);

  return g_build_filename (fixture->photos, name, NULL);
}

/* Soft blots of random colours: far apart by perceptual hash too, and near themselves at any size.
 */
KalonImage *
make_image (guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (KalonImage) blots = kalon_image_new (6, 6);

  for (guint i = 0; i < 6 * 6 * 3; i++)
    blots->pixels[i] = (guint8) g_rand_int_range (rand, 0, 256);
  return kalon_image_resize (blots, 96, 96);
}

void
make_photo (SearchFixture *fixture, guint seed)
{
  g_autoptr (KalonImage) image = make_image (seed);
  g_autofree char *path = dup_photo_path (fixture, seed);
  g_autoptr (GError) error = NULL;

  kalon_image_save_png (image, path, &error);
  g_assert_no_error (error);
}

/* The same picture smaller, as JPEG. */
void
make_copy (SearchFixture *fixture, guint seed, guint size)
{
  g_autoptr (KalonImage) image = make_image (seed);
  g_autoptr (KalonImage) small = kalon_image_resize (image, size, size);
  g_autofree char *name = g_strdup_printf ("%02u-%u.jpg", seed, size);
  g_autofree char *path = g_build_filename (fixture->photos, name, NULL);
  g_autoptr (GError) error = NULL;

  kalon_image_save_jpeg (small, path, 85, &error);
  g_assert_no_error (error);
}

void
index_photos (SearchFixture *fixture, const char *model)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->library_directory, model, "none");
  const char *folders[] = { fixture->photos, NULL };
  g_autoptr (GError) error = NULL;

  kalon_indexer_run (indexer, folders, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

void
make_library (SearchFixture *fixture)
{
  for (guint i = 0; i < N_PHOTOS; i++)
    make_photo (fixture, i);
  index_photos (fixture, fixture->model);
}

KalonSearcher *
make_searcher (SearchFixture *fixture)
{
  return kalon_searcher_new (fixture->library_directory, fixture->model, "none");
}

KalonQuery *
make_query (const char *text)
{
  KalonQuery *query = kalon_query_new ();

  if (text != NULL)
    kalon_query_add_term (query, KALON_TERM_TEXT, text, 1);
  return query;
}

KalonResults *
search (KalonSearcher *searcher, KalonQuery *query)
{
  g_autoptr (GError) error = NULL;
  KalonResults *results = kalon_searcher_search (searcher, query, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < results->results->len; i++)
    {
      const KalonResult *result = &g_array_index (results->results, KalonResult, i);

      g_assert_cmpuint (result->rank, ==, i + 1);
      g_assert_true (i == 0 || result->score <= result[-1].score);
    }
  return results;
}

const KalonResult *
get_result (const KalonResults *results, guint i)
{
  g_assert_cmpuint (i, <, results->results->len);
  return &g_array_index (results->results, KalonResult, i);
}

gint64
find_picture (SearchFixture *fixture, guint seed)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
  g_autofree char *path = dup_photo_path (fixture, seed);
  g_autoptr (KalonPicture) picture = kalon_library_find_picture (library, path, NULL);

  g_assert_nonnull (picture);
  return picture->id;
}

void
encode_text (SearchFixture *fixture, const char *text, float *embedding)
{
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);

  g_assert_true (kalon_encoder_encode_texts (encoder, &text, 1, embedding, NULL, NULL, NULL));
}

/* The embedding that @result was found by. */
void
read_row (SearchFixture *fixture, guint32 row, float *embedding)
{
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library_directory, NULL);
  g_autoptr (KalonIndex) index = kalon_library_open_index (
      library, kalon_encoder_get_model_hash (encoder), kalon_encoder_get_dimension (encoder), NULL);

  g_assert_true (kalon_index_get_row (index, row, embedding, NULL));
}

double
dot (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

gsize
get_dimension (SearchFixture *fixture)
{
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);

  return kalon_encoder_get_dimension (encoder);
}

void
make_classes (SearchFixture *fixture)
{
  fixture->classes = g_build_filename (fixture->directory, "classes", NULL);
  for (guint seed = 0; seed < N_PHOTOS; seed++)
    {
      g_autofree char *photo = dup_photo_path (fixture, seed);
      g_autofree char *name = g_path_get_basename (photo);
      g_autofree char *folder
          = g_build_filename (fixture->classes, seed < N_PHOTOS / 2 ? "dog" : "the_sea", NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_cmpint (link (photo, path), ==, 0);
    }
}

void
add_head (SearchFixture *fixture)
{
  g_autofree char *from = g_steal_pointer (&fixture->model);
  g_autofree char *head = g_test_build_filename (G_TEST_DIST, "reference", "aesthetics",
                                                 "quick-gelu-p16-f32-mlp.safetensors", NULL);
  g_autofree char *target = NULL;
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  fixture->model = g_build_filename (fixture->directory, "model", NULL);
  g_assert_cmpint (g_mkdir (fixture->model, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *copy = g_build_filename (fixture->model, name, NULL);

      g_assert_cmpint (symlink (source, copy), ==, 0);
    }
  target = g_build_filename (fixture->model, KALON_AESTHETIC_FILE, NULL);
  g_assert_cmpint (symlink (head, target), ==, 0);
}

KalonAdapter *
make_adapter (SearchFixture *fixture, KalonAdapterKind kind)
{
  g_autofree char *hash = kalon_model_dup_hash (fixture->model, NULL, NULL);
  KalonAdapter *adapter = kalon_adapter_new (kind, hash, get_dimension (fixture), 2, kind + 1);

  for (guint p = 0; p < adapter->n_parts; p++)
    for (gsize i = 0; i < adapter->parts[p].rows * adapter->dimension; i++)
      adapter->parts[p].values[i] = (float) (0.2 * sin (p + 2.3 * (double) i));
  return adapter;
}
