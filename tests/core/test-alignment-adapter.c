/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adapters: the start is the reference, the formulas, the file, and the model that is exported. */
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "alignment/kalon-alignment-private.h"
#include "encoder/kalon-encoder.h"
#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

static char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#define DIMENSION 37
#define RANK 3
#define ROWS 11

/* @adapter's matrices small and random, but A as it is. */
static void
disturb (KalonAdapter *adapter, double scale)
{
  for (guint p = adapter->kind == KALON_ADAPTER_QUERY; p < adapter->n_parts; p++)
    for (gsize i = 0; i < adapter->parts[p].rows * adapter->dimension; i++)
      adapter->parts[p].values[i] = (float) (scale * sin (p + 2.3 * i));
}

static void
fill_units (float *vectors, gsize n, gsize d)
{
  for (gsize r = 0; r < n; r++)
    {
      double square = 0;

      for (gsize i = 0; i < d; i++)
        {
          vectors[r * d + i] = (float) cos (1 + 0.7 * r + i * (1.1 + r));
          square += (double) vectors[r * d + i] * vectors[r * d + i];
        }
      for (gsize i = 0; i < d; i++)
        vectors[r * d + i] = (float) (vectors[r * d + i] / sqrt (square));
    }
}

/* normalise (x + x change) in double precision; change: [d, d] */
static void
expect_changed (const float *x, const double *change, gsize d, double *changed)
{
  double square = 0;

  for (gsize j = 0; j < d; j++)
    {
      changed[j] = x[j];
      for (gsize i = 0; i < d; i++)
        changed[j] += x[i] * change[i * d + j];
      square += changed[j] * changed[j];
    }
  for (gsize j = 0; j < d; j++)
    changed[j] /= sqrt (square);
}

/* What @adapter's part stands for: T, M, or A^T B. */
static double *
dup_change (const KalonAdapter *adapter, guint part)
{
  gsize d = adapter->dimension;
  double *change = g_new0 (double, d *d);

  for (gsize i = 0; i < d; i++)
    for (gsize j = 0; j < d; j++)
      if (adapter->kind == KALON_ADAPTER_PROJECTIONS)
        change[i * d + j] = adapter->parts[part].values[i * d + j];
      else
        for (gsize r = 0; r < adapter->rank; r++)
          change[i * d + j]
              += (double) adapter->parts[0].values[r * d + i] * adapter->parts[1].values[r * d + j];
  return change;
}

static void
assert_changed (const float *got, const float *x, gsize n, const double *change, gsize d,
                double tolerance)
{
  g_autofree double *expected = g_new (double, d);

  for (gsize r = 0; r < n; r++)
    {
      expect_changed (x + r * d, change, d, expected);
      for (gsize i = 0; i < d; i++)
        g_assert_cmpfloat_with_epsilon (got[r * d + i], expected[i], tolerance);
    }
}

static void
test_start (void)
{
  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonAdapter) adapter = kalon_adapter_new (kind, hash, DIMENSION, RANK, 5);
      float vectors[ROWS * DIMENSION], before[ROWS * DIMENSION];
      g_autoptr (GError) error = NULL;
      KalonAdapterKind named;

      g_assert_true (kalon_adapter_kind_from_name (kalon_adapter_kind_get_name (kind), &named));
      g_assert_cmpint (named, ==, kind);
      fill_units (vectors, ROWS, DIMENSION);
      memcpy (before, vectors, sizeof vectors);
      g_assert_true (kalon_adapter_is_identity (adapter));
      g_assert_false (kalon_adapter_changes_images (adapter));
      g_assert_cmpfloat (kalon_adapter_get_drift (adapter), ==, 0);
      kalon_adapter_apply_to_queries (adapter, vectors, ROWS);
      kalon_adapter_apply_to_images (adapter, NULL, vectors, ROWS, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpmem (vectors, sizeof vectors, before, sizeof before);
    }
}

