/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures and heads against numpy and torch (make-aesthetics.py), and heads that lie. */
#include "aesthetics/kalon-aesthetics.h"
#include "errors/kalon-errors.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#define DIMENSION 5

static char *
dup_reference_path (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "reference", "aesthetics", name, NULL);
}

/* (transfer full): the lines of a table */
static GStrv
load_lines (const char *name)
{
  g_autofree char *path = dup_reference_path (name);
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return g_strsplit (g_strchomp (content), "\n", -1);
}

/* formula() of make-aesthetics.py. */
static KalonImage *
draw (guint width, guint height)
{
  KalonImage *image = kalon_image_new (width, height);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint8 *pixel = image->pixels + 3 * (y * width + x);

        pixel[0] = ((5 * x + 3 * y) / 4) & 255;
        pixel[1] = (x * y / 16) & 255;
        pixel[2] = (x / 8 + y / 8) % 2 == 1 ? 220 : x & 255;
      }
  return image;
}

static KalonImage *
load_picture (const char *name)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  KalonImage *image;

  if (g_str_has_prefix (name, "formula-"))
    {
      g_auto (GStrv) parts = g_strsplit (name, "-", -1);

      return draw (atoi (parts[1]), atoi (parts[2]));
    }
  path = g_test_build_filename (G_TEST_DIST, "reference", "pictures", name, NULL);
  image = kalon_image_load (path, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  return image;
}

static void
test_measures (void)
{
  g_auto (GStrv) lines = load_lines ("measures.tsv");
  g_auto (GStrv) names = g_strsplit (lines[0], "\t", -1);

  g_assert_cmpuint (g_strv_length (names), ==, 1 + KALON_N_MEASURES);
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    g_assert_cmpstr (kalon_measure_get_name (i), ==, names[1 + i]);
  for (guint n = 1; lines[n] != NULL; n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[n], "\t", -1);
      g_autoptr (KalonImage) image = load_picture (fields[0]);
      float measures[KALON_N_MEASURES];
      /* Where the picture must be resized first, a pixel may differ from Pillow's by one. */
      const double tolerance = g_str_equal (fields[0], "formula-128-128") ? 1e-6 : 2e-3;

      kalon_measure_image (image, measures);
      for (guint i = 0; i < KALON_N_MEASURES; i++)
        {
          const double expected = g_ascii_strtod (fields[1 + i], NULL);

          g_test_message ("%s %s: %g, numpy %g", fields[0], names[1 + i], measures[i], expected);
          g_assert_cmpfloat_with_epsilon (measures[i], expected,
                                          tolerance * MAX (1, fabs (expected)));
        }
    }
}

/* One colour, one pixel: every measure is still a number. */
static void
test_measures_of_nothing (void)
{
  static const guint sides[][2] = { { 1, 1 }, { 1, 3000 }, { 700, 2 }, { 128, 128 } };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    for (guint level = 0; level <= 255; level += 85)
      {
        g_autoptr (KalonImage) image = kalon_image_new (sides[i][0], sides[i][1]);
        float measures[KALON_N_MEASURES];

        memset (image->pixels, (int) level, (gsize) 3 * image->width * image->height);
        kalon_measure_image (image, measures);
        for (guint k = 0; k < KALON_N_MEASURES; k++)
          g_assert_true (isfinite (measures[k]));
      }
}

static KalonAestheticHead *
load_head (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".safetensors", NULL);
  g_autofree char *path = dup_reference_path (file);
  g_autoptr (GError) error = NULL;
  KalonAestheticHead *head = kalon_aesthetic_head_load (path, DIMENSION, &error);

  g_assert_no_error (error);
  return head;
}

/* The golden measures of a picture, so that only the head is tested. */
static void
look_up_measures (const char *name, float *measures)
{
  g_auto (GStrv) lines = load_lines ("measures.tsv");

  for (guint n = 1; lines[n] != NULL; n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[n], "\t", -1);

      if (!g_str_equal (fields[0], name))
        continue;
      for (guint i = 0; i < KALON_N_MEASURES; i++)
        measures[i] = (float) g_ascii_strtod (fields[1 + i], NULL);
      return;
    }
  g_assert_not_reached ();
}

