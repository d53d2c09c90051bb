/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

/* A safetensors file in memory: length, @header, @data: [size]. */
static KalonSafetensors *
parse_with_length (guint64 length, const char *header, const void *data, gsize size, GError **error)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  length = GUINT64_TO_LE (length);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (file, data, (guint) size);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&file));
  return kalon_safetensors_new_from_bytes (bytes, error);
}

static KalonSafetensors *
parse (const char *header, const void *data, gsize size, GError **error)
{
  return parse_with_length (strlen (header), header, data, size, error);
}

static void
test_read (void)
{
  /* 1.5, -2, 65504 in F16; 1, -3.5 in BF16, at an odd address. */
  static const guint8 data[] = { 0xff, 0x00, 0x3e, 0x00, 0xc0, 0xff, 0x7b, 0x80, 0x3f, 0x60,
                                 0xc0, 0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0 };
  static const char header[]
      = "{\"__metadata__\": {\"format\": \"pt\"},"
        " \"byte\": {\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [0, 1]},"
        " \"half\": {\"dtype\": \"F16\", \"shape\": [3], \"data_offsets\": [1, 7]},"
        " \"bf\": {\"dtype\": \"BF16\", \"shape\": [1, 2], \"data_offsets\": [7, 11]},"
        " \"full\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [11, 19]},"
        " \"none\": {\"dtype\": \"F32\", \"shape\": [0, 5], \"data_offsets\": [19, 19]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonSafetensors) file = parse (header, data, sizeof data, &error);
  g_autoptr (GPtrArray) names = NULL;
  g_autofree float *half = NULL;
  g_autofree float *bf = NULL;
  g_autofree float *full = NULL;
  KalonDtype dtype;
  float one;

  g_assert_no_error (error);
  names = kalon_safetensors_list (file);
  g_assert_cmpuint (names->len, ==, 5);
  g_assert_cmpstr (names->pdata[0], ==, "bf");
  g_assert_cmpstr (names->pdata[4], ==, "none");
  g_assert_true (kalon_safetensors_has (file, "half"));
  g_assert_false (kalon_safetensors_has (file, "__metadata__"));

  half = kalon_safetensors_dup_f32 (file, "half", 1, (gsize[]){ 3 }, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (half[0], ==, 1.5f);
  g_assert_cmpfloat (half[1], ==, -2);
  g_assert_cmpfloat (half[2], ==, 65504);
  bf = kalon_safetensors_dup_f32 (file, "bf", 2, (gsize[]){ 0, 2 }, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (bf[0], ==, 1);
  g_assert_cmpfloat (bf[1], ==, -3.5f);
  full = kalon_safetensors_dup_f32 (file, "full", 1, (gsize[]){ 2 }, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (full[1], ==, -2);

  g_assert_true (kalon_safetensors_read_f32 (file, "half", 1, 1, &one, &error));
  g_assert_cmpfloat (one, ==, -2);
  g_assert_true (kalon_safetensors_check (file, "bf", 2, (gsize[]){ 1, 2 }, &dtype, &error));
  g_assert_cmpint (dtype, ==, KALON_DTYPE_BF16);

  g_assert_null (kalon_safetensors_dup_f32 (file, "half", 1, (gsize[]){ 4 }, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "half has shape [3], config.json asks for [4]"));
  g_clear_error (&error);
  g_assert_null (kalon_safetensors_dup_f32 (file, "half", 2, (gsize[]){ 3, 1 }, &error));
  g_clear_error (&error);
  g_assert_null (kalon_safetensors_dup_f32 (file, "none", 2, (gsize[]){ 0, 0 }, &error));
  g_clear_error (&error);
  g_assert_null (kalon_safetensors_dup_f32 (file, "absent", 1, (gsize[]){ 0 }, &error));
  g_assert_nonnull (strstr (error->message, "absent is missing"));
  g_clear_error (&error);
  g_assert_null (kalon_safetensors_dup_f32 (file, "byte", 1, (gsize[]){ 1 }, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED);
}

static void
test_save (void)
{
  static const char *const metadata[] = { "model", "0123", "note", "\"quoted\" \n ö", NULL };
  const float matrix[] = { 1, -2.5f, 0, 3e-8f, 5, 6 }, one = 7;
  const KalonSafetensorsTensor tensors[]
      = { { "matrix", 2, { 2, 3 }, matrix }, { "one", 1, { 1 }, &one } };
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("kalon-weights-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a.safetensors", NULL);
  g_autofree float *read = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) again = NULL;

  g_assert_true (kalon_safetensors_save (path, tensors, 2, metadata, &error));
  g_assert_no_error (error);
  {
    g_autoptr (KalonSafetensors) file = kalon_safetensors_open (path, &error);

    g_assert_no_error (error);
    read = kalon_safetensors_dup_f32 (file, "matrix", 2, (gsize[]){ 2, 3 }, &error);
    g_assert_no_error (error);
    g_assert_cmpmem (read, sizeof matrix, matrix, sizeof matrix);
    g_assert_true (kalon_safetensors_check (file, "one", 1, (gsize[]){ 1 }, NULL, &error));
    g_assert_cmpstr (kalon_safetensors_get_metadata (file, "model"), ==, "0123");
    g_assert_cmpstr (kalon_safetensors_get_metadata (file, "note"), ==, metadata[3]);
    g_assert_null (kalon_safetensors_get_metadata (file, "absent"));
  }
  bytes = kalon_safetensors_to_bytes (tensors, 2, metadata);
  again = kalon_safetensors_to_bytes (tensors, 2, metadata);
  g_assert_true (g_bytes_equal (bytes, again));

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  g_assert_false (kalon_safetensors_save (path, tensors, 2, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_not_finite (void)
{
  static const struct
  {
    const char *dtype;
    guint8 data[4];
  } cases[] = {
    { "F32", { 0x00, 0x00, 0x80, 0x7f } }, /* infinity */
    { "F32", { 0x01, 0x00, 0x80, 0xff } }, /* a signalling NaN */
    { "F32", { 0xff, 0xff, 0xff, 0x7f } }, /* NaN */
    { "F16", { 0x00, 0x00, 0x00, 0xfc } }, /* minus infinity */
    { "F16", { 0x01, 0x7e, 0x00, 0x00 } }, /* NaN */
    { "BF16", { 0x00, 0x00, 0x80, 0x7f } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize n = g_str_equal (cases[i].dtype, "F32") ? 1 : 2;
      g_autofree char *header = g_strdup_printf ("{\"w\": {\"dtype\": \"%s\", \"shape\": [%d], "
                                                 "\"data_offsets\": [0, 4]}}",
                                                 cases[i].dtype, (int) n);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonSafetensors) file = parse (header, cases[i].data, 4, &error);

      g_assert_no_error (error);
      g_assert_null (kalon_safetensors_dup_f32 (file, "w", 1, &n, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "w holds a value that is not finite"));
    }
}

#define TENSOR(dtype, shape, offsets)                                                              \
  "{\"dtype\": \"" dtype "\", \"shape\": " shape ", \"data_offsets\": " offsets "}"

static void
assert_refused (const char *header, gsize size, const char *message)
{
  g_autofree guint8 *data = g_malloc0 (MAX (size, 1));
  g_autoptr (GError) error = NULL;
  KalonSafetensors *file = parse (header, data, size, &error);

  g_assert_null (file);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_hostile (void)
{
  static const guint64 lengths[] = { 1, 3, 4, 1000, G_MAXINT64, G_MAXUINT64, G_MAXUINT64 - 7 };
  g_autoptr (GBytes) tiny = g_bytes_new_static ("\1\0\0\0", 4);
  g_autoptr (GError) short_error = NULL;

  g_assert_null (kalon_safetensors_new_from_bytes (tiny, &short_error));
  g_assert_nonnull (strstr (short_error->message, "header length"));
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_with_length (lengths[i], "{}", "x", 1, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
    }

  assert_refused ("[]", 0, "not a JSON object");
  assert_refused ("{\"a\": 1}", 0, "a is not an object");
  assert_refused ("{}", 1, "1 bytes of data, its tensors have 0");
  assert_refused ("{\"a\": {\"shape\": [], \"data_offsets\": [0, 4]}}", 4, "a.dtype is missing");
  assert_refused ("{\"a\": " TENSOR ("F99", "[1]", "[0, 4]") "}", 4, "a.dtype “F99” is not known");
  assert_refused ("{\"a\": " TENSOR ("F32", "1", "[0, 4]") "}", 4, "a.shape must be a list");
  assert_refused ("{\"a\": " TENSOR ("F32", "[-1]", "[0, 4]") "}", 4, "a.shape must hold");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1.0]", "[0, 4]") "}", 4, "a.shape must hold");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1,1,1,1,1,1,1,1,1]", "[0, 4]") "}", 4,
                  "a.shape has 9 dimensions");
  assert_refused ("{\"a\": " TENSOR ("F32", "[9223372036854775807, 4]", "[0, 4]") "}", 4,
                  "a.shape overflows");
  assert_refused ("{\"a\": " TENSOR ("F32", "[4611686018427387905]", "[0, 4]") "}", 4,
                  "a.data_offsets do not fit");
  assert_refused ("{\"a\": " TENSOR ("F32", "[2]", "[0, 4]") "}", 4, "a.data_offsets do not fit");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[0]") "}", 4, "a.data_offsets must be two");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[-4, 0]") "}", 4, "a.data_offsets must be two");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[4, 0]") "}", 4, "a.data_offsets are 4 to 0");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[4, 8]") "}", 4, "a.data_offsets are 4 to 8");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[4, 8]") "}", 8, "a.data_offsets leave a hole");
  assert_refused ("{\"a\": " TENSOR ("F32", "[1]", "[0, 4]") "}", 8, "8 bytes of data");
  assert_refused (
      "{\"a\": " TENSOR ("F32", "[2]", "[0, 8]") ", \"b\": " TENSOR ("F32", "[2]", "[4, 12]") "}",
      12, "b.data_offsets overlap");
  assert_refused (
      "{\"a\": " TENSOR ("F32", "[1]", "[0, 4]") ", \"b\": " TENSOR ("F32", "[1]", "[0, 4]") "}", 4,
      "data_offsets overlap");
  assert_refused (
      "{\"a\": " TENSOR ("F32", "[1]", "[0, 4]") ", \"a\": " TENSOR ("F32", "[1]", "[4, 8]") "}", 8,
      "same member twice");
}

