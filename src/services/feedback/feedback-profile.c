/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback-private.h"

#include <math.h>

#include "alignment/kalon-adapter.h"
#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "weights/kalon-weights.h"

/*
 * A profile file is an adapter's file (alignment/kalon-adapter.h), or one without an adapter's
 * tensors, with two tensors of the taste beside them.
 */
#define MODEL_KEY "model"
#define NAME_KEY "profile"
#define KIND_KEY "kind"
#define MEASURES "taste.measures"
#define EMBEDDING "taste.embedding"
/* A projections adapter at 1280 dimensions has 13 MB. */
#define MAX_FILE (64 * 1024 * 1024)
/* Learned ones stay below a hundred. */
#define MAX_WEIGHT 1e4f

/* What an adapter says of itself. */
static const char *const adapter_keys[]
    = { "format", "version", KIND_KEY, "dimension", "rank", "name", "made_from" };

KalonTasteTerm *
kalon_taste_term_new (gsize dimension)
{
  KalonTasteTerm *term = g_new0 (KalonTasteTerm, 1);

  term->dimension = dimension;
  term->measures = g_new0 (float, KALON_N_MEASURES);
  term->embedding = g_new0 (float, dimension);
  return term;
}

void
kalon_taste_term_free (KalonTasteTerm *term)
{
  if (term == NULL)
    return;
  g_free (term->measures);
  g_free (term->embedding);
  g_free (term);
}

static gboolean
check_weights (const float *weights, gsize n, const char *name, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (fabsf (weights[i]) > MAX_WEIGHT)
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                     "%s has a value over %g, which no taste has.", name, (double) MAX_WEIGHT);
        return FALSE;
      }
  return TRUE;
}

static gboolean
read_term (const KalonSafetensors *file, gsize dimension, KalonTasteTerm **term, GError **error)
{
  g_autoptr (KalonTasteTerm) read = NULL;
  const gsize n_measures = KALON_N_MEASURES;

  *term = NULL;
  if (!kalon_safetensors_has (file, MEASURES) && !kalon_safetensors_has (file, EMBEDDING))
    return TRUE;
  if (!kalon_safetensors_check (file, MEASURES, 1, &n_measures, NULL, error)
      || !kalon_safetensors_check (file, EMBEDDING, 1, &dimension, NULL, error))
    return FALSE;
  read = kalon_taste_term_new (dimension);
  if (!kalon_safetensors_read_f32 (file, MEASURES, 0, n_measures, read->measures, error)
      || !kalon_safetensors_read_f32 (file, EMBEDDING, 0, dimension, read->embedding, error)
      || !check_weights (read->measures, n_measures, MEASURES, error)
      || !check_weights (read->embedding, dimension, EMBEDDING, error))
    return FALSE;
  *term = g_steal_pointer (&read);
  return TRUE;
}

gboolean
kalon_taste_term_parse (GBytes *bytes, gsize dimension, KalonTasteTerm **term, GError **error)
{
  g_autoptr (KalonSafetensors) file = kalon_safetensors_new_from_bytes (bytes, error);

  return file != NULL && read_term (file, dimension, term, error);
}

/* Adds @adapter's tensors, whose values go into @values too, to be freed, and its words. */
static gboolean
add_adapter (GArray *tensors, GPtrArray *values, GPtrArray *metadata,
             const KalonSafetensors *adapter, GError **error)
{
  g_autoptr (GPtrArray) names = kalon_safetensors_list (adapter);

  for (guint i = 0; i < names->len; i++)
    {
      KalonSafetensorsTensor tensor = { g_ptr_array_index (names, i) };

      if (g_str_has_prefix (tensor.name, "taste."))
        continue;
      tensor.n_dims = kalon_safetensors_get_shape (adapter, tensor.name,
                                                   G_N_ELEMENTS (tensor.shape), tensor.shape);
      tensor.values
          = kalon_safetensors_dup_f32 (adapter, tensor.name, tensor.n_dims, tensor.shape, error);
      if (tensor.values == NULL)
        return FALSE;
      g_ptr_array_add (values, (gpointer) tensor.values);
      g_array_append_val (tensors, tensor);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (adapter_keys); i++)
    {
      const char *value = kalon_safetensors_get_metadata (adapter, adapter_keys[i]);

      if (value == NULL)
        continue;
      g_ptr_array_add (metadata, (gpointer) adapter_keys[i]);
      g_ptr_array_add (metadata, (gpointer) value);
    }
  return TRUE;
}