static void
test_seed (void)
{
  g_autoptr (KalonAdapter) a = kalon_adapter_new (KALON_ADAPTER_QUERY, hash, 512, 8, 5);
  g_autoptr (KalonAdapter) b = kalon_adapter_new (KALON_ADAPTER_QUERY, hash, 512, 8, 5);
  g_autoptr (KalonAdapter) c = kalon_adapter_new (KALON_ADAPTER_QUERY, hash, 512, 8, 6);
  double square = 0;

  g_assert_cmpmem (a->parts[0].values, 8 * 512 * sizeof (float), b->parts[0].values,
                   8 * 512 * sizeof (float));
  g_assert_cmpint (memcmp (a->parts[0].values, c->parts[0].values, 8 * 512 * sizeof (float)), !=,
                   0);
  for (gsize i = 0; i < 8 * 512; i++)
    square += a->parts[0].values[i] * a->parts[0].values[i];
  /* Eight rows of unit length, to a few standard deviations. */
  g_assert_cmpfloat_with_epsilon (square, 8, 0.5);
}

static void
test_apply (void)
{
  float x[ROWS * DIMENSION], vectors[ROWS * DIMENSION];
  const KalonAdapterKind kinds[] = { KALON_ADAPTER_QUERY, KALON_ADAPTER_PROJECTIONS };

  fill_units (x, ROWS, DIMENSION);
  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (KalonAdapter) adapter = kalon_adapter_new (kinds[k], hash, DIMENSION, RANK, 5);
      g_autofree double *change = NULL;
      double square = 0;

      disturb (adapter, 0.2);
      change = dup_change (adapter, 0);
      memcpy (vectors, x, sizeof x);
      kalon_adapter_apply_to_queries (adapter, vectors, ROWS);
      assert_changed (vectors, x, ROWS, change, DIMENSION, 1e-6);
      g_assert_false (kalon_adapter_is_identity (adapter));
      g_assert_null (kalon_adapter_get_linear_term (adapter));

      for (gsize i = 0; i < DIMENSION * DIMENSION; i++)
        square += change[i] * change[i];
      if (kinds[k] == KALON_ADAPTER_PROJECTIONS)
        {
          g_autofree double *second = dup_change (adapter, 1);

          for (gsize i = 0; i < DIMENSION * DIMENSION; i++)
            square += second[i] * second[i];
        }
      g_assert_cmpfloat_with_epsilon (kalon_adapter_get_drift (adapter), sqrt (square),
                                      1e-6 * sqrt (square));
    }
}

