/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gains in words that hold whatever came out. */
#include "evidence/kalon-evidence-private.h"

#include <math.h>

/* Sums of as many shares are not the same to the last bit. */
#define SMALLEST 1e-9

/* "4.2" of 0.042 in points, "0.04" of a number; no sign. */
static char *
format_size (double value, KalonReportUnit unit)
{
  return unit == KALON_REPORT_POINTS ? g_strdup_printf ("%.1f", 100 * fabs (value))
                                     : g_strdup_printf ("%.2f", fabs (value));
}

static const char *
get_sign (double value, KalonReportUnit unit)
{
  double smallest = unit == KALON_REPORT_POINTS ? 0.0005 : 0.005;

  return value >= smallest ? "+" : value <= -smallest ? "−" : "";
}

void
kalon_evidence_append_change (GString *text, const KalonEstimate *change, KalonReportUnit unit)
{
  g_autofree char *mean = format_size (change->mean, unit);
  g_autofree char *low = format_size (change->low, unit);
  g_autofree char *high = format_size (change->high, unit);

  g_string_append_printf (text, "%s%s%s, %s%s to %s%s", get_sign (change->mean, unit), mean,
                          unit == KALON_REPORT_POINTS ? " points" : "",
                          get_sign (change->low, unit), low, get_sign (change->high, unit), high);
}

void
kalon_evidence_append_gain (GString *text, const char *title, const KalonEstimate *gain,
                            KalonReportUnit unit)
{
  gboolean is_loss = gain->mean < 0;
  g_autofree char *mean = format_size (gain->mean, unit);
  g_autofree char *low = format_size (is_loss ? gain->high : gain->low, unit);
  g_autofree char *high = format_size (is_loss ? gain->low : gain->high, unit);
  const char *points = unit == KALON_REPORT_POINTS ? " points" : "";

  if (isnan (gain->mean))
    g_string_append_printf (text, "of %s nothing is known", title);
  else if (fabs (gain->low) < SMALLEST && fabs (gain->high) < SMALLEST)
    g_string_append_printf (text, "on %s nothing changed", title);
  else if (gain->low > SMALLEST || gain->high < -SMALLEST)
    g_string_append_printf (text, "it %s %s%s (%s to %s) on %s", is_loss ? "cost" : "gained", mean,
                            points, low, high, title);
  else
    {
      g_string_append_printf (text, "on %s no difference can be told from chance (", title);
      kalon_evidence_append_change (text, gain, unit);
      g_string_append_c (text, ')');
    }
}
