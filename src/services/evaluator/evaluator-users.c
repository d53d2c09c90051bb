/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-taste-private.h"

#include <math.h>

/* Attributes that a user cares about. */
#define N_LIKED 3
/* Where liking more of an attribute levels off. */
#define BEND 0.7
#define DISLIKE_SHARE 0.3

/* What the random numbers of one user are for: each has its own, so that a change to one (random
 * thumbs, say) leaves the others as they are. */
enum
{
  LIKING,
  THUMBS,
  PAIRS,
};

void
kalon_attributes_standardise (float *attributes, gsize n)
{
  for (guint a = 0; a < KALON_N_ATTRIBUTES; a++)
    {
      double sum = 0, squares = 0, deviation;

      for (gsize i = 0; i < n; i++)
        sum += attributes[i * KALON_N_ATTRIBUTES + a];
      for (gsize i = 0; i < n; i++)
        {
          double distance = attributes[i * KALON_N_ATTRIBUTES + a] - sum / (double) n;
          squares += distance * distance;
        }
      deviation = sqrt (squares / (double) n);
      for (gsize i = 0; i < n; i++)
        {
          float *value = &attributes[i * KALON_N_ATTRIBUTES + a];
          *value = deviation > 1e-9 ? (float) ((*value - sum / (double) n) / deviation) : 0;
        }
    }
}

/* (transfer full) */
static GRand *
new_random (const KalonTasteProtocol *protocol, guint number, guint32 purpose)
{
  const guint32 seeds[] = { protocol->seed, number, purpose };

  return g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
}

/* Box and Muller 1958. */
static double
draw_normal (GRand *random)
{
  double length = sqrt (-2 * log (1 - g_rand_double (random)));

  return length * cos (2 * G_PI * g_rand_double (random));
}

static const guint of_composition[] = { 6, 7, 8, 9, 11 };

static void
draw_liking (const KalonTasteSet *set, gboolean composition_only, GRand *random, float *liking)
{
  guint order[KALON_N_ATTRIBUTES];
  guint n_attributes = composition_only ? G_N_ELEMENTS (of_composition) : KALON_N_ATTRIBUTES;
  double sum = 0, squares = 0, deviation;

  for (guint i = 0; i < n_attributes; i++)
    order[i] = composition_only ? of_composition[i] : i;
  for (gsize i = 0; i < set->n; i++)
    liking[i] = 0;
  for (guint k = 0; k < N_LIKED; k++)
    {
      guint other = (guint) g_rand_int_range (random, (gint32) k, (gint32) n_attributes);
      guint attribute = order[other];
      double weight = draw_normal (random);

      order[other] = order[k];
      for (gsize i = 0; i < set->n; i++)
        liking[i]
            += (float) (weight * tanh (BEND * set->attributes[i * KALON_N_ATTRIBUTES + attribute]));
    }
  for (gsize i = 0; i < set->n; i++)
    {
      sum += liking[i];
      squares += (double) liking[i] * liking[i];
    }
  deviation = sqrt (MAX (0, squares / (double) set->n - pow (sum / (double) set->n, 2)));
  for (gsize i = 0; deviation > 0 && i < set->n; i++)
    liking[i] = (float) (liking[i] / deviation);
}

/* The position on @page of the picture that is liked best, or least. */
static guint32
choose (const float *liking, const guint32 *page, guint n, gboolean best)
{
  guint32 chosen = 0;

  for (guint32 i = 1; i < n; i++)
    if (best ? liking[page[i]] > liking[page[chosen]] : liking[page[i]] < liking[page[chosen]])
      chosen = i;
  return chosen;
}

static void
give_thumbs (KalonTasteUser *user, const KalonTasteSet *set, const KalonTasteProtocol *protocol,
             GRand *random)
{
  for (guint i = 0; i < user->n_events; i++)
    {
      guint32 query = (guint32) g_rand_int_range (random, 0, (gint32) set->n_asked);
      gboolean liked = g_rand_double (random) >= DISLIKE_SHARE;
      gboolean slip = g_rand_double (random) < protocol->noise;
      guint32 any = (guint32) g_rand_int_range (random, 0, (gint32) set->page);
      const guint32 *page = set->pages + (gsize) query * set->page;

      user->events[i] = (KalonTasteEvent){
        .liked = liked,
        .chosen = slip || protocol->random ? any : choose (user->liking, page, set->page, liked),
        .n = set->page,
        .pictures = page,
        .query = query,
      };
    }
}

static void
draw_pairs (KalonTasteUser *user, const KalonTasteSet *set, GRand *random)
{
  for (guint i = 0; i < KALON_TASTE_N_PAIRS; i++)
    {
      guint32 *pair = user->pairs + 2 * i;

      do
        for (guint side = 0; side < 2; side++)
          pair[side]
              = (guint32) g_rand_int_range (random, (gint32) set->n_thumbed, (gint32) set->n);
      while (pair[0] == pair[1]);
    }
}

KalonTasteUser *
kalon_taste_user_new (const KalonTasteSet *set, const KalonTasteProtocol *protocol, guint number)
{
  KalonTasteUser *user = g_new0 (KalonTasteUser, 1);
  g_autoptr (GRand) for_liking = new_random (protocol, number, LIKING);
  g_autoptr (GRand) for_thumbs = new_random (protocol, number, THUMBS);
  g_autoptr (GRand) for_pairs = new_random (protocol, number, PAIRS);

  user->n_events = protocol->thumbs[protocol->n_thumbs - 1];
  user->events = g_new (KalonTasteEvent, user->n_events);
  user->liking = g_new (float, set->n);
  draw_liking (set, protocol->composition_only, for_liking, user->liking);
  give_thumbs (user, set, protocol, for_thumbs);
  draw_pairs (user, set, for_pairs);
  return user;
}

void
kalon_taste_user_free (KalonTasteUser *user)
{
  g_free (user->liking);
  g_free (user->events);
  g_free (user);
}

double
kalon_taste_user_agree (const KalonTasteUser *user, const KalonTasteSet *set, const float *scores)
{
  double sum = 0;

  for (guint i = 0; i < KALON_TASTE_N_PAIRS; i++)
    {
      guint32 a = user->pairs[2 * i], b = user->pairs[2 * i + 1];
      double liked = (double) user->liking[a] - user->liking[b];
      double scored = (double) scores[a - set->n_thumbed] - scores[b - set->n_thumbed];

      sum += liked * scored > 0 ? 1 : liked == 0 || scored == 0 ? 0.5 : 0;
    }
  return sum / KALON_TASTE_N_PAIRS;
}
