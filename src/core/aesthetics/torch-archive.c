/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-torch-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* A zip archive as APPNOTE.TXT 6.3 has it: 4.3.7 local header, 4.3.12 central directory, 4.3.16 its
 * end. torch.save() writes the zip64 records as well, but nothing under 4 GB needs them. */
#define LOCAL_SIZE 30
#define CENTRAL_SIZE 46
#define END_SIZE 22
#define MAX_COMMENT 0xffff
#define ENCRYPTED 0x0001
#define STORED 0

typedef struct
{
  const guint8 *data;
  gsize size;
  guint32 checksum;
  gboolean is_checked; /* tensors may share an entry */
} Entry;

struct _KalonTorchArchive
{
  GBytes *bytes;
  char *file;
  gsize total;         /* bytes of all entries */
  GHashTable *entries; /* name below the folder -> Entry */
};

static guint16
get_u16 (const guint8 *data)
{
  return (guint16) (data[0] | data[1] << 8);
}

static guint32
get_u32 (const guint8 *data)
{
  return get_u16 (data) | (guint32) get_u16 (data + 2) << 16;
}

static gboolean
refuse (const char *file, GError **error, KalonError code, const char *message)
{
  g_set_error (error, KALON_ERROR, code, "%s: %s", file, message);
  return FALSE;
}

/* The last one: a comment may look like another. (nullable) */
static const guint8 *
find_end (const guint8 *data, gsize size)
{
  for (gsize back = END_SIZE; back <= size && back <= END_SIZE + MAX_COMMENT; back++)
    if (memcmp (data + size - back, "PK\5\6", 4) == 0)
      return data + size - back;
  return NULL;
}

/* Where the bytes of an entry begin is only known from the header in front of them. */
static gboolean
find_data (const guint8 *data, gsize size, guint32 offset, Entry *entry)
{
  gsize begin;

  if (offset > size || size - offset < LOCAL_SIZE || memcmp (data + offset, "PK\3\4", 4) != 0)
    return FALSE;
  begin = (gsize) offset + LOCAL_SIZE + get_u16 (data + offset + 26) + get_u16 (data + offset + 28);
  if (begin > size || entry->size > size - begin)
    return FALSE;
  entry->data = data + begin;
  return TRUE;
}

/* @record: of the central directory, @left bytes up to its end. Returns its length, or 0. */
static gsize
read_entry (KalonTorchArchive *self, const guint8 *record, gsize left, GError **error)
{
  gsize size, length, name_length;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);
  const char *name, *slash;
  Entry entry = { NULL };

  if (left < CENTRAL_SIZE || memcmp (record, "PK\1\2", 4) != 0)
    return refuse (self->file, error, KALON_ERROR_INVALID_DATA,
                   "the zip directory is damaged. Fetch the file again.");
  name_length = get_u16 (record + 28);
  length = CENTRAL_SIZE + name_length + get_u16 (record + 30) + get_u16 (record + 32);
  if (length > left)
    return refuse (self->file, error, KALON_ERROR_INVALID_DATA,
                   "the zip directory is damaged. Fetch the file again.");
  if (get_u16 (record + 10) != STORED || (get_u16 (record + 8) & ENCRYPTED) != 0)
    return refuse (self->file, error, KALON_ERROR_UNSUPPORTED,
                   "an entry is compressed or encrypted, which torch.save() never does. Take the "
                   "checkpoint as it was published.");
  entry.checksum = get_u32 (record + 16);
  entry.size = get_u32 (record + 24);
  if (get_u32 (record + 20) != entry.size || !find_data (data, size, get_u32 (record + 42), &entry))
    return refuse (self->file, error, KALON_ERROR_INVALID_DATA,
                   "an entry lies outside the file. Fetch it again.");
  /* Entries may be written to lie over each other, and each is summed up whole. */
  self->total += entry.size;
  if (self->total > size)
    return refuse (self->file, error, KALON_ERROR_INVALID_DATA,
                   "its entries have more bytes than the file. Fetch it again.");
  name = (const char *) record + CENTRAL_SIZE;
  /* All lie in one folder, named after whatever the writer liked. */
  slash = memchr (name, '/', name_length);
  if (slash != NULL
      && !g_hash_table_replace (self->entries,
                                g_strndup (slash + 1, (gsize) (name + name_length - slash - 1)),
                                g_memdup2 (&entry, sizeof entry)))
    return refuse (self->file, error, KALON_ERROR_INVALID_DATA,
                   "two entries have the same name. Fetch the file again.");
  return length;
}

KalonTorchArchive *
kalon_torch_archive_new (GBytes *bytes, const char *file, GError **error)
{
  g_autoptr (KalonTorchArchive) self = g_new0 (KalonTorchArchive, 1);
  gsize size, offset, stop;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *end = find_end (data, size);

  self->bytes = g_bytes_ref (bytes);
  self->file = g_strdup (file);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (end == NULL)
    {
      refuse (file, error, KALON_ERROR_INVALID_DATA,
              "the end of the zip archive is missing. Fetch the file again.");
      return NULL;
    }
  offset = get_u32 (end + 16);
  stop = (gsize) (end - data);
  for (guint n = get_u16 (end + 10); n > 0; n--)
    {
      gsize length;

      if (offset > stop)
        {
          refuse (file, error, KALON_ERROR_INVALID_DATA,
                  "the zip directory is damaged. Fetch the file again.");
          return NULL;
        }
      length = read_entry (self, data + offset, stop - offset, error);
      if (length == 0)
        return NULL;
      offset += length;
    }
  return g_steal_pointer (&self);
}

void
kalon_torch_archive_free (KalonTorchArchive *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_bytes_unref (self->bytes);
  g_free (self->file);
  g_free (self);
}

const char *
kalon_torch_archive_get_file (const KalonTorchArchive *self)
{
  return self->file;
}

gboolean
kalon_torch_archive_has (const KalonTorchArchive *self, const char *name)
{
  return g_hash_table_contains (self->entries, name);
}

/* CRC-32 of ISO 3309, as zip has it: reflected, polynomial 0xedb88320. */
static guint32
get_checksum (const guint8 *data, gsize size)
{
  guint32 table[256];
  guint32 checksum = 0xffffffffu;

  for (guint32 i = 0; i < 256; i++)
    {
      table[i] = i;
      for (guint bit = 0; bit < 8; bit++)
        table[i] = table[i] >> 1 ^ ((table[i] & 1) != 0 ? 0xedb88320u : 0);
    }
  for (gsize i = 0; i < size; i++)
    checksum = checksum >> 8 ^ table[(checksum ^ data[i]) & 0xff];
  return ~checksum;
}

const guint8 *
kalon_torch_archive_get (const KalonTorchArchive *self, const char *name, gsize *size,
                         GError **error)
{
  Entry *entry = g_hash_table_lookup (self->entries, name);

  if (entry == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: there is no %s in it. It is no checkpoint that torch.save() wrote, or not "
                   "all of it.",
                   self->file, name);
      return NULL;
    }
  if (!entry->is_checked && get_checksum (entry->data, entry->size) != entry->checksum)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: the checksum of %s is wrong. The file is damaged; fetch it again.",
                   self->file, name);
      return NULL;
    }
  entry->is_checked = TRUE;
  *size = entry->size;
  return entry->data;
}
