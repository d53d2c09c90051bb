/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-question.h"

struct _KalonLabelQuestion
{
  GtkWidget parent_instance;

  GtkLabel *label;
  GtkWidget *buttons;
  GtkToggleButton *first_button;
  GtkToggleButton *neither_button;
  GtkToggleButton *second_button;
};

G_DEFINE_FINAL_TYPE (KalonLabelQuestion, kalon_label_question, GTK_TYPE_WIDGET)

enum
{
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (KalonLabelQuestion *self)
{
  g_signal_emit (self, signals[ANSWERED], 0, kalon_label_question_get_choice (self));
}

/* First the question itself, then its answers. */
static gboolean
kalon_label_question_focus (GtkWidget *widget, GtkDirectionType direction)
{
  KalonLabelQuestion *self = KALON_LABEL_QUESTION (widget);
  gboolean back = direction == GTK_DIR_TAB_BACKWARD || direction == GTK_DIR_UP;
  gboolean inside = gtk_widget_get_focus_child (widget) != NULL;

  if (gtk_widget_is_focus (widget))
    return !back && gtk_widget_child_focus (self->buttons, direction);
  if (!inside && !back)
    return gtk_widget_grab_focus (widget);
  return gtk_widget_child_focus (self->buttons, direction)
         || (back && gtk_widget_grab_focus (widget));
}

static gboolean
kalon_label_question_grab_focus (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  if (root == NULL)
    return FALSE;
  gtk_root_set_focus (root, widget);
  return TRUE;
}

static void
kalon_label_question_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (kalon_label_question_parent_class)->dispose (object);
}

static void
kalon_label_question_class_init (KalonLabelQuestionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_label_question_dispose;
  widget_class->focus = kalon_label_question_focus;
  widget_class->grab_focus = kalon_label_question_grab_focus;

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "labelquestion");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/label/kalon-label-question.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLabelQuestion, label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelQuestion, buttons);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelQuestion, first_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelQuestion, neither_button);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelQuestion, second_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
kalon_label_question_init (KalonLabelQuestion *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_label_question_set_text (KalonLabelQuestion *self, const char *text)
{
  g_return_if_fail (KALON_IS_LABEL_QUESTION (self));

  gtk_label_set_text (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
}

void
kalon_label_question_set_context (KalonLabelQuestion *self, const char *context)
{
  g_return_if_fail (KALON_IS_LABEL_QUESTION (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  context, -1);
}

void
kalon_label_question_set_choice (KalonLabelQuestion *self, KalonLabelChoice choice)
{
  g_return_if_fail (KALON_IS_LABEL_QUESTION (self));

  gtk_toggle_button_set_active (self->first_button, choice == KALON_LABEL_CHOICE_FIRST);
  gtk_toggle_button_set_active (self->second_button, choice == KALON_LABEL_CHOICE_SECOND);
  gtk_toggle_button_set_active (self->neither_button, choice == KALON_LABEL_CHOICE_CANNOT_TELL);
}

KalonLabelChoice
kalon_label_question_get_choice (KalonLabelQuestion *self)
{
  g_return_val_if_fail (KALON_IS_LABEL_QUESTION (self), KALON_LABEL_CHOICE_NONE);

  if (gtk_toggle_button_get_active (self->first_button))
    return KALON_LABEL_CHOICE_FIRST;
  if (gtk_toggle_button_get_active (self->second_button))
    return KALON_LABEL_CHOICE_SECOND;
  if (gtk_toggle_button_get_active (self->neither_button))
    return KALON_LABEL_CHOICE_CANNOT_TELL;
  return KALON_LABEL_CHOICE_NONE;
}

void
kalon_label_question_set_asked (KalonLabelQuestion *self, gboolean asked)
{
  g_return_if_fail (KALON_IS_LABEL_QUESTION (self));

  if (asked)
    gtk_widget_add_css_class (GTK_WIDGET (self), "asked");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "asked");
}
