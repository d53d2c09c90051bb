/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "compute/kalon-compute-private.h"
#include "errors/kalon-errors.h"

/* Programs of the test's own, found through KALON_KERNELS_DIR. */
static const char common_source[] = "#define TWICE(x) ((x) + (x))\n";
static const char fill_source[]
    = "kernel void fill (global float *y, float value, local float *scratch)\n"
      "{\n"
      "  int i = get_local_id (0);\n"
      "  scratch[i] = TWICE (value) + OFFSET;\n"
      "  y[get_global_id (0)] = scratch[i];\n"
      "}\n";
static const char broken_source[] = "kernel void broken (global float *y)\n"
                                    "{\n"
                                    "  y[0] = no_such_name;\n"
                                    "}\n";

static void
write_kernel (const char *directory, const char *name, const char *source)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, source, -1, &error);
  g_assert_no_error (error);
}

static KalonDevice *
open_or_skip (void)
{
  g_autoptr (GError) error = NULL;
  KalonDevice *device = kalon_device_open (NULL, &error);

  if (device == NULL)
    g_test_skip (error->message);
  return device;
}

static gboolean
run_fill (KalonDevice *device, KalonBuffer *buffer, float value, const char *options,
          GError **error)
{
  const gsize global = 64, local = 16;
  const KalonKernelArg args[] = { KALON_ARG_BUFFER (buffer), KALON_ARG_VALUE (value),
                                  KALON_ARG_LOCAL (16 * sizeof (float)) };

  return kalon_device_run (device, "fill", "fill", options, args, G_N_ELEMENTS (args), 1, &global,
                           &local, error);
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) infos = kalon_device_list ();

  if (infos->len == 0)
    {
      g_test_skip ("this machine has no OpenCL device");
      return;
    }
  for (guint i = 0; i < infos->len; i++)
    {
      g_autoptr (KalonDeviceInfo) info = kalon_device_info_copy (g_ptr_array_index (infos, i));

      g_assert_cmpstr (info->name, !=, "");
      g_assert_cmpstr (info->platform, !=, "");
      g_assert_cmpuint (info->compute_units, >, 0);
      g_assert_cmpuint (info->max_allocation, >, 0);
      g_assert_cmpuint (info->float_width, >, 0);
    }
}

static void
test_open_unknown (void)
{
  g_autoptr (GPtrArray) infos = kalon_device_list ();
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_device_open ("no such device", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_DEVICE);
  if (infos->len > 0)
    {
      KalonDeviceInfo *info = g_ptr_array_index (infos, 0);

      g_assert_nonnull (strstr (error->message, info->name));
    }
}

static void
test_open_by_name (void)
{
  g_autoptr (KalonDevice) first = open_or_skip ();
  g_autoptr (KalonDevice) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *upper = NULL;

  if (first == NULL)
    return;
  upper = g_utf8_strup (kalon_device_get_info (first)->name, -1);
  again = kalon_device_open (upper, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kalon_device_get_info (again)->name, ==, kalon_device_get_info (first)->name);
  g_assert_finalize_object (g_steal_pointer (&again));
}

