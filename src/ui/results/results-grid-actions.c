/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-results-grid-private.h"

KalonResultItem *
kalon_results_grid_dup_only_item (KalonResultsGrid *self)
{
  if (kalon_picture_selection_get_n (self->selection) != 1)
    return NULL;
  return g_list_model_get_item (G_LIST_MODEL (self->model),
                                kalon_picture_selection_get_first (self->selection));
}

/* The one with the focus, of several. */
static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  GtkListItem *focused = kalon_results_grid_get_focused (self);
  guint position = kalon_picture_selection_get_first (self->selection);

  if (focused != NULL
      && gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->selection),
                                          gtk_list_item_get_position (focused)))
    position = gtk_list_item_get_position (focused);
  if (position != GTK_INVALID_LIST_POSITION)
    g_signal_emit_by_name (self, "opened", position);
}

/* More, or not: the signals are called as the actions are. */
static void
like_this_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (KalonResultItem) item = kalon_results_grid_dup_only_item (KALON_RESULTS_GRID (widget));
  const KalonPicture *picture = item != NULL ? kalon_result_item_get_picture (item) : NULL;

  if (picture != NULL)
    {
      /* The picture belongs to a result that the new search replaces. */
      g_autofree char *path = g_strdup (picture->path);

      g_signal_emit_by_name (widget, name + strlen ("results."), path);
    }
}

static GVariant *
create_target (KalonResultsGrid *self)
{
  g_autoptr (GArray) ids = kalon_picture_selection_list (self->selection);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids->data, ids->len, sizeof (gint64));
}

/* Of the window, for all that is selected. */
static void
window_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *name;
    const char *window_name;
  } actions[] = {
    { "results.copy", "win.copy-pictures" },
    { "results.show-in-files", "win.show-pictures" },
    { "results.open-with", "win.open-pictures-with" },
    { "results.set-wallpaper", "win.set-wallpaper" },
    { "results.export", "win.export-pictures" },
    { "results.trash", "win.trash-pictures" },
    { "results.compare", "win.compare-pictures" },
    { "results.pin", "win.compare-pictures" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i].name))
      gtk_widget_activate_action_variant (widget, actions[i].window_name,
                                          create_target (KALON_RESULTS_GRID (widget)));
}

static void
select_none_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  guint first = kalon_picture_selection_get_first (self->selection);

  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->selection));
  /* From the bar, which goes: not to the top, where one may not have been. */
  if (kalon_results_grid_get_focused (self) == NULL && first != GTK_INVALID_LIST_POSITION)
    kalon_results_grid_go_to (self, first);
}

/* Out of many, before Escape means the search. */
static gboolean
escape_pressed (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  if (kalon_picture_selection_get_n (KALON_RESULTS_GRID (widget)->selection) < 2)
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_activate_action (widget, "results.select-none", NULL);
}

/* Both, or one with the next. */
static gboolean
compare_pressed (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  guint n = kalon_picture_selection_get_n (KALON_RESULTS_GRID (widget)->selection);

  return gtk_widget_activate_action (widget, n == 1 ? "results.pin" : "results.compare", NULL);
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

/* (transfer full) (nullable): with the focus, or while a menu has taken that, the selected one. */
static KalonResultItem *
dup_item_at_hand (KalonResultsGrid *self)
{
  KalonResultCell *cell = kalon_results_grid_get_focused_cell (self);

  return cell != NULL ? g_object_ref (kalon_result_cell_get_item (cell))
                      : kalon_results_grid_dup_only_item (self);
}

/* For all that is selected, or the one at hand. */
static void
like_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  gboolean liked = g_str_equal (name, "results.like");
  g_autoptr (KalonResultItem) item = NULL;

  if (kalon_picture_selection_get_n (self->selection) > 1)
    {
      gtk_widget_activate_action (widget, "win.thumb-pictures", "(@axb)", create_target (self),
                                  liked);
      return;
    }
  item = dup_item_at_hand (self);
  if (item != NULL && kalon_result_item_takes_thumbs (item))
    emit_thumb (self, kalon_result_item_get_picture_id (item), liked);
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
  g_autoptr (KalonResultItem) item = dup_item_at_hand (self);

  if (item != NULL)
    kalon_results_grid_set_unfolded (self, kalon_result_item_get_picture_id (item),
                                     !kalon_result_item_is_unfolded (item));
}

static void
menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonResultsGrid *self = KALON_RESULTS_GRID (widget);
  GtkListItem *focused = kalon_results_grid_get_focused (self);

  if (focused != NULL)
    kalon_results_grid_pop_up_menu (self, focused);
}

