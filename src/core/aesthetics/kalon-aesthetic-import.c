/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-aesthetics.h"

#include <string.h>

#include "aesthetics/kalon-head-source-private.h"
#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/* LAION's largest head is 3.7 MB. */
#define MAX_FILE (64 * 1024 * 1024)
#define MEASURE_PREFIX "measure."
#define LAYER_PREFIX "layers."

typedef struct
{
  guint64 number; /* in its name */
  const KalonHeadTensor *weight, *bias;
} Layer;

/* Layers */

static int
compare_layers (gconstpointer a, gconstpointer b)
{
  const Layer *x = a, *y = b;

  return (x->number > y->number) - (x->number < y->number);
}

static gboolean
add_layer (const KalonHeadSource *source, GArray *layers, const char *weight, guint64 number,
           GError **error)
{
  g_autofree char *stem = g_strndup (weight, strlen (weight) - strlen ("weight"));
  g_autofree char *bias = g_strconcat (stem, "bias", NULL);
  Layer layer = { .number = number,
                  .weight = g_hash_table_lookup (source->tensors, weight),
                  .bias = g_hash_table_lookup (source->tensors, bias) };

  if (layer.weight->n_dims != 2 || layer.bias == NULL || layer.bias->n_dims != 1
      || layer.bias->shape[0] != layer.weight->shape[0] || layer.weight->shape[0] == 0)
    return kalon_head_source_refuse (
        source, error, KALON_ERROR_INVALID_DATA,
        "tensor %s is not [outputs, inputs] with a bias [outputs] beside it.", weight);
  g_array_append_val (layers, layer);
  return TRUE;
}

/* Layer, in the order of their numbers; they fit each other. (transfer full) (nullable) */
static GArray *
find_layers (const KalonHeadSource *source, guint *n_measures, GError **error)
{
  g_autoptr (GArray) layers = g_array_new (FALSE, FALSE, sizeof (Layer));
  GHashTableIter iter;
  gpointer key;

  *n_measures = 0;
  g_hash_table_iter_init (&iter, source->tensors);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *name = key;
      const char *rest
          = g_str_has_prefix (name, LAYER_PREFIX) ? name + strlen (LAYER_PREFIX) : name;
      char *end = NULL;
      guint64 number = g_ascii_isdigit (rest[0]) ? g_ascii_strtoull (rest, &end, 10) : 0;

      *n_measures += g_str_has_prefix (name, MEASURE_PREFIX);
      if ((g_str_equal (name, "weight") || (end != NULL && g_str_equal (end, ".weight")))
          && !add_layer (source, layers, name, number, error))
        return NULL;
    }
  if (layers->len == 0 || *n_measures + 2 * layers->len != g_hash_table_size (source->tensors))
    {
      kalon_head_source_refuse (
          source, error, KALON_ERROR_UNSUPPORTED,
          "of %u tensors %u are dense layers (“weight” and “bias”, or “layers.N.weight” "
          "and “layers.N.bias”) or measures. Only heads made of these are read.",
          g_hash_table_size (source->tensors), *n_measures + 2 * layers->len);
      return NULL;
    }
  g_array_sort (layers, compare_layers);
  for (guint i = 1; i < layers->len; i++)
    {
      const Layer *last = &g_array_index (layers, Layer, i - 1);
      const Layer *layer = &g_array_index (layers, Layer, i);

      if (layer->number == last->number || layer->weight->shape[1] != last->weight->shape[0])
        {
          kalon_head_source_refuse (source, error, KALON_ERROR_INVALID_DATA,
                                    "layer %" G_GUINT64_FORMAT
                                    " does not take what the one before gives.",
                                    layer->number);
          return NULL;
        }
    }
  return g_steal_pointer (&layers);
}

static gboolean
settle_activation (const KalonHeadSource *source, guint n_layers, guint n_measures,
                   KalonHeadActivation *activation, GError **error)
{
  g_autofree char *name = g_ascii_strdown (source->name, -1);

  if (n_measures > 0)
    *activation = KALON_HEAD_ACTIVATION_RELU;
  else if (n_layers == 1)
    *activation = KALON_HEAD_ACTIVATION_NONE;
  if (*activation != KALON_HEAD_ACTIVATION_BY_NAME)
    return TRUE;
  *activation = strstr (name, "relu") != NULL     ? KALON_HEAD_ACTIVATION_RELU
                : strstr (name, "linear") != NULL ? KALON_HEAD_ACTIVATION_NONE
                                                  : KALON_HEAD_ACTIVATION_BY_NAME;
  if (*activation != KALON_HEAD_ACTIVATION_BY_NAME)
    return TRUE;
  return kalon_head_source_refuse (
      source, error, KALON_ERROR_ARGUMENT,
      "the file has %u layers and does not say whether there is a ReLU between them. "
      "Look it up where the head comes from, and say so (--activation relu or none).",
      n_layers);
}

/* Writing */

/* Without anything between them: y = W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2), from the last
 * layer on, whose single row every product keeps. @weight: (out) (transfer full): [inputs] */
