/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define VERSION 1
/* A handful of files with their hashes. */
#define MAX_SIZE (64 * 1024)
#define BLOCK (256 * 1024)

gboolean
kalon_receipt_save (const char *path, const char *host, const char *repository,
                    const char *revision, const char *commit, const KalonReceiptFile *files,
                    gsize n, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  kalon_json_add_integer (builder, "version", VERSION);
  kalon_json_add_text (builder, "host", host);
  kalon_json_add_text (builder, "repository", repository);
  kalon_json_add_text (builder, "revision", revision);
  kalon_json_add_text (builder, "commit", commit);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_object (builder);
  for (gsize i = 0; i < n; i++)
    {
      json_builder_set_member_name (builder, files[i].name);
      json_builder_begin_object (builder);
      kalon_json_add_integer (builder, "size", (gint64) files[i].size);
      kalon_json_add_text (builder, "sha256", files[i].sha256);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  return json_generator_to_file (generator, path, error);
}

/* (transfer full): SHA-256, in hex. */
static char *
hash_file (const char *path, guint64 *size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK);
  gssize n;

  if (stream == NULL)
    return NULL;
  *size = 0;
  while ((n = g_input_stream_read (G_INPUT_STREAM (stream), block, BLOCK, cancellable, error)) > 0)
    {
      g_checksum_update (checksum, block, n);
      *size += (guint64) n;
    }
  return n < 0 ? NULL : g_strdup (g_checksum_get_string (checksum));
}

static gboolean
check_file (const char *directory, const char *name, const KalonSection *entry,
            GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *found = NULL;
  const char *sha256 = NULL;
  gint64 size = -1;
  guint64 found_size = 0;
  GStatBuf status;

  if (!kalon_section_get_integer (entry, "size", 0, G_MAXINT64, &size, error)
      || !kalon_section_get_string (entry, "sha256", &sha256, error))
    return FALSE;
  if (size < 0)
    return kalon_section_refuse (entry, "size", error, "is missing");
  if (sha256 == NULL)
    return kalon_section_refuse (entry, "sha256", error, "is missing");
  /* Somebody else may have written it: nothing is opened that could make one wait. */
  if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode) && status.st_size == size)
    {
      found = hash_file (path, &found_size, cancellable, error);
      if (found == NULL)
        return FALSE;
    }
  if (found != NULL && found_size == (guint64) size && g_ascii_strcasecmp (found, sha256) == 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s is not the file that was downloaded. Remove the model and download it again, or "
               "delete %s beside it if you changed it yourself.",
               path, KALON_RECEIPT_FILE);
  return FALSE;
}

static gboolean
check_files (const char *directory, JsonObject *files, GCancellable *cancellable, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, files);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      KalonSection entry = { .file = KALON_RECEIPT_FILE, .section = name };
      KalonSection all = { .object = files, .file = KALON_RECEIPT_FILE, .section = "files" };

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return kalon_section_refuse (&all, name, error, "is no object");
      if (strchr (name, '/') != NULL || name[0] == '.')
        return kalon_section_refuse (&all, name, error, "is no name of a file in this folder");
      entry.object = json_node_get_object (node);
      if (!check_file (directory, name, &entry, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_receipt_check (const char *directory, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (directory, KALON_RECEIPT_FILE, NULL);
  g_autoptr (JsonNode) root = NULL;
  KalonSection section = { .file = KALON_RECEIPT_FILE };
  JsonNode *files;
  gint64 version = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  root = kalon_input_load_json (path, MAX_SIZE, error);
  if (root == NULL)
    return FALSE;
  section.object = json_node_get_object (root);
  if (!kalon_section_get_integer (&section, "version", 1, VERSION, &version, error))
    return FALSE;
  files = kalon_section_get (&section, "files");
  if (version == 0 || files == NULL || !JSON_NODE_HOLDS_OBJECT (files))
    return kalon_section_refuse (&section, version == 0 ? "version" : "files", error,
                                 "is missing or of another kind");
  return check_files (directory, json_node_get_object (files), cancellable, error);
}
