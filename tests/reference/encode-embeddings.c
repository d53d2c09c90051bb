/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * encode-embeddings DIRECTORY DEVICE [PICTURE...]: prints the embedding of each text on standard
 * input (each ended by a zero byte), then of each picture, a line each. DEVICE "none" is plain C.
 * For check-embeddings.py.
 */
#include <stdio.h>
#include <stdlib.h>

#include "encoder/kalon-encoder.h"

static void
print_embedding (const float *embedding, gsize dimension)
{
  for (gsize d = 0; d < dimension; d++)
    printf ("%s%.9g", d > 0 ? " " : "", (double) embedding[d]);
  putchar ('\n');
}

static gboolean
encode (const char *directory, const char *device_name, char **pictures, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (KalonEncoder) encoder = NULL;
  g_autofree float *embedding = NULL;
  char *text = NULL;
  size_t capacity = 0;

  if (!g_str_equal (device_name, "none"))
    {
      device = kalon_device_open (device_name, error);
      if (device == NULL)
        return FALSE;
    }
  encoder = kalon_encoder_new (directory, device, NULL, error);
  if (encoder == NULL)
    return FALSE;
  embedding = g_new (float, kalon_encoder_get_dimension (encoder));
  while (getdelim (&text, &capacity, '\0', stdin) > 0)
    {
      const char *texts[] = { text };

      if (!kalon_encoder_encode_texts (encoder, texts, 1, embedding, NULL, NULL, error))
        break;
      print_embedding (embedding, kalon_encoder_get_dimension (encoder));
    }
  free (text);
  for (; *error == NULL && *pictures != NULL; pictures++)
    if (kalon_encoder_encode_file (encoder, *pictures, embedding, NULL, error))
      print_embedding (embedding, kalon_encoder_get_dimension (encoder));
  return *error == NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc < 3)
    {
      g_printerr ("usage: encode-embeddings DIRECTORY DEVICE [PICTURE...] < TEXTS\n");
      return 2;
    }
  if (!encode (argv[1], argv[2], argv + 3, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
