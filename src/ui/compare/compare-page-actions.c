/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "compare/kalon-compare-page-private.h"

static void
flip_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  /* The first press leaves the picture of both. */
  if (kalon_compare_page_is_single (self))
    self->place = 1 - self->place;
  else
    self->flip = TRUE;
  kalon_compare_page_update (self);
}

static void
compare_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  if (g_str_equal (name, "compare.swap"))
    kalon_contest_swap (self->contest);
  else if (g_str_equal (name, "compare.answer-left"))
    kalon_compare_page_answer (self, KALON_PREFERRED_LEFT);
  else if (g_str_equal (name, "compare.answer-right"))
    kalon_compare_page_answer (self, KALON_PREFERRED_RIGHT);
  else if (g_str_equal (name, "compare.answer-neither"))
    kalon_compare_page_answer (self, KALON_PREFERRED_NEITHER);
  else if (g_str_equal (name, "compare.export-png"))
    kalon_compare_page_export (self, ".png");
  else if (g_str_equal (name, "compare.export-html"))
    kalon_compare_page_export (self, ".html");
  else
    kalon_compare_page_export_judgements (self);
}

/* What is open closes, one after the other; then Escape is the window's. */
static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KalonComparePage *self = KALON_COMPARE_PAGE (widget);

  if (self->blind)
    kalon_compare_page_set_blind (self, FALSE);
  else if (self->flip && !self->narrow)
    {
      self->flip = FALSE;
      kalon_compare_page_update (self);
    }
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

void
kalon_compare_page_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const actions[] = {
    "compare.swap",       "compare.answer-left", "compare.answer-neither",   "compare.answer-right",
    "compare.export-png", "compare.export-html", "compare.export-judgements"
  };
  static const struct
  {
    guint key;
    const char *action;
  } keys[] = {
    { GDK_KEY_f, "compare.flip" },           { GDK_KEY_x, "compare.swap" },
    { GDK_KEY_1, "compare.answer-left" },    { GDK_KEY_KP_1, "compare.answer-left" },
    { GDK_KEY_0, "compare.answer-neither" }, { GDK_KEY_KP_0, "compare.answer-neither" },
    { GDK_KEY_2, "compare.answer-right" },   { GDK_KEY_KP_2, "compare.answer-right" },
  };

  gtk_widget_class_install_action (widget_class, "compare.flip", NULL, flip_action);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, compare_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}
