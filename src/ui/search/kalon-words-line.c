/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "search/kalon-words-line.h"

struct _KalonWordsLine
{
  GtkWidget parent_instance;

  KalonWords *words;
  gboolean editing;
  gboolean narrow;

  GtkWidget *box;
  GtkSpinner *spinner;
  GtkWidget *text_button;
  GtkLabel *text_label;
  GtkEditable *entry;
  GtkLabel *notice_label;
  GtkWidget *retry_button;
  GtkLabel *source_label;
  GtkWidget *restore_button;
  GtkToggleButton *pin_button;
  GtkWidget *off_button;
  GtkWidget *on_button;
};

G_DEFINE_FINAL_TYPE (KalonWordsLine, kalon_words_line, GTK_TYPE_WIDGET)

/* (transfer full): @text without the words typed, which stand right above it. */
static char *
dup_added (KalonWordsLine *self, const char *text)
{
  const char *query = kalon_words_get_query (self->words);
  const char *rest = text + strlen (query);

  if (kalon_words_get_source (self->words) == NULL || !g_str_has_prefix (text, query)
      || !g_str_has_prefix (rest, ", "))
    return g_strdup (text);
  return g_strdup_printf ("+ %s", rest + strlen (", "));
}

static void
show_text (KalonWordsLine *self, const char *text)
{
  const char *source = kalon_words_get_source (self->words);
  g_autofree char *added = text != NULL ? dup_added (self, text) : NULL;
  g_autofree char *label = NULL, *tooltip = NULL, *by = NULL;

  if (source == NULL)
    by = g_strdup (_ ("Your own words"));
  else if (*source == '\0')
    by = g_strdup (_ ("Rephrased on this computer, by word lists"));
  else
    by = g_strdup_printf (_ ("Rephrased by the language model on %s"), source);
  if (text == NULL)
    text = _ ("Rephrasing…");
  /* Translators: to be read aloud. */
  label = g_strdup_printf (_ ("Searched for as well: %s; press to edit"), text);
  tooltip = g_strdup_printf (_ ("%s\n%s. Press to edit."), text, by);
  gtk_label_set_text (self->text_label, added != NULL ? added : text);
  gtk_widget_set_tooltip_text (self->text_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  if (source == NULL)
    source = _ ("your words");
  else if (*source == '\0')
    source = _ ("word lists");
  gtk_label_set_text (self->source_label, source);
}

static void
update (KalonWordsLine *self)
{
  KalonWordsState state = kalon_words_get_state (self->words);
  const char *text = kalon_words_get_text (self->words);
  gboolean has_text = state == KALON_WORDS_WRITING || (state == KALON_WORDS_READY && text != NULL);
  gboolean failed = state == KALON_WORDS_FAILED, on = kalon_words_is_on (self->words);
  gboolean pinned = kalon_words_is_pinned (self->words);

  if (state != KALON_WORDS_READY)
    self->editing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), state == KALON_WORDS_WRITING);
  gtk_spinner_set_spinning (self->spinner, state == KALON_WORDS_WRITING);
  gtk_widget_set_visible (self->text_button, has_text && !self->editing);
  gtk_widget_set_sensitive (self->text_button, state == KALON_WORDS_READY);
  gtk_widget_set_visible (GTK_WIDGET (self->entry), self->editing);
  gtk_widget_set_visible (GTK_WIDGET (self->notice_label), failed);
  gtk_widget_set_visible (self->retry_button, failed);
  gtk_widget_set_visible (GTK_WIDGET (self->source_label),
                          has_text && !self->editing && !self->narrow);
  gtk_widget_set_visible (self->restore_button,
                          has_text && !self->editing && !pinned
                              && kalon_words_get_source (self->words) == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->pin_button), state == KALON_WORDS_READY);
  gtk_toggle_button_set_active (self->pin_button, pinned);
  gtk_widget_set_visible (self->off_button, state != KALON_WORDS_NONE && on);
  gtk_widget_set_visible (self->on_button, !on);
  if (has_text)
    show_text (self, text);
  if (failed)
    gtk_label_set_text (self->notice_label, kalon_words_get_notice (self->words));
}

/* The focus does not fall out of the line with what had it. */
static void
end_editing (KalonWordsLine *self)
{
  gboolean had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  self->editing = FALSE;
  update (self);
  if (had_focus)
    gtk_widget_grab_focus (self->text_button);
}

static void
entry_activated_cb (KalonWordsLine *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  /* Nothing of one's own is what was there before. */
  kalon_words_set_own (self->words, *text != '\0' ? text : NULL);
  end_editing (self);
}

static gboolean
entry_key_pressed_cb (KalonWordsLine *self, guint keyval, guint keycode, GdkModifierType state)
{
  if (keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  end_editing (self);
  return GDK_EVENT_STOP;
}

static void
pin_toggled_cb (KalonWordsLine *self)
{
  kalon_words_set_pinned (self->words, gtk_toggle_button_get_active (self->pin_button));
}

static void
retry_cb (KalonWordsLine *self)
{
  kalon_words_retry (self->words);
}

static void
restore_cb (KalonWordsLine *self)
{
  kalon_words_set_own (self->words, NULL);
}

static void
off_cb (KalonWordsLine *self)
{
  kalon_words_set_on (self->words, FALSE);
  gtk_widget_grab_focus (self->on_button);
}

static void
on_cb (KalonWordsLine *self)
{
  kalon_words_set_on (self->words, TRUE);
  gtk_widget_grab_focus (self->off_button);
}

static void
kalon_words_line_dispose (GObject *object)
{
  KalonWordsLine *self = KALON_WORDS_LINE (object);

  g_clear_object (&self->words);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_words_line_parent_class)->dispose (object);
}

static void
kalon_words_line_class_init (KalonWordsLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_words_line_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-words-line.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, box);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, spinner);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, text_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, text_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, entry);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, notice_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, retry_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, source_label);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, restore_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, pin_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, off_button);
  gtk_widget_class_bind_template_child (widget_class, KalonWordsLine, on_button);
  gtk_widget_class_bind_template_callback (widget_class, kalon_words_line_edit);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, pin_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, restore_cb);
  gtk_widget_class_bind_template_callback (widget_class, off_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cb);
}

static void
kalon_words_line_init (KalonWordsLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kalon_words_line_set_words (KalonWordsLine *self, KalonWords *words)
{
  g_return_if_fail (KALON_IS_WORDS_LINE (self));
  g_return_if_fail (KALON_IS_WORDS (words));
  g_return_if_fail (self->words == NULL);

  self->words = g_object_ref (words);
  g_signal_connect_object (words, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
kalon_words_line_set_narrow (KalonWordsLine *self, gboolean narrow)
{
  g_return_if_fail (KALON_IS_WORDS_LINE (self));
  self->narrow = narrow;
  update (self);
}

void
kalon_words_line_edit (KalonWordsLine *self)
{
  g_return_if_fail (KALON_IS_WORDS_LINE (self));

  if (kalon_words_get_state (self->words) != KALON_WORDS_READY)
    return;
  self->editing = TRUE;
  gtk_editable_set_text (self->entry, kalon_words_get_text (self->words));
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (self->entry, -1);
}
