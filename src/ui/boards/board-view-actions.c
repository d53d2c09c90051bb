/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-view-private.h"
#include "boards/kalon-boards-page.h"
#include "results/kalon-picture-actions.h"

/* One outside the library is not for our viewer, which is over the library's pictures. */
static void
launch (KalonBoardView *self, const KalonBoardItem *item)
{
  g_autoptr (GFile) file = g_file_new_for_path (item->path);
  g_autofree char *uri = g_file_get_uri (file);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

void
kalon_board_view_open (KalonBoardView *self, guint position)
{
  const KalonBoardItem *opened = kalon_board_view_get_item (self, position);
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint place = 0;

  if (opened == NULL)
    return;
  if (opened->missing)
    {
      kalon_boards_page_show_message (
          GTK_WIDGET (self),
          _ ("The picture is missing: it was deleted or moved, or its drive is away"));
      return;
    }
  if (opened->picture == 0)
    {
      launch (self, opened);
      return;
    }
  for (guint i = 0; i < self->contents->items->len; i++)
    {
      const KalonBoardItem *item = kalon_board_view_get_item (self, i);

      if (item == opened)
        place = pictures->len;
      if (item->picture != 0 && !item->missing)
        g_array_append_val (pictures, item->picture);
    }
  g_signal_emit_by_name (self, "opened", pictures, place);
}

static const KalonBoardItem *
look_up (KalonBoardView *self, GArray *ids, guint i)
{
  return g_hash_table_lookup (self->items, &g_array_index (ids, gint64, i));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GtkBitset) selected
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (!gtk_bitset_is_empty (selected))
    kalon_board_view_open (self, gtk_bitset_get_minimum (selected));
}

/* (transfer full): paths of the pictures of @ids that are there */
static GStrv
list_paths (KalonBoardView *self, GArray *ids)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < ids->len; i++)
    {
      const KalonBoardItem *item = look_up (self, ids, i);

      if (item != NULL && !item->missing)
        g_strv_builder_add (paths, item->path);
    }
  return g_strv_builder_end (paths);
}

static void
more_like_these_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GArray) ids = kalon_board_view_list_selected (self);
  g_auto (GStrv) paths = NULL;

  if (ids->len == 0)
    for (guint i = 0; kalon_board_view_get_item (self, i) != NULL; i++)
      {
        gint64 id = kalon_board_view_get_item (self, i)->id;

        g_array_append_val (ids, id);
      }
  paths = list_paths (self, ids);
  if (paths[0] != NULL)
    g_signal_emit_by_name (self, "more-like-these", paths);
}

static void
note_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GArray) ids = kalon_board_view_list_selected (self);
  GHashTableIter iter;
  gpointer list_item;

  g_hash_table_iter_init (&iter, self->bound);
  while (ids->len > 0 && g_hash_table_iter_next (&iter, &list_item, NULL))
    if (kalon_result_item_get_picture_id (gtk_list_item_get_item (list_item))
        == g_array_index (ids, gint64, 0))
      {
        kalon_board_cell_edit_note (KALON_BOARD_CELL (gtk_list_item_get_child (list_item)));
        return;
      }
}

/* "earlier", "later", "first", "last": the selected ones come together. */
static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GArray) ids = kalon_board_view_list_selected (self);
  g_autoptr (GtkBitset) selected
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  const KalonBoardItem *before = NULL;
  guint first, last;

  if (ids->len == 0 || self->contents == NULL)
    return;
  first = gtk_bitset_get_minimum (selected);
  last = gtk_bitset_get_maximum (selected);
  if (g_str_equal (name, "board.earlier"))
    before = kalon_board_view_get_item (self, first > 0 ? first - 1 : 0);
  else if (g_str_equal (name, "board.first"))
    before = kalon_board_view_get_item (self, 0);
  else if (g_str_equal (name, "board.later"))
    before = kalon_board_view_get_item (self, last + 2);
  kalon_board_view_move (self, ids, before != NULL ? before->id : 0);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GArray) ids = kalon_board_view_list_selected (self);
  g_autofree char *text = NULL;

  if (ids->len == 0)
    return;
  text = g_strdup_printf (ngettext ("Removed %u picture from the board",
                                    "Removed %u pictures from the board", ids->len),
                          ids->len);
  kalon_boards_page_apply (widget, kalon_board_edit_remove (self->board, ids), text);
}

