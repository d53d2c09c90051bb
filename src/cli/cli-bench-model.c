/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-bench-private.h"

#include "errors/kalon-errors.h"

#include <stdio.h>

typedef struct
{
  const char *name;
  gsize width, layers, heads, mlp_width, patch, resolution, projection;
} Shape;

/* The image towers of Radford et al. 2021, table 20. */
static const Shape shapes[] = {
  { "vit-b-32", 768, 12, 12, 3072, 32, 224, 512 },
  { "vit-b-16", 768, 12, 12, 3072, 16, 224, 512 },
  { "vit-l-14", 1024, 24, 16, 4096, 14, 224, 768 },
};

/* The text tower has no part in the measurement. */
#define TEXT_WIDTH 64
#define TEXT_MLP 128
#define CONTEXT 77
/* 256 bytes, the same at a word's end, and the two special tokens. */
#define VOCABULARY 514

typedef enum
{
  FILL_RANDOM,
  FILL_ONES,
  FILL_ZEROS,
} Fill;

typedef struct
{
  char *name;
  gsize shape[4];
  guint n_dims;
  Fill fill;
} Tensor;

static void
tensor_free (Tensor *tensor)
{
  g_free (tensor->name);
  g_free (tensor);
}

static gsize
count (const Tensor *tensor)
{
  gsize n = 1;

  for (guint i = 0; i < tensor->n_dims; i++)
    n *= tensor->shape[i];
  return n;
}

static void
add (GPtrArray *tensors, Fill fill, char *name, guint n_dims, gsize a, gsize b, gsize c, gsize d)
{
  Tensor *tensor = g_new0 (Tensor, 1);

  *tensor = (Tensor){ .name = name, .shape = { a, b, c, d }, .n_dims = n_dims, .fill = fill };
  g_ptr_array_add (tensors, tensor);
}

static void
add_matrix (GPtrArray *tensors, const char *prefix, const char *name, gsize out, gsize in)
{
  add (tensors, FILL_RANDOM, g_strconcat (prefix, name, ".weight", NULL), 2, out, in, 1, 1);
}

static void
add_linear (GPtrArray *tensors, const char *prefix, const char *name, gsize out, gsize in)
{
  add_matrix (tensors, prefix, name, out, in);
  add (tensors, FILL_RANDOM, g_strconcat (prefix, name, ".bias", NULL), 1, out, 1, 1, 1);
}

static void
add_norm (GPtrArray *tensors, const char *prefix, const char *name, gsize width)
{
  add (tensors, FILL_ONES, g_strconcat (prefix, name, ".weight", NULL), 1, width, 1, 1, 1);
  add (tensors, FILL_ZEROS, g_strconcat (prefix, name, ".bias", NULL), 1, width, 1, 1, 1);
}

static void
add_layers (GPtrArray *tensors, const char *tower, gsize layers, gsize width, gsize mlp_width)
{
  static const char *const projections[] = { "q_proj", "k_proj", "v_proj", "out_proj" };

  for (gsize layer = 0; layer < layers; layer++)
    {
      g_autofree char *prefix
          = g_strdup_printf ("%s.encoder.layers.%" G_GSIZE_FORMAT ".", tower, layer);
      g_autofree char *attention = g_strconcat (prefix, "self_attn.", NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (projections); i++)
        add_linear (tensors, attention, projections[i], width, width);
      add_norm (tensors, prefix, "layer_norm1", width);
      add_linear (tensors, prefix, "mlp.fc1", mlp_width, width);
      add_linear (tensors, prefix, "mlp.fc2", width, mlp_width);
      add_norm (tensors, prefix, "layer_norm2", width);
    }
}

/* (transfer full) (element-type Tensor): as transformers' CLIPModel names them. */
static GPtrArray *
list_tensors (const Shape *shape)
{
  GPtrArray *tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) tensor_free);
  gsize grid = shape->resolution / shape->patch;

  add (tensors, FILL_ONES, g_strdup ("logit_scale"), 0, 1, 1, 1, 1);
  add_matrix (tensors, "text_model.", "embeddings.token_embedding", VOCABULARY, TEXT_WIDTH);
  add_matrix (tensors, "text_model.", "embeddings.position_embedding", CONTEXT, TEXT_WIDTH);
  add_layers (tensors, "text_model", 1, TEXT_WIDTH, TEXT_MLP);
  add_norm (tensors, "text_model.", "final_layer_norm", TEXT_WIDTH);
  add_matrix (tensors, "", "text_projection", shape->projection, TEXT_WIDTH);

  add (tensors, FILL_RANDOM, g_strdup ("vision_model.embeddings.class_embedding"), 1, shape->width,
       1, 1, 1);
  add (tensors, FILL_RANDOM, g_strdup ("vision_model.embeddings.patch_embedding.weight"), 4,
       shape->width, 3, shape->patch, shape->patch);
  add_matrix (tensors, "vision_model.", "embeddings.position_embedding", 1 + grid * grid,
              shape->width);
  add_norm (tensors, "vision_model.", "pre_layrnorm", shape->width);
  add_layers (tensors, "vision_model", shape->layers, shape->width, shape->mlp_width);
  add_norm (tensors, "vision_model.", "post_layernorm", shape->width);
  add_matrix (tensors, "", "visual_projection", shape->projection, shape->width);
  return tensors;
}

