/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

static void
monitor_free (gpointer monitor)
{
  /* It may be inside its own signal. */
  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

void
kalon_monitors_init (KalonMonitors *self, guint limit, KalonMonitorsFunc func, GObject *object)
{
  self->by_path = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, monitor_free);
  self->limit = limit;
  self->func = func;
  self->object = object;
}

void
kalon_monitors_clear (KalonMonitors *self)
{
  g_clear_pointer (&self->by_path, g_hash_table_unref);
}

guint
kalon_monitors_get_room (KalonMonitors *self, const KalonWatchSurvey *survey)
{
  guint n = g_hash_table_size (self->by_path);

  return n < self->limit ? MIN (self->limit - n, survey->n_allowed) : 0;
}

void
kalon_monitors_add (KalonMonitors *self, GPtrArray *paths, guint *room)
{
  for (guint i = 0; i<paths->len && * room> 0; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GError) error = NULL;
      GFileMonitor *monitor;

      if (g_hash_table_contains (self->by_path, path))
        continue;
      monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
      if (monitor == NULL)
        {
          g_debug ("%s is not watched: %s", path, error->message);
          continue;
        }
      g_signal_connect_object (monitor, "changed", G_CALLBACK (self->func), self->object,
                               G_CONNECT_SWAPPED);
      g_hash_table_insert (self->by_path, g_strdup (path), monitor);
      (*room)--;
    }
}

void
kalon_monitors_drop (KalonMonitors *self, const char *path)
{
  GHashTableIter iter;
  gpointer watched;

  g_hash_table_iter_init (&iter, self->by_path);
  while (g_hash_table_iter_next (&iter, &watched, NULL))
    if (kalon_scan_is_below (watched, path))
      g_hash_table_iter_remove (&iter);
}

guint
kalon_monitors_count (KalonMonitors *self, GPtrArray *paths)
{
  guint n = 0;

  for (guint i = 0; i < paths->len; i++)
    n += g_hash_table_contains (self->by_path, g_ptr_array_index (paths, i));
  return n;
}
