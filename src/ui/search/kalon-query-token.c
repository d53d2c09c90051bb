/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "image/kalon-image.h"
#include "results/kalon-image-texture.h"
#include "search/kalon-filter-label.h"
#include "search/kalon-query-token.h"
#include "search/kalon-question-text.h"
#include "search/kalon-term-popover.h"

/* Logical pixels of the thumbnail; twice as many are loaded, for dense screens. */
#define THUMBNAIL_SIZE 22

struct _KalonQueryToken
{
  GtkWidget parent_instance;

  KalonTerm *term;           /* (nullable): it is a clause */
  KalonTermPopover *popover; /* (nullable): made when it is asked for */
  GCancellable *cancellable; /* (nullable): of the thumbnail under way */

  GtkWidget *box;
  GtkWidget *button;
  GtkImage *thumbnail;
  GtkLabel *label;
  GtkLabel *weight_label;
  GtkWidget *remove_button;
};

G_DEFINE_FINAL_TYPE (KalonQueryToken, kalon_query_token, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  EDIT,
  REMOVE,
  GO,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
load_thumbnail (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const guint size = 2 * THUMBNAIL_SIZE;
  GError *error = NULL;
  g_autoptr (KalonImage) image = kalon_image_load (task_data, size, NULL, cancellable, &error);
  double scale;

  if (image == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  scale = (double) size / MAX (image->width, image->height);
  g_task_return_pointer (
      task,
      kalon_image_to_texture (kalon_image_resize (image, (guint) MAX (1, image->width * scale),
                                                  (guint) MAX (1, image->height * scale))),
      g_object_unref);
}

static void
thumbnail_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonQueryToken *self = KALON_QUERY_TOKEN (object);
  g_autoptr (GdkTexture) texture = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  texture = g_task_propagate_pointer (G_TASK (result), NULL);
  /* Why not will be told by the search. */
  if (texture != NULL)
    gtk_image_set_from_paintable (self->thumbnail, GDK_PAINTABLE (texture));
}

static void
show_thumbnail (KalonQueryToken *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self->thumbnail),
                          self->term != NULL && self->term->kind == KALON_TERM_PICTURE);
  if (self->term == NULL || self->term->kind != KALON_TERM_PICTURE)
    return;
  gtk_image_set_from_icon_name (self->thumbnail, "image-x-generic-symbolic");
  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, thumbnail_loaded_cb, NULL);
  g_task_set_source_tag (task, show_thumbnail);
  g_task_set_task_data (task, g_strdup (self->term->value), g_free);
  g_task_run_in_thread (task, load_thumbnail);
}

/* @weight: "" for none */
static void
show_texts (KalonQueryToken *self, const char *text, const char *weight, const char *label,
            gboolean is_not)
{
  g_autofree char *remove = g_strdup_printf (_ ("Remove “%s”"), text);

  gtk_label_set_text (self->label, text);
  gtk_label_set_text (self->weight_label, weight);
  gtk_widget_set_visible (GTK_WIDGET (self->weight_label), weight[0] != '\0');
  if (is_not)
    gtk_widget_add_css_class (self->box, "not");
  else
    gtk_widget_remove_css_class (self->box, "not");
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("Press to change, Delete to remove"), -1);
  gtk_widget_set_tooltip_text (self->remove_button, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
}

static void
show_term (KalonQueryToken *self)
{
  g_autofree char *text = kalon_term_to_text (self->term);
  g_autofree char *weight = kalon_weight_to_text ((double) self->term->weight);
  g_autofree char *label = NULL;

  if (weight[0] != '\0')
    /* Translators: part of a search, to be read aloud: "not: people, weight 1.5". */
    label = g_strdup_printf (_ ("%s, weight %.3g"), text, (double) ABS (self->term->weight));
  else
    label = g_strdup (text);
  show_texts (self, text, weight, label, self->term->weight < 0);
}

static void
popover_changed_cb (KalonQueryToken *self)
{
  g_signal_emit (self, signals[CHANGED], 0, kalon_term_popover_get_value (self->popover),
                 (double) kalon_term_popover_get_weight (self->popover));
}

static void
popover_remove_cb (KalonQueryToken *self)
{
  gtk_popover_popdown (GTK_POPOVER (self->popover));
  g_signal_emit (self, signals[REMOVE], 0, FALSE);
}

