/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "indexing/kalon-progress-text.h"

char *
kalon_count_to_text (gsize count)
{
  /* The apostrophe asks for the locale's grouping. */
  return g_strdup_printf ("%'" G_GSIZE_FORMAT, count);
}

static char *
remaining_to_text (double seconds)
{
  guint minutes = (guint) round (seconds / 60), hours = (guint) round (seconds / 3600);

  if (seconds < 50)
    return g_strdup (_ ("less than a minute left"));
  if (seconds < 90 * 60)
    return g_strdup_printf (
        ngettext ("about %u minute left", "about %u minutes left", MAX (minutes, 1)),
        MAX (minutes, 1));
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", hours), hours);
}

char *
kalon_speed_to_text (const KalonIndexerProgress *progress)
{
  g_autofree char *remaining = NULL;

  if (progress->rate <= 0 || progress->remaining < 0)
    return NULL;
  remaining = remaining_to_text (progress->remaining);
  if (progress->rate < 10)
    return g_strdup_printf (_ ("%.1f per second · %s"), progress->rate, remaining);
  return g_strdup_printf (_ ("%.0f per second · %s"), progress->rate, remaining);
}

char *
kalon_progress_to_text (KalonIndexing *indexing)
{
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (indexing);
  g_autofree char *done = kalon_count_to_text (progress->done);
  g_autofree char *found = kalon_count_to_text (progress->found);
  g_autofree char *counts = NULL;
  g_autofree char *speed = NULL;

  if (progress->phase == KALON_INDEXER_SCANNING && progress->done == 0)
    return g_strdup_printf (ngettext ("Looking for pictures: %s file so far",
                                      "Looking for pictures: %s files so far", progress->found),
                            found);
  /* Translators: files dealt with, of those found. */
  counts = g_strdup_printf (_ ("%s of %s files"), done, found);
  if (kalon_indexing_is_paused (indexing))
    return g_strdup_printf (_ ("%s · paused"), counts);
  speed = kalon_speed_to_text (progress);
  if (speed == NULL)
    return g_steal_pointer (&counts);
  return g_strdup_printf ("%s · %s", counts, speed);
}

static void
add_part (GString *text, const char *format, gsize count)
{
  g_autofree char *number = kalon_count_to_text (count);

  if (text->len > 0)
    g_string_append (text, ", ");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (text, format, number);
#pragma GCC diagnostic pop
}

char *
kalon_outcome_to_text (const KalonIndexerProgress *progress)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (progress->added > 0)
    add_part (text, ngettext ("%s picture added", "%s pictures added", progress->added),
              progress->added);
  if (progress->updated > 0)
    add_part (text, ngettext ("%s updated", "%s updated", progress->updated), progress->updated);
  if (progress->renamed > 0)
    add_part (text, ngettext ("%s renamed", "%s renamed", progress->renamed), progress->renamed);
  if (progress->removed > 0)
    add_part (text, ngettext ("%s removed", "%s removed", progress->removed), progress->removed);
  if (progress->failed > 0)
    add_part (text, ngettext ("%s could not be read", "%s could not be read", progress->failed),
              progress->failed);
  if (text->len == 0)
    return g_strdup (_ ("The library is up to date"));
  return g_strdup (text->str);
}
