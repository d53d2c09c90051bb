/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weights/kalon-weights.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/* The files that decide an embedding, in hashing order. */
static const struct
{
  const char *name;
  gboolean is_required;
} files[] = {
  { "config.json", TRUE }, { "model.safetensors", TRUE },         { "vocab.json", TRUE },
  { "merges.txt", TRUE },  { "preprocessor_config.json", FALSE },
};

#define CHUNK (1024 * 1024)
/* Of the remembered hash; a new number makes all earlier ones unknown. */
#define CACHE_VERSION 1
#define HASH_LENGTH 64

/* What must stay the same for a remembered hash to be believed. */
static char *
dup_cache_path (const char *directory)
{
  g_autoptr (GChecksum) key = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *canonical = g_canonicalize_filename (directory, NULL);

  g_checksum_update (key, (const guchar *) canonical, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (canonical, files[i].name, NULL);
      g_autofree char *line = NULL;
      struct stat s = { 0 };

      if (stat (path, &s) != 0)
        memset (&s, 0, sizeof s);
      line = g_strdup_printf ("\n%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT
                              " %" G_GINT64_FORMAT ".%09ld %" G_GINT64_FORMAT ".%09ld",
                              (guint64) s.st_dev, (guint64) s.st_ino, (gint64) s.st_size,
                              (gint64) s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
                              (gint64) s.st_ctim.tv_sec, s.st_ctim.tv_nsec);
      g_checksum_update (key, (const guchar *) line, -1);
    }
  return g_strdup_printf ("%s/kalon/model-hash/%d-%s", g_get_user_cache_dir (), CACHE_VERSION,
                          g_checksum_get_string (key));
}

static char *
load_remembered (const char *path)
{
  g_autofree char *hash = NULL;
  gsize length;

  if (!g_file_get_contents (path, &hash, &length, NULL) || length != HASH_LENGTH
      || strspn (hash, "0123456789abcdef") != HASH_LENGTH)
    return NULL;
  return g_steal_pointer (&hash);
}

/* A cache that cannot be written costs time, nothing else. */
static void
remember (const char *path, const char *hash)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0
      || !g_file_set_contents (path, hash, HASH_LENGTH, &error))
    g_debug ("model hash not remembered: %s", error != NULL ? error->message : g_strerror (errno));
}

/* Name and length go in front of the content, so that no two sets of files look alike. */
static gboolean
hash_file (GChecksum *checksum, const char *path, const char *name, GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autofree guchar *chunk = g_malloc (CHUNK);
  g_autofree char *head = NULL;
  struct stat s;
  gssize n;

  /* Only a regular file: reading a pipe would wait for its writer. */
  if (stat (path, &s) == 0 && !S_ISREG (s.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s: not a regular file.", path);
      return FALSE;
    }
  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return FALSE;
  head = g_strdup_printf ("%s\n%" G_GINT64_FORMAT "\n", name, (gint64) s.st_size);
  g_checksum_update (checksum, (const guchar *) head, -1);
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), chunk, CHUNK, cancellable, error)) > 0)
    g_checksum_update (checksum, chunk, n);
  return n == 0;
}

char *
kalon_model_dup_hash (const char *directory, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *cache_path = NULL;
  char *remembered;

  g_return_val_if_fail (directory != NULL, NULL);

  cache_path = dup_cache_path (directory);
  remembered = load_remembered (cache_path);
  if (remembered != NULL)
    return remembered;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (directory, files[i].name, NULL);

      if (!files[i].is_required && !g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      if (!hash_file (checksum, path, files[i].name, cancellable, error))
        return NULL;
    }
  remember (cache_path, g_checksum_get_string (checksum));
  return g_strdup (g_checksum_get_string (checksum));
}
