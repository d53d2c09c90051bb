/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <math.h>

#define N_WORDS 8 /* of a SHA-256 */

static GRand *
new_random (guint32 seed, const char *labeler)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint32 seeds[1 + N_WORDS] = { seed };
  guint8 digest[4 * N_WORDS];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) labeler, -1);
  g_checksum_get_digest (checksum, digest, &length);
  for (guint i = 0; i < N_WORDS; i++)
    for (guint byte = 0; byte < 4; byte++)
      seeds[1 + i] = seeds[1 + i] << 8 | digest[4 * i + byte];
  return g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
}

void
kalon_label_shuffle (GRand *random, guint *values, guint n)
{
  for (guint i = n; i-- > 1;)
    {
      guint j = (guint) g_rand_int_range (random, 0, (gint32) i + 1);
      guint value = values[i];

      values[i] = values[j];
      values[j] = value;
    }
}

/* (transfer full): 0 to @n - 1, shuffled. */
static guint *
draw_order (GRand *random, guint n)
{
  guint *order = g_new (guint, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    order[i] = i;
  kalon_label_shuffle (random, order, n);
  return order;
}

gboolean *
kalon_label_draw_half (GRand *random, guint n)
{
  gboolean *chosen = g_new0 (gboolean, MAX (n, 1));
  guint half = n / 2;
  g_autofree guint *order = NULL;

  if (n % 2 != 0 && g_rand_boolean (random))
    half++;
  order = draw_order (random, n);
  for (guint i = 0; i < half; i++)
    chosen[order[i]] = TRUE;
  return chosen;
}

guint
kalon_label_order_count_repeats (const KalonLabelHead *head, guint n)
{
  return (guint) lround (head->repeats * n);
}

GArray *
kalon_label_order_draw (const KalonLabelHead *head, const char *labeler, guint n)
{
  g_autoptr (GRand) random = new_random (head->seed, labeler);
  g_autofree guint *order = draw_order (random, n);
  g_autofree gboolean *swapped = kalon_label_draw_half (random, n);
  guint n_repeats = kalon_label_order_count_repeats (head, n);
  GArray *steps = g_array_sized_new (FALSE, FALSE, sizeof (KalonLabelStep), n + n_repeats);

  for (guint i = 0; i < n + n_repeats; i++)
    {
      guint repeat = i / n;
      guint place = i % n;
      KalonLabelStep step = { order[place], swapped[place] != (repeat != 0), repeat };

      g_array_append_val (steps, step);
    }
  return steps;
}
