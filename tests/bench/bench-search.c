/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The index behind a pipe, for search.py: bench-search FILE DIMENSION DEVICE|none
 * Commands on stdin, raw little-endian f32 after the line; each is answered by one line of JSON:
 *   append N      N rows
 *   search N K    N queries in one pass; {"seconds", "rows": [[...]], "similarities": [[...]]}
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index/kalon-index.h"

static float *
read_vectors (gsize n, gsize dimension)
{
  float *vectors = g_new (float, n *dimension);

  if (fread (vectors, dimension * sizeof (float), n, stdin) != n)
    g_error ("the rows end too early");
  return vectors;
}

static void
search (KalonIndex *index, KalonDevice *device, gsize n, gsize k)
{
  g_autofree float *queries = read_vectors (n, kalon_index_get_dimension (index));
  g_autofree KalonNeighbour *found = g_new (KalonNeighbour, n * k);
  g_autofree gsize *n_found = g_new (gsize, n);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  if (!kalon_index_search (index, device, queries, n, NULL, k, found, n_found, NULL, &error))
    g_error ("%s", error->message);
  printf ("{\"seconds\": %f, \"rows\": [", (double) (g_get_monotonic_time () - start) / 1e6);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n_found[i]; j++)
      printf ("%s%u", j ? "," : i ? "],[" : "[", found[i * k + j].row);
  printf ("]], \"similarities\": [");
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n_found[i]; j++)
      printf ("%s%.9g", j ? "," : i ? "],[" : "[", (double) found[i * k + j].similarity);
  printf ("]]}\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (KalonDevice) device = NULL;
  char line[100];

  if (argc != 4)
    g_error ("bench-search FILE DIMENSION DEVICE|none");
  index = kalon_index_open (argv[1], "bench", strtoul (argv[2], NULL, 10), &error);
  if (index && strcmp (argv[3], "none") != 0)
    device = kalon_device_open (argv[3], &error);
  if (error)
    g_error ("%s", error->message);

  while (fgets (line, sizeof line, stdin))
    {
      gsize n, k;

      if (sscanf (line, "append %zu", &n) == 1)
        {
          g_autofree float *rows = read_vectors (n, kalon_index_get_dimension (index));
          if (!kalon_index_append (index, rows, n, NULL, &error))
            g_error ("%s", error->message);
          printf ("{}\n");
        }
      else if (sscanf (line, "search %zu %zu", &n, &k) == 2)
        search (index, device, n, k);
      fflush (stdout);
    }
  return 0;
}
