/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgements/kalon-judgements.h"
#include "library/kalon-library.h"

typedef struct
{
  char *library_directory;
  KalonJudgement *judgement; /* (nullable): list alone */
  GArray *pictures[2];       /* gint64 */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->library_directory);
  kalon_judgement_free (job->judgement);
  for (guint side = 0; side < 2; side++)
    g_clear_pointer (&job->pictures[side], g_array_unref);
  g_free (job);
}

/* (transfer full): content hashes; pictures that have gone are left out. */
static GStrv
look_up (KalonLibrary *library, const GArray *pictures, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < pictures->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonPicture) picture
          = kalon_library_get_picture (library, g_array_index (pictures, gint64, i), &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (picture != NULL)
        g_strv_builder_add (builder, picture->content_hash);
    }
  return g_strv_builder_end (builder);
}

static gboolean
add (Job *job, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (job->library_directory, error);

  if (library == NULL)
    return FALSE;
  for (guint side = 0; side < 2; side++)
    {
      job->judgement->pictures[side] = look_up (library, job->pictures[side], error);
      if (job->judgement->pictures[side] == NULL)
        return FALSE;
    }
  return kalon_judgements_add (job->library_directory, job->judgement, error);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  GPtrArray *judgements = NULL;

  if (job->judgement == NULL || add (job, &error))
    judgements = kalon_judgements_list (job->library_directory, &error);
  if (judgements != NULL)
    g_task_return_pointer (task, judgements, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/* @job: (transfer full) */
static void
run (Job *job, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_in_thread);
}

void
kalon_judgements_add_async (const char *library_directory, KalonJudgement *judgement,
                            const GArray *left, const GArray *right, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const GArray *const pictures[] = { left, right };
  Job *job;

  g_return_if_fail (judgement != NULL && left != NULL && right != NULL);

  job = g_new0 (Job, 1);
  job->library_directory = g_strdup (library_directory);
  job->judgement = judgement;
  for (guint side = 0; side < 2; side++)
    {
      job->pictures[side] = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_vals (job->pictures[side], pictures[side]->data,
                           MIN (pictures[side]->len, KALON_JUDGEMENT_PICTURES));
    }
  run (job, kalon_judgements_add_async, NULL, callback, user_data);
}

void
kalon_judgements_list_async (const char *library_directory, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->library_directory = g_strdup (library_directory);
  run (job, kalon_judgements_list_async, cancellable, callback, user_data);
}

GPtrArray *
kalon_judgements_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
