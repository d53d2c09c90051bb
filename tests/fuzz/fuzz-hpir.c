/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An HPIR set: what is taken is written as it was read, and can be counted and merged with itself.
 */
#include "fuzz.h"

#include "hpir/kalon-hpir.h"

static void
check_figures (const KalonHpirSet *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirCheck) check = kalon_hpir_set_check (set, FALSE, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (check->n_items, ==, set->items->len);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (check->n_gold[aspect] > 0)
      {
        g_assert_cmpfloat (check->confidence[aspect], >, 0.5);
        g_assert_cmpfloat (check->confidence[aspect], <=, 1);
      }
  for (guint i = 0; i < set->labelers->len; i++)
    {
      KalonHpirLabelerFigures figures;

      kalon_hpir_set_measure_labeler (set, i, &figures);
      g_assert_cmpuint (figures.n_labels, <=, check->n_labels);
    }
}

static void
check_round_trip (const KalonHpirSet *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) first = kalon_hpir_set_to_bytes (set, &error);
  g_autoptr (GBytes) second = NULL;
  g_autoptr (KalonHpirSet) again = NULL;
  gsize size;
  const char *data = g_bytes_get_data (first, &size);

  again = kalon_hpir_set_parse (data, size, "again", "/", &error);
  g_assert_no_error (error);
  second = kalon_hpir_set_to_bytes (again, &error);
  g_assert_true (g_bytes_equal (first, second));
}

static void
check_merge (const KalonHpirSet *set)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) merged = kalon_hpir_set_new ("merged", "/elsewhere");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (kalon_hpir_set_merge (merged, set, &error));
      g_assert_no_error (error);
    }
  g_assert_cmpuint (merged->items->len, ==, set->items->len);
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = set->items->pdata[i];
      const KalonHpirItem *copy = merged->items->pdata[i];

      g_assert_cmpmem (item->votes, sizeof item->votes, copy->votes, sizeof copy->votes);
      g_assert_cmpuint (item->labels->len, ==, copy->labels->len);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set
      = kalon_hpir_set_parse (data != NULL ? (const char *) data : "", size, "fuzz", "/", &error);

  g_assert_true ((set == NULL) == (error != NULL));
  if (set != NULL)
    {
      check_figures (set);
      check_round_trip (set);
      check_merge (set);
    }
  return 0;
}
