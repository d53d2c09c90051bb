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

#define VERSION 1
/* As PNG's: a byte that is no text, the name, and line ends that a text transfer would change. */
static const guint8 MAGIC[8] = { 0x89, 'K', 'E', 'M', 'B', '\r', '\n', 0x1a };

typedef struct
{
  guint8 magic[8];
  guint32 version;
  guint32 header_size;
  guint32 dimension;
  guint32 block_rows;
  guint64 block_size;
  char model_hash[64]; /* filled up with zeros */
  guint8 reserved[KALON_INDEX_HEADER_SIZE - 100];
  guint32 checksum; /* of the bytes before it */
} Header;
G_STATIC_ASSERT (sizeof (Header) == KALON_INDEX_HEADER_SIZE);

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

static void
make_header (Header *header, const char *model_hash, const KalonIndexLayout *layout)
{
  memset (header, 0, sizeof *header);
  memcpy (header->magic, MAGIC, sizeof MAGIC);
  header->version = VERSION;
  header->header_size = KALON_INDEX_HEADER_SIZE;
  header->dimension = (guint32) layout->dimension;
  header->block_rows = KALON_INDEX_BLOCK_ROWS;
  header->block_size = layout->size;
  memcpy (header->model_hash, model_hash, strlen (model_hash));
  header->checksum = kalon_index_crc (0, header, offsetof (Header, checksum));
}

static gboolean
check_header (KalonIndexFile *file, const char *model_hash, GError **error)
{
  Header header, wanted;
  gssize size = pread (file->fd, &header, sizeof header, 0);

  if (size < 0)
    return kalon_index_file_set_errno (file, "read", error);
  if (size < (gssize) sizeof MAGIC || memcmp (header.magic, MAGIC, sizeof MAGIC) != 0)
    return kalon_index_file_set_damaged (file, "magic", error);
  if (size < (gssize) sizeof header)
    return kalon_index_file_set_damaged (file, "file size", error);
  if (header.version > VERSION)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "The embedding file “%s” has format version %u, made by a newer Kalon; update "
                   "Kalon, or remove the file and index again",
                   file->path, header.version);
      return FALSE;
    }
  if (header.version != VERSION)
    return kalon_index_file_set_damaged (file, "version", error);
  if (header.checksum != kalon_index_crc (0, &header, offsetof (Header, checksum)))
    return kalon_index_file_set_damaged (file, "header checksum", error);

  make_header (&wanted, model_hash, &file->layout);
  if (memcmp (header.model_hash, wanted.model_hash, sizeof header.model_hash) != 0)
    {
      g_autofree char *maker = g_utf8_make_valid (header.model_hash, 12);
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The embedding file “%s” was made by the model %s, not by %.12s; index with "
                   "this model, or switch back to that one",
                   file->path, maker, model_hash);
      return FALSE;
    }
  if (header.dimension != wanted.dimension)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The embedding file “%s” has the dimension %u, the model has %u; remove the "
                   "file and index again",
                   file->path, header.dimension, wanted.dimension);
      return FALSE;
    }
  if (header.header_size != wanted.header_size)
    return kalon_index_file_set_damaged (file, "header size", error);
  if (header.block_rows != wanted.block_rows)
    return kalon_index_file_set_damaged (file, "rows per block", error);
  if (header.block_size != wanted.block_size)
    return kalon_index_file_set_damaged (file, "block size", error);
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
  if (dimension < 1 || dimension > KALON_INDEX_MAX_DIMENSION || length < 1
      || length > sizeof ((Header *) NULL)->model_hash)
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
      Header header;
      make_header (&header, model_hash, &file->layout);
      if (!kalon_index_file_write (file, 0, &header, sizeof header, error))
        return FALSE;
    }
  return check_header (file, model_hash, error) && count_rows (file, &file->n_rows, error);
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

gboolean
kalon_index_file_refresh (KalonIndexFile *file, gsize n_rows, GError **error)
{
  gsize complete;

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
