/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-config-private.h"

#include "errors/kalon-errors.h"

#define MAX_CONFIG (1024 * 1024)

/*
 * Bounds far above any published CLIP (ViT-bigG has width 1664, 48 layers, mlp 8192), low enough
 * that no product of two of them overflows.
 */
#define MAX_WIDTH 16384
#define MAX_LAYERS 256
#define MAX_HEADS 256
#define MAX_MLP_WIDTH 65536
#define MAX_VOCABULARY (1 << 22)
#define MAX_CONTEXT 4096
#define MAX_RESOLUTION 4096
#define MAX_PATCH 512
/* Of one picture or text; attention takes its square. 1024 pixels in patches of 14 are 5,330. */
#define MAX_LENGTH 32768
/* The widest activation of one picture or text, in floats: 1 GiB. */
#define MAX_ACTIVATION ((gsize) 1 << 28)

static gboolean
read_size (const KalonSection *section, const char *key, gsize min, gsize max, gsize *value,
           GError **error)
{
  gint64 number = (gint64) *value;

  if (!kalon_section_get_integer (section, key, (gint64) min, (gint64) max, &number, error))
    return FALSE;
  *value = (gsize) number;
  return TRUE;
}

static gboolean
read_activation (const KalonSection *section, KalonActivation *activation, GError **error)
{
  const char *name = "quick_gelu";
  g_autofree char *quoted = NULL;

  if (!kalon_section_get_string (section, "hidden_act", &name, error))
    return FALSE;
  if (g_str_equal (name, "quick_gelu"))
    *activation = KALON_ACTIVATION_QUICK_GELU;
  else if (g_str_equal (name, "gelu"))
    *activation = KALON_ACTIVATION_GELU;
  else
    {
      quoted = kalon_input_quote (name);
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: %s.hidden_act is “%s”. Choose a model with gelu or quick_gelu.",
                   section->file, section->section, quoted);
      return FALSE;
    }
  return TRUE;
}

/* @tower holds transformers' defaults. */
static gboolean
read_tower (const KalonSection *section, KalonTowerConfig *tower, GError **error)
{
  double epsilon = 1e-5;

  if (!read_size (section, "hidden_size", 1, MAX_WIDTH, &tower->width, error)
      || !read_size (section, "num_hidden_layers", 1, MAX_LAYERS, &tower->layers, error)
      || !read_size (section, "num_attention_heads", 1, MAX_HEADS, &tower->heads, error)
      || !read_size (section, "intermediate_size", 1, MAX_MLP_WIDTH, &tower->mlp_width, error)
      || !kalon_section_get_number (section, "layer_norm_eps", 1e-12, 1, &epsilon, error)
      || !read_activation (section, &tower->activation, error))
    return FALSE;
  if (tower->width % tower->heads != 0)
    return kalon_section_refuse (section, "hidden_size", error,
                                 "is %" G_GSIZE_FORMAT
                                 ", not a multiple of num_attention_heads, %" G_GSIZE_FORMAT ".",
                                 tower->width, tower->heads);
  tower->layer_norm_epsilon = (float) epsilon;
  return TRUE;
}

static gboolean
check_length (const KalonSection *section, const char *key, const KalonTowerConfig *tower,
              gsize length, GError **error)
{
  gsize widest = MAX (3 * tower->width, tower->mlp_width);

  if (length > MAX_LENGTH)
    return kalon_section_refuse (section, key, error,
                                 "gives %" G_GSIZE_FORMAT " tokens, the limit is %d.", length,
                                 MAX_LENGTH);
  if (length > MAX_ACTIVATION / widest)
    return kalon_section_refuse (section, key, error,
                                 "gives %" G_GSIZE_FORMAT " tokens of %" G_GSIZE_FORMAT
                                 " activations: more than a gigabyte.",
                                 length, widest);
  return TRUE;
}

