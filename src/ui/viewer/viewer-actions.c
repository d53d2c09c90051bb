/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-viewer-private.h"

#define ZOOM_STEP 1.25
#define PAN_STEP 0.15

/* Full screen is left before the picture is. */
static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (KALON_VIEWER (widget)->fullscreen)
    gtk_widget_activate_action (widget, "win.fullscreen", NULL);
  else
    g_signal_emit_by_name (widget, "closed");
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *name;
    gint64 by;
  } steps[] = {
    { "viewer.next", 1 },
    { "viewer.previous", -1 },
    { "viewer.first", -(gint64) G_MAXUINT },
    { "viewer.last", G_MAXUINT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (name, steps[i].name))
      kalon_viewer_step (KALON_VIEWER (widget), steps[i].by);
}

static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonPictureView *view = kalon_picture_pane_get_view (KALON_VIEWER (widget)->pane);
  const char *action = name + strlen ("viewer.");
  gboolean fit = kalon_picture_view_is_fit (view);

  if (g_str_equal (action, "zoom-in"))
    kalon_picture_view_zoom_by (view, ZOOM_STEP);
  else if (g_str_equal (action, "zoom-out"))
    kalon_picture_view_zoom_by (view, 1 / ZOOM_STEP);
  else if (g_str_equal (action, "zoom-original") || (g_str_equal (action, "zoom-toggle") && fit))
    kalon_picture_view_zoom_original (view);
  else if (g_str_equal (action, "zoom-fit") || g_str_equal (action, "zoom-toggle"))
    kalon_picture_view_zoom_fit (view);
  else if (g_str_equal (action, "turn-right") || g_str_equal (action, "turn-left"))
    kalon_picture_view_turn (view, g_str_equal (action, "turn-right"));
  else
    {
      double x, y;

      g_variant_get (parameter, "(dd)", &x, &y);
      kalon_picture_view_pan (view, x, y);
    }
}

static void
thumb_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit_by_name (widget, "thumb", g_str_equal (name, "viewer.like"));
}

static void
details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = KALON_VIEWER (widget)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
more_like_this_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const KalonPicture *picture = kalon_picture_pane_get_picture (KALON_VIEWER (widget)->pane);
  g_autofree char *path = picture != NULL ? g_strdup (picture->path) : NULL;

  if (path != NULL)
    g_signal_emit_by_name (widget, "more-like-this", path);
}

/* Of the window, for this picture. */
static void
window_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *name;
    const char *window_name;
  } actions[] = {
    { "viewer.copy", "win.copy-pictures" },
    { "viewer.show-in-files", "win.show-pictures" },
    { "viewer.open-with", "win.open-pictures-with" },
    { "viewer.set-wallpaper", "win.set-wallpaper" },
    { "viewer.export", "win.export-pictures" },
    { "viewer.trash", "win.trash-pictures" },
    { "viewer.compare", "win.compare-pictures" },
  };
  gint64 id = kalon_picture_pane_get_id (KALON_VIEWER (widget)->pane);

  for (guint i = 0; i < G_N_ELEMENTS (actions) && id != 0; i++)
    if (g_str_equal (name, actions[i].name))
      gtk_widget_activate_action_variant (
          widget, actions[i].window_name,
          g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &id, 1, sizeof id));
}

/* Forward is where the text runs to. */
static gboolean
arrow_pressed (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  int by = g_variant_get_int32 (args);

  kalon_viewer_step (KALON_VIEWER (widget),
                     gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? -by : by);
  return GDK_EVENT_STOP;
}

static const char *const window_actions[] = {
  "viewer.copy",   "viewer.show-in-files", "viewer.open-with", "viewer.set-wallpaper",
  "viewer.export", "viewer.trash",         "viewer.compare",
};

