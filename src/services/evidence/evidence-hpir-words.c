/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What alignment gained and cost on an HPIR set, in words that hold whatever came out. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

/* The project's aim: the step on beauty, and what accuracy may lose for it. */
#define AIM_GAIN 0.096
#define AIM_LOSS 0.01

const char *const kalon_evidence_hpir_titles[KALON_N_HPIR_ASPECTS] = {
  [KALON_HPIR_ACCURACY] = "accuracy",
  [KALON_HPIR_AESTHETIC] = "aesthetics",
  [KALON_HPIR_DIVERSITY] = "diversity",
};

static void
append_aim (GString *text, const KalonHpirRow *row)
{
  const KalonEstimate *gain = &row->aspects[KALON_HPIR_AESTHETIC].gain;
  const KalonEstimate *cost = &row->aspects[KALON_HPIR_ACCURACY].gain;
  gboolean gains = gain->mean >= AIM_GAIN, keeps = cost->mean >= -AIM_LOSS;

  if (isnan (gain->mean) || isnan (cost->mean))
    return;
  g_string_append_printf (
      text,
      " The aim, %+.1f points on aesthetics for at most %.0f point of accuracy, "
      "is ",
      100 * AIM_GAIN, 100 * AIM_LOSS);
  if (gains && keeps)
    g_string_append (text, gain->low >= AIM_GAIN && cost->low >= -AIM_LOSS
                               ? "reached."
                               : "reached by the means, though not by the whole of the intervals.");
  else if (gains)
    g_string_append (text, "missed: accuracy lost more.");
  else if (keeps)
    g_string_append (text, "missed: aesthetics gained less.");
  else
    g_string_append (text, "missed: aesthetics gained less, and accuracy lost more.");
}

char *
kalon_evidence_describe_hpir_row (const KalonHpirRow *row)
{
  static const KalonHpirAspect order[KALON_N_HPIR_ASPECTS]
      = { KALON_HPIR_AESTHETIC, KALON_HPIR_DIVERSITY, KALON_HPIR_ACCURACY };
  GString *text;

  g_return_val_if_fail (row != NULL, NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "“%s” against the baseline, in agreement with people: ", row->name);
  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    {
      if (i > 0)
        g_string_append (text, "; ");
      kalon_evidence_append_gain (text, kalon_evidence_hpir_titles[order[i]],
                                  &row->aspects[order[i]].gain, KALON_REPORT_POINTS);
    }
  g_string_append_c (text, '.');
  append_aim (text, row);
  return g_string_free (text, FALSE);
}
