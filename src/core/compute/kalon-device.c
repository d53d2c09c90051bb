/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "compute/kalon-compute-private.h"
#include "errors/kalon-errors.h"

/* A built program with the kernels that were asked of it. */
typedef struct
{
  cl_program program;
  GHashTable *kernels; /* name -> cl_kernel */
} Program;

G_DEFINE_FINAL_TYPE (KalonDevice, kalon_device, G_TYPE_OBJECT)

static void
release_kernel (gpointer data)
{
  clReleaseKernel (data);
}

static void
program_free (gpointer data)
{
  Program *program = data;

  g_hash_table_unref (program->kernels);
  clReleaseProgram (program->program);
  g_free (program);
}

static void
kalon_device_finalize (GObject *object)
{
  KalonDevice *self = KALON_DEVICE (object);

  if (self->queue != NULL)
    kalon_device_sum_timings (self);
  g_hash_table_unref (self->programs);
  g_ptr_array_unref (self->timings);
  g_hash_table_unref (self->profile);
  if (self->queue != NULL)
    clReleaseCommandQueue (self->queue);
  if (self->context != NULL)
    clReleaseContext (self->context);
  kalon_device_info_free (self->info);

  G_OBJECT_CLASS (kalon_device_parent_class)->finalize (object);
}

static void
kalon_device_class_init (KalonDeviceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_device_finalize;
}

static void
kalon_device_init (KalonDevice *self)
{
  self->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, program_free);
  self->timings = g_ptr_array_new ();
  self->profile = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static gboolean
name_matches (const KalonDeviceInfo *info, const char *folded)
{
  g_autofree char *device = g_utf8_casefold (info->name, -1);
  g_autofree char *platform = g_utf8_casefold (info->platform, -1);

  return strstr (device, folded) != NULL || strstr (platform, folded) != NULL;
}

static KalonDeviceEntry *
find_entry (GPtrArray *entries, const char *name, GError **error)
{
  g_autofree char *folded = g_utf8_casefold (name != NULL ? name : "", -1);
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      KalonDeviceEntry *entry = g_ptr_array_index (entries, i);

      if (name == NULL || name_matches (entry->info, folded))
        return entry;
      g_string_append_printf (known, "%s“%s” (%s)", known->len == 0 ? "" : ", ", entry->info->name,
                              entry->info->platform);
    }
  if (entries->len == 0)
    g_set_error_literal (error, KALON_ERROR, KALON_ERROR_DEVICE,
                         "This machine has no OpenCL device; install a driver (PoCL runs on any "
                         "processor: package pocl-opencl-icd), or choose the device “none”");
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_DEVICE,
                 "No OpenCL device is called “%s”; there are: %s, and “none”", name, known->str);
  return NULL;
}

static cl_command_queue
create_queue (KalonDevice *self, gboolean profiling, GError **error)
{
  cl_command_queue_properties properties = profiling ? CL_QUEUE_PROFILING_ENABLE : 0;
  cl_int code;
  cl_command_queue queue = clCreateCommandQueue (self->context, self->id, properties, &code);

  if (queue == NULL)
    kalon_set_cl_error (error, code, "Device “%s” gives no command queue", self->info->name);
  return queue;
}

