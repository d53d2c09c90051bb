/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

/* Changes are told at the latest after so many delays. */
#define MAX_DELAYS 5

/* Seconds after which what is watched in part is told of when somebody looks. */
#define LOOK_AGAIN 60

G_DEFINE_FINAL_TYPE (KalonWatch, kalon_watch, G_TYPE_OBJECT)

enum
{
  CHANGED,
  STATUS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void tell_later (KalonWatch *self);

static void
note (KalonWatch *self, GFile *file)
{
  if (file == NULL || g_file_peek_path (file) == NULL)
    return;
  kalon_changes_add (self->changes, g_file_peek_path (file));
  tell_later (self);
}

static void
monitor_changed_cb (gpointer user_data, GFile *file, GFile *other, GFileMonitorEvent event)
{
  KalonWatch *self = user_data;

  switch (event)
    {
    case G_FILE_MONITOR_EVENT_CHANGED: /* a hint follows when that is over */
      return;
    case G_FILE_MONITOR_EVENT_PRE_UNMOUNT:
    case G_FILE_MONITOR_EVENT_UNMOUNTED:
      kalon_watch_survey_soon (self);
      return;
    default:
      break;
    }
  if (kalon_watch_find_folder (self, g_file_peek_path (file)) != NULL)
    kalon_watch_survey_soon (self);
  else
    note (self, file);
  note (self, other);
}

void
kalon_watch_tell (KalonWatch *self, GStrvBuilder *paths)
{
  g_auto (GStrv) told = g_strv_builder_end (paths);

  if (told[0] != NULL)
    g_signal_emit (self, signals[CHANGED], 0, told);
}

/* Changes */

/* Those that went are counted out at the next look at the folders. */
static void
follow_counts (KalonWatch *self, const KalonWatchPlace *place)
{
  KalonWatchedFolder *found = NULL;

  for (guint i = 0; i < self->folders->len; i++)
    {
      KalonWatchedFolder *folder = g_ptr_array_index (self->folders, i);

      if (kalon_scan_is_below (place->path, folder->path)
          && (found == NULL || strlen (folder->path) > strlen (found->path)))
        found = folder;
    }
  if (found != NULL && kalon_monitors_count (&self->monitors, place->folders) < place->folders->len)
    found->status.state = KALON_WATCH_PARTLY;
}

static void
changes_surveyed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonWatchSurvey) survey = kalon_watch_survey_finish (result, &error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint room;

  if (survey == NULL)
    {
      g_debug ("Changes: %s", error->message);
      return;
    }
  for (guint i = 0; i < survey->places->len; i++)
    {
      const KalonWatchPlace *place = g_ptr_array_index (survey->places, i);

      if (place->near != NULL)
        kalon_monitors_drop (&self->monitors, place->path);
    }
  /* Watched before it is looked at by others: nothing comes in between unseen. */
  room = kalon_monitors_get_room (&self->monitors, survey);
  for (guint i = 0; i < survey->places->len; i++)
    {
      const KalonWatchPlace *place = g_ptr_array_index (survey->places, i);

      kalon_monitors_add (&self->monitors, place->folders, &room);
      follow_counts (self, place);
      if (place->matters)
        g_strv_builder_add (builder, place->path);
    }
  kalon_watch_follow_status (self);
  kalon_watch_tell (self, builder);
}

