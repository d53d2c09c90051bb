/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-aesthetics.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/* LAION's deepest head has five layers, its widest 1,024 units: 4 MB. */
#define MAX_LAYERS 5
#define MAX_WIDTH 8192
#define MAX_FILE (64 * 1024 * 1024)
/* No trained weight comes near it, and with all of them at it a score is still finite. */
#define MAX_VALUE 1e3f
/* Standardised measures are cut here: a picture unlike any that the head was trained on gets a
 * score at the edge of what it knows, not one far outside. */
#define MEASURE_LIMIT 4.0

#define MEASURE_PREFIX "measure."

typedef struct
{
  gsize n_in;
  gsize n_out;
  float *weight; /* [n_out, n_in] */
  float *bias;   /* [n_out] */
} Layer;

typedef struct
{
  guint measure;
  float mean;
  float scale;
} Input;

struct _KalonAestheticHead
{
  char *hash;
  char *encoder; /* (nullable) */
  gsize dimension;
  guint n_inputs;
  Input inputs[KALON_N_MEASURES]; /* [n_inputs], by measure */
  guint n_layers;
  Layer layers[MAX_LAYERS]; /* [n_layers] */
};

void
kalon_aesthetic_head_free (KalonAestheticHead *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_layers; i++)
    {
      g_free (self->layers[i].weight);
      g_free (self->layers[i].bias);
    }
  g_free (self->hash);
  g_free (self->encoder);
  g_free (self);
}

static gboolean refuse (const KalonSafetensors *file, GError **error, KalonError code,
                        const char *format, ...) G_GNUC_PRINTF (4, 5);

static gboolean
refuse (const KalonSafetensors *file, GError **error, KalonError code, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, KALON_ERROR, code, "%s: %s", kalon_safetensors_get_file (file), message);
  return FALSE;
}

/* (transfer full) (nullable) */
static float *
read_values (const KalonSafetensors *file, const char *name, guint n_dims, const gsize *shape,
             GError **error)
{
  g_autofree float *values = kalon_safetensors_dup_f32 (file, name, n_dims, shape, error);
  gsize count = n_dims == 2 ? shape[0] * shape[1] : shape[0];

  for (gsize i = 0; values != NULL && i < count; i++)
    if (ABS (values[i]) > MAX_VALUE)
      {
        refuse (file, error, KALON_ERROR_INVALID_DATA,
                "tensor %s holds a value over %g. The head is damaged; fetch it again.", name,
                (double) MAX_VALUE);
        return NULL;
      }
  return g_steal_pointer (&values);
}

static gboolean
read_inputs (KalonAestheticHead *self, const KalonSafetensors *file, GError **error)
{
  const gsize two = 2;

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    {
      g_autofree char *name = g_strconcat (MEASURE_PREFIX, kalon_measure_get_name (i), NULL);
      g_autofree float *values = NULL;
      gsize shape[1];

      if (!kalon_safetensors_has (file, name))
        continue;
      if (kalon_safetensors_get_shape (file, name, 1, shape) != 1 || shape[0] != two)
        return refuse (file, error, KALON_ERROR_INVALID_DATA,
                       "tensor %s must have shape [2]: mean and scale.", name);
      values = read_values (file, name, 1, &two, error);
      if (values == NULL)
        return FALSE;
      if (values[1] <= 0)
        return refuse (file, error, KALON_ERROR_INVALID_DATA,
                       "tensor %s has a scale that is not above 0.", name);
      self->inputs[self->n_inputs++] = (Input){ i, values[0], values[1] };
    }
  return TRUE;
}

/* @n_in: what the layer must take */
static gboolean
read_layer (KalonAestheticHead *self, const KalonSafetensors *file, const char *weight,
            const char *bias, gsize n_in, GError **error)
{
  Layer *layer = &self->layers[self->n_layers];
  gsize shape[2] = { 0 }, length[1] = { 0 };

  if (kalon_safetensors_get_shape (file, weight, 2, shape) != 2 || shape[0] == 0
      || shape[0] > MAX_WIDTH)
    return refuse (file, error, KALON_ERROR_INVALID_DATA,
                   "tensor %s is missing, or is no [outputs, inputs] with 1 to %d outputs.", weight,
                   MAX_WIDTH);
  if (shape[1] != n_in && self->n_layers == 0)
    return refuse (file, error, KALON_ERROR_MISMATCH,
                   "tensor %s takes %" G_GSIZE_FORMAT " numbers, this model's embedding and the "
                   "head's measures are %" G_GSIZE_FORMAT ". It is a head for another model.",
                   weight, shape[1], n_in);
  if (shape[1] != n_in)
    return refuse (file, error, KALON_ERROR_INVALID_DATA,
                   "tensor %s takes %" G_GSIZE_FORMAT " numbers, the layer before gives "
                   "%" G_GSIZE_FORMAT ".",
                   weight, shape[1], n_in);
  if (kalon_safetensors_get_shape (file, bias, 1, length) != 1 || length[0] != shape[0])
    return refuse (file, error, KALON_ERROR_INVALID_DATA,
                   "tensor %s is missing, or is not [%" G_GSIZE_FORMAT "] as its weight asks.",
                   bias, shape[0]);
  *layer = (Layer){ .n_in = shape[1], .n_out = shape[0] };
  self->n_layers++;
  layer->weight = read_values (file, weight, 2, shape, error);
  layer->bias = layer->weight != NULL ? read_values (file, bias, 1, length, error) : NULL;
  return layer->bias != NULL;
}

