/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-model-private.h"

#include "models/kalon-models.h"
#include "scorer/kalon-scorer.h"

void
kalon_model_json_heads (JsonBuilder *builder, GPtrArray *heads)
{
  json_builder_set_member_name (builder, "heads");
  json_builder_begin_array (builder);
  for (guint i = 0; i < heads->len; i++)
    {
      const KalonHead *head = g_ptr_array_index (heads, i);

      json_builder_begin_object (builder);
      kalon_cli_json_string (builder, "id", head->id);
      kalon_cli_json_path (builder, "path", head->path);
      kalon_cli_json_string (builder, "model_hash", head->encoder);
      kalon_cli_json_string (builder, "source", head->source);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
kalon_model_print_heads (GPtrArray *heads)
{
  for (guint i = 0; i < heads->len; i++)
    {
      const KalonHead *head = g_ptr_array_index (heads, i);

      kalon_cli_print ("aesthetic head %s, for the model %.12s…  ", head->id, head->encoder);
      kalon_cli_print_path (head->path);
      kalon_cli_print ("\n");
    }
}

/* Import */

static gboolean
parse_activation (const char *text, KalonHeadActivation *activation)
{
  *activation = KALON_HEAD_ACTIVATION_BY_NAME;
  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "relu"))
    *activation = KALON_HEAD_ACTIVATION_RELU;
  else if (g_str_equal (text, "none"))
    *activation = KALON_HEAD_ACTIVATION_NONE;
  else
    return FALSE;
  return TRUE;
}

static KalonCliStatus
import_head (KalonCli *cli, const char *file, const char *id, KalonHeadActivation activation)
{
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;

  kalon_cli_watch_signals (cli);
  model = kalon_models_find (cli->model, &error);
  if (model != NULL)
    hash = kalon_model_dup_hash (model->directory, cli->cancellable, &error);
  if (hash == NULL
      || !kalon_heads_import (file, id, activation, hash, model->config.projection, &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "imported", id);
      kalon_cli_json_string (builder, "model", model->id);
      kalon_cli_json_string (builder, "model_hash", hash);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%s imported for the model %s\n", id, model->id);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_import_head (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) arguments = NULL;
  KalonHeadActivation activation;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_FILENAME, &id, "What the head is called in --aesthetic", "ID" },
    { "activation", 0, 0, G_OPTION_ARG_FILENAME, &text,
      "What lies between its layers: relu or none (by the file's name)", "NAME" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The file of the head is missing.");
  if (id == NULL)
    return kalon_cli_usage (command, "--id is missing: what the head is to be called.");
  if (!parse_activation (text, &activation))
    return kalon_cli_usage (command, "There is no activation “%s”, only “relu” and “none”.", text);
  return import_head (cli, arguments[0], id, activation);
}

const KalonCliCommand kalon_model_import_head = {
  .name = "model import-head",
  .arguments = "FILE",
  .summary = "Import an aesthetic head for the embeddings of a model.",
  .details = "FILE is a PyTorch checkpoint (.pth) of dense layers, such as LAION's aesthetic\n"
             "predictors, or a safetensors file; nothing in it is executed. The model is that of\n"
             "--model: only the one that the head was trained for gives scores with a meaning.\n"
             "A file of several layers does not say whether there is a ReLU between them: say it\n"
             "with --activation, unless its name has “relu” or “linear” in it.",
  .run = run_import_head,
};

/* Scores */

static void
on_progress (gsize done, gsize total, gpointer user_data)
{
  kalon_cli_show_progress (done, total, "scoring");
}

static KalonCliStatus
run_score (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *shares = NULL;
  g_auto (GStrv) arguments = NULL;
  g_auto (KalonScorerResult) result = { 0 };
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL;
  gboolean done;
  const GOptionEntry entries[] = {
    { "aesthetic", 0, 0, G_OPTION_ARG_FILENAME, &shares,
      "Aesthetic models and their weights (as chosen before, at first “own”)", "ID[:WEIGHT],..." },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  model = kalon_models_find (cli->model, &error);
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);
  kalon_cli_watch_signals (cli);
  done = kalon_scorer_run (cli->library, model->directory, cli->device, shares, on_progress, NULL,
                           &result, cli->cancellable, &error);
  kalon_cli_end_progress ();
  if (!done)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "model", model->id);
      kalon_cli_json_string (builder, "aesthetic_models", result.shares);
      kalon_cli_json_integer (builder, "scored", (gint64) result.n_scored);
      kalon_cli_json_integer (builder, "unmeasured", (gint64) result.n_unmeasured);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%" G_GSIZE_FORMAT " pictures scored by %s\n", result.n_scored, result.shares);
  if (result.n_unmeasured > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " pictures were indexed by an older Kalon and cannot be "
                       "scored yet; “kalon-cli index” measures them, without encoding them again.",
                       result.n_unmeasured);
  return KALON_CLI_DONE;
}

const KalonCliCommand kalon_model_score = {
  .name = "model score",
  .arguments = "",
  .summary = "Score a library by other aesthetic models.",
  .details = "Aesthetic models are “own” (the model's own head), “clip-iqa” (its opinion of\n"
             "opposite descriptions) and the heads that “model list” prints; the score of a\n"
             "picture is the mean of theirs by weight. Nothing is decoded or encoded again. Later\n"
             "index runs score new pictures in the same way.",
  .run = run_score,
};
