/* SPDX-License-Identifier: GPL-3.0-or-later */
/* driver CORPUS: calls the fuzz target with each file of the folder, as TAP. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  if (dir == NULL)
    {
      printf ("Bail out! %s\n", error->message);
      exit (1);
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) names = NULL;

  if (argc != 2)
    {
      fprintf (stderr, "usage: %s CORPUS\n", argv[0]);
      return 2;
    }
  names = list_folder (argv[1]);
  printf ("1..%u\n", names->len);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      g_autofree char *content = NULL;
      g_autofree uint8_t *exact = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;

      if (!g_file_get_contents (path, &content, &size, &error))
        {
          printf ("Bail out! %s\n", error->message);
          return 1;
        }
      /* Without GLib's final zero, so that a sanitizer sees a read past the end. */
      exact = g_memdup2 (content, size);
      /* Before the call: a crash is then seen to be this one's. */
      printf ("# %s, %" G_GSIZE_FORMAT " bytes\n", name, size);
      fflush (stdout);
      printf ("%sok %u %s\n", LLVMFuzzerTestOneInput (exact, size) == 0 ? "" : "not ", i + 1, name);
    }
  return names->len == 0;
}
