/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compute/kalon-compute-private.h"

/* Events hold driver memory: sum up whenever this many have come together. */
#define MAX_TIMINGS 1024

typedef struct
{
  const char *kernel; /* interned */
  cl_event event;
} Timing;

typedef struct
{
  const char *kernel; /* interned */
  guint64 runs;
  guint64 nanoseconds;
} ProfileEntry;

void
kalon_device_sum_timings (KalonDevice *self)
{
  clFinish (self->queue);
  for (guint i = 0; i < self->timings->len; i++)
    {
      Timing *timing = g_ptr_array_index (self->timings, i);
      ProfileEntry *entry = g_hash_table_lookup (self->profile, timing->kernel);
      cl_ulong start = 0, end = 0;

      if (entry == NULL)
        {
          entry = g_new0 (ProfileEntry, 1);
          entry->kernel = timing->kernel;
          g_hash_table_insert (self->profile, g_strdup (timing->kernel), entry);
        }
      clGetEventProfilingInfo (timing->event, CL_PROFILING_COMMAND_START, sizeof start, &start,
                               NULL);
      clGetEventProfilingInfo (timing->event, CL_PROFILING_COMMAND_END, sizeof end, &end, NULL);
      entry->runs++;
      if (end > start)
        entry->nanoseconds += end - start;
      clReleaseEvent (timing->event);
      g_free (timing);
    }
  g_ptr_array_set_size (self->timings, 0);
}

void
kalon_device_take_timing (KalonDevice *self, const char *kernel, cl_event event)
{
  Timing *timing = g_new0 (Timing, 1);

  timing->kernel = g_intern_string (kernel);
  timing->event = event;
  g_ptr_array_add (self->timings, timing);
  if (self->timings->len >= MAX_TIMINGS)
    kalon_device_sum_timings (self);
}

static int
slowest_first (gconstpointer a, gconstpointer b)
{
  const ProfileEntry *first = *(ProfileEntry *const *) a;
  const ProfileEntry *second = *(ProfileEntry *const *) b;

  return first->nanoseconds < second->nanoseconds ? 1 : -(first->nanoseconds > second->nanoseconds);
}

char *
kalon_device_dup_profile (KalonDevice *self)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer entry;

  g_return_val_if_fail (KALON_IS_DEVICE (self), NULL);

  kalon_device_sum_timings (self);
  g_hash_table_iter_init (&iter, self->profile);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    g_ptr_array_add (entries, entry);
  g_ptr_array_sort (entries, slowest_first);

  g_string_append_printf (text, "%-32s %8s %14s\n", "kernel", "runs", "milliseconds");
  for (guint i = 0; i < entries->len; i++)
    {
      const ProfileEntry *row = g_ptr_array_index (entries, i);

      g_string_append_printf (text, "%-32s %8" G_GUINT64_FORMAT " %14.3f\n", row->kernel, row->runs,
                              row->nanoseconds / 1e6);
    }
  return g_string_free (text, FALSE);
}
