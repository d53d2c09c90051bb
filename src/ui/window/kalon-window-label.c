/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/kalon-window-private.h"

static void
written_cb (KalonWindow *self, const char *text, const char *path)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  AdwToast *toast = adw_toast_new (text);

  if (uri != NULL)
    {
      adw_toast_set_button_label (toast, _ ("_Open"));
      adw_toast_set_action_name (toast, "win.open-uri");
      adw_toast_set_action_target (toast, "s", uri);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
kalon_window_connect_label (KalonWindow *self)
{
  kalon_label_page_set_session (self->label_page, self->session);
  g_signal_connect_object (self->label_page, "message", G_CALLBACK (kalon_window_show_message),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->label_page, "written", G_CALLBACK (written_cb), self,
                           G_CONNECT_SWAPPED);
}
