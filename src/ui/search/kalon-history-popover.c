/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-history-popover.h"
#include "search/kalon-history-row.h"
#include "search/kalon-name-dialog.h"

/* Of each kind: more is easier found by typing. */
#define MAX_ROWS 12

struct _KalonHistoryPopover
{
  GtkPopover parent_instance;

  KalonHistory *history;
  GCancellable *cancellable; /* (nullable): of the search for searches under way */
  KalonQuestion *current;    /* (nullable): not to be listed */
  char *renamed;             /* (nullable): while its new name is asked for */

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (KalonHistoryPopover, kalon_history_popover, GTK_TYPE_POPOVER)

enum
{
  FOUND,
  CHOSEN,
  LEFT,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonHistoryPopover) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_history_change_finish (KALON_HISTORY (object), result, &error))
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

/* To a neighbour, before @row is gone. */
static void
pass_focus_on (KalonHistoryPopover *self, GtkWidget *row)
{
  GtkWidget *next = gtk_widget_get_next_sibling (row);

  if (gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != row)
    return;
  if (next == NULL)
    next = gtk_widget_get_prev_sibling (row);
  if (next != NULL)
    gtk_widget_grab_focus (next);
  else
    g_signal_emit (self, signals[LEFT], 0);
}

static void
remove_cb (KalonHistoryPopover *self, KalonHistoryRow *row)
{
  const KalonHistoryEntry *entry = kalon_history_row_get_entry (row);

  if (entry->name != NULL)
    {
      kalon_history_remove_saved_async (self->history, entry->name, changed_cb,
                                        g_object_ref (self));
      kalon_history_row_set_removed (row, TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (row));
      return;
    }
  kalon_history_remove_async (self->history, entry->id, changed_cb, g_object_ref (self));
  pass_focus_on (self, GTK_WIDGET (row));
  gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
undo_cb (KalonHistoryPopover *self, KalonHistoryRow *row)
{
  const KalonHistoryEntry *entry = kalon_history_row_get_entry (row);

  kalon_history_save_async (self->history, entry->name, entry->question, changed_cb,
                            g_object_ref (self));
  kalon_history_row_set_removed (row, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
renamed_cb (const char *name, gpointer user_data)
{
  KalonHistoryPopover *self = user_data;

  if (!g_str_equal (name, self->renamed))
    kalon_history_rename_saved_async (self->history, self->renamed, name, changed_cb,
                                      g_object_ref (self));
}

static void
rename_cb (KalonHistoryPopover *self, KalonHistoryRow *row)
{
  g_free (self->renamed);
  self->renamed = g_strdup (kalon_history_row_get_entry (row)->name);
  gtk_popover_popdown (GTK_POPOVER (self));
  kalon_name_dialog_show (GTK_WIDGET (self), _ ("Rename the Search"), _ ("_Rename"), self->renamed,
                          renamed_cb, G_OBJECT (self));
}

static void
row_activated_cb (KalonHistoryPopover *self, KalonHistoryRow *row)
{
  g_autoptr (KalonQuestion) question
      = kalon_question_copy (kalon_history_row_get_entry (row)->question);

  g_signal_emit (self, signals[CHOSEN], 0, question);
}

/* Above the first row is the entry. */
static gboolean
key_pressed_cb (KalonHistoryPopover *self, guint keyval, guint keycode, GdkModifierType state)
{
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  if (keyval == GDK_KEY_Escape)
    {
      gtk_popover_popdown (GTK_POPOVER (self));
      g_signal_emit (self, signals[LEFT], 0);
      return GDK_EVENT_STOP;
    }
  if ((keyval != GDK_KEY_Up && keyval != GDK_KEY_KP_Up)
      || gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != first)
    return GDK_EVENT_PROPAGATE;
  g_signal_emit (self, signals[LEFT], 0);
  return GDK_EVENT_STOP;
}

/* @entry: (transfer full) */
static void
append_row (KalonHistoryPopover *self, KalonHistoryEntry *entry)
{
  GtkWidget *row = kalon_history_row_new (entry);

  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "rename", G_CALLBACK (rename_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "undo", G_CALLBACK (undo_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (self->list, row);
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonHistoryPopover) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries
      = kalon_history_find_finish (KALON_HISTORY (object), result, &error);
  GtkWidget *row;
  guint n = 0;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (entries == NULL)
    {
      g_message ("Earlier searches cannot be read: %s", error->message);
      g_signal_emit (self, signals[FOUND], 0, 0);
      return;
    }
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  while (entries->len > 0)
    {
      KalonHistoryEntry *entry = g_ptr_array_steal_index (entries, 0);

      if (kalon_question_equal (entry->question, self->current))
        kalon_history_entry_free (entry);
      else
        {
          append_row (self, entry);
          n++;
        }
    }
  g_signal_emit (self, signals[FOUND], 0, n);
}

static void
kalon_history_popover_dispose (GObject *object)
{
  KalonHistoryPopover *self = KALON_HISTORY_POPOVER (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->history);
  G_OBJECT_CLASS (kalon_history_popover_parent_class)->dispose (object);
}

static void
kalon_history_popover_finalize (GObject *object)
{
  KalonHistoryPopover *self = KALON_HISTORY_POPOVER (object);

  kalon_question_free (self->current);
  g_free (self->renamed);
  G_OBJECT_CLASS (kalon_history_popover_parent_class)->finalize (object);
}

static void
kalon_history_popover_class_init (KalonHistoryPopoverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_history_popover_dispose;
  object_class->finalize = kalon_history_popover_finalize;

  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LEFT] = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-history-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonHistoryPopover, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kalon_history_popover_init (KalonHistoryPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_history_popover_set_history (KalonHistoryPopover *self, KalonHistory *history)
{
  g_return_if_fail (KALON_IS_HISTORY_POPOVER (self));
  g_return_if_fail (KALON_IS_HISTORY (history));
  g_return_if_fail (self->history == NULL);

  self->history = g_object_ref (history);
}

void
kalon_history_popover_find (KalonHistoryPopover *self, const char *text,
                            const KalonQuestion *current)
{
  g_return_if_fail (KALON_IS_HISTORY_POPOVER (self));
  g_return_if_fail (self->history != NULL);
  g_return_if_fail (text != NULL && current != NULL);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  kalon_question_free (self->current);
  self->current = kalon_question_copy (current);
  kalon_history_find_async (self->history, text, MAX_ROWS, self->cancellable, found_cb,
                            g_object_ref (self));
}

void
kalon_history_popover_focus (KalonHistoryPopover *self)
{
  GtkWidget *first;

  g_return_if_fail (KALON_IS_HISTORY_POPOVER (self));

  first = gtk_widget_get_first_child (GTK_WIDGET (self->list));
  if (first != NULL)
    gtk_widget_grab_focus (first);
}
