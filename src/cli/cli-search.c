/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "errors/kalon-errors.h"
#include "library/kalon-library.h"
#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

#include <math.h>

/* What fits a terminal without scrolling. */
#define DEFAULT_LIMIT 20
#define STRICTNESS_OF_MODEL "model"

typedef struct
{
  int limit;
  char *strictness; /* (nullable): as given */
  char *ranking;
  char *sheet;
  char *sort;           /* (nullable): as given */
  double min_aesthetic; /* NaN: none */
  gboolean show_aesthetic;
  gboolean no_fold;
  GStrv likes;
  GStrv nots;
  char *words; /* (nullable) */
} SearchOptions;

/* A result with what the catalogue knows of it. */
typedef struct
{
  KalonResult result;
  KalonPicture *picture;
} Hit;

static void
clear_hit (gpointer data)
{
  Hit *hit = data;

  kalon_picture_free (hit->picture);
}

static void
clear_options (SearchOptions *options)
{
  g_free (options->strictness);
  g_free (options->ranking);
  g_free (options->sheet);
  g_free (options->sort);
  g_strfreev (options->likes);
  g_strfreev (options->nots);
  g_free (options->words);
}

/* "0.5:FILE" is FILE with weight 0.5; anything not led by digits and a colon weighs 1. */
static const char *
split_weight (const char *term, float *weight)
{
  gsize length = strspn (term, "0123456789.");
  char *end;

  *weight = 1;
  if (length == 0 || term[length] != ':')
    return term;
  *weight = (float) g_ascii_strtod (term, &end);
  return end == term + length ? end + 1 : NULL;
}

/* Words as UTF-8, from whatever the terminal writes; what is neither is for the searcher to refuse.
 */
static char *
dup_words (const char *bytes)
{
  char *words
      = g_utf8_validate (bytes, -1, NULL) ? NULL : g_locale_to_utf8 (bytes, -1, NULL, NULL, NULL);

  return words != NULL ? words : g_strdup (bytes);
}

static gboolean
add_terms (KalonQuery *query, const KalonCliCommand *command, KalonTermKind kind, GStrv terms,
           float sign)
{
  for (gsize i = 0; terms != NULL && terms[i] != NULL; i++)
    {
      float weight;
      const char *value = split_weight (terms[i], &weight);

      if (value == NULL || value[0] == '\0' || !isfinite (weight) || weight <= 0)
        {
          kalon_cli_usage (command, "“%s” is not WEIGHT:VALUE with a weight above zero.", terms[i]);
          return FALSE;
        }
      if (kind == KALON_TERM_PICTURE)
        {
          g_autofree char *path = g_canonicalize_filename (value, NULL);
          kalon_query_add_term (query, kind, path, sign * weight);
        }
      else
        {
          g_autofree char *words = dup_words (value);
          kalon_query_add_term (query, kind, words, sign * weight);
        }
    }
  return TRUE;
}

/* "model", or a number; absent, the full ranked list. */
static gboolean
parse_strictness (const char *text, int *strictness)
{
  guint64 number = 0;

  *strictness = KALON_STRICTNESS_OF_MODEL;
  if (g_strcmp0 (text, STRICTNESS_OF_MODEL) == 0)
    return TRUE;
  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 0, 100, &number, NULL))
    return FALSE;
  *strictness = (int) number;
  return TRUE;
}

static gboolean
parse_sort (const char *text, KalonSort *sort)
{
  *sort = g_strcmp0 (text, "aesthetic") == 0 ? KALON_SORT_AESTHETIC : KALON_SORT_RELEVANCE;
  return text == NULL || g_str_equal (text, "aesthetic") || g_str_equal (text, "relevance");
}

