/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "background/kalon-background.h"
#include "indexing/kalon-staying.h"
#include "settings/kalon-settings.h"

struct _KalonStaying
{
  GObject parent_instance;

  GApplication *application; /* weak */
  GSettings *settings;
  GDBusConnection *bus;
  GCancellable *cancellable; /* of the request under way */
  char *problem;
  gboolean held;
};

G_DEFINE_FINAL_TYPE (KalonStaying, kalon_staying, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_on (KalonStaying *self)
{
  return g_settings_get_boolean (self->settings, KALON_SETTING_INDEX_IN_BACKGROUND);
}

static void
set_held (KalonStaying *self, gboolean held)
{
  if (self->held == held || self->application == NULL)
    return;
  self->held = held;
  if (held)
    g_application_hold (self->application);
  else
    g_application_release (self->application);
}

static void
set_problem (KalonStaying *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
requested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonStaying) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean autostart = FALSE;

  kalon_background_request_finish (result, &autostart, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL)
    g_debug ("Background: %s", error->message);
  if (!is_on (self))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    {
      set_problem (self, _ ("The system did not allow it; its settings for applications may"));
      g_settings_set_boolean (self->settings, KALON_SETTING_INDEX_IN_BACKGROUND, FALSE);
    }
  else if (error != NULL || !autostart)
    set_problem (self, _ ("Until you log out: this desktop does not start it at login"));
  else
    set_problem (self, NULL);
}

static void
follow (KalonStaying *self)
{
  static const char *const command[] = { "kalon", "--gapplication-service", NULL };
  gboolean on = is_on (self);

  g_cancellable_cancel (self->cancellable);
  g_set_object (&self->cancellable, NULL);
  self->cancellable = g_cancellable_new ();
  set_held (self, on);
  if (on)
    set_problem (self, NULL);
  kalon_background_request_async (
      self->bus, _ ("Kalon indexes new pictures in your folders while its window is closed."), on,
      command, self->cancellable, requested_cb, g_object_ref (self));
}

static void
kalon_staying_dispose (GObject *object)
{
  KalonStaying *self = KALON_STAYING (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  set_held (self, FALSE);
  g_clear_weak_pointer (&self->application);
  g_clear_object (&self->settings);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (kalon_staying_parent_class)->dispose (object);
}

static void
kalon_staying_finalize (GObject *object)
{
  g_free (KALON_STAYING (object)->problem);
  G_OBJECT_CLASS (kalon_staying_parent_class)->finalize (object);
}

static void
kalon_staying_class_init (KalonStayingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_staying_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_staying_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_staying_init (KalonStaying *self)
{
}

KalonStaying *
kalon_staying_new (GApplication *application, GSettings *settings, GDBusConnection *bus)
{
  KalonStaying *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (KALON_TYPE_STAYING, NULL);
  g_set_weak_pointer (&self->application, application);
  self->settings = g_object_ref (settings);
  g_set_object (&self->bus, bus);
  g_signal_connect_object (settings, "changed::" KALON_SETTING_INDEX_IN_BACKGROUND,
                           G_CALLBACK (follow), self, G_CONNECT_SWAPPED);
  /* Nobody is asked for what nobody wants. */
  if (is_on (self))
    follow (self);
  return self;
}

const char *
kalon_staying_get_problem (KalonStaying *self)
{
  g_return_val_if_fail (KALON_IS_STAYING (self), NULL);
  return self->problem;
}

gboolean
kalon_staying_is_held (KalonStaying *self)
{
  g_return_val_if_fail (KALON_IS_STAYING (self), FALSE);
  return self->held;
}
