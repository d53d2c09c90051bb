/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "index/kalon-index-private.h"
#include "tensor/kalon-tensor.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_HASH "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-index-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "test.kemb", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->path);
  g_free (fixture->directory);
}

/* [n, dimension], unit length. @outlier lets one element hold most of the length, as some
 * elements of CLIP embeddings do. */
static float *
make_rows (guint32 seed, gsize n, gsize dimension, gboolean outlier)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  float *rows = g_new (float, n *dimension);

  for (gsize i = 0; i < n; i++)
    {
      float *row = rows + i * dimension;
      double length = 0;

      for (gsize j = 0; j < dimension; j++)
        row[j] = (float) g_rand_double_range (rand, -1, 1);
      if (outlier)
        row[dimension / 3] = 30;
      for (gsize j = 0; j < dimension; j++)
        length += (double) row[j] * row[j];
      for (gsize j = 0; j < dimension; j++)
        row[j] = (float) (row[j] / sqrt (length));
    }
  return rows;
}

static KalonIndex *
open_index (Fixture *fixture, gsize dimension)
{
  g_autoptr (GError) error = NULL;
  KalonIndex *index = kalon_index_open (fixture->path, HASH, dimension, &error);

  g_assert_no_error (error);
  return index;
}

static void
append (KalonIndex *index, const float *rows, gsize n)
{
  g_autoptr (GError) error = NULL;
  gsize before = kalon_index_get_n_rows (index), first = G_MAXSIZE;

  kalon_index_append (index, rows, n, &first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (first, ==, before);
  g_assert_cmpuint (kalon_index_get_n_rows (index), ==, before + n);
}

static void
assert_rows (KalonIndex *index, gsize first, const float *rows, gsize n)
{
  gsize dimension = kalon_index_get_dimension (index);
  g_autofree float *row = g_new (float, dimension);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      kalon_index_get_row (index, first + i, row, &error);
      g_assert_no_error (error);
      for (gsize j = 0; j < dimension; j++)
        g_assert_cmpfloat_with_epsilon (row[j], rows[i * dimension + j], 0x1p-11);
    }
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  const gsize dimension = 100, n = 200;
  g_autofree float *rows = make_rows (1, n, dimension, FALSE);
  g_autoptr (GError) error = NULL;
  KalonIndex *index = open_index (fixture, dimension);

  g_assert_cmpuint (kalon_index_get_n_rows (index), ==, 0);
  g_assert_cmpuint (kalon_index_get_dimension (index), ==, dimension);
  /* Over block ends, and reading between so that the mapping must grow. */
  append (index, rows, 1);
  assert_rows (index, 0, rows, 1);
  append (index, rows + dimension, 62);
  append (index, rows + 63 * dimension, n - 63);
  append (index, rows, 0);
  assert_rows (index, 0, rows, n);
  kalon_index_sync (index, &error);
  g_assert_no_error (error);
  g_object_unref (index);

  index = open_index (fixture, dimension);
  g_assert_cmpuint (kalon_index_get_n_rows (index), ==, n);
  assert_rows (index, 0, rows, n);
  kalon_index_verify (index, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (index);
}

/* What search must equal: all inner products, sorted. */
static int
compare_neighbours (const void *a, const void *b)
{
  const KalonNeighbour *x = a, *y = b;

  if (x->similarity != y->similarity)
    return x->similarity > y->similarity ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

static void
assert_search (KalonIndex *index, KalonDevice *device, const float *queries, gsize n_queries,
               const guint64 *allowed, gsize k)
{
  gsize n_rows = kalon_index_get_n_rows (index), dimension = kalon_index_get_dimension (index);
  g_autofree float *similarities = g_new (float, n_queries *n_rows);
  g_autofree float *row = g_new (float, dimension);
  g_autofree KalonNeighbour *sorted = g_new (KalonNeighbour, n_rows);
  g_autofree KalonNeighbour *found = g_new (KalonNeighbour, MAX (1, n_queries * k));
  g_autofree gsize *n_found = g_new (gsize, n_queries);
  g_autoptr (GError) error = NULL;

  kalon_index_score (index, NULL, queries, n_queries, similarities, NULL, &error);
  g_assert_no_error (error);
  kalon_index_search (index, device, queries, n_queries, allowed, k, found, n_found, NULL, &error);
  g_assert_no_error (error);

  for (gsize q = 0; q < n_queries; q++)
    {
      gsize n = 0;

      for (gsize i = 0; i < n_rows; i++)
        {
          float similarity = similarities[q * n_rows + i];
          double definition = 0;

          kalon_index_get_row (index, i, row, NULL);
          for (gsize j = 0; j < dimension; j++)
            definition += (double) row[j] * queries[q * dimension + j];
          g_assert_cmpfloat_with_epsilon (similarity, definition, 1e-6);
          if (!allowed || allowed[i / 64] >> i % 64 & 1)
            sorted[n++] = (KalonNeighbour){ (guint32) i, similarity };
        }
      if (n > 0)
        qsort (sorted, n, sizeof *sorted, compare_neighbours);
      g_assert_cmpuint (n_found[q], ==, MIN (n, k));
      for (gsize i = 0; i < n_found[q]; i++)
        {
          g_assert_cmpuint (found[q * k + i].row, ==, sorted[i].row);
          g_assert_true (found[q * k + i].similarity == sorted[i].similarity);
        }
    }
}

/* (nullable): no OpenCL on this machine */
static KalonDevice *
open_device (void)
{
  g_autoptr (GPtrArray) devices = kalon_device_list ();
  g_autoptr (GError) error = NULL;
  KalonDevice *device = NULL;

  if (devices->len == 0)
    g_test_skip ("no OpenCL device");
  else
    device = kalon_device_open (NULL, &error);
  g_assert_no_error (error);
  return device;
}

/* The same answers on the device, also while the file grows and shrinks. */
static void
test_search_on_device (Fixture *fixture, gconstpointer data)
{
  const gsize dimensions[] = { 7, 64, 512 }, n = 3000, n_queries = 3;
  g_autoptr (KalonDevice) device = open_device ();

  for (gsize d = 0; device && d < G_N_ELEMENTS (dimensions); d++)
    {
      const gsize dimension = dimensions[d];
      g_autofree float *rows = make_rows (2, n, dimension, TRUE);
      g_autofree float *queries = make_rows (3, n_queries, dimension, TRUE);
      g_autofree guint64 *allowed = g_new0 (guint64, n / 64 + 1);
      g_autoptr (KalonIndex) index = open_index (fixture, dimension);
      g_autoptr (GError) error = NULL;

      for (gsize i = 10; i < n; i += 50)
        memcpy (rows + i * dimension, rows, dimension * sizeof (float));
      memcpy (queries, rows, dimension * sizeof (float));
      for (gsize i = 5; i < n; i += 11)
        allowed[i / 64] |= G_GUINT64_CONSTANT (1) << i % 64;

      assert_search (index, device, queries, n_queries, NULL, 10);
      append (index, rows, 100);
      assert_search (index, device, queries, n_queries, NULL, 10);
      append (index, rows + 100 * dimension, n - 100);
      assert_search (index, device, queries, n_queries, NULL, 70);
      assert_search (index, device, queries, n_queries, allowed, 10);
      assert_search (index, device, queries, n_queries, NULL, n + 5);
      kalon_index_truncate (index, 1000, &error);
      g_assert_no_error (error);
      append (index, queries, n_queries);
      assert_search (index, device, queries, n_queries, NULL, 10);
      g_unlink (fixture->path);
    }
}

/* Both forms of the kernels, whatever the device, against plain C. */
static void
test_kernels (Fixture *fixture, gconstpointer data)
{
  const gsize dimensions[] = { 7, 192, 1024 }, n = 1500, n_queries = 2;
  g_autoptr (KalonDevice) device = open_device ();

  for (gsize d = 0; device && d < G_N_ELEMENTS (dimensions); d++)
    for (guint gpu = 0; gpu < 2; gpu++)
      {
        const gsize dimension = dimensions[d], n_groups = (n + 63) / 64;
        const KalonIndexLoops *loops = kalon_index_get_loops ();
        g_autofree float *rows = make_rows (4, n, dimension, TRUE);
        g_autofree float *values = NULL;
        g_autofree gint8 *levels = NULL;
        g_autofree float *similarities = g_new (float, n_queries *n);
        g_autofree float *bounds = g_new (float, n_queries *n_groups);
        g_autofree guint64 *allowed = g_new0 (guint64, n_groups);
        KalonIndexDevice *half = kalon_index_device_new (device, gpu);
        KalonIndexFile file;
        KalonIndexQuery queries[2];
        g_autoptr (GError) error = NULL;

        kalon_index_file_open (&file, fixture->path, HASH, dimension, &error);
        g_assert_no_error (error);
        kalon_index_file_append (&file, rows, n, &error);
        g_assert_no_error (error);
        kalon_index_file_map (&file, &error);
        g_assert_no_error (error);
        for (gsize i = 0; i < n; i += 3)
          if (i / 64 != 5)
            allowed[i / 64] |= G_GUINT64_CONSTANT (1) << i % 64;
        values = g_new0 (float, n_queries *file.layout.stride);
        levels = g_new (gint8, n_queries * 2 * file.layout.stride);
        for (gsize q = 0; q < n_queries; q++)
          {
            float *value = values + q * file.layout.stride;
            memcpy (value, rows + 1000 * q * dimension, dimension * sizeof (float));
            kalon_index_encode_query (&file.layout, value, levels + q * 2 * file.layout.stride,
                                      &queries[q]);
          }

        kalon_index_device_score (half, &file, queries, n_queries, similarities, &error);
        g_assert_no_error (error);
        kalon_index_device_bounds (half, &file, queries, n_queries, allowed, bounds, &error);
        g_assert_no_error (error);
        for (gsize q = 0; q < n_queries; q++)
          {
            g_autofree float *best = g_new (float, n_groups);

            for (gsize i = 0; i < n_groups; i++)
              best[i] = -INFINITY;
            for (gsize i = 0; i < n; i++)
              {
                KalonIndexRows row = kalon_index_file_rows (&file, i);
                float similarity
                    = loops->dot_half (row.halves, queries[q].values, file.layout.stride);

                g_assert_true (similarity == similarities[q * n + i]);
                if (allowed[i / 64] >> i % 64 & 1)
                  best[i / 64] = MAX (best[i / 64], similarity);
              }
            g_assert_true (bounds[q * n_groups + 5] == -INFINITY);
            for (gsize i = 0; i < n_groups; i++)
              {
                g_assert_cmpfloat (bounds[q * n_groups + i], >=, best[i]);
                g_assert_true (i == 5 || bounds[q * n_groups + i] < best[i] + 0.06f);
              }
          }
        kalon_index_device_free (half);
        kalon_index_file_close (&file);
        g_unlink (fixture->path);
      }
}

static void
test_self_test (void)
{
  g_autoptr (KalonDevice) device = open_device ();

  for (guint gpu = 0; device && gpu < 2; gpu++)
    {
      g_autofree char *report = NULL;
      g_autoptr (GError) error = NULL;

      kalon_index_self_test_form (device, gpu, &report, &error);
      g_assert_no_error (error);
      g_test_message ("%s", report);
      g_assert_nonnull (strstr (report, "knn-bounds"));
      g_assert_null (strstr (report, "FAILED"));
    }
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  const gsize dimensions[] = { 1, 7, 64, 96, 512, 768 };
  const gsize n = 333, n_queries = 3;

  for (gsize d = 0; d < G_N_ELEMENTS (dimensions); d++)
    for (guint outlier = 0; outlier < 2; outlier++)
      {
        gsize dimension = dimensions[d];
        g_autofree float *rows = make_rows (2, n, dimension, outlier);
        g_autofree float *queries = make_rows (3, n_queries, dimension, outlier);
        g_autoptr (KalonIndex) index = open_index (fixture, dimension);
        guint64 allowed[6] = { 0, 0xff00ff00ff00ff00, 1, G_MAXUINT64, 0, G_MAXUINT64 };

        /* Equal rows in several blocks: ties. */
        for (gsize i = 10; i < n; i += 50)
          memcpy (rows + i * dimension, rows, dimension * sizeof (float));
        append (index, rows, n);
        memcpy (queries, rows, dimension * sizeof (float));
        assert_search (index, NULL, queries, n_queries, NULL, 10);
        assert_search (index, NULL, queries, n_queries, allowed, 10);
        assert_search (index, NULL, queries, n_queries, NULL, n + 5);
        assert_search (index, NULL, queries, n_queries, NULL, 1);
        assert_search (index, NULL, queries, n_queries, NULL, 0);
        g_unlink (fixture->path);
      }
}

static void
test_search_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonIndex) index = open_index (fixture, 8);
  g_autofree float *query = make_rows (1, 1, 8, FALSE);

  assert_search (index, NULL, query, 1, NULL, 5);
}

