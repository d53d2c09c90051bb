/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * OpenCL 1.2 devices, buffers and kernels. The only module that includes <CL/cl.h>.
 *
 * A KalonDevice is an opened device with one context and one in-order queue. It may be used
 * from one thread at a time: whoever computes owns it for that while. Several KalonDevice
 * objects on the same hardware are independent.
 *
 * Programs are built on first use from the embedded kernels/NAME.cl, with common.cl in front, and
 * the built binary is kept under the user's cache directory (kalon/kernels), keyed by source,
 * options, device, driver, platform and this program's cache format version. With the environment
 * variable KALON_KERNELS_DIR the sources are read from that directory instead of the embedded ones.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KalonDeviceInfo:
 * What a device says of itself. All strings are owned by the struct.
 */
typedef struct
{
  char *name;
  char *vendor;
  char *platform;
  char *version; /* the platform's and device's OpenCL version string */
  char *driver;
  gboolean is_cpu;
  guint compute_units;
  guint64 global_memory;  /* bytes */
  guint64 local_memory;   /* bytes per work-group */
  guint64 max_allocation; /* bytes of one buffer */
  gsize max_work_group;
  guint float_width; /* floats in the device's preferred vector: 16, 8, 4 or 1 */
} KalonDeviceInfo;

KalonDeviceInfo *kalon_device_info_copy (const KalonDeviceInfo *info);
void kalon_device_info_free (KalonDeviceInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonDeviceInfo, kalon_device_info_free)

/**
 * kalon_device_list:
 *
 * Returns: (transfer full) (element-type KalonDeviceInfo): every OpenCL 1.2 device of every
 *   platform, GPUs first; empty when there is no platform. Never an error: a platform that
 *   fails to answer is left out with a g_message.
 */
GPtrArray *kalon_device_list (void);

#define KALON_TYPE_DEVICE (kalon_device_get_type ())
G_DECLARE_FINAL_TYPE (KalonDevice, kalon_device, KALON, DEVICE, GObject)

/**
 * kalon_device_open:
 * @name: (nullable): part of a device's or platform's name, case-insensitive; %NULL takes the
 *   first of kalon_device_list(). ("none" is the callers' word for the plain-C path and is not
 *   known here.)
 *
 * Returns: (transfer full) (nullable): the device, or %NULL with %KALON_ERROR_DEVICE; the message
 *   lists the names that exist.
 */
KalonDevice *kalon_device_open (const char *name, GError **error);

const KalonDeviceInfo *kalon_device_get_info (KalonDevice *self);

/**
 * kalon_device_dup_fingerprint:
 *
 * Returns: (transfer full) (nullable): hex SHA-256 of all that this device's results depend on: its
 *   name, driver and platform, and the source of every kernel. %NULL with @error when the kernels
 *   cannot be read.
 */
char *kalon_device_dup_fingerprint (KalonDevice *self, GError **error);

/**
 * KalonBuffer:
 * A block of device memory, reference counted. Keeps its device alive.
 */
typedef struct _KalonBuffer KalonBuffer;

KalonBuffer *kalon_buffer_new (KalonDevice *device, gsize size, GError **error);
KalonBuffer *
kalon_buffer_new_from_data (KalonDevice *device, const void *data, gsize size, GError **error);
/* Read-only for kernels. A CPU device reads @bytes where they lie (a mapped file, say) and keeps a
 * reference; any other gets a copy. */
KalonBuffer *kalon_buffer_new_for_bytes (KalonDevice *device, GBytes *bytes, GError **error);
KalonBuffer *kalon_buffer_ref (KalonBuffer *self);
void kalon_buffer_unref (KalonBuffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBuffer, kalon_buffer_unref)

gsize kalon_buffer_get_size (const KalonBuffer *self);

/* Both block until the bytes have arrived. */
gboolean
kalon_buffer_write (KalonBuffer *self, gsize offset, const void *data, gsize size, GError **error);
gboolean
kalon_buffer_read (const KalonBuffer *self, gsize offset, void *data, gsize size, GError **error);

/**
 * KalonKernelArg:
 * One argument of a kernel: a buffer, a scalar by address, or local memory of @size bytes.
 * Use the macros below.
 */
typedef struct
{
  const KalonBuffer *buffer;
  const void *value;
  gsize size;
} KalonKernelArg;

#define KALON_ARG_BUFFER(b)                                                                        \
  {                                                                                                \
    .buffer = (b)                                                                                  \
  }
#define KALON_ARG_VALUE(v)                                                                         \
  {                                                                                                \
    .value = &(v), .size = sizeof (v)                                                              \
  }
#define KALON_ARG_LOCAL(bytes)                                                                     \
  {                                                                                                \
    .size = (bytes)                                                                                \
  }

/**
 * kalon_device_run:
 * @program: file name without ".cl", "layer_norm"
 * @kernel: function in it
 * @options: (nullable): build options, "-DTILE=8"; part of the cache key
 * @n_dims: 1 to 3
 * @global: [n_dims] work size
 * @local: (nullable): [n_dims] work-group size
 *
 * Puts the kernel into the queue and returns; the next kalon_buffer_read() waits for it.
 * Errors: %KALON_ERROR_KERNEL with the kernel's name, the CL_ name and the build log;
 * %KALON_ERROR_DEVICE otherwise.
 */
gboolean kalon_device_run (KalonDevice *self, const char *program, const char *kernel,
                           const char *options, const KalonKernelArg *args, guint n_args,
                           guint n_dims, const gsize *global, const gsize *local, GError **error);

/* Waits for everything in the queue. */
gboolean kalon_device_finish (KalonDevice *self, GError **error);

/**
 * kalon_device_set_profiling:
 * Profiling collects, per kernel name, the number of runs and the device's own nanoseconds
 * (CL_PROFILING_COMMAND_START to _END). Off at start. Switching it on clears the sums.
 */
void kalon_device_set_profiling (KalonDevice *self, gboolean profiling);

/* Returns: (transfer full): text table "kernel runs milliseconds", slowest first. */
char *kalon_device_dup_profile (KalonDevice *self);

G_END_DECLS
