/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "calibration/kalon-calibration.h"
#include "errors/kalon-errors.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("kalon-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, KALON_CALIBRATION_FILE, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static KalonCalibration *
load (Fixture *fixture, const char *content)
{
  g_autoptr (GError) error = NULL;
  KalonCalibration *calibration;

  if (content != NULL)
    g_assert_true (g_file_set_contents (fixture->path, content, -1, NULL));
  calibration = kalon_calibration_load (fixture->folder, &error);
  g_assert_no_error (error);
  return calibration;
}

static void
assert_defaults (const KalonCalibration *calibration)
{
  g_auto (GStrv) prompts
      = kalon_calibration_dup_prompts ((const char *const *) calibration->templates, "dog");

  g_assert_cmpuint (calibration->strictness, ==, 30);
  g_assert_cmpfloat (calibration->near_duplicate_cosine, ==, 0.95);
  g_assert_cmpuint (g_strv_length (prompts), ==, 1);
  g_assert_cmpstr (prompts[0], ==, "a photo of a dog");
  g_assert_null (calibration->made_from);
  g_assert_cmpint (calibration->text_match.count, ==, 0);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonCalibration) missing = load (fixture, NULL);
  g_autoptr (KalonCalibration) empty = load (fixture, "{\"version\": 1, \"later\": [1]}");

  g_assert_false (missing->measured);
  assert_defaults (missing);
  g_assert_true (empty->measured);
  assert_defaults (empty);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonCalibration) calibration = load (
      fixture,
      "{\"version\": 1, \"made_from\": \"two photos\", \"strictness\": 45, "
      "\"near_duplicate_cosine\": 0.9, \"templates\": [\"{}\", \"ein Foto: {}, groß\"], "
      "\"text_picture\": {\"match\": {\"mean\": 0.27, \"deviation\": 0.03, \"count\": 5}, "
      "\"other\": {\"mean\": -0.1, \"deviation\": 0.02, \"count\": 9007199254740992}}, "
      "\"picture_picture\": {\"near_duplicate\": {\"mean\": 1, \"deviation\": 0, \"count\": 1}, "
      "\"different\": null}}");
  g_auto (GStrv) prompts
      = kalon_calibration_dup_prompts ((const char *const *) calibration->templates, "{} %s");

  g_assert_true (calibration->measured);
  g_assert_cmpstr (calibration->made_from, ==, "two photos");
  g_assert_cmpuint (calibration->strictness, ==, 45);
  g_assert_cmpfloat (calibration->near_duplicate_cosine, ==, 0.9);
  g_assert_cmpfloat (calibration->text_match.mean, ==, 0.27);
  g_assert_cmpfloat (calibration->text_match.deviation, ==, 0.03);
  g_assert_cmpint (calibration->text_match.count, ==, 5);
  g_assert_cmpfloat (calibration->text_other.mean, ==, -0.1);
  g_assert_cmpint (calibration->text_other.count, ==, G_GINT64_CONSTANT (9007199254740992));
  g_assert_cmpfloat (calibration->picture_near_duplicate.mean, ==, 1);
  g_assert_cmpint (calibration->picture_different.count, ==, 0);
  /* A name is put in as it is, whatever it looks like. */
  g_assert_cmpuint (g_strv_length (prompts), ==, 2);
  g_assert_cmpstr (prompts[0], ==, "{} %s");
  g_assert_cmpstr (prompts[1], ==, "ein Foto: {} %s, groß");
}

