/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"
#include "training/training-text.h"

/* As the button of the aligned ranking has it: below, agreement is chance. */
#define MIN_CHECKED 5

static const KalonTasteCheck *
get_last (const KalonTasteReport *report)
{
  return report->curve->len > 0
             ? &g_array_index (report->curve, KalonTasteCheck, report->curve->len - 1)
             : NULL;
}

char *
kalon_training_describe_thumbs (const KalonTasteReport *report)
{
  g_autofree char *thumbs = kalon_count_to_text (report->n_thumbs);
  g_autofree char *learned = kalon_count_to_text (report->n_learned);

  if (report->n_learned < report->n_thumbs)
    return g_strdup_printf (
        ngettext ("Learned from %s of %s thumb; its pictures are not in the library now.",
                  "Learned from %s of %s thumbs; the pictures of the others are not in the library "
                  "now.",
                  report->n_thumbs),
        learned, thumbs);
  return g_strdup_printf (
      ngettext ("Learned from %s thumb.", "Learned from %s thumbs.", report->n_thumbs), thumbs);
}

char *
kalon_training_describe_check (const KalonTasteReport *report)
{
  const KalonTasteCheck *last = get_last (report);
  g_autofree char *share = NULL;

  if (last == NULL)
    return NULL;
  if (last->active && last->n < MIN_CHECKED)
    return g_strdup (_ ("There are too few thumbs yet to say how well that works."));
  share = g_strdup_printf (
      ngettext ("Of the pairs of the last %u thumb, which it had not seen, %.0f %% come out right "
                "(chance: 50 %%).",
                "Of the pairs of the last %u thumbs, which it had not seen, %.0f %% come out right "
                "(chance: 50 %%).",
                last->n),
      last->n, 100 * last->agreement);
  if (!last->active)
    return g_strdup_printf (_ ("%s That is too little to be sure of, so your thumbs change nothing "
                               "in the ranking yet."),
                            share);
  if (last->scale < 1)
    /* Translators: after the sentence that says how much of it comes out right. */
    return g_strdup_printf (_ ("%s It is trusted by %.0f %%, until more thumbs agree."), share,
                            100 * last->scale);
  return g_steal_pointer (&share);
}

char *
kalon_training_describe_step (const KalonTasteReport *report)
{
  const KalonTasteCheck *last = get_last (report);

  if (last == NULL)
    return NULL;
  return g_strdup (last->accepted
                       ? _ ("The last thumb was taken in.")
                       : _ ("The last thumb was not taken in: unseen pairs came out worse with it, "
                            "so what was learned before it stays."));
}

char *
kalon_training_describe_drift (const KalonTasteReport *report)
{
  if (report->n_queries == 0)
    return NULL;
  return g_strdup_printf (
      ngettext (
          "Of the ten best pictures for the last %u query that you gave thumbs for, %.1f stay "
          "among the ten best of the aligned ranking.",
          "Of the ten best pictures for each of the last %u queries that you gave thumbs "
          "for, %.1f stay, on average, among the ten best of the aligned ranking.",
          report->n_queries),
      report->n_queries, 10 * report->overlap);
}

char *
kalon_training_format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  /* Translators: day and time of a thumb, for g_date_time_format(). */
  return time != NULL ? g_date_time_format (time, _ ("%-d %b %Y, %H:%M")) : g_strdup ("");
}

char *
kalon_training_describe_event (const KalonThumbEvent *event, gboolean is_learned,
                               gboolean is_accepted)
{
  guint n = g_strv_length (event->thumb->pictures) - 1;
  g_autofree char *verdict = g_strdup_printf (
      event->thumb->liked ? ngettext ("Liked more than %u other", "Liked more than %u others", n)
                          : ngettext ("Liked less than %u other", "Liked less than %u others", n),
      n);

  if (!is_learned)
    /* Translators: before the dash, what the thumb said. */
    return g_strdup_printf (_ ("%s – not learned from: its pictures are not in the library"),
                            verdict);
  if (!is_accepted)
    return g_strdup_printf (_ ("%s – not taken in when it came: unseen pairs came out worse"),
                            verdict);
  return g_steal_pointer (&verdict);
}

