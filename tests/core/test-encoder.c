/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "encoder/kalon-encoder.h"
#include "errors/kalon-errors.h"

/* tests/reference/models is made by make-models.py. */
static const char *const models[] = {
  "quick-gelu-p16-f32",   "gelu-p16-ragged-f16",  "quick-gelu-p32-legacy-f16",
  "gelu-p32-ragged-bf16", "twelve-heads-p14-f16",
};

#define N_PICTURES 3
/* Kalon promises 0.99999; f32 arithmetic gives more, and GELU for quick GELU only 0.9999. */
#define MIN_COSINE 0.999999

static char *
dup_model_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "models", name, NULL);
}

static KalonEncoder *
load (const char *name, KalonDevice *device)
{
  g_autofree char *path = dup_model_path (name);
  g_autoptr (GError) error = NULL;
  KalonEncoder *encoder = kalon_encoder_new (path, device, NULL, &error);

  g_assert_no_error (error);
  return encoder;
}

static JsonNode *
load_expected (const char *name)
{
  g_autofree char *path = dup_model_path (name);
  g_autofree char *file = g_build_filename (path, "expected.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_file (parser, file, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

static double
cosine (const float *embedding, JsonArray *expected)
{
  guint dimension = json_array_get_length (expected);
  double product = 0, own = 0, other = 0;

  for (guint d = 0; d < dimension; d++)
    {
      double value = json_array_get_double_element (expected, d);

      product += embedding[d] * value;
      own += (double) embedding[d] * embedding[d];
      other += value * value;
    }
  g_assert_cmpfloat_with_epsilon (own, 1, 1e-5);
  return product / sqrt (own * other);
}

/* The same as pixels() in make-models.py. */
static float *
make_pixels (gsize n, gsize resolution)
{
  float *pixels = g_new (float, n * 3 * resolution * resolution);
  gsize place = 0;

  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < 3; c++)
      for (gsize y = 0; y < resolution; y++)
        for (gsize x = 0; x < resolution; x++, place++)
          {
            guint32 noise = (guint32) (place * 2654435761u) >> 24;
            gsize gradient
                = (x * (i + 1) * 256 / resolution + y * (c + 1) * 128 / resolution) % 256;

            pixels[place] = (float) ((double) ((noise >> 1) + (gradient >> 1)) / 127.5 - 1);
          }
  return pixels;
}

static void
check_texts (KalonEncoder *encoder, JsonObject *expected, const char *name)
{
  JsonArray *texts = json_object_get_array_member (expected, "texts");
  JsonArray *rows = json_object_get_array_member (expected, "text_embeddings");
  JsonArray *n_expected = json_object_get_array_member (expected, "dropped");
  gsize n = json_array_get_length (texts);
  gsize dimension = kalon_encoder_get_dimension (encoder);
  g_autofree const char **words = g_new0 (const char *, n);
  g_autofree float *together = g_new (float, n *dimension);
  g_autofree float *alone = g_new (float, dimension);
  g_autofree gsize *n_dropped = g_new (gsize, n);
  g_autoptr (GError) error = NULL;
  double worst = 1;

  for (guint i = 0; i < n; i++)
    words[i] = json_array_get_string_element (texts, i);
  kalon_encoder_encode_texts (encoder, words, n, together, n_dropped, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      JsonArray *row = json_array_get_array_element (rows, i);
      gsize dropped;

      g_assert_cmpuint (json_array_get_length (row), ==, dimension);
      worst = MIN (worst, cosine (together + i * dimension, row));
      /* A text's embedding does not depend on its company. */
      kalon_encoder_encode_texts (encoder, &words[i], 1, alone, &dropped, NULL, &error);
      g_assert_no_error (error);
      worst = MIN (worst, cosine (alone, row));
      g_assert_cmpuint (dropped, ==, n_dropped[i]);
      g_assert_cmpint ((int) dropped, ==, json_array_get_int_element (n_expected, i));
    }
  g_test_message ("%s on %s: texts, cosine at least %.9f", name,
                  kalon_encoder_get_device_name (encoder), worst);
  g_assert_cmpfloat (worst, >=, MIN_COSINE);
}

static void
check_pixels (KalonEncoder *encoder, JsonObject *expected, const char *name)
{
  JsonArray *rows = json_object_get_array_member (expected, "image_embeddings");
  const KalonModelConfig *config = kalon_encoder_get_config (encoder);
  gsize dimension = kalon_encoder_get_dimension (encoder);
  g_autofree float *pixels = make_pixels (N_PICTURES, config->resolution);
  g_autofree float *embeddings = g_new (float, N_PICTURES *dimension);
  g_autoptr (GError) error = NULL;
  double worst = 1;

  kalon_encoder_encode_pixels (encoder, pixels, N_PICTURES, embeddings, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_PICTURES; i++)
    worst
        = MIN (worst, cosine (embeddings + i * dimension, json_array_get_array_element (rows, i)));
  g_test_message ("%s on %s: pixels, cosine at least %.9f", name,
                  kalon_encoder_get_device_name (encoder), worst);
  g_assert_cmpfloat (worst, >=, MIN_COSINE);
}

static void
check_file (KalonEncoder *encoder, JsonObject *expected, const char *name)
{
  g_autofree char *path = dup_model_path ("picture.png");
  g_autofree float *embedding = g_new (float, kalon_encoder_get_dimension (encoder));
  g_autoptr (GError) error = NULL;
  double found;

  kalon_encoder_encode_file (encoder, path, embedding, NULL, &error);
  g_assert_no_error (error);
  found = cosine (embedding, json_object_get_array_member (expected, "picture"));
  g_test_message ("%s on %s: picture.png, cosine %.9f", name,
                  kalon_encoder_get_device_name (encoder), found);
  g_assert_cmpfloat (found, >=, MIN_COSINE);
}

static void
check_model (const char *name, KalonDevice *device)
{
  g_autoptr (KalonEncoder) encoder = load (name, device);
  g_autoptr (JsonNode) root = load_expected (name);
  JsonObject *expected = json_node_get_object (root);

  check_texts (encoder, expected, name);
  check_pixels (encoder, expected, name);
  check_file (encoder, expected, name);
}

static void
test_parity_plain (gconstpointer name)
{
  check_model (name, NULL);
}

static void
test_parity_opencl (gconstpointer name)
{
  g_autoptr (GPtrArray) devices = kalon_device_list ();

  if (devices->len == 0)
    g_test_skip ("no OpenCL device");
  for (guint i = 0; i < devices->len; i++)
    {
      const KalonDeviceInfo *info = g_ptr_array_index (devices, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonDevice) device = kalon_device_open (info->name, &error);

      g_assert_no_error (error);
      check_model (name, device);
    }
}

/* More than a batch, and in one call or in several: the same. */
static void
test_batches (void)
{
  g_autoptr (KalonEncoder) encoder = load (models[0], NULL);
  gsize dimension = kalon_encoder_get_dimension (encoder);
  gsize resolution = kalon_encoder_get_config (encoder)->resolution;
  gsize picture = 3 * resolution * resolution;
  gsize n = 71;
  g_autofree float *pixels = make_pixels (n, resolution);
  g_autofree float *all = g_new (float, n *dimension);
  g_autofree float *single = g_new (float, n *dimension);
  g_autoptr (GError) error = NULL;

  kalon_encoder_encode_pixels (encoder, pixels, n, all, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < n; i++)
    {
      kalon_encoder_encode_pixels (encoder, pixels + i * picture, 1, single + i * dimension, NULL,
                                   &error);
      g_assert_no_error (error);
    }
  for (gsize i = 0; i < n * dimension; i++)
    g_assert_cmpfloat_with_epsilon (all[i], single[i], 1e-5);
  g_assert_true (kalon_encoder_encode_pixels (encoder, NULL, 0, NULL, NULL, &error));
  g_assert_true (kalon_encoder_encode_texts (encoder, NULL, 0, NULL, NULL, NULL, &error));
}

static void
test_properties (void)
{
  g_autoptr (KalonEncoder) encoder = load (models[1], NULL);
  g_autofree char *path = dup_model_path (models[1]);
  g_autofree char *hash = kalon_model_dup_hash (path, NULL, NULL);

  g_assert_cmpuint (kalon_encoder_get_dimension (encoder), ==, 19);
  g_assert_cmpuint (kalon_encoder_get_config (encoder)->resolution, ==, 57);
  g_assert_cmpstr (kalon_encoder_get_model_hash (encoder), ==, hash);
  g_assert_cmpstr (kalon_encoder_get_device_name (encoder), ==, "none");
}

static void
test_cancelled (void)
{
  g_autoptr (KalonEncoder) encoder = load (models[0], NULL);
  gsize resolution = kalon_encoder_get_config (encoder)->resolution;
  g_autofree float *pixels = make_pixels (1, resolution);
  g_autofree float *embedding = g_new (float, kalon_encoder_get_dimension (encoder));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const char *text = "a";

  g_cancellable_cancel (cancellable);
  g_assert_false (kalon_encoder_encode_pixels (encoder, pixels, 1, embedding, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (
      kalon_encoder_encode_texts (encoder, &text, 1, embedding, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* Nothing is left half done. */
  kalon_encoder_encode_pixels (encoder, pixels, 1, embedding, NULL, &error);
  g_assert_no_error (error);
}

/* A copy of a model whose files a test may spoil. */
typedef struct
{
  char *folder;
} Fixture;

static const char *const files[] = { "config.json", "preprocessor_config.json", "model.safetensors",
                                     "vocab.json", "merges.txt" };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *source = dup_model_path (models[0]);
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("kalon-XXXXXX", &error);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = g_build_filename (source, files[i], NULL);
      g_autofree char *to = g_build_filename (fixture->folder, files[i], NULL);
      g_autofree char *content = NULL;
      gsize size;

      g_file_get_contents (from, &content, &size, &error);
      g_assert_no_error (error);
      g_file_set_contents (to, content, (gssize) size, &error);
      g_assert_no_error (error);
    }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, files[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static void
replace (Fixture *fixture, const char *name, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *content = NULL;
  g_autofree char *changed = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  text = g_string_new (content);
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  g_file_set_contents (path, text->str, -1, &error);
  g_assert_no_error (error);
}

static void
assert_refused (Fixture *fixture, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  KalonEncoder *encoder = kalon_encoder_new (fixture->folder, NULL, NULL, &error);

  g_assert_null (encoder);
  g_assert_error (error, KALON_ERROR, code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_wrong_shape (Fixture *fixture, gconstpointer data)
{
  replace (fixture, "config.json", "\"intermediate_size\": 42", "\"intermediate_size\": 43");
  assert_refused (fixture, KALON_ERROR_INVALID_DATA,
                  "text_model.encoder.layers.0.mlp.fc1.weight has shape [42, 18], config.json "
                  "asks for [43, 18]");
}

static void
test_missing_layer (Fixture *fixture, gconstpointer data)
{
  replace (fixture, "config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
  assert_refused (fixture, KALON_ERROR_INVALID_DATA,
                  "text_model.encoder.layers.2.layer_norm1.weight is missing");
}

static void
test_wrong_eos (Fixture *fixture, gconstpointer data)
{
  replace (fixture, "config.json", "\"eos_token_id\": 553", "\"eos_token_id\": 49407");
  assert_refused (fixture, KALON_ERROR_INVALID_DATA, "eos_token_id is 49407");
}

static void
test_large_vocabulary (Fixture *fixture, gconstpointer data)
{
  replace (fixture, "vocab.json", "{", "{\"new\": 554, ");
  assert_refused (fixture, KALON_ERROR_INVALID_DATA, "vocab.json has ids up to 554");
}

static void
test_sharded (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "model.safetensors", NULL);
  g_autofree char *index = g_build_filename (fixture->folder, "model.safetensors.index.json", NULL);

  g_assert_cmpint (g_rename (path, index), ==, 0);
  assert_refused (fixture, KALON_ERROR_UNSUPPORTED, "the weights are in several files");
  g_unlink (index);
}

/* All the bytes of @size from the end backwards become @value: the last tensors of the file. */
static void
spoil_weights (Fixture *fixture, gsize first, guint8 value)
{
  g_autofree char *path = g_build_filename (fixture->folder, "model.safetensors", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  guint64 header;
  gsize size;

  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  memcpy (&header, content, sizeof header);
  header = GUINT64_FROM_LE (header) + sizeof header;
  memset (content + header + first, value, size - header - first);
  g_file_set_contents (path, content, (gssize) size, &error);
  g_assert_no_error (error);
}

static void
assert_not_encoded (Fixture *fixture, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->folder, NULL, NULL, &error);
  g_autofree float *pixels = NULL;
  float embedding[64];

  g_assert_no_error (error);
  g_assert_cmpuint (kalon_encoder_get_dimension (encoder), <=, G_N_ELEMENTS (embedding));
  pixels = make_pixels (1, kalon_encoder_get_config (encoder)->resolution);
  g_assert_false (kalon_encoder_encode_pixels (encoder, pixels, 1, embedding, NULL, &error));
  g_assert_error (error, KALON_ERROR, code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_nan_weights (Fixture *fixture, gconstpointer data)
{
  spoil_weights (fixture, 0, 0xff);
  assert_not_encoded (fixture, KALON_ERROR_INVALID_DATA, "holds a value that is not finite");
}

static void
test_zero_weights (Fixture *fixture, gconstpointer data)
{
  spoil_weights (fixture, 0, 0);
  assert_not_encoded (fixture, KALON_ERROR_NOT_FINITE, "not finite or is zero");
}

/* 0x7f7f7f7f is 3.4e38: finite, but no product of two is. */
static void
test_huge_weights (Fixture *fixture, gconstpointer data)
{
  spoil_weights (fixture, 0, 0x7f);
  assert_not_encoded (fixture, KALON_ERROR_NOT_FINITE, "not finite or is zero");
}

static void
test_missing_file (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, files[i], NULL);
      g_autofree char *aside = g_strconcat (path, ".aside", NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonEncoder) encoder = NULL;

      g_assert_cmpint (g_rename (path, aside), ==, 0);
      encoder = kalon_encoder_new (fixture->folder, NULL, NULL, &error);
      if (g_str_equal (files[i], "preprocessor_config.json"))
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      g_assert_cmpint (g_rename (aside, path), ==, 0);
    }
}

static void
test_finalize (void)
{
  KalonEncoder *encoder = load (models[0], NULL);

  g_assert_finalize_object (encoder);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autofree char *plain = g_strconcat ("/encoder/parity/none/", models[i], NULL);
      g_autofree char *opencl = g_strconcat ("/encoder/parity/opencl/", models[i], NULL);

      g_test_add_data_func (plain, models[i], test_parity_plain);
      g_test_add_data_func (opencl, models[i], test_parity_opencl);
    }
  g_test_add_func ("/encoder/batches", test_batches);
  g_test_add_func ("/encoder/properties", test_properties);
  g_test_add_func ("/encoder/cancelled", test_cancelled);
  ADD ("/encoder/wrong-shape", test_wrong_shape);
  ADD ("/encoder/missing-layer", test_missing_layer);
  ADD ("/encoder/wrong-eos", test_wrong_eos);
  ADD ("/encoder/large-vocabulary", test_large_vocabulary);
  ADD ("/encoder/sharded", test_sharded);
  ADD ("/encoder/nan-weights", test_nan_weights);
  ADD ("/encoder/zero-weights", test_zero_weights);
  ADD ("/encoder/huge-weights", test_huge_weights);
  ADD ("/encoder/missing-file", test_missing_file);
  g_test_add_func ("/encoder/finalize", test_finalize);
  return g_test_run ();
}
