/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling.h"

#include "aligner/kalon-aligner.h"

/* How many pictures of the library answer @query, at the model's strictness; -1: an error. */
static gssize
count_answers (KalonSearcher *searcher, const char *text, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;

  kalon_query_add_term (query, KALON_TERM_TEXT, text, 1);
  kalon_query_set_strictness (query, KALON_STRICTNESS_OF_MODEL);
  kalon_query_set_limit (query, KALON_LABEL_ROW);
  results = kalon_searcher_search (searcher, query, cancellable, error);
  return results != NULL ? (gssize) results->results->len : -1;
}

static gboolean
add_built_in (GPtrArray *queries, GHashTable *seen, KalonSearcher *searcher, guint n,
              GCancellable *cancellable, GError **error)
{
  g_auto (GStrv) built_in = kalon_aligner_list_built_in ();
  g_autoptr (GPtrArray) answered = g_ptr_array_new ();
  guint wanted = n - queries->len;

  for (guint i = 0; built_in[i] != NULL; i++)
    {
      g_autofree char *folded = g_utf8_casefold (built_in[i], -1);
      gssize answers;

      if (g_hash_table_contains (seen, folded))
        continue;
      answers = count_answers (searcher, built_in[i], cancellable, error);
      if (answers < 0)
        return FALSE;
      if (answers >= KALON_LABEL_ROW)
        g_ptr_array_add (answered, built_in[i]);
    }
  /* The list goes by subject: some of each. */
  wanted = MIN (wanted, answered->len);
  for (guint i = 0; i < wanted; i++)
    g_ptr_array_add (queries,
                     g_strdup (g_ptr_array_index (answered, (gsize) i * answered->len / wanted)));
  return TRUE;
}

GStrv
kalon_label_suggest_queries (const char *library_directory, KalonSearcher *searcher, guint n,
                             GCancellable *cancellable, GError **error)
{
  g_auto (GStrv) searches = kalon_aligner_list_searches (library_directory, error);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) queries = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (searcher == NULL || KALON_IS_SEARCHER (searcher), NULL);

  if (searches == NULL)
    return NULL;
  for (guint i = 0; searches[i] != NULL && queries->len < n; i++)
    if (g_hash_table_add (seen, g_utf8_casefold (searches[i], -1)))
      g_ptr_array_add (queries, g_strdup (searches[i]));
  if (searcher != NULL && queries->len < n
      && !add_built_in (queries, seen, searcher, n, cancellable, error))
    return NULL;
  g_ptr_array_add (queries, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&queries), FALSE);
}
