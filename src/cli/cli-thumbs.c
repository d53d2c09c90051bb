/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-taste-private.h"

#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

#include <math.h>
#include <stdlib.h>

/* What a page of results shows: what a thumb on one of them was chosen over. */
#define SHOWN 12

KalonFeedback *
kalon_cli_open_feedback (KalonCli *cli, KalonLibrary **library, GError **error)
{
  *library = kalon_library_open (cli->library, error);
  return *library != NULL ? kalon_feedback_open (kalon_library_get_directory (*library), error)
                          : NULL;
}

/* A picture that is thumbed, and where it stands for the query. */
typedef struct
{
  KalonPicture *picture;
  gint64 thumb;
  guint baseline; /* 0: not among the results */
  guint before;   /* of the aligned ranking */
  guint after;
} Given;

static void
given_free (gpointer data)
{
  Given *given = data;

  kalon_picture_free (given->picture);
  g_free (given);
}

/* All that a thumb needs. */
typedef struct
{
  KalonLibrary *library;
  KalonModel *model;
  KalonSearcher *searcher;
  KalonFeedback *feedback;
} Desk;

static void
clear_desk (Desk *desk)
{
  g_clear_object (&desk->feedback);
  g_clear_object (&desk->searcher);
  g_clear_pointer (&desk->model, kalon_model_free);
  g_clear_object (&desk->library);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Desk, clear_desk)

static gboolean
open_desk (KalonCli *cli, Desk *desk, GError **error)
{
  g_autofree char *device = NULL;

  desk->feedback = kalon_cli_open_feedback (cli, &desk->library, error);
  desk->model = desk->feedback != NULL ? kalon_models_find (cli->model, error) : NULL;
  if (desk->model == NULL || !kalon_cli_choose_device (cli, &device, error))
    return FALSE;
  desk->searcher = kalon_searcher_new (cli->library, desk->model->directory, cli->device);
  return TRUE;
}

KalonPicture *
kalon_cli_find_picture (KalonLibrary *library, const char *argument, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (argument, NULL);
  g_autofree char *shown = g_filename_display_name (argument);
  g_autoptr (GError) reason = NULL;
  char *real = realpath (argument, NULL);
  KalonPicture *picture = kalon_library_find_picture (library, path, &reason);

  if (picture == NULL && reason == NULL && real != NULL)
    picture = kalon_library_find_picture (library, real, &reason);
  free (real);
  if (picture == NULL && reason == NULL)
    g_set_error (&reason, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "%s is not in the library. “kalon-cli index FOLDER” takes it in.", shown);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return picture;
}

static guint
find_rank (GArray *results, gint64 picture)
{
  for (guint i = 0; i < results->len; i++)
    if (g_array_index (results, KalonResult, i).picture == picture)
      return g_array_index (results, KalonResult, i).rank;
  return 0;
}

/* (transfer full): all that is found for @words, by both rankings, as they are shown: nothing is
 * folded away, because the picture that is thumbed may be. */
static KalonResults *
search (KalonCli *cli, Desk *desk, const char *words, GError **error)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  KalonAlignment alignment = KALON_ALIGNMENT_DEFAULT;

  kalon_query_add_term (query, KALON_TERM_TEXT, words, 1);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  return kalon_searcher_search (desk->searcher, query, cli->cancellable, error);
}

/* (transfer full): content hashes of the aligned ranking's first page, and of @picture where it is
 * further down; @chosen: its place among them */
static GStrv
list_shown (Desk *desk, const KalonResults *results, const KalonPicture *picture, guint *chosen,
            GError **error)
{
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();
  guint n = 0;

  *chosen = G_MAXUINT;
  for (guint i = 0; i < results->aligned->len && n < SHOWN; i++)
    {
      gint64 id = g_array_index (results->aligned, KalonResult, i).picture;
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonPicture) shown = kalon_library_get_picture (desk->library, id, &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (shown == NULL)
        continue;
      if (id == picture->id)
        *chosen = n;
      g_strv_builder_add (hashes, shown->content_hash);
      n++;
    }
  if (*chosen == G_MAXUINT)
    {
      *chosen = n;
      g_strv_builder_add (hashes, picture->content_hash);
    }
  return g_strv_builder_end (hashes);
}

static void
add_given (JsonBuilder *builder, const Given *given)
{
  kalon_cli_json_integer (builder, "thumb", given->thumb);
  kalon_cli_json_path (builder, "path", given->picture->path);
  kalon_cli_json_integer (builder, "baseline_rank", given->baseline);
  kalon_cli_json_integer (builder, "rank_before", given->before);
  kalon_cli_json_integer (builder, "rank_after", given->after);
}

