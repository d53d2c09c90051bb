/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-card.h"
#include "boards/kalon-boards-page-private.h"

KalonBoard *
kalon_boards_page_dup_board (KalonBoardsPage *self, gint64 id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KalonBoardObject) object = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      const KalonBoard *board = kalon_board_object_get_board (object);

      if (board->id == id)
        return kalon_board_copy (board);
    }
  return NULL;
}

static void
popup_at (KalonBoardsPage *self, KalonBoardCard *card, double x, double y)
{
  double menu_x, menu_y;

  self->menu_board = kalon_board_object_get_board (kalon_board_card_get_object (card))->id;
  gtk_widget_translate_coordinates (GTK_WIDGET (card), GTK_WIDGET (self), x, y, &menu_x, &menu_y);
  gtk_popover_set_pointing_to (self->list_menu,
                               &(GdkRectangle){ (int) menu_x, (int) menu_y, 1, 1 });
  gtk_popover_popup (self->list_menu);
}

void
kalon_boards_page_popup_menu (KalonBoardsPage *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *child = focus != NULL ? gtk_widget_get_first_child (focus) : NULL;

  if (child != NULL && KALON_IS_BOARD_CARD (child))
    popup_at (self, KALON_BOARD_CARD (child), gtk_widget_get_width (child) / 2.,
              gtk_widget_get_height (child) / 2.);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, KalonBoardsPage *self)
{
  GtkWidget *card = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup_at (self, KALON_BOARD_CARD (card), x, y);
}

static void
dropped_cb (KalonBoardCard *card, GdkFileList *files, KalonBoardsPage *self)
{
  kalon_boards_page_add_files (
      GTK_WIDGET (self), kalon_board_object_get_board (kalon_board_card_get_object (card))->id, 0,
      files);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardsPage *self)
{
  GtkWidget *card = kalon_board_card_new (self->thumbnails);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (card, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (card, "dropped", G_CALLBACK (dropped_cb), self, 0);
  gtk_list_item_set_child (list_item, card);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardsPage *self)
{
  kalon_board_card_set_object (KALON_BOARD_CARD (gtk_list_item_get_child (list_item)),
                               gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KalonBoardsPage *self)
{
  kalon_board_card_set_object (KALON_BOARD_CARD (gtk_list_item_get_child (list_item)), NULL);
}

void
kalon_boards_page_make_list (KalonBoardsPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection
      = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->store)));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  gtk_grid_view_set_factory (self->list_view, factory);
  gtk_grid_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) boards = kalon_boards_list_finish (KALON_BOARDS (object), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (boards == NULL)
    {
      text = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->error_page, text);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  kalon_board_objects_fill (self->store, boards);
  text = g_strdup_printf (ngettext ("%u board", "%u boards", boards->len), boards->len);
  gtk_label_set_text (self->list_label, text);
  if (!kalon_boards_page_shows_board (self))
    gtk_stack_set_visible_child_name (self->stack, boards->len > 0 ? "list" : "empty");
}

void
kalon_boards_page_reload_list (KalonBoardsPage *self)
{
  kalon_boards_list_async (self->boards, self->cancellable, listed_cb, g_object_ref (self));
}
