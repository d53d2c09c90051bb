/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/kalon-models-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Long enough for any name on the hub, short enough for every file system. */
#define MAX_ID 64

/* What a file system needs beside the bytes themselves. */
#define FREE_SPACE_MARGIN (G_GUINT64_CONSTANT (16) << 20)

char *
kalon_models_dup_user_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "kalon", "models", NULL);
}

char *
kalon_models_dup_heads_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "kalon", "heads", NULL);
}

char *
kalon_models_dup_staging (KalonOfferKind kind, const char *id)
{
  g_autofree char *parent = kind == KALON_OFFER_HEAD ? kalon_models_dup_heads_directory ()
                                                     : kalon_models_dup_user_directory ();
  g_autofree char *name = g_strconcat (".download-", id, NULL);

  return g_build_filename (parent, name, NULL);
}

char *
kalon_models_dup_head (const char *id)
{
  g_autofree char *heads = kalon_models_dup_heads_directory ();
  g_autofree char *name = g_strconcat (id, ".safetensors", NULL);
  g_autofree char *path = g_build_filename (heads, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

void
kalon_models_set_io_error (GError **error, int number, const char *what, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s %s: %s", what, name,
               g_strerror (number));
}

char *
kalon_models_dup_clean_id (const char *id, GError **error)
{
  g_autofree char *canonical
      = g_strcanon (g_strdup (id), G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-", '-');
  g_autofree char *clean = g_strdup (canonical + strspn (canonical, ".-"));

  if (strlen (clean) > MAX_ID)
    clean[MAX_ID] = '\0';
  if (clean[0] == '\0')
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_ARGUMENT,
          "“%s” gives no usable model id. Choose one of letters, digits, “.”, “_” and “-”.", id);
      return NULL;
    }
  return g_steal_pointer (&clean);
}

gboolean
kalon_models_check_unused (const char *id, GError **error)
{
  g_autoptr (GPtrArray) models = kalon_models_list ();
  g_autofree char *user = kalon_models_dup_user_directory ();
  g_autofree char *place = g_build_filename (user, id, NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const KalonModel *model = models->pdata[i];

      if (g_str_equal (model->id, id))
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                       "There is a model “%s” already, in %s. Choose another id, or remove that "
                       "one first.",
                       id, model->directory);
          return FALSE;
        }
    }
  /* One that does not load is in nobody's list. */
  if (g_file_test (place, G_FILE_TEST_EXISTS))
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_ARGUMENT,
          "%s is there already and holds no model that loads. Choose another id, or move it "
          "away.",
          place);
      return FALSE;
    }
  return TRUE;
}

gboolean
kalon_models_make_directory (const char *directory, GError **error)
{
  if (g_mkdir_with_parents (directory, 0755) == 0)
    return TRUE;
  kalon_models_set_io_error (error, errno, "Making", directory);
  return FALSE;
}

gboolean
kalon_models_check_free_space (const char *directory, guint64 size, const guint64 *free_space,
                               GCancellable *cancellable, GError **error)
{
  g_autofree char *need = g_format_size (size);
  g_autofree char *have = NULL;
  g_autofree char *missing = NULL;
  guint64 available;

  if (free_space != NULL)
    available = *free_space;
  else
    {
      g_autoptr (GFile) file = g_file_new_for_path (directory);
      g_autoptr (GFileInfo) info = g_file_query_filesystem_info (
          file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, cancellable, error);

      if (info == NULL)
        return FALSE;
      if (!g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
        return TRUE;
      available = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
    }
  if (available >= size + FREE_SPACE_MARGIN)
    return TRUE;
  have = g_format_size (available);
  missing = g_format_size (size + FREE_SPACE_MARGIN - available);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
               "The model needs %s and %s has %s free. Make room there for %s more and try again.",
               need, directory, have, missing);
  return FALSE;
}

/* Whether the folder at @path is still the one that @fd was opened as. */
static gboolean
is_same (const char *path, int fd)
{
  struct stat here, there;

  return lstat (path, &here) == 0 && fstat (fd, &there) == 0 && here.st_ino == there.st_ino
         && here.st_dev == there.st_dev;
}

int
kalon_models_lock_directory (const char *directory, GError **error)
{
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd < 0)
    {
      kalon_models_set_io_error (error, errno, "Opening", directory);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && is_same (directory, fd))
    return fd;
  close (fd);
  g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
               "Another Kalon is downloading to %s. Wait until it is done, or stop it.", directory);
  return -1;
}

gboolean
kalon_models_empty_directory (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_unlink (path) != 0)
        {
          kalon_models_set_io_error (error, errno, "Removing", path);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
kalon_models_remove_flat_directory (const char *directory, GError **error)
{
  if (!kalon_models_empty_directory (directory, error))
    return FALSE;
  if (g_rmdir (directory) != 0)
    {
      kalon_models_set_io_error (error, errno, "Removing", directory);
      return FALSE;
    }
  return TRUE;
}
