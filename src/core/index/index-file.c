/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

#if G_BYTE_ORDER != G_LITTLE_ENDIAN
#error "the embedding file is mapped as it is, little-endian"
#endif

void
kalon_index_layout_init (KalonIndexLayout *layout, gsize dimension)
{
  gsize stride = (dimension + KALON_INDEX_STRIDE_UNIT - 1) / KALON_INDEX_STRIDE_UNIT
                 * KALON_INDEX_STRIDE_UNIT;

  layout->dimension = dimension;
  layout->stride = stride;
  layout->codes = 0;
  layout->halves = KALON_INDEX_BLOCK_ROWS * stride;
  layout->checksums = layout->halves + KALON_INDEX_BLOCK_ROWS * stride * sizeof (guint16);
  layout->errors = layout->checksums + KALON_INDEX_BLOCK_ROWS * sizeof (guint32);
  layout->scales = layout->errors + KALON_INDEX_BLOCK_ROWS * sizeof (float);
  layout->size = layout->scales + KALON_INDEX_BLOCK_ROWS * sizeof (float);
}

gboolean
kalon_index_file_set_errno (const KalonIndexFile *file, const char *action, GError **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "Could not %s “%s”: %s", action,
               file->path, g_strerror (code));
  return FALSE;
}

gboolean
kalon_index_file_set_damaged (const KalonIndexFile *file, const char *field, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "The embedding file “%s” is damaged (%s); remove it and index again", file->path,
               field);
  return FALSE;
}

gboolean
kalon_index_file_write (KalonIndexFile *file, gsize offset, const void *data, gsize size,
                        GError **error)
{
  const guint8 *bytes = data;

  while (size > 0)
    {
      gssize written = pwrite (file->fd, bytes, size, (off_t) offset);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return kalon_index_file_set_errno (file, "write", error);
      bytes += written;
      offset += (gsize) written;
      size -= (gsize) written;
    }
  return TRUE;
}

gboolean
kalon_index_file_count_blocks (KalonIndexFile *file, gsize *n_blocks, GError **error)
{
  struct stat status;

  if (fstat (file->fd, &status) != 0)
    return kalon_index_file_set_errno (file, "read", error);
  if (status.st_size < KALON_INDEX_HEADER_SIZE)
    return kalon_index_file_set_damaged (file, "file size", error);
  *n_blocks = ((gsize) status.st_size - KALON_INDEX_HEADER_SIZE) / file->layout.size;
  /* Row numbers have 32 bits. */
  *n_blocks = MIN (*n_blocks, G_MAXUINT32 / KALON_INDEX_BLOCK_ROWS);
  return TRUE;
}

/* The scale is the last of a row that is written: above 0, the row is there. */
static gboolean
has_row (KalonIndexFile *file, gsize row, gboolean *present, GError **error)
{
  gsize offset = kalon_index_file_offset (file, row / KALON_INDEX_BLOCK_ROWS) + file->layout.scales
                 + row % KALON_INDEX_BLOCK_ROWS * sizeof (float);
  float scale = 0;

  if (pread (file->fd, &scale, sizeof scale, (off_t) offset) < 0)
    return kalon_index_file_set_errno (file, "read", error);
  *present = scale > 0;
  return TRUE;
}

/* Rows are there from the first on without a gap, so the end is found by halving. */
static gboolean
count_rows (KalonIndexFile *file, gsize *n_rows, GError **error)
{
  gsize low = 0, high;

  if (!kalon_index_file_count_blocks (file, &high, error))
    return FALSE;
  high *= KALON_INDEX_BLOCK_ROWS;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      gboolean present = FALSE;

      if (!has_row (file, middle, &present, error))
        return FALSE;
      if (present)
        low = middle + 1;
      else
        high = middle;
    }
  *n_rows = low;
  return TRUE;
}

