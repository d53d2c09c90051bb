/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gstdio.h>

#include "alignment/kalon-alignment.h"
#include "errors/kalon-errors.h"
#include "nn/kalon-nn.h"

static KalonDevice *
open_or_skip (void)
{
  g_autoptr (GError) error = NULL;
  KalonDevice *device = kalon_device_open (g_getenv ("KALON_TEST_DEVICE"), &error);

  if (device == NULL)
    g_test_skip (error->message);
  return device;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* The kept report's only file. */
static char *
dup_kept_path (void)
{
  g_autofree char *directory
      = g_build_filename (g_get_user_cache_dir (), "kalon", "self-test", NULL);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);

  g_assert_nonnull (dir);
  return g_build_filename (directory, g_dir_read_name (dir), NULL);
}

static void
replace_in_file (const char *path, const char *from, const char *to)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  text = g_string_new (content);
  g_assert_cmpuint (g_string_replace (text, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
}

static void
test_passes (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;
  g_autofree char *of_training = NULL;

  if (device == NULL)
    return;
  kalon_nn_self_test (device, &report, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (report, "attention-causal"));
  g_assert_null (strstr (report, "FAILED"));
  kalon_alignment_self_test (device, &of_training, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (of_training, "train-projections"));
  g_assert_null (strstr (of_training, "FAILED"));
}

/* The kept report is what the second call answers with; a damaged one is not. */
static void
test_kept (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  g_autofree char *path = NULL;

  if (device == NULL)
    return;
  g_assert_true (kalon_nn_self_test (device, &first, &error));
  path = dup_kept_path ();

  replace_in_file (path, " ok\n", " FAILED\n");
  g_assert_false (kalon_nn_self_test (device, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_DEVICE);
  g_clear_error (&error);

  replace_in_file (path, "top-k", "top-k\n");
  g_assert_true (kalon_nn_self_test (device, NULL, &error));
  g_assert_no_error (error);
}

static void
copy_kernels (const char *to)
{
  g_autofree char *from = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "kernels", NULL);
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *content = NULL;
      gsize size;

      if (!g_str_has_suffix (name, ".cl"))
        continue;
      g_assert_true (g_file_get_contents (source, &content, &size, NULL));
      g_assert_true (g_file_set_contents (target, content, size, NULL));
    }
}

/* A kernel that computes something else is named; one that gives NaN is called not finite. */
static void
test_finds_wrong_kernels (void)
{
  static const struct
  {
    const char *file, *from, *to, *operation;
    int code;
    gboolean (*test) (KalonDevice *device, char **report, GError **error);
  } faults[] = {
    { "normalise.cl", "1.0f / sqrt (square)", "1.0001f / sqrt (square)", "normalise",
      KALON_ERROR_DEVICE, kalon_nn_self_test },
    { "layer_norm.cl", "/ dim + epsilon", "/ dim - 9.0f", "layer-norm", KALON_ERROR_NOT_FINITE,
      kalon_nn_self_test },
    { "gather_rows.cl", "y[i] = x[i]", "y[i] = x[i] + 1e-4f", "gather-rows", KALON_ERROR_DEVICE,
      kalon_nn_self_test },
    { "adam_w.cl", "(p) * keep", "(p) * (keep + 1e-3f)", "query", KALON_ERROR_DEVICE,
      kalon_alignment_self_test },
    { "candidate_gradient.cl", "gradient[i] = sum;", "gradient[i] = -sum;", "query",
      KALON_ERROR_DEVICE, kalon_alignment_self_test },
    { "candidate_gradient.cl", "storev (scale *", "storev (1.1f * scale *", "projections",
      KALON_ERROR_DEVICE, kalon_alignment_self_test },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (KalonDevice) device = open_or_skip ();
      g_autofree char *kernels = g_dir_make_tmp ("kalon-kernels-XXXXXX", NULL);
      g_autofree char *path = g_build_filename (kernels, faults[i].file, NULL);
      g_autofree char *quoted = g_strdup_printf ("“%s”", faults[i].operation);
      g_autoptr (GError) error = NULL;

      if (device != NULL)
        {
          copy_kernels (kernels);
          replace_in_file (path, faults[i].from, faults[i].to);
          g_setenv ("KALON_KERNELS_DIR", kernels, TRUE);
          g_assert_false (faults[i].test (device, NULL, &error));
          g_assert_error (error, KALON_ERROR, faults[i].code);
          g_assert_nonnull (strstr (error->message, quoted));
          g_unsetenv ("KALON_KERNELS_DIR");
        }
      remove_tree (kernels);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("kalon-self-test-XXXXXX", NULL);
  int status;

  g_assert_nonnull (cache);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/self-test/passes", test_passes);
  g_test_add_func ("/self-test/kept", test_kept);
  g_test_add_func ("/self-test/finds-wrong-kernels", test_finds_wrong_kernels);
  status = g_test_run ();
  remove_tree (cache);
  return status;
}
