/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-model-private.h"

#include "scorer/kalon-scorer.h"

static const char *
get_activation_name (KalonActivation activation)
{
  switch (activation)
    {
    case KALON_ACTIVATION_GELU:
      return "gelu";
    case KALON_ACTIVATION_QUICK_GELU:
      return "quick_gelu";
    case KALON_ACTIVATION_NONE:
    default:
      return "none";
    }
}

static void
add_tower (JsonBuilder *builder, const char *key, const KalonTowerConfig *tower)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  kalon_cli_json_integer (builder, "width", tower->width);
  kalon_cli_json_integer (builder, "layers", tower->layers);
  kalon_cli_json_integer (builder, "heads", tower->heads);
  kalon_cli_json_integer (builder, "mlp_width", tower->mlp_width);
  kalon_cli_json_string (builder, "activation", get_activation_name (tower->activation));
  json_builder_end_object (builder);
}

static void
add_distribution (JsonBuilder *builder, const char *key, const KalonDistribution *distribution)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  kalon_cli_json_number (builder, "mean", distribution->mean);
  kalon_cli_json_number (builder, "deviation", distribution->deviation);
  kalon_cli_json_integer (builder, "count", distribution->count);
  json_builder_end_object (builder);
}

static void
add_calibration (JsonBuilder *builder, const KalonCalibration *calibration)
{
  json_builder_set_member_name (builder, "calibration");
  json_builder_begin_object (builder);
  kalon_cli_json_boolean (builder, "measured", calibration->measured);
  kalon_cli_json_string (builder, "made_from", calibration->made_from);
  kalon_cli_json_integer (builder, "strictness", calibration->strictness);
  kalon_cli_json_number (builder, "near_duplicate_cosine", calibration->near_duplicate_cosine);
  json_builder_set_member_name (builder, "templates");
  json_builder_begin_array (builder);
  for (gsize i = 0; calibration->templates[i] != NULL; i++)
    json_builder_add_string_value (builder, calibration->templates[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "text_picture");
  json_builder_begin_object (builder);
  add_distribution (builder, "match", &calibration->text_match);
  add_distribution (builder, "other", &calibration->text_other);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "picture_picture");
  json_builder_begin_object (builder);
  add_distribution (builder, "near_duplicate", &calibration->picture_near_duplicate);
  add_distribution (builder, "different", &calibration->picture_different);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* The members of one model, into the object that is open. */
static void
add_model (JsonBuilder *builder, const KalonModel *model)
{
  const KalonModelConfig *config = &model->config;

  kalon_cli_json_string (builder, "id", model->id);
  kalon_cli_json_path (builder, "directory", model->directory);
  kalon_cli_json_boolean (builder, "removable", model->removable);
  kalon_cli_json_integer (builder, "size", model->size);
  kalon_cli_json_integer (builder, "dimension", config->projection);
  kalon_cli_json_integer (builder, "resolution", config->resolution);
  kalon_cli_json_integer (builder, "patch", config->patch);
  kalon_cli_json_integer (builder, "context_length", config->context_length);
  kalon_cli_json_integer (builder, "vocabulary", config->vocabulary);
  add_tower (builder, "text", &config->text);
  add_tower (builder, "vision", &config->vision);
  add_calibration (builder, model->calibration);
}

static void
print_tower (const char *name, const KalonTowerConfig *tower)
{
  kalon_cli_print ("%-12s %" G_GSIZE_FORMAT " layers, width %" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT
                   " heads, MLP %" G_GSIZE_FORMAT ", %s\n",
                   name, tower->layers, tower->width, tower->heads, tower->mlp_width,
                   get_activation_name (tower->activation));
}

static void
print_distribution (const char *name, const KalonDistribution *distribution)
{
  if (distribution->count > 0)
    kalon_cli_print ("%-12s %.3f ± %.3f over %" G_GINT64_FORMAT " pairs\n", name,
                     distribution->mean, distribution->deviation, distribution->count);
}

static void
print_calibration (const KalonCalibration *calibration)
{
  g_autofree char *templates = g_strjoinv (" | ", calibration->templates);

  kalon_cli_print ("calibration  %s\n", !calibration->measured ? "none; the defaults are"
                                        : calibration->made_from != NULL
                                            ? calibration->made_from
                                            : "made from what is not said");
  kalon_cli_print ("strictness   %u where none is chosen\n", calibration->strictness);
  kalon_cli_print ("duplicates   from a cosine of %.3f\n", calibration->near_duplicate_cosine);
  kalon_cli_print ("templates    %s\n", templates);
  print_distribution ("matches", &calibration->text_match);
  print_distribution ("others", &calibration->text_other);
  print_distribution ("copies", &calibration->picture_near_duplicate);
  print_distribution ("two pictures", &calibration->picture_different);
}

void
kalon_cli_print_model (KalonCli *cli, const KalonModel *model, const char *hash)
{
  const KalonModelConfig *config = &model->config;
  g_autofree char *size = g_format_size (model->size);
  g_auto (GStrv) aesthetic_models = kalon_scorer_list_members (model->directory, hash);
  g_autofree char *ids = g_strjoinv (", ", aesthetic_models);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      add_model (builder, model);
      kalon_cli_json_string (builder, "hash", hash);
      kalon_cli_json_strings (builder, "aesthetic_models", (const char *const *) aesthetic_models);
      kalon_cli_json_print (builder);
      return;
    }
  kalon_cli_print ("id           %s\n", model->id);
  kalon_cli_print ("directory    ");
  kalon_cli_print_path (model->directory);
  kalon_cli_print ("\nsize         %s\n", size);
  kalon_cli_print ("embedding    %" G_GSIZE_FORMAT " dimensions\n", config->projection);
  kalon_cli_print ("pictures     %" G_GSIZE_FORMAT " x %" G_GSIZE_FORMAT
                   " pixels, patches of %" G_GSIZE_FORMAT "\n",
                   config->resolution, config->resolution, config->patch);
  kalon_cli_print ("words        up to %" G_GSIZE_FORMAT " tokens of %" G_GSIZE_FORMAT "\n",
                   config->context_length, config->vocabulary);
  print_tower ("text tower", &config->text);
  print_tower ("image tower", &config->vision);
  kalon_cli_print ("hash         %s\n", hash);
  kalon_cli_print ("aesthetics   %s\n", ids);
  print_calibration (model->calibration);
}

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GPtrArray) models = NULL;
  g_autoptr (GPtrArray) heads = NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean available = FALSE;
  const GOptionEntry entries[] = {
    { "available", 0, 0, G_OPTION_ARG_NONE, &available, "Print what can be downloaded instead",
      NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  if (available)
    {
      kalon_cli_print_offers (cli);
      return KALON_CLI_DONE;
    }

  models = kalon_models_list ();
  heads = kalon_heads_list (NULL);
  if (!cli->json)
    {
      for (guint i = 0; i < models->len; i++)
        {
          const KalonModel *model = models->pdata[i];
          g_autofree char *size = g_format_size (model->size);

          kalon_cli_print ("%-24s %10s  %4" G_GSIZE_FORMAT " dimensions, %" G_GSIZE_FORMAT " px  ",
                           model->id, size, model->config.projection, model->config.resolution);
          kalon_cli_print_path (model->directory);
          kalon_cli_print ("\n");
        }
      if (models->len == 0)
        kalon_cli_message ("No model is installed.");
      kalon_model_print_heads (heads);
      return KALON_CLI_DONE;
    }

  builder = kalon_cli_json_new ();
  json_builder_set_member_name (builder, "models");
  json_builder_begin_array (builder);
  for (guint i = 0; i < models->len; i++)
    {
      json_builder_begin_object (builder);
      add_model (builder, models->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_model_json_heads (builder, heads);
  kalon_cli_json_print (builder);
  return KALON_CLI_DONE;
}

/* The model that an argument names, else --model, else the starter. */
static KalonModel *
find_model (KalonCli *cli, GStrv arguments, GError **error)
{
  return kalon_models_find (arguments[0] != NULL ? arguments[0] : cli->model, error);
}

static KalonCliStatus
run_info (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;

  model = find_model (cli, arguments, &error);
  if (model == NULL)
    return kalon_cli_fail (cli, error);
  hash = kalon_model_dup_hash (model->directory, cli->cancellable, &error);
  if (hash == NULL)
    return kalon_cli_fail (cli, error);
  kalon_cli_print_model (cli, model, hash);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_import (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autofree char *id = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_FILENAME, &id, "The new model's id (default: the folder's name)",
      "ID" },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The folder of the model is missing.");

  kalon_cli_watch_signals (cli);
  kalon_cli_message ("Verifying and copying %s …", arguments[0]);
  model = kalon_models_import (arguments[0], id, cli->cancellable, &error);
  if (model == NULL)
    return kalon_cli_fail (cli, error);
  hash = kalon_model_dup_hash (model->directory, cli->cancellable, &error);
  if (hash == NULL)
    return kalon_cli_fail (cli, error);
  kalon_cli_print_model (cli, model, hash);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_verify (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = NULL;
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;

  kalon_cli_watch_signals (cli);
  model = find_model (cli, arguments, &error);
  if (model == NULL || !kalon_models_verify (model, &hash, cli->cancellable, &error))
    return kalon_cli_fail (cli, error);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "id", model->id);
      kalon_cli_json_boolean (builder, "verified", TRUE);
      kalon_cli_json_string (builder, "hash", hash);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%s is sound, hash %s\n", model->id, hash);
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The id of the model is missing.");

  if (!kalon_models_remove (arguments[0], &error))
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "removed", arguments[0]);
      kalon_cli_json_print (builder);
    }
  else
    kalon_cli_print ("%s removed\n", arguments[0]);
  return KALON_CLI_DONE;
}

static const KalonCliCommand list_command = {
  .name = "model list",
  .arguments = "",
  .summary = "Print the installed models and aesthetic heads, or what is to be had.",
  .run = run_list,
};

static const KalonCliCommand info_command = {
  .name = "model info",
  .arguments = "[ID]",
  .summary = "Print a model's shape, size, hash, aesthetic models and calibration.",
  .run = run_info,
};

static const KalonCliCommand import_command = {
  .name = "model import",
  .arguments = "FOLDER",
  .summary = "Verify a Hugging Face CLIPModel directory and copy it.",
  .details = "FOLDER holds config.json, model.safetensors, vocab.json and merges.txt, and usually\n"
             "preprocessor_config.json; calibration.json and aesthetic.safetensors, if any, come\n"
             "along. All of the model arrives, or nothing.",
  .run = run_import,
};

static const KalonCliCommand verify_command = {
  .name = "model verify",
  .arguments = "[ID]",
  .summary = "Read every tensor of a model and encode a text and a picture.",
  .run = run_verify,
};

static const KalonCliCommand remove_command = {
  .name = "model remove",
  .arguments = "ID",
  .summary = "Remove an imported or downloaded model, or the beginning of one.",
  .details = "Its embeddings in libraries stay. Aesthetic heads are removed by their ids, too.",
  .run = run_remove,
};

static const KalonCliCommand *const children[] = {
  &list_command,
  &info_command,
  &import_command,
  &kalon_cli_model_download,
  &verify_command,
  &remove_command,
  &kalon_model_import_head,
  &kalon_model_score,
  NULL,
};

static KalonCliStatus
run_model (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, NULL);
}

const KalonCliCommand kalon_cli_model = {
  .name = "model",
  .arguments = "COMMAND",
  .summary = "List, inspect, import, download, verify and remove models; score by them.",
  .run = run_model,
  .children = children,
};
