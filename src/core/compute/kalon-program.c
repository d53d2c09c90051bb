/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "compute/kalon-compute-private.h"
#include "errors/kalon-errors.h"
#include "kalon-kernels.h"

#define RESOURCE_PREFIX "/io/github/kalon_project/Kalon/kernels/"

/* Part of the cache key: raise it when the meaning of a cached file changes. */
#define CACHE_FORMAT "1"

/* For every kernel: a multiplication and an addition may become one instruction; nothing that
 * would hide a NaN or an infinity. */
#define BASE_OPTIONS "-cl-std=CL1.2 -cl-mad-enable"

#define MAX_LOG 8192

static char *
load_source (const char *name, GError **error)
{
  const char *directory = g_getenv ("KALON_KERNELS_DIR");
  g_autofree char *file = g_strconcat (name, ".cl", NULL);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (directory != NULL)
    {
      path = g_build_filename (directory, file, NULL);
      if (!g_file_get_contents (path, &text, NULL, error))
        return NULL;
    }
  else
    {
      path = g_strconcat (RESOURCE_PREFIX, file, NULL);
      bytes = g_resource_lookup_data (kalon_kernels_get_resource (), path,
                                      G_RESOURCE_LOOKUP_FLAGS_NONE, error);
      if (bytes == NULL)
        return NULL;
      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  /* So that the build log names the file and its own line. */
  return g_strdup_printf ("#line 1 \"%s\"\n%s\n", file, text);
}

static void
update (GChecksum *checksum, const char *text)
{
  /* The terminating zero goes in too: it keeps neighbours apart. */
  g_checksum_update (checksum, (const guchar *) text, strlen (text) + 1);
}

static void
update_with_device (GChecksum *checksum, const KalonDeviceInfo *info)
{
  update (checksum, info->platform);
  update (checksum, info->version);
  update (checksum, info->name);
  update (checksum, info->vendor);
  update (checksum, info->driver);
}

static char *
cache_key (KalonDevice *device, const char *const *sources, const char *options)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  update (checksum, CACHE_FORMAT);
  update (checksum, sources[0]);
  update (checksum, sources[1]);
  update (checksum, options);
  update_with_device (checksum, device->info);
  return g_strdup (g_checksum_get_string (checksum));
}

char *
kalon_device_dup_fingerprint (KalonDevice *self, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_auto (GStrv) files = NULL;

  g_return_val_if_fail (KALON_IS_DEVICE (self), NULL);

  files = g_resource_enumerate_children (kalon_kernels_get_resource (), RESOURCE_PREFIX,
                                         G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (files == NULL)
    return NULL;
  update_with_device (checksum, self->info);
  for (gsize i = 0; files[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (files[i], strlen (files[i]) - strlen (".cl"));
      g_autofree char *source = load_source (name, error);

      if (source == NULL)
        return NULL;
      update (checksum, source);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static cl_program
load_cached (KalonDevice *device, const char *key, const char *options)
{
  g_autoptr (GBytes) payload = kalon_program_cache_load (key);
  const unsigned char *data;
  size_t size;
  cl_int status = CL_INVALID_BINARY, code = CL_SUCCESS;
  cl_program program;

  if (payload == NULL)
    return NULL;
  data = g_bytes_get_data (payload, &size);
  program
      = clCreateProgramWithBinary (device->context, 1, &device->id, &size, &data, &status, &code);
  if (program == NULL)
    return NULL;
  if (status != CL_SUCCESS || clBuildProgram (program, 1, &device->id, options, NULL, NULL) != 0)
    {
      clReleaseProgram (program);
      return NULL;
    }
  return program;
}

static void
store_cached (cl_program program, const char *key)
{
  size_t size = 0;
  g_autofree unsigned char *data = NULL;

  if (clGetProgramInfo (program, CL_PROGRAM_BINARY_SIZES, sizeof size, &size, NULL) != CL_SUCCESS
      || size == 0)
    return;
  data = g_malloc (size);
  if (clGetProgramInfo (program, CL_PROGRAM_BINARIES, sizeof data, &data, NULL) == CL_SUCCESS)
    kalon_program_cache_store (key, data, size);
}

static char *
dup_build_log (KalonDevice *device, cl_program program)
{
  size_t size = 0;
  g_autofree char *log = NULL;

  if (clGetProgramBuildInfo (program, device->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &size)
          != CL_SUCCESS
      || size == 0)
    return g_strdup ("(the driver keeps no build log)");
  log = g_malloc0 (size + 1);
  clGetProgramBuildInfo (program, device->id, CL_PROGRAM_BUILD_LOG, size, log, NULL);
  log[MIN (size, MAX_LOG)] = '\0';
  return g_utf8_make_valid (g_strstrip (log), -1);
}

static cl_program
compile (KalonDevice *device, const char *name, const char *const *sources, const char *options,
         GError **error)
{
  cl_int code;
  cl_program program
      = clCreateProgramWithSource (device->context, 2, (const char **) sources, NULL, &code);

  if (program == NULL)
    {
      kalon_set_cl_error (error, code, "No program can be made of %s.cl on “%s”", name,
                          device->info->name);
      return NULL;
    }
  code = clBuildProgram (program, 1, &device->id, options, NULL, NULL);
  if (code != CL_SUCCESS)
    {
      g_autofree char *log = dup_build_log (device, program);

      g_set_error (error, KALON_ERROR, KALON_ERROR_KERNEL,
                   "Program %s.cl does not build on “%s” (%s): %s (%d). Choose another device, or "
                   "“none”. The driver's build log:\n%s",
                   name, device->info->name, options, kalon_cl_error_name (code), code, log);
      clReleaseProgram (program);
      return NULL;
    }
  return program;
}

cl_program
kalon_program_new (KalonDevice *device, const char *name, const char *options, GError **error)
{
  g_autofree char *all_options = g_strstrip (g_strconcat (BASE_OPTIONS, " ", options, NULL));
  g_autofree char *common = load_source ("common", error);
  g_autofree char *source = common != NULL ? load_source (name, error) : NULL;
  const char *sources[] = { common, source };
  g_autofree char *key = NULL;
  cl_program program;

  if (source == NULL)
    {
      g_prefix_error (error, "The source of program “%s” is missing: ", name);
      return NULL;
    }
  key = cache_key (device, sources, all_options);
  program = load_cached (device, key, all_options);
  if (program != NULL)
    {
      device->n_cached++;
      return program;
    }
  program = compile (device, name, sources, all_options, error);
  if (program == NULL)
    return NULL;
  device->n_compiled++;
  store_cached (program, key);
  return program;
}
