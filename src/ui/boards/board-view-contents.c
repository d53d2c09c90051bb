/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-view-private.h"
#include "boards/kalon-boards-page.h"
#include "errors/kalon-errors.h"

/* (transfer full): the ids as the model takes them; @items is filled anew. */
static GArray *
take_items (KalonBoardView *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_hash_table_remove_all (self->items);
  for (guint i = 0; self->contents != NULL && i < self->contents->items->len; i++)
    {
      KalonBoardItem *item = g_ptr_array_index (self->contents->items, i);

      g_array_append_val (ids, item->id);
      g_hash_table_insert (self->items, &item->id, item);
    }
  return ids;
}

static void
select_again (KalonBoardView *self, GArray *ids)
{
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  for (guint i = 0; i < ids->len; i++)
    {
      guint position;

      if (kalon_results_model_find (self->model, g_array_index (ids, gint64, i), &position))
        gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, FALSE);
    }
}

void
kalon_board_view_update (KalonBoardView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkListItem *focused = kalon_board_view_find_list_item (self, focus);
  g_autoptr (GArray) selected = kalon_board_view_list_selected (self);
  g_autoptr (GArray) ids = take_items (self);
  GHashTableIter iter;
  gpointer list_item;

  /* A note that is being written keeps it. */
  if (focused != NULL && !GTK_IS_TEXT (focus))
    self->focus_item = kalon_result_item_get_picture_id (gtk_list_item_get_item (focused));
  kalon_results_model_set_pictures (self->model, ids);
  select_again (self, selected);
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (focused != list_item || !GTK_IS_TEXT (focus))
      kalon_board_view_fill_cell (self, list_item);
  if (self->contents != NULL)
    gtk_stack_set_visible_child_name (self->stack, ids->len > 0 ? "grid" : "empty");
  kalon_board_view_follow_selection (self);
  kalon_board_view_queue_update (self);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonBoardView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardContents) contents
      = kalon_boards_load_finish (KALON_BOARDS (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->board == 0)
    return;
  if (g_error_matches (error, KALON_ERROR, KALON_ERROR_ARGUMENT))
    {
      g_signal_emit_by_name (self, "closed");
      return;
    }
  if (contents == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->message, text);
      gtk_stack_set_visible_child_name (self->stack, "message");
      return;
    }
  g_hash_table_remove_all (self->items);
  g_clear_pointer (&self->contents, kalon_board_contents_free);
  self->contents = g_steal_pointer (&contents);
  kalon_board_thumbnails_set_items (self->thumbnails, self->contents->items);
  kalon_board_view_update (self);
  g_signal_emit_by_name (self, "loaded");
}

void
kalon_board_view_reload (KalonBoardView *self)
{
  g_return_if_fail (KALON_IS_BOARD_VIEW (self));

  if (self->board == 0)
    return;
  /* The newest answer is the one that counts. */
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  kalon_boards_load_async (self->boards, self->board, self->cancellable, loaded_cb,
                           g_object_ref (self));
}

void
kalon_board_view_show (KalonBoardView *self, gint64 board)
{
  g_return_if_fail (KALON_IS_BOARD_VIEW (self));

  if (self->board == board)
    return;
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->board = board;
  self->focus_item = 0;
  g_hash_table_remove_all (self->items);
  g_clear_pointer (&self->contents, kalon_board_contents_free);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  kalon_board_view_update (self);
  kalon_board_view_reload (self);
}

void
kalon_board_view_move (KalonBoardView *self, GArray *items, gint64 before)
{
  g_autoptr (GHashTable) moving = g_hash_table_new (g_int64_hash, g_int64_equal);
  GPtrArray *all = self->contents->items;
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();

  if (self->contents->board->order != KALON_BOARD_ARRANGED)
    {
      kalon_boards_page_show_message (
          GTK_WIDGET (self),
          _ ("Sort the board “As Arranged” to put its pictures in an order of your own"));
      return;
    }
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (moving, &g_array_index (items, gint64, i));
  /* In front of one that moves too is in front of the next that stays. */
  for (guint i = 0; before != 0 && i < all->len; i++)
    {
      const KalonBoardItem *item = g_ptr_array_index (all, i);

      if (item->id != before)
        continue;
      if (!g_hash_table_contains (moving, &before))
        break;
      before = i + 1 < all->len ? kalon_board_view_get_item (self, i + 1)->id : 0;
    }
  for (guint i = 0; i <= all->len; i++)
    {
      KalonBoardItem *item = i < all->len ? g_ptr_array_index (all, i) : NULL;

      if (item != NULL ? item->id == before : before == 0)
        for (guint k = 0; k < items->len; k++)
          g_ptr_array_add (moved,
                           g_hash_table_lookup (self->items, &g_array_index (items, gint64, k)));
      if (item != NULL && !g_hash_table_contains (moving, &item->id))
        g_ptr_array_add (moved, item);
    }
  g_return_if_fail (moved->len == all->len);
  if (memcmp (moved->pdata, all->pdata, all->len * sizeof (gpointer)) == 0)
    return;
  memcpy (all->pdata, moved->pdata, all->len * sizeof (gpointer));
  kalon_board_view_update (self);
  kalon_boards_page_apply (GTK_WIDGET (self), kalon_board_edit_move (self->board, items, before),
                           NULL);
}
