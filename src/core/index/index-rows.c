/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "errors/kalon-errors.h"
#include "tensor/kalon-tensor.h"

/* Rows made ready to be written. */
typedef struct
{
  guint8 *codes;   /* [64, stride] */
  guint16 *halves; /* [64, stride] */
  guint32 checksums[KALON_INDEX_GROUP_ROWS];
  float errors[KALON_INDEX_GROUP_ROWS];
  float scales[KALON_INDEX_GROUP_ROWS];
  float *values; /* [dimension]: a row as it will be read back */
} Staging;

static guint32
checksum_row (const KalonIndexLayout *layout, const guint8 *codes, const guint16 *halves,
              float error, float scale)
{
  guint32 crc = kalon_index_crc (0, codes, layout->stride);

  crc = kalon_index_crc (crc, halves, layout->stride * sizeof (guint16));
  crc = kalon_index_crc (crc, &error, sizeof error);
  return kalon_index_crc (crc, &scale, sizeof scale);
}

/* The length of @row in double, or 0 when it has none that is finite. */
static double
get_length (const float *row, gsize dimension)
{
  double sum = 0;

  for (gsize i = 0; i < dimension; i++)
    sum += (double) row[i] * row[i];
  return isfinite (sum) ? sqrt (sum) : 0;
}

static void
stage_row (const KalonIndexLayout *layout, Staging *staging, gsize slot, const float *row)
{
  guint8 *codes = staging->codes + slot * layout->stride;
  guint16 *halves = staging->halves + slot * layout->stride;
  double length = get_length (row, layout->dimension);

  memset (halves, 0, layout->stride * sizeof (guint16));
  for (gsize i = 0; i < layout->dimension; i++)
    {
      halves[i] = kalon_f32_to_f16 ((float) (row[i] / length));
      staging->values[i] = kalon_f16_to_f32 (halves[i]);
    }
  kalon_index_encode_row (layout, staging->values, codes, &staging->scales[slot],
                          &staging->errors[slot]);
  staging->checksums[slot]
      = checksum_row (layout, codes, halves, staging->errors[slot], staging->scales[slot]);
}

/* The scales go last: a row counts from then on, and a kill before leaves none. */
static gboolean
write_staged (KalonIndexFile *file, const Staging *staging, gsize n, GError **error)
{
  const KalonIndexLayout *layout = &file->layout;
  gsize start = kalon_index_file_offset (file, file->n_rows / KALON_INDEX_BLOCK_ROWS);
  gsize slot = file->n_rows % KALON_INDEX_BLOCK_ROWS;
  gsize codes = layout->stride, halves = layout->stride * sizeof (guint16);

  return kalon_index_file_write (file, start + layout->codes + slot * codes, staging->codes,
                                 n * codes, error)
         && kalon_index_file_write (file, start + layout->halves + slot * halves, staging->halves,
                                    n * halves, error)
         && kalon_index_file_write (file, start + layout->checksums + slot * sizeof (guint32),
                                    staging->checksums, n * sizeof (guint32), error)
         && kalon_index_file_write (file, start + layout->errors + slot * sizeof (float),
                                    staging->errors, n * sizeof (float), error)
         && kalon_index_file_write (file, start + layout->scales + slot * sizeof (float),
                                    staging->scales, n * sizeof (float), error);
}

static gboolean
check_writable (KalonIndexFile *file, GError **error)
{
  if (!file->writable)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "The embedding file “%s” may not be written; change its permissions", file->path);
  return file->writable;
}

/* The file always ends with a whole block, so that a mapped block never reaches past its end. */
static gboolean
make_room (KalonIndexFile *file, GError **error)
{
  gsize needed = file->n_rows / KALON_INDEX_BLOCK_ROWS + 1, n_blocks;

  if (!kalon_index_file_count_blocks (file, &n_blocks, error))
    return FALSE;
  if (needed > G_MAXUINT32 / KALON_INDEX_BLOCK_ROWS)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "The embedding file “%s” is full; split the library", file->path);
      return FALSE;
    }
  if (n_blocks < needed && ftruncate (file->fd, (off_t) kalon_index_file_offset (file, needed)))
    return kalon_index_file_set_errno (file, "write", error);
  return TRUE;
}

