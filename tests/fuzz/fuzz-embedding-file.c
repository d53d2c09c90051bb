/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A good embedding file of 70 rows with changes made to it. The input is: one byte of flags (1:
 * make the header's checksum right again; 2: a size follows, 4 bytes little-endian, to cut or grow
 * the file to), then changes of 5 bytes each: an offset, 4 bytes little-endian, and the byte to put
 * there.
 */
#include "fuzz.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "index/kalon-index-private.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIMENSION 16
#define N_ROWS 70
#define CHECKSUM 4092
#define MAX_SIZE (1 << 20)

static float rows[N_ROWS][DIMENSION];

/* A file without a name, under a path that can be opened. */
static char *
make_file (const void *bytes, gsize size, int *fd)
{
  *fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert_cmpint (*fd, >=, 0);
  g_assert_cmpint (pwrite (*fd, bytes, size, 0), ==, (gssize) size);
  return g_strdup_printf ("/proc/self/fd/%d", *fd);
}

static GByteArray *
make_good (void)
{
  g_autoptr (KalonIndex) index = NULL;
  GByteArray *good = g_byte_array_new ();
  int fd;
  g_autofree char *path = make_file ("", 0, &fd);

  for (guint i = 0; i < N_ROWS; i++)
    for (guint j = 0; j < DIMENSION; j++)
      rows[i][j] = sinf ((float) (i * DIMENSION + j));
  index = kalon_index_open (path, HASH, DIMENSION, NULL);
  g_assert_true (kalon_index_append (index, rows[0], N_ROWS, NULL, NULL));
  g_byte_array_set_size (good, (guint) lseek (fd, 0, SEEK_END));
  g_assert_cmpint (pread (fd, good->data, good->len, 0), ==, good->len);
  close (fd);
  return good;
}

static guint32
read_u32 (const uint8_t *data)
{
  guint32 value;

  memcpy (&value, data, sizeof value);
  return GUINT32_FROM_LE (value);
}

static void
use (KalonIndex *index)
{
  gsize n_rows = kalon_index_get_n_rows (index), n_found;
  g_autofree guint64 *allowed = g_new (guint64, n_rows / 64 + 1);
  g_autofree float *similarities = g_new (float, n_rows);
  float embedding[DIMENSION];
  KalonNeighbour found[5];

  memset (allowed, 0xfe, (n_rows / 64 + 1) * sizeof *allowed);
  if (kalon_index_search (index, NULL, rows[0], 1, allowed, 5, found, &n_found, NULL, NULL))
    {
      g_assert_cmpuint (n_found, <=, 5);
      for (gsize i = 0; i < n_found; i++)
        {
          g_assert_true (isfinite (found[i].similarity));
          g_assert_cmpuint (found[i].row, <, n_rows);
          g_assert_cmpuint (found[i].row % 8, !=, 0);
          g_assert_true (i == 0 || found[i].similarity <= found[i - 1].similarity);
        }
    }
  kalon_index_score (index, NULL, rows[0], 1, similarities, NULL, NULL);
  if (n_rows > 0)
    kalon_index_get_row (index, n_rows - 1, embedding, NULL);
  kalon_index_verify (index, NULL, NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static GByteArray *good = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *path = NULL;
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  int fd;

  if (good == NULL)
    good = make_good ();
  if (size < 1)
    return 0;

  length = good->len;
  bytes = g_malloc0 (MAX_SIZE);
  memcpy (bytes, good->data, good->len);
  uint8_t flags = *data++;
  size--;
  if (flags & 2 && size >= 4)
    {
      length = read_u32 (data) % MAX_SIZE;
      data += 4;
      size -= 4;
    }
  for (; size >= 5; data += 5, size -= 5)
    bytes[read_u32 (data) % MAX_SIZE] = data[4];
  if (flags & 1)
    {
      guint32 crc = kalon_index_crc (0, bytes, CHECKSUM);
      memcpy (bytes + CHECKSUM, &crc, sizeof crc);
    }

  path = make_file (bytes, length, &fd);
  index = kalon_index_open (path, HASH, DIMENSION, &error);
  if (index != NULL)
    {
      gsize n_rows = kalon_index_get_n_rows (index);

      use (index);
      /* What a start after a crash does: back to what is committed, and on from there. */
      g_assert_true (kalon_index_truncate (index, MIN (n_rows, 10), NULL));
      g_assert_true (kalon_index_append (index, rows[0], 3, NULL, NULL));
      g_assert_cmpuint (kalon_index_get_n_rows (index), ==, MIN (n_rows, 10) + 3);
      use (index);
    }
  else
    g_assert_nonnull (error);
  close (fd);
  return 0;
}
