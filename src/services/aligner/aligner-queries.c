/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where queries come from, and how they are rephrased. */
#include "aligner/kalon-aligner-private.h"

#include "errors/kalon-errors.h"
#include "feedback/kalon-feedback.h"
#include "history/kalon-history.h"
#include "input/kalon-input.h"
#include "weights/kalon-weights.h"

#include "kalon-lexicon.h"

#include <string.h>

#define BUILT_IN "/io/github/kalon_project/Kalon/lexicon/queries.txt"
#define MAX_FILE (16 * 1024 * 1024)
/* Then the server is not asked again. */
#define MAX_FAILURES 3

typedef struct
{
  GPtrArray *queries;
  GHashTable *seen; /* of the case-folded ones */
} List;

static void
list_init (List *list)
{
  list->queries = g_ptr_array_new_with_free_func (g_free);
  list->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
list_add (List *list, const char *query)
{
  g_autofree char *text = g_utf8_make_valid (query, -1);

  g_strstrip (text);
  if (text[0] != '\0' && g_hash_table_add (list->seen, g_utf8_casefold (text, -1)))
    g_ptr_array_add (list->queries, g_steal_pointer (&text));
}

/* (transfer full) */
static GStrv
list_end (List *list)
{
  GStrv queries;

  g_ptr_array_add (list->queries, NULL);
  queries = (GStrv) g_ptr_array_free (list->queries, FALSE);
  g_hash_table_unref (list->seen);
  return queries;
}

static GStrv
split_lines (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_strndup (data != NULL ? data : "", size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  List list;

  list_init (&list);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '#')
      list_add (&list, lines[i]);
  return list_end (&list);
}

GStrv
kalon_aligner_read_queries (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = kalon_input_read (path, MAX_FILE, error);
  return bytes != NULL ? split_lines (bytes) : NULL;
}

GStrv
kalon_aligner_list_built_in (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (kalon_lexicon_get_resource (), BUILT_IN,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);
  return split_lines (bytes);
}

GStrv
kalon_aligner_list_history (const char *library_directory, GError **error)
{
  g_autoptr (KalonFeedback) feedback = kalon_feedback_open (library_directory, error);
  g_autoptr (GPtrArray) thumbs = feedback != NULL ? kalon_feedback_list (feedback, error) : NULL;
  List list;

  if (thumbs == NULL)
    return NULL;
  list_init (&list);
  for (guint i = 0; i < thumbs->len; i++)
    list_add (&list, ((KalonThumb *) g_ptr_array_index (thumbs, i))->query);
  return list_end (&list);
}

GStrv
kalon_aligner_list_searches (const char *library_directory, GError **error)
{
  g_autoptr (KalonHistory) history = kalon_history_new (library_directory);
  g_autoptr (GPtrArray) entries = kalon_history_find (history, "", 0, error);
  List list;

  if (entries == NULL)
    return NULL;
  list_init (&list);
  for (guint i = 0; i < entries->len; i++)
    list_add (&list, ((KalonHistoryEntry *) g_ptr_array_index (entries, i))->question->text);
  return list_end (&list);
}

/* Rephrasing */

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* @context is the thread's default. */
static KalonRephrasing *
ask (KalonAlignerRun *run, KalonRephraser *rephraser, const KalonRephraseRequest *request,
     GMainContext *context, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_rephraser_rephrase_async (rephraser, request, NULL, NULL, run->cancellable, take_result,
                                  &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  return kalon_rephraser_rephrase_finish (rephraser, result, error);
}

static gboolean
rephrase_all (KalonAlignerRun *run, const char *const *queries, KalonRephraseRequest *request,
              GMainContext *context, GPtrArray *texts, GError **error)
{
  KalonAligner *self = run->aligner;
  g_autoptr (KalonRephraser) rephraser = kalon_rephraser_new (self->llm, self->cache_path);
  gsize n = g_strv_length ((GStrv) queries);
  guint n_failures = 0; /* in a row */

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (KalonRephrasing) rephrasing = NULL;

      kalon_aligner_tell (run, KALON_ALIGNER_REPHRASING, i, n);
      request->query = queries[i];
      if (self->no_llm != NULL)
        rephrasing = kalon_rephrase_stand_in (request, self->no_llm);
      else if (n_failures < MAX_FAILURES)
        rephrasing = ask (run, rephraser, request, context, error);
      else
        rephrasing = kalon_rephrase_built_in (request);
      if (rephrasing == NULL)
        return FALSE;
      if (n_failures < MAX_FAILURES)
        n_failures = rephrasing->stands_in ? n_failures + 1 : 0;
      if (rephrasing->stands_in || n_failures == MAX_FAILURES)
        run->result->n_by_word_lists++;
      if (rephrasing->stands_in)
        {
          g_free (run->result->notice);
          run->result->notice = g_strdup (rephrasing->notice);
        }
      g_ptr_array_add (texts, g_strdup (rephrasing->text));
    }
  return TRUE;
}

GStrv
kalon_aligner_rephrase (KalonAlignerRun *run, const char *const *queries, GError **error)
{
  g_autoptr (KalonTokenizer) tokenizer = NULL;
  g_autoptr (GMainContext) context = NULL;
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  KalonModelConfig config;
  KalonRephraseRequest request = { .style = run->options->style };
  gboolean done;

  if (run->options->style == KALON_REPHRASE_ORIGINAL || run->options->share <= 0)
    return g_strdupv ((GStrv) queries);
  tokenizer = kalon_tokenizer_new (run->aligner->model_directory, error);
  if (tokenizer == NULL || !kalon_model_config_load (run->aligner->model_directory, &config, error))
    return NULL;
  request.tokenizer = tokenizer;
  request.context_length = config.context_length;
  context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  done = rephrase_all (run, queries, &request, context, texts, error);
  g_main_context_pop_thread_default (context);
  if (!done)
    return NULL;
  g_ptr_array_add (texts, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&texts), FALSE);
}
