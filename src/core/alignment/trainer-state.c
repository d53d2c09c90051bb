/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training that stops and goes on: what the next step depends on, as a safetensors file. */
#include "alignment/kalon-trainer-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

#define FORMAT "kalon-training"
#define VERSION "1"
/* Of each part: parameter, mean, square, best. */
#define N_STATES 4
static const char *const state_names[N_STATES] = { "parameter", "mean", "square", "best" };

/* A number of the progress by its key in the metadata. */
typedef struct
{
  const char *key;
  gsize offset;
} Number;

#define MEASURE(name, field)                                                                       \
  { #field ".loss", G_STRUCT_OFFSET (KalonTrainingProgress, field.loss) },                         \
      { #field ".pair_loss", G_STRUCT_OFFSET (KalonTrainingProgress, field.pair_loss) },           \
      { #field ".divergence", G_STRUCT_OFFSET (KalonTrainingProgress, field.divergence) },         \
  {                                                                                                \
#field ".agreement", G_STRUCT_OFFSET(KalonTrainingProgress, field.agreement)                   \
  }

static const Number numbers[] = { MEASURE ("best", best), MEASURE ("held_out", held_out) };

static void
add_array (GChecksum *checksum, const void *data, gsize n, gsize size)
{
  g_autofree char *length = g_strdup_printf ("\n%" G_GSIZE_FORMAT "\n", n);

  g_checksum_update (checksum, (const guchar *) length, -1);
  g_checksum_update (checksum, data, (gssize) (n * size));
}

/* What makes two trainings the same: options, start and set. */
static char *
dup_fingerprint (const KalonTrainer *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *options = kalon_training_options_to_string (&self->options);
  const KalonTrainingSet *set = self->set;
  const KalonAdapter *start = self->start;

  g_checksum_update (checksum, (const guchar *) options, -1);
  g_checksum_update (checksum, (const guchar *) kalon_adapter_kind_get_name (start->kind), -1);
  g_checksum_update (checksum, (const guchar *) start->model_hash, -1);
  for (guint p = 0; p < start->n_parts; p++)
    add_array (checksum, start->parts[p].values, start->parts[p].rows * start->dimension,
               sizeof (float));
  add_array (checksum, set->images, set->n_images * set->dimension, sizeof (float));
  add_array (checksum, set->queries->data, set->queries->len, sizeof (float));
  add_array (checksum, set->first->data, set->first->len, sizeof (guint32));
  add_array (checksum, set->candidates->data, set->candidates->len, sizeof (guint32));
  add_array (checksum, set->pair_first->data, set->pair_first->len, sizeof (guint32));
  add_array (checksum, set->pairs->data, set->pairs->len, sizeof (KalonPair));
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
read_states (KalonTrainer *self, guint p, float *states[N_STATES], GError **error)
{
  gsize n = self->start->parts[p].rows * self->set->dimension;
  const KalonTrainerPart *part = &self->parts[p];

  memcpy (states[3], part->best, n * sizeof (float));
  return kalon_tensor_read (part->parameter, 0, states[0], n, error)
         && kalon_tensor_read (part->mean, 0, states[1], n, error)
         && kalon_tensor_read (part->square, 0, states[2], n, error);
}

static char *
dup_name (const KalonTrainer *self, guint part, guint state)
{
  return g_strconcat (self->start->parts[part].name, ".", state_names[state], NULL);
}

static GPtrArray *
make_metadata (const KalonTrainer *self)
{
  GPtrArray *metadata = g_ptr_array_new_with_free_func (g_free);
  const char *fixed[] = { "format", FORMAT, "version", VERSION };

  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (metadata, g_strdup (fixed[i]));
  g_ptr_array_add (metadata, g_strdup ("fingerprint"));
  g_ptr_array_add (metadata, dup_fingerprint (self));
  g_ptr_array_add (metadata, g_strdup ("step"));
  g_ptr_array_add (metadata, g_strdup_printf ("%u", self->progress.step));
  g_ptr_array_add (metadata, g_strdup ("best_step"));
  g_ptr_array_add (metadata, g_strdup_printf ("%u", self->progress.best_step));
  g_ptr_array_add (metadata, g_strdup ("has_best"));
  g_ptr_array_add (metadata, g_strdup_printf ("%d", self->has_best));
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char text[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_dtostr (text, sizeof text,
                      G_STRUCT_MEMBER (double, &self->progress, numbers[i].offset));
      g_ptr_array_add (metadata, g_strdup (numbers[i].key));
      g_ptr_array_add (metadata, g_strdup (text));
    }
  g_ptr_array_add (metadata, NULL);
  return metadata;
}

gboolean
kalon_trainer_save (KalonTrainer *self, const char *path, GError **error)
{
  g_autoptr (GPtrArray) metadata = NULL;
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  KalonSafetensorsTensor tensors[KALON_ADAPTER_MAX_PARTS * N_STATES];
  gsize n = 0;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  for (guint p = 0; p < self->start->n_parts; p++)
    {
      gsize rows = self->start->parts[p].rows, d = self->set->dimension;
      float *states[N_STATES];

      for (guint s = 0; s < N_STATES; s++)
        {
          states[s] = g_new (float, rows *d);
          g_ptr_array_add (owned, states[s]);
          g_ptr_array_add (owned, dup_name (self, p, s));
          tensors[n++]
              = (KalonSafetensorsTensor){ .name = g_ptr_array_index (owned, owned->len - 1),
                                          .n_dims = 2,
                                          .shape = { rows, d },
                                          .values = states[s] };
        }
      if (!read_states (self, p, states, error))
        return FALSE;
    }
  metadata = make_metadata (self);
  return kalon_safetensors_save (path, tensors, n, (const char *const *) metadata->pdata, error);
}

static gboolean
refuse (const KalonSafetensors *file, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s is not a saved training, or is damaged. Start the training anew.",
               kalon_safetensors_get_file (file));
  return FALSE;
}

/* Everything but the tensors, into @progress. */
static gboolean
read_metadata (const KalonTrainer *self, const KalonSafetensors *file,
               KalonTrainingProgress *progress, gboolean *has_best, GError **error)
{
  g_autofree char *fingerprint = dup_fingerprint (self);
  const char *step = kalon_safetensors_get_metadata (file, "step");
  const char *best_step = kalon_safetensors_get_metadata (file, "best_step");
  const char *best = kalon_safetensors_get_metadata (file, "has_best");
  guint64 done, best_done, flag;

  if (g_strcmp0 (kalon_safetensors_get_metadata (file, "format"), FORMAT) != 0)
    return refuse (file, error);
  if (g_strcmp0 (kalon_safetensors_get_metadata (file, "version"), VERSION) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s was saved by another version of Kalon. Start the training anew.",
                   kalon_safetensors_get_file (file));
      return FALSE;
    }
  if (g_strcmp0 (kalon_safetensors_get_metadata (file, "fingerprint"), fingerprint) != 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "%s is of a training with other pairs, options or start. Start anew, or go back "
                   "to those.",
                   kalon_safetensors_get_file (file));
      return FALSE;
    }
  if (step == NULL || best_step == NULL || best == NULL
      || !g_ascii_string_to_unsigned (step, 10, 0, progress->n_steps, &done, NULL)
      || !g_ascii_string_to_unsigned (best_step, 10, 0, done, &best_done, NULL)
      || !g_ascii_string_to_unsigned (best, 10, 0, 1, &flag, NULL))
    return refuse (file, error);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      const char *text = kalon_safetensors_get_metadata (file, numbers[i].key);
      char *end = NULL;
      double value = text != NULL ? g_ascii_strtod (text, &end) : NAN;

      if (text == NULL || end == text || *end != '\0' || !isfinite (value))
        return refuse (file, error);
      G_STRUCT_MEMBER (double, progress, numbers[i].offset) = value;
    }
  progress->step = (guint) done;
  progress->best_step = (guint) best_done;
  *has_best = flag != 0;
  return TRUE;
}

