/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of a session, here and on the disk. */
#include "labelling/kalon-labelling-private.h"

#include <string.h>

static gboolean
has_vote (const KalonHpirVote *votes)
{
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (votes[aspect] != KALON_HPIR_UNASKED)
      return TRUE;
  return FALSE;
}

/* (transfer full): the line that says so. */
static char *
dup_line (KalonLabelSession *self, const KalonHpirVote *votes, double seconds)
{
  const KalonLabelStep *step = kalon_label_session_get_step (self, self->position);
  KalonLabelLine line = { .labeler = self->labeler,
                          .item = kalon_label_session_get_item (self, self->position)->id,
                          .label = { .repeat = step->repeat,
                                     .swapped = step->swapped,
                                     .time = g_get_real_time () / G_USEC_PER_SEC,
                                     .seconds = CLAMP (seconds, 0, KALON_LABEL_MAX_SECONDS) } };

  memcpy (line.label.votes, votes, sizeof line.label.votes);
  return kalon_label_line_to_text (&line);
}

/* It is on the disk. */
static void
keep (KalonLabelSession *self, guint position, const KalonHpirVote *votes)
{
  KalonLabelAnswer *answer = &self->answers[position];
  gboolean was_answered = answer->is_answered;

  answer->is_answered = TRUE;
  memcpy (answer->votes, votes, sizeof answer->votes);
  kalon_label_session_find_first_open (self);
  if (self->position == position)
    self->position = was_answered ? position + 1 : self->first_open;
}

gboolean
kalon_label_session_answer (KalonLabelSession *self,
                            const KalonHpirVote votes[KALON_N_HPIR_ASPECTS], double seconds,
                            GError **error)
{
  g_autofree char *line = NULL;

  g_return_val_if_fail (KALON_IS_LABEL_SESSION (self), FALSE);
  g_return_val_if_fail (!self->is_writing && self->position < self->steps->len, FALSE);
  g_return_val_if_fail (has_vote (votes), FALSE);

  line = dup_line (self, votes, seconds);
  if (!kalon_label_log_append (self->log_path, line, error))
    return FALSE;
  keep (self, self->position, votes);
  return TRUE;
}

typedef struct
{
  char *log_path;
  char *line;
  guint position;
  KalonHpirVote votes[KALON_N_HPIR_ASPECTS];
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_free (writing->log_path);
  g_free (writing->line);
  g_free (writing);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Writing *writing = task_data;
  GError *error = NULL;

  if (kalon_label_log_append (writing->log_path, writing->line, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* In the session's thread, so that the next task is at hand before the caller hears of it. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KalonLabelSession *self = KALON_LABEL_SESSION (source);
  g_autoptr (GTask) task = user_data;
  const Writing *writing = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  self->is_writing = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      keep (self, writing->position, writing->votes);
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

void
kalon_label_session_answer_async (KalonLabelSession *self,
                                  const KalonHpirVote votes[KALON_N_HPIR_ASPECTS], double seconds,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) inner = NULL;
  Writing *writing;
  GTask *task;

  g_return_if_fail (KALON_IS_LABEL_SESSION (self));
  g_return_if_fail (!self->is_writing && self->position < self->steps->len);
  g_return_if_fail (has_vote (votes));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, kalon_label_session_answer_async);
  writing = g_new0 (Writing, 1);
  writing->log_path = g_strdup (self->log_path);
  writing->line = dup_line (self, votes, seconds);
  writing->position = self->position;
  memcpy (writing->votes, votes, sizeof writing->votes);
  self->is_writing = TRUE;
  inner = g_task_new (self, NULL, on_written, task);
  g_task_set_task_data (inner, writing, writing_free);
  g_task_run_in_thread (inner, write_in_thread);
}

gboolean
kalon_label_session_answer_finish (KalonLabelSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