void
kalon_viewer_update_actions (KalonViewer *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  KalonPictureView *view = kalon_picture_pane_get_view (self->pane);
  gboolean known = self->item != NULL && kalon_picture_pane_get_picture (self->pane) != NULL;
  gboolean takes_thumbs = known && kalon_result_item_takes_thumbs (self->item);
  guint position = 0, n_items = 0;
  gboolean found = kalon_viewer_get_position (self, &position);

  if (self->model != NULL)
    n_items = g_list_model_get_n_items (G_LIST_MODEL (self->model));
  gtk_widget_action_set_enabled (widget, "viewer.previous", found && position > 0);
  gtk_widget_action_set_enabled (widget, "viewer.next", found && position + 1 < n_items);
  gtk_widget_action_set_enabled (widget, "viewer.zoom-out", !kalon_picture_view_is_fit (view));
  gtk_widget_action_set_enabled (widget, "viewer.like", takes_thumbs);
  gtk_widget_action_set_enabled (widget, "viewer.dislike", takes_thumbs);
  gtk_widget_action_set_enabled (widget, "viewer.more-like-this", known);
  for (guint i = 0; i < G_N_ELEMENTS (window_actions); i++)
    gtk_widget_action_set_enabled (widget, window_actions[i], known);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    GdkModifierType state;
    const char *action;
  } keys[] = {
    /* Menus name the last key of an action. */
    { GDK_KEY_equal, 0, "viewer.zoom-in" },
    { GDK_KEY_KP_Add, 0, "viewer.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_KP_Subtract, 0, "viewer.zoom-out" },
    { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "viewer.zoom-out" },
    { GDK_KEY_KP_Delete, 0, "viewer.trash" },
    { GDK_KEY_Escape, 0, "viewer.close" },
    { GDK_KEY_Left, GDK_ALT_MASK, "viewer.close" },
    { GDK_KEY_Page_Down, 0, "viewer.next" },
    { GDK_KEY_Page_Up, 0, "viewer.previous" },
    { GDK_KEY_Home, 0, "viewer.first" },
    { GDK_KEY_End, 0, "viewer.last" },
    { GDK_KEY_plus, 0, "viewer.zoom-in" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "viewer.zoom-in" },
    { GDK_KEY_minus, 0, "viewer.zoom-out" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "viewer.zoom-out" },
    { GDK_KEY_0, 0, "viewer.zoom-fit" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "viewer.zoom-fit" },
    { GDK_KEY_1, 0, "viewer.zoom-original" },
    { GDK_KEY_r, GDK_CONTROL_MASK, "viewer.turn-right" },
    { GDK_KEY_r, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "viewer.turn-left" },
    { GDK_KEY_F9, 0, "viewer.details" },
    { GDK_KEY_Return, GDK_ALT_MASK, "viewer.details" },
    { GDK_KEY_c, GDK_CONTROL_MASK, "viewer.copy" },
    { GDK_KEY_o, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "viewer.open-with" },
    { GDK_KEY_F8, GDK_CONTROL_MASK, "viewer.set-wallpaper" },
    { GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "viewer.compare" },
    { GDK_KEY_Delete, 0, "viewer.trash" },
    { GDK_KEY_u, 0, "viewer.like" },
    { GDK_KEY_d, 0, "viewer.dislike" },
    { GDK_KEY_b, 0, "win.add-to-board" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo" },
  };
  static const struct
  {
    guint key;
    double x, y;
  } pans[] = {
    { GDK_KEY_Left, -PAN_STEP, 0 },
    { GDK_KEY_Right, PAN_STEP, 0 },
    { GDK_KEY_Up, 0, -PAN_STEP },
    { GDK_KEY_Down, 0, PAN_STEP },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, keys[i].state, keys[i].action,
                                         NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, arrow_pressed, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, arrow_pressed, "i", -1);
  for (guint i = 0; i < G_N_ELEMENTS (pans); i++)
    gtk_widget_class_add_binding_action (widget_class, pans[i].key, GDK_CONTROL_MASK, "viewer.pan",
                                         "(dd)", pans[i].x, pans[i].y);
}

void
kalon_viewer_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "viewer.close", close_action },        { "viewer.next", step_action },
    { "viewer.previous", step_action },      { "viewer.first", step_action },
    { "viewer.last", step_action },          { "viewer.zoom-in", view_action },
    { "viewer.zoom-out", view_action },      { "viewer.zoom-fit", view_action },
    { "viewer.zoom-original", view_action }, { "viewer.zoom-toggle", view_action },
    { "viewer.turn-right", view_action },    { "viewer.turn-left", view_action },
    { "viewer.details", details_action },    { "viewer.like", thumb_action },
    { "viewer.dislike", thumb_action },      { "viewer.more-like-this", more_like_this_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
  gtk_widget_class_install_action (widget_class, "viewer.pan", "(dd)", view_action);
  for (guint i = 0; i < G_N_ELEMENTS (window_actions); i++)
    gtk_widget_class_install_action (widget_class, window_actions[i], NULL, window_action);
  add_keys (widget_class);
}
