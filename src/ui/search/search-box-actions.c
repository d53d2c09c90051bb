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
term_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (g_str_equal (name, "search.not-these"))
    make_term (KALON_SEARCH_BOX (widget), -1, "not: ");
  else
    make_term (KALON_SEARCH_BOX (widget), 1, "+");
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!kalon_search_box_paste (KALON_SEARCH_BOX (widget)))
    g_signal_emit_by_name (widget, "message",
                           _ ("Copy a picture first, then paste it to search by it"));
}

static void
history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonSearchBox *self = KALON_SEARCH_BOX (widget);

  if (g_str_equal (name, "search.save"))
    kalon_search_box_save (self);
  else if (g_str_equal (name, "search.clear-history"))
    kalon_search_box_clear_history (self);
  else
    {
      gtk_widget_grab_focus (widget);
      kalon_search_box_show_history (self);
    }
}

void
kalon_search_box_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "search.not-these", term_action },       { "search.these-too", term_action },
    { "search.paste", paste_action },          { "search.save", history_action },
    { "search.show-history", history_action }, { "search.clear-history", history_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
}

void
kalon_search_box_add_settings (KalonSearchBox *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GPropertyAction) remember
      = g_property_action_new ("remember", self->search, "remember-searches");

  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (remember));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "asking", G_ACTION_GROUP (group));
}
