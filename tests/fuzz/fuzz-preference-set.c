/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of preferences: what is taken makes pairs that are among its pictures. */
#include "fuzz.h"

#include "alignment/kalon-preference-set.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonPreferenceSet) set
      = kalon_preference_set_parse (data != NULL ? (const char *) data : "", size, "fuzz", &error);

  g_assert_true ((set == NULL) == (error != NULL));
  for (guint i = 0; set != NULL && i < set->queries->len; i++)
    {
      const KalonPreferenceQuery *query = set->queries->pdata[i];
      g_autoptr (GArray) pairs = kalon_preference_query_list_pairs (query, 0, 0);

      g_assert_cmpuint (query->cells->len, ==, query->rows * query->columns);
      for (guint p = 0; p < pairs->len; p++)
        {
          const KalonPair *pair = &g_array_index (pairs, KalonPair, p);

          g_assert_cmpuint (pair->winner, <, query->cells->len);
          g_assert_cmpuint (pair->loser, <, query->cells->len);
        }
    }
  return 0;
}