gboolean
kalon_trainer_resume (KalonTrainer *self, const char *path, GError **error)
{
  g_autoptr (KalonSafetensors) file = NULL;
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func (g_free);
  KalonTrainingProgress progress;
  gboolean has_best;
  gsize d;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  file = kalon_safetensors_open (path, error);
  progress = self->progress;
  if (file == NULL || !read_metadata (self, file, &progress, &has_best, error))
    return FALSE;
  d = self->set->dimension;
  for (guint p = 0; p < self->start->n_parts; p++)
    for (guint s = 0; s < N_STATES; s++)
      {
        const gsize shape[] = { self->start->parts[p].rows, d };
        g_autofree char *name = dup_name (self, p, s);
        float *values = kalon_safetensors_dup_f32 (file, name, 2, shape, error);

        if (values == NULL)
          return FALSE;
        g_ptr_array_add (states, values);
      }
  for (guint p = 0; p < self->start->n_parts; p++)
    {
      gsize n = self->start->parts[p].rows * d;
      KalonTrainerPart *part = &self->parts[p];
      float **of_part = (float **) states->pdata + p * N_STATES;

      if (!kalon_tensor_write (part->parameter, 0, of_part[0], n, error)
          || !kalon_tensor_write (part->mean, 0, of_part[1], n, error)
          || !kalon_tensor_write (part->square, 0, of_part[2], n, error))
        return FALSE;
      memcpy (part->best, of_part[3], n * sizeof (float));
    }
  progress.is_measured = FALSE;
  progress.epoch = progress.step > 0 ? (progress.step - 1) / self->steps_per_epoch + 1 : 0;
  self->progress = progress;
  self->has_best = has_best;
  return TRUE;
}
