/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "indexing/kalon-watching.h"
#include "settings/kalon-settings.h"

struct _KalonWatching
{
  GObject parent_instance;

  KalonWatch *watch;
  KalonCatalogue *catalogue;
  KalonIndexing *indexing;
  GSettings *settings;
  GCancellable *cancellable;
  gboolean started;
  gboolean looked_through; /* everything, once */
};

G_DEFINE_FINAL_TYPE (KalonWatching, kalon_watching, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_on (KalonWatching *self)
{
  return g_settings_get_boolean (self->settings, KALON_SETTING_WATCH_FOLDERS);
}

static void
set_folders (KalonWatching *self, const KalonCatalogueState *state)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (KalonScanPlace));

  for (guint i = 0; i < state->folders->len; i++)
    {
      const KalonFolder *folder = g_ptr_array_index (state->folders, i);
      KalonScanPlace place = {
        .path = folder->path,
        .excludes = (const char *const *) folder->excludes,
        .include_hidden = folder->include_hidden,
      };

      g_array_append_val (places, place);
    }
  kalon_watch_set_folders (self->watch, (const KalonScanPlace *) places->data, places->len,
                           (const char *const *) state->excludes);
}

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWatching) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonCatalogueState) state
      = kalon_catalogue_get_state_finish (KALON_CATALOGUE (object), result, &error);

  /* The window tells of a library that cannot be read. */
  if (state == NULL || !is_on (self))
    return;
  set_folders (self, state);
  if (!self->looked_through && state->folders->len > 0)
    kalon_indexing_follow (self->indexing, NULL);
  self->looked_through = TRUE;
}

static void
follow (KalonWatching *self)
{
  if (!self->started)
    return;
  if (is_on (self))
    kalon_catalogue_get_state_async (self->catalogue, self->cancellable, state_cb,
                                     g_object_ref (self));
  else
    {
      kalon_watch_set_folders (self->watch, NULL, 0, NULL);
      self->looked_through = FALSE;
    }
}

static void
watch_changed_cb (KalonWatching *self, GStrv paths)
{
  kalon_indexing_follow (self->indexing, (const char *const *) paths);
}

static void
status_changed_cb (KalonWatching *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
kalon_watching_dispose (GObject *object)
{
  KalonWatching *self = KALON_WATCHING (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->watch);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->indexing);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (kalon_watching_parent_class)->dispose (object);
}

static void
kalon_watching_finalize (GObject *object)
{
  g_object_unref (KALON_WATCHING (object)->cancellable);
  G_OBJECT_CLASS (kalon_watching_parent_class)->finalize (object);
}

static void
kalon_watching_class_init (KalonWatchingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_watching_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_watching_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_watching_init (KalonWatching *self)
{
  self->cancellable = g_cancellable_new ();
}

KalonWatching *
kalon_watching_new (KalonWatch *watch, KalonCatalogue *catalogue, KalonIndexing *indexing,
                    GSettings *settings)
{
  KalonWatching *self;

  g_return_val_if_fail (KALON_IS_WATCH (watch), NULL);
  g_return_val_if_fail (KALON_IS_CATALOGUE (catalogue), NULL);
  g_return_val_if_fail (KALON_IS_INDEXING (indexing), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (KALON_TYPE_WATCHING, NULL);
  self->watch = g_object_ref (watch);
  self->catalogue = g_object_ref (catalogue);
  self->indexing = g_object_ref (indexing);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (watch, "changed", G_CALLBACK (watch_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (watch, "status-changed", G_CALLBACK (status_changed_cb), self,
                           G_CONNECT_SWAPPED);
  /* Folders come with a run, go by the user's hand, and change their rules. */
  g_signal_connect_object (catalogue, "changed", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (indexing, "finished", G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" KALON_SETTING_WATCH_FOLDERS, G_CALLBACK (follow),
                           self, G_CONNECT_SWAPPED);
  return self;
}

void
kalon_watching_start (KalonWatching *self)
{
  g_return_if_fail (KALON_IS_WATCHING (self));

  if (self->started)
    return;
  self->started = TRUE;
  follow (self);
}

gboolean
kalon_watching_get_status (KalonWatching *self, const char *folder, KalonWatchStatus *status)
{
  g_return_val_if_fail (KALON_IS_WATCHING (self), FALSE);

  return kalon_watch_get_status (self->watch, folder, status)
         && status->state != KALON_WATCH_STARTING;
}

void
kalon_watching_look_again (KalonWatching *self)
{
  g_return_if_fail (KALON_IS_WATCHING (self));

  kalon_watch_look_again (self->watch);
}
