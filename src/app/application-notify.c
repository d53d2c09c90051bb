/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "kalon-application-private.h"

#define INDEXED "indexed"
#define DOWNLOADED "downloaded"

static void
active_changed_cb (GtkWindow *window)
{
  GtkApplication *application = gtk_window_get_application (window);

  if (application == NULL || !gtk_window_is_active (window))
    return;
  g_application_withdraw_notification (G_APPLICATION (application), INDEXED);
  g_application_withdraw_notification (G_APPLICATION (application), DOWNLOADED);
}

void
kalon_application_withdraw_when_active (GtkWindow *window)
{
  g_signal_connect (window, "notify::is-active", G_CALLBACK (active_changed_cb), NULL);
}

/* Another of the same @id takes its place. */
static void
notify (KalonApplication *self, const char *id, const char *title, const char *body)
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

static void
indexed_cb (KalonApplication *self, const GError *error)
{
  g_autofree char *body = NULL;

  /* Not of what nobody asked for. */
  if (kalon_indexing_is_quiet (self->indexing))
    return;
  if (error != NULL)
    {
      notify (self, INDEXED, _ ("Pictures Could Not Be Indexed"), error->message);
      return;
    }
  body = kalon_outcome_to_text (kalon_indexing_get_progress (self->indexing));
  notify (self, INDEXED, _ ("Pictures Indexed"), body);
}

static void
downloaded_cb (KalonApplication *self, KalonModelItem *item)
{
  g_autofree char *body
      = g_strdup_printf (_ ("“%s” is on this computer now."), kalon_model_item_get_id (item));

  notify (self, DOWNLOADED, _ ("Model Downloaded"), body);
}

void
kalon_application_notify_of_jobs (KalonApplication *self)
{
  g_signal_connect_object (self->indexing, "finished", G_CALLBACK (indexed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "downloaded", G_CALLBACK (downloaded_cb), self,
                           G_CONNECT_SWAPPED);
}