static void
test_run (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (KalonBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;
  float y[64];

  if (device == NULL)
    return;
  buffer = kalon_buffer_new (device, sizeof y, &error);
  g_assert_no_error (error);
  g_assert_true (run_fill (device, buffer, 3, "-DOFFSET=0.5f", &error));
  g_assert_true (kalon_buffer_read (buffer, 0, y, sizeof y, &error));
  for (guint i = 0; i < 64; i++)
    g_assert_cmpfloat (y[i], ==, 6.5f);
  g_assert_true (kalon_device_finish (device, &error));
}

static void
test_build_error (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (KalonBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;
  const gsize global = 1;

  if (device == NULL)
    return;
  buffer = kalon_buffer_new (device, 4, &error);
  const KalonKernelArg args[] = { KALON_ARG_BUFFER (buffer) };

  g_assert_false (
      kalon_device_run (device, "broken", "broken", NULL, args, 1, 1, &global, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_KERNEL);
  g_assert_nonnull (strstr (error->message, "CL_BUILD_PROGRAM_FAILURE"));
  g_assert_nonnull (strstr (error->message, "broken.cl:3"));
  g_assert_nonnull (strstr (error->message, "no_such_name"));
  g_clear_error (&error);

  g_assert_false (kalon_device_run (device, "fill", "missing", "-DOFFSET=0", args, 1, 1, &global,
                                    NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_KERNEL);
  g_assert_nonnull (strstr (error->message, "CL_INVALID_KERNEL_NAME"));
  g_clear_error (&error);

  g_assert_false (
      kalon_device_run (device, "absent", "absent", NULL, args, 1, 1, &global, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_run_error (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (KalonBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;
  const gsize global = 10, local = 3; /* does not divide it */
  const float value = 0;

  if (device == NULL)
    return;
  buffer = kalon_buffer_new (device, 64, &error);
  const KalonKernelArg args[]
      = { KALON_ARG_BUFFER (buffer), KALON_ARG_VALUE (value), KALON_ARG_LOCAL (64) };

  g_assert_false (
      kalon_device_run (device, "fill", "fill", "-DOFFSET=0", args, 3, 1, &global, &local, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_DEVICE);
  g_assert_nonnull (strstr (error->message, "CL_INVALID_WORK_GROUP_SIZE"));
}

/* Damages every cached program: @keep bytes of it stay, then comes @tail. */
static void
damage_cache (gsize keep, const char *tail)
{
  g_autofree char *directory = kalon_program_cache_dup_directory ();
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *content = NULL;
      g_autoptr (GString) damaged = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (path, &content, &size, NULL));
      damaged = g_string_new_len (content, MIN (keep, size));
      g_string_append (damaged, tail);
      g_assert_true (g_file_set_contents (path, damaged->str, damaged->len, NULL));
    }
}

static void
expect_builds (guint n_compiled, guint n_cached, const char *options)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBuffer) buffer = kalon_buffer_new (device, 256, &error);
  float y[64];

  g_assert_true (run_fill (device, buffer, 1, options, &error));
  g_assert_true (run_fill (device, buffer, 2, options, &error));
  g_assert_true (kalon_buffer_read (buffer, 0, y, sizeof y, &error));
  g_assert_cmpfloat (y[63], ==, 5);
  g_assert_cmpuint (device->n_compiled, ==, n_compiled);
  g_assert_cmpuint (device->n_cached, ==, n_cached);
}

static void
test_binary_cache (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();

  if (device == NULL)
    return;
  expect_builds (1, 0, "-DOFFSET=1");
  expect_builds (0, 1, "-DOFFSET=1");
  expect_builds (1, 0, "-DOFFSET=1.0f"); /* other options: another program */

  damage_cache (G_MAXSIZE, "and more");
  expect_builds (1, 0, "-DOFFSET=1");
  expect_builds (0, 1, "-DOFFSET=1");
  damage_cache (200, "");
  expect_builds (1, 0, "-DOFFSET=1");
  damage_cache (0, "");
  expect_builds (1, 0, "-DOFFSET=1");
  expect_builds (0, 1, "-DOFFSET=1");
}

static void
test_buffer_for_bytes (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abcdefgh", 8);
  g_autoptr (KalonBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;
  char back[4];

  if (device == NULL)
    return;
  buffer = kalon_buffer_new_for_bytes (device, bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_buffer_get_size (buffer), ==, 8);
  g_assert_true (kalon_buffer_read (buffer, 4, back, 4, &error));
  g_assert_cmpmem (back, 4, "efgh", 4);
}

static void
test_profile (void)
{
  g_autoptr (KalonDevice) device = open_or_skip ();
  g_autoptr (KalonBuffer) buffer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *profile = NULL;
  g_autofree char *cleared = NULL;
  g_auto (GStrv) lines = NULL;
  char name[32];
  guint runs;
  double milliseconds;

  if (device == NULL)
    return;
  buffer = kalon_buffer_new (device, 256, &error);
  g_assert_true (run_fill (device, buffer, 1, "-DOFFSET=1", &error));
  kalon_device_set_profiling (device, TRUE);
  for (guint i = 0; i < 5; i++)
    g_assert_true (run_fill (device, buffer, 1, "-DOFFSET=1", &error));
  kalon_device_set_profiling (device, FALSE);
  g_assert_true (run_fill (device, buffer, 1, "-DOFFSET=1", &error));

  profile = kalon_device_dup_profile (device);
  lines = g_strsplit (profile, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpint (sscanf (lines[1], "%31s %u %lf", name, &runs, &milliseconds), ==, 3);
  g_assert_cmpstr (name, ==, "fill");
  g_assert_cmpuint (runs, ==, 5);
  g_assert_cmpfloat (milliseconds, >, 0);

  kalon_device_set_profiling (device, TRUE);
  cleared = kalon_device_dup_profile (device);
  g_assert_null (strstr (cleared, "fill"));
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

int
main (int argc, char **argv)
{
  g_autofree char *kernels = g_dir_make_tmp ("kalon-kernels-XXXXXX", NULL);
  g_autofree char *cache = g_build_filename (kernels, "cache", NULL);
  int status;

  g_assert_nonnull (kernels);
  write_kernel (kernels, "common.cl", common_source);
  write_kernel (kernels, "fill.cl", fill_source);
  write_kernel (kernels, "broken.cl", broken_source);
  g_setenv ("KALON_KERNELS_DIR", kernels, TRUE);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compute/list", test_list);
  g_test_add_func ("/compute/open/unknown", test_open_unknown);
  g_test_add_func ("/compute/open/by-name", test_open_by_name);
  g_test_add_func ("/compute/run", test_run);
  g_test_add_func ("/compute/run/build-error", test_build_error);
  g_test_add_func ("/compute/run/run-error", test_run_error);
  g_test_add_func ("/compute/binary-cache", test_binary_cache);
  g_test_add_func ("/compute/buffer/for-bytes", test_buffer_for_bytes);
  g_test_add_func ("/compute/profile", test_profile);
  status = g_test_run ();

  remove_tree (kernels);
  return status;
}
