/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"
#include "test-waves.h"

static double
measure_change (const KalonImage *a, const KalonImage *b)
{
  double sum = 0;
  const gsize n = (gsize) a->width * a->height * 3;

  g_assert_cmpuint (a->width, ==, b->width);
  g_assert_cmpuint (a->height, ==, b->height);
  for (gsize i = 0; i < n; i++)
    sum += abs (a->pixels[i] - b->pixels[i]);
  return sum / n;
}

static void
test_spoilt (void)
{
  for (guint size = 0; size < 2; size++)
    {
      g_autoptr (KalonImage) small = make_waves (1, 0);
      g_autoptr (KalonImage) image
          = kalon_image_resize (small, small->width << size * 2, small->height << size * 2);

      for (guint kind = 0; kind < KALON_N_SPOILT; kind++)
        {
          double before = 0;

          for (guint severity = 0; severity < KALON_SPOILT_N_SEVERITIES; severity++)
            {
              GRand *rand = g_rand_new_with_seed (kind);
              g_autoptr (KalonImage) spoilt = kalon_spoil_image (image, kind, severity, rand);
              const double change = measure_change (image, spoilt);

              g_rand_free (rand);
              g_test_message ("%s %s: %.2f", kalon_spoilt_get_name (kind),
                              kalon_spoilt_severities[severity], change);
              g_assert_cmpfloat (change, >, before * 1.02);
              before = change;
            }
          g_assert_cmpfloat (before, >, 1);
        }
    }
}

static void
test_near_duplicates (void)
{
  g_autoptr (KalonImage) image = make_waves (1, 0);
  g_autoptr (GHashTable) hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GRand *rand = g_rand_new_with_seed (1);

  for (guint number = 0; number < KALON_HPIR_MAX_GROUP; number++)
    {
      g_autoptr (KalonImage) copy = kalon_image_new_near_duplicate (image, number, rand);
      char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, copy->pixels,
                                                (gsize) copy->width * copy->height * 3);

      g_assert_true (g_hash_table_add (hashes, hash));
      g_assert_cmpuint (copy->width, >=, image->width * 9 / 10);
      g_assert_cmpuint (copy->height, >=, image->height * 9 / 10 - 1);
    }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/synthetic/spoilt", test_spoilt);
  g_test_add_func ("/synthetic/near-duplicates", test_near_duplicates);
  return g_test_run ();
}
