/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a main loop asks for: each function on another thread. */
#include "labelling/kalon-labelling-private.h"

/* What they are asked with; what one has no need of is NULL. */
typedef struct
{
  char *library_directory;
  char *id;
  char *text; /* a labeler, or a path */
  GHashTable *traits;
  KalonSearcher *searcher;
  guint n;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->library_directory);
  g_free (question->id);
  g_free (question->text);
  g_clear_pointer (&question->traits, g_hash_table_unref);
  g_clear_object (&question->searcher);
  g_free (question);
}

static void
ask (gpointer tag, Question *question, GTaskThreadFunc func, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, func);
}

static Question *
question_new (const char *library_directory, const char *id, const char *text)
{
  Question *question = g_new0 (Question, 1);

  question->library_directory = g_strdup (library_directory);
  question->id = g_strdup (id);
  question->text = g_strdup (text);
  return question;
}

/* @error: by reference, for it is set while @value is made. */
static void
return_pointer (GTask *task, gpointer value, GDestroyNotify destroy, GError **error)
{
  if (value != NULL)
    g_task_return_pointer (task, value, destroy);
  else
    g_task_return_error (task, g_steal_pointer (error));
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  return_pointer (task, kalon_label_sets_list (question->library_directory, &error),
                  (GDestroyNotify) g_ptr_array_unref, &error);
}

void
kalon_label_sets_list_async (const char *library_directory, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  ask (kalon_label_sets_list_async, question_new (library_directory, NULL, NULL), list_in_thread,
       cancellable, callback, user_data);
}

GPtrArray *
kalon_label_sets_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  return_pointer (task, kalon_label_set_load (question->library_directory, question->id, &error),
                  (GDestroyNotify) kalon_hpir_set_free, &error);
}

void
kalon_label_set_load_async (const char *library_directory, const char *id,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  ask (kalon_label_set_load_async, question_new (library_directory, id, NULL), load_in_thread,
       cancellable, callback, user_data);
}

KalonHpirSet *
kalon_label_set_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  return_pointer (task,
                  kalon_label_session_open (question->library_directory, question->id,
                                            question->text, question->traits, &error),
                  g_object_unref, &error);
}

void
kalon_label_session_open_async (const char *library_directory, const char *id, const char *labeler,
                                GHashTable *traits, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  Question *question = question_new (library_directory, id, labeler);

  if (traits != NULL)
    question->traits = g_hash_table_ref (traits);
  ask (kalon_label_session_open_async, question, open_in_thread, cancellable, callback, user_data);
}

KalonLabelSession *
kalon_label_session_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
suggest_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  return_pointer (task,
                  kalon_label_suggest_queries (question->library_directory, question->searcher,
                                               question->n, cancellable, &error),
                  (GDestroyNotify) g_strfreev, &error);
}

void
kalon_label_suggest_queries_async (const char *library_directory, KalonSearcher *searcher, guint n,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  Question *question = question_new (library_directory, NULL, NULL);

  g_set_object (&question->searcher, searcher);
  question->n = n;
  ask (kalon_label_suggest_queries_async, question, suggest_in_thread, cancellable, callback,
       user_data);
}