static void
assert_refused (Fixture *fixture, const char *content, KalonError code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->path, content, -1, NULL));
  g_assert_null (kalon_calibration_load (fixture->folder, &error));
  g_assert_error (error, KALON_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, "calibration.json"));
  g_assert_nonnull (strstr (error->message, "correct or delete"));
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *content; /* after the version */
    const char *message;
  } cases[] = {
    { "\"strictness\": 101", "strictness is 101" },
    { "\"strictness\": -1", "strictness is -1" },
    { "\"strictness\": 30.5", "strictness must be an integer" },
    { "\"near_duplicate_cosine\": 0.2", "near_duplicate_cosine is 0.2" },
    { "\"near_duplicate_cosine\": 1.5", "near_duplicate_cosine is 1.5" },
    { "\"near_duplicate_cosine\": 1e999", "near_duplicate_cosine" },
    { "\"near_duplicate_cosine\": \"0.9\"", "near_duplicate_cosine must be a number" },
    { "\"made_from\": 3", "made_from must be a string" },
    { "\"made_from\": \"\"", "made_from must be one line" },
    { "\"made_from\": \"a\\u001b[2Jb\"", "made_from must be one line" },
    { "\"text_picture\": 1", "text_picture must be an object" },
    { "\"text_picture\": {\"match\": []}", "text_picture.match must be an object" },
    { "\"text_picture\": {\"match\": {\"mean\": 2}}", "text_picture.match.mean is 2" },
    { "\"text_picture\": {\"other\": {\"deviation\": -0.1}}", "other.deviation is -0.1" },
    { "\"picture_picture\": {\"different\": {\"count\": -1}}", "different.count is -1" },
    { "\"picture_picture\": {\"near_duplicate\": {\"count\": 9007199254740993}}",
      "near_duplicate.count is" },
    { "\"templates\": \"{}\"", "templates must be a list of 1 to 100" },
    { "\"templates\": []", "templates must be a list of 1 to 100" },
    { "\"templates\": [\"{}\", 3]", "number 2" },
    { "\"templates\": [\"{}\", [\"{}\"]]", "number 2" },
    { "\"templates\": [\"a photo\"]", "number 1" },
    { "\"templates\": [\"\"]", "number 1" },
    { "\"templates\": [\"{} and {}\"]", "number 1" },
    { "\"templates\": [\"{}{}\"]", "number 1" },
    { "\"templates\": [\"a\\n{}\"]", "number 1" },
    { "\"strictness\": 1, \"strictness\": 2", "same member twice" },
  };
  g_autoptr (GString) many = g_string_new ("{\"version\": 1, \"templates\": [\"{}\"");
  g_autofree char *filling = g_strnfill (200, 'x');
  g_autofree char *longer
      = g_strdup_printf ("{\"version\": 1, \"templates\": [\"%s{}\"]}", filling);
  g_autofree char *spaces = g_strnfill (64 * 1024, ' ');
  g_autofree char *large = g_strdup_printf ("{\"version\": 1%s}", spaces);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *content = g_strdup_printf ("{\"version\": 1, %s}", cases[i].content);

      assert_refused (fixture, content, KALON_ERROR_INVALID_DATA, cases[i].message);
    }
  for (guint i = 0; i < 100; i++)
    g_string_append (many, ", \"{}\"");
  g_string_append (many, "]}");
  assert_refused (fixture, many->str, KALON_ERROR_INVALID_DATA, "1 to 100");
  assert_refused (fixture, longer, KALON_ERROR_INVALID_DATA, "at most 200 bytes");
  assert_refused (fixture, large, KALON_ERROR_TOO_LARGE, "calibration.json");
  assert_refused (fixture, "{}", KALON_ERROR_INVALID_DATA, "version is missing");
  assert_refused (fixture, "{\"version\": 0}", KALON_ERROR_INVALID_DATA, "version is 0");
  assert_refused (fixture, "{\"version\": 2}", KALON_ERROR_UNSUPPORTED, "Update Kalon");
  assert_refused (fixture, "[]", KALON_ERROR_INVALID_DATA, "object");
  assert_refused (fixture, "{\"version\": 1", KALON_ERROR_INVALID_DATA, "ends in the middle");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/calibration/missing", test_missing);
  ADD ("/calibration/values", test_values);
  ADD ("/calibration/hostile", test_hostile);
  return g_test_run ();
}
