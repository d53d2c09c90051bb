/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "operations/kalon-operation-row.h"

struct _KalonOperationRow
{
  GtkListBoxRow parent_instance;

  KalonOperation *operation;
  KalonOperations *operations;

  GtkLabel *title_label;
  GtkButton *pause_button;
  GtkButton *cancel_button;
  GtkProgressBar *progress_bar;
  GtkLabel *detail_label;
  GtkWidget *hint_box;
  GtkLabel *hint_label;
  GtkWidget *error_box;
  GtkLabel *error_label;
};

G_DEFINE_FINAL_TYPE (KalonOperationRow, kalon_operation_row, GTK_TYPE_LIST_BOX_ROW)

static void
set_name (GtkButton *button, const char *icon, const char *name)
{
  gtk_button_set_icon_name (button, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
set_text (GtkLabel *label, GtkWidget *widget, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (widget, text != NULL && *text != '\0');
}

static void
update (KalonOperationRow *self)
{
  KalonOperation *operation = self->operation;
  double fraction = kalon_operation_get_fraction (operation);
  gboolean finished = kalon_operation_is_finished (operation);
  gboolean can_pause, can_cancel;

  g_object_get (operation, "can-pause", &can_pause, "can-cancel", &can_cancel, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), can_pause);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), can_cancel || finished);
  if (kalon_operation_is_paused (operation))
    set_name (self->pause_button, "media-playback-start-symbolic", _ ("Go On"));
  else
    set_name (self->pause_button, "media-playback-pause-symbolic", _ ("Pause"));
  if (finished)
    set_name (self->cancel_button, "window-close-symbolic", _ ("Dismiss"));
  else
    set_name (self->cancel_button, "process-stop-symbolic", _ ("Stop"));

  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), !finished);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress_bar, fraction);
  else if (!kalon_operation_is_paused (operation))
    gtk_progress_bar_pulse (self->progress_bar);
  set_text (self->detail_label, GTK_WIDGET (self->detail_label),
            finished ? NULL : kalon_operation_get_detail (operation));
  set_text (self->hint_label, self->hint_box, kalon_operation_get_hint (operation));
  set_text (self->error_label, self->error_box, kalon_operation_get_error (operation));
}

static void
pause_clicked_cb (KalonOperationRow *self)
{
  kalon_operation_pause (self->operation, !kalon_operation_is_paused (self->operation));
}

static void
cancel_clicked_cb (KalonOperationRow *self)
{
  if (kalon_operation_is_finished (self->operation))
    kalon_operations_remove (self->operations, self->operation);
  else
    kalon_operation_cancel (self->operation);
}

static void
kalon_operation_row_dispose (GObject *object)
{
  KalonOperationRow *self = KALON_OPERATION_ROW (object);

  g_clear_object (&self->operation);
  g_clear_object (&self->operations);
  G_OBJECT_CLASS (kalon_operation_row_parent_class)->dispose (object);
}

static void
kalon_operation_row_class_init (KalonOperationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_operation_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/operations/kalon-operation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, hint_box);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, hint_label);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, error_box);
  gtk_widget_class_bind_template_child (widget_class, KalonOperationRow, error_label);
  gtk_widget_class_bind_template_callback (widget_class, pause_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
}

static void
kalon_operation_row_init (KalonOperationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kalon_operation_row_new (KalonOperation *operation, KalonOperations *operations)
{
  KalonOperationRow *self = g_object_new (KALON_TYPE_OPERATION_ROW, NULL);

  self->operation = g_object_ref (operation);
  self->operations = g_object_ref (operations);
  gtk_label_set_text (self->title_label, kalon_operation_get_title (operation));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  kalon_operation_get_title (operation), -1);
  g_signal_connect_object (operation, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
