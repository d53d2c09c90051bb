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

static gboolean
reaches_aim (const KalonHpirRow *row)
{
  return row->aspects[KALON_HPIR_AESTHETIC].gain.mean >= AIM_GAIN
         && row->aspects[KALON_HPIR_ACCURACY].gain.mean >= -AIM_LOSS;
}

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
    g_string_append (text, "missed by the means: accuracy lost more.");
  else if (keeps)
    g_string_append (text, "missed by the means: aesthetics gained less.");
  else
    g_string_append (text, "missed by the means: aesthetics gained less, and accuracy lost more.");
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

/* "“aesthetics” +10.5 points, +5.2 to +16.4; ..." on aesthetics, of the rows of a role */
static gboolean
append_rows (GString *text, const KalonHpirFigures *figures, KalonHpirRole role)
{
  gboolean found = FALSE;

  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, i);
      const KalonEstimate *gain = &row->aspects[KALON_HPIR_AESTHETIC].gain;

      if (row->role != role || isnan (gain->mean))
        continue;
      g_string_append_printf (text, "%s“%s” ", found ? "; " : "", row->name);
      kalon_evidence_append_change (text, gain, KALON_REPORT_POINTS);
      found = TRUE;
    }
  return found;
}

char *
kalon_evidence_describe_hpir_parts (const KalonHpirFigures *figures)
{
  GString *text;
  gboolean found;

  g_return_val_if_fail (figures != NULL, NULL);

  text = g_string_new ("Each part alone, on aesthetics: ");
  found = append_rows (text, figures, KALON_HPIR_PART);
  g_string_append (text, ". The controls, which should gain nothing: ");
  found = append_rows (text, figures, KALON_HPIR_CONTROL) || found;
  g_string_append_c (text, '.');
  return g_string_free (text, !found);
}

char *
kalon_evidence_describe_hpir_aim (const KalonHpirFigures *figures)
{
  GString *text;
  guint n = 0;

  g_return_val_if_fail (figures != NULL, NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < figures->rows->len; i++)
    {
      const KalonHpirRow *row = g_ptr_array_index (figures->rows, i);

      if ((row->role != KALON_HPIR_PART && row->role != KALON_HPIR_SEVERAL
           && row->role != KALON_HPIR_ALIGNED)
          || !reaches_aim (row))
        continue;
      g_string_append_printf (text, "%s“%s”", n > 0 ? ", " : "", row->name);
      n++;
    }
  if (figures->n_gold[KALON_HPIR_AESTHETIC] == 0 || figures->n_gold[KALON_HPIR_ACCURACY] == 0)
    return g_string_free (text, TRUE);
  if (n == 0)
    g_string_append (text, "No ranking reaches the aim by its means.");
  else
    g_string_append (text, n == 1 ? " alone reaches the aim by its means."
                                  : " reach the aim by their means.");
  if (n > 0)
    g_string_append (text, " Who takes the best of so many on one set flatters it: what was chosen "
                           "here is to be measured on another.");
  return g_string_free (text, FALSE);
}
