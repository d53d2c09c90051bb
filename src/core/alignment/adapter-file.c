/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An adapter as a safetensors file. */
#include "alignment/kalon-alignment-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

#define FORMAT "kalon-adapter"
#define VERSION "1"
#define HASH_LENGTH 64
/* Of a name and of the text that says what it was made from, in bytes. */
#define MAX_TEXT 65536
/* No trained value comes near it, and no query overflows with all of them at it. */
#define MAX_VALUE 1e3f

gboolean
kalon_adapter_save (const KalonAdapter *self, const char *path, GError **error)
{
  KalonSafetensorsTensor tensors[KALON_ADAPTER_MAX_PARTS];
  g_autofree char *dimension = NULL;
  g_autofree char *rank = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  dimension = g_strdup_printf ("%" G_GSIZE_FORMAT, self->dimension);
  rank = g_strdup_printf ("%" G_GSIZE_FORMAT, self->rank);
  for (guint p = 0; p < self->n_parts; p++)
    tensors[p] = (KalonSafetensorsTensor){ .name = self->parts[p].name,
                                           .n_dims = 2,
                                           .shape = { self->parts[p].rows, self->dimension },
                                           .values = self->parts[p].values };

  /* clang-format off */
  const char *const metadata[] = { "format", FORMAT,
                                   "version", VERSION,
                                   "kind", kalon_adapter_kind_get_name (self->kind),
                                   "model", self->model_hash,
                                   "dimension", dimension,
                                   "rank", rank,
                                   "name", self->name,
                                   "made_from", self->made_from,
                                   NULL };
  /* clang-format on */

  return kalon_safetensors_save (path, tensors, self->n_parts, metadata, error);
}

static gboolean
refuse (const KalonSafetensors *file, const char *key, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s: its “%s” is missing or makes no sense. It is not an adapter of Kalon's, or is "
               "damaged; train it anew.",
               kalon_safetensors_get_file (file), key);
  return FALSE;
}

static gboolean
get_size (const KalonSafetensors *file, const char *key, gsize min, gsize max, gsize *size,
          GError **error)
{
  const char *text = kalon_safetensors_get_metadata (file, key);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, min, max, &value, NULL))
    return refuse (file, key, error);
  *size = value;
  return TRUE;
}

/* The model's hash, which must be @wanted unless that is NULL. */
static const char *
get_model (const KalonSafetensors *file, const char *wanted, GError **error)
{
  const char *found = kalon_safetensors_get_metadata (file, "model");

  if (found == NULL || strlen (found) != HASH_LENGTH
      || strspn (found, "0123456789abcdef") != HASH_LENGTH)
    {
      refuse (file, "model", error);
      return NULL;
    }
  if (wanted != NULL && !g_str_equal (found, wanted))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "%s belongs to the model %.12s…, not to %.12s…. Switch to that model, or train "
                   "an adapter for this one.",
                   kalon_safetensors_get_file (file), found, wanted);
      return NULL;
    }
  return found;
}

static gboolean
read_parts (KalonAdapter *self, const KalonSafetensors *file, GError **error)
{
  for (guint p = 0; p < self->n_parts; p++)
    {
      const gsize shape[] = { self->parts[p].rows, self->dimension };

      if (!kalon_safetensors_check (file, self->parts[p].name, 2, shape, NULL, error)
          || !kalon_safetensors_read_f32 (file, self->parts[p].name, 0, shape[0] * shape[1],
                                          self->parts[p].values, error))
        {
          g_prefix_error (error, "The adapter cannot be used: ");
          return FALSE;
        }
      for (gsize i = 0; i < shape[0] * shape[1]; i++)
        if (fabsf (self->parts[p].values[i]) > MAX_VALUE)
          {
            g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                         "The adapter cannot be used: %s has a value over %g. Train it anew.",
                         self->parts[p].name, (double) MAX_VALUE);
            return FALSE;
          }
    }
  return TRUE;
}

static KalonAdapter *
parse (const KalonSafetensors *file, const char *model_hash, GError **error)
{
  g_autoptr (KalonAdapter) self = NULL;
  const char *kind_name = kalon_safetensors_get_metadata (file, "kind");
  const char *name = kalon_safetensors_get_metadata (file, "name");
  const char *made_from = kalon_safetensors_get_metadata (file, "made_from");
  const char *model;
  KalonAdapterKind kind;
  gsize dimension, rank = 0;

  if (g_strcmp0 (kalon_safetensors_get_metadata (file, "format"), FORMAT) != 0)
    {
      refuse (file, "format", error);
      return NULL;
    }
  if (g_strcmp0 (kalon_safetensors_get_metadata (file, "version"), VERSION) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s is an adapter of another version of Kalon. Train it anew.",
                   kalon_safetensors_get_file (file));
      return NULL;
    }
  if (kind_name == NULL || !kalon_adapter_kind_from_name (kind_name, &kind))
    {
      refuse (file, "kind", error);
      return NULL;
    }
  model = get_model (file, model_hash, error);
  if (model == NULL
      || !get_size (file, "dimension", 1, KALON_ADAPTER_MAX_DIMENSION, &dimension, error)
      || (kind == KALON_ADAPTER_QUERY
          && !get_size (file, "rank", 1, KALON_ADAPTER_MAX_RANK, &rank, error)))
    return NULL;
  if (name == NULL || made_from == NULL || strlen (name) > MAX_TEXT
      || strlen (made_from) > MAX_TEXT)
    {
      refuse (file, "name or made_from", error);
      return NULL;
    }
  self = kalon_adapter_new (kind, model, dimension, rank, 0);
  kalon_adapter_set_name (self, name);
  kalon_adapter_set_made_from (self, made_from);
  return read_parts (self, file, error) ? g_steal_pointer (&self) : NULL;
}

KalonAdapter *
kalon_adapter_new_from_bytes (GBytes *bytes, const char *model_hash, GError **error)
{
  g_autoptr (KalonSafetensors) file = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  file = kalon_safetensors_new_from_bytes (bytes, error);
  return file != NULL ? parse (file, model_hash, error) : NULL;
}

KalonAdapter *
kalon_adapter_load (const char *path, const char *model_hash, GError **error)
{
  g_autoptr (KalonSafetensors) file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = kalon_safetensors_open (path, error);
  return file != NULL ? parse (file, model_hash, error) : NULL;
}
