/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-search-box-private.h"

/* The words that are typed become a term of their own; where there are none yet, it is begun. */
static void
make_term (KalonSearchBox *self, float weight, const char *beginning)
{
  g_autoptr (KalonQuestion) question = NULL;

  kalon_search_box_take_typed (self);
  question = kalon_question_copy (kalon_search_get_question (self->search));
  if (question->text[0] == '\0')
    gtk_editable_set_text (self->entry, beginning);
  else
    {
      kalon_question_add_term (question, KALON_TERM_TEXT, question->text, weight);
      kalon_question_set_text (question, "");
      kalon_search_set_question (self->search, question);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self));
  gtk_editable_set_position (self->entry, -1);
}

static void
not_these_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  make_term (user_data, -1, "not: ");
}

static void
these_too_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  make_term (user_data, 1, "+");
}

static void
paste_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (!kalon_search_box_paste (user_data))
    g_signal_emit_by_name (user_data, "message",
                           _ ("Copy a picture first, then paste it to search by it"));
}

static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  kalon_search_box_save (user_data);
}

static void
show_history_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_widget_grab_focus (user_data);
  kalon_search_box_show_history (user_data);
}

static void
clear_history_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  kalon_search_box_clear_history (user_data);
}

void
kalon_search_box_add_actions (KalonSearchBox *self)
{
  static const GActionEntry actions[] = {
    { .name = "not-these", .activate = not_these_action },
    { .name = "these-too", .activate = these_too_action },
    { .name = "paste", .activate = paste_action },
    { .name = "save", .activate = save_action },
    { .name = "show-history", .activate = show_history_action },
    { .name = "clear-history", .activate = clear_history_action },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) remember
      = g_property_action_new ("remember", self->search, "remember-searches");

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (remember));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "search", G_ACTION_GROUP (group));
  /* It may stand elsewhere. */
  gtk_widget_insert_action_group (self->menu_button, "search", G_ACTION_GROUP (group));
}
