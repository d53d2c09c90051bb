/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

#include <math.h>

static void
clear_hit (gpointer data)
{
  KalonHit *hit = data;

  kalon_picture_free (hit->picture);
  g_clear_pointer (&hit->behind, g_ptr_array_unref);
}

/* Behind the hit of its leader. */
static gboolean
look_up_folded (KalonLibrary *library, GArray *hits, GArray *folded, GError **error)
{
  g_autoptr (GHashTable) leaders = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < hits->len; i++)
    {
      KalonHit *hit = &g_array_index (hits, KalonHit, i);

      g_hash_table_insert (leaders, &hit->result.picture, hit);
    }
  for (guint i = 0; i < folded->len; i++)
    {
      const KalonFolded *one = &g_array_index (folded, KalonFolded, i);
      KalonHit *leader = g_hash_table_lookup (leaders, &one->leader);
      g_autoptr (GError) reason = NULL;
      KalonPicture *picture = kalon_library_get_picture (library, one->result.picture, &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (leader == NULL || picture == NULL)
        {
          kalon_picture_free (picture);
          continue;
        }
      if (leader->behind == NULL)
        leader->behind = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_picture_free);
      g_ptr_array_add (leader->behind, picture);
    }
  return TRUE;
}

GArray *
kalon_cli_look_up (KalonLibrary *library, GArray *results, GArray *folded, GError **error)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (KalonHit));

  g_array_set_clear_func (hits, clear_hit);
  for (guint i = 0; i < results->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      KalonHit hit = { .result = g_array_index (results, KalonResult, i) };

      hit.picture = kalon_library_get_picture (library, hit.result.picture, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (hit.picture != NULL)
        g_array_append_val (hits, hit);
    }
  return folded == NULL || look_up_folded (library, hits, folded, error) ? g_steal_pointer (&hits)
                                                                         : NULL;
}

static const char *const move_names[KALON_N_MOVES]
    = { "rephrase", "adapter", "aesthetic", "taste" };

