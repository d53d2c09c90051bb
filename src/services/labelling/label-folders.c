/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sets lie. */
#include "labelling/kalon-labelling-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "errors/kalon-errors.h"

#define FOLDER "label-sets"
/* Of an id without its number: to be typed. */
#define MAX_ID 40
#define MAX_SETS 10000

static gboolean
fail (const char *path, const char *what, GError **error)
{
  int code = errno;
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s cannot be %s: %s", name, what,
               g_strerror (code));
  return FALSE;
}

char *
kalon_label_sets_dup_directory (const char *library_directory)
{
  return library_directory != NULL
             ? g_build_filename (library_directory, FOLDER, NULL)
             : g_build_filename (g_get_user_data_dir (), "kalon", FOLDER, NULL);
}

/* An id is the name of a folder, and leads nowhere else. */
static gboolean
is_id (const char *id)
{
  for (const char *p = id; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return FALSE;
  return *id != '\0';
}

char *
kalon_label_set_dup_directory (const char *library_directory, const char *id, GError **error)
{
  g_autofree char *folder = kalon_label_sets_dup_directory (library_directory);
  g_autofree char *directory = g_build_filename (folder, id, NULL);

  if (is_id (id) && g_file_test (directory, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&directory);
  {
    g_autofree char *shown = kalon_input_quote (id);

    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "There is no label set “%s”. “kalon-cli label list” lists them.", shown);
  }
  return NULL;
}

/* (transfer full): "Dawn & Dusk" -> "dawn-dusk" */
static char *
dup_id (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  g_autoptr (GString) id = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && id->len < MAX_ID; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (id, g_ascii_tolower (*p));
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  if (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  return id->len > 0 ? g_strdup (id->str) : g_strdup ("set");
}

static gboolean
remove_folder (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_unlink (path) != 0)
        return fail (path, "removed", error);
    }
  return g_rmdir (directory) == 0 || fail (directory, "removed", error);
}

static gboolean
write_files (const char *directory, const KalonHpirSet *set, const KalonLabelHead *head,
             GError **error)
{
  g_autofree char *set_path = g_build_filename (directory, KALON_LABEL_SET_FILE, NULL);
  g_autofree char *log_path = g_build_filename (directory, KALON_LABELS_FILE, NULL);
  g_autofree char *line = kalon_label_head_to_line (head);

  return kalon_hpir_set_write (set, set_path, error)
         && g_file_set_contents_full (log_path, line, -1,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      0600, error);
}

/* From where it was made to the first free name. Returns: (transfer full): its id */
static char *
move_in_place (const char *made, const char *folder, const char *name, GError **error)
{
  g_autofree char *stem = dup_id (name);

  for (guint number = 1; number <= MAX_SETS; number++)
    {
      g_autofree char *id = number == 1 ? g_strdup (stem) : g_strdup_printf ("%s-%u", stem, number);
      g_autofree char *directory = g_build_filename (folder, id, NULL);

      /* A folder that has files is never replaced. */
      if (rename (made, directory) == 0)
        return g_steal_pointer (&id);
      if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
        {
          fail (directory, "made", error);
          return NULL;
        }
    }
  g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
               "There are %u label sets “%s” already. Remove some, or choose another name.",
               MAX_SETS, stem);
  return NULL;
}

char *
kalon_label_set_store (const char *library_directory, const KalonHpirSet *set,
                       const KalonLabelHead *head, GError **error)
{
  g_autofree char *folder = kalon_label_sets_dup_directory (library_directory);
  g_autofree char *made = g_build_filename (folder, ".new-XXXXXX", NULL);
  char *id = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      fail (folder, "made", error);
      return NULL;
    }
  if (g_mkdtemp_full (made, 0700) == NULL)
    {
      fail (made, "made", error);
      return NULL;
    }
  if (write_files (made, set, head, error))
    id = move_in_place (made, folder, set->name, error);
  if (id == NULL)
    remove_folder (made, NULL);
  return id;
}

gboolean
kalon_label_set_remove (const char *library_directory, const char *id, GError **error)
{
  g_autofree char *directory = kalon_label_set_dup_directory (library_directory, id, error);

  return directory != NULL && kalon_label_log_check_unused (directory, error)
         && remove_folder (directory, error);
}
