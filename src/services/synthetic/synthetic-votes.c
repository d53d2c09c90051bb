/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include <math.h>

/* Smaller opinions are none, in steps. */
#define INDIFFERENCE 0.25

/* Share of answers that are asked for again, as labelling/ does. */
#define REPEATS 0.1

/* How much of the other aspects colours a verdict. */
typedef struct
{
  const char *trait;
  double halo;
} Temper;

static const Temper tempers[] = { { "apart", 0.1 }, { "all-in-one", 0.6 } };

static guint
add_labeler (KalonHpirSet *set, guint number)
{
  g_autoptr (GHashTable) traits = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *id = g_strdup_printf ("simulated-%02u", number + 1);

  g_hash_table_insert (traits, (gpointer) "made-up",
                       (gpointer) tempers[number % G_N_ELEMENTS (tempers)].trait);
  return kalon_hpir_set_add_labeler (set, id, traits);
}

static KalonHpirVote
vote (const double *steps, KalonHpirAspect aspect, double halo, double slope, GRand *rand)
{
  /* Never 0 or 1. */
  const double chance = (g_rand_int (rand) + 0.5) / 4294967296.0;
  double opinion = steps[aspect] + log (chance / (1 - chance)) / slope;

  for (guint other = 0; other < KALON_N_HPIR_ASPECTS; other++)
    if (other != aspect)
      opinion += halo * steps[other] / (KALON_N_HPIR_ASPECTS - 1);
  if (fabs (opinion) <= INDIFFERENCE)
    return KALON_HPIR_CANNOT_TELL;
  return opinion > 0 ? KALON_HPIR_A : KALON_HPIR_B;
}

static void
add_label (KalonHpirItem *item, KalonHpirLabel *label, const double *steps, double slope,
           GRand *rand)
{
  const double halo = tempers[label->labeler % G_N_ELEMENTS (tempers)].halo;

  for (guint a = 0; a < KALON_N_HPIR_ASPECTS; a++)
    if (steps[a] != 0)
      label->votes[a] = vote (steps, a, halo, slope, rand);
  kalon_hpir_item_add_label (item, label);
}

void
kalon_synthetic_add_votes (KalonHpirSet *set, KalonHpirItem *item, const double *steps,
                           const KalonSyntheticOptions *options, GRand *rand)
{
  for (guint l = 0; l < options->n_labelers; l++)
    {
      KalonHpirLabel label = { .labeler = add_labeler (set, l), .swapped = g_rand_boolean (rand) };

      add_label (item, &label, steps, options->slope, rand);
      if (g_rand_double (rand) >= REPEATS)
        continue;
      label.repeat = 1;
      label.swapped = !label.swapped;
      add_label (item, &label, steps, options->slope, rand);
    }
}
