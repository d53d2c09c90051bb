/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <string.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

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
  char model_hash[KALON_INDEX_HASH_SIZE]; /* filled up with zeros */
  guint8 reserved[KALON_INDEX_HEADER_SIZE - 100];
  guint32 checksum; /* of the bytes before it */
} Header;
G_STATIC_ASSERT (sizeof (Header) == KALON_INDEX_HEADER_SIZE);

static void
make_header (Header *header, const KalonIndexFile *file)
{
  memset (header, 0, sizeof *header);
  memcpy (header->magic, MAGIC, sizeof MAGIC);
  header->version = VERSION;
  header->header_size = KALON_INDEX_HEADER_SIZE;
  header->dimension = (guint32) file->layout.dimension;
  header->block_rows = KALON_INDEX_BLOCK_ROWS;
  header->block_size = file->layout.size;
  memcpy (header->model_hash, file->model_hash, strlen (file->model_hash));
  header->checksum = kalon_index_crc (0, header, offsetof (Header, checksum));
}

gboolean
kalon_index_file_check_header (KalonIndexFile *file, GError **error)
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

  make_header (&wanted, file);
  if (memcmp (header.model_hash, wanted.model_hash, sizeof header.model_hash) != 0)
    {
      g_autofree char *maker = g_utf8_make_valid (header.model_hash, 12);
      g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                   "The embedding file “%s” was made by the model %s, not by %.12s; index with "
                   "this model, or switch back to that one",
                   file->path, maker, file->model_hash);
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
kalon_index_file_write_header (KalonIndexFile *file, GError **error)
{
  Header header;

  make_header (&header, file);
  return kalon_index_file_write (file, 0, &header, sizeof header, error);
}