static gboolean
save (const char *path, const char *name, const char *model_hash, const KalonTasteTerm *term,
      const KalonSafetensors *adapter, GError **error)
{
  g_autoptr (GArray) tensors = g_array_new (FALSE, FALSE, sizeof (KalonSafetensorsTensor));
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) metadata = g_ptr_array_new ();

  if (adapter != NULL && !add_adapter (tensors, values, metadata, adapter, error))
    return FALSE;
  g_ptr_array_add (metadata, (gpointer) NAME_KEY);
  g_ptr_array_add (metadata, (gpointer) name);
  g_ptr_array_add (metadata, (gpointer) MODEL_KEY);
  g_ptr_array_add (metadata, (gpointer) model_hash);
  g_ptr_array_add (metadata, NULL);
  if (term != NULL)
    {
      KalonSafetensorsTensor parts[] = { { MEASURES, 1, { KALON_N_MEASURES }, term->measures },
                                         { EMBEDDING, 1, { term->dimension }, term->embedding } };

      g_array_append_vals (tensors, parts, G_N_ELEMENTS (parts));
    }
  return kalon_safetensors_save (path, (const KalonSafetensorsTensor *) (gpointer) tensors->data,
                                 tensors->len, (const char *const *) metadata->pdata, error);
}

gboolean
kalon_profile_export (const char *path, const char *name, const char *model_hash,
                      const KalonTasteTerm *term, GBytes *adapter, GError **error)
{
  g_autoptr (KalonSafetensors) file = NULL;

  g_return_val_if_fail (path != NULL && name != NULL && model_hash != NULL, FALSE);

  if (term == NULL && adapter == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The profile “%s” has learned nothing for this model yet: there is nothing to "
                   "export. Thumbs and “align” teach it.",
                   name);
      return FALSE;
    }
  if (adapter != NULL)
    {
      file = kalon_safetensors_new_from_bytes (adapter, error);
      if (file == NULL)
        return FALSE;
    }
  return save (path, name, model_hash, term, file, error);
}

static gboolean
store_parts (KalonFeedback *self, const KalonSafetensors *file, GBytes *bytes,
             const char *model_hash, gsize dimension, GError **error)
{
  g_autoptr (KalonTasteTerm) term = NULL;
  g_autoptr (KalonAdapter) adapter = NULL;

  if (g_strcmp0 (kalon_safetensors_get_metadata (file, MODEL_KEY), model_hash) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The profile belongs to another model. Switch to that model first.");
      return FALSE;
    }
  if (!read_term (file, dimension, &term, error))
    return FALSE;
  if (kalon_safetensors_get_metadata (file, KIND_KEY) != NULL)
    {
      adapter = kalon_adapter_new_from_bytes (bytes, model_hash, error);
      if (adapter == NULL)
        return FALSE;
    }
  if (term == NULL && adapter == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The file has neither a taste nor an adapter in it: it is no profile.");
      return FALSE;
    }
  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  if ((term == NULL
       || kalon_feedback_store_part (self, KALON_PROFILE_TASTE, model_hash, bytes, error))
      && (adapter == NULL
          || kalon_feedback_store_part (self, KALON_PROFILE_ADAPTER, model_hash, bytes, error)))
    return kalon_storage_commit (self->storage, error);
  kalon_storage_rollback (self->storage);
  return FALSE;
}

gboolean
kalon_profile_import (KalonFeedback *self, const char *path, const char *model_hash,
                      gsize dimension, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (KalonSafetensors) file = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (path != NULL && model_hash != NULL, FALSE);

  name = g_filename_display_basename (path);
  bytes = kalon_input_read (path, MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  file = kalon_safetensors_new_from_bytes (bytes, &reason);
  if (file == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s is no profile that was exported, or is damaged. (%s)", name,
                   reason->message);
      return FALSE;
    }
  if (store_parts (self, file, bytes, model_hash, dimension, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}
