/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter as text: what is understood is written in a form that is understood as the same; of a
 * query nothing but filters is taken away. */
#include "fuzz.h"

#include <string.h>

#include "filter/kalon-filter.h"

static void
check_round_trip (const KalonFilter *filter)
{
  g_autofree char *text = kalon_filter_to_string (filter);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFilter) again = NULL;

  /* Units and folders in full can make it longer than what may be typed. */
  if (strlen (text) > KALON_FILTER_MAX_LENGTH)
    return;
  again = kalon_filter_parse (text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_filter_equal (filter, again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const KalonFilterFacts facts = { .path = "/home/Photos/\xff trip/IMG_0001.jpg",
                                   .camera = "Canon EOS",
                                   .average = 0x123456 };
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autofree char *rest = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFilter) filter = kalon_filter_parse (text, NULL, &error);
  g_autoptr (KalonFilter) extracted = kalon_filter_extract (text, NULL, &rest);

  g_assert_true ((filter != NULL) == (error == NULL));
  if (filter != NULL)
    {
      check_round_trip (filter);
      g_assert_true (kalon_filter_equal (filter, extracted));
      g_assert_cmpuint (strspn (rest, " \t\n\r\f\v"), ==,
                        kalon_filter_get_n_clauses (filter) > 0 ? 0 : strlen (rest));
    }
  check_round_trip (extracted);
  for (guint i = 0; i < kalon_filter_get_n_clauses (extracted); i++)
    {
      const KalonFilterClause *clause = kalon_filter_get_clause (extracted, i);

      if (clause->kind != KALON_FILTER_DATE && clause->kind != KALON_FILTER_ORIENTATION
          && clause->kind != KALON_FILTER_SIZE && clause->kind != KALON_FILTER_FORMAT
          && clause->kind != KALON_FILTER_AESTHETIC)
        kalon_filter_clause_matches (clause, &facts);
    }
  return 0;
}