static void
clicked_cb (KalonQueryToken *self)
{
  if (self->term == NULL)
    {
      g_signal_emit (self, signals[EDIT], 0);
      return;
    }
  if (self->popover == NULL)
    {
      self->popover = g_object_new (KALON_TYPE_TERM_POPOVER, NULL);
      gtk_widget_set_parent (GTK_WIDGET (self->popover), self->button);
      g_signal_connect_swapped (self->popover, "changed", G_CALLBACK (popover_changed_cb), self);
      g_signal_connect_swapped (self->popover, "remove", G_CALLBACK (popover_remove_cb), self);
    }
  kalon_term_popover_set_term (self->popover, self->term);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
remove_clicked_cb (KalonQueryToken *self)
{
  g_signal_emit (self, signals[REMOVE], 0, FALSE);
}

static gboolean
key_pressed_cb (KalonQueryToken *self, guint keyval, guint keycode, GdkModifierType state)
{
  int forward = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -1 : 1;

  /* The popover's keys come by here too. */
  if (!gtk_widget_is_focus (self->button))
    return GDK_EVENT_PROPAGATE;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      g_signal_emit (self, signals[GO], 0, -forward);
      return GDK_EVENT_STOP;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      g_signal_emit (self, signals[GO], 0, forward);
      return GDK_EVENT_STOP;
    case GDK_KEY_BackSpace:
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      g_signal_emit (self, signals[REMOVE], 0, keyval == GDK_KEY_BackSpace);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static gboolean
kalon_query_token_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (KALON_QUERY_TOKEN (widget)->button);
}

static void
kalon_query_token_dispose (GObject *object)
{
  KalonQueryToken *self = KALON_QUERY_TOKEN (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->popover));
  self->popover = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (kalon_query_token_parent_class)->dispose (object);
}

static void
kalon_query_token_finalize (GObject *object)
{
  kalon_term_free (KALON_QUERY_TOKEN (object)->term);
  G_OBJECT_CLASS (kalon_query_token_parent_class)->finalize (object);
}

static void
kalon_query_token_class_init (KalonQueryTokenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kalon_query_token_dispose;
  object_class->finalize = kalon_query_token_finalize;
  widget_class->grab_focus = kalon_query_token_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_DOUBLE);
  signals[EDIT] = g_signal_new ("edit", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[GO] = g_signal_new ("go", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/search/kalon-query-token.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, box);
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, button);
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, label);
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, weight_label);
  gtk_widget_class_bind_template_child (widget_class, KalonQueryToken, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
kalon_query_token_init (KalonQueryToken *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_image_set_pixel_size (self->thumbnail, THUMBNAIL_SIZE);
}

GtkWidget *
kalon_query_token_new (void)
{
  return g_object_new (KALON_TYPE_QUERY_TOKEN, NULL);
}

void
kalon_query_token_set_term (KalonQueryToken *self, const KalonTerm *term)
{
  KalonTerm *before;

  g_return_if_fail (KALON_IS_QUERY_TOKEN (self));
  g_return_if_fail (term != NULL);

  before = self->term;
  self->term = kalon_term_new (term->kind, term->value, term->weight);
  if (before == NULL || before->kind != term->kind || !g_str_equal (before->value, term->value))
    show_thumbnail (self);
  show_term (self);
  kalon_term_free (before);
}

void
kalon_query_token_set_clause (KalonQueryToken *self, const KalonFilterClause *clause)
{
  g_autofree char *text = NULL, *label = NULL, *typed = NULL;

  g_return_if_fail (KALON_IS_QUERY_TOKEN (self));
  g_return_if_fail (clause != NULL);

  text = kalon_filter_clause_to_label (clause);
  /* Translators: what a filter is about and what it lets through, to be read aloud: "Date: 2021".
   */
  label = g_strdup_printf (_ ("%s: %s"), kalon_filter_kind_to_label (clause->kind), text);
  typed = kalon_filter_clause_to_string (clause);
  g_clear_pointer (&self->term, kalon_term_free);
  show_thumbnail (self);
  show_texts (self, text, "", label, clause->negated);
  gtk_widget_set_tooltip_text (self->button, typed);
}