static void
test_scores (void)
{
  g_auto (GStrv) lines = load_lines ("scores.tsv");

  for (guint n = 0; lines[n] != NULL; n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[n], "\t", -1);
      g_autoptr (KalonAestheticHead) head = load_head (fields[0]);
      float embedding[DIMENSION], measures[KALON_N_MEASURES];
      const gboolean needs_measures = kalon_aesthetic_head_needs_measures (head);

      g_assert_cmpuint (strlen (kalon_aesthetic_head_get_hash (head)), ==, 64);
      g_assert_cmpint (needs_measures, ==, g_str_equal (fields[0], "mlp"));
      for (guint i = 0; i < DIMENSION; i++)
        embedding[i] = (float) g_ascii_strtod (fields[2 + i], NULL);
      look_up_measures (fields[1], measures);
      g_assert_cmpfloat_with_epsilon (
          kalon_aesthetic_head_score (head, embedding, needs_measures ? measures : NULL),
          g_ascii_strtod (fields[2 + DIMENSION], NULL), 1e-5);
    }
}

/* Heads that lie */

static void
add_tensor (GString *header, GByteArray *data, const char *name, const char *shape, guint n,
            float value)
{
  const guint begin = data->len;

  for (guint i = 0; i < n; i++)
    g_byte_array_append (data, (const guint8 *) &value, sizeof value);
  g_string_append_printf (
      header, "%s\"%s\": {\"dtype\": \"F32\", \"shape\": %s, \"data_offsets\": [%u, %u]}",
      header->len > 1 ? ", " : "", name, shape, begin, data->len);
}

static GBytes *
finish (GString *header, GByteArray *data)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint64 length;

  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header->str, (guint) header->len);
  g_byte_array_append (file, data->data, data->len);
  return g_byte_array_free_to_bytes (g_steal_pointer (&file));
}

typedef struct
{
  const char *name;
  const char *shape;
  guint n;
  float value;
} Tensor;

/* A head of @tensors, ended by one without a name. */
static KalonAestheticHead *
parse (const Tensor *tensors, GError **error)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (const Tensor *t = tensors; t->name != NULL; t++)
    add_tensor (header, data, t->name, t->shape, t->n, t->value);
  bytes = finish (header, data);
  return kalon_aesthetic_head_new_from_bytes (bytes, DIMENSION, error);
}

