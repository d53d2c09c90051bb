/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partially ordered set: built by searching, or read from a file. */
#include "aligner/kalon-aligner-private.h"

#include "errors/kalon-errors.h"

#include <string.h>

/* What a search found for one query, as kalon_order_new() takes it. */
typedef struct
{
  gsize n;
  float *semantic;
  float *aesthetic;
  const char **paths;  /* of those in the matrix only */
  const char **hashes; /* likewise */
  GPtrArray *pictures; /* KalonPicture, that these are of */
} Found;

static void
found_clear (Found *found)
{
  g_free (found->semantic);
  g_free (found->aesthetic);
  g_free (found->paths);
  g_free (found->hashes);
  g_clear_pointer (&found->pictures, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Found, found_clear)

static KalonResults *
search (KalonAlignerRun *run, const char *text, const char *rephrased, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  KalonAlignment alignment = { .rephrased = (char *) rephrased, .rephrase = run->options->share };

  kalon_query_add_term (query, KALON_TERM_TEXT, text, 1);
  kalon_query_set_limit (query, run->options->order.k);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  return kalon_searcher_search (run->searcher, query, run->cancellable, error);
}

/* Names what the matrix holds. */
static gboolean
look_up (KalonAlignerRun *run, const GArray *results, const KalonOrder *order, Found *found,
         GError **error)
{
  for (guint i = 0; i < order->rows * order->columns; i++)
    {
      guint32 cell = order->cells[i];
      gint64 id = g_array_index (results, KalonResult, cell).picture;
      KalonPicture *picture = kalon_library_get_picture (run->library, id, error);

      if (picture == NULL)
        {
          if (error == NULL || *error == NULL)
            g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
                         "The library changed while it was searched. Run again when indexing is "
                         "done.");
          return FALSE;
        }
      g_ptr_array_add (found->pictures, picture);
      found->paths[cell] = picture->path;
      found->hashes[cell] = picture->content_hash;
    }
  return TRUE;
}

/* @number: of the query's embedding, which moves up to stand beside its line of the set. */
static gboolean
add_query (KalonAlignerRun *run, gsize number, const char *text, const char *rephrased,
           GError **error)
{
  g_autoptr (KalonResults) results = search (run, text, rephrased, error);
  g_autoptr (KalonOrder) order = NULL;
  g_auto (Found) found = { 0 };

  if (results == NULL)
    return FALSE;
  found.n = results->aligned->len;
  found.semantic = g_new (float, found.n + 1);
  found.aesthetic = g_new (float, found.n + 1);
  found.paths = g_new0 (const char *, found.n + 1);
  found.hashes = g_new0 (const char *, found.n + 1);
  found.pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_picture_free);
  for (gsize i = 0; i < found.n; i++)
    {
      const KalonResult *result = &g_array_index (results->aligned, KalonResult, i);

      found.semantic[i] = result->similarity;
      found.aesthetic[i] = result->aesthetic;
    }
  order = kalon_order_new (found.semantic, found.aesthetic, found.n, &run->options->order, error);
  if (order == NULL)
    return FALSE;
  if (order->rows == 0)
    {
      run->result->n_left_out++;
      return TRUE;
    }
  if (!look_up (run, results->aligned, order, &found, error))
    return FALSE;
  memmove (run->queries + run->set->queries->len * run->dimension,
           run->queries + number * run->dimension, run->dimension * sizeof (float));
  kalon_preference_set_add (run->set, text, rephrased, order, found.paths, found.hashes,
                            found.semantic, found.aesthetic);
  return TRUE;
}

gboolean
kalon_aligner_build_set (KalonAlignerRun *run, const char *const *queries, GError **error)
{
  gsize n = g_strv_length ((GStrv) queries);
  g_auto (GStrv) rephrased = NULL;

  rephrased = kalon_aligner_rephrase (run, queries, error);
  if (rephrased == NULL)
    return FALSE;
  run->set = kalon_preference_set_new (
      run->model_hash, kalon_rephrase_style_get_name (run->options->style), &run->options->order);
  for (gsize i = 0; i < n; i++)
    {
      kalon_aligner_tell (run, KALON_ALIGNER_SEARCHING, i, n);
      if (!add_query (run, i, queries[i], rephrased[i], error))
        return FALSE;
    }
  if (run->set->queries->len > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The library has too few pictures with an aesthetic score to compare %u of them. "
               "Index more pictures, or take a smaller v.",
               run->options->order.v);
  return FALSE;
}

gboolean
kalon_aligner_load_set (KalonAlignerRun *run, GError **error)
{
  g_autofree char *name = g_filename_display_name (run->aligner->set_in);

  run->set = kalon_preference_set_load (run->aligner->set_in, error);
  if (run->set == NULL)
    return FALSE;
  if (!g_str_equal (run->set->model_hash, run->model_hash))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "%s: the set was built with another model. Switch to that model, or build it "
                   "anew.",
                   name);
      return FALSE;
    }
  if (run->set->queries->len > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "%s: there are no queries in it.", name);
  return FALSE;
}
