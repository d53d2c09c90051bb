/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compute/kalon-compute.h"
#include "devices/kalon-devices.h"
#include "kalon-application-private.h"

/* Milliseconds that a new window has for itself, until what can wait is begun. */
#define SETTLES 1500

void
kalon_application_show_about (KalonApplication *self)
{
  const char *const developers[] = { "The Kalon Project", NULL };
  const KalonSessionServices *services = kalon_session_get_services (self->session);
  g_autoptr (GString) debug = g_string_new (NULL);

  g_string_append_printf (debug, "Kalon %s\nGTK %u.%u.%u, libadwaita %u.%u.%u\n", KALON_VERSION,
                          gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (debug, "Model: %s\nDevice asked for: %s\n",
                          services->model_id != NULL ? services->model_id : services->model_problem,
                          services->device_name != NULL ? services->device_name : "the first");
  for (guint i = 0; self->devices != NULL && i < self->devices->len; i++)
    {
      const KalonDeviceInfo *info = g_ptr_array_index (self->devices, i);

      g_string_append_printf (debug, "OpenCL: %s (%s, %s)\n", info->name, info->platform,
                              info->driver);
    }
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (self)),
                         "application-name", "Kalon", "application-icon", KALON_APPLICATION_ID,
                         "version", KALON_VERSION, "developer-name", "The Kalon Project",
                         "developers", developers, "copyright", "© 2026 The Kalon Project",
                         "license-type", GTK_LICENSE_GPL_3_0, "comments",
                         _ ("Finds the picture you meant, in your own folders, on your own "
                            "computer."),
                         "website", "https://github.com/kalon-project/kalon", "issue-url",
                         "https://github.com/kalon-project/kalon/issues", "translator-credits",
                         /* Translators: your names, one a line. */
                         _ ("translator-credits"), "debug-info", debug->str, NULL);
}

KalonWindow *
kalon_application_find_window (KalonApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  while (window != NULL && !KALON_IS_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  return window != NULL ? KALON_WINDOW (window) : NULL;
}

static void
devices_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonApplication) self = user_data;
  KalonWindow *window = kalon_application_find_window (self);

  g_clear_pointer (&self->devices, g_ptr_array_unref);
  self->devices = kalon_devices_list_finish (result, NULL);
  if (self->devices->len == 0 && g_strcmp0 (self->device_name, KALON_DEVICE_NONE) != 0
      && window != NULL)
    kalon_window_set_note (
        window,
        _ ("There is no OpenCL device, so everything is computed in plain C, which takes longer. "
           "The package pocl-opencl-icd makes a device of the processor."));
}

/* What changed while Kalon was closed is looked for, and every OpenCL driver is loaded to be
 * listed: before it, people see their pictures. */
static gboolean
catch_up (gpointer user_data)
{
  KalonApplication *self = user_data;

  self->catch_up_id = 0;
  kalon_watching_start (self->watching);
  if (self->devices == NULL)
    kalon_devices_list_async (NULL, devices_listed_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

KalonWindow *
kalon_application_get_window (KalonApplication *self)
{
  KalonWindow *window = kalon_application_find_window (self);

  if (window != NULL)
    return window;
  kalon_application_get_session (self);
  if (self->catch_up_id == 0)
    self->catch_up_id = g_timeout_add (SETTLES, catch_up, self);
  window = g_object_new (KALON_TYPE_WINDOW, "application", self, "icon-name", KALON_APPLICATION_ID,
                         "session", self->session, NULL);
  kalon_application_withdraw_when_active (GTK_WINDOW (window));
  return window;
}
