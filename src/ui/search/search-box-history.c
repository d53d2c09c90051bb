/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "search/kalon-name-dialog.h"
#include "search/kalon-pasted.h"
#include "search/kalon-question-text.h"
#include "search/kalon-search-box-private.h"

static void
tell (KalonSearchBox *self, const char *message)
{
  g_signal_emit_by_name (self, "message", message);
}

static void
find (KalonSearchBox *self)
{
  kalon_history_popover_find (self->popover, gtk_editable_get_text (self->entry),
                              kalon_search_get_question (self->search));
}

/* As wide as what it is under. */
static void
popup (KalonSearchBox *self)
{
  graphene_rect_t bounds;

  if (gtk_widget_compute_bounds (GTK_WIDGET (self->entry_box), GTK_WIDGET (self), &bounds))
    {
      gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                                   &(GdkRectangle){ (int) bounds.origin.x, (int) bounds.origin.y,
                                                    (int) bounds.size.width,
                                                    (int) bounds.size.height });
      gtk_widget_set_size_request (GTK_WIDGET (self->popover), MAX ((int) bounds.size.width, 280),
                                   -1);
    }
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
found_cb (KalonSearchBox *self, guint n)
{
  gboolean down = self->into_history;

  self->into_history = FALSE;
  if (n == 0)
    {
      gtk_popover_popdown (GTK_POPOVER (self->popover));
      if (down)
        g_signal_emit_by_name (self, "leave");
      return;
    }
  popup (self);
  if (down)
    kalon_history_popover_focus (self->popover);
}

static void
chosen_cb (KalonSearchBox *self, const KalonQuestion *question)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  /* Also where only what was typed besides differs. */
  kalon_search_box_show_words (self, question->text);
  kalon_search_set_question (self->search, question);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
left_cb (KalonSearchBox *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
focus_left_cb (KalonSearchBox *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
entry_pressed_cb (KalonSearchBox *self)
{
  if (*gtk_editable_get_text (self->entry) == '\0')
    kalon_search_box_show_history (self);
}

void
kalon_search_box_init_history (KalonSearchBox *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->popover = g_object_new (KALON_TYPE_HISTORY_POPOVER, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->popover), GTK_WIDGET (self));
  g_signal_connect_object (self->popover, "found", G_CALLBACK (found_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->popover, "chosen", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->popover, "left", G_CALLBACK (left_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->popover, "failed", G_CALLBACK (tell), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (focus, "leave", G_CALLBACK (focus_left_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  /* Seen on the way to the entry, which does with it what it wants. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (entry_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), GTK_EVENT_CONTROLLER (click));
}

void
kalon_search_box_set_history (KalonSearchBox *self, KalonHistory *history)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));
  g_return_if_fail (self->history == NULL);

  self->history = g_object_ref (history);
  kalon_history_popover_set_history (self->popover, history);
}

void
kalon_search_box_show_history (KalonSearchBox *self)
{
  g_return_if_fail (KALON_IS_SEARCH_BOX (self));

  if (self->history != NULL)
    find (self);
}

gboolean
kalon_search_box_hide_history (KalonSearchBox *self)
{
  if (!gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    return FALSE;
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  return TRUE;
}

void
kalon_search_box_enter_history (KalonSearchBox *self)
{
  if (self->history == NULL)
    g_signal_emit_by_name (self, "leave");
  else if (gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    kalon_history_popover_focus (self->popover);
  else
    {
      self->into_history = TRUE;
      find (self);
    }
}

void
kalon_search_box_follow_history (KalonSearchBox *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->popover)))
    find (self);
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearchBox) self = user_data;
  g_autoptr (GError) error = NULL;

  tell (self, kalon_history_change_finish (KALON_HISTORY (object), result, &error)
                  ? _ ("The search is saved")
                  : error->message);
}

static void
named_cb (const char *name, gpointer user_data)
{
  KalonSearchBox *self = user_data;

  kalon_history_save_async (self->history, name, kalon_search_get_question (self->search), saved_cb,
                            g_object_ref (self));
}

void
kalon_search_box_save (KalonSearchBox *self)
{
  const KalonQuestion *question;
  g_autofree char *name = NULL;

  g_return_if_fail (KALON_IS_SEARCH_BOX (self));

  question = kalon_search_get_question (self->search);
  if (kalon_question_is_empty (question))
    {
      tell (self, _ ("Search for something first, then save the search"));
      return;
    }
  if (kalon_pasted_is_in (question))
    {
      tell (self, _ ("A pasted picture is not kept: save it as a file, and search by that"));
      return;
    }
  name = kalon_question_to_text (question);
  kalon_name_dialog_show (GTK_WIDGET (self), _ ("Save the Search"), _ ("_Save"), name, named_cb,
                          G_OBJECT (self));
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearchBox) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_history_change_finish (KALON_HISTORY (object), result, &error))
    tell (self, error->message);
}

static void
clear_response_cb (KalonSearchBox *self, const char *response)
{
  if (g_str_equal (response, "clear"))
    kalon_history_clear_async (self->history, cleared_cb, g_object_ref (self));
}

void
kalon_search_box_clear_history (KalonSearchBox *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *dialog
      = adw_message_dialog_new (window, _ ("Clear the History?"),
                                _ ("What you searched for is forgotten. Saved searches stay."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "clear", _ ("C_lear"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "clear",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (clear_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
