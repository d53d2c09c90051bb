/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-config-private.h"

#include "errors/kalon-errors.h"

#define MAX_SIDE 4096
/* Pillow's number for bicubic. */
#define RESAMPLE_BICUBIC 3

static gboolean
refuse_unsupported (const KalonSection *section, GError **error, const char *what)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "%s: %s. Choose a model with CLIP's own preprocessing.", section->file, what);
  return FALSE;
}

/* An integer, {"shortest_edge"}, or {"height", "width"} of the same value: then @square. */
static gboolean
read_side (const KalonSection *root, const char *key, guint *side, gboolean *square, GError **error)
{
  KalonSection size = { .file = root->file, .section = key };
  JsonNode *node = kalon_section_get (root, key);
  gint64 edge = *side, height = -1, width = -1;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      if (!kalon_section_get_integer (root, key, 1, MAX_SIDE, &edge, error))
        return FALSE;
      *side = (guint) edge;
      return TRUE;
    }
  size.object = json_node_get_object (node);
  if (kalon_section_get (&size, "longest_edge") != NULL)
    return refuse_unsupported (root, error, "size.longest_edge is not supported");
  edge = -1;
  if (!kalon_section_get_integer (&size, "shortest_edge", 1, MAX_SIDE, &edge, error)
      || !kalon_section_get_integer (&size, "height", 1, MAX_SIDE, &height, error)
      || !kalon_section_get_integer (&size, "width", 1, MAX_SIDE, &width, error))
    return FALSE;
  if (edge < 0 && (height < 0 || width < 0))
    return kalon_section_refuse (root, key, error,
                                 "has neither shortest_edge nor height and width.");
  if (edge < 0 && height != width)
    return refuse_unsupported (root, error, "height and width differ");
  *side = (guint) (edge > 0 ? edge : height);
  *square = edge < 0;
  return TRUE;
}

static gboolean
read_triple (const KalonSection *root, const char *key, float min, float *values, GError **error)
{
  JsonNode *node = kalon_section_get (root, key);
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) != 3)
    return kalon_section_refuse (root, key, error, "must be three numbers.");
  for (guint i = 0; i < 3; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      GType type
          = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_value_type (element) : G_TYPE_INVALID;

      if (type == G_TYPE_DOUBLE || type == G_TYPE_INT64)
        values[i] = (float) json_node_get_double (element);
      if ((type != G_TYPE_DOUBLE && type != G_TYPE_INT64) || !(values[i] >= min)
          || !(values[i] <= 1e4f))
        return kalon_section_refuse (root, key, error, "must be three numbers from %g to 10000.",
                                     (double) min);
    }
  return TRUE;
}

/*
 * transformers computes (pixel * factor - mean) / std; kalon_image_preprocess() divides the pixel
 * by 255. Multiplying mean and std by 1 / (255 factor) makes them the same.
 */
static gboolean
read_normalisation (const KalonSection *root, KalonPreprocess *preprocess, GError **error)
{
  gboolean rescale = TRUE, normalise = TRUE;
  double factor = 1.0 / 255;

  if (!kalon_section_get_boolean (root, "do_rescale", &rescale, error)
      || !kalon_section_get_boolean (root, "do_normalize", &normalise, error)
      || !kalon_section_get_number (root, "rescale_factor", 1e-6, 1e6, &factor, error)
      || !read_triple (root, "image_mean", -1e4f, preprocess->mean, error)
      || !read_triple (root, "image_std", 1e-6f, preprocess->std, error))
    return FALSE;
  if (!rescale)
    factor = 1;
  for (guint i = 0; i < 3; i++)
    {
      if (!normalise)
        {
          preprocess->mean[i] = 0;
          preprocess->std[i] = 1;
        }
      if (factor != 1.0 / 255)
        {
          preprocess->mean[i] = (float) (preprocess->mean[i] / (255 * factor));
          preprocess->std[i] = (float) (preprocess->std[i] / (255 * factor));
        }
    }
  return TRUE;
}

/* "CLIPFeatureExtractor", "CLIPImageProcessor" and its variants share these rules; others do not.
 */
static gboolean
check_type (const KalonSection *root, const char *key, GError **error)
{
  const char *type = "CLIPImageProcessor";
  g_autofree char *quoted = NULL;
  g_autofree char *what = NULL;

  if (!kalon_section_get_string (root, key, &type, error))
    return FALSE;
  if (g_str_has_prefix (type, "CLIP"))
    return TRUE;
  quoted = kalon_input_quote (type);
  what = g_strdup_printf ("%s is “%s”", key, quoted);
  return refuse_unsupported (root, error, what);
}

gboolean
kalon_preprocess_parse (JsonObject *object, const char *file, gsize resolution,
                        KalonPreprocess *preprocess, GError **error)
{
  /* OpenAI CLIP's own constants; transformers' OPENAI_CLIP_MEAN and OPENAI_CLIP_STD. */
  static const KalonPreprocess clip = {
    .resize = 224,
    .crop = 224,
    .mean = { 0.48145466f, 0.4578275f, 0.40821073f },
    .std = { 0.26862954f, 0.26130258f, 0.27577711f },
  };
  KalonSection root = { .object = object, .file = file };
  gboolean resize = TRUE, crop = TRUE, square_crop = TRUE;
  gint64 resample = RESAMPLE_BICUBIC;

  *preprocess = clip;
  if (object == NULL)
    {
      preprocess->resize = preprocess->crop = (guint) resolution;
      return TRUE;
    }
  if (!check_type (&root, "image_processor_type", error)
      || !check_type (&root, "feature_extractor_type", error)
      || !kalon_section_get_boolean (&root, "do_resize", &resize, error)
      || !kalon_section_get_boolean (&root, "do_center_crop", &crop, error)
      || !kalon_section_get_integer (&root, "resample", 0, 5, &resample, error)
      || !read_side (&root, "size", &preprocess->resize, &preprocess->squash, error)
      || !read_side (&root, "crop_size", &preprocess->crop, &square_crop, error)
      || !read_normalisation (&root, preprocess, error))
    return FALSE;
  if (!resize)
    return refuse_unsupported (&root, error, "do_resize is false");
  if (resample != RESAMPLE_BICUBIC)
    return refuse_unsupported (&root, error, "resample is not bicubic (3)");
  if (!crop && !preprocess->squash)
    return refuse_unsupported (&root, error, "do_center_crop is false and size is not square");
  if (!crop)
    preprocess->crop = preprocess->resize;
  if (preprocess->crop > preprocess->resize)
    return refuse_unsupported (&root, error, "crop_size is larger than size");
  if (preprocess->crop != resolution)
    return kalon_section_refuse (&root, "crop_size", error,
                                 "is %u, config.json's image_size is %" G_GSIZE_FORMAT ".",
                                 preprocess->crop, resolution);
  return TRUE;
}
