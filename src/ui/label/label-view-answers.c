/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/kalon-label-view-private.h"
#include "label/label-text.h"

GPtrArray *
kalon_label_view_list_paths (KalonLabelView *self, const KalonLabelTask *task, guint row)
{
  const char *folder = kalon_label_session_get_set (self->session)->folder;
  GPtrArray *pictures = task->item->groups[task->swapped ? 1 - row : row];
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < pictures->len; i++)
    {
      const KalonHpirPicture *picture = g_ptr_array_index (pictures, i);

      g_ptr_array_add (paths, g_canonicalize_filename (picture->path, folder));
    }
  return paths;
}

void
kalon_label_view_prepare_next (KalonLabelView *self)
{
  KalonLabelTask next;

  if (self->preparing != NULL)
    g_cancellable_cancel (self->preparing);
  g_clear_object (&self->preparing);
  if (!kalon_label_session_peek_next (self->session, &next))
    return;
  self->preparing = g_cancellable_new ();
  for (guint row = 0; row < 2; row++)
    {
      g_autoptr (GPtrArray) paths = kalon_label_view_list_paths (self, &next, row);

      for (guint i = 0; i < paths->len; i++)
        kalon_label_textures_prepare (self->textures, g_ptr_array_index (paths, i),
                                      self->preparing);
    }
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonLabelView) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean stored
      = kalon_label_session_answer_finish (KALON_LABEL_SESSION (object), result, &error);

  self->storing = FALSE;
  /* Another session may have begun meanwhile. */
  if (self->session != KALON_LABEL_SESSION (object))
    return;
  if (stored)
    kalon_label_view_show_task (self, 0);
  else
    {
      g_signal_emit_by_name (self, "message", error->message);
      kalon_label_view_ask (self, self->question);
    }
}

static void
store (KalonLabelView *self)
{
  double seconds = (double) (g_get_monotonic_time () - self->shown_at) / G_USEC_PER_SEC;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];

  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    votes[i] = kalon_label_vote_from_choice (self->choices[i], self->task.swapped);
  if (!self->answered)
    g_array_append_val (self->seconds, seconds);
  self->storing = TRUE;
  kalon_label_session_answer_async (self->session, votes, seconds, stored_cb, g_object_ref (self));
}

static gboolean
is_complete (KalonLabelView *self)
{
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    if (self->choices[i] == KALON_LABEL_CHOICE_NONE)
      return FALSE;
  return TRUE;
}

void
kalon_label_view_answer (KalonLabelView *self, guint question, KalonLabelChoice choice)
{
  guint open = 0;

  if (self->session == NULL || self->storing)
    return;
  self->choices[question] = choice;
  kalon_label_question_set_choice (self->questions[question], choice);
  while (open < KALON_N_HPIR_ASPECTS && self->choices[open] != KALON_LABEL_CHOICE_NONE)
    open++;
  if (open < KALON_N_HPIR_ASPECTS)
    kalon_label_view_ask (self, open);
  /* Of an earlier item each answer may be changed. */
  else if (self->answered && question + 1 < KALON_N_HPIR_ASPECTS)
    kalon_label_view_ask (self, question + 1);
  else
    store (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "labelling.back", TRUE);
}

static void
answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);

  /* A picture in front hides what is asked. */
  if (kalon_label_view_close_large (self))
    return;
  kalon_label_view_answer (self, self->question,
                           g_str_has_suffix (name, "first")    ? KALON_LABEL_CHOICE_FIRST
                           : g_str_has_suffix (name, "second") ? KALON_LABEL_CHOICE_SECOND
                                                               : KALON_LABEL_CHOICE_CANNOT_TELL);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);

  if (self->session == NULL || self->storing || kalon_label_view_close_large (self))
    return;
  if (self->question > 0)
    kalon_label_view_ask (self, self->question - 1);
  else if (kalon_label_session_go_back (self->session))
    kalon_label_view_show_task (self, KALON_N_HPIR_ASPECTS - 1);
  else
    gtk_widget_error_bell (widget);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
  gboolean changed = FALSE;

  if (self->session == NULL || self->storing || kalon_label_view_close_large (self)
      || !is_complete (self) || !kalon_label_session_get_answer (self->session, votes))
    return;
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    changed |= votes[i] != kalon_label_vote_from_choice (self->choices[i], self->task.swapped);
  if (changed)
    store (self);
  else if (kalon_label_session_go_on (self->session))
    kalon_label_view_show_task (self, 0);
}

static void
leave (KalonLabelView *self)
{
  if (self->session == NULL)
    return;
  kalon_label_view_end (self);
  g_signal_emit_by_name (self, "paused");
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  leave (KALON_LABEL_VIEW (widget));
}

static void
close_large_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_label_view_close_large (KALON_LABEL_VIEW (widget));
}

static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);

  if (!kalon_label_view_close_large (self))
    leave (self);
  return GDK_EVENT_STOP;
}

/* Among large pictures; else the focus moves. */
static gboolean
arrow_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  KalonLabelView *self = KALON_LABEL_VIEW (widget);
  int step, row;

  g_variant_get (arguments, "(ii)", &step, &row);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  if (gtk_stack_get_visible_child (self->stack) != self->large_page)
    return GDK_EVENT_PROPAGATE;
  if (!kalon_label_view_step_large (self, step, row))
    gtk_widget_error_bell (widget);
  return GDK_EVENT_STOP;
}

static gboolean
return_pressed (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  return kalon_label_view_close_large (KALON_LABEL_VIEW (widget)) ? GDK_EVENT_STOP
                                                                  : GDK_EVENT_PROPAGATE;
}

void
kalon_label_view_install_actions (GtkWidgetClass *widget_class)
{
  static const char *const answers[]
      = { "labelling.first", "labelling.second", "labelling.neither" };
  static const struct
  {
    guint key;
    const char *action;
  } keys[] = {
    { GDK_KEY_1, "labelling.first" },        { GDK_KEY_KP_1, "labelling.first" },
    { GDK_KEY_2, "labelling.second" },       { GDK_KEY_KP_2, "labelling.second" },
    { GDK_KEY_0, "labelling.neither" },      { GDK_KEY_KP_0, "labelling.neither" },
    { GDK_KEY_BackSpace, "labelling.back" }, { GDK_KEY_Page_Up, "labelling.back" },
    { GDK_KEY_Page_Down, "labelling.next" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    gtk_widget_class_install_action (widget_class, answers[i], NULL, answer_action);
  gtk_widget_class_install_action (widget_class, "labelling.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "labelling.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "labelling.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "labelling.close-picture", NULL,
                                   close_large_action);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, arrow_pressed, "(ii)", -1, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, arrow_pressed, "(ii)", 1, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, arrow_pressed, "(ii)", 0, -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, arrow_pressed, "(ii)", 0, 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, return_pressed, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_space, 0, return_pressed, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}
