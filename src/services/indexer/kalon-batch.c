/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-batch-private.h"

#include "errors/kalon-errors.h"

KalonBatch *
kalon_batch_new (KalonLibrary *library, KalonIndex *index, KalonEncoder *encoder,
                 const KalonAestheticBlend *blend)
{
  KalonBatch *self = g_new0 (KalonBatch, 1);
  gsize side;

  self->library = library;
  self->index = index;
  self->encoder = encoder;
  self->blend = blend;
  self->model_hash = kalon_encoder_get_model_hash (encoder);
  self->config = kalon_encoder_get_config (encoder);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_decoded_file_free);
  side = self->config->preprocess.crop;
  self->pixels = g_new (float, KALON_BATCH_MAX * 3 * side * side);
  self->embeddings = g_new (float, KALON_BATCH_MAX * self->config->projection);
  return self;
}

void
kalon_batch_free (KalonBatch *self)
{
  g_ptr_array_unref (self->files);
  g_free (self->pixels);
  g_free (self->embeddings);
  g_free (self);
}

void
kalon_batch_add (KalonBatch *self, KalonDecodedFile *file)
{
  g_return_if_fail (self->n_pixels < KALON_BATCH_MAX);

  g_ptr_array_add (self->files, file);
  if (file->kind == KALON_DECODED_PIXELS)
    self->n_pixels++;
}

static void
fail (KalonDecodedFile *file, GError *error)
{
  file->kind = KALON_DECODED_FAILED;
  file->error = error;
}

/* One picture that the model turns into NaN must not take its neighbours along. */
static gboolean
encode_singly (KalonBatch *self, GPtrArray *files, gsize size, GCancellable *cancellable,
               GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      GError *local_error = NULL;

      if (kalon_encoder_encode_pixels (self->encoder, self->pixels + i * size, 1,
                                       self->embeddings + i * self->config->projection, cancellable,
                                       &local_error))
        continue;
      if (!g_error_matches (local_error, KALON_ERROR, KALON_ERROR_NOT_FINITE))
        {
          g_propagate_error (error, local_error);
          return FALSE;
        }
      fail (g_ptr_array_index (files, i), local_error);
    }
  return TRUE;
}