static gboolean
read_text (const KalonSection *section, KalonModelConfig *config, GError **error)
{
  gint64 eos = 49407;

  config->text = (KalonTowerConfig){ .width = 512, .layers = 12, .heads = 8, .mlp_width = 2048 };
  config->vocabulary = 49408;
  config->context_length = 77;
  if (!read_tower (section, &config->text, error)
      || !read_size (section, "vocab_size", 1, MAX_VOCABULARY, &config->vocabulary, error)
      || !read_size (section, "max_position_embeddings", 2, MAX_CONTEXT, &config->context_length,
                     error)
      || !kalon_section_get_integer (section, "eos_token_id", 0, MAX_VOCABULARY, &eos, error))
    return FALSE;
  config->eos_token = (gint32) eos;
  return check_length (section, "max_position_embeddings", &config->text, config->context_length,
                       error);
}

static gboolean
read_vision (const KalonSection *section, KalonModelConfig *config, GError **error)
{
  gint64 channels = 3;
  gsize grid;

  config->vision = (KalonTowerConfig){ .width = 768, .layers = 12, .heads = 12, .mlp_width = 3072 };
  config->resolution = 224;
  config->patch = 32;
  if (!read_tower (section, &config->vision, error)
      || !kalon_section_get_integer (section, "num_channels", 3, 3, &channels, error)
      || !read_size (section, "image_size", 1, MAX_RESOLUTION, &config->resolution, error)
      || !read_size (section, "patch_size", 1, MAX_PATCH, &config->patch, error))
    return FALSE;
  if (config->patch > config->resolution)
    return kalon_section_refuse (section, "patch_size", error, "is larger than image_size.");
  grid = config->resolution / config->patch;
  return check_length (section, "image_size", &config->vision, 1 + grid * grid, error);
}

/*
 * @key, or its predecessor @key + "_dict": CLIPConfig fills the latter up with defaults and lets
 * the result override the former whole (configuration_clip.py, __post_init__).
 */
static gboolean
find_section (const KalonSection *root, const char *key, KalonSection *section, GError **error)
{
  g_autofree char *legacy = g_strconcat (key, "_dict", NULL);
  JsonNode *node = kalon_section_get (root, legacy);

  if (node == NULL)
    node = kalon_section_get (root, key);
  *section = (KalonSection){ .file = root->file, .section = key };
  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (root, key, error, "must be an object.");
  if (node != NULL)
    section->object = json_node_get_object (node);
  return TRUE;
}

gboolean
kalon_model_config_parse (JsonObject *object, const char *file, KalonModelConfig *config,
                          GError **error)
{
  KalonSection root = { .object = object, .file = file };
  KalonSection text, vision;
  const char *type = "clip";

  *config = (KalonModelConfig){ .projection = 512 };
  if (!kalon_section_get_string (&root, "model_type", &type, error))
    return FALSE;
  if (!g_str_equal (type, "clip"))
    {
      g_autofree char *quoted = kalon_input_quote (type);

      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: model_type is “%s”. Choose a CLIPModel (model_type clip).", file, quoted);
      return FALSE;
    }
  return read_size (&root, "projection_dim", 1, MAX_WIDTH, &config->projection, error)
         && find_section (&root, "text_config", &text, error)
         && find_section (&root, "vision_config", &vision, error)
         && read_text (&text, config, error) && read_vision (&vision, config, error);
}

gboolean
kalon_model_config_load (const char *directory, KalonModelConfig *config, GError **error)
{
  g_autofree char *config_path = NULL;
  g_autofree char *preprocess_path = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) preprocess = NULL;

  g_return_val_if_fail (directory != NULL && config != NULL, FALSE);

  config_path = g_build_filename (directory, "config.json", NULL);
  root = kalon_input_load_json (config_path, MAX_CONFIG, error);
  if (root == NULL
      || !kalon_model_config_parse (json_node_get_object (root), "config.json", config, error))
    return FALSE;

  preprocess_path = g_build_filename (directory, "preprocessor_config.json", NULL);
  if (g_file_test (preprocess_path, G_FILE_TEST_EXISTS))
    {
      preprocess = kalon_input_load_json (preprocess_path, MAX_CONFIG, error);
      if (preprocess == NULL)
        return FALSE;
    }
  return kalon_preprocess_parse (preprocess != NULL ? json_node_get_object (preprocess) : NULL,
                                 "preprocessor_config.json", config->resolution,
                                 &config->preprocess, error);
}
