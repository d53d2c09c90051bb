/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-events-panel-private.h"
#include "training/kalon-training-private.h"

static void
forgotten_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonEventsPanel) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  if (!kalon_thumbs_forget_finish (KALON_THUMBS (object), result, &n, &error))
    {
      kalon_training_say (GTK_WIDGET (self), error->message, FALSE);
      return;
    }
  /* A picture goes from other thumbs too, which then are not what they were. */
  text = g_strdup_printf (ngettext ("%u thumb forgotten", "%u thumbs forgotten or changed", n), n);
  kalon_training_say (GTK_WIDGET (self), text, n > 0);
}

static void
forget_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonEventsPanel *self = KALON_EVENTS_PANEL (widget);
  KalonThumbs *thumbs = kalon_session_get_services (self->session)->thumbs;

  if (g_str_equal (name, "events.forget"))
    kalon_thumbs_forget_async (thumbs, g_variant_get_int64 (parameter), forgotten_cb,
                               g_object_ref (self));
  else if (g_str_equal (name, "events.forget-query"))
    kalon_thumbs_forget_query_async (thumbs, g_variant_get_string (parameter, NULL), forgotten_cb,
                                     g_object_ref (self));
  else
    kalon_thumbs_forget_picture_async (thumbs, g_variant_get_string (parameter, NULL), forgotten_cb,
                                       g_object_ref (self));
}

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_training_open (widget, g_variant_get_int64 (parameter));
}

/* @target: (transfer floating) */
static void
append (GMenu *menu, const char *label, const char *action, GVariant *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

void
kalon_events_panel_show_menu (KalonEventsPanel *self, KalonEventRow *row)
{
  KalonEventItem *item = kalon_event_row_get_item (row);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) look = g_menu_new ();
  g_autoptr (GMenu) forget = g_menu_new ();
  gint64 picture = kalon_event_item_get_picture (item);
  graphene_rect_t bounds;

  if (picture != 0)
    append (look, _ ("_Open Picture"), "events.open", g_variant_new_int64 (picture));
  append (forget, _ ("_Forget"), "events.forget",
          g_variant_new_int64 (kalon_event_item_get_id (item)));
  append (forget, _ ("Forget This _Query"), "events.forget-query",
          g_variant_new_string (kalon_event_item_get_query (item)));
  append (forget, _ ("Forget This _Picture"), "events.forget-picture",
          g_variant_new_string (kalon_event_item_get_content_hash (item)));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (look));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (forget));
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  if (gtk_widget_compute_bounds (kalon_event_row_get_menu_button (row), GTK_WIDGET (self), &bounds))
    gtk_popover_set_pointing_to (
        self->menu, &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                     (int) bounds.size.width, (int) bounds.size.height });
  gtk_popover_popup (self->menu);
}

void
kalon_events_panel_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "events.forget", "x", forget_action);
  gtk_widget_class_install_action (widget_class, "events.forget-query", "s", forget_action);
  gtk_widget_class_install_action (widget_class, "events.forget-picture", "s", forget_action);
  gtk_widget_class_install_action (widget_class, "events.open", "x", open_action);
}
