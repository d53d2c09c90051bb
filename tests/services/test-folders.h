/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

/* Temporary directories of tests. Not every test needs both. */

static void
empty_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0)
        {
          empty_tree (child);
          g_rmdir (child);
        }
    }
}

/* The directory and all that is in it; links are removed, not followed. A worker that nobody waits
 * for may be closing its database meanwhile, for which SQLite makes files. */
G_GNUC_UNUSED static void
remove_tree (const char *path)
{
  for (guint i = 0; i < 100; i++)
    {
      empty_tree (path);
      if (g_rmdir (path) == 0)
        return;
      g_usleep (20000);
    }
  g_assert_not_reached ();
}

/* A new folder @to with the files of @from: a model that a test may change. */
G_GNUC_UNUSED static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (source, &content, &length, NULL));
      g_assert_true (g_file_set_contents (target, content, (gssize) length, NULL));
    }
}