GStrv
kalon_label_suggest_queries_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
remove_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  if (kalon_label_set_remove (question->library_directory, question->id, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_label_set_remove_async (const char *library_directory, const char *id,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  ask (kalon_label_set_remove_async, question_new (library_directory, id, NULL), remove_in_thread,
       NULL, callback, user_data);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;

  if (kalon_label_set_export (question->library_directory, question->id, question->text, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kalon_label_set_export_async (const char *library_directory, const char *id, const char *path,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  ask (kalon_label_set_export_async, question_new (library_directory, id, path), export_in_thread,
       NULL, callback, user_data);
}

gboolean
kalon_label_set_change_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
import_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  GError *error = NULL;
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_read (question->text, &error);
  char *id = NULL;

  if (set != NULL)
    id = kalon_label_set_import (question->library_directory, set, &error);
  return_pointer (task, id, g_free, &error);
}

void
kalon_label_set_import_async (const char *library_directory, const char *path,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  ask (kalon_label_set_import_async, question_new (library_directory, NULL, path), import_in_thread,
       NULL, callback, user_data);
}

char *
kalon_label_set_import_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Building */

typedef struct
{
  KalonSystems *systems;
  char *library_directory;
  KalonLabelPlan plan; /* of what follows */
  char *name, *style, *keys[2];
  GStrv queries;
  char **rephrased; /* (nullable): [queries] */
  guint n_queries;
  KalonLabelFunc func; /* (nullable) */
  gpointer user_data;
  gsize n_same;
} Building;

static void
building_free (gpointer data)
{
  Building *building = data;

  for (guint i = 0; building->rephrased != NULL && i < building->n_queries; i++)
    g_free (building->rephrased[i]);
  g_free (building->rephrased);
  g_strfreev (building->queries);
  g_free (building->name);
  g_free (building->style);
  g_free (building->keys[0]);
  g_free (building->keys[1]);
  g_free (building->library_directory);
  g_object_unref (building->systems);
  g_free (building);
}

static Building *
building_new (KalonSystems *systems, const char *library_directory, const KalonLabelPlan *plan)
{
  Building *building = g_new0 (Building, 1);

  building->systems = g_object_ref (systems);
  building->library_directory = g_strdup (library_directory);
  building->plan = *plan;
  building->n_queries = g_strv_length ((GStrv) plan->queries);
  building->plan.name = building->name = g_strdup (plan->name);
  building->plan.style = building->style = g_strdup (plan->style);
  building->queries = g_strdupv ((GStrv) plan->queries);
  building->plan.queries = (const char *const *) building->queries;
  for (guint i = 0; i < 2; i++)
    building->plan.systems[i] = building->keys[i] = g_strdup (plan->systems[i]);
  if (plan->rephrased != NULL)
    {
      building->rephrased = g_new0 (char *, building->n_queries + 1);
      for (guint i = 0; i < building->n_queries; i++)
        building->rephrased[i] = g_strdup (plan->rephrased[i]);
      building->plan.rephrased = (const char *const *) building->rephrased;
    }
  return building;
}

typedef struct
{
  GTask *task;
  gsize done, total;
} Progress;

static void
progress_free (gpointer data)
{
  Progress *progress = data;

  g_object_unref (progress->task);
  g_free (progress);
}

static gboolean
tell_progress (gpointer user_data)
{
  const Progress *progress = user_data;
  const Building *building = g_task_get_task_data (progress->task);

  /* What was on its way when the end came is no news. */
  if (!g_task_get_completed (progress->task)
      && !g_cancellable_is_cancelled (g_task_get_cancellable (progress->task)))
    building->func (progress->done, progress->total, building->user_data);
  return G_SOURCE_REMOVE;
}

static void
built_one (gsize done, gsize total, gpointer user_data)
{
  GTask *task = user_data;
  const Building *building = g_task_get_task_data (task);
  Progress *progress;

  if (building->func == NULL)
    return;
  progress = g_new (Progress, 1);
  *progress = (Progress){ g_object_ref (task), done, total };
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, tell_progress,
                              progress, progress_free);
}

static void
build_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Building *building = task_data;
  GError *error = NULL;

  return_pointer (task,
                  kalon_label_set_build (building->systems, building->library_directory,
                                         &building->plan, built_one, task, &building->n_same,
                                         cancellable, &error),
                  g_free, &error);
}

void
kalon_label_set_build_async (KalonSystems *systems, const char *library_directory,
                             const KalonLabelPlan *plan, KalonLabelFunc func, gpointer func_data,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Building *building;

  g_return_if_fail (KALON_IS_SYSTEMS (systems) && plan != NULL);

  building = building_new (systems, library_directory, plan);
  building->func = func;
  building->user_data = func_data;
  task = g_task_new (systems, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_label_set_build_async);
  g_task_set_task_data (task, building, building_free);
  g_task_run_in_thread (task, build_in_thread);
}

char *
kalon_label_set_build_finish (GAsyncResult *result, gsize *n_same, GError **error)
{
  const Building *building = g_task_get_task_data (G_TASK (result));

  if (n_same != NULL)
    *n_same = building->n_same;
  return g_task_propagate_pointer (G_TASK (result), error);
}