static void
test_hostile (void)
{
  static const struct
  {
    Tensor tensors[6];
    KalonError code;
    const char *message;
  } cases[] = {
    { { { "other", "[1]", 1, 0 } }, KALON_ERROR_INVALID_DATA, "layers.0.weight is missing" },
    { { { "weight", "[1, 5]", 5, 1 } }, KALON_ERROR_INVALID_DATA, "bias is missing" },
    { { { "weight", "[1, 5]", 5, 1 }, { "bias", "[2]", 2, 1 } },
      KALON_ERROR_INVALID_DATA,
      "is not [1]" },
    { { { "weight", "[1, 6]", 6, 1 }, { "bias", "[1]", 1, 1 } },
      KALON_ERROR_MISMATCH,
      "another model" },
    { { { "weight", "[5]", 5, 1 }, { "bias", "[1]", 1, 1 } },
      KALON_ERROR_INVALID_DATA,
      "no [outputs, inputs]" },
    { { { "weight", "[0, 5]", 0, 1 }, { "bias", "[0]", 0, 1 } },
      KALON_ERROR_INVALID_DATA,
      "no [outputs, inputs]" },
    { { { "weight", "[2, 5]", 10, 1 }, { "bias", "[2]", 2, 1 } },
      KALON_ERROR_INVALID_DATA,
      "a score is one" },
    { { { "weight", "[1, 5]", 5, 2e3f }, { "bias", "[1]", 1, 1 } },
      KALON_ERROR_INVALID_DATA,
      "holds a value over" },
    { { { "weight", "[1, 5]", 5, NAN }, { "bias", "[1]", 1, 1 } },
      KALON_ERROR_INVALID_DATA,
      "not finite" },
    { { { "weight", "[1, 5]", 5, 1 }, { "bias", "[1]", 1, 1 }, { "measure.charm", "[2]", 2, 1 } },
      KALON_ERROR_UNSUPPORTED,
      "of 3 tensors 2" },
    { { { "weight", "[1, 6]", 6, 1 }, { "bias", "[1]", 1, 1 }, { "measure.noise", "[3]", 3, 1 } },
      KALON_ERROR_INVALID_DATA,
      "must have shape [2]" },
    { { { "weight", "[1, 6]", 6, 1 }, { "bias", "[1]", 1, 1 }, { "measure.noise", "[2]", 2, 0 } },
      KALON_ERROR_INVALID_DATA,
      "not above 0" },
    { { { "layers.0.weight", "[2, 5]", 10, 1 },
        { "layers.0.bias", "[2]", 2, 1 },
        { "layers.1.weight", "[1, 3]", 3, 1 },
        { "layers.1.bias", "[1]", 1, 1 } },
      KALON_ERROR_INVALID_DATA,
      "the layer before gives 2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].message);
      g_assert_null (parse (cases[i].tensors, &error));
      g_assert_error (error, KALON_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

/* The largest weights that are taken give a finite score. */
static void
test_bounded (void)
{
  static const Tensor tensors[] = { { "layers.0.weight", "[50, 5]", 250, 1e3f },
                                    { "layers.0.bias", "[50]", 50, 1e3f },
                                    { "layers.1.weight", "[50, 50]", 2500, 1e3f },
                                    { "layers.1.bias", "[50]", 50, 1e3f },
                                    { "layers.2.weight", "[50, 50]", 2500, 1e3f },
                                    { "layers.2.bias", "[50]", 50, 1e3f },
                                    { "layers.3.weight", "[50, 50]", 2500, 1e3f },
                                    { "layers.3.bias", "[50]", 50, 1e3f },
                                    { "layers.4.weight", "[1, 50]", 50, 1e3f },
                                    { "layers.4.bias", "[1]", 1, 1e3f },
                                    { NULL } };
  const float embedding[DIMENSION] = { 1, 0, 0, 0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonAestheticHead) head = parse (tensors, &error);

  g_assert_no_error (error);
  g_assert_true (isfinite (kalon_aesthetic_head_score (head, embedding, NULL)));
}

static void
test_files (void)
{
  g_autofree char *models = g_test_build_filename (G_TEST_DIST, "reference", "models", NULL);
  g_autofree char *path = dup_reference_path ("linear.safetensors");
  g_autoptr (KalonAestheticHead) head = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (kalon_aesthetic_head_load_for_model (models, DIMENSION, &head, &error));
  g_assert_no_error (error);
  g_assert_null (head);
  g_assert_null (kalon_aesthetic_head_load (models, DIMENSION, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (kalon_aesthetic_head_load (path, DIMENSION + 1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
}

/* Heads of others */

static GBytes *
convert (const char *name, KalonHeadActivation activation, gsize dimension, GError **error)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "aesthetics", name, NULL);
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *content = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  bytes = g_bytes_new_take (g_steal_pointer (&content), size);
  return kalon_aesthetic_head_convert (bytes, base, activation, "c0ffee", dimension, error);
}

/* What torch.save() wrote scores as torch does; the file's name says what lies between layers. */
static void
test_import (void)
{
  g_auto (GStrv) lines = load_lines ("imported.tsv");

  for (guint n = 0; lines[n] != NULL; n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[n], "\t", -1);
      g_autofree char *name = g_build_filename ("pth", fields[0], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = convert (name, KALON_HEAD_ACTIVATION_BY_NAME, DIMENSION, &error);
      g_autoptr (KalonSafetensors) file = NULL;
      g_autoptr (KalonAestheticHead) head = NULL;
      float embedding[DIMENSION];

      g_assert_no_error (error);
      file = kalon_safetensors_new_from_bytes (bytes, &error);
      g_assert_no_error (error);
      /* Layers without anything between them are one. */
      g_assert_cmpint (kalon_safetensors_has (file, "weight"), ==, g_str_equal (fields[1], "none"));
      g_assert_cmpstr (kalon_safetensors_get_metadata (file, "source"), ==, fields[0]);
      head = kalon_aesthetic_head_new_from_bytes (bytes, DIMENSION, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (kalon_aesthetic_head_get_encoder (head), ==, "c0ffee");
      for (guint i = 0; i < DIMENSION; i++)
        embedding[i] = (float) g_ascii_strtod (fields[2 + i], NULL);
      g_assert_cmpfloat_with_epsilon (kalon_aesthetic_head_score (head, embedding, NULL),
                                      g_ascii_strtod (fields[2 + DIMENSION], NULL), 1e-5);
    }
}

/* Where the name does not tell, the caller must; what he says makes another head. */
static void
test_import_activation (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) linear = NULL;
  g_autoptr (GBytes) relu = NULL;
  g_autoptr (GBytes) named = NULL;
  g_autoptr (KalonAestheticHead) linear_head = NULL;
  g_autoptr (KalonAestheticHead) named_head = NULL;
  g_autoptr (KalonAestheticHead) relu_head = NULL;
  const float embedding[DIMENSION] = { 0.5f, -0.5f, 0.5f, 0, -0.5f };

  g_assert_null (convert ("pth/unnamed.pth", KALON_HEAD_ACTIVATION_BY_NAME, DIMENSION, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "--activation"));
  g_clear_error (&error);
  linear = convert ("pth/unnamed.pth", KALON_HEAD_ACTIVATION_NONE, DIMENSION, &error);
  relu = convert ("pth/unnamed.pth", KALON_HEAD_ACTIVATION_RELU, DIMENSION, &error);
  named = convert ("pth/sac-linearMSE.pth", KALON_HEAD_ACTIVATION_BY_NAME, DIMENSION, &error);
  g_assert_no_error (error);
  linear_head = kalon_aesthetic_head_new_from_bytes (linear, DIMENSION, &error);
  relu_head = kalon_aesthetic_head_new_from_bytes (relu, DIMENSION, &error);
  named_head = kalon_aesthetic_head_new_from_bytes (named, DIMENSION, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (kalon_aesthetic_head_score (linear_head, embedding, NULL), ==,
                     kalon_aesthetic_head_score (named_head, embedding, NULL));
  g_assert_cmpfloat (ABS (kalon_aesthetic_head_score (linear_head, embedding, NULL)
                          - kalon_aesthetic_head_score (relu_head, embedding, NULL)),
                     >, 1e-3);
}

static void
test_import_refused (void)
{
  static const struct
  {
    const char *name;
    KalonError code;
    const char *message;
  } cases[] = {
    { "run-command", KALON_ERROR_UNSUPPORTED, "posix system" },
    { "run-inside", KALON_ERROR_UNSUPPORTED, "posix system" },
    { "module", KALON_ERROR_UNSUPPORTED, "torch.nn.modules.linear Linear" },
    { "double", KALON_ERROR_UNSUPPORTED, "torch DoubleStorage" },
    { "nested", KALON_ERROR_UNSUPPORTED, "state_dict" },
    { "transposed", KALON_ERROR_INVALID_DATA, "does not lie row by row" },
    { "convolution", KALON_ERROR_UNSUPPORTED, "4 dimensions" },
    { "no-bias", KALON_ERROR_INVALID_DATA, "with a bias" },
    { "norm", KALON_ERROR_UNSUPPORTED, "of 3 tensors 2" },
    { "infinite", KALON_ERROR_INVALID_DATA, "not finite" },
    { "old-form", KALON_ERROR_UNSUPPORTED, "before 1.6" },
    { "deflated", KALON_ERROR_UNSUPPORTED, "compressed" },
    { "cut-off", KALON_ERROR_INVALID_DATA, "end of the zip archive" },
    { "bit-flip", KALON_ERROR_INVALID_DATA, "checksum of data/0" },
    { "no-storage", KALON_ERROR_INVALID_DATA, "no data/0" },
    { "short-storage", KALON_ERROR_INVALID_DATA, "over the end" },
    { "big-endian", KALON_ERROR_UNSUPPORTED, "little-endian" },
    { "far-offset", KALON_ERROR_INVALID_DATA, "outside its storage" },
    { "wider", KALON_ERROR_INVALID_DATA, "outside its storage" },
  };
  g_autoptr (GError) mismatch = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("pth/%s.pth", cases[i].name);
      g_autofree char *prefix = g_strdup_printf ("%s.pth: ", cases[i].name);
      g_autoptr (GError) error = NULL;

      g_assert_null (convert (name, KALON_HEAD_ACTIVATION_NONE, DIMENSION, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, KALON_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_true (g_str_has_prefix (error->message, prefix));
    }
  g_assert_null (convert ("pth/linear.pth", KALON_HEAD_ACTIVATION_NONE, DIMENSION + 1, &mismatch));
  g_assert_error (mismatch, KALON_ERROR, KALON_ERROR_MISMATCH);
}

/* Kalon's own form goes through as it is: measures, ReLUs and all. */
static void
test_import_own (void)
{
  g_autofree char *target = NULL;
  g_autofree char *source = dup_reference_path ("mlp.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonAestheticHead) head = load_head ("mlp");
  g_autoptr (KalonAestheticHead) copy = NULL;
  const float embedding[DIMENSION] = { 0.5f, -0.5f, 0.5f, 0, -0.5f };
  float measures[KALON_N_MEASURES];
  int fd = g_file_open_tmp ("kalon-head-XXXXXX", &target, &error);

  g_assert_no_error (error);
  close (fd);
  g_assert_true (kalon_aesthetic_head_import (source, target, KALON_HEAD_ACTIVATION_BY_NAME, NULL,
                                              DIMENSION, &error));
  g_assert_no_error (error);
  copy = kalon_aesthetic_head_load (target, DIMENSION, &error);
  g_assert_no_error (error);
  g_assert_null (kalon_aesthetic_head_get_encoder (copy));
  look_up_measures ("rgb.png", measures);
  g_assert_cmpfloat (kalon_aesthetic_head_score (copy, embedding, measures), ==,
                     kalon_aesthetic_head_score (head, embedding, measures));
  /* A refusal leaves what is there. */
  g_assert_false (kalon_aesthetic_head_import (source, target, KALON_HEAD_ACTIVATION_BY_NAME, NULL,
                                               DIMENSION + 1, &error));
  g_clear_error (&error);
  g_clear_pointer (&copy, kalon_aesthetic_head_free);
  copy = kalon_aesthetic_head_load (target, DIMENSION, &error);
  g_assert_no_error (error);
  g_unlink (target);
}

/* The published heads on LAION's mean embeddings by rating, which are not ours to ship: set
 * KALON_SHARED_DATA to a folder that has both below "aesthetic". */
static void
test_import_published (void)
{
  static const struct
  {
    const char *file;
    const char *ratings;
    gsize dimension;
    double scores[10]; /* by rating; NaN: not known */
  } cases[] = {
    { "sa_0_4_vit_b_32_linear.pth",
      "vit_b_32",
      512,
      { -1.470, 0.273, 1.990, 3.611, 5.087, 6.393, 7.668, 8.915, 9.917, 11.006 } },
    { "sa_0_4_vit_l_14_linear.pth",
      "vit_l_14",
      768,
      { -2.458, -0.138, 1.895, 3.585, 5.100, 6.470, 7.787, 9.048, 10.226, 11.304 } },
    { "sac+logos+ava1-l14-linearMSE.pth",
      "vit_l_14",
      768,
      { 1.655, 2.359, NAN, NAN, NAN, 4.701, NAN, NAN, NAN, 5.747 } },
  };
  const char *shared = g_getenv ("KALON_SHARED_DATA");
  g_autofree char *folder = g_build_filename (shared != NULL ? shared : "", "aesthetic", NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("there is no folder “aesthetic” in KALON_SHARED_DATA");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_build_filename (folder, cases[i].file, NULL);
      g_autofree char *content = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) converted = NULL;
      g_autoptr (KalonAestheticHead) head = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (path, &content, &size, NULL));
      bytes = g_bytes_new_take (g_steal_pointer (&content), size);
      converted = kalon_aesthetic_head_convert (bytes, cases[i].file, KALON_HEAD_ACTIVATION_BY_NAME,
                                                NULL, cases[i].dimension, &error);
      g_assert_no_error (error);
      head = kalon_aesthetic_head_new_from_bytes (converted, cases[i].dimension, &error);
      g_assert_no_error (error);
      for (guint rating = 0; rating < 10; rating++)
        {
          g_autofree char *name = g_strdup_printf ("rating%u.npy", rating);
          g_autofree char *file = g_build_filename (folder, cases[i].ratings, name, NULL);
          g_autofree char *npy = NULL;
          g_autofree float *embedding = g_new (float, cases[i].dimension);
          gsize length, wanted = cases[i].dimension * sizeof (float);

          g_assert_true (g_file_get_contents (file, &npy, &length, NULL));
          g_assert_cmpuint (length, >, wanted);
          memcpy (embedding, npy + length - wanted, wanted);
          if (!isnan (cases[i].scores[rating]))
            g_assert_cmpfloat_with_epsilon (kalon_aesthetic_head_score (head, embedding, NULL),
                                            cases[i].scores[rating], 6e-4);
        }
    }
}

/* Blends */

static KalonAestheticBlend *
make_blend (gsize dimension, double head_weight, double clip_iqa_weight)
{
  KalonAestheticBlend *blend = kalon_aesthetic_blend_new (dimension);
  g_autofree char *path = dup_reference_path ("quick-gelu-p16-f32-linear.safetensors");
  g_autoptr (GError) error = NULL;

  kalon_aesthetic_blend_add (blend, "own", head_weight,
                             kalon_aesthetic_head_load (path, dimension, &error));
  g_assert_no_error (error);
  if (clip_iqa_weight > 0)
    kalon_aesthetic_blend_add (blend, KALON_CLIP_IQA_ID, clip_iqa_weight, NULL);
  return blend;
}

/* CLIP-IQA and a blend against transformers and torch. */
static void
test_blend (void)
{
  g_auto (GStrv) lines = load_lines ("clip-iqa.tsv");
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (model, NULL, NULL, &error);
  g_autoptr (KalonAestheticBlend) blend = NULL;
  gsize dimension;

  g_assert_no_error (error);
  dimension = kalon_encoder_get_dimension (encoder);
  blend = make_blend (dimension, 2, 0.5);
  g_assert_true (kalon_aesthetic_blend_needs_encoder (blend));
  g_assert_false (kalon_aesthetic_blend_needs_measures (blend));
  g_assert_true (kalon_aesthetic_blend_prepare (blend, encoder, NULL, &error));
  g_assert_no_error (error);
  for (guint n = 0; lines[n] != NULL; n++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[n], "\t", -1);
      g_autofree float *embedding = g_new (float, dimension);
      float members[2];
      float score;

      for (gsize i = 0; i < dimension; i++)
        embedding[i] = (float) g_ascii_strtod (fields[i], NULL);
      score = kalon_aesthetic_blend_score (blend, embedding, NULL, members);
      g_assert_cmpfloat_with_epsilon (members[1], g_ascii_strtod (fields[dimension], NULL), 1e-3);
      g_assert_cmpfloat_with_epsilon (score, g_ascii_strtod (fields[dimension + 1], NULL), 1e-3);
      g_assert_cmpfloat_with_epsilon (score, (2 * members[0] + 0.5 * members[1]) / 2.5, 1e-5);
    }
}

/* Same scores, same hash; and the other way round. */
static void
test_blend_hash (void)
{
  const gsize dimension = 16;
  g_autoptr (KalonAestheticBlend) alone = make_blend (dimension, 1, 0);
  g_autoptr (KalonAestheticBlend) heavy = make_blend (dimension, 3, 0);
  g_autoptr (KalonAestheticBlend) mixed = make_blend (dimension, 1, 0.5);
  g_autoptr (KalonAestheticBlend) twice = make_blend (dimension, 2, 1);
  g_autoptr (KalonAestheticBlend) other = make_blend (dimension, 1, 0.4);
  g_autoptr (KalonAestheticBlend) turned = kalon_aesthetic_blend_new (dimension);
  g_autofree char *path = dup_reference_path ("quick-gelu-p16-f32-linear.safetensors");
  g_autoptr (KalonAestheticHead) head = kalon_aesthetic_head_load (path, dimension, NULL);

  kalon_aesthetic_blend_add (turned, KALON_CLIP_IQA_ID, 1, NULL);
  kalon_aesthetic_blend_add (turned, "mine", 2, kalon_aesthetic_head_load (path, dimension, NULL));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (alone), ==,
                   kalon_aesthetic_head_get_hash (head));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (heavy), ==,
                   kalon_aesthetic_head_get_hash (head));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (mixed), ==,
                   kalon_aesthetic_blend_get_hash (twice));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (mixed), ==,
                   kalon_aesthetic_blend_get_hash (turned));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (mixed), !=,
                   kalon_aesthetic_blend_get_hash (alone));
  g_assert_cmpstr (kalon_aesthetic_blend_get_hash (mixed), !=,
                   kalon_aesthetic_blend_get_hash (other));
}

static void
test_shares (void)
{
  static const char *const refused[]
      = { "",        ",",       "own,",   "own:",     "own:0",       "own:-1",
          "own:nan", "own:inf", "own:1x", "own:1001", "own:1,own:2", "../own:1",
          ".own",    "o wn",    ":1",     "a/b:0.5",  "own:1:2",     "a,b,c,d,e,f,g,h,i" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) shares
      = kalon_aesthetic_parse_shares (" own , clip-iqa:0.5,My_head.2:1e-1", &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = kalon_aesthetic_format_shares (shares);
  g_assert_cmpstr (text, ==, "own:1,clip-iqa:0.5,My_head.2:0.1");
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      g_assert_null (kalon_aesthetic_parse_shares (refused[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aesthetics/measures", test_measures);
  g_test_add_func ("/aesthetics/measures/nothing", test_measures_of_nothing);
  g_test_add_func ("/aesthetics/scores", test_scores);
  g_test_add_func ("/aesthetics/hostile", test_hostile);
  g_test_add_func ("/aesthetics/bounded", test_bounded);
  g_test_add_func ("/aesthetics/files", test_files);
  g_test_add_func ("/aesthetics/import", test_import);
  g_test_add_func ("/aesthetics/import/activation", test_import_activation);
  g_test_add_func ("/aesthetics/import/refused", test_import_refused);
  g_test_add_func ("/aesthetics/import/own", test_import_own);
  g_test_add_func ("/aesthetics/import/published", test_import_published);
  g_test_add_func ("/aesthetics/blend", test_blend);
  g_test_add_func ("/aesthetics/blend/hash", test_blend_hash);
  g_test_add_func ("/aesthetics/shares", test_shares);
  return g_test_run ();
}
