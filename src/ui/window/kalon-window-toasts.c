/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "window/kalon-window-private.h"

/* libadwaita 1.2 frees a toast that is dismissed when its hiding is over, and a toast that took
 * another's place moves in for longer than that takes: to dismiss one sooner than this, in
 * microseconds, is to crash. */
#define TOAST_SETTLES (G_USEC_PER_SEC * 6 / 10)
/* On a toast: when it was shown, as of g_get_monotonic_time(). */
#define SHOWN_AT "kalon-shown-at"

void
kalon_window_show_toast (KalonWindow *self, AdwToast *toast)
{
  gint64 now = g_get_monotonic_time ();

  g_object_set_data_full (G_OBJECT (toast), SHOWN_AT, g_memdup2 (&now, sizeof now), g_free);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static gboolean
is_settled (AdwToast *toast)
{
  const gint64 *shown_at = g_object_get_data (G_OBJECT (toast), SHOWN_AT);

  return shown_at == NULL || g_get_monotonic_time () - *shown_at > TOAST_SETTLES;
}

static gboolean
dismiss (gpointer user_data)
{
  adw_toast_dismiss (user_data);
  return G_SOURCE_REMOVE;
}

void
kalon_window_dismiss_toast (AdwToast *toast)
{
  if (is_settled (toast))
    adw_toast_dismiss (toast);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, TOAST_SETTLES / 1000, dismiss, g_object_ref (toast),
                        g_object_unref);
}

static void
offer_undo (KalonWindow *self, const char *text, KalonUndoable undoable)
{
  gboolean many = undoable == KALON_UNDOABLE_THUMBS;
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-thumb", text != NULL && !many);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-thumbs", text != NULL && many);
  if (text != NULL)
    kalon_window_set_undoable (self, undoable);
  else if (self->undoable == KALON_UNDOABLE_THUMB || self->undoable == KALON_UNDOABLE_THUMBS)
    kalon_window_set_undoable (self, KALON_UNDOABLE_NOTHING);

  if (self->thumb_toast != NULL && !is_settled (self->thumb_toast))
    {
      /* Without a text its button is insensitive, and it goes by itself. */
      if (escaped != NULL)
        {
          adw_toast_set_title (self->thumb_toast, escaped);
          adw_toast_set_action_name (self->thumb_toast,
                                     many ? "win.undo-thumbs" : "win.undo-thumb");
        }
      return;
    }
  if (self->thumb_toast != NULL)
    adw_toast_dismiss (self->thumb_toast);
  g_clear_weak_pointer (&self->thumb_toast);
  if (escaped == NULL)
    return;
  g_set_weak_pointer (&self->thumb_toast, adw_toast_new (escaped));
  adw_toast_set_button_label (self->thumb_toast, _ ("_Undo"));
  adw_toast_set_action_name (self->thumb_toast, many ? "win.undo-thumbs" : "win.undo-thumb");
  kalon_window_show_toast (self, self->thumb_toast);
}

void
kalon_window_offer_undo (KalonWindow *self, const char *text)
{
  offer_undo (self, text, KALON_UNDOABLE_THUMB);
}

void
kalon_window_offer_undo_of_many (KalonWindow *self, const char *text)
{
  offer_undo (self, text, KALON_UNDOABLE_THUMBS);
}
