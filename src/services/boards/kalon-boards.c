/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"
#include "jobs/kalon-jobs.h"

struct _KalonBoards
{
  GObject parent_instance;

  char *library_directory;
  KalonWorker *worker;    /* what follows is its own */
  KalonBoardStore *store; /* NULL until it is needed */

  guint64 version; /* main thread: what was told last; 0 nothing yet */
};

G_DEFINE_FINAL_TYPE (KalonBoards, kalon_boards, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  KalonWorkerQuestion question;
  gpointer argument;
  GDestroyNotify argument_free;
  gpointer answer;
  GDestroyNotify answer_free;
  guint64 version;
} Job;

static void
job_free (Job *job)
{
  if (job->argument_free != NULL)
    job->argument_free (job->argument);
  if (job->answer != NULL && job->answer_free != NULL)
    job->answer_free (job->answer);
  g_free (job);
}

static gboolean
open_store (gpointer object, GError **error)
{
  KalonBoards *self = object;

  if (self->store == NULL)
    self->store = kalon_board_store_open (self->library_directory, error);
  return self->store != NULL;
}

static gpointer
run_job (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonBoards *self = object;
  GTask *asked = argument;
  GCancellable *of_asked = g_task_get_cancellable (asked);
  Job *job = g_task_get_task_data (asked);

  if (g_cancellable_set_error_if_cancelled (of_asked, error))
    return NULL;
  job->answer = job->question (self, job->argument, of_asked, error);
  job->version = kalon_board_store_get_version (self->store);
  return NULL;
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  KalonBoards *self = KALON_BOARDS (object);
  g_autoptr (GTask) asked = user_data;
  Job *job = g_task_get_task_data (asked);
  GError *error = NULL;

  kalon_worker_answer (self, NULL, result, &error);
  if (job->version != 0 && job->version != self->version)
    {
      /* The first answer is news of nothing, unless it is an edit's. */
      gboolean news
          = self->version != 0 || g_task_get_source_tag (asked) == kalon_boards_apply_async;

      self->version = job->version;
      if (news)
        g_signal_emit (self, signals[CHANGED], 0);
    }
  if (error == NULL)
    g_task_return_pointer (asked, g_steal_pointer (&job->answer), job->answer_free);
  else
    g_task_return_error (asked, error);
}

/* @argument: (transfer full) */
static void
ask (KalonBoards *self, gpointer tag, KalonWorkerQuestion question, gpointer argument,
     GDestroyNotify argument_free, GDestroyNotify answer_free, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *asked = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->question = question;
  job->argument = argument;
  job->argument_free = argument_free;
  job->answer_free = answer_free;
  g_task_set_source_tag (asked, tag);
  g_task_set_task_data (asked, job, (GDestroyNotify) job_free);
  /* What was done is told, even to one who no longer wants it: the worker is not cancelled. It is
   * done with @asked before that is answered. */
  kalon_worker_ask (self->worker, self, tag, run_job, asked, NULL, NULL, NULL, answered_cb, asked);
}

static gpointer
ask_list (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonBoards *self = object;

  return kalon_board_store_list (self->store, error);
}

static gpointer
ask_load (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonBoards *self = object;

  return kalon_board_store_load (self->store, *(gint64 *) argument, cancellable, error);
}

static gpointer
ask_edit (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonBoards *self = object;

  return kalon_board_store_apply (self->store, argument, cancellable, error);
}

static gpointer
ask_nothing (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  return NULL;
}

static void
kalon_boards_finalize (GObject *object)
{
  KalonBoards *self = KALON_BOARDS (object);

  kalon_worker_free (self->worker);
  g_clear_object (&self->store);
  g_free (self->library_directory);
  G_OBJECT_CLASS (kalon_boards_parent_class)->finalize (object);
}

static void
kalon_boards_class_init (KalonBoardsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_boards_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_boards_init (KalonBoards *self)
{
  self->worker = kalon_worker_new (open_store);
}

KalonBoards *
kalon_boards_new (const char *library_directory)
{
  KalonBoards *self = g_object_new (KALON_TYPE_BOARDS, NULL);

  self->library_directory = g_strdup (library_directory);
  return self;
}

static void
checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  kalon_worker_answer (object, kalon_boards_check, result, &error);
  if (error != NULL)
    g_message ("Boards cannot be read: %s", error->message);
}

void
kalon_boards_check (KalonBoards *self)
{
  g_return_if_fail (KALON_IS_BOARDS (self));
  ask (self, kalon_boards_check, ask_nothing, NULL, NULL, NULL, NULL, checked_cb, NULL);
}

void
kalon_boards_list_async (KalonBoards *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (KALON_IS_BOARDS (self));
  ask (self, kalon_boards_list_async, ask_list, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
       cancellable, callback, user_data);
}

GPtrArray *
kalon_boards_list_finish (KalonBoards *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_boards_list_async, result, error);
}

void
kalon_boards_load_async (KalonBoards *self, gint64 board, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_BOARDS (self));
  ask (self, kalon_boards_load_async, ask_load, g_memdup2 (&board, sizeof board), g_free,
       (GDestroyNotify) kalon_board_contents_free, cancellable, callback, user_data);
}

KalonBoardContents *
kalon_boards_load_finish (KalonBoards *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_boards_load_async, result, error);
}

void
kalon_boards_apply_async (KalonBoards *self, KalonBoardEdit *edit, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_BOARDS (self));
  g_return_if_fail (edit != NULL);
  ask (self, kalon_boards_apply_async, ask_edit, edit, (GDestroyNotify) kalon_board_edit_free,
       (GDestroyNotify) kalon_board_outcome_free, cancellable, callback, user_data);
}

KalonBoardOutcome *
kalon_boards_apply_finish (KalonBoards *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_boards_apply_async, result, error);
}