void
kalon_results_grid_list_selected (KalonResultsGrid *self, GArray *pictures)
{
  g_autoptr (GArray) selected = NULL;
  KalonResultCell *cell;

  g_return_if_fail (KALON_IS_RESULTS_GRID (self));
  g_return_if_fail (pictures != NULL);

  selected = kalon_picture_selection_list (self->selection);
  cell = kalon_results_grid_get_focused_cell (self);
  if (selected->len > 0)
    g_array_append_vals (pictures, selected->data, selected->len);
  else if (cell != NULL)
    {
      gint64 id = kalon_result_item_get_picture_id (kalon_result_cell_get_item (cell));

      g_array_append_val (pictures, id);
    }
}

void
kalon_results_grid_follow_selection (KalonResultsGrid *self)
{
  /* How many pictures an action is for: 1, 2, or any number. */
  static const struct
  {
    const char *name;
    guint least, most;
  } actions[] = {
    { "results.open", 1, G_MAXUINT },
    { "results.more-like-this", 1, 1 },
    { "results.not-like-this", 1, 1 },
    { "results.pin", 1, 1 },
    { "results.compare", 2, 2 },
    { "results.open-with", 1, 1 },
    { "results.set-wallpaper", 1, 1 },
    { "results.copy", 1, G_MAXUINT },
    { "results.show-in-files", 1, G_MAXUINT },
    { "results.export", 1, G_MAXUINT },
    { "results.trash", 1, G_MAXUINT },
    { "results.like", 1, G_MAXUINT },
    { "results.dislike", 1, G_MAXUINT },
    { "results.select-none", 1, G_MAXUINT },
  };
  guint n = kalon_picture_selection_get_n (self->selection);
  g_autoptr (KalonResultItem) item = kalon_results_grid_dup_only_item (self);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i].name,
                                   n >= actions[i].least && n <= actions[i].most);
  gtk_widget_action_set_enabled (
      GTK_WIDGET (self), "results.toggle-duplicates",
      item != NULL && !kalon_result_item_is_compared (item)
          && (kalon_result_item_get_n_duplicates (item) > 0 || kalon_result_item_is_behind (item)));
  if (n > 1)
    {
      /* Translators: pictures. */
      g_autofree char *text = g_strdup_printf (ngettext ("%u selected", "%u selected", n), n);

      gtk_label_set_text (self->selected_label, text);
    }
  /* While it is not to be seen it takes no room, and tells nothing. */
  gtk_widget_set_visible (GTK_WIDGET (self->bar), n > 1);
  gtk_action_bar_set_revealed (self->bar, n > 1);
  kalon_results_grid_resolve (self);
  kalon_results_grid_tell_selected (self);
}

void
kalon_results_grid_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const window_actions[]
      = { "results.copy",   "results.show-in-files", "results.open-with", "results.set-wallpaper",
          "results.export", "results.trash",         "results.compare",   "results.pin" };
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    /* Menus name the last key of an action. */
    { GDK_KEY_F10, GDK_SHIFT_MASK, "results.menu" },
    { GDK_KEY_KP_Add, 0, "results.like" },
    { GDK_KEY_KP_Subtract, 0, "results.dislike" },
    { GDK_KEY_KP_Delete, 0, "results.trash" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "results.copy" },
    { GDK_KEY_Menu, 0, "results.menu" },
    { GDK_KEY_plus, 0, "results.like" },
    { GDK_KEY_minus, 0, "results.dislike" },
    { GDK_KEY_u, GDK_CONTROL_MASK, "results.toggle-duplicates" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo" },
    { GDK_KEY_Delete, 0, "results.trash" },
    { GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "results.select-none" },
  };

  gtk_widget_class_install_action (widget_class, "results.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "results.more-like-this", NULL, like_this_action);
  gtk_widget_class_install_action (widget_class, "results.not-like-this", NULL, like_this_action);
  for (guint i = 0; i < G_N_ELEMENTS (window_actions); i++)
    gtk_widget_class_install_action (widget_class, window_actions[i], NULL, window_action);
  gtk_widget_class_install_action (widget_class, "results.select-none", NULL, select_none_action);
  gtk_widget_class_install_action (widget_class, "results.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "results.thumb", "(xb)", thumb_action);
  gtk_widget_class_install_action (widget_class, "results.unfold", "x", unfold_action);
  gtk_widget_class_install_action (widget_class, "results.toggle-duplicates", NULL,
                                   toggle_duplicates_action);
  gtk_widget_class_install_action (widget_class, "results.like", NULL, like_action);
  gtk_widget_class_install_action (widget_class, "results.dislike", NULL, like_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                compare_pressed, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
}