static gboolean
changes_cb (gpointer user_data)
{
  KalonWatch *self = user_data;
  g_auto (GStrv) paths = kalon_changes_take (self->changes);

  self->changes_id = 0;
  self->changed_at = 0;
  kalon_watch_survey_async (self->rules, (const char *const *) paths, self->monitors.by_path,
                            self->cancellable, changes_surveyed_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
tell_later (KalonWatch *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 left;

  if (self->changed_at == 0)
    self->changed_at = now;
  left = self->changed_at + (gint64) MAX_DELAYS * self->delay * 1000 - now;
  g_clear_handle_id (&self->changes_id, g_source_remove);
  self->changes_id
      = g_timeout_add ((guint) CLAMP (left / 1000, 0, (gint64) self->delay), changes_cb, self);
}

/* Object */

static void
stop (KalonWatch *self)
{
  g_clear_handle_id (&self->changes_id, g_source_remove);
  g_clear_handle_id (&self->survey_id, g_source_remove);
  g_clear_handle_id (&self->again_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
}

static void
kalon_watch_dispose (GObject *object)
{
  KalonWatch *self = KALON_WATCH (object);

  stop (self);
  g_clear_object (&self->mounts);
  g_hash_table_remove_all (self->monitors.by_path);
  g_ptr_array_set_size (self->folders, 0);
  G_OBJECT_CLASS (kalon_watch_parent_class)->dispose (object);
}

static void
kalon_watch_finalize (GObject *object)
{
  KalonWatch *self = KALON_WATCH (object);

  kalon_monitors_clear (&self->monitors);
  g_ptr_array_unref (self->folders);
  kalon_changes_free (self->changes);
  kalon_watch_rules_unref (self->rules);
  g_free (self->own_directory);
  G_OBJECT_CLASS (kalon_watch_parent_class)->finalize (object);
}

static void
kalon_watch_class_init (KalonWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_watch_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRV);
  signals[STATUS_CHANGED] = g_signal_new ("status-changed", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_watch_init (KalonWatch *self)
{
  self->folders = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_watched_folder_free);
  self->changes = kalon_changes_new ();
  self->cancellable = g_cancellable_new ();
}

KalonWatch *
kalon_watch_new (const char *own_directory, guint limit, guint delay)
{
  KalonWatch *self = g_object_new (KALON_TYPE_WATCH, NULL);

  self->own_directory = g_strdup (own_directory);
  kalon_monitors_init (&self->monitors, limit, monitor_changed_cb, G_OBJECT (self));
  self->delay = delay;
  self->rules = kalon_watch_rules_new (NULL, 0, NULL, own_directory);
  return self;
}

/* What is known of folders that stay is kept: one that is gone is known to come back. */
static GPtrArray *
take_folders (KalonWatch *self, const KalonScanPlace *folders, gsize n_folders)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_watched_folder_free);

  for (gsize i = 0; i < n_folders; i++)
    {
      KalonWatchedFolder *folder = kalon_watch_find_folder (self, folders[i].path);
      guint position;

      if (folder != NULL && g_ptr_array_find (self->folders, folder, &position))
        g_ptr_array_steal_index (self->folders, position);
      else
        {
          folder = g_new0 (KalonWatchedFolder, 1);
          folder->path = g_strdup (folders[i].path);
        }
      g_ptr_array_add (taken, folder);
    }
  return taken;
}

void
kalon_watch_set_folders (KalonWatch *self, const KalonScanPlace *folders, gsize n_folders,
                         const char *const *excludes)
{
  g_autoptr (KalonWatchRules) rules = NULL;
  GPtrArray *taken;

  g_return_if_fail (KALON_IS_WATCH (self));
  g_return_if_fail (folders != NULL || n_folders == 0);

  rules = kalon_watch_rules_new (folders, n_folders, excludes, self->own_directory);
  if (kalon_watch_rules_equal (rules, self->rules))
    return;
  stop (self);
  self->cancellable = g_cancellable_new ();
  kalon_watch_rules_unref (self->rules);
  self->rules = g_steal_pointer (&rules);
  taken = take_folders (self, folders, n_folders);
  g_ptr_array_unref (self->folders);
  self->folders = taken;
  /* All anew: other rules leave out others. */
  g_hash_table_remove_all (self->monitors.by_path);
  if (n_folders == 0)
    {
      g_clear_object (&self->mounts);
      kalon_watch_follow_status (self);
      return;
    }
  if (self->mounts == NULL)
    {
      self->mounts = g_unix_mount_monitor_get ();
      g_signal_connect_object (self->mounts, "mounts-changed", G_CALLBACK (kalon_watch_survey_soon),
                               self, G_CONNECT_SWAPPED);
    }
  kalon_watch_survey (self);
}

gboolean
kalon_watch_get_status (KalonWatch *self, const char *folder, KalonWatchStatus *status)
{
  const KalonWatchedFolder *found;

  g_return_val_if_fail (KALON_IS_WATCH (self), FALSE);
  g_return_val_if_fail (folder != NULL && status != NULL, FALSE);

  found = kalon_watch_find_folder (self, folder);
  if (found != NULL)
    *status = found->status;
  return found != NULL;
}

void
kalon_watch_look_again (KalonWatch *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (KALON_IS_WATCH (self));

  if (self->looked_at != 0 && now - self->looked_at < LOOK_AGAIN * G_USEC_PER_SEC)
    return;
  self->looked_at = now;
  for (guint i = 0; i < self->folders->len; i++)
    {
      const KalonWatchedFolder *folder = g_ptr_array_index (self->folders, i);

      if (folder->status.state == KALON_WATCH_PARTLY)
        g_strv_builder_add (builder, folder->path);
    }
  kalon_watch_tell (self, builder);
}
