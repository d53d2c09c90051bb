/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compute/kalon-compute-private.h"
#include "errors/kalon-errors.h"

struct _KalonBuffer
{
  gatomicrefcount ref_count;
  KalonDevice *device;
  cl_mem mem;
  gsize size;
  GBytes *bytes; /* (nullable): host memory that mem reads */
};

static KalonBuffer *
create (KalonDevice *device, cl_mem_flags flags, gsize size, const void *data, GError **error)
{
  KalonBuffer *self;
  cl_int code;
  cl_mem mem = clCreateBuffer (device->context, flags, size, (void *) data, &code);

  if (mem == NULL)
    {
      kalon_set_cl_error (error, code,
                          "Device “%s” gives no buffer of %" G_GSIZE_FORMAT
                          " bytes; use a smaller batch or model, or another device",
                          device->info->name, size);
      return NULL;
    }
  self = g_new0 (KalonBuffer, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->device = g_object_ref (device);
  self->mem = mem;
  self->size = size;
  return self;
}

KalonBuffer *
kalon_buffer_new (KalonDevice *device, gsize size, GError **error)
{
  g_return_val_if_fail (KALON_IS_DEVICE (device), NULL);
  g_return_val_if_fail (size > 0, NULL);

  return create (device, CL_MEM_READ_WRITE, size, NULL, error);
}

KalonBuffer *
kalon_buffer_new_from_data (KalonDevice *device, const void *data, gsize size, GError **error)
{
  g_return_val_if_fail (KALON_IS_DEVICE (device), NULL);
  g_return_val_if_fail (data != NULL && size > 0, NULL);

  return create (device, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, size, data, error);
}

KalonBuffer *
kalon_buffer_new_for_bytes (KalonDevice *device, GBytes *bytes, GError **error)
{
  KalonBuffer *self;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (KALON_IS_DEVICE (device), NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  g_return_val_if_fail (size > 0, NULL);

  self = create (device,
                 CL_MEM_READ_ONLY
                     | (device->info->is_cpu ? CL_MEM_USE_HOST_PTR : CL_MEM_COPY_HOST_PTR),
                 size, data, error);
  if (self != NULL && device->info->is_cpu)
    self->bytes = g_bytes_ref (bytes);
  return self;
}

KalonBuffer *
kalon_buffer_ref (KalonBuffer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kalon_buffer_unref (KalonBuffer *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  /* A queued kernel holds the cl_mem, but not the host memory below it. */
  if (self->bytes != NULL)
    clFinish (self->device->queue);
  clReleaseMemObject (self->mem);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_object_unref (self->device);
  g_free (self);
}

gsize
kalon_buffer_get_size (const KalonBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size;
}

cl_mem
kalon_buffer_get_mem (const KalonBuffer *self)
{
  return self->mem;
}

KalonDevice *
kalon_buffer_get_device (const KalonBuffer *self)
{
  return self->device;
}

gboolean
kalon_buffer_write (KalonBuffer *self, gsize offset, const void *data, gsize size, GError **error)
{
  cl_int code;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);
  g_return_val_if_fail (offset <= self->size && size <= self->size - offset, FALSE);

  if (size == 0)
    return TRUE;
  code = clEnqueueWriteBuffer (self->device->queue, self->mem, CL_TRUE, offset, size, data, 0, NULL,
                               NULL);
  if (code != CL_SUCCESS)
    kalon_set_cl_error (error, code, "%" G_GSIZE_FORMAT " bytes cannot be sent to “%s”", size,
                        self->device->info->name);
  return code == CL_SUCCESS;
}

gboolean
kalon_buffer_read (const KalonBuffer *self, gsize offset, void *data, gsize size, GError **error)
{
  cl_int code;

  g_return_val_if_fail (self != NULL && data != NULL, FALSE);
  g_return_val_if_fail (offset <= self->size && size <= self->size - offset, FALSE);

  if (size == 0)
    return TRUE;
  code = clEnqueueReadBuffer (self->device->queue, self->mem, CL_TRUE, offset, size, data, 0, NULL,
                              NULL);
  if (code != CL_SUCCESS)
    kalon_set_cl_error (error, code, "%" G_GSIZE_FORMAT " bytes cannot be read from “%s”", size,
                        self->device->info->name);
  return code == CL_SUCCESS;
}