gboolean
kalon_index_file_open (KalonIndexFile *file, const char *path, const char *model_hash,
                       gsize dimension, GError **error)
{
  struct stat status;
  gsize length = strlen (model_hash);

  memset (file, 0, sizeof *file);
  file->fd = -1;
  file->path = g_strdup (path);
  file->model_hash = g_strdup (model_hash);
  if (dimension < 1 || dimension > KALON_INDEX_MAX_DIMENSION || length < 1
      || length > KALON_INDEX_HASH_SIZE)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "An embedding file holds dimensions from 1 to %d and a model hash of 1 to 64 "
                   "characters; this model asks for %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT,
                   KALON_INDEX_MAX_DIMENSION, dimension, length);
      return FALSE;
    }
  kalon_index_layout_init (&file->layout, dimension);

  file->fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  file->writable = file->fd >= 0;
  if (file->fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
    file->fd = open (path, O_RDONLY | O_CLOEXEC);
  if (file->fd < 0 || fstat (file->fd, &status) != 0)
    return kalon_index_file_set_errno (file, "open", error);
  if (!S_ISREG (status.st_mode))
    return kalon_index_file_set_damaged (file, "not a regular file", error);

  /* Whoever creates the file at the same time writes the same bytes. */
  if (status.st_size == 0 && file->writable)
    {
      if (!kalon_index_file_write_header (file, error))
        return FALSE;
    }
  return kalon_index_file_check_header (file, error) && count_rows (file, &file->n_rows, error);
}

void
kalon_index_file_close (KalonIndexFile *file)
{
  file->map = NULL;
  g_clear_pointer (&file->mapping, g_bytes_unref);
  if (file->fd >= 0)
    close (file->fd);
  file->fd = -1;
  g_clear_pointer (&file->path, g_free);
  g_clear_pointer (&file->model_hash, g_free);
}

typedef struct
{
  void *start;
  gsize size;
} Mapping;

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->start, mapping->size);
  g_free (mapping);
}

gboolean
kalon_index_file_map (KalonIndexFile *file, GError **error)
{
  gsize n_blocks, needed = (file->n_rows + KALON_INDEX_BLOCK_ROWS - 1) / KALON_INDEX_BLOCK_ROWS;
  Mapping mapping;

  if (!kalon_index_file_count_blocks (file, &n_blocks, error))
    return FALSE;
  if (n_blocks < needed)
    return kalon_index_file_set_damaged (file, "file size: it has shrunk while open", error);
  if (file->mapping && g_bytes_get_size (file->mapping) >= kalon_index_file_offset (file, needed))
    return TRUE;

  mapping.size = kalon_index_file_offset (file, n_blocks);
  mapping.start = mmap (NULL, mapping.size, PROT_READ, MAP_SHARED, file->fd, 0);
  if (mapping.start == MAP_FAILED)
    return kalon_index_file_set_errno (file, "map", error);
  /* A device may go on reading the old one until it is told of the new. */
  g_clear_pointer (&file->mapping, g_bytes_unref);
  file->mapping = g_bytes_new_with_free_func (mapping.start, mapping.size, mapping_free,
                                              g_memdup2 (&mapping, sizeof mapping));
  file->map = mapping.start;
  return TRUE;
}

/* The file was deleted while open, and there is a new one in its place. */
static gboolean
is_replaced (const KalonIndexFile *file)
{
  struct stat opened, named;

  return fstat (file->fd, &opened) == 0 && stat (file->path, &named) == 0
         && (opened.st_ino != named.st_ino || opened.st_dev != named.st_dev);
}

static gboolean
reopen (KalonIndexFile *file, GError **error)
{
  KalonIndexFile fresh;
  gboolean opened
      = kalon_index_file_open (&fresh, file->path, file->model_hash, file->layout.dimension, error);

  kalon_index_file_close (opened ? file : &fresh);
  if (opened)
    *file = fresh;
  return opened;
}

gboolean
kalon_index_file_refresh (KalonIndexFile *file, gsize n_rows, GError **error)
{
  gsize complete;

  if (is_replaced (file) && !reopen (file, error))
    return FALSE;
  if (!count_rows (file, &complete, error))
    return FALSE;
  if (n_rows != G_MAXSIZE && n_rows > complete)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The embedding file “%s” is damaged (rows: %" G_GSIZE_FORMAT
                   ", the catalogue has %" G_GSIZE_FORMAT "); remove it and index again",
                   file->path, complete, n_rows);
      return FALSE;
    }
  file->n_rows = MIN (n_rows, complete);
  return TRUE;
}
