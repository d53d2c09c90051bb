/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "viewer/kalon-pair-view-private.h"

#define ZOOM_STEP 1.25
#define PAN_STEP 0.15

/* The one that is looked at, or the first. */
static guint
get_active_side (KalonPairView *self)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  if (kalon_pair_area_get_stacked (self->area))
    return kalon_pair_area_shows_second (self->area) ? 1 : 0;
  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->sides[1].pane)) ? 1 : 0;
}

static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonPairView *self = KALON_PAIR_VIEW (widget);
  guint side = get_active_side (self);
  KalonPictureView *view = kalon_picture_pane_get_view (self->sides[side].pane);

  if (g_str_equal (name, "pair.zoom-in"))
    kalon_picture_view_zoom_by (view, ZOOM_STEP);
  else if (g_str_equal (name, "pair.zoom-out"))
    kalon_picture_view_zoom_by (view, 1 / ZOOM_STEP);
  else if (g_str_equal (name, "pair.zoom-original"))
    kalon_picture_view_zoom_original (view);
  else if (g_str_equal (name, "pair.zoom-fit"))
    {
      self->offset = KALON_NO_OFFSET;
      kalon_picture_view_zoom_fit (view);
      kalon_picture_view_set_place (view, (KalonPicturePlace){ 1, 0.5, 0.5 });
    }
  else if (g_str_equal (name, "pair.turn-right") || g_str_equal (name, "pair.turn-left"))
    kalon_picture_view_turn (view, g_str_equal (name, "pair.turn-right"));
  else
    {
      double x, y;

      g_variant_get (parameter, "(dd)", &x, &y);
      kalon_picture_view_pan (view, x, y);
    }
}

static void
close_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (gtk_widget_get_root (widget))))
    gtk_widget_activate_action (widget, "win.fullscreen", NULL);
  else
    g_signal_emit_by_name (widget, "closed");
}

static void
swap_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_pair_view_swap (KALON_PAIR_VIEW (widget));
}

/* In the same place: first one, then the other. */
static void
flip_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonPairView *self = KALON_PAIR_VIEW (widget);

  if (!kalon_pair_area_get_stacked (self->area))
    g_object_set (self, "stacked", TRUE, NULL);
  else
    kalon_pair_area_show_second (self->area, !kalon_pair_area_shows_second (self->area));
  gtk_widget_grab_focus (GTK_WIDGET (self->sides[get_active_side (self)].pane));
  kalon_pair_view_update (self);
}

static void
details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = KALON_PAIR_VIEW (widget)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
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
    { GDK_KEY_equal, 0, "pair.zoom-in" },
    { GDK_KEY_KP_Add, 0, "pair.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "pair.zoom-in" },
    { GDK_KEY_KP_Subtract, 0, "pair.zoom-out" },
    { GDK_KEY_Escape, 0, "pair.close" },
    { GDK_KEY_Left, GDK_ALT_MASK, "pair.close" },
    { GDK_KEY_space, 0, "pair.flip" },
    { GDK_KEY_s, 0, "pair.swap" },
    { GDK_KEY_f, 0, "pair.stacked" },
    { GDK_KEY_l, 0, "pair.linked" },
    { GDK_KEY_plus, 0, "pair.zoom-in" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "pair.zoom-in" },
    { GDK_KEY_minus, 0, "pair.zoom-out" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "pair.zoom-out" },
    { GDK_KEY_0, 0, "pair.zoom-fit" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "pair.zoom-fit" },
    { GDK_KEY_1, 0, "pair.zoom-original" },
    { GDK_KEY_r, GDK_CONTROL_MASK, "pair.turn-right" },
    { GDK_KEY_r, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "pair.turn-left" },
    { GDK_KEY_F9, 0, "pair.details" },
    { GDK_KEY_Return, GDK_ALT_MASK, "pair.details" },
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
  /* There is no next picture that plain arrows could mean. */
  for (guint i = 0; i < G_N_ELEMENTS (pans); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, pans[i].key, 0, "pair.pan", "(dd)",
                                           pans[i].x, pans[i].y);
      gtk_widget_class_add_binding_action (widget_class, pans[i].key, GDK_CONTROL_MASK, "pair.pan",
                                           "(dd)", pans[i].x, pans[i].y);
    }
}

void
kalon_pair_view_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const view_actions[]
      = { "pair.zoom-in",       "pair.zoom-out",   "pair.zoom-fit",
          "pair.zoom-original", "pair.turn-right", "pair.turn-left" };

  for (guint i = 0; i < G_N_ELEMENTS (view_actions); i++)
    gtk_widget_class_install_action (widget_class, view_actions[i], NULL, view_action);
  gtk_widget_class_install_action (widget_class, "pair.pan", "(dd)", view_action);
  gtk_widget_class_install_action (widget_class, "pair.close", NULL, close_action);
  gtk_widget_class_install_action (widget_class, "pair.swap", NULL, swap_action);
  gtk_widget_class_install_action (widget_class, "pair.flip", NULL, flip_action);
  gtk_widget_class_install_action (widget_class, "pair.details", NULL, details_action);
  add_keys (widget_class);
}
