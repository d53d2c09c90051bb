/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-taste-private.h"

#include "aligner/kalon-aligner.h"

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
    kalon_cli_print ("%" G_GSIZE_FORMAT " %s taken back or changed\n", n_changed,
                     n_changed == 1 ? "thumb" : "thumbs");
  return KALON_CLI_DONE;
}

/* One of the three is given. */
static gboolean
forget (KalonLibrary *library, KalonFeedback *feedback, const char *file, const char *words,
        gint64 thumb, gsize *n_changed, GError **error)
{
  g_autoptr (KalonPicture) picture = NULL;

  *n_changed = 1;
  if (words != NULL)
    return kalon_feedback_forget_query (feedback, words, n_changed, error);
  if (file == NULL)
    return kalon_feedback_undo (feedback, thumb, error);
  picture = kalon_cli_find_picture (library, file, error);
  return picture != NULL
         && kalon_feedback_forget_picture (feedback, picture->content_hash, n_changed, error);
}

static KalonCliStatus
run_forget (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *query = NULL;
  g_autofree char *words = NULL;
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
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
  feedback = kalon_cli_open_feedback (cli, &library, &error);
  if (feedback == NULL
      || !forget (library, feedback, arguments[0], words, thumb, &n_changed, &error))
    return kalon_cli_fail (cli, error);
  return print_changed (cli, n_changed);
}

static void
print_forgotten (KalonCli *cli, const KalonForgotten *forgotten, gboolean had_checkpoint)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_integer (builder, "changed", (gint64) forgotten->n_thumbs);
      kalon_cli_json_integer (builder, "imports", (gint64) forgotten->n_imports);
      kalon_cli_json_integer (builder, "adapters", (gint64) forgotten->n_adapters);
      kalon_cli_json_boolean (builder, "checkpoint", had_checkpoint);
      kalon_cli_json_print (builder);
      return;
    }
  kalon_cli_print ("forgotten: %" G_GSIZE_FORMAT " %s, %" G_GSIZE_FORMAT
                   " imported %s, %" G_GSIZE_FORMAT " %s%s\n",
                   forgotten->n_thumbs, forgotten->n_thumbs == 1 ? "thumb" : "thumbs",
                   forgotten->n_imports, forgotten->n_imports == 1 ? "taste" : "tastes",
                   forgotten->n_adapters, forgotten->n_adapters == 1 ? "adapter" : "adapters",
                   had_checkpoint ? ", an interrupted training" : "");
}

static KalonCliStatus
run_reset (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  KalonForgotten forgotten;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  feedback = kalon_cli_open_feedback (cli, &library, &error);
  if (feedback == NULL || !kalon_feedback_reset (feedback, &forgotten, &error))
    return kalon_cli_fail (cli, error);
  print_forgotten (cli, &forgotten,
                   kalon_aligner_discard_checkpoint (kalon_library_get_directory (library)));
  return KALON_CLI_DONE;
}

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
  .details = "And what an interrupted “align” has left in the library.",
  .run = run_reset,
};
