/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-history-row.h"
#include "search/kalon-question-text.h"

struct _KalonHistoryRow
{
  GtkListBoxRow parent_instance;

  KalonHistoryEntry *entry;
  gboolean removed;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *undo_button;
  GtkWidget *rename_button;
  GtkWidget *remove_button;
};

G_DEFINE_FINAL_TYPE (KalonHistoryRow, kalon_history_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  REMOVE,
  RENAME,
  UNDO,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
remove_cb (KalonHistoryRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
rename_cb (KalonHistoryRow *self)
{
  g_signal_emit (self, signals[RENAME], 0);
}

static void
undo_cb (KalonHistoryRow *self)
{
  g_signal_emit (self, signals[UNDO], 0);
}

static gboolean
key_pressed_cb (KalonHistoryRow *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (self->removed)
    return GDK_EVENT_PROPAGATE;
  if (keyval == GDK_KEY_Delete || keyval == GDK_KEY_KP_Delete)
    remove_cb (self);
  else if (keyval == GDK_KEY_F2 && self->entry->name != NULL)
    rename_cb (self);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
update (KalonHistoryRow *self)
{
  const char *name = self->entry->name;
  g_autofree char *question = kalon_question_to_text (self->entry->question);
  g_autofree char *text = NULL, *label = NULL;

  if (self->removed)
    {
      text = g_strdup_printf (_ ("“%s” was removed"), name);
      label = g_strdup (text);
    }
  else if (name != NULL)
    {
      text = g_strdup (name);
      /* Translators: to be read aloud: its name, and what is searched for. */
      label = g_strdup_printf (_ ("Saved search %s: %s"), name, question);
    }
  else
    {
      text = g_strdup (question);
      label = g_strdup_printf (_ ("Earlier search: %s"), question);
    }
  gtk_label_set_text (self->title, text);
  gtk_label_set_text (self->subtitle, question);
  gtk_widget_set_visible (GTK_WIDGET (self->subtitle),
                          name != NULL && !self->removed && !g_str_equal (name, question));
  gtk_widget_set_visible (self->undo_button, self->removed);
  gtk_widget_set_visible (self->rename_button, name != NULL && !self->removed);
  gtk_widget_set_visible (self->remove_button, !self->removed);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), !self->removed);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), question);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
kalon_history_row_finalize (GObject *object)
{
  kalon_history_entry_free (KALON_HISTORY_ROW (object)->entry);
  G_OBJECT_CLASS (kalon_history_row_parent_class)->finalize (object);
}

static void
kalon_history_row_class_init (KalonHistoryRowClass *klass)
{
  static const char *const names[N_SIGNALS]
      = { [REMOVE] = "remove", [RENAME] = "rename", [UNDO] = "undo" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_history_row_finalize;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                               NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, icon);
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, title);
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, undo_button);
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, rename_button);
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryRow, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
  gtk_widget_class_bind_template_callback (widget_class, rename_cb);
  gtk_widget_class_bind_template_callback (widget_class, undo_cb);
}

static void
kalon_history_row_init (KalonHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kalon_history_row_new (KalonHistoryEntry *entry)
{
  KalonHistoryRow *self;

  g_return_val_if_fail (entry != NULL, NULL);

  self = g_object_new (KALON_TYPE_HISTORY_ROW, NULL);
  self->entry = entry;
  if (entry->name != NULL)
    gtk_image_set_from_icon_name (self->icon, "starred-symbolic");
  update (self);
  return GTK_WIDGET (self);
}

const KalonHistoryEntry *
kalon_history_row_get_entry (KalonHistoryRow *self)
{
  g_return_val_if_fail (KALON_IS_HISTORY_ROW (self), NULL);
  return self->entry;
}

void
kalon_history_row_set_removed (KalonHistoryRow *self, gboolean removed)
{
  g_return_if_fail (KALON_IS_HISTORY_ROW (self));
  self->removed = removed;
  update (self);
}