static void
test_loops (void)
{
  const gsize stride = 192, n = KALON_INDEX_GROUP_ROWS;
  g_autofree float *query = make_rows (5, 1, stride, FALSE);
  g_autofree float *rows = make_rows (6, n, stride, FALSE);
  g_autofree guint8 *codes = g_new (guint8, n * stride);
  g_autofree gint8 *levels = g_new (gint8, 2 * stride);
  g_autofree guint16 *halves = g_new (guint16, n * stride);
  KalonIndexLayout layout;
  KalonIndexQuery prepared;
  gsize n_loops = 0;

  kalon_index_layout_init (&layout, stride);
  kalon_index_encode_query (&layout, query, levels, &prepared);
  for (gsize i = 0; i < n * stride; i++)
    halves[i] = kalon_f32_to_f16 (i % 17 == 0 ? rows[i] * 1e-6f : rows[i]);
  for (gsize i = 0; i < n; i++)
    {
      float scale, code_error;
      kalon_index_encode_row (&layout, rows + i * stride, codes + i * stride, &scale, &code_error);
    }
  /* The largest sums there can be. */
  for (gsize i = 0; i < stride; i++)
    codes[i] = levels[i] > 0 ? 255 : 0;

  for (const KalonIndexLoops *loops = kalon_index_get_loops (); loops->name; loops++, n_loops++)
    {
      gint32 dots[KALON_INDEX_GROUP_ROWS];

      g_test_message ("%s", loops->name);
      loops->dot_codes (codes, levels, stride, dots);
      for (gsize row = 0; row < n; row++)
        {
          gint64 sum = 0;
          float lanes[64] = { 0 };

          for (gsize i = 0; i < stride; i++)
            sum += codes[row * stride + i] * (128 * levels[i] + levels[stride + i]);
          g_assert_cmpint (dots[row], ==, sum);

          /* The definition in kalon-index.h, literally. */
          for (gsize i = 0; i < stride; i++)
            lanes[i % 64]
                = fmaf (kalon_f16_to_f32 (halves[row * stride + i]), query[i], lanes[i % 64]);
          for (gsize half = 32; half > 0; half /= 2)
            for (gsize i = 0; i < half; i++)
              lanes[i] += lanes[i + half];
          g_assert_true (loops->dot_half (halves + row * stride, query, stride) == lanes[0]);
        }
    }
  g_assert_cmpuint (n_loops, >=, 1);
}

