/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include "errors/kalon-errors.h"

#include <string.h>

static const char *const contrast_names[] = {
  [KALON_SYNTHETIC_RELEVANCE] = "relevance",
  [KALON_SYNTHETIC_RELEVANCE_HARD] = "relevance-hard",
  [KALON_SYNTHETIC_DEGRADATION] = "degradation",
  [KALON_SYNTHETIC_NEAR_DUPLICATE] = "near-duplicate",
  [KALON_SYNTHETIC_MIXED] = "mixed",
};

const char *
kalon_synthetic_contrast_get_name (KalonSyntheticContrast contrast)
{
  g_return_val_if_fail (contrast < KALON_N_SYNTHETIC_CONTRASTS, NULL);

  return contrast_names[contrast];
}

void
kalon_synthetic_options_init (KalonSyntheticOptions *options)
{
  *options = (KalonSyntheticOptions){
    .n_items = KALON_SYNTHETIC_ITEMS,
    .group = KALON_SYNTHETIC_GROUP,
    .contrasts = (1U << KALON_N_SYNTHETIC_CONTRASTS) - 1,
    .kinds = (1U << KALON_SPOILT_N_UNSEEN) - 1,
    .side = KALON_SYNTHETIC_SIDE,
    .n_labelers = KALON_SYNTHETIC_LABELERS,
    .slope = KALON_SYNTHETIC_SLOPE,
  };
}

static const char *
get_contrast_name (guint number)
{
  return contrast_names[number];
}

static const char *
get_kind_name (guint number)
{
  return kalon_spoilt_get_name (number);
}

static void
append_names (GString *line, guint32 bits, const char *(*get_name) (guint))
{
  const char *comma = "";

  for (guint i = 0; i < 32; i++)
    if (bits & (1U << i))
      {
        g_string_append_printf (line, "%s%s", comma, get_name (i));
        comma = ", ";
      }
}

void
kalon_synthetic_append_contrasts (GString *line, guint32 bits)
{
  append_names (line, bits, get_contrast_name);
}

void
kalon_synthetic_append_kinds (GString *line, guint32 bits)
{
  append_names (line, bits, get_kind_name);
}

/* The bit of @name among @names, 0 when it is none. */
static guint32
find_bit (const char *name, const char *(*get_name) (guint), guint n)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (name, get_name (i)) == 0)
      return 1U << i;
  return 0;
}

static gboolean
parse_names (const char *text, const char *what, const char *(*get_name) (guint), guint n,
             guint32 *bits, GError **error)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);
  g_autoptr (GString) known = g_string_new (NULL);
  gboolean is_known = names[0] != NULL;
  guint32 found = 0;

  for (guint i = 0; is_known && names[i] != NULL; i++)
    {
      const guint32 bit = find_bit (g_strstrip (names[i]), get_name, n);

      is_known = bit != 0;
      found |= bit;
    }
  if (is_known)
    {
      *bits = found;
      return TRUE;
    }
  append_names (known, (1U << n) - 1, get_name);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "“%s” names no %s. Give one or more of these, with commas between: %s.", text, what,
               known->str);
  return FALSE;
}

gboolean
kalon_synthetic_parse_contrasts (const char *text, guint32 *bits, GError **error)
{
  g_return_val_if_fail (text != NULL && bits != NULL, FALSE);

  return parse_names (text, "contrast", get_contrast_name, KALON_N_SYNTHETIC_CONTRASTS, bits,
                      error);
}

gboolean
kalon_synthetic_parse_kinds (const char *text, guint32 *bits, GError **error)
{
  g_return_val_if_fail (text != NULL && bits != NULL, FALSE);

  if (strcmp (text, "unseen") == 0)
    *bits = (1U << KALON_SPOILT_N_UNSEEN) - 1;
  else if (strcmp (text, "all") == 0)
    *bits = (1U << KALON_N_SPOILT) - 1;
  else
    return parse_names (text, "kind of spoiling", get_kind_name, KALON_N_SPOILT, bits, error);
  return TRUE;
}

guint
kalon_synthetic_pick_bit (guint32 bits, guint n)
{
  guint number = 0;

  for (guint left = n % (guint) __builtin_popcount (bits);; number++)
    if (bits & (1U << number) && left-- == 0)
      return number;
}

static void
draw_side (KalonSyntheticSide *side, guint group, GRand *rand)
{
  /* Two that fit are left, to be alike or not. */
  side->n_wrong = g_rand_int_range (rand, 0, MIN (3, group - 1));
  side->spoiling = g_rand_int_range (rand, 0, KALON_SPOILT_N_SEVERITIES + 1);
  side->is_alike = g_rand_boolean (rand);
}

void
kalon_synthetic_plan_item (const KalonSyntheticOptions *options, KalonSyntheticContrast contrast,
                           guint turn, GRand *rand, KalonSyntheticPlan *plan)
{
  KalonSyntheticSide *a = &plan->sides[0], *b = &plan->sides[1];

  memset (plan, 0, sizeof *plan);
  plan->contrast = contrast;
  /* Every kind at every severity. */
  plan->kind = kalon_synthetic_pick_bit (options->kinds, turn / KALON_SPOILT_N_SEVERITIES);
  switch (contrast)
    {
    case KALON_SYNTHETIC_RELEVANCE:
    case KALON_SYNTHETIC_RELEVANCE_HARD:
      b->n_wrong = options->group;
      break;
    case KALON_SYNTHETIC_DEGRADATION:
      b->spoiling = 1 + turn % KALON_SPOILT_N_SEVERITIES;
      break;
    case KALON_SYNTHETIC_NEAR_DUPLICATE:
      b->is_alike = TRUE;
      break;
    case KALON_SYNTHETIC_MIXED:
    default:
      do
        {
          draw_side (a, options->group, rand);
          draw_side (b, options->group, rand);
        }
      while ((a->n_wrong != b->n_wrong) + (a->spoiling != b->spoiling)
                 + (a->is_alike != b->is_alike)
             < 2);
    }
}
