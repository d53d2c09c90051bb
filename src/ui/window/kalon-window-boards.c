/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-picker.h"
#include "boards/kalon-board-text.h"
#include "toasts/kalon-toasts.h"
#include "window/kalon-window-private.h"

GArray *
kalon_window_list_selected (KalonWindow *self)
{
  GArray *pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint position;

  if (kalon_viewer_get_position (self->viewer, &position))
    {
      gint64 id
          = kalon_results_model_get_picture_id (kalon_viewer_get_model (self->viewer), position);

      g_array_append_val (pictures, id);
    }
  else if (kalon_window_shows_grid (self))
    kalon_results_grid_list_selected (self->grid, pictures);
  return pictures;
}

static void
dismiss_toast (KalonWindow *self)
{
  if (self->board_toast != NULL)
    kalon_toasts_dismiss (self->board_toast);
  g_clear_weak_pointer (&self->board_toast);
}

static void
added_cb (KalonWindow *self, const KalonBoardOutcome *outcome, const char *board)
{
  g_autofree char *text = kalon_board_added_to_text (outcome, board);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (outcome->n_changed == 0)
    {
      kalon_window_show_message (self, text);
      return;
    }
  dismiss_toast (self);
  g_set_weak_pointer (&self->board_toast, adw_toast_new (escaped));
  adw_toast_set_button_label (self->board_toast, _ ("_Undo"));
  adw_toast_set_action_name (self->board_toast, "win.undo-board");
  kalon_toasts_show (self->toasts, self->board_toast);
}

static void
add_to_board_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);
  g_autoptr (GArray) pictures = kalon_window_list_selected (self);
  KalonBoardPicker *picker;

  if (pictures->len == 0)
    {
      kalon_window_show_message (self, _ ("Select a picture to add it to a board"));
      return;
    }
  picker = kalon_board_picker_new (GTK_WINDOW (self), self->boards, pictures);
  g_signal_connect_object (picker, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (picker, "failed", G_CALLBACK (kalon_window_show_message), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (picker));
}

static void
undone_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome
      = kalon_boards_apply_finish (KALON_BOARDS (object), result, &error);

  if (outcome == NULL && self->session != NULL)
    kalon_window_show_message (self, error->message);
}

static void
undo_board_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  kalon_boards_apply_async (self->boards, kalon_board_edit_undo (), NULL, undone_cb,
                            g_object_ref (self));
}

static void
more_like_these_cb (KalonWindow *self, GStrv paths)
{
  kalon_window_show_view (self, KALON_VIEW_SEARCH);
  kalon_window_search_pictures (self, (const char *const *) paths);
}

void
kalon_window_connect_boards (KalonWindow *self)
{
  self->boards = kalon_session_get_services (self->session)->boards;
  kalon_boards_page_set_session (self->boards_page, self->session);
  g_signal_connect_object (self->boards_page, "opened", G_CALLBACK (kalon_window_open_pictures),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->boards_page, "more-like-these", G_CALLBACK (more_like_these_cb),
                           self, G_CONNECT_SWAPPED);
  /* The offer is to undo the last edit, and now there is another one. */
  g_signal_connect_object (self->boards, "changed", G_CALLBACK (dismiss_toast), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_window_install_board_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.add-to-board", NULL, add_to_board_action);
  gtk_widget_class_install_action (widget_class, "win.undo-board", NULL, undo_board_action);
}
