/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-decode-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aesthetics/kalon-aesthetics.h"
#include "errors/kalon-errors.h"
#include "indexer/kalon-indexer.h"
#include "thumbnails/kalon-thumbnails.h"

#define READ_SIZE (256 * 1024)

void
kalon_decoded_file_free (KalonDecodedFile *self)
{
  g_clear_pointer (&self->picture, kalon_picture_free);
  g_clear_error (&self->error);
  g_free (self->pixels);
  g_free (self->measures);
  g_free (self);
}

static gboolean
set_file_error (GError **error, const char *action, int number)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number),
               "The file cannot be %s: %s. It is tried again at the next run.", action,
               g_strerror (number));
  return FALSE;
}

/* A picture that is being written while we read would be stored half done under its final time. */
static gboolean
check_unchanged (const KalonDecodeJob *job, const struct stat *status, GError **error)
{
  gint64 mtime = status->st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status->st_mtim.tv_nsec;

  if (status->st_size == job->size && mtime == job->mtime)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "The file changed while it was being indexed; the next run takes it up.");
  return FALSE;
}

static char *
hash_file (const KalonDecodeJob *job, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  /* Not to wait for ever when a pipe took the file's name since the scan. */
  int fd = open (job->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  gssize n_read = -1;
  char *hash = NULL;

  if (fd < 0)
    {
      set_file_error (error, "opened", errno);
      return NULL;
    }
  if (fstat (fd, &status) != 0)
    set_file_error (error, "looked at", errno);
  else if (check_unchanged (job, &status, error))
    {
      while (!g_cancellable_set_error_if_cancelled (cancellable, error)
             && (n_read = read (fd, buffer, READ_SIZE)) > 0)
        g_checksum_update (checksum, buffer, n_read);
      if (n_read == 0)
        hash = g_strdup (g_checksum_get_string (checksum));
      else if (error != NULL && *error == NULL)
        set_file_error (error, "read", errno);
    }
  close (fd);
  return hash;
}

static KalonPicture *
describe (const KalonDecodeJob *job, const char *content_hash, const KalonImage *image,
          KalonImageInfo *info)
{
  KalonPicture *picture = g_new0 (KalonPicture, 1);
  KalonColourStatistics colours;

  kalon_image_get_colour_statistics (image, &colours);
  picture->id = job->id;
  picture->path = g_strdup (job->path);
  picture->size = job->size;
  picture->mtime = job->mtime;
  picture->content_hash = g_strdup (content_hash);
  picture->width = info->width;
  picture->height = info->height;
  picture->format = g_steal_pointer (&info->format);
  picture->taken_at = info->taken_at;
  picture->camera = g_steal_pointer (&info->camera);
  picture->lens = g_steal_pointer (&info->lens);
  picture->perceptual_hash = kalon_image_get_perceptual_hash (image);
  picture->luminance = colours.luminance;
  picture->contrast = colours.contrast;
  picture->colourfulness = colours.colourfulness;
  memcpy (picture->average, colours.average, sizeof picture->average);
  return picture;
}

/* What decoding may hold at its worst: a loader's four bytes per pixel and our three. A JPEG is
 * scaled down while it is decoded, but a progressive one first holds all its coefficients: 3 bytes
 * per pixel with the usual chroma subsampling. What does not even tell its size is left to the
 * decoder, which knows better what is wrong with it. */
static gsize
estimate_memory (const char *path)
{
  g_autoptr (KalonImageInfo) info = kalon_image_read_info (path, NULL);
  gsize per_pixel;

  if (info == NULL)
    return 0;
  per_pixel = g_strcmp0 (info->format, "jpeg") == 0 ? 3 : 7;
  return per_pixel * info->width * info->height;
}

guint
kalon_indexer_get_min_side (const KalonPreprocess *preprocess)
{
  g_return_val_if_fail (preprocess != NULL, 0);

  return MAX (MAX (preprocess->resize, KALON_THUMBNAIL_SIZE), (guint) KALON_MEASURE_MIN_SIDE);
}

/* One decoding serves the encoder, the thumbnail, the perceptual hash, the colours and the
 * aesthetic head. */
static gboolean
decode (KalonDecodedFile *file, const char *content_hash, const KalonDecodeSettings *settings,
        GCancellable *cancellable, GError **error)
{
  const KalonDecodeJob *job = &file->job;
  const KalonPreprocess *preprocess = settings->preprocess;
  guint min_side = kalon_indexer_get_min_side (preprocess);
  g_autoptr (KalonImageInfo) info = NULL;
  g_autoptr (KalonImage) image = NULL;
  struct stat status;

  image = kalon_image_load (job->path, min_side, &info, cancellable, error);
  if (image == NULL)
    return FALSE;
  if (stat (job->path, &status) != 0)
    return set_file_error (error, "looked at", errno);
  if (!check_unchanged (job, &status, error))
    return FALSE;

  file->measures = g_new (float, KALON_N_MEASURES);
  kalon_measure_image (image, file->measures);
  if (job->only_score)
    return TRUE;
  if (!job->only_embedding)
    {
      /* Hash and colours need no more, and each would shrink the picture for itself. */
      g_autoptr (KalonImage) small = kalon_thumbnail_shrink (image);
      const KalonImage *seen = small != NULL ? small : image;

      file->fatal = !kalon_thumbnail_store (settings->library_directory, content_hash, seen, error);
      if (file->fatal)
        return FALSE;
      file->picture = describe (job, content_hash, seen, info);
    }
  file->pixels = g_new (float, 3 * (gsize) preprocess->crop * preprocess->crop);
  kalon_image_preprocess (image, preprocess, file->pixels);
  return TRUE;
}

static void
decode_within_budget (KalonDecodedFile *file, const char *content_hash,
                      const KalonDecodeSettings *settings, GCancellable *cancellable)
{
  gsize size = estimate_memory (file->job.path);

  kalon_decode_budget_enter (settings->budget, size);
  decode (file, content_hash, settings, cancellable, &file->error);
  kalon_decode_budget_leave (settings->budget, size);
}

KalonDecodedFile *
kalon_decode_file (const KalonDecodeJob *job, const KalonDecodeSettings *settings,
                   GCancellable *cancellable)
{
  KalonDecodedFile *file = g_new0 (KalonDecodedFile, 1);
  g_autofree char *content_hash = NULL;

  file->job = *job;
  file->kind = job->only_score ? KALON_DECODED_MEASURED : KALON_DECODED_PIXELS;
  if (job->only_score && job->measured)
    return file;
  if (!job->only_embedding && !job->only_score)
    {
      content_hash = hash_file (job, cancellable, &file->error);
      if (content_hash != NULL && g_strcmp0 (content_hash, job->content_hash) == 0)
        file->kind = KALON_DECODED_SAME;
      else if (content_hash != NULL && job->id == 0)
        {
          file->renamed = kalon_missing_set_claim (settings->missing, job->size, content_hash);
          if (file->renamed != 0)
            file->kind = KALON_DECODED_RENAMED;
        }
    }
  if (file->error == NULL
      && (file->kind == KALON_DECODED_PIXELS || file->kind == KALON_DECODED_MEASURED))
    decode_within_budget (file, content_hash, settings, cancellable);
  if (file->error != NULL)
    file->kind = KALON_DECODED_FAILED;
  if (g_error_matches (file->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    file->fatal = TRUE;
  return file;
}