/* @behind: (nullable) */
static void
add_behind (JsonBuilder *builder, GPtrArray *behind)
{
  json_builder_set_member_name (builder, "near_duplicates");
  json_builder_begin_array (builder);
  for (guint i = 0; behind != NULL && i < behind->len; i++)
    {
      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", ((KalonPicture *) behind->pdata[i])->path);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_ranking (JsonBuilder *builder, const char *name, GArray *hits, gboolean is_aligned)
{
  if (hits == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);

      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", hit->picture->path);
      kalon_cli_json_integer (builder, "rank", hit->result.rank);
      kalon_cli_json_number (builder, "similarity", hit->result.similarity);
      kalon_cli_json_number (builder, "aesthetic", hit->result.aesthetic);
      kalon_cli_json_number (builder, "score", hit->result.score);
      kalon_cli_json_integer (builder, "duplicates", hit->result.n_duplicates);
      add_behind (builder, hit->behind);
      if (is_aligned)
        {
          json_builder_set_member_name (builder, "moves");
          json_builder_begin_object (builder);
          for (guint move = 0; move < KALON_N_MOVES; move++)
            kalon_cli_json_integer (builder, move_names[move], hit->result.moves[move]);
          json_builder_end_object (builder);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_json (const KalonSearchOptions *options, const char *model, const char *device,
            const KalonRephrasing *rephrasing, const KalonResults *results, GArray *baseline,
            GArray *aligned)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
  g_autofree char *filter
      = options->filter != NULL ? kalon_filter_to_string (options->filter) : NULL;

  kalon_cli_json_string (builder, "query", options->words);
  kalon_cli_json_string (builder, "filter", filter);
  kalon_cli_json_string (builder, "rephrased", rephrasing != NULL ? rephrasing->text : NULL);
  kalon_cli_json_string (builder, "model", model);
  kalon_cli_json_string (builder, "device", device);
  kalon_cli_json_integer (builder, "indexed", results->n_candidates);
  kalon_cli_json_integer (builder, "total", results->n_pictures);
  kalon_cli_json_integer (builder, "strictness", results->strictness);
  kalon_cli_json_integer (builder, "filtered", (gint64) results->n_filtered);
  kalon_cli_json_integer (builder, "cut", results->n_cut);
  kalon_cli_json_integer (builder, "below_min_aesthetic", (gint64) results->n_unsightly);
  kalon_cli_json_integer (builder, "folded", results->n_folded);
  kalon_cli_json_integer (builder, "dropped_tokens", results->n_dropped_tokens);
  if (results->aligned != NULL)
    kalon_cli_json_integer (builder, "thumbs", (gint64) results->n_thumbs);
  json_builder_set_member_name (builder, "rankings");
  json_builder_begin_object (builder);
  add_ranking (builder, "baseline", baseline, FALSE);
  add_ranking (builder, "aligned", aligned, TRUE);
  json_builder_end_object (builder);
  kalon_cli_json_print (builder);
}

/* "rephrase +12, taste -7" */
static void
print_moves (const KalonResult *result)
{
  const char *separator = "  (";

  for (guint move = 0; move < KALON_N_MOVES; move++)
    if (result->moves[move] != 0)
      {
        kalon_cli_print ("%s%s %+d", separator, move_names[move], result->moves[move]);
        separator = ", ";
      }
  if (separator[0] == ',')
    kalon_cli_print (")");
}

static void
print_text (const KalonSearchOptions *options, GArray *hits)
{
  for (guint i = 0; i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);

      kalon_cli_print ("%4u  %7.4f  ", hit->result.rank, hit->result.score);
      if (options->show_aesthetic && isnan (hit->result.aesthetic))
        kalon_cli_print ("    -  ");
      else if (options->show_aesthetic)
        kalon_cli_print ("%5.2f  ", hit->result.aesthetic);
      kalon_cli_print_path (hit->picture->path);
      if (options->why)
        print_moves (&hit->result);
      kalon_cli_print ("\n");
    }
}

void
kalon_cli_print_results (KalonCli *cli, const KalonSearchOptions *options, const char *model,
                         const char *device, const KalonRephrasing *rephrasing,
                         const KalonResults *results, GArray *baseline, GArray *aligned)
{
  if (cli->json)
    {
      print_json (options, model, device, rephrasing, results, baseline, aligned);
      return;
    }
  if (rephrasing != NULL && rephrasing->source != KALON_REPHRASE_SOURCE_NONE)
    kalon_cli_message ("Rephrased: %s", rephrasing->text);
  if (baseline != NULL && aligned != NULL)
    kalon_cli_print ("baseline\n");
  if (baseline != NULL)
    print_text (options, baseline);
  if (baseline != NULL && aligned != NULL)
    kalon_cli_print ("aligned\n");
  if (aligned != NULL)
    print_text (options, aligned);
}

void
kalon_cli_tell_coverage (const KalonSearchOptions *options, const KalonResults *results)
{
  kalon_cli_message ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " pictures are indexed%s",
                     results->n_candidates, results->n_pictures,
                     results->n_candidates < results->n_pictures
                         ? "; “kalon-cli index” takes in the others."
                     : results->n_pictures == 0 ? ": begin with “kalon-cli index FOLDER”."
                                                : ".");
  if (results->n_filtered > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " pictures are left out by the filter.",
                       results->n_filtered);
  if (results->n_cut > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " weaker matches are cut off by --strictness %u%s.",
                       results->n_cut, results->strictness,
                       g_strcmp0 (options->strictness, KALON_SEARCH_STRICTNESS_OF_MODEL) == 0
                           ? ", the model's own"
                           : "");
  if (results->n_unsightly > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " pictures with an aesthetic score below %s, or without "
                       "one, are left out.",
                       results->n_unsightly, options->min_aesthetic);
  if (results->n_folded > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " near-duplicates are folded behind their best; "
                       "--no-fold shows them.",
                       results->n_folded);
  kalon_cli_tell_dropped (results->n_dropped_tokens);
}