/* @files: (element-type KalonDecodedFile): those with pixels, in order */
static gboolean
encode (KalonBatch *self, GPtrArray *files, GCancellable *cancellable, GError **error)
{
  gsize size = 3 * self->config->preprocess.crop * self->config->preprocess.crop;
  GError *local_error = NULL;

  for (guint i = 0; i < files->len; i++)
    {
      KalonDecodedFile *file = g_ptr_array_index (files, i);

      memcpy (self->pixels + i * size, file->pixels, size * sizeof (float));
      g_clear_pointer (&file->pixels, g_free);
    }
  if (kalon_encoder_encode_pixels (self->encoder, self->pixels, files->len, self->embeddings,
                                   cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, KALON_ERROR, KALON_ERROR_NOT_FINITE))
    {
      g_clear_error (&local_error);
      return encode_singly (self, files, size, cancellable, error);
    }
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Rows go into the embedding file, and onto the disk, before the catalogue knows of them: a kill
 * or a power cut in between leaves rows that the next opening takes off. */
static gboolean
append (KalonBatch *self, GPtrArray *files, gsize *first, GError **error)
{
  gsize dimension = self->config->projection;
  gsize n = 0;

  for (guint i = 0; i < files->len; i++)
    {
      KalonDecodedFile *file = g_ptr_array_index (files, i);

      if (file->kind != KALON_DECODED_PIXELS)
        continue;
      memmove (self->embeddings + n * dimension, self->embeddings + i * dimension,
               dimension * sizeof (float));
      n++;
    }
  return kalon_index_append (self->index, self->embeddings, n, first, error)
         && kalon_index_sync (self->index, error);
}

static gboolean
store_failed (KalonBatch *self, const KalonDecodedFile *file, GError **error)
{
  const KalonDecodeJob *job = &file->job;
  /* What may be over without the file changing (permissions, a disk's mood, a loader that is not
   * installed, another model) is tried again at every run; it says nothing about the picture we
   * had. */
  gboolean again = file->error->domain != KALON_ERROR
                   || file->error->code == KALON_ERROR_UNSUPPORTED
                   || file->error->code == KALON_ERROR_NOT_FINITE;

  if (!again && job->id != 0 && !kalon_library_remove_picture (self->library, job->id, error))
    return FALSE;
  return kalon_library_store_failure (self->library, job->path, again ? -1 : job->size, job->mtime,
                                      kalon_failure_get_reason (job->path, file->error), error);
}

/* Of the measures: those of what was decoded, else those that are stored. */
static gboolean
store_score (KalonBatch *self, const KalonDecodedFile *file, gint64 id, gsize row, GError **error)
{
  float stored[KALON_N_MEASURES];
  const float *measures = file->measures;

  if (measures != NULL && !kalon_library_store_measures (self->library, id, measures, error))
    return FALSE;
  if (self->blend == NULL)
    return TRUE;
  if (measures == NULL)
    {
      if (!kalon_library_get_measures (self->library, id, stored, error))
        return FALSE;
      measures = stored;
    }
  return kalon_scorer_store (self->library, self->index, self->model_hash, self->blend, id, row,
                             measures, error);
}

static gboolean
store_pixels (KalonBatch *self, KalonDecodedFile *file, gsize row, GError **error)
{
  gint64 id = file->job.id;

  if (!file->job.only_embedding)
    {
      if (!kalon_library_store_picture (self->library, file->picture, error))
        return FALSE;
      id = file->picture->id;
    }
  return kalon_library_store_row (self->library, self->model_hash, id, row, error)
         && store_score (self, file, id, row, error);
}

static gboolean
store (KalonBatch *self, gsize row, GError **error)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      KalonDecodedFile *file = g_ptr_array_index (self->files, i);
      const KalonDecodeJob *job = &file->job;
      gboolean stored = FALSE;

      switch (file->kind)
        {
        case KALON_DECODED_PIXELS:
          stored = store_pixels (self, file, row++, error);
          break;

        case KALON_DECODED_MEASURED:
          stored = store_score (self, file, job->id, job->row, error);
          break;

        case KALON_DECODED_SAME:
          stored = kalon_library_move_picture (self->library, job->id, job->path, job->size,
                                               job->mtime, error);
          break;

        case KALON_DECODED_RENAMED:
          stored = kalon_library_move_picture (self->library, file->renamed, job->path, job->size,
                                               job->mtime, error);
          break;

        case KALON_DECODED_FAILED:
          stored = store_failed (self, file, error);
          break;

        default:
          g_assert_not_reached ();
        }
      if (!stored)
        return FALSE;
    }
  return TRUE;
}

static void
count (KalonBatch *self, KalonIndexerProgress *progress)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      const KalonDecodedFile *file = g_ptr_array_index (self->files, i);

      progress->done++;
      if (file->kind == KALON_DECODED_FAILED)
        progress->failed++;
      else if (file->kind == KALON_DECODED_RENAMED)
        progress->renamed++;
      else if (file->kind == KALON_DECODED_SAME)
        progress->unchanged++;
      else if (file->job.id == 0)
        progress->added++;
      else
        progress->updated++;
    }
}

gboolean
kalon_batch_commit (KalonBatch *self, KalonIndexerProgress *progress, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  gsize row = 0;

  for (guint i = 0; i < self->files->len; i++)
    if (((KalonDecodedFile *) g_ptr_array_index (self->files, i))->kind == KALON_DECODED_PIXELS)
      g_ptr_array_add (files, g_ptr_array_index (self->files, i));
  if (files->len > 0
      && (!encode (self, files, cancellable, error) || !append (self, files, &row, error)))
    return FALSE;

  if (!kalon_library_begin (self->library, error))
    return FALSE;
  if (!store (self, row, error))
    {
      kalon_library_rollback (self->library);
      return FALSE;
    }
  if (!kalon_library_commit (self->library, error))
    return FALSE;
  count (self, progress);
  g_ptr_array_set_size (self->files, 0);
  self->n_pixels = 0;
  return TRUE;
}
