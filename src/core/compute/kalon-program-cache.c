/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "compute/kalon-compute-private.h"

#define MAGIC "KALONCLB"
#define MAGIC_SIZE 8
#define DIGEST_SIZE 64 /* SHA-256 in hex */
#define HEADER_SIZE (MAGIC_SIZE + 2 * DIGEST_SIZE)

char *
kalon_program_cache_dup_directory (void)
{
  return g_build_filename (g_get_user_cache_dir (), "kalon", "kernels", NULL);
}

static char *
dup_path (const char *key)
{
  g_autofree char *directory = kalon_program_cache_dup_directory ();
  g_autofree char *file = g_strconcat (key, ".bin", NULL);

  return g_build_filename (directory, file, NULL);
}

GBytes *
kalon_program_cache_load (const char *key)
{
  g_autofree char *path = dup_path (key);
  g_autofree char *content = NULL;
  g_autofree char *digest = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, NULL))
    return NULL;
  if (size > HEADER_SIZE)
    digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) content + HEADER_SIZE,
                                          size - HEADER_SIZE);
  if (digest == NULL || memcmp (content, MAGIC, MAGIC_SIZE) != 0
      || memcmp (content + MAGIC_SIZE, key, DIGEST_SIZE) != 0
      || memcmp (content + MAGIC_SIZE + DIGEST_SIZE, digest, DIGEST_SIZE) != 0)
    {
      g_debug ("Kernel cache: %s is damaged and is taken off", path);
      g_unlink (path);
      return NULL;
    }
  return g_bytes_new (content + HEADER_SIZE, size - HEADER_SIZE);
}

void
kalon_program_cache_store (const char *key, gconstpointer payload, gsize size)
{
  g_autofree char *directory = kalon_program_cache_dup_directory ();
  g_autofree char *path = dup_path (key);
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, payload, size);
  g_autoptr (GByteArray) content = g_byte_array_sized_new (HEADER_SIZE + size);
  g_autoptr (GError) error = NULL;

  g_byte_array_append (content, (const guint8 *) MAGIC, MAGIC_SIZE);
  g_byte_array_append (content, (const guint8 *) key, DIGEST_SIZE);
  g_byte_array_append (content, (const guint8 *) digest, DIGEST_SIZE);
  g_byte_array_append (content, payload, size);

  /* A cache that cannot be written costs time at the next start and nothing else. CONSISTENT is a
   * temporary file and a rename: another process sees all of it or none. */
  if (g_mkdir_with_parents (directory, 0700) != 0
      || !g_file_set_contents_full (path, (const char *) content->data, content->len,
                                    G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("Kernel cache: %s cannot be written: %s", path,
             error != NULL ? error->message : g_strerror (errno));
}