/* (nullable): %NULL after a message when the options make no query. */
static KalonQuery *
build_query (const KalonCliCommand *command, const SearchOptions *options)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  KalonSort sort;
  int strictness;

  if (options->limit < 0)
    kalon_cli_usage (command, "--limit %d is below zero; 0 prints all.", options->limit);
  else if (!parse_strictness (options->strictness, &strictness))
    kalon_cli_usage (command, "--strictness %s is not between 0 and 100, nor “model”.",
                     options->strictness);
  else if (options->ranking != NULL && !g_str_equal (options->ranking, "baseline"))
    kalon_cli_usage (command, "There is no ranking “%s”, only “baseline”.", options->ranking);
  else if (!parse_sort (options->sort, &sort))
    kalon_cli_usage (command, "There is no order “%s”, only “relevance” and “aesthetic”.",
                     options->sort);
  else if (options->words == NULL && options->likes == NULL)
    kalon_cli_usage (command, "What to look for is missing: words, or --like FILE.");
  else if (options->words != NULL && options->words[strspn (options->words, " \t\n\r")] == '\0')
    kalon_cli_usage (command, "The query is empty. Give words, or --like FILE.");
  else
    {
      if (options->words != NULL)
        kalon_query_add_term (query, KALON_TERM_TEXT, options->words, 1);
      kalon_query_set_limit (query, options->limit);
      kalon_query_set_strictness (query, strictness);
      kalon_query_set_fold_duplicates (query, !options->no_fold);
      kalon_query_set_min_aesthetic (query, options->min_aesthetic);
      kalon_query_set_sort (query, sort);
      if (add_terms (query, command, KALON_TERM_PICTURE, options->likes, 1)
          && add_terms (query, command, KALON_TERM_TEXT, options->nots, -1))
        return g_steal_pointer (&query);
    }
  return NULL;
}

/* (transfer full) (element-type Hit): a picture that has left the catalogue meanwhile is left out.
 */
static GArray *
look_up (KalonLibrary *library, const KalonResults *results, GError **error)
{
  g_autoptr (GArray) hits = g_array_new (FALSE, FALSE, sizeof (Hit));

  g_array_set_clear_func (hits, clear_hit);
  for (guint i = 0; i < results->results->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      Hit hit = { .result = g_array_index (results->results, KalonResult, i) };

      hit.picture = kalon_library_get_picture (library, hit.result.picture, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (hit.picture != NULL)
        g_array_append_val (hits, hit);
    }
  return g_steal_pointer (&hits);
}

static void
print_json (const SearchOptions *options, const char *model, const char *device,
            const KalonResults *results, GArray *hits)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "query", options->words);
  kalon_cli_json_string (builder, "rephrased", NULL);
  kalon_cli_json_string (builder, "model", model);
  kalon_cli_json_string (builder, "device", device);
  kalon_cli_json_integer (builder, "indexed", results->n_candidates);
  kalon_cli_json_integer (builder, "total", results->n_pictures);
  kalon_cli_json_integer (builder, "strictness", results->strictness);
  kalon_cli_json_integer (builder, "cut", results->n_cut);
  kalon_cli_json_integer (builder, "below_min_aesthetic", (gint64) results->n_unsightly);
  kalon_cli_json_integer (builder, "folded", results->n_folded);
  kalon_cli_json_integer (builder, "dropped_tokens", results->n_dropped_tokens);
  json_builder_set_member_name (builder, "rankings");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "baseline");
  json_builder_begin_array (builder);
  for (guint i = 0; i < hits->len; i++)
    {
      const Hit *hit = &g_array_index (hits, Hit, i);

      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", hit->picture->path);
      kalon_cli_json_integer (builder, "rank", hit->result.rank);
      kalon_cli_json_number (builder, "similarity", hit->result.similarity);
      kalon_cli_json_number (builder, "aesthetic", hit->result.aesthetic);
      kalon_cli_json_number (builder, "score", hit->result.score);
      kalon_cli_json_integer (builder, "duplicates", hit->result.n_duplicates);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  kalon_cli_json_print (builder);
}

static void
print_text (const SearchOptions *options, GArray *hits)
{
  for (guint i = 0; i < hits->len; i++)
    {
      const Hit *hit = &g_array_index (hits, Hit, i);

      kalon_cli_print ("%4u  %7.4f  ", hit->result.rank, hit->result.score);
      if (options->show_aesthetic && isnan (hit->result.aesthetic))
        kalon_cli_print ("    -  ");
      else if (options->show_aesthetic)
        kalon_cli_print ("%5.2f  ", hit->result.aesthetic);
      kalon_cli_print_path (hit->picture->path);
      kalon_cli_print ("\n");
    }
}

/* What a reader of the list must know to trust it. */
static void
tell_coverage (const SearchOptions *options, const KalonResults *results)
{
  kalon_cli_message ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " pictures are indexed%s",
                     results->n_candidates, results->n_pictures,
                     results->n_candidates < results->n_pictures
                         ? "; “kalon-cli index” takes in the others."
                     : results->n_pictures == 0 ? ": begin with “kalon-cli index FOLDER”."
                                                : ".");
  if (results->n_cut > 0)
    kalon_cli_message (
        "%" G_GSIZE_FORMAT " weaker matches are cut off by --strictness %u%s.", results->n_cut,
        results->strictness,
        g_strcmp0 (options->strictness, STRICTNESS_OF_MODEL) == 0 ? ", the model's own" : "");
  if (results->n_unsightly > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " pictures with an aesthetic score below %g, or without "
                       "one, are left out.",
                       results->n_unsightly, options->min_aesthetic);
  if (results->n_folded > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " near-duplicates are folded behind their best; "
                       "--no-fold shows them.",
                       results->n_folded);
  if (results->n_dropped_tokens > 0)
    kalon_cli_message ("The words are too long for the model: the last %" G_GSIZE_FORMAT
                       " tokens were not used.",
                       results->n_dropped_tokens);
}