gboolean
kalon_index_file_append (KalonIndexFile *file, const float *rows, gsize n, GError **error)
{
  const KalonIndexLayout *layout = &file->layout;
  gsize before = file->n_rows, done = 0;
  g_autofree guint8 *codes = g_new (guint8, KALON_INDEX_GROUP_ROWS * layout->stride);
  g_autofree guint16 *halves = g_new (guint16, KALON_INDEX_GROUP_ROWS * layout->stride);
  g_autofree float *values = g_new (float, layout->dimension);
  Staging staging = { .codes = codes, .halves = halves, .values = values };

  for (gsize i = 0; i < n; i++)
    if (get_length (rows + i * layout->dimension, layout->dimension) <= 0)
      {
        g_set_error (error, KALON_ERROR, KALON_ERROR_NOT_FINITE,
                     "Embedding %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                     " is zero or not finite and is not stored; run “kalon-cli device self-test”",
                     i + 1, n);
        return FALSE;
      }
  if (!check_writable (file, error))
    return FALSE;

  while (done < n)
    {
      gsize room = KALON_INDEX_BLOCK_ROWS - file->n_rows % KALON_INDEX_BLOCK_ROWS;
      gsize count = MIN (MIN (room, KALON_INDEX_GROUP_ROWS), n - done);

      for (gsize i = 0; i < count; i++)
        stage_row (layout, &staging, i, rows + (done + i) * layout->dimension);
      if (!make_room (file, error) || !write_staged (file, &staging, count, error))
        {
          /* All or nothing; what cannot be taken back now is taken back by the catalogue's
           * truncation at the next start. */
          kalon_index_file_truncate (file, before, NULL);
          return FALSE;
        }
      file->n_rows += count;
      done += count;
    }
  return TRUE;
}

/* Zeros over every scale from @n_rows on: what punching a hole does, for file systems without. */
static gboolean
clear_scales (KalonIndexFile *file, gsize n_rows, gsize end_block, GError **error)
{
  static const float zeros[KALON_INDEX_BLOCK_ROWS];

  /* From the end, so that a kill on the way leaves no gap. */
  for (gsize block = end_block; block-- > n_rows / KALON_INDEX_BLOCK_ROWS;)
    {
      gsize first = block * KALON_INDEX_BLOCK_ROWS;
      gsize slot = n_rows > first ? n_rows - first : 0;

      if (!kalon_index_file_write (file,
                                   kalon_index_file_offset (file, block) + file->layout.scales
                                       + slot * sizeof (float),
                                   zeros, (KALON_INDEX_BLOCK_ROWS - slot) * sizeof (float), error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_index_file_truncate (KalonIndexFile *file, gsize n_rows, GError **error)
{
  gsize n_blocks, kept = (n_rows + KALON_INDEX_BLOCK_ROWS - 1) / KALON_INDEX_BLOCK_ROWS;

  if (!check_writable (file, error) || !kalon_index_file_count_blocks (file, &n_blocks, error))
    return FALSE;
  if (kept < n_blocks)
    {
      gsize start = kalon_index_file_offset (file, kept);
      gsize end = kalon_index_file_offset (file, n_blocks);

      if (fallocate (file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) start,
                     (off_t) (end - start))
          == 0)
        n_blocks = kept;
    }
  if (!clear_scales (file, n_rows, n_blocks, error))
    return FALSE;
  file->n_rows = MIN (file->n_rows, n_rows);
  return TRUE;
}

gboolean
kalon_index_file_sync (KalonIndexFile *file, GError **error)
{
  if (file->writable && fdatasync (file->fd) != 0)
    return kalon_index_file_set_errno (file, "write", error);
  return TRUE;
}

gboolean
kalon_index_file_verify (KalonIndexFile *file, GCancellable *cancellable, GError **error)
{
  if (!kalon_index_file_map (file, error))
    return FALSE;
  for (gsize row = 0; row < file->n_rows; row++)
    {
      KalonIndexRows rows = kalon_index_file_rows (file, row);

      if (row % KALON_INDEX_GROUP_ROWS == 0
          && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (*rows.checksums
          != checksum_row (&file->layout, rows.codes, rows.halves, *rows.errors, *rows.scales))
        {
          g_autofree char *field = g_strdup_printf ("checksum of row %" G_GSIZE_FORMAT, row);
          return kalon_index_file_set_damaged (file, field, error);
        }
    }
  return TRUE;
}