char *
kalon_training_describe_progress (const KalonAligningProgress *progress)
{
  const char *const phases[] = {
    [KALON_ALIGNER_REPHRASING] = _ ("Rephrasing: %s of %s queries"),
    [KALON_ALIGNER_ENCODING] = _ ("Encoding: %s of %s queries"),
    [KALON_ALIGNER_SEARCHING] = _ ("Searching: %s of %s queries"),
    [KALON_ALIGNER_TRAINING] = _ ("Training: %s of %s steps"),
    [KALON_ALIGNER_MEASURING] = _ ("Measuring: %s of %s queries"),
  };
  const KalonIndexerProgress speed = { .rate = progress->rate, .remaining = progress->remaining };
  g_autofree char *done = kalon_count_to_text (progress->now.done);
  g_autofree char *total = kalon_count_to_text (progress->now.total);
  g_autofree char *text = kalon_speed_to_text (&speed);
  g_autofree char *counts = NULL;

  if (progress->now.phase == KALON_ALIGNER_PREPARING)
    return g_strdup (_ ("Preparing the training…"));
  if (progress->now.total == 0)
    return g_strdup (_ ("Loading the model…"));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  counts = g_strdup_printf (phases[progress->now.phase], done, total);
#pragma GCC diagnostic pop
  return text != NULL ? g_strdup_printf ("%s · %s", counts, text) : g_steal_pointer (&counts);
}

char *
kalon_training_describe_result (const KalonAlignerResult *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (result->stored)
    g_string_append_printf (text, _ ("Kept: the profile “%s” has the new adapter."),
                            result->profile);
  else
    g_string_append_printf (text,
                            _ ("Not kept: held-out pairs are in order no more often than before. "
                               "The profile “%s” is as it was."),
                            result->profile);
  if (result->n_resumed > 0)
    g_string_append_printf (text, _ (" It went on where it was stopped, at step %u."),
                            result->n_resumed);
  if (result->n_left_out > 0)
    g_string_append_printf (text,
                            ngettext (" %u query found too few pictures to compare.",
                                      " %u queries found too few pictures to compare.",
                                      (gulong) result->n_left_out),
                            (guint) result->n_left_out);
  return g_strdup (text->str);
}

/* With its sign, and a true minus; what rounds to nothing has none. (transfer full) */
static char *
format_difference (double value, guint decimals)
{
  double unit = pow (10, decimals), rounded = rint (value * unit) / unit;

  if (rounded == 0)
    return g_strdup_printf ("%.*f", (int) decimals, 0.0);
  return g_strdup_printf ("%s%.*f", rounded > 0 ? "+" : "−", (int) decimals, fabs (rounded));
}

char *
kalon_training_format_gain (const KalonEstimate *before, const KalonEstimate *after,
                            const KalonEstimate *gain, gboolean is_share)
{
  double factor = is_share ? 100 : 1;
  guint decimals = is_share ? 1 : 2;
  g_autofree char *difference = format_difference (factor * gain->mean, decimals);
  g_autofree char *low = format_difference (factor * gain->low, decimals);
  g_autofree char *high = format_difference (factor * gain->high, decimals);

  if (is_share)
    /* Translators: a share before and after, and in brackets the difference in points with its
     * interval. */
    return g_strdup_printf (_ ("%.1f %% → %.1f %% (%s: %s to %s)"), 100 * before->mean,
                            100 * after->mean, difference, low, high);
  /* Translators: a score before and after, and in brackets the difference with its interval. */
  return g_strdup_printf (_ ("%.2f → %.2f (%s: %s to %s)"), before->mean, after->mean, difference,
                          low, high);
}