static gboolean
write_sheet (KalonCli *cli, KalonLibrary *library, const char *file, GArray *hits, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();

  for (guint i = 0; i < hits->len; i++)
    {
      const Hit *hit = &g_array_index (hits, Hit, i);

      g_ptr_array_add (paths, hit->picture->path);
      g_ptr_array_add (hashes, hit->picture->content_hash);
    }
  if (!kalon_cli_write_sheet (kalon_library_get_directory (library), file, paths, hashes,
                              cli->cancellable, error))
    return FALSE;
  kalon_cli_message ("The pictures are on the contact sheet %s.", file);
  return TRUE;
}

static KalonCliStatus
search (KalonCli *cli, const SearchOptions *options, KalonQuery *query)
{
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GArray) hits = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;

  library = kalon_library_open (cli->library, &error);
  model = library != NULL ? kalon_models_find (cli->model, &error) : NULL;
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  kalon_cli_watch_signals (cli);
  searcher = kalon_searcher_new (cli->library, model->directory, cli->device);
  results = kalon_searcher_search (searcher, query, cli->cancellable, &error);
  hits = results != NULL ? look_up (library, results, &error) : NULL;
  if (hits == NULL)
    return kalon_cli_fail (cli, error);

  if (options->sheet != NULL && !write_sheet (cli, library, options->sheet, hits, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    print_json (options, model->id, device, results, hits);
  else
    print_text (options, hits);
  tell_coverage (options, results);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_search (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  SearchOptions options = { .limit = DEFAULT_LIMIT, .min_aesthetic = NAN };
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonQuery) query = NULL;
  KalonCliStatus status = KALON_CLI_USAGE;
  const GOptionEntry entries[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &options.limit, "At most this many results; 0 is all (20)",
      "N" },
    { "ranking", 0, 0, G_OPTION_ARG_FILENAME, &options.ranking, "The ranking to print: baseline",
      "NAME" },
    { "strictness", 0, 0, G_OPTION_ARG_STRING, &options.strictness,
      "0 is the full ranked list, 100 only strong matches, “model” the model's own (0)", "0-100" },
    { "like", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.likes,
      "Also look for pictures like this one; may be given again", "[WEIGHT:]FILE" },
    { "not", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.nots,
      "Away from pictures of this; may be given again", "[WEIGHT:]TEXT" },
    { "no-fold", 0, 0, G_OPTION_ARG_NONE, &options.no_fold,
      "Show near-duplicates instead of folding them behind their best", NULL },
    { "sort", 0, 0, G_OPTION_ARG_FILENAME, &options.sort,
      "Print the results by “relevance” (the default) or “aesthetic”", "ORDER" },
    { "min-aesthetic", 0, 0, G_OPTION_ARG_DOUBLE, &options.min_aesthetic,
      "Only pictures with at least this aesthetic score, about 0 to 10", "SCORE" },
    { "show-aesthetic", 0, 0, G_OPTION_ARG_NONE, &options.show_aesthetic,
      "Print the aesthetic score between score and path", NULL },
    { "sheet", 0, 0, G_OPTION_ARG_FILENAME, &options.sheet,
      "Also write a contact sheet of the results", "FILE.png" },
    { NULL },
  };

  if (kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    {
      if (arguments[0] != NULL)
        {
          g_autofree char *typed = g_strjoinv (" ", arguments);
          options.words = dup_words (typed);
        }
      query = build_query (command, &options);
      if (query != NULL)
        status = search (cli, &options, query);
    }
  clear_options (&options);
  return status;
}

const KalonCliCommand kalon_cli_search = {
  .name = "search",
  .arguments = "[QUERY]",
  .summary = "Rank the indexed pictures for words, pictures and not-words.",
  .details
  = "A weight in front of a --like or --not counts it more or less than the words, which\n"
    "weigh 1: --like 0.5:beach.jpg, --not 2:people. A file name or a text that itself begins\n"
    "with a number and a colon is written ./3:2.jpg, or with a weight, 1:16:9.\n"
    "Each line is rank, score and path. QUERY may be left out with --like.",
  .run = run_search,
};
