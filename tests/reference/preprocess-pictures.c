/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * preprocess-pictures RESOLUTION MIN_SIDE FILE…: writes what the encoder would see of each FILE as
 * raw f32 of this machine, [3, RESOLUTION, RESOLUTION], in 0..1; zeros for what cannot be read,
 * with the reason on standard error. For check-pictures.py.
 */
#include <stdio.h>
#include <stdlib.h>

#include "image/kalon-image.h"

int
main (int argc, char **argv)
{
  KalonPreprocess preprocess = { .std = { 1, 1, 1 } };
  g_autofree float *out = NULL;
  gsize n = 0;

  if (argc < 4 || (preprocess.resize = preprocess.crop = strtoul (argv[1], NULL, 10)) == 0)
    {
      g_printerr ("usage: preprocess-pictures RESOLUTION MIN_SIDE FILE...\n");
      return 2;
    }
  n = (gsize) 3 * preprocess.crop * preprocess.crop;
  for (int i = 3; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonImage) image
          = kalon_image_load (argv[i], strtoul (argv[2], NULL, 10), NULL, NULL, &error);

      g_free (out);
      out = g_new0 (float, n);
      if (image != NULL)
        kalon_image_preprocess (image, &preprocess, out);
      else
        g_printerr ("%s\n", error->message);
      fwrite (out, sizeof *out, n, stdout);
    }
  return 0;
}
