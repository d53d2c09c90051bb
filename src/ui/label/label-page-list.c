/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-page-private.h"
#include "label/label-text.h"

static GMenuModel *
create_menu (const char *id)
{
  static const struct
  {
    const char *label;
    const char *action;
  } entries[] = { { N_ ("_Evaluate"), "labels.evaluate" },
                  { N_ ("E_xport…"), "labels.export" },
                  { N_ ("_Remove…"), "labels.remove" } };
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (entries[i].label), NULL);

      g_menu_item_set_action_and_target (item, entries[i].action, "s", id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  const KalonLabelSetInfo *info = kalon_label_set_object_get_info (item);
  g_autofree char *text = kalon_label_describe_set (info);
  g_autofree char *title = g_markup_escape_text (info->name, -1);
  g_autofree char *subtitle = g_markup_escape_text (text, -1);
  g_autoptr (GMenuModel) menu = create_menu (info->id);
  g_autofree char *menu_name = g_strdup_printf (_ ("Menu of “%s”"), info->name);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  g_object_set (row, "title", title, "subtitle", subtitle, "activatable", TRUE, "title-lines", 2,
                NULL);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_set_tooltip_text (button, _ ("More"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, menu_name,
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  return row;
}

static void
activated_cb (KalonLabelPage *self, GtkListBoxRow *row)
{
  g_autoptr (KalonLabelSetObject) object = g_list_model_get_item (
      G_LIST_MODEL (self->store), (guint) gtk_list_box_row_get_index (row));

  kalon_label_page_ask_who (self, kalon_label_set_object_get_info (object)->id);
}

void
kalon_label_page_make_list (KalonLabelPage *self)
{
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->store), create_row, NULL, NULL);
  g_signal_connect_object (self->list_box, "row-activated", G_CALLBACK (activated_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
show (KalonLabelPage *self, GPtrArray *infos)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u label set", "%u label sets", infos->len), infos->len);
  const char *page = gtk_stack_get_visible_child_name (self->stack);
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  while (infos->len > 0)
    g_ptr_array_add (objects, kalon_label_set_object_new (g_ptr_array_steal_index (infos, 0)));
  g_list_store_splice (self->store, 0, g_list_model_get_n_items (G_LIST_MODEL (self->store)),
                       objects->pdata, objects->len);
  gtk_label_set_text (self->list_label, text);
  if (g_strcmp0 (page, "task") == 0 || g_strcmp0 (page, "end") == 0)
    return;
  gtk_stack_set_visible_child_name (self->stack, objects->len > 0 ? "list" : "empty");
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = kalon_label_sets_list_finish (result, &error);

  if (self->session == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (infos != NULL)
    show (self, infos);
  else
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->error_page, text);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }
}

void
kalon_label_page_reload (KalonLabelPage *self)
{
  self->stale = FALSE;
  kalon_label_sets_list_async (self->library_directory, self->cancellable, listed_cb,
                               g_object_ref (self));
}
