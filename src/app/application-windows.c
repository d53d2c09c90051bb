/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "compute/kalon-compute.h"
#include "kalon-application-private.h"

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