typedef struct
{
  char *folder;
} Fixture;

static const char *const names[] = { "config.json", "preprocessor_config.json", "model.safetensors",
                                     "vocab.json", "merges.txt" };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("kalon-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static void
save (Fixture *fixture, const char *name, const char *content)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

static void
load (Fixture *fixture, const char *config, const char *preprocess, KalonModelConfig *result)
{
  g_autoptr (GError) error = NULL;

  save (fixture, "config.json", config);
  if (preprocess != NULL)
    save (fixture, "preprocessor_config.json", preprocess);
  kalon_model_config_load (fixture->folder, result, &error);
  g_assert_no_error (error);
}

/* What transformers' CLIPConfig () has. */
static void
test_config_defaults (Fixture *fixture, gconstpointer data)
{
  KalonModelConfig config;

  load (fixture, "{}", NULL, &config);
  g_assert_cmpuint (config.text.width, ==, 512);
  g_assert_cmpuint (config.text.layers, ==, 12);
  g_assert_cmpuint (config.text.heads, ==, 8);
  g_assert_cmpuint (config.text.mlp_width, ==, 2048);
  g_assert_cmpint (config.text.activation, ==, KALON_ACTIVATION_QUICK_GELU);
  g_assert_cmpfloat (config.text.layer_norm_epsilon, ==, 1e-5f);
  g_assert_cmpuint (config.vision.width, ==, 768);
  g_assert_cmpuint (config.vision.layers, ==, 12);
  g_assert_cmpuint (config.vision.heads, ==, 12);
  g_assert_cmpuint (config.vision.mlp_width, ==, 3072);
  g_assert_cmpuint (config.projection, ==, 512);
  g_assert_cmpuint (config.vocabulary, ==, 49408);
  g_assert_cmpuint (config.context_length, ==, 77);
  g_assert_cmpint (config.eos_token, ==, 49407);
  g_assert_cmpuint (config.resolution, ==, 224);
  g_assert_cmpuint (config.patch, ==, 32);
  g_assert_cmpuint (config.preprocess.resize, ==, 224);
  g_assert_cmpuint (config.preprocess.crop, ==, 224);
  g_assert_false (config.preprocess.squash);
  g_assert_cmpfloat (config.preprocess.mean[0], ==, 0.48145466f);
  g_assert_cmpfloat (config.preprocess.std[2], ==, 0.27577711f);
}

static void
test_config_values (Fixture *fixture, gconstpointer data)
{
  KalonModelConfig config;

  load (fixture,
        "{\"model_type\": \"clip\", \"projection_dim\": 40, \"text_config\": {\"hidden_size\": 48, "
        "\"num_hidden_layers\": 3, \"num_attention_heads\": 6, \"intermediate_size\": 100, "
        "\"hidden_act\": \"gelu\", \"vocab_size\": 99, \"max_position_embeddings\": 20, "
        "\"eos_token_id\": 2, \"layer_norm_eps\": 1e-6, \"projection_dim\": 512}, "
        "\"vision_config\": {\"hidden_size\": 60, \"num_attention_heads\": 12, "
        "\"image_size\": 50, \"patch_size\": 16, \"layer_norm_eps\": null}}",
        NULL, &config);
  g_assert_cmpuint (config.projection, ==, 40);
  g_assert_cmpuint (config.text.width, ==, 48);
  g_assert_cmpuint (config.text.layers, ==, 3);
  g_assert_cmpuint (config.text.heads, ==, 6);
  g_assert_cmpuint (config.text.mlp_width, ==, 100);
  g_assert_cmpint (config.text.activation, ==, KALON_ACTIVATION_GELU);
  g_assert_cmpfloat (config.text.layer_norm_epsilon, ==, 1e-6f);
  g_assert_cmpuint (config.vocabulary, ==, 99);
  g_assert_cmpuint (config.context_length, ==, 20);
  g_assert_cmpint (config.eos_token, ==, 2);
  g_assert_cmpuint (config.vision.width, ==, 60);
  g_assert_cmpint (config.vision.activation, ==, KALON_ACTIVATION_QUICK_GELU);
  g_assert_cmpfloat (config.vision.layer_norm_epsilon, ==, 1e-5f);
  g_assert_cmpuint (config.resolution, ==, 50);
  g_assert_cmpuint (config.patch, ==, 16);
  g_assert_cmpuint (config.preprocess.crop, ==, 50);
  g_assert_cmpuint (config.preprocess.resize, ==, 50);
}

/* text_config_dict, filled up with defaults, overrides text_config whole. */
static void
test_config_legacy (Fixture *fixture, gconstpointer data)
{
  KalonModelConfig config;

  load (fixture,
        "{\"text_config\": {\"hidden_size\": 64, \"num_hidden_layers\": 5}, "
        "\"text_config_dict\": {\"hidden_size\": 128}, \"vision_config_dict\": null, "
        "\"vision_config\": {\"patch_size\": 16}}",
        NULL, &config);
  g_assert_cmpuint (config.text.width, ==, 128);
  g_assert_cmpuint (config.text.layers, ==, 12);
  g_assert_cmpuint (config.patch, ==, 16);
}

static void
test_preprocess_forms (Fixture *fixture, gconstpointer data)
{
  KalonModelConfig config;

  load (fixture, "{}", "{\"size\": 256, \"crop_size\": 224}", &config);
  g_assert_cmpuint (config.preprocess.resize, ==, 256);
  g_assert_cmpuint (config.preprocess.crop, ==, 224);
  g_assert_false (config.preprocess.squash);

  load (fixture, "{}",
        "{\"size\": {\"shortest_edge\": 240}, \"crop_size\": {\"height\": 224, \"width\": 224}, "
        "\"image_mean\": [0, 0.5, 1], \"image_std\": [0.5, 0.5, 1], \"resample\": 3}",
        &config);
  g_assert_cmpuint (config.preprocess.resize, ==, 240);
  g_assert_false (config.preprocess.squash);
  g_assert_cmpfloat (config.preprocess.mean[1], ==, 0.5f);
  g_assert_cmpfloat (config.preprocess.std[2], ==, 1);

  load (fixture, "{}", "{\"size\": {\"height\": 224, \"width\": 224}, \"do_center_crop\": false}",
        &config);
  g_assert_cmpuint (config.preprocess.crop, ==, 224);
  g_assert_true (config.preprocess.squash);

  /* (pixel * 1/127.5 - 1) / 1, as (pixel / 255 - 0.5) / 0.5. */
  load (fixture, "{}",
        "{\"rescale_factor\": 0.00784313725490196, \"image_mean\": [1, 1, 1], "
        "\"image_std\": [1, 1, 1]}",
        &config);
  g_assert_cmpfloat_with_epsilon (config.preprocess.mean[0], 0.5f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (config.preprocess.std[0], 0.5f, 1e-6f);

  load (fixture, "{}", "{\"do_normalize\": false}", &config);
  g_assert_cmpfloat (config.preprocess.mean[0], ==, 0);
  g_assert_cmpfloat (config.preprocess.std[0], ==, 1);
}

static void
assert_config_refused (Fixture *fixture, const char *config, const char *preprocess,
                       KalonError code, const char *message)
{
  g_autoptr (GError) error = NULL;
  KalonModelConfig result;

  save (fixture, "config.json", config);
  save (fixture, "preprocessor_config.json", preprocess);
  g_assert_false (kalon_model_config_load (fixture->folder, &result, &error));
  g_assert_error (error, KALON_ERROR, (int) code);
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_config_hostile (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *config;
    const char *message;
    KalonError code;
  } cases[] = {
    { "{\"projection_dim\": 0}", "projection_dim is 0", KALON_ERROR_INVALID_DATA },
    { "{\"projection_dim\": 1e3}", "projection_dim must be an int", KALON_ERROR_INVALID_DATA },
    { "{\"projection_dim\": 18446744073709551617}", "projection_dim", KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": 3}", "text_config must be an object", KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"hidden_size\": -8}}", "text_config.hidden_size is -8",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"hidden_size\": 500}}", "text_config.hidden_size is 500, not a multiple",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"num_hidden_layers\": 1000000}}", "num_hidden_layers is 1000000",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"num_attention_heads\": 0}}", "num_attention_heads is 0",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"vocab_size\": 4294967296}}", "vocab_size is 4294967296",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"max_position_embeddings\": 1}}", "max_position_embeddings is 1",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"eos_token_id\": [2]}}", "eos_token_id must be an integer",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"layer_norm_eps\": 0}}", "layer_norm_eps is 0",
      KALON_ERROR_INVALID_DATA },
    { "{\"text_config\": {\"layer_norm_eps\": 1e999}}", "layer_norm_eps",
      KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"image_size\": [224, 224]}}", "image_size must be an integer",
      KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"patch_size\": 0}}", "patch_size is 0", KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"patch_size\": 300}}", "patch_size is larger",
      KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"num_channels\": 1}}", "num_channels is 1", KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"image_size\": 4096, \"patch_size\": 1}}", "gives 16777217 tokens",
      KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"image_size\": 2400, \"patch_size\": 16, "
      "\"intermediate_size\": 65536}}",
      "more than a gigabyte", KALON_ERROR_INVALID_DATA },
    { "{\"vision_config\": {\"hidden_act\": \"relu\"}}", "vision_config.hidden_act is “relu”",
      KALON_ERROR_UNSUPPORTED },
    { "{\"model_type\": \"siglip\"}", "model_type is “siglip”", KALON_ERROR_UNSUPPORTED },
    { "{\"model_type\": 7}", "model_type must be a string", KALON_ERROR_INVALID_DATA },
    { "{", "ends in the middle", KALON_ERROR_INVALID_DATA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_config_refused (fixture, cases[i].config, "{}", cases[i].code, cases[i].message);
}

static void
test_preprocess_hostile (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *preprocess;
    const char *message;
    KalonError code;
  } cases[] = {
    { "{\"size\": 0}", "size is 0", KALON_ERROR_INVALID_DATA },
    { "{\"size\": [224, 224]}", "size must be an integer", KALON_ERROR_INVALID_DATA },
    { "{\"size\": {}}", "size has neither", KALON_ERROR_INVALID_DATA },
    { "{\"size\": {\"height\": 224}}", "size has neither", KALON_ERROR_INVALID_DATA },
    { "{\"size\": {\"shortest_edge\": -1}}", "size.shortest_edge is -1", KALON_ERROR_INVALID_DATA },
    { "{\"size\": {\"height\": 224, \"width\": 225}}", "height and width differ",
      KALON_ERROR_UNSUPPORTED },
    { "{\"size\": {\"shortest_edge\": 224, \"longest_edge\": 300}}", "longest_edge",
      KALON_ERROR_UNSUPPORTED },
    { "{\"crop_size\": 192}", "crop_size is 192, config.json's image_size is 224",
      KALON_ERROR_INVALID_DATA },
    { "{\"size\": 200}", "crop_size is larger than size", KALON_ERROR_UNSUPPORTED },
    { "{\"image_std\": [0, 1, 1]}", "image_std", KALON_ERROR_INVALID_DATA },
    { "{\"image_std\": [1, 1]}", "image_std must be three numbers", KALON_ERROR_INVALID_DATA },
    { "{\"image_mean\": [1, 1, \"1\"]}", "image_mean", KALON_ERROR_INVALID_DATA },
    { "{\"image_mean\": [1, 1e999, 1]}", "image_mean", KALON_ERROR_INVALID_DATA },
    { "{\"rescale_factor\": 0}", "rescale_factor is 0", KALON_ERROR_INVALID_DATA },
    { "{\"do_resize\": false}", "do_resize is false", KALON_ERROR_UNSUPPORTED },
    { "{\"do_center_crop\": false}", "do_center_crop is false", KALON_ERROR_UNSUPPORTED },
    { "{\"do_resize\": 1}", "do_resize must be true or false", KALON_ERROR_INVALID_DATA },
    { "{\"resample\": 2}", "resample is not bicubic", KALON_ERROR_UNSUPPORTED },
    { "{\"image_processor_type\": \"ViTImageProcessor\"}", "“ViTImageProcessor”",
      KALON_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_config_refused (fixture, "{}", cases[i].preprocess, cases[i].code, cases[i].message);
}

static void
test_hash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *more = NULL;

  g_assert_null (kalon_model_dup_hash (fixture->folder, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  save (fixture, "config.json", "{}");
  save (fixture, "model.safetensors", "weights");
  save (fixture, "vocab.json", "{}");
  save (fixture, "merges.txt", "a b");
  first = kalon_model_dup_hash (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  /* printf 'config.json\n2\n{}model.safetensors\n7\nweightsvocab.json\n2\n{}merges.txt\n3\na b' |
   * sha256sum */
  g_assert_cmpstr (first, ==, "6bfcfb9ebd454f21fdd1b24e39db3708806cc2592f579fb189612b366708f98b");
  again = kalon_model_dup_hash (fixture->folder, NULL, &error);
  g_assert_cmpstr (again, ==, first);

  save (fixture, "model.safetensors", "Weights");
  changed = kalon_model_dup_hash (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed, !=, first);
  save (fixture, "preprocessor_config.json", "{}");
  more = kalon_model_dup_hash (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (more, !=, changed);
}

static void
test_hash_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    save (fixture, names[i], "{}");
  g_cancellable_cancel (cancellable);
  g_assert_null (kalon_model_dup_hash (fixture->folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/weights/safetensors/read", test_read);
  g_test_add_func ("/weights/safetensors/save", test_save);
  g_test_add_func ("/weights/safetensors/not-finite", test_not_finite);
  g_test_add_func ("/weights/safetensors/hostile", test_hostile);
  ADD ("/weights/config/defaults", test_config_defaults);
  ADD ("/weights/config/values", test_config_values);
  ADD ("/weights/config/legacy", test_config_legacy);
  ADD ("/weights/config/hostile", test_config_hostile);
  ADD ("/weights/preprocess/forms", test_preprocess_forms);
  ADD ("/weights/preprocess/hostile", test_preprocess_hostile);
  ADD ("/weights/hash", test_hash);
  ADD ("/weights/hash-cancelled", test_hash_cancelled);
  return g_test_run ();
}
