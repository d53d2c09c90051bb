/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queries whose answers are known, and how each style words them. */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"

#include <string.h>

void
kalon_answered_queries_clear (KalonAnsweredQueries *queries)
{
  g_clear_pointer (&queries->texts, g_ptr_array_unref);
  g_clear_pointer (&queries->targets, g_array_unref);
  g_clear_pointer (&queries->paths, g_ptr_array_unref);
  g_clear_pointer (&queries->groups, g_array_unref);
}

static void
add_query (KalonAnsweredQueries *queries, const char *text, guint32 target)
{
  g_ptr_array_add (queries->texts, g_strdup (text));
  g_array_append_val (queries->targets, target);
}

static gboolean
list_captions (const KalonRephraseTask *task, KalonAnsweredQueries *queries, GError **error)
{
  g_autoptr (GPtrArray) labels = kalon_labels_read (task->captions, &kalon_caption_form, error);
  g_auto (KalonCaptioned) captioned = { 0 };

  if (labels == NULL)
    return FALSE;
  kalon_labels_group_captions (labels, task->images, &captioned);
  for (guint32 i = 0; i < captioned.paths->len; i++)
    {
      GPtrArray *texts = g_ptr_array_index (captioned.captions, i);

      g_ptr_array_add (queries->paths, g_strdup (captioned.paths->pdata[i]));
      g_array_append_val (queries->groups, i);
      for (guint t = 0; t < texts->len; t++)
        add_query (queries, texts->pdata[t], i);
    }
  return TRUE;
}

/* @labels: (nullable): lines “query TAB folder” */
static void
add_folder_queries (KalonAnsweredQueries *queries, GPtrArray *labels,
                    const KalonClassFolder *folder, guint32 number)
{
  g_autofree char *name = kalon_class_folder_dup_own_name (folder->name);

  if (labels == NULL)
    add_query (queries, name, number);
  for (guint i = 0; labels != NULL && i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);

      if (g_str_equal (label->fields[1], folder->name))
        add_query (queries, label->fields[0], number);
    }
}

static gboolean
list_folders (KalonEvaluator *self, const KalonRephraseTask *task, KalonAnsweredQueries *queries,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (GPtrArray) folders = NULL;

  if (task->queries != NULL)
    {
      labels = kalon_labels_read (task->queries, &kalon_query_form, error);
      if (labels == NULL)
        return FALSE;
    }
  folders = kalon_evaluator_list_folders (self, task->images, cancellable, error);
  if (folders == NULL)
    return FALSE;
  queries->of_folders = TRUE;
  for (guint32 f = 0; f < folders->len; f++)
    {
      const KalonClassFolder *folder = g_ptr_array_index (folders, f);

      add_folder_queries (queries, labels, folder, f);
      for (guint i = 0; i < folder->paths->len; i++)
        {
          g_ptr_array_add (queries->paths, g_strdup (folder->paths->pdata[i]));
          g_array_append_val (queries->groups, f);
        }
    }
  return TRUE;
}

/* Evenly spaced. */
static void
thin_out (KalonAnsweredQueries *queries, gsize limit)
{
  g_autoptr (GPtrArray) texts = g_steal_pointer (&queries->texts);
  g_autoptr (GArray) targets = g_steal_pointer (&queries->targets);

  queries->texts = g_ptr_array_new_with_free_func (g_free);
  queries->targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize i = 0; i < limit; i++)
    {
      gsize from = i * texts->len / limit;

      add_query (queries, texts->pdata[from], g_array_index (targets, guint32, from));
    }
}

gboolean
kalon_evaluator_list_queries (KalonEvaluator *self, const KalonRephraseTask *task,
                              KalonAnsweredQueries *queries, GCancellable *cancellable,
                              GError **error)
{
  queries->texts = g_ptr_array_new_with_free_func (g_free);
  queries->targets = g_array_new (FALSE, FALSE, sizeof (guint32));
  queries->paths = g_ptr_array_new_with_free_func (g_free);
  queries->groups = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (!kalon_evaluator_begin (self, cancellable, error)
      || !(task->captions != NULL ? list_captions (task, queries, error)
                                  : list_folders (self, task, queries, cancellable, error)))
    return FALSE;
  if (queries->texts->len == 0)
    return kalon_evaluator_refuse_empty (task->images, error);
  if (task->limit > 0 && task->limit < queries->texts->len)
    thin_out (queries, task->limit);
  return TRUE;
}

/* Rephrasing */

static gsize
count_words (const char *text)
{
  gsize n = 0;

  for (; *text != '\0'; text += strcspn (text, " "))
    {
      text += strspn (text, " ");
      n += *text != '\0';
    }
  return n;
}

static void
count (KalonRephraseRow *row, const char *query, const KalonRephrasing *rephrasing, gsize n)
{
  row->n_words += (double) count_words (rephrasing->text) / (double) n;
  row->n_changed += !g_str_equal (rephrasing->text, query);
  row->n_by_llm += rephrasing->source == KALON_REPHRASE_SOURCE_LLM
                   || rephrasing->source == KALON_REPHRASE_SOURCE_CACHE;
  row->n_stands_in += rephrasing->stands_in;
  if (rephrasing->stands_in)
    {
      g_free (row->notice);
      row->notice = g_strdup (rephrasing->notice);
    }
}

GPtrArray *
kalon_evaluator_rephrase (KalonEvaluator *self, const KalonRephraseTask *task, GPtrArray *texts,
                          KalonRephraseStyle style, KalonRephraseRow *row,
                          GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) rephrased = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (KalonTokenizer) tokenizer = kalon_tokenizer_new (self->model_directory, error);
  KalonRephraseRequest request
      = { .style = style,
          .tokenizer = tokenizer,
          .context_length = kalon_encoder_get_config (self->encoder)->context_length };

  if (tokenizer == NULL)
    return NULL;
  for (guint i = 0; i < texts->len; i++)
    {
      g_autoptr (KalonRephrasing) rephrasing = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      kalon_evaluator_tell (self, KALON_EVALUATOR_REPHRASING, i, texts->len);
      request.query = texts->pdata[i];
      rephrasing = task->rephrase != NULL ? task->rephrase (&request, task->user_data, error)
                                          : kalon_rephrase_built_in (&request);
      if (rephrasing == NULL)
        return NULL;
      count (row, texts->pdata[i], rephrasing, texts->len);
      g_ptr_array_add (rephrased, g_strdup (rephrasing->text));
    }
  return g_steal_pointer (&rephrased);
}
