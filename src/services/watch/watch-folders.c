/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/kalon-watch-private.h"

/* Seconds after which what is watched in part is told of by itself. */
#define LOOK_AGAIN_ANYWAY (15 * 60)

void
kalon_watched_folder_free (KalonWatchedFolder *folder)
{
  g_free (folder->path);
  g_clear_object (&folder->near);
  g_free (folder->near_path);
  g_free (folder);
}

KalonWatchedFolder *
kalon_watch_find_folder (KalonWatch *self, const char *path)
{
  for (guint i = 0; i < self->folders->len; i++)
    {
      KalonWatchedFolder *folder = g_ptr_array_index (self->folders, i);

      if (g_str_equal (folder->path, path))
        return folder;
    }
  return NULL;
}

static gboolean
look_again_cb (gpointer user_data)
{
  KalonWatch *self = user_data;

  self->looked_at = 0;
  kalon_watch_look_again (self);
  return G_SOURCE_CONTINUE;
}

void
kalon_watch_follow_status (KalonWatch *self)
{
  gboolean partly = FALSE;

  for (guint i = 0; i < self->folders->len; i++)
    {
      const KalonWatchedFolder *folder = g_ptr_array_index (self->folders, i);

      partly = partly || folder->status.state == KALON_WATCH_PARTLY;
    }
  if (partly && self->again_id == 0)
    self->again_id = g_timeout_add_seconds (LOOK_AGAIN_ANYWAY, look_again_cb, self);
  else if (!partly)
    g_clear_handle_id (&self->again_id, g_source_remove);
  g_signal_emit_by_name (self, "status-changed");
}

/* For a folder to come back: something happens where it would. @path: (nullable) */
static void
watch_near (KalonWatch *self, KalonWatchedFolder *folder, const char *path)
{
  g_autoptr (GFile) file = NULL;

  if (g_strcmp0 (folder->near_path, path) == 0)
    return;
  g_clear_object (&folder->near);
  g_free (folder->near_path);
  folder->near_path = g_strdup (path);
  if (path == NULL)
    return;
  file = g_file_new_for_path (path);
  folder->near = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (folder->near != NULL)
    g_signal_connect_object (folder->near, "changed", G_CALLBACK (kalon_watch_survey_soon), self,
                             G_CONNECT_SWAPPED);
  /* It may have come back after it was looked for and before this. */
  kalon_watch_survey_soon (self);
}

/* Returns: whether it is there again, or another one is. */
static gboolean
follow_folder (KalonWatch *self, KalonWatchedFolder *folder, const KalonWatchPlace *place,
               guint *room)
{
  gboolean known = folder->status.state != KALON_WATCH_STARTING;
  gboolean other = folder->device != place->device || folder->inode != place->inode;

  if (other || place->near != NULL)
    kalon_monitors_drop (&self->monitors, folder->path);
  folder->device = place->near == NULL ? place->device : 0;
  folder->inode = place->near == NULL ? place->inode : 0;
  watch_near (self, folder, place->near);
  kalon_monitors_add (&self->monitors, place->folders, room);

  folder->status.n_folders = place->folders->len;
  folder->status.n_watched = kalon_monitors_count (&self->monitors, place->folders);
  folder->status.state = place->near != NULL ? KALON_WATCH_GONE
                         : place->silent     ? KALON_WATCH_SILENT
                         : folder->status.n_watched < folder->status.n_folders
                             ? KALON_WATCH_PARTLY
                             : KALON_WATCH_WATCHING;
  return known && other && place->near == NULL;
}

static void
folders_surveyed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonWatchSurvey) survey = kalon_watch_survey_finish (result, &error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint room;

  if (survey == NULL)
    {
      g_debug ("Folders to watch: %s", error->message);
      return;
    }
  room = kalon_monitors_get_room (&self->monitors, survey);
  for (guint i = 0; i < self->folders->len; i++)
    {
      KalonWatchedFolder *folder = g_ptr_array_index (self->folders, i);

      if (follow_folder (self, folder, g_ptr_array_index (survey->places, i), &room))
        g_strv_builder_add (builder, folder->path);
    }
  kalon_watch_follow_status (self);
  kalon_watch_tell (self, builder);
}

void
kalon_watch_survey (KalonWatch *self)
{
  g_clear_handle_id (&self->survey_id, g_source_remove);
  kalon_watch_survey_async (self->rules, NULL, self->monitors.by_path, self->cancellable,
                            folders_surveyed_cb, g_object_ref (self));
}

static gboolean
survey_cb (gpointer user_data)
{
  KalonWatch *self = user_data;

  self->survey_id = 0;
  kalon_watch_survey (self);
  return G_SOURCE_REMOVE;
}

void
kalon_watch_survey_soon (KalonWatch *self)
{
  if (self->survey_id == 0 && self->folders->len > 0)
    self->survey_id = g_timeout_add (self->delay / 2, survey_cb, self);
}