/* The bound that lets a search pass over a row must hold for every pair, spiky ones too. */
static void
test_codes_bound (void)
{
  const gsize dimensions[] = { 1, 2, 63, 512, 768, 1000 };

  for (gsize d = 0; d < G_N_ELEMENTS (dimensions); d++)
    {
      const gsize dimension = dimensions[d], n = 60;
      g_autofree float *rows = make_rows (7, n, dimension, FALSE);
      g_autofree guint8 *codes = NULL;
      g_autofree gint8 *levels = NULL;
      KalonIndexLayout layout;
      double tightest = 0;

      kalon_index_layout_init (&layout, dimension);
      codes = g_new (guint8, layout.stride);
      levels = g_new (gint8, 2 * layout.stride);
      /* A third of them with a single element, a third with an outlier. */
      for (gsize i = 0; i < n / 3; i++)
        {
          memset (rows + i * dimension, 0, dimension * sizeof (float));
          rows[i * dimension + i % dimension] = i % 2 ? 1 : -1;
        }
      {
        g_autofree float *spiky = make_rows (8, n / 3, dimension, TRUE);
        memcpy (rows + n / 3 * dimension, spiky, n / 3 * dimension * sizeof (float));
      }
      for (gsize q = 0; q < n; q++)
        {
          KalonIndexQuery query;
          kalon_index_encode_query (&layout, rows + q * dimension, levels, &query);
          for (gsize i = 0; i < n; i++)
            {
              float scale, code_error;
              double exact = 0, bound;
              gint64 dot = -query.zero;

              kalon_index_encode_row (&layout, rows + i * dimension, codes, &scale, &code_error);
              bound = query.length * code_error + query.slack;
              for (gsize j = 0; j < dimension; j++)
                exact += (double) rows[q * dimension + j] * rows[i * dimension + j];
              for (gsize j = 0; j < layout.stride; j++)
                dot += codes[j] * (128 * levels[j] + levels[layout.stride + j]);
              g_assert_cmpint (ABS (dot), <=, G_MAXINT32);
              exact -= (double) query.step * scale * dot;
              g_assert_cmpfloat (fabs (exact), <=, bound);
              g_assert_cmpfloat (bound, <, 0.03);
              tightest = MAX (tightest, fabs (exact) / bound);
            }
        }
      g_test_message ("dimension %zu: %.2f of the bound is used", dimension, tightest);
    }
}