/* The safetensors header: see weights/kalon-weights.h. */
static char *
dup_header (GPtrArray *tensors)
{
  GString *header = g_string_new ("{");
  gsize offset = 0;

  for (guint i = 0; i < tensors->len; i++)
    {
      const Tensor *tensor = tensors->pdata[i];
      gsize size = count (tensor) * sizeof (float);

      g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[", i > 0 ? "," : "",
                              tensor->name);
      for (guint d = 0; d < tensor->n_dims; d++)
        g_string_append_printf (header, "%s%" G_GSIZE_FORMAT, d > 0 ? "," : "", tensor->shape[d]);
      g_string_append_printf (header,
                              "],\"data_offsets\":[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT "]}",
                              offset, offset + size);
      offset += size;
    }
  g_string_append_c (header, '}');
  /* The format wants the data aligned to eight bytes. */
  while (header->len % 8 != 0)
    g_string_append_c (header, ' ');
  return g_string_free (header, FALSE);
}

/* Weights of the usual spread: uniform of standard deviation 0.02. Knuth's 64-bit LCG, fixed
 * seed: every run measures the same model. */
static void
fill_values (float *values, gsize n, Fill fill, guint64 *state)
{
  for (gsize i = 0; i < n; i++)
    if (fill == FILL_RANDOM)
      {
        *state = *state * G_GUINT64_CONSTANT (6364136223846793005)
                 + G_GUINT64_CONSTANT (1442695040888963407);
        values[i] = ((gint32) (*state >> 32)) * (0.03464f / 2147483648.0f);
      }
    else
      values[i] = fill == FILL_ONES;
}

static gboolean
write_tensors (const char *path, GPtrArray *tensors, GError **error)
{
  g_autofree char *header = dup_header (tensors);
  guint64 header_size = GUINT64_TO_LE (strlen (header));
  guint64 state = 1;
  FILE *file = fopen (path, "wb");
  gboolean written;

  written = file != NULL && fwrite (&header_size, sizeof header_size, 1, file) == 1
            && fputs (header, file) >= 0;
  for (guint i = 0; written && i < tensors->len; i++)
    {
      const Tensor *tensor = tensors->pdata[i];
      gsize n = count (tensor);
      g_autofree float *values = g_new (float, n);

      fill_values (values, n, tensor->fill, &state);
      written = fwrite (values, sizeof (float), n, file) == n;
    }
  if (file != NULL && fclose (file) != 0)
    written = FALSE;
  if (!written)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 "%s could not be written: %s. Point TMPDIR at a place with room for it.", path,
                 g_strerror (errno));
  return written;
}

static char *
dup_config (const Shape *shape)
{
  return g_strdup_printf (
      "{\"architectures\":[\"CLIPModel\"],\"model_type\":\"clip\",\"projection_dim\":%zu,\n"
      "\"text_config\":{\"hidden_size\":%d,\"intermediate_size\":%d,\"num_hidden_layers\":1,\n"
      "\"num_attention_heads\":1,\"vocab_size\":%d,\"max_position_embeddings\":%d,\n"
      "\"projection_dim\":%zu,\"bos_token_id\":%d,\"eos_token_id\":%d,\"pad_token_id\":%d},\n"
      "\"vision_config\":{\"hidden_size\":%zu,\"intermediate_size\":%zu,\n"
      "\"num_hidden_layers\":%zu,\"num_attention_heads\":%zu,\"image_size\":%zu,\n"
      "\"patch_size\":%zu,\"projection_dim\":%zu}}\n",
      shape->projection, TEXT_WIDTH, TEXT_MLP, VOCABULARY, CONTEXT, shape->projection,
      VOCABULARY - 2, VOCABULARY - 1, VOCABULARY - 1, shape->width, shape->mlp_width, shape->layers,
      shape->heads, shape->resolution, shape->patch, shape->projection);
}

/* The byte symbols of CLIP's byte-pair encoding: printable Latin-1 is itself, the rest follow
 * from U+0100 (simple_tokenizer.py, bytes_to_unicode). */
static char *
dup_vocabulary (void)
{
  GString *json = g_string_new ("{");
  gunichar next = 0x100;

  for (guint byte = 0; byte < 256; byte++)
    {
      gboolean printable = (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte != 0xad);
      gunichar symbol = printable ? byte : next++;
      char text[8] = "";

      if (symbol == '"' || symbol == '\\')
        g_snprintf (text, sizeof text, "\\%c", (char) symbol);
      else
        g_unichar_to_utf8 (symbol, text);
      g_string_append_printf (json, "\"%s\":%u,\"%s</w>\":%u,", text, byte, text, byte + 256);
    }
  g_string_append_printf (json, "\"<|startoftext|>\":%d,\"<|endoftext|>\":%d}", VOCABULARY - 2,
                          VOCABULARY - 1);
  return g_string_free (json, FALSE);
}

static gboolean
write_text (const char *directory, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_file_set_contents (path, text, -1, error);
}

gboolean
kalon_bench_write_model (const char *directory, const char *shape, GError **error)
{
  g_autoptr (GPtrArray) tensors = NULL;
  g_autofree char *weights = g_build_filename (directory, "model.safetensors", NULL);
  g_autofree char *config = NULL;
  g_autofree char *vocabulary = dup_vocabulary ();
  const Shape *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    if (g_str_equal (shapes[i].name, shape))
      found = &shapes[i];
  if (found == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no shape “%s”. Choose vit-b-32, vit-b-16 or vit-l-14.", shape);
      return FALSE;
    }
  tensors = list_tensors (found);
  config = dup_config (found);
  return write_text (directory, "config.json", config, error)
         && write_text (directory, "vocab.json", vocabulary, error)
         && write_text (directory, "merges.txt", "#version: 0.2\n", error)
         && write_tensors (weights, tensors, error);
}
