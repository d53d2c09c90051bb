/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"

static void
test_domain (void)
{
  g_autoptr (GError) error = g_error_new_literal (KALON_ERROR, KALON_ERROR_BUSY, "busy");

  g_assert_cmpstr (g_quark_to_string (error->domain), ==, "kalon-error-quark");
  g_assert_true (g_error_matches (error, KALON_ERROR, KALON_ERROR_BUSY));
}

static void
test_cl_names (void)
{
  g_assert_cmpstr (kalon_cl_error_name (0), ==, "CL_SUCCESS");
  g_assert_cmpstr (kalon_cl_error_name (-5), ==, "CL_OUT_OF_RESOURCES");
  g_assert_cmpstr (kalon_cl_error_name (-11), ==, "CL_BUILD_PROGRAM_FAILURE");
  g_assert_cmpstr (kalon_cl_error_name (-19), ==, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE");
  g_assert_cmpstr (kalon_cl_error_name (-30), ==, "CL_INVALID_VALUE");
  g_assert_cmpstr (kalon_cl_error_name (-68), ==, "CL_INVALID_DEVICE_PARTITION_COUNT");
  g_assert_cmpstr (kalon_cl_error_name (-1001), ==, "CL_PLATFORM_NOT_FOUND_KHR");
  /* The gap between the two blocks, and what no version defines. */
  g_assert_cmpstr (kalon_cl_error_name (-20), ==, "CL_UNKNOWN_ERROR");
  g_assert_cmpstr (kalon_cl_error_name (-29), ==, "CL_UNKNOWN_ERROR");
  g_assert_cmpstr (kalon_cl_error_name (1), ==, "CL_UNKNOWN_ERROR");
  g_assert_cmpstr (kalon_cl_error_name (G_MININT), ==, "CL_UNKNOWN_ERROR");
}

static void
test_set_cl_error (void)
{
  g_autoptr (GError) error = NULL;

  kalon_set_cl_error (&error, -4, "buffer of %d bytes", 12);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_DEVICE);
  g_assert_cmpstr (error->message, ==, "buffer of 12 bytes: CL_MEM_OBJECT_ALLOCATION_FAILURE (-4)");
  /* Nobody listens. */
  kalon_set_cl_error (NULL, -4, "buffer");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/errors/domain", test_domain);
  g_test_add_func ("/errors/cl-names", test_cl_names);
  g_test_add_func ("/errors/set-cl-error", test_set_cl_error);
  return g_test_run ();
}
