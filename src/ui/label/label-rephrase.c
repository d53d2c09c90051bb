/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "label/label-rephrase.h"

typedef struct
{
  KalonRephraseStyle style;
  GStrv queries;
  KalonRephraser *rephraser;
  GPtrArray *texts; /* of those that are done */
  KalonLabelRephraseFunc func;
  gpointer func_data;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_strfreev (work->queries);
  g_clear_object (&work->rephraser);
  g_ptr_array_unref (work->texts);
  g_free (work);
}

static void go_on (GTask *task);

static void
rephrased_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (KalonRephrasing) rephrasing
      = kalon_rephraser_rephrase_finish (KALON_REPHRASER (object), result, &error);

  if (rephrasing == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  g_ptr_array_add (work->texts, g_strdup (rephrasing->text));
  if (work->func != NULL)
    work->func (work->texts->len, g_strv_length (work->queries), work->func_data);
  go_on (task);
}

static void
go_on (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  const KalonRephraseRequest request
      = { .query = work->queries[work->texts->len], .style = work->style };

  if (request.query != NULL)
    {
      kalon_rephraser_rephrase_async (work->rephraser, &request, NULL, NULL,
                                      g_task_get_cancellable (task), rephrased_cb,
                                      g_object_ref (task));
      return;
    }
  g_ptr_array_add (work->texts, NULL);
  g_task_return_pointer (task, g_ptr_array_steal (work->texts, NULL), (GDestroyNotify) g_strfreev);
}

static void
begin (GTask *task, KalonLlm *llm)
{
  Work *work = g_task_get_task_data (task);
  g_autofree char *cache_path = llm != NULL ? kalon_rephraser_dup_cache_path () : NULL;

  work->rephraser = kalon_rephraser_new (llm, cache_path);
  go_on (task);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLlm) llm = kalon_llm_new_from_settings_finish (result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (error != NULL)
    g_message ("Queries are rephrased by word lists: %s", error->message);
  begin (task, llm);
}

void
kalon_label_rephrase_async (GSettings *settings, KalonRephraseStyle style,
                            const char *const *queries, KalonLabelRephraseFunc func,
                            gpointer func_data, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (KalonLlmChoice) choice
      = kalon_rephrase_style_asks (style) ? kalon_llm_dup_choice (settings, NULL) : NULL;
  Work *work = g_new0 (Work, 1);

  g_task_set_source_tag (task, kalon_label_rephrase_async);
  work->style = style;
  work->queries = g_strdupv ((GStrv) queries);
  work->texts = g_ptr_array_new_with_free_func (g_free);
  work->func = func;
  work->func_data = func_data;
  g_task_set_task_data (task, work, work_free);
  /* Nothing is sent to a host that was not allowed. */
  if (choice != NULL && choice->allowed)
    kalon_llm_new_from_settings_async (settings, NULL, cancellable, connected_cb,
                                       g_object_ref (task));
  else
    begin (task, NULL);
}

GStrv
kalon_label_rephrase_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
