/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "label/kalon-label-view-private.h"
#include "label/label-text.h"

/* Pixels of a texture's longer side: for rows on large screens, and for a picture alone. */
#define SIDE 900
#define LARGE_SIDE 2600
/* Logical pixels of width below which one question is shown at a time. */
#define NARROW 640

G_DEFINE_FINAL_TYPE (KalonLabelView, kalon_label_view, GTK_TYPE_WIDGET)

enum
{
  PAUSED,
  FINISHED,
  MESSAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_progress (KalonLabelView *self)
{
  guint n = kalon_label_session_get_n_tasks (self->session);
  guint n_done = kalon_label_session_get_n_done (self->session);
  g_autofree char *text
      = kalon_label_describe_progress (kalon_label_session_get_position (self->session), n,
                                       kalon_label_get_remaining (self->seconds, n - n_done));

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) n_done / MAX (n, 1));
}

static void
show_narrow (KalonLabelView *self)
{
  gboolean all = !self->narrow;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->questions_box),
                                  all ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->questions[i]), all || i == self->question);
}

void
kalon_label_view_ask (KalonLabelView *self, guint question)
{
  guint n = kalon_label_session_get_n_tasks (self->session);
  guint position = kalon_label_session_get_position (self->session);

  self->question = question;
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    {
      g_autofree char *context
          = kalon_label_describe_question (self->task.item->query, i, position, n);

      kalon_label_question_set_context (self->questions[i], context);
      kalon_label_question_set_asked (self->questions[i], i == question);
    }
  show_narrow (self);
  /* What has the focus is read aloud. */
  gtk_widget_grab_focus (GTK_WIDGET (self->questions[question]));
}

static void
show_answers (KalonLabelView *self)
{
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS] = { 0 };

  self->answered = kalon_label_session_get_answer (self->session, votes);
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    {
      self->choices[i] = self->answered
                             ? kalon_label_choice_from_vote (votes[i], self->task.swapped)
                             : KALON_LABEL_CHOICE_NONE;
      kalon_label_question_set_choice (self->questions[i], self->choices[i]);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "labelling.next", self->answered);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "labelling.back",
                                 kalon_label_session_get_position (self->session) > 0
                                     || self->question > 0);
}

void
kalon_label_view_show_task (KalonLabelView *self, guint question)
{
  g_autofree char *query = NULL;

  if (!kalon_label_session_peek (self->session, &self->task))
    {
      kalon_label_view_end (self);
      g_signal_emit (self, signals[FINISHED], 0);
      return;
    }
  query = g_strdup_printf (_ ("“%s”"), self->task.item->query);
  gtk_label_set_text (self->query_label, query);
  for (guint row = 0; row < 2; row++)
    {
      g_autoptr (GPtrArray) paths = kalon_label_view_list_paths (self, &self->task, row);

      kalon_label_strip_set_pictures (self->rows[row], self->textures, paths);
    }
  self->question = question;
  self->shown_at = g_get_monotonic_time ();
  show_progress (self);
  show_answers (self);
  kalon_label_view_ask (self, question);
  kalon_label_view_prepare_next (self);
}

static void
answered_cb (KalonLabelView *self, guint choice, KalonLabelQuestion *question)
{
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    if (self->questions[i] == question)
      kalon_label_view_answer (self, i, choice);
}

static void
opened_cb (KalonLabelView *self, guint position, KalonLabelStrip *row)
{
  kalon_label_view_open_large (self, row == self->rows[0] ? 0 : 1, position);
}

static gboolean
follow_width (gpointer user_data)
{
  KalonLabelView *self = user_data;

  self->width_id = 0;
  show_narrow (self);
  return G_SOURCE_REMOVE;
}

static void
kalon_label_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (KALON_LABEL_VIEW (widget)->stack), orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

static void
kalon_label_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);
  gboolean narrow = width < NARROW;

  gtk_widget_allocate (GTK_WIDGET (self->stack), width, height, baseline, NULL);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  /* Nothing may change its size in the middle of an allocation. */
  if (self->width_id == 0)
    self->width_id = g_idle_add (follow_width, self);
}

static gboolean
kalon_label_view_grab_focus (GtkWidget *widget)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);

  return self->session != NULL
         && gtk_widget_grab_focus (GTK_WIDGET (self->questions[self->question]));
}

static void
kalon_label_view_dispose (GObject *object)
{
  KalonLabelView *self = KALON_LABEL_VIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->width_id, g_source_remove);
  kalon_label_view_end (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->seconds, g_array_unref);
  G_OBJECT_CLASS (kalon_label_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  static const char *const questions[]
      = { "accuracy_question", "aesthetic_question", "diversity_question" };
  static const char *const rows[] = { "first_row", "second_row" };

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/label/kalon-label-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, stack);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, name_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, query_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, questions_box);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, large_page);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, large_label);
  gtk_widget_class_bind_template_child (widget_class, KalonLabelView, large_picture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_class_bind_template_child_full (
        widget_class, rows[i], FALSE,
        (gssize) (G_STRUCT_OFFSET (KalonLabelView, rows) + i * sizeof (KalonLabelStrip *)));
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    gtk_widget_class_bind_template_child_full (
        widget_class, questions[i], FALSE,
        (gssize) (G_STRUCT_OFFSET (KalonLabelView, questions) + i * sizeof (KalonLabelQuestion *)));
  gtk_widget_class_bind_template_callback (widget_class, answered_cb);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
}

static void
kalon_label_view_class_init (KalonLabelViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kalon_label_view_dispose;
  widget_class->measure = kalon_label_view_measure;
  widget_class->size_allocate = kalon_label_view_size_allocate;
  widget_class->grab_focus = kalon_label_view_grab_focus;

  signals[PAUSED]
      = g_signal_new ("paused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FINISHED]
      = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (KALON_TYPE_LABEL_QUESTION);
  g_type_ensure (KALON_TYPE_LABEL_STRIP);
  kalon_label_view_install_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  bind_template (widget_class);
}

static void
kalon_label_view_init (KalonLabelView *self)
{
  self->seconds = g_array_new (FALSE, FALSE, sizeof (double));
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint row = 0; row < 2; row++)
    kalon_label_strip_set_number (self->rows[row], row + 1);
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    kalon_label_question_set_text (self->questions[i], kalon_label_get_question (i));
}

void
kalon_label_view_begin (KalonLabelView *self, KalonLabelSession *session)
{
  g_return_if_fail (KALON_IS_LABEL_VIEW (self));
  g_return_if_fail (KALON_IS_LABEL_SESSION (session));

  kalon_label_view_end (self);
  self->session = g_object_ref (session);
  self->textures = kalon_label_textures_new (SIDE);
  self->large_textures = kalon_label_textures_new (LARGE_SIDE);
  gtk_label_set_text (self->name_label, kalon_label_session_get_labeler (session));
  kalon_label_view_show_task (self, 0);
}

void
kalon_label_view_end (KalonLabelView *self)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  g_return_if_fail (KALON_IS_LABEL_VIEW (self));

  if (self->session == NULL)
    return;
  kalon_label_view_close_large (self);
  for (guint row = 0; row < 2; row++)
    kalon_label_strip_set_pictures (self->rows[row], self->textures, none);
  if (self->preparing != NULL)
    g_cancellable_cancel (self->preparing);
  g_clear_object (&self->preparing);
  g_clear_object (&self->textures);
  g_clear_object (&self->large_textures);
  g_clear_object (&self->session);
  g_array_set_size (self->seconds, 0);
}