static float
collapse (const GArray *layers, float **weight)
{
  g_autofree double *row = g_new (double, 1);
  double bias = 0;
  gsize n = 1;

  row[0] = 1;
  for (guint i = layers->len; i-- > 0;)
    {
      const Layer *layer = &g_array_index (layers, Layer, i);
      const gsize n_in = layer->weight->shape[1];
      double *product = g_new0 (double, n_in);

      for (gsize j = 0; j < n; j++)
        {
          const float *values = layer->weight->values + j * n_in;

          bias += row[j] * layer->bias->values[j];
          for (gsize k = 0; k < n_in; k++)
            product[k] += row[j] * values[k];
        }
      g_free (row);
      row = product;
      n = n_in;
    }
  *weight = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    (*weight)[i] = (float) row[i];
  return (float) bias;
}

static void
add_output (GArray *output, const char *name, const KalonHeadTensor *tensor)
{
  KalonSafetensorsTensor saved
      = { name, tensor->n_dims, { tensor->shape[0], tensor->shape[1] }, tensor->values };

  g_array_append_val (output, saved);
}

/* (transfer full): a safetensors file */
static GBytes *
write_head (const KalonHeadSource *source, const GArray *layers, KalonHeadActivation activation,
            const char *encoder)
{
  const char *metadata[5] = { "source", source->name };
  g_autoptr (GArray) output = g_array_new (FALSE, FALSE, sizeof (KalonSafetensorsTensor));
  g_autoptr (GStringChunk) names = g_string_chunk_new (256);
  g_autofree float *weight = NULL;
  float bias;

  if (encoder != NULL)
    {
      metadata[2] = "encoder";
      metadata[3] = encoder;
    }
  if (activation == KALON_HEAD_ACTIVATION_NONE)
    {
      const Layer *first = &g_array_index (layers, Layer, 0);
      KalonSafetensorsTensor saved[2]
          = { { "weight", 2, { 1, first->weight->shape[1] }, NULL }, { "bias", 1, { 1 }, &bias } };

      bias = collapse (layers, &weight);
      saved[0].values = weight;
      return kalon_safetensors_to_bytes (saved, 2, metadata);
    }
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    {
      g_autofree char *name = g_strconcat (MEASURE_PREFIX, kalon_measure_get_name (i), NULL);
      const KalonHeadTensor *tensor = g_hash_table_lookup (source->tensors, name);

      if (tensor != NULL)
        add_output (output, g_string_chunk_insert (names, name), tensor);
    }
  for (guint i = 0; i < layers->len; i++)
    {
      const Layer *layer = &g_array_index (layers, Layer, i);
      g_autofree char *name = g_strdup_printf (LAYER_PREFIX "%u.weight", i);
      g_autofree char *bias_name = g_strdup_printf (LAYER_PREFIX "%u.bias", i);

      add_output (output, g_string_chunk_insert (names, name), layer->weight);
      add_output (output, g_string_chunk_insert (names, bias_name), layer->bias);
    }
  return kalon_safetensors_to_bytes ((const KalonSafetensorsTensor *) output->data, output->len,
                                     metadata);
}

GBytes *
kalon_aesthetic_head_convert (GBytes *bytes, const char *name, KalonHeadActivation activation,
                              const char *encoder, gsize dimension, GError **error)
{
  g_auto (KalonHeadSource) source = { .name = name };
  g_autoptr (KalonAestheticHead) head = NULL;
  g_autoptr (GBytes) converted = NULL;
  g_autoptr (GArray) layers = NULL;
  const Layer *last;
  guint n_measures;

  g_return_val_if_fail (bytes != NULL && name != NULL, NULL);
  g_return_val_if_fail (dimension > 0, NULL);

  if (!kalon_head_source_read (&source, bytes, error))
    return NULL;
  layers = find_layers (&source, &n_measures, error);
  if (layers == NULL || !settle_activation (&source, layers->len, n_measures, &activation, error))
    return NULL;
  last = &g_array_index (layers, Layer, layers->len - 1);
  if (last->weight->shape[0] != 1)
    {
      kalon_head_source_refuse (&source, error, KALON_ERROR_INVALID_DATA,
                                "the last layer gives %" G_GSIZE_FORMAT " numbers, a score is one.",
                                last->weight->shape[0]);
      return NULL;
    }
  converted = write_head (&source, layers, activation, encoder);
  /* All else that a head must be is looked at in one place. */
  head = kalon_aesthetic_head_new_from_bytes (converted, dimension, error);
  if (head != NULL)
    return g_steal_pointer (&converted);
  g_prefix_error (error, "%s: ", name);
  return NULL;
}

gboolean
kalon_aesthetic_head_import (const char *source, const char *target, KalonHeadActivation activation,
                             const char *encoder, gsize dimension, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) converted = NULL;
  g_autofree char *name = NULL;
  gsize size;
  const void *data;

  g_return_val_if_fail (source != NULL && target != NULL, FALSE);

  bytes = kalon_input_read (source, MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  name = g_filename_display_basename (source);
  converted = kalon_aesthetic_head_convert (bytes, name, activation, encoder, dimension, error);
  if (converted == NULL)
    return FALSE;
  data = g_bytes_get_data (converted, &size);
  return g_file_set_contents_full (target, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT,
                                   0644, error);
}
