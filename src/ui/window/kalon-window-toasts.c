/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "toasts/kalon-toasts.h"
#include "window/kalon-window-private.h"

void
kalon_window_show_toast (KalonWindow *self, AdwToast *toast)
{
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  kalon_toasts_show (self->toasts, toast);
}

void
kalon_window_offer_undo (KalonWindow *self, const char *text)
{
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-thumb", text != NULL);
  if (text != NULL)
    kalon_window_set_undoable (self, KALON_UNDOABLE_THUMB);
  else if (self->undoable == KALON_UNDOABLE_THUMB)
    kalon_window_set_undoable (self, KALON_UNDOABLE_NOTHING);

  if (self->thumb_toast != NULL && !kalon_toasts_is_settled (self->thumb_toast))
    {
      /* Without a text its button is insensitive, and it goes by itself. */
      if (escaped != NULL)
        adw_toast_set_title (self->thumb_toast, escaped);
      return;
    }
  if (self->thumb_toast != NULL)
    adw_toast_dismiss (self->thumb_toast);
  g_clear_weak_pointer (&self->thumb_toast);
  if (escaped == NULL)
    return;
  g_set_weak_pointer (&self->thumb_toast, adw_toast_new (escaped));
  adw_toast_set_button_label (self->thumb_toast, _ ("_Undo"));
  adw_toast_set_action_name (self->thumb_toast, "win.undo-thumb");
  kalon_window_show_toast (self, self->thumb_toast);
}