static gboolean
read_layers (KalonAestheticHead *self, const KalonSafetensors *file, GError **error)
{
  gsize n_in = self->dimension + self->n_inputs;

  /* One torch.nn.Linear, as LAION's linear heads are saved. */
  if (kalon_safetensors_has (file, "weight"))
    {
      if (!read_layer (self, file, "weight", "bias", n_in, error))
        return FALSE;
    }
  else
    for (guint i = 0; i < MAX_LAYERS; i++)
      {
        g_autofree char *weight = g_strdup_printf ("layers.%u.weight", i);
        g_autofree char *bias = g_strdup_printf ("layers.%u.bias", i);

        if (i > 0 && !kalon_safetensors_has (file, weight))
          break;
        if (!read_layer (self, file, weight, bias, n_in, error))
          return FALSE;
        n_in = self->layers[i].n_out;
      }
  if (self->layers[self->n_layers - 1].n_out != 1)
    return refuse (file, error, KALON_ERROR_INVALID_DATA,
                   "the last layer gives %" G_GSIZE_FORMAT " numbers, a score is one.",
                   self->layers[self->n_layers - 1].n_out);
  return TRUE;
}

/* What is not understood must not be left out: the score would be another one. */
static gboolean
check_all_known (const KalonAestheticHead *self, const KalonSafetensors *file, GError **error)
{
  g_autoptr (GPtrArray) names = kalon_safetensors_list (file);

  if (names->len == self->n_inputs + 2 * self->n_layers)
    return TRUE;
  return refuse (file, error, KALON_ERROR_UNSUPPORTED,
                 "of %u tensors %u are measures and layers that this version of Kalon knows. Use "
                 "the head with a newer Kalon, or see docs/formats.md for what it may hold.",
                 names->len, self->n_inputs + 2 * self->n_layers);
}

static KalonAestheticHead *
head_new (const KalonSafetensors *file, GBytes *bytes, gsize dimension, GError **error)
{
  g_autoptr (KalonAestheticHead) self = g_new0 (KalonAestheticHead, 1);

  self->dimension = dimension;
  self->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  self->encoder = g_strdup (kalon_safetensors_get_metadata (file, "encoder"));
  if (!read_inputs (self, file, error) || !read_layers (self, file, error)
      || !check_all_known (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

KalonAestheticHead *
kalon_aesthetic_head_new_from_bytes (GBytes *bytes, gsize dimension, GError **error)
{
  g_autoptr (KalonSafetensors) file = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (dimension > 0, NULL);

  file = kalon_safetensors_new_from_bytes (bytes, error);
  return file != NULL ? head_new (file, bytes, dimension, error) : NULL;
}

KalonAestheticHead *
kalon_aesthetic_head_load (const char *path, gsize dimension, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  KalonAestheticHead *head;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (dimension > 0, NULL);

  bytes = kalon_input_read (path, MAX_FILE, error);
  head = bytes != NULL ? kalon_aesthetic_head_new_from_bytes (bytes, dimension, error) : NULL;
  if (head == NULL)
    g_prefix_error (
        error,
        "The aesthetic head “%s” cannot be used; without the file pictures get no score: ", path);
  return head;
}

gboolean
kalon_aesthetic_head_load_for_model (const char *directory, gsize dimension,
                                     KalonAestheticHead **head, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (directory != NULL && head != NULL, FALSE);

  *head = NULL;
  path = g_build_filename (directory, KALON_AESTHETIC_FILE, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  *head = kalon_aesthetic_head_load (path, dimension, error);
  return *head != NULL;
}

const char *
kalon_aesthetic_head_get_hash (const KalonAestheticHead *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->hash;
}

const char *
kalon_aesthetic_head_get_encoder (const KalonAestheticHead *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->encoder;
}

gboolean
kalon_aesthetic_head_needs_measures (const KalonAestheticHead *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_inputs > 0;
}

/* @in: [n_in], @out: [n_out] */
static void
apply (const Layer *layer, const double *in, double *out, gboolean rectify)
{
  for (gsize i = 0; i < layer->n_out; i++)
    {
      const float *row = layer->weight + i * layer->n_in;
      double sum = layer->bias[i];

      for (gsize j = 0; j < layer->n_in; j++)
        sum += row[j] * in[j];
      out[i] = rectify ? MAX (sum, 0) : sum;
    }
}

float
kalon_aesthetic_head_score (const KalonAestheticHead *self, const float *embedding,
                            const float *measures)
{
  g_autofree double *in = NULL;

  g_return_val_if_fail (self != NULL && embedding != NULL, 0);
  g_return_val_if_fail (measures != NULL || self->n_inputs == 0, 0);

  in = g_new (double, self->dimension + self->n_inputs);
  for (gsize i = 0; i < self->dimension; i++)
    in[i] = embedding[i];
  for (guint i = 0; i < self->n_inputs; i++)
    {
      const Input *input = &self->inputs[i];
      const double z = (measures[input->measure] - (double) input->mean) / input->scale;

      in[self->dimension + i] = CLAMP (z, -MEASURE_LIMIT, MEASURE_LIMIT);
    }
  for (guint i = 0; i < self->n_layers; i++)
    {
      double *out = g_new (double, self->layers[i].n_out);

      apply (&self->layers[i], in, out, i + 1 < self->n_layers);
      g_free (in);
      in = out;
    }
  return (float) in[0];
}