static void
check_images (KalonDevice *device)
{
  /* More than passes at a time. */
  const gsize n = 4100;
  g_autofree float *x = g_new (float, n *DIMENSION);
  g_autofree float *images = g_new (float, n *DIMENSION);
  g_autofree double *change = NULL;
  g_autoptr (KalonAdapter) adapter
      = kalon_adapter_new (KALON_ADAPTER_PROJECTIONS, hash, DIMENSION, 0, 5);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  disturb (adapter, 0.2);
  fill_units (x, n, DIMENSION);
  memcpy (images, x, n * DIMENSION * sizeof *x);
  change = dup_change (adapter, 1);
  g_assert_true (kalon_adapter_changes_images (adapter));
  kalon_adapter_apply_to_images (adapter, device, images, n, NULL, &error);
  g_assert_no_error (error);
  assert_changed (images, x, n, change, DIMENSION, 2e-6);

  g_cancellable_cancel (cancellable);
  g_assert_false (kalon_adapter_apply_to_images (adapter, device, images, n, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* -I takes every vector to zero. */
  memset (adapter->parts[1].values, 0, DIMENSION * DIMENSION * sizeof (float));
  for (gsize i = 0; i < DIMENSION; i++)
    adapter->parts[1].values[i * DIMENSION + i] = -1;
  g_assert_false (kalon_adapter_apply_to_images (adapter, device, images, 2, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE);
}

static void
test_images (void)
{
  check_images (NULL);
}

static void
test_images_device (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonDevice) device = kalon_device_open (g_getenv ("KALON_TEST_DEVICE"), &error);

  if (device == NULL)
    g_test_skip (error->message);
  else
    check_images (device);
}

static void
test_linear (void)
{
  g_autoptr (KalonAdapter) adapter = kalon_adapter_new (KALON_ADAPTER_IMAGE, hash, DIMENSION, 0, 1);
  float vectors[ROWS * DIMENSION], before[ROWS * DIMENSION];
  const float *w;
  double square = 0;

  disturb (adapter, 0.2);
  fill_units (vectors, ROWS, DIMENSION);
  memcpy (before, vectors, sizeof vectors);
  kalon_adapter_apply_to_queries (adapter, vectors, ROWS);
  g_assert_cmpmem (vectors, sizeof vectors, before, sizeof before);
  g_assert_false (kalon_adapter_changes_images (adapter));
  w = kalon_adapter_get_linear_term (adapter);
  for (gsize i = 0; i < DIMENSION; i++)
    {
      g_assert_cmpfloat (w[i], ==, (float) (0.2 * sin (2.3 * i)));
      square += (double) w[i] * w[i];
    }
  g_assert_cmpfloat_with_epsilon (kalon_adapter_get_drift (adapter), sqrt (square), 1e-12);
}

static void
test_file (void)
{
  g_autofree char *directory = g_dir_make_tmp ("kalon-adapter-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "adapter.safetensors", NULL);
  g_autofree char *other = g_strnfill (64, 'a');

  for (guint kind = KALON_ADAPTER_QUERY; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonAdapter) adapter = kalon_adapter_new (kind, hash, DIMENSION, RANK, 5);
      g_autoptr (KalonAdapter) loaded = NULL;
      g_autoptr (GError) error = NULL;

      disturb (adapter, 0.3);
      kalon_adapter_set_name (adapter, "warm “light”\n");
      kalon_adapter_set_made_from (adapter, "12 pairs");
      kalon_adapter_save (adapter, path, &error);
      g_assert_no_error (error);
      g_assert_null (kalon_adapter_load (path, other, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
      g_clear_error (&error);
      loaded = kalon_adapter_load (path, NULL, &error);
      g_assert_no_error (error);
      g_clear_pointer (&loaded, kalon_adapter_free);
      loaded = kalon_adapter_load (path, hash, &error);
      g_assert_no_error (error);
      g_assert_cmpint (kalon_adapter_get_kind (loaded), ==, kind);
      g_assert_cmpuint (kalon_adapter_get_dimension (loaded), ==, DIMENSION);
      g_assert_cmpuint (kalon_adapter_get_rank (loaded), ==,
                        kind == KALON_ADAPTER_QUERY ? RANK : 0);
      g_assert_cmpstr (kalon_adapter_get_model_hash (loaded), ==, hash);
      g_assert_cmpstr (kalon_adapter_get_name (loaded), ==, "warm “light”\n");
      g_assert_cmpstr (kalon_adapter_get_made_from (loaded), ==, "12 pairs");
      for (guint p = 0; p < adapter->n_parts; p++)
        g_assert_cmpmem (
            loaded->parts[p].values, loaded->parts[p].rows * DIMENSION * sizeof (float),
            adapter->parts[p].values, adapter->parts[p].rows * DIMENSION * sizeof (float));
    }
  g_unlink (path);
  g_rmdir (directory);
}

/* @metadata but for what a case changes. */
static void
test_refused (void)
{
  const float w[DIMENSION] = { 1 };
  const KalonSafetensorsTensor good
      = { .name = "image.linear", .n_dims = 2, .shape = { 1, DIMENSION }, .values = w };
  const struct
  {
    const char *key, *value;
    KalonError code;
  } cases[] = {
    { "format", "kalon-training", KALON_ERROR_INVALID_DATA },
    { "version", "2", KALON_ERROR_UNSUPPORTED },
    { "kind", "both", KALON_ERROR_INVALID_DATA },
    { "kind", "query", KALON_ERROR_INVALID_DATA },       /* no rank */
    { "kind", "projections", KALON_ERROR_INVALID_DATA }, /* no such tensors */
    { "model", "0123", KALON_ERROR_INVALID_DATA },
    { "dimension", "0", KALON_ERROR_INVALID_DATA },
    { "dimension", "36", KALON_ERROR_INVALID_DATA }, /* the tensor has 37 */
    { "dimension", "99999999999999999999", KALON_ERROR_INVALID_DATA },
  };

  for (gsize i = 0; i <= G_N_ELEMENTS (cases); i++)
    {
      const char *metadata[]
          = { "format", "kalon-adapter", "version", "1",    "kind", "image",     "model",
              hash,     "dimension",     "37",      "name", "",     "made_from", "",
              NULL };
      g_autoptr (KalonAdapter) adapter = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      for (gsize m = 0; i < G_N_ELEMENTS (cases) && metadata[m] != NULL; m += 2)
        if (g_str_equal (metadata[m], cases[i].key))
          metadata[m + 1] = cases[i].value;
      bytes = kalon_safetensors_to_bytes (&good, 1, metadata);
      adapter = kalon_adapter_new_from_bytes (bytes, NULL, &error);
      if (i == G_N_ELEMENTS (cases))
        g_assert_no_error (error);
      else
        g_assert_error (error, KALON_ERROR, (int) cases[i].code);
    }
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

/* All but the bytes of the tensors that may change. */
static void
assert_same_files (const char *before, const char *after, gboolean image_changes)
{
  g_autoptr (GDir) dir = g_dir_open (before, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (before, name, NULL);
      g_autofree char *to = g_build_filename (after, name, NULL);
      g_autofree char *a = NULL, *b = NULL;
      gsize a_size, b_size;

      g_assert_true (g_file_get_contents (from, &a, &a_size, NULL));
      g_assert_true (g_file_get_contents (to, &b, &b_size, NULL));
      if (!g_str_equal (name, "model.safetensors"))
        {
          g_assert_cmpmem (a, a_size, b, b_size);
          continue;
        }
      g_autoptr (KalonSafetensors) old = kalon_safetensors_open (from, NULL);
      g_autoptr (KalonSafetensors) new = kalon_safetensors_open (to, NULL);
      g_autoptr (GPtrArray) tensors = kalon_safetensors_list (old);
      guint64 header;

      g_assert_cmpuint (a_size, ==, b_size);
      memcpy (&header, a, sizeof header);
      header = GUINT64_FROM_LE (header) + sizeof header;
      g_assert_cmpmem (a, header, b, header);
      for (guint i = 0; i < tensors->len; i++)
        {
          const char *tensor = tensors->pdata[i];
          gsize shape[4], n = 1;
          guint n_dims = kalon_safetensors_get_shape (old, tensor, 4, shape);
          g_autofree float *x = NULL, *y = NULL;
          gboolean may = g_str_equal (tensor, "text_projection.weight")
                         || (image_changes && g_str_equal (tensor, "visual_projection.weight"));

          if (!kalon_safetensors_check (old, tensor, n_dims, shape, NULL, NULL))
            continue;
          for (guint s = 0; s < n_dims; s++)
            n *= shape[s];
          x = kalon_safetensors_dup_f32 (old, tensor, n_dims, shape, NULL);
          y = kalon_safetensors_dup_f32 (new, tensor, n_dims, shape, NULL);
          g_assert_cmpint (memcmp (x, y, n * sizeof *x) == 0, ==, !may);
        }
    }
}

static void
encode (const char *directory, float *text, float *image, gsize *d)
{
  g_autofree char *picture
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "picture.png", NULL);
  const char *texts[] = { "a photo of a cat" };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (directory, NULL, NULL, &error);

  g_assert_no_error (error);
  *d = kalon_encoder_get_dimension (encoder);
  kalon_encoder_encode_texts (encoder, texts, 1, text, NULL, NULL, &error);
  g_assert_no_error (error);
  kalon_encoder_encode_file (encoder, picture, image, NULL, &error);
  g_assert_no_error (error);
}

/* The exported model gives what the adapter makes of the first one's embeddings: to the rounding of
 * the form that its projections are stored in. */
static void
check_export (const char *model, KalonAdapterKind kind, double tolerance)
{
  g_autofree char *directory
      = g_test_build_filename (G_TEST_DIST, "reference", "models", model, NULL);
  g_autofree char *folder = g_dir_make_tmp ("kalon-export-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (folder, "model", NULL);
  g_autofree char *model_hash = NULL;
  g_autoptr (KalonAdapter) adapter = NULL;
  g_autoptr (GError) error = NULL;
  float text[64], image[64], new_text[64], new_image[64];
  gsize d;

  model_hash = kalon_model_dup_hash (directory, NULL, &error);
  g_assert_no_error (error);
  encode (directory, text, image, &d);
  adapter = kalon_adapter_new (kind, model_hash, d, 2, 5);
  disturb (adapter, 0.2);
  kalon_adapter_export_model (adapter, directory, out, NULL, &error);
  g_assert_no_error (error);
  assert_same_files (directory, out, kind == KALON_ADAPTER_PROJECTIONS);
  encode (out, new_text, new_image, &d);
  kalon_adapter_apply_to_queries (adapter, text, 1);
  kalon_adapter_apply_to_images (adapter, NULL, image, 1, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < d; i++)
    {
      g_assert_cmpfloat_with_epsilon (new_text[i], text[i], tolerance);
      g_assert_cmpfloat_with_epsilon (new_image[i], image[i], tolerance);
    }

  /* Never over something that is there, and not of another model. */
  g_assert_false (kalon_adapter_export_model (adapter, directory, out, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  adapter->model_hash[0] ^= 1;
  remove_directory (out);
  g_assert_false (kalon_adapter_export_model (adapter, directory, out, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

static void
test_export (void)
{
  check_export ("quick-gelu-p16-f32", KALON_ADAPTER_PROJECTIONS, 2e-6);
  check_export ("quick-gelu-p16-f32", KALON_ADAPTER_QUERY, 2e-6);
  check_export ("gelu-p16-ragged-f16", KALON_ADAPTER_PROJECTIONS, 2e-3);
  check_export ("gelu-p32-ragged-bf16", KALON_ADAPTER_PROJECTIONS, 1e-2);
}

static void
test_export_fails (void)
{
  g_autofree char *directory
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autofree char *folder = g_dir_make_tmp ("kalon-export-XXXXXX", NULL);
  g_autofree char *out = g_build_filename (folder, "model", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *model_hash = kalon_model_dup_hash (directory, NULL, &error);
  g_autoptr (KalonAdapter) image = kalon_adapter_new (KALON_ADAPTER_IMAGE, model_hash, 16, 0, 1);
  g_autoptr (KalonAdapter) wrong
      = kalon_adapter_new (KALON_ADAPTER_PROJECTIONS, model_hash, 15, 0, 1);

  g_assert_no_error (error);
  g_assert_false (kalon_adapter_export_model (image, directory, out, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  /* Found out when the weights are written: what was copied before goes again. */
  g_assert_false (kalon_adapter_export_model (wrong, directory, out, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/adapter/start", test_start);
  g_test_add_func ("/alignment/adapter/seed", test_seed);
  g_test_add_func ("/alignment/adapter/apply", test_apply);
  g_test_add_func ("/alignment/adapter/images", test_images);
  g_test_add_func ("/alignment/adapter/images-device", test_images_device);
  g_test_add_func ("/alignment/adapter/linear", test_linear);
  g_test_add_func ("/alignment/adapter/file", test_file);
  g_test_add_func ("/alignment/adapter/refused", test_refused);
  g_test_add_func ("/alignment/adapter/export", test_export);
  g_test_add_func ("/alignment/adapter/export-fails", test_export_fails);
  return g_test_run ();
}