static void
file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  g_autoptr (GArray) ids = kalon_board_view_list_selected (self);
  g_auto (GStrv) paths = list_paths (self, ids);

  if (paths[0] == NULL)
    return;
  if (g_str_equal (name, "board.copy"))
    {
      g_autoptr (GdkContentProvider) content = kalon_pictures_content ((const char *const *) paths);

      gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
    }
  else
    kalon_picture_show_in_files (widget, paths[0]);
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonBoardView *self = KALON_BOARD_VIEW (widget);
  GtkListItem *list_item
      = kalon_board_view_find_list_item (self, gtk_root_get_focus (gtk_widget_get_root (widget)));
  graphene_rect_t bounds;

  if (list_item == NULL
      || !gtk_widget_compute_bounds (gtk_list_item_get_child (list_item), widget, &bounds))
    return;
  if (!gtk_list_item_get_selected (list_item))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection),
                                     gtk_list_item_get_position (list_item), TRUE);
  gtk_popover_set_pointing_to (
      self->menu, &(GdkRectangle){ (int) (bounds.origin.x + bounds.size.width / 2),
                                   (int) (bounds.origin.y + bounds.size.height / 2), 1, 1 });
  gtk_popover_popup (self->menu);
}

void
kalon_board_view_follow_selection (KalonBoardView *self)
{
  static const char *const of_some[]
      = { "board.open", "board.note",   "board.earlier", "board.later",        "board.first",
          "board.last", "board.remove", "board.copy",    "board.show-in-files" };
  g_autoptr (GtkBitset) selected
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  for (guint i = 0; i < G_N_ELEMENTS (of_some); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_some[i], !gtk_bitset_is_empty (selected));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "board.more-like-these",
                                 kalon_board_view_get_item (self, 0) != NULL);
}

/* Tab comes to a picture without selecting it; a key that is for the selected ones then means it.
 */
static void
select_focused (KalonBoardView *self, guint keyval, GtkWidget *focus)
{
  static const guint of_selected[] = { GDK_KEY_F2, GDK_KEY_Delete, GDK_KEY_KP_Delete, GDK_KEY_c };
  GtkListItem *list_item = kalon_board_view_find_list_item (self, focus);
  g_autoptr (GtkBitset) selected
      = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  if (list_item == NULL || !gtk_bitset_is_empty (selected))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (of_selected); i++)
    if (keyval == of_selected[i])
      gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection),
                                       gtk_list_item_get_position (list_item), TRUE);
}

/* Before the grid, which takes these keys to extend the selection. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint keyval, guint keycode,
                GdkModifierType state, KalonBoardView *self)
{
  const GdkModifierType mask = GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  const char *action;

  if (GTK_IS_TEXT (focus))
    return GDK_EVENT_PROPAGATE;
  select_focused (self, keyval, focus);
  if ((state & mask) != (GDK_CONTROL_MASK | GDK_SHIFT_MASK))
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Left:
      action = rtl ? "board.later" : "board.earlier";
      break;
    case GDK_KEY_Right:
      action = rtl ? "board.earlier" : "board.later";
      break;
    case GDK_KEY_Home:
      action = "board.first";
      break;
    case GDK_KEY_End:
      action = "board.last";
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
  return GDK_EVENT_STOP;
}

void
kalon_board_view_add_keys (KalonBoardView *self)
{
  GtkEventController *controller = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->view), controller);
}

void
kalon_board_view_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "board.open", open_action },  { "board.more-like-these", more_like_these_action },
    { "board.note", note_action },  { "board.earlier", move_action },
    { "board.later", move_action }, { "board.first", move_action },
    { "board.last", move_action },  { "board.remove", remove_action },
    { "board.copy", file_action },  { "board.show-in-files", file_action },
    { "board.menu", menu_action },
  };
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    { GDK_KEY_F2, 0, "board.note" },
    { GDK_KEY_Delete, 0, "board.remove" },
    { GDK_KEY_KP_Delete, 0, "board.remove" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "board.copy" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "board.menu" },
    { GDK_KEY_Menu, 0, "board.menu" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
}