/* The keys of one thumb are those of the last one. */
static void
print_json (gboolean liked, const char *words, GPtrArray *all, const KalonResults *results)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  add_given (builder, g_ptr_array_index (all, all->len - 1));
  kalon_cli_json_boolean (builder, "liked", liked);
  kalon_cli_json_string (builder, "query", words);
  json_builder_set_member_name (builder, "given");
  json_builder_begin_array (builder);
  for (guint i = 0; i < all->len; i++)
    {
      json_builder_begin_object (builder);
      add_given (builder, g_ptr_array_index (all, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_cli_json_integer (builder, "thumbs", (gint64) results->n_thumbs);
  kalon_cli_json_number (builder, "held_out_agreement",
                         results->taste.n < KALON_TASTE_MIN_CHECKED ? NAN
                                                                    : results->taste.agreement);
  kalon_cli_json_boolean (builder, "accepted", results->taste.accepted);
  kalon_cli_json_boolean (builder, "active", results->taste.active);
  kalon_cli_json_print (builder);
}

/* What became of the last thumb. */
static void
tell_check (const KalonResults *results)
{
  const KalonTasteCheck *check = &results->taste;

  if (check->n == 0)
    kalon_cli_message ("Kept. Nothing is learned from it: the picture, or all that it was shown "
                       "with, has no embedding of this model.");
  else if (check->n < KALON_TASTE_MIN_CHECKED)
    kalon_cli_message ("Learned from %u %s; how well that foretells others is not known before %d.",
                       check->n, check->n == 1 ? "thumb" : "thumbs", KALON_TASTE_MIN_CHECKED);
  else if (!check->accepted)
    kalon_cli_message ("Kept. Learning from it would have made the ranking of other thumbs worse, "
                       "so the last good taste stays. The next thumb learns from all of them "
                       "again.");
  else
    kalon_cli_message ("Learned from %" G_GSIZE_FORMAT
                       " thumbs; on those it had not seen, %.0f %% of the pairs came out right%s",
                       results->n_thumbs, 100 * check->agreement,
                       check->active ? "."
                       : results->has_import
                           ? ": no better than chance, so only what was imported counts."
                           : ": no better than chance, so taste changes nothing.");
}

static void
print_text (GPtrArray *all, const KalonResults *results)
{
  for (guint i = 0; i < all->len; i++)
    {
      const Given *given = g_ptr_array_index (all, i);

      kalon_cli_print ("thumb %" G_GINT64_FORMAT ": aligned rank %u -> %u (baseline %u)\n",
                       given->thumb, given->before, given->after, given->baseline);
    }
  tell_check (results);
}

/* (transfer full) (nullable) (element-type Given): all of @files, or an error and none. */
static GPtrArray *
find_pictures (Desk *desk, GStrv files, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (given_free);

  for (gsize i = 0; files[i] != NULL; i++)
    {
      KalonPicture *picture = kalon_cli_find_picture (desk->library, files[i], error);
      Given *given;

      if (picture == NULL)
        return NULL;
      given = g_new0 (Given, 1);
      given->picture = picture;
      g_ptr_array_add (all, given);
    }
  return g_steal_pointer (&all);
}

/* Every thumb is on what was shown before the first of them. */
static gboolean
store (Desk *desk, const char *words, gboolean liked, GPtrArray *all, const KalonResults *results,
       GError **error)
{
  for (guint i = 0; i < all->len; i++)
    {
      Given *given = g_ptr_array_index (all, i);
      guint chosen;
      g_auto (GStrv) shown = list_shown (desk, results, given->picture, &chosen, error);

      given->baseline = find_rank (results->results, given->picture->id);
      given->before = find_rank (results->aligned, given->picture->id);
      if (shown == NULL
          || !kalon_feedback_add (desk->feedback, words, liked, chosen, (const char *const *) shown,
                                  &given->thumb, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_empty (const Desk *desk, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "No picture of the library is indexed with the model “%s”. “kalon-cli --model %s "
               "index” does it.",
               desk->model->id, desk->model->id);
  return FALSE;
}

static KalonCliStatus
add_thumbs (KalonCli *cli, GStrv files, const char *words, gboolean liked)
{
  g_auto (Desk) desk = { NULL };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GError) error = NULL;

  kalon_cli_watch_signals (cli);
  if (!open_desk (cli, &desk, &error))
    return kalon_cli_fail (cli, error);
  all = find_pictures (&desk, files, &error);
  results = all != NULL ? search (cli, &desk, words, &error) : NULL;
  if (results == NULL || (results->n_candidates == 0 && !refuse_empty (&desk, &error))
      || !store (&desk, words, liked, all, results, &error))
    return kalon_cli_fail (cli, error);
  kalon_results_unref (g_steal_pointer (&results));
  results = search (cli, &desk, words, &error);
  if (results == NULL)
    return kalon_cli_fail (cli, error);
  for (guint i = 0; i < all->len; i++)
    {
      Given *given = g_ptr_array_index (all, i);

      given->after = find_rank (results->aligned, given->picture->id);
    }
  if (cli->json)
    print_json (liked, words, all, results);
  else
    print_text (all, results);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_thumb (KalonCli *cli, const KalonCliCommand *command, GStrv argv, gboolean liked)
{
  g_autofree char *query = NULL;
  g_autofree char *words = NULL;
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "query", 0, 0, G_OPTION_ARG_FILENAME, &query, "What the pictures were shown for", "WORDS" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || query == NULL)
    return kalon_cli_usage (command, "The picture, or --query, is missing.");
  words = kalon_cli_dup_words (query);
  if (words[strspn (words, " \t\n\r")] == '\0')
    return kalon_cli_usage (command, "The query is empty.");
  return add_thumbs (cli, arguments, words, liked);
}

static KalonCliStatus
run_like (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_thumb (cli, command, argv, TRUE);
}

static KalonCliStatus
run_dislike (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_thumb (cli, command, argv, FALSE);
}

static const char details[]
    = "Several pictures are one thumb each, in the order given, on one and the same page.\n"
      "A thumb that would make the ranking of other thumbs worse is kept and not used; the next\n"
      "one learns from all of them again.";

const KalonCliCommand kalon_cli_like = {
  .name = "like",
  .arguments = "FILE... --query WORDS",
  .summary = "Thumb up: teach the profile that this picture is better than those shown with it.",
  .details = details,
  .run = run_like,
};

const KalonCliCommand kalon_cli_dislike = {
  .name = "dislike",
  .arguments = "FILE... --query WORDS",
  .summary = "Thumb down: teach the profile that this picture is worse than those shown with it.",
  .details = details,
  .run = run_dislike,
};