KalonDevice *
kalon_device_open (const char *name, GError **error)
{
  g_autoptr (GPtrArray) entries = kalon_device_entries ();
  g_autoptr (KalonDevice) self = NULL;
  KalonDeviceEntry *entry = find_entry (entries, name, error);
  cl_context_properties properties[3];
  cl_int code;

  if (entry == NULL)
    return NULL;

  self = g_object_new (KALON_TYPE_DEVICE, NULL);
  self->info = kalon_device_info_copy (entry->info);
  self->id = entry->id;
  properties[0] = CL_CONTEXT_PLATFORM;
  properties[1] = (cl_context_properties) entry->platform;
  properties[2] = 0;
  self->context = clCreateContext (properties, 1, &entry->id, NULL, NULL, &code);
  if (self->context == NULL)
    {
      kalon_set_cl_error (error, code, "Device “%s” cannot be opened", self->info->name);
      return NULL;
    }
  self->queue = create_queue (self, FALSE, error);
  if (self->queue == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

const KalonDeviceInfo *
kalon_device_get_info (KalonDevice *self)
{
  g_return_val_if_fail (KALON_IS_DEVICE (self), NULL);

  return self->info;
}

static Program *
ensure_program (KalonDevice *self, const char *name, const char *options, GError **error)
{
  g_autofree char *key = g_strconcat (name, " ", options, NULL);
  Program *program = g_hash_table_lookup (self->programs, key);
  cl_program built;

  if (program != NULL)
    return program;
  built = kalon_program_new (self, name, options, error);
  if (built == NULL)
    return NULL;
  program = g_new0 (Program, 1);
  program->program = built;
  program->kernels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, release_kernel);
  g_hash_table_insert (self->programs, g_steal_pointer (&key), program);
  return program;
}

static cl_kernel
ensure_kernel (KalonDevice *self, const char *program_name, const char *name, const char *options,
               GError **error)
{
  Program *program = ensure_program (self, program_name, options, error);
  cl_kernel kernel;
  cl_int code;

  if (program == NULL)
    return NULL;
  kernel = g_hash_table_lookup (program->kernels, name);
  if (kernel != NULL)
    return kernel;
  kernel = clCreateKernel (program->program, name, &code);
  if (kernel == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_KERNEL,
                   "Kernel “%s” of %s.cl (options “%s”) cannot be made on “%s”: %s (%d)", name,
                   program_name, options, self->info->name, kalon_cl_error_name (code), code);
      return NULL;
    }
  g_hash_table_insert (program->kernels, g_strdup (name), kernel);
  return kernel;
}

static gboolean
set_arguments (KalonDevice *self, cl_kernel kernel, const char *name, const KalonKernelArg *args,
               guint n_args, GError **error)
{
  for (guint i = 0; i < n_args; i++)
    {
      cl_int code;

      if (args[i].buffer != NULL)
        {
          cl_mem mem = kalon_buffer_get_mem (args[i].buffer);

          g_return_val_if_fail (kalon_buffer_get_device (args[i].buffer) == self, FALSE);
          code = clSetKernelArg (kernel, i, sizeof mem, &mem);
        }
      else
        code = clSetKernelArg (kernel, i, args[i].size, args[i].value);
      if (code != CL_SUCCESS)
        {
          kalon_set_cl_error (error, code, "Kernel “%s” refuses its argument %u", name, i);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
kalon_device_run (KalonDevice *self, const char *program, const char *kernel, const char *options,
                  const KalonKernelArg *args, guint n_args, guint n_dims, const gsize *global,
                  const gsize *local, GError **error)
{
  cl_kernel built;
  cl_event event = NULL;
  cl_int code;

  g_return_val_if_fail (KALON_IS_DEVICE (self), FALSE);
  g_return_val_if_fail (program != NULL && kernel != NULL, FALSE);
  g_return_val_if_fail (n_dims >= 1 && n_dims <= 3 && global != NULL, FALSE);

  built = ensure_kernel (self, program, kernel, options != NULL ? options : "", error);
  if (built == NULL || !set_arguments (self, built, kernel, args, n_args, error))
    return FALSE;
  code = clEnqueueNDRangeKernel (self->queue, built, n_dims, NULL, global, local, 0, NULL,
                                 self->profiling ? &event : NULL);
  if (code != CL_SUCCESS)
    {
      kalon_set_cl_error (error, code, "Kernel “%s” does not run on “%s”", kernel,
                          self->info->name);
      return FALSE;
    }
  if (event != NULL)
    kalon_device_take_timing (self, kernel, event);
  return TRUE;
}

gboolean
kalon_device_finish (KalonDevice *self, GError **error)
{
  cl_int code;

  g_return_val_if_fail (KALON_IS_DEVICE (self), FALSE);

  code = clFinish (self->queue);
  if (code != CL_SUCCESS)
    kalon_set_cl_error (error, code, "The computation on “%s” failed", self->info->name);
  return code == CL_SUCCESS;
}

void
kalon_device_set_profiling (KalonDevice *self, gboolean profiling)
{
  g_autoptr (GError) error = NULL;
  cl_command_queue queue;

  g_return_if_fail (KALON_IS_DEVICE (self));

  if (!profiling == !self->profiling)
    return;
  /* The property belongs to the queue: take another once this one is empty. */
  kalon_device_sum_timings (self);
  queue = create_queue (self, profiling, &error);
  if (queue == NULL)
    {
      g_warning ("Profiling stays as it was: %s", error->message);
      return;
    }
  clReleaseCommandQueue (self->queue);
  self->queue = queue;
  self->profiling = !!profiling;
  if (profiling)
    g_hash_table_remove_all (self->profile);
}
