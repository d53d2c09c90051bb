/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-question-text.h"
#include "search/kalon-term-popover.h"

struct _KalonTermPopover
{
  GtkPopover parent_instance;

  KalonTerm *term;
  gboolean filling; /* it is not the user who changes the controls */

  GtkLabel *title;
  GtkEditable *entry;
  GtkCheckButton *not_button;
  GtkAdjustment *adjustment;
};

G_DEFINE_FINAL_TYPE (KalonTermPopover, kalon_term_popover, GTK_TYPE_POPOVER)

enum
{
  CHANGED,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_title (KalonTermPopover *self)
{
  g_autofree char *title = kalon_term_to_text (self->term);

  gtk_label_set_text (self->title, title);
}

static void
weight_changed_cb (KalonTermPopover *self)
{
  double weight = gtk_adjustment_get_value (self->adjustment);

  if (self->filling)
    return;
  self->term->weight = (float) (gtk_check_button_get_active (self->not_button) ? -weight : weight);
  update_title (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Blank words are no change; the words that there were come back. */
static void
take_words (KalonTermPopover *self)
{
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  if (self->term->kind != KALON_TERM_TEXT || words[0] == '\0'
      || g_str_equal (words, self->term->value))
    return;
  g_free (self->term->value);
  self->term->value = g_steal_pointer (&words);
  update_title (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
entry_activated_cb (KalonTermPopover *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
closed_cb (KalonTermPopover *self)
{
  take_words (self);
}

static void
remove_cb (KalonTermPopover *self)
{
  /* What was typed into it goes too. */
  gtk_editable_set_text (self->entry, self->term->value);
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
kalon_term_popover_finalize (GObject *object)
{
  kalon_term_free (KALON_TERM_POPOVER (object)->term);
  G_OBJECT_CLASS (kalon_term_popover_parent_class)->finalize (object);
}

static void
kalon_term_popover_class_init (KalonTermPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_term_popover_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-term-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonTermPopover, title);
  gtk_widget_class_bind_template_child (widget_class, KalonTermPopover, entry);
  gtk_widget_class_bind_template_child (widget_class, KalonTermPopover, not_button);
  gtk_widget_class_bind_template_child (widget_class, KalonTermPopover, adjustment);
  gtk_widget_class_bind_template_callback (widget_class, weight_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
kalon_term_popover_init (KalonTermPopover *self)
{
  self->term = kalon_term_new (KALON_TERM_TEXT, "", 1);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_term_popover_set_term (KalonTermPopover *self, const KalonTerm *term)
{
  KalonTerm *copy;
  double weight;

  g_return_if_fail (KALON_IS_TERM_POPOVER (self));
  g_return_if_fail (term != NULL);

  copy = kalon_term_new (term->kind, term->value, term->weight);
  kalon_term_free (self->term);
  self->term = copy;
  weight = (double) ABS (term->weight);
  self->filling = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->entry), term->kind == KALON_TERM_TEXT);
  gtk_editable_set_text (self->entry, term->kind == KALON_TERM_TEXT ? term->value : "");
  gtk_check_button_set_active (self->not_button, term->weight < 0);
  /* A weight of the command line may be outside of what the scale has. */
  gtk_adjustment_set_lower (self->adjustment, MIN (KALON_QUESTION_MIN_WEIGHT, weight));
  gtk_adjustment_set_upper (self->adjustment, MAX (KALON_QUESTION_MAX_WEIGHT, weight));
  gtk_adjustment_set_value (self->adjustment, weight);
  self->filling = FALSE;
  update_title (self);
}

const char *
kalon_term_popover_get_value (KalonTermPopover *self)
{
  g_return_val_if_fail (KALON_IS_TERM_POPOVER (self), NULL);
  return self->term->value;
}

float
kalon_term_popover_get_weight (KalonTermPopover *self)
{
  g_return_val_if_fail (KALON_IS_TERM_POPOVER (self), 1);
  return self->term->weight;
}
