/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-picture-actions.h"
#include "results/kalon-results-grid-private.h"

/* (nullable): the selected picture, once it is known. */
static const KalonPicture *
get_selected_picture (KalonResultsGrid *self)
{
  KalonResultItem *item = gtk_single_selection_get_selected_item (self->selection);

  return item != NULL ? kalon_result_item_get_picture (item) : NULL;
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    g_signal_emit_by_name (self, "opened", position);
}

/* More, or not: the signals are called as the actions are. */
static void
like_this_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    {
      /* The picture belongs to a result that the new search replaces. */
      g_autofree char *path = g_strdup (picture->path);

      g_signal_emit_by_name (widget, name + strlen ("results."), path);
    }
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    kalon_picture_copy_to_clipboard (widget, picture->path);
}

static void
show_in_files_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = get_selected_picture (KALON_RESULTS_GRID (widget));

  if (picture != NULL)
    kalon_picture_show_in_files (widget, picture->path);
}

static void
emit_thumb (KalonResultsGrid *self, gint64 picture, gboolean liked)
{
  guint position;

  if (kalon_results_model_find (self->model, picture, &position))
    g_signal_emit_by_name (self, "thumb", position, liked);
}

/* Of a cell's button. */
static void
thumb_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gint64 picture;
  gboolean liked;

  g_variant_get (parameter, "(xb)", &picture, &liked);
  emit_thumb (KALON_RESULTS_GRID (widget), picture, liked);
}

/* (nullable): with the focus, or while a menu has taken that, the selected one. */
static KalonResultItem *
get_item_at_hand (KalonResultsGrid *self)
{
  KalonResultCell *cell = kalon_results_grid_get_focused_cell (self);

  return cell != NULL ? kalon_result_cell_get_item (cell)
                      : gtk_single_selection_get_selected_item (self->selection);
}

/* Of a key, or the menu. */
static void
like_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  KalonResultItem *item = get_item_at_hand (self);

  if (item != NULL && kalon_result_item_takes_thumbs (item))
    emit_thumb (self, kalon_result_item_get_picture_id (item), g_str_equal (name, "results.like"));
}

/* Of a cell's button. */
static void
unfold_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  gint64 picture = g_variant_get_int64 (parameter);

  kalon_results_grid_set_unfolded (self, picture,
                                   !kalon_results_model_is_unfolded (self->model, picture));
}

/* Of a key or the menu. */
static void
toggle_duplicates_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  KalonResultItem *item = get_item_at_hand (self);

  if (item != NULL)
    kalon_results_grid_set_unfolded (self, kalon_result_item_get_picture_id (item),
                                     !kalon_result_item_is_unfolded (item));
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  GtkWidget *cell = (GtkWidget *) kalon_results_grid_get_focused_cell (self);
  GHashTableIter iter;
  gpointer list_item;

  if (cell == NULL)
    return;
  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, NULL))
    if (gtk_list_item_get_child (list_item) == cell)
      {
        graphene_rect_t bounds;

        gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (list_item));
        if (!gtk_widget_compute_bounds (cell, widget, &bounds))
          return;
        gtk_popover_set_pointing_to (
            self->menu, &(GdkRectangle){ (int) (bounds.origin.x + bounds.size.width / 2),
                                         (int) (bounds.origin.y + bounds.size.height / 2), 1, 1 });
        gtk_popover_popup (self->menu);
        return;
      }
}

void
kalon_results_grid_list_selected (KalonResultsGrid *self, GArray *pictures)
{
  KalonResultItem *item;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));

  item = gtk_single_selection_get_selected_item (self->selection);
  if (item == NULL)
    {
      KalonResultCell *cell = kalon_results_grid_get_focused_cell (self);

      item = cell != NULL ? kalon_result_cell_get_item (cell) : NULL;
    }
  if (item != NULL)
    {
      gint64 id = kalon_result_item_get_picture_id (item);

      g_array_append_val (pictures, id);
    }
}

void
kalon_results_grid_follow_selection (KalonResultsGrid *self)
{
  gboolean selected
      = gtk_single_selection_get_selected (self->selection) != GTK_INVALID_LIST_POSITION;
  const char *const names[] = { "results.open",   "results.more-like-this", "results.not-like-this",
                                "results.copy",   "results.show-in-files",  "results.like",
                                "results.dislike" };

  KalonResultItem *item = gtk_single_selection_get_selected_item (self->selection);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], selected);
  gtk_widget_action_set_enabled (
      GTK_WIDGET (self), "results.toggle-duplicates",
      item != NULL && !kalon_result_item_is_compared (item)
          && (kalon_result_item_get_n_duplicates (item) > 0 || kalon_result_item_is_behind (item)));
  kalon_results_grid_tell_selected (self);
}

void
kalon_results_grid_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    { GDK_KEY_c, GDK_CONTROL_MASK, "results.copy" },
    { GDK_KEY_F10, GDK_SHIFT_MASK, "results.menu" },
    { GDK_KEY_Menu, 0, "results.menu" },
    { GDK_KEY_plus, 0, "results.like" },
    { GDK_KEY_KP_Add, 0, "results.like" },
    { GDK_KEY_minus, 0, "results.dislike" },
    { GDK_KEY_KP_Subtract, 0, "results.dislike" },
    { GDK_KEY_u, GDK_CONTROL_MASK, "results.toggle-duplicates" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-thumb" },
  };

  gtk_widget_class_install_action (widget_class, "results.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "results.more-like-this", NULL, like_this_action);
  gtk_widget_class_install_action (widget_class, "results.not-like-this", NULL, like_this_action);
  gtk_widget_class_install_action (widget_class, "results.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "results.show-in-files", NULL,
                                   show_in_files_action);
  gtk_widget_class_install_action (widget_class, "results.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "results.thumb", "(xb)", thumb_action);
  gtk_widget_class_install_action (widget_class, "results.unfold", "x", unfold_action);
  gtk_widget_class_install_action (widget_class, "results.toggle-duplicates", NULL,
                                   toggle_duplicates_action);
  gtk_widget_class_install_action (widget_class, "results.like", NULL, like_action);
  gtk_widget_class_install_action (widget_class, "results.dislike", NULL, like_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
}
