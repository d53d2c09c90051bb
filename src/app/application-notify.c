/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "kalon-application-private.h"

static void
active_changed_cb (GtkWindow *window)
{
  GtkApplication *application = gtk_window_get_application (window);

  if (application == NULL || !gtk_window_is_active (window))
    return;
  g_application_withdraw_notification (G_APPLICATION (application), KALON_NOTIFICATION_INDEXED);
  g_application_withdraw_notification (G_APPLICATION (application), KALON_NOTIFICATION_DOWNLOADED);
}

void
kalon_application_withdraw_when_active (GtkWindow *window)
{
  g_signal_connect (window, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
}

void
kalon_application_notify (KalonApplication *self, const char *id, const char *title,
                          const char *body)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autoptr (GNotification) notification = NULL;

  /* Whoever works with the window sees it there. */
  if (window != NULL && gtk_window_is_active (window))
    return;
  notification = g_notification_new (title);
  g_notification_set_body (notification, body);
  g_notification_set_default_action (notification, "app.show-window");
  g_notification_add_button (notification, _ ("Show Window"), "app.show-window");
  g_application_send_notification (G_APPLICATION (self), id, notification);
}
