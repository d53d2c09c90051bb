/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of core/compute share; tests may look at the counters. */

#include <CL/cl.h>

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

struct _KalonDevice
{
  GObject parent_instance;

  KalonDeviceInfo *info;
  cl_device_id id;
  cl_context context;
  cl_command_queue queue;
  GHashTable *programs; /* "NAME OPTIONS" -> Program */

  gboolean profiling;
  GPtrArray *timings;  /* Timing: runs whose events are not yet summed up */
  GHashTable *profile; /* kernel name -> ProfileEntry */

  guint n_compiled; /* programs built from source */
  guint n_cached;   /* programs taken from the binary cache */
};

/* One device of kalon_device_list() with the handles that open it. */
typedef struct
{
  KalonDeviceInfo *info;
  cl_device_id id;
  cl_platform_id platform;
} KalonDeviceEntry;

/* Returns: (transfer full) (element-type KalonDeviceEntry) */
GPtrArray *kalon_device_entries (void);

/* Builds or takes from the cache. Returns: a program for clReleaseProgram(), NULL with @error. */
cl_program
kalon_program_new (KalonDevice *device, const char *name, const char *options, GError **error);

/*
 * The binary cache: one file per program, "KEY.bin" in @directory, KEY being hex SHA-256.
 *
 *   bytes 0-7    "KALONCLB"
 *   bytes 8-71   KEY
 *   bytes 72-135 SHA-256 of the payload, hex
 *   bytes 136-   payload: what CL_PROGRAM_BINARIES gave
 *
 * A file that does not fit is not an error: it is taken off, and the program built anew.
 */
char *kalon_program_cache_dup_directory (void);
GBytes *kalon_program_cache_load (const char *key);
void kalon_program_cache_store (const char *key, gconstpointer payload, gsize size);

/* Enters @event of a run of @kernel; takes the reference. */
void kalon_device_take_timing (KalonDevice *self, const char *kernel, cl_event event);

/* Waits for the queue and moves every timing into the profile. */
void kalon_device_sum_timings (KalonDevice *self);

cl_mem kalon_buffer_get_mem (const KalonBuffer *self);
KalonDevice *kalon_buffer_get_device (const KalonBuffer *self);

G_END_DECLS
