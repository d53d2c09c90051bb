/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "compute/kalon-compute-private.h"
#include "errors/kalon-errors.h"

KalonDeviceInfo *
kalon_device_info_copy (const KalonDeviceInfo *info)
{
  KalonDeviceInfo *copy;

  g_return_val_if_fail (info != NULL, NULL);

  copy = g_memdup2 (info, sizeof *info);
  copy->name = g_strdup (info->name);
  copy->vendor = g_strdup (info->vendor);
  copy->platform = g_strdup (info->platform);
  copy->version = g_strdup (info->version);
  copy->driver = g_strdup (info->driver);
  return copy;
}

void
kalon_device_info_free (KalonDeviceInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->vendor);
  g_free (info->platform);
  g_free (info->version);
  g_free (info->driver);
  g_free (info);
}

static void
entry_free (gpointer data)
{
  KalonDeviceEntry *entry = data;

  kalon_device_info_free (entry->info);
  g_free (entry);
}

static char *
platform_string (cl_platform_id platform, cl_platform_info what)
{
  char text[1024] = "";

  if (clGetPlatformInfo (platform, what, sizeof text, text, NULL) != CL_SUCCESS)
    return g_strdup ("");
  return g_strstrip (g_strdup (text));
}

static char *
device_string (cl_device_id device, cl_device_info what)
{
  char text[1024] = "";

  if (clGetDeviceInfo (device, what, sizeof text, text, NULL) != CL_SUCCESS)
    return g_strdup ("");
  return g_strstrip (g_strdup (text));
}

/* A value that the device does not tell stays zero. */
#define DEVICE_VALUE(device, what, value)                                                          \
  clGetDeviceInfo ((device), (what), sizeof (value), &(value), NULL)

/* "OpenCL MAJOR.MINOR ...", at least 1.2 */
static gboolean
version_suffices (const char *version)
{
  guint major, minor;

  if (sscanf (version, "OpenCL %u.%u", &major, &minor) != 2)
    return FALSE;
  return major > 1 || (major == 1 && minor >= 2);
}

/* NULL when Kalon cannot use the device. */
static KalonDeviceInfo *
query_device (cl_platform_id platform, cl_device_id device, cl_device_type *type)
{
  g_autoptr (KalonDeviceInfo) info = g_new0 (KalonDeviceInfo, 1);
  g_autofree char *device_version = device_string (device, CL_DEVICE_VERSION);
  g_autofree char *platform_version = platform_string (platform, CL_PLATFORM_VERSION);
  cl_bool available = CL_FALSE, compiler = CL_FALSE, little_endian = CL_FALSE;
  cl_uint compute_units = 0, float_width = 0;
  cl_ulong global_memory = 0, local_memory = 0, max_allocation = 0;
  size_t max_work_group = 0;

  info->name = device_string (device, CL_DEVICE_NAME);
  DEVICE_VALUE (device, CL_DEVICE_TYPE, *type);
  DEVICE_VALUE (device, CL_DEVICE_AVAILABLE, available);
  DEVICE_VALUE (device, CL_DEVICE_COMPILER_AVAILABLE, compiler);
  DEVICE_VALUE (device, CL_DEVICE_ENDIAN_LITTLE, little_endian);
  if (!available || !compiler || !little_endian || !version_suffices (device_version))
    {
      g_message ("Device “%s” (%s) is left out: it is not available, has no compiler, or is older "
                 "than OpenCL 1.2",
                 info->name, device_version);
      return NULL;
    }

  DEVICE_VALUE (device, CL_DEVICE_MAX_COMPUTE_UNITS, compute_units);
  DEVICE_VALUE (device, CL_DEVICE_GLOBAL_MEM_SIZE, global_memory);
  DEVICE_VALUE (device, CL_DEVICE_LOCAL_MEM_SIZE, local_memory);
  DEVICE_VALUE (device, CL_DEVICE_MAX_MEM_ALLOC_SIZE, max_allocation);
  DEVICE_VALUE (device, CL_DEVICE_MAX_WORK_GROUP_SIZE, max_work_group);
  DEVICE_VALUE (device, CL_DEVICE_PREFERRED_VECTOR_WIDTH_FLOAT, float_width);

  info->vendor = device_string (device, CL_DEVICE_VENDOR);
  info->platform = platform_string (platform, CL_PLATFORM_NAME);
  info->version = g_strdup_printf ("%s; %s", platform_version, device_version);
  info->driver = device_string (device, CL_DRIVER_VERSION);
  info->is_cpu = (*type & CL_DEVICE_TYPE_CPU) != 0;
  info->compute_units = compute_units;
  info->global_memory = global_memory;
  info->local_memory = local_memory;
  info->max_allocation = max_allocation;
  info->max_work_group = max_work_group;
  info->float_width = MAX (float_width, 1);
  return g_steal_pointer (&info);
}

static void
add_platform (cl_platform_id platform, GPtrArray *gpus, GPtrArray *others)
{
  cl_device_id devices[64];
  cl_uint n_devices = 0;
  cl_int code
      = clGetDeviceIDs (platform, CL_DEVICE_TYPE_ALL, G_N_ELEMENTS (devices), devices, &n_devices);

  if (code != CL_SUCCESS)
    {
      g_autofree char *name = platform_string (platform, CL_PLATFORM_NAME);

      /* PoCL's way to say that it can write no cache, or finds no processor in /sys. */
      g_message ("OpenCL platform “%s” is left out: %s%s", name, kalon_cl_error_name (code),
                 code == CL_DEVICE_NOT_FOUND
                     ? " (is the user's cache directory writable, is /sys mounted?)"
                     : "");
      return;
    }
  for (cl_uint i = 0; i < MIN (n_devices, G_N_ELEMENTS (devices)); i++)
    {
      cl_device_type type = 0;
      KalonDeviceInfo *info = query_device (platform, devices[i], &type);
      KalonDeviceEntry *entry;

      if (info == NULL)
        continue;
      entry = g_new0 (KalonDeviceEntry, 1);
      entry->info = info;
      entry->id = devices[i];
      entry->platform = platform;
      g_ptr_array_add ((type & CL_DEVICE_TYPE_GPU) != 0 ? gpus : others, entry);
    }
}

GPtrArray *
kalon_device_entries (void)
{
  GPtrArray *gpus = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  cl_platform_id platforms[32];
  cl_uint n_platforms = 0;

  /* With no platform ocl-icd answers CL_PLATFORM_NOT_FOUND_KHR: an empty list, not an error. */
  if (clGetPlatformIDs (G_N_ELEMENTS (platforms), platforms, &n_platforms) == CL_SUCCESS)
    for (cl_uint i = 0; i < MIN (n_platforms, G_N_ELEMENTS (platforms)); i++)
      add_platform (platforms[i], gpus, others);
  g_ptr_array_extend (gpus, others, NULL, NULL);
  return gpus;
}

GPtrArray *
kalon_device_list (void)
{
  g_autoptr (GPtrArray) entries = kalon_device_entries ();
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_device_info_free);

  for (guint i = 0; i < entries->len; i++)
    {
      KalonDeviceEntry *entry = g_ptr_array_index (entries, i);

      g_ptr_array_add (infos, g_steal_pointer (&entry->info));
    }
  return infos;
}
