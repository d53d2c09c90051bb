/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-taste-private.h"

#include "models/kalon-models.h"
#include "searcher/kalon-searcher.h"

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

/* Where a picture stands for a query. */
typedef struct
{
  guint baseline; /* 0: not among the results */
  guint aligned;
} Ranks;

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

/* (transfer full): the picture that @argument, a path, names. Folders are known by their real
 * paths, but a link inside of one by its own. */
static KalonPicture *
find_picture (KalonLibrary *library, const char *argument, GError **error)
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
print_thumb (KalonCli *cli, gint64 id, gboolean liked, const char *words,
             const KalonPicture *picture, const Ranks *before, const Ranks *after,
             const KalonResults *results)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_integer (builder, "thumb", id);
      kalon_cli_json_boolean (builder, "liked", liked);
      kalon_cli_json_string (builder, "query", words);
      kalon_cli_json_path (builder, "path", picture->path);
      kalon_cli_json_integer (builder, "baseline_rank", after->baseline);
      kalon_cli_json_integer (builder, "rank_before", before->aligned);
      kalon_cli_json_integer (builder, "rank_after", after->aligned);
      kalon_cli_json_integer (builder, "thumbs", (gint64) results->n_thumbs);
      kalon_cli_json_number (builder, "held_out_agreement", results->taste.agreement);
      kalon_cli_json_boolean (builder, "active", results->taste.active);
      kalon_cli_json_print (builder);
      return;
    }
  kalon_cli_print ("thumb %" G_GINT64_FORMAT ": aligned rank %u -> %u (baseline %u)\n", id,
                   before->aligned, after->aligned, after->baseline);
  kalon_cli_message ("Learned from %" G_GSIZE_FORMAT
                     " thumbs; on those it had not seen, %.0f %% of the pairs came out right%s",
                     results->n_thumbs, 100 * results->taste.agreement,
                     results->taste.active ? "."
                     : results->has_import
                         ? ": no better than chance, so only what was imported counts."
                         : ": no better than chance, so taste changes nothing.");
}

static KalonCliStatus
add_thumb (KalonCli *cli, const char *file, const char *words, gboolean liked)
{
  g_auto (Desk) desk = { NULL };
  g_autoptr (KalonPicture) picture = NULL;
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) shown = NULL;
  Ranks before, after;
  guint chosen;
  gint64 id;

  kalon_cli_watch_signals (cli);
  if (!open_desk (cli, &desk, &error))
    return kalon_cli_fail (cli, error);
  picture = find_picture (desk.library, file, &error);
  results = picture != NULL ? search (cli, &desk, words, &error) : NULL;
  if (results == NULL)
    return kalon_cli_fail (cli, error);
  before.baseline = find_rank (results->results, picture->id);
  before.aligned = find_rank (results->aligned, picture->id);
  shown = list_shown (&desk, results, picture, &chosen, &error);
  if (shown == NULL
      || !kalon_feedback_add (desk.feedback, words, liked, chosen, (const char *const *) shown, &id,
                              &error))
    return kalon_cli_fail (cli, error);
  kalon_results_unref (g_steal_pointer (&results));
  results = search (cli, &desk, words, &error);
  if (results == NULL)
    return kalon_cli_fail (cli, error);
  after.baseline = find_rank (results->results, picture->id);
  after.aligned = find_rank (results->aligned, picture->id);
  print_thumb (cli, id, liked, words, picture, &before, &after, results);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_thumb (KalonCli *cli, const KalonCliCommand *command, GStrv argv, gboolean liked)
{
  g_autofree char *query = NULL;
  g_autofree char *words = NULL;
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "query", 0, 0, G_OPTION_ARG_FILENAME, &query, "What the picture was shown for", "WORDS" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL || query == NULL)
    return kalon_cli_usage (command, "The picture, or --query, is missing.");
  words = kalon_cli_dup_words (query);
  if (words[strspn (words, " \t\n\r")] == '\0')
    return kalon_cli_usage (command, "The query is empty.");
  return add_thumb (cli, arguments[0], words, liked);
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

static KalonCliStatus
print_changed (KalonCli *cli, gsize n_changed)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_integer (builder, "changed", (gint64) n_changed);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%" G_GSIZE_FORMAT " thumbs taken back or changed\n", n_changed);
  return KALON_CLI_DONE;
}

/* One of the three is given. */
static gboolean
forget (Desk *desk, const char *file, const char *words, gint64 thumb, gsize *n_changed,
        GError **error)
{
  g_autoptr (KalonPicture) picture = NULL;

  *n_changed = 1;
  if (words != NULL)
    return kalon_feedback_forget_query (desk->feedback, words, n_changed, error);
  if (file == NULL)
    return kalon_feedback_undo (desk->feedback, thumb, error);
  picture = find_picture (desk->library, file, error);
  return picture != NULL
         && kalon_feedback_forget_picture (desk->feedback, picture->content_hash, n_changed, error);
}

static KalonCliStatus
run_forget (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *query = NULL;
  g_autofree char *words = NULL;
  g_auto (GStrv) arguments = NULL;
  g_auto (Desk) desk = { NULL };
  g_autoptr (GError) error = NULL;
  gint64 thumb = 0;
  gsize n_changed;
  const GOptionEntry entries[] = {
    { "query", 0, 0, G_OPTION_ARG_FILENAME, &query, "Forget the thumbs given for these words",
      "WORDS" },
    { "thumb", 0, 0, G_OPTION_ARG_INT64, &thumb, "Take back this one, as “taste thumbs” lists them",
      "ID" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if ((arguments[0] != NULL) + (query != NULL) + (thumb != 0) != 1)
    return kalon_cli_usage (command, "What to forget is one of: a picture, --query, --thumb.");
  words = query != NULL ? kalon_cli_dup_words (query) : NULL;
  desk.feedback = kalon_cli_open_feedback (cli, &desk.library, &error);
  if (desk.feedback == NULL || !forget (&desk, arguments[0], words, thumb, &n_changed, &error))
    return kalon_cli_fail (cli, error);
  return print_changed (cli, n_changed);
}

static KalonCliStatus
run_reset (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_changed = 0;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  feedback = kalon_cli_open_feedback (cli, &library, &error);
  if (feedback == NULL || !kalon_feedback_reset (feedback, &n_changed, &error))
    return kalon_cli_fail (cli, error);
  return print_changed (cli, n_changed);
}

const KalonCliCommand kalon_cli_like = {
  .name = "like",
  .arguments = "FILE --query WORDS",
  .summary = "Thumb up: teach the profile that this picture is better than those shown with it.",
  .run = run_like,
};

const KalonCliCommand kalon_cli_dislike = {
  .name = "dislike",
  .arguments = "FILE --query WORDS",
  .summary = "Thumb down: teach the profile that this picture is worse than those shown with it.",
  .run = run_dislike,
};

const KalonCliCommand kalon_cli_forget = {
  .name = "forget",
  .arguments = "[FILE]",
  .summary = "Take thumbs back, as if they had never been given.",
  .details = "With FILE as if that picture had never been shown.",
  .run = run_forget,
};

const KalonCliCommand kalon_cli_reset = {
  .name = "reset",
  .arguments = "",
  .summary = "Forget all that the active profile has learned: thumbs, imports, adapters.",
  .run = run_reset,
};
