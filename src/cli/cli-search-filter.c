/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-search-private.h"

gboolean
kalon_cli_read_filters (const KalonCliCommand *command, KalonSearchOptions *options)
{
  g_autofree char *rest = NULL;
  g_autoptr (KalonFilter) filter
      = kalon_filter_extract (options->words != NULL ? options->words : "", NULL, &rest);

  for (gsize i = 0; options->filters != NULL && options->filters[i] != NULL; i++)
    {
      g_autofree char *text = kalon_cli_dup_words (options->filters[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonFilter) other = kalon_filter_parse (text, NULL, &error);
      KalonFilter *both;

      if (other == NULL)
        {
          kalon_cli_usage (command, "--filter: %s", error->message);
          return FALSE;
        }
      both = kalon_filter_with (filter, other);
      kalon_filter_unref (filter);
      filter = both;
    }
  if (kalon_filter_get_n_clauses (filter) == 0)
    return TRUE;
  options->filter = g_steal_pointer (&filter);
  if (options->words != NULL)
    {
      g_free (options->words);
      options->words = rest[0] != '\0' ? g_steal_pointer (&rest) : NULL;
    }
  return TRUE;
}

/* (nullable): an option that has no meaning where nothing is ranked. */
static const char *
find_ranking_option (const KalonSearchOptions *options)
{
  return options->ranking != NULL         ? "--ranking"
         : options->rephrase != NULL      ? "--rephrase"
         : options->strictness != NULL    ? "--strictness"
         : options->sort != NULL          ? "--sort"
         : options->nots != NULL          ? "--not"
         : options->unlikes != NULL       ? "--unlike"
         : options->show_aesthetic        ? "--show-aesthetic"
         : options->why                   ? "--why"
         : options->min_aesthetic != NULL ? "--min-aesthetic"
                                          : NULL;
}

static void
print_json (const char *filter, gsize n_filtered, GArray *hits)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "query", NULL);
  kalon_cli_json_string (builder, "filter", filter);
  kalon_cli_json_integer (builder, "filtered", (gint64) n_filtered);
  json_builder_set_member_name (builder, "rankings");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "newest");
  json_builder_begin_array (builder);
  for (guint i = 0; i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);

      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", hit->picture->path);
      kalon_cli_json_integer (builder, "rank", hit->result.rank);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  kalon_cli_json_print (builder);
}

/* (transfer full) (element-type KalonResult): the pictures that are printed, without scores. */
static GArray *
rank_by_age (const KalonSearchOptions *options, const GArray *pictures)
{
  GArray *results = g_array_new (FALSE, TRUE, sizeof (KalonResult));

  for (guint i = 0; i < pictures->len; i++)
    {
      KalonResult result = { .picture = g_array_index (pictures, gint64, i), .rank = i + 1 };

      if (options->limit > 0 && i == (guint) options->limit)
        break;
      g_array_append_val (results, result);
    }
  return results;
}

/* (transfer full) (nullable): of the model whose scores a filter asks for; @error is not set where
 * none does. */
static char *
dup_model_hash (KalonCli *cli, const KalonFilter *filter, GError **error)
{
  g_autoptr (KalonModel) model = NULL;

  if (!kalon_filter_has (filter, KALON_FILTER_AESTHETIC))
    return NULL;
  model = kalon_models_find (cli->model, error);
  return model != NULL ? kalon_model_dup_hash (model->directory, cli->cancellable, error) : NULL;
}

KalonCliStatus
kalon_cli_list_filtered (KalonCli *cli, const KalonCliCommand *command,
                         const KalonSearchOptions *options)
{
  const char *senseless = find_ranking_option (options);
  g_autofree char *text = kalon_filter_to_string (options->filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (GArray) pictures = NULL;
  g_autoptr (GArray) results = NULL;
  g_autoptr (GArray) hits = NULL;
  g_autofree char *hash = NULL;
  KalonLibraryCounts counts;

  if (senseless != NULL)
    return kalon_cli_usage (command, "%s needs something to look for: words, or --like FILE.",
                            senseless);
  if (!kalon_cli_search_check_sheet (command, options))
    return KALON_CLI_USAGE;
  hash = dup_model_hash (cli, options->filter, &error);
  library = error == NULL ? kalon_library_open (cli->library, &error) : NULL;
  if (library == NULL || !kalon_library_count (library, "", &counts, &error))
    return kalon_cli_fail (cli, error);
  pictures = kalon_library_list_pictures (library, options->filter, hash, &error);
  if (pictures == NULL)
    return kalon_cli_fail (cli, error);
  results = rank_by_age (options, pictures);
  hits = kalon_cli_look_up (library, results, NULL, &error);
  if (hits == NULL || !kalon_cli_write_hits (cli, options, library, hits, NULL, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (text, counts.pictures - MIN (counts.pictures, pictures->len), hits);
  for (guint i = 0; !cli->json && i < hits->len; i++)
    {
      const KalonHit *hit = &g_array_index (hits, KalonHit, i);

      kalon_cli_print ("%4u  ", hit->result.rank);
      kalon_cli_print_path (hit->picture->path);
      kalon_cli_print ("\n");
    }
  kalon_cli_message ("%u of %" G_GSIZE_FORMAT " pictures pass the filter.", pictures->len,
                     counts.pictures);
  return KALON_CLI_DONE;
}