static void
test_checksum (void)
{
  /* The check value of CRC-32C in the catalogue of parametrised CRC algorithms; RFC 3720 B.4. */
  const guint8 zeros[32] = { 0 };

  g_assert_cmphex (kalon_index_crc (0, "123456789", 9), ==, 0xe3069283);
  g_assert_cmphex (kalon_index_crc_portable (0, "123456789", 9), ==, 0xe3069283);
  g_assert_cmphex (kalon_index_crc (0, zeros, 32), ==, 0x8a9136aa);
  g_assert_cmphex (kalon_index_crc_portable (0, zeros, 32), ==, 0x8a9136aa);
  g_assert_cmphex (kalon_index_crc (kalon_index_crc (0, "1234", 4), "56789", 5), ==, 0xe3069283);
}

static void
test_refused_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonIndex) index = open_index (fixture, 4);
  const float bad[][8] = { { 1, 0, 0, 0, NAN, 0, 0, 1 },
                           { 1, 0, 0, 0, INFINITY, 0, 0, 0 },
                           { 1, 0, 0, 0, 0, 0, 0, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      KalonNeighbour neighbour;
      gsize n_found;

      g_assert_false (kalon_index_append (index, bad[i], 2, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE);
      g_assert_cmpuint (kalon_index_get_n_rows (index), ==, 0);
      g_clear_error (&error);
      g_assert_false (kalon_index_search (index, NULL, bad[i] + 4, 1, NULL, 1, &neighbour, &n_found,
                                          NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE);
    }
}

static void
test_truncate (Fixture *fixture, gconstpointer data)
{
  const gsize dimension = 64, n = 300;
  g_autofree float *rows = make_rows (9, n, dimension, FALSE);
  g_autofree float *others = make_rows (10, n, dimension, FALSE);
  const gsize counts[] = { 299, 256, 130, 129, 64, 1, 0 };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      KalonIndex *index = open_index (fixture, dimension);

      g_assert_cmpuint (kalon_index_get_n_rows (index), ==, i == 0 ? 0 : n);
      kalon_index_truncate (index, 0, &error);
      g_assert_no_error (error);
      append (index, rows, n);
      kalon_index_truncate (index, counts[i], &error);
      g_assert_no_error (error);
      g_assert_cmpuint (kalon_index_get_n_rows (index), ==, counts[i]);
      g_object_unref (index);

      index = open_index (fixture, dimension);
      g_assert_cmpuint (kalon_index_get_n_rows (index), ==, counts[i]);
      append (index, others, n - counts[i]);
      assert_rows (index, 0, rows, counts[i]);
      assert_rows (index, counts[i], others, n - counts[i]);
      kalon_index_verify (index, NULL, &error);
      g_assert_no_error (error);
      g_object_unref (index);
    }
}

/* A second object on the same file, as the searcher beside the indexer. */
static void
test_reader_and_writer (Fixture *fixture, gconstpointer data)
{
  const gsize dimension = 64, n = 500;
  g_autofree float *rows = make_rows (11, n, dimension, FALSE);
  g_autoptr (KalonIndex) writer = open_index (fixture, dimension);
  g_autoptr (KalonIndex) reader = NULL;
  g_autoptr (GError) error = NULL;

  append (writer, rows, 70);
  reader = open_index (fixture, dimension);
  assert_search (reader, NULL, rows, 1, NULL, 5);
  append (writer, rows + 70 * dimension, n - 70);
  g_assert_cmpuint (kalon_index_get_n_rows (reader), ==, 70);
  assert_search (reader, NULL, rows, 1, NULL, 100);

  kalon_index_refresh (reader, 400, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_index_get_n_rows (reader), ==, 400);
  assert_rows (reader, 0, rows, 400);
  kalon_index_refresh (reader, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_index_get_n_rows (reader), ==, n);

  /* The mapping of the reader still holds pages of rows that are emptied. */
  kalon_index_truncate (writer, 65, &error);
  g_assert_no_error (error);
  {
    g_autofree float *similarities = g_new (float, n);
    kalon_index_score (reader, NULL, rows, 1, similarities, NULL, &error);
    g_assert_no_error (error);
  }
  g_assert_false (kalon_index_refresh (reader, n, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);

  /* A file cut short from outside is an error, not a crash. */
  g_assert_cmpint (truncate (fixture->path, 4096 + 100), ==, 0);
  g_assert_false (kalon_index_verify (reader, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
}

/* Deleted while open, and made anew by somebody else. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  const gsize dimension = 64;
  g_autofree float *rows = make_rows (16, 20, dimension, FALSE);
  g_autofree float *others = make_rows (17, 30, dimension, FALSE);
  g_autoptr (KalonIndex) reader = open_index (fixture, dimension);
  g_autoptr (KalonIndex) writer = NULL;
  g_autoptr (KalonDevice) device = open_device ();
  g_autoptr (GError) error = NULL;

  append (reader, rows, 20);
  assert_search (reader, device, rows, 1, NULL, 5);
  g_unlink (fixture->path);
  kalon_index_refresh (reader, 20, &error);
  g_assert_no_error (error);
  assert_rows (reader, 0, rows, 20);

  writer = open_index (fixture, dimension);
  append (writer, others, 30);
  kalon_index_refresh (reader, 25, &error);
  g_assert_no_error (error);
  assert_rows (reader, 0, others, 25);
  assert_search (reader, device, rows, 1, NULL, 5);
}

/* Killed while appending: every row that is there is whole, and appending goes on. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  const gsize dimension = 512, n = 64 * 20;
  g_autofree float *rows = make_rows (12, n, dimension, FALSE);
  gsize seen = 0;

  g_object_unref (open_index (fixture, dimension));
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (GError) error = NULL;
      int status;
      pid_t child = fork ();

      if (child == 0)
        {
          KalonIndex *index = kalon_index_open (fixture->path, HASH, dimension, NULL);
          for (gsize i = kalon_index_get_n_rows (index); i < n; i += 3)
            kalon_index_append (index, rows + i * dimension, MIN (3, n - i), NULL, NULL);
          _exit (0);
        }
      g_assert_cmpint (child, >, 0);
      g_usleep (1000 + round * 700);
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      {
        g_autoptr (KalonIndex) index = open_index (fixture, dimension);
        gsize n_rows = kalon_index_get_n_rows (index);

        g_test_message ("%zu rows after kill %u", n_rows, round);
        g_assert_cmpuint (n_rows, >=, seen);
        seen = n_rows;
        kalon_index_verify (index, NULL, &error);
        g_assert_no_error (error);
        assert_rows (index, 0, rows, n_rows);
      }
    }
  g_assert_cmpuint (seen, >, 0);
}

static void
test_mismatch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_object_unref (open_index (fixture, 16));
  g_assert_null (kalon_index_open (fixture->path, OTHER_HASH, 16, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (kalon_index_open (fixture->path, HASH, 17, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "dimension"));
  g_clear_error (&error);
  g_assert_null (kalon_index_open (fixture->path, HASH, 0, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (kalon_index_open (fixture->directory, HASH, 16, &error));
  g_assert_nonnull (error);
}

static void
set_contents (Fixture *fixture, const char *bytes, gsize size)
{
  /* Without the sync of g_file_set_contents(), which takes seconds over a hundred files. */
  g_unlink (fixture->path);
  g_assert_true (g_file_set_contents_full (fixture->path, bytes, (gssize) size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* One field at a time, with the checksum made right again so that the field itself is judged. */
static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    gsize offset;
    guint32 value;
    gboolean keep_checksum;
    const char *field;
    KalonError code;
  } cases[] = {
    { 0, 0x12345678, FALSE, "magic", KALON_ERROR_INVALID_DATA },
    { 8, 0, FALSE, "version", KALON_ERROR_INVALID_DATA },
    { 8, 2, FALSE, "version", KALON_ERROR_UNSUPPORTED },
    { 12, 64, FALSE, "header size", KALON_ERROR_INVALID_DATA },
    { 16, 0xffffffff, FALSE, "dimension", KALON_ERROR_MISMATCH },
    { 20, 1, FALSE, "rows per block", KALON_ERROR_INVALID_DATA },
    { 24, 64, FALSE, "block size", KALON_ERROR_INVALID_DATA },
    { 28, 0xffffffff, FALSE, "block size", KALON_ERROR_INVALID_DATA },
    { 32, 0xfffefdfc, FALSE, "model", KALON_ERROR_MISMATCH },
    { 16, 15, TRUE, "checksum", KALON_ERROR_INVALID_DATA },
    { 2000, 1, TRUE, "checksum", KALON_ERROR_INVALID_DATA },
  };
  g_autofree char *good = NULL;
  gsize size;
  g_autofree float *rows = make_rows (13, 70, 16, FALSE);
  g_autoptr (GError) error = NULL;
  KalonIndex *index = open_index (fixture, 16);

  append (index, rows, 70);
  g_object_unref (index);
  g_assert_true (g_file_get_contents (fixture->path, &good, &size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bad = g_memdup2 (good, size);

      memcpy (bad + cases[i].offset, &cases[i].value, 4);
      if (!cases[i].keep_checksum)
        {
          guint32 crc = kalon_index_crc (0, bad, 4092);
          memcpy (bad + 4092, &crc, 4);
        }
      set_contents (fixture, bad, size);
      g_assert_null (kalon_index_open (fixture->path, HASH, 16, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, KALON_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].field));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_clear_error (&error);
    }
  /* Cut short anywhere: in the header it is refused, later it has fewer rows. */
  for (gsize length = 1; length < size; length += 1999)
    {
      set_contents (fixture, good, length);
      index = kalon_index_open (fixture->path, HASH, 16, &error);
      if (length < 4096)
        {
          g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
          g_clear_error (&error);
          continue;
        }
      g_assert_no_error (error);
      assert_search (index, NULL, rows, 1, NULL, 5);
      g_object_unref (index);
    }
  /* A changed byte of a row is found by its checksum. */
  for (gsize i = 0; i < 3; i++)
    {
      KalonIndexLayout layout;
      g_autofree char *bad = g_memdup2 (good, size);
      gsize places[3];

      kalon_index_layout_init (&layout, 16);
      places[0] = layout.codes + 5 * layout.stride;
      places[1] = layout.halves + 5 * layout.stride * 2;
      places[2] = layout.errors + 5 * 4;
      bad[4096 + places[i]] ^= 1;
      set_contents (fixture, bad, size);
      index = open_index (fixture, 16);
      g_assert_false (kalon_index_verify (index, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "row 5"));
      g_clear_error (&error);
      g_object_unref (index);
    }
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autofree float *rows = make_rows (14, 10, 16, FALSE);
  g_autoptr (KalonIndex) index = open_index (fixture, 16);
  g_autoptr (GError) error = NULL;

  append (index, rows, 10);
  g_clear_object (&index);
  if (geteuid () == 0)
    {
      g_test_skip ("root may write everything");
      return;
    }
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  index = open_index (fixture, 16);
  assert_search (index, NULL, rows, 1, NULL, 3);
  g_assert_false (kalon_index_append (index, rows, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree float *rows = make_rows (15, 10, 16, FALSE);
  g_autoptr (KalonIndex) index = open_index (fixture, 16);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  KalonNeighbour neighbour;
  float similarities[10];
  gsize n_found;

  append (index, rows, 10);
  g_cancellable_cancel (cancellable);
  g_assert_false (kalon_index_search (index, NULL, rows, 1, NULL, 1, &neighbour, &n_found,
                                      cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (kalon_index_score (index, NULL, rows, 1, similarities, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (kalon_index_verify (index, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_finalize (Fixture *fixture, gconstpointer data)
{
  KalonIndex *index = open_index (fixture, 16);

  g_object_add_weak_pointer (G_OBJECT (index), (gpointer *) &index);
  g_object_unref (index);
  g_assert_null (index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/index/round-trip", test_round_trip);
  ADD ("/index/search", test_search);
  ADD ("/index/search-empty", test_search_empty);
  ADD ("/index/search-on-device", test_search_on_device);
  ADD ("/index/kernels", test_kernels);
  g_test_add_func ("/index/self-test", test_self_test);
  g_test_add_func ("/index/loops", test_loops);
  g_test_add_func ("/index/codes-bound", test_codes_bound);
  g_test_add_func ("/index/checksum", test_checksum);
  ADD ("/index/refused-rows", test_refused_rows);
  ADD ("/index/truncate", test_truncate);
  ADD ("/index/reader-and-writer", test_reader_and_writer);
  ADD ("/index/replaced", test_replaced);
  ADD ("/index/kill", test_kill);
  ADD ("/index/mismatch", test_mismatch);
  ADD ("/index/hostile", test_hostile);
  ADD ("/index/read-only", test_read_only);
  ADD ("/index/cancel", test_cancel);
  ADD ("/index/finalize", test_finalize);
  return g_test_run ();
}
