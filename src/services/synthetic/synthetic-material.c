/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include "calibration/kalon-calibration.h"

void
kalon_material_clear (KalonMaterial *material)
{
  g_clear_pointer (&material->query, g_free);
  g_clear_pointer (&material->fits[0], g_array_unref);
  g_clear_pointer (&material->fits[1], g_array_unref);
  g_clear_pointer (&material->wrong, g_array_unref);
}

/* The first @n are a random choice (Fisher and Yates), as many as there are. */
static void
shuffle (GArray *pictures, guint n, GRand *rand)
{
  for (guint i = 0; i < MIN (n, pictures->len); i++)
    {
      const guint j = g_rand_int_range (rand, i, pictures->len);
      const guint32 kept = g_array_index (pictures, guint32, i);

      g_array_index (pictures, guint32, i) = g_array_index (pictures, guint32, j);
      g_array_index (pictures, guint32, j) = kept;
    }
}

/* Sum of the weights of words that are in both; 1 each without weights. Both are rising. */
static double
measure_shared (const GArray *a, const GArray *b, const double *weights)
{
  double sum = 0;

  for (guint i = 0, j = 0; i < a->len && j < b->len;)
    {
      const guint32 x = g_array_index (a, guint32, i), y = g_array_index (b, guint32, j);

      if (x == y)
        sum += weights != NULL ? weights[x] : 1;
      i += x <= y;
      j += y <= x;
    }
  return sum;
}

typedef struct
{
  guint32 picture;
  double shared;
} Match;

/* Most first; equals in the order of the file. */
static int
compare_matches (gconstpointer a, gconstpointer b)
{
  const Match *x = a, *y = b;

  if (x->shared != y->shared)
    return x->shared < y->shared ? 1 : -1;
  return (x->picture > y->picture) - (x->picture < y->picture);
}

static gboolean
draw_caption (const KalonSource *source, const KalonSubject *subject, guint group, guint n_wrong,
              gboolean is_hard, GRand *rand, KalonMaterial *material)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  double worst;

  if (source->is_bad[subject->picture])
    return FALSE;
  for (guint32 i = 0; i < source->paths->len; i++)
    {
      const Match match = { i, measure_shared (subject->words, g_ptr_array_index (source->words, i),
                                               source->weights) };

      if (!source->is_bad[i] && i != subject->picture)
        g_array_append_val (matches, match);
    }
  g_array_sort (matches, compare_matches);
  if (matches->len < group)
    return FALSE;
  g_array_append_val (material->fits[0], subject->picture);
  for (guint i = 0; i + 1 < group; i++)
    g_array_append_val (material->fits[0], g_array_index (matches, Match, i).picture);
  worst = g_array_index (matches, Match, group - 2).shared;
  for (guint i = group - 1; i < matches->len; i++)
    {
      const Match *match = &g_array_index (matches, Match, i);

      if (is_hard ? match->shared > 0 && match->shared <= worst / 2 : match->shared <= 0)
        g_array_append_val (material->wrong, match->picture);
    }
  g_array_append_vals (material->fits[1], material->fits[0]->data, group);
  shuffle (material->wrong, n_wrong, rand);
  material->query = g_strdup (subject->text);
  return worst > 0 && material->wrong->len >= n_wrong;
}

static void
add_good (const KalonSource *source, const KalonSubject *subject, GArray *pictures)
{
  for (guint i = 0; i < subject->pictures->len; i++)
    {
      const guint32 picture = g_array_index (subject->pictures, guint32, i);

      if (!source->is_bad[picture])
        g_array_append_val (pictures, picture);
    }
}

/* Of classes whose names share a word with the subject's, or do not. */
static void
add_others (const KalonSource *source, const KalonSubject *subject, gboolean is_sharing,
            GArray *pictures)
{
  for (guint s = 0; s < source->subjects->len; s++)
    {
      const KalonSubject *other = g_ptr_array_index (source->subjects, s);

      if (other != subject
          && (measure_shared (subject->words, other->words, NULL) > 0) == is_sharing)
        add_good (source, other, pictures);
    }
}

static gboolean
draw_class (const KalonSource *source, const KalonSubject *subject, guint group, guint n_wrong,
            gboolean is_hard, GRand *rand, KalonMaterial *material)
{
  g_autoptr (GArray) own = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 *pictures;
  guint second;

  add_good (source, subject, own);
  if (own->len < group)
    return FALSE;
  shuffle (own, 2 * group, rand);
  pictures = (const guint32 *) (gpointer) own->data;
  second = own->len >= 2 * group ? group : 0;
  g_array_append_vals (material->fits[0], pictures, group);
  g_array_append_vals (material->fits[1], pictures + second, group);

  add_others (source, subject, is_hard, material->wrong);
  shuffle (material->wrong, n_wrong, rand);
  if (is_hard && material->wrong->len < n_wrong)
    {
      g_array_set_size (material->wrong, 0);
      add_others (source, subject, FALSE, material->wrong);
      shuffle (material->wrong, n_wrong, rand);
      if (second == 0)
        return FALSE;
      g_array_prepend_vals (material->wrong, pictures + second, group / 2);
    }
  return material->wrong->len >= n_wrong;
}

gboolean
kalon_source_draw (const KalonSource *source, const KalonSyntheticOptions *options, guint number,
                   guint n_wrong, gboolean is_hard, GRand *rand, KalonMaterial *material)
{
  static const char *const usual[] = { KALON_DEFAULT_TEMPLATE, NULL };
  const char *const *templates = options->templates != NULL ? options->templates : usual;
  const KalonSubject *subject
      = g_ptr_array_index (source->subjects, g_rand_int_range (rand, 0, source->subjects->len));
  g_auto (GStrv) prompts = NULL;

  kalon_material_clear (material);
  for (guint i = 0; i < 2; i++)
    material->fits[i] = g_array_new (FALSE, FALSE, sizeof (guint32));
  material->wrong = g_array_new (FALSE, FALSE, sizeof (guint32));
  if (subject->pictures == NULL)
    return draw_caption (source, subject, options->group, n_wrong, is_hard, rand, material);
  prompts = kalon_calibration_dup_prompts (templates, subject->text);
  material->query = g_strdup (prompts[number % g_strv_length (prompts)]);
  return draw_class (source, subject, options->group, n_wrong, is_hard, rand, material);
}
