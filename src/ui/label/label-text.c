/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "label/label-text.h"

/* Items until the time that is left can be told. */
#define MIN_SECONDS 3

const char *
kalon_label_get_question (KalonHpirAspect aspect)
{
  const char *const texts[KALON_N_HPIR_ASPECTS] = {
    [KALON_HPIR_ACCURACY] = _ ("Which row fits the words better?"),
    [KALON_HPIR_AESTHETIC] = _ ("Which row is more beautiful?"),
    [KALON_HPIR_DIVERSITY] = _ ("Which row is more varied?"),
  };

  g_return_val_if_fail (aspect < KALON_N_HPIR_ASPECTS, NULL);
  return texts[aspect];
}

char *
kalon_label_describe_question (const char *query, guint question, guint position, guint n_tasks)
{
  /* Translators: read aloud after a question about two rows of pictures: what was searched for,
   * which item of how many, which of the three questions. */
  return g_strdup_printf (_ ("“%s”. Item %u of %u, question %u of 3. Press 1, 2, or 0 if you can’t "
                             "tell."),
                          query, position + 1, n_tasks, question + 1);
}

KalonHpirVote
kalon_label_vote_from_choice (KalonLabelChoice choice, gboolean swapped)
{
  switch (choice)
    {
    case KALON_LABEL_CHOICE_FIRST:
      return swapped ? KALON_HPIR_B : KALON_HPIR_A;
    case KALON_LABEL_CHOICE_SECOND:
      return swapped ? KALON_HPIR_A : KALON_HPIR_B;
    case KALON_LABEL_CHOICE_CANNOT_TELL:
      return KALON_HPIR_CANNOT_TELL;
    case KALON_LABEL_CHOICE_NONE:
      return KALON_HPIR_UNASKED;
    default:
      g_return_val_if_reached (KALON_HPIR_UNASKED);
    }
}

KalonLabelChoice
kalon_label_choice_from_vote (KalonHpirVote vote, gboolean swapped)
{
  switch (vote)
    {
    case KALON_HPIR_A:
      return swapped ? KALON_LABEL_CHOICE_SECOND : KALON_LABEL_CHOICE_FIRST;
    case KALON_HPIR_B:
      return swapped ? KALON_LABEL_CHOICE_FIRST : KALON_LABEL_CHOICE_SECOND;
    case KALON_HPIR_CANNOT_TELL:
      return KALON_LABEL_CHOICE_CANNOT_TELL;
    case KALON_HPIR_UNASKED:
      return KALON_LABEL_CHOICE_NONE;
    default:
      g_return_val_if_reached (KALON_LABEL_CHOICE_NONE);
    }
}

static int
compare_seconds (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

double
kalon_label_get_remaining (GArray *seconds, guint n_open)
{
  g_autoptr (GArray) sorted = NULL;

  if (seconds->len < MIN_SECONDS)
    return -1;
  sorted = g_array_copy (seconds);
  g_array_sort (sorted, compare_seconds);
  return g_array_index (sorted, double, sorted->len / 2) * n_open;
}

char *
kalon_label_describe_progress (guint position, guint n_tasks, double remaining)
{
  /* Translators: which item is shown, of how many. */
  g_autofree char *place = g_strdup_printf (_ ("%u of %u"), position + 1, n_tasks);
  g_autofree char *time = NULL;
  gulong minutes;

  if (remaining < 0)
    return g_steal_pointer (&place);
  minutes = (gulong) ceil (remaining / 60);
  if (remaining < 60)
    time = g_strdup (_ ("less than a minute left"));
  else
    time = g_strdup_printf (ngettext ("about %lu minute left", "about %lu minutes left", minutes),
                            minutes);
  return g_strdup_printf ("%s · %s", place, time);
}

char *
kalon_label_describe_set (const KalonLabelSetInfo *info)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (info->created);
  /* Translators: a date and time, see g_date_time_format(). */
  g_autofree char *date = time != NULL ? g_date_time_format (time, _ ("%-d %B %Y, %H:%M")) : NULL;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u item", "%u items", info->n_items),
                          (guint) info->n_items);
  if (date != NULL)
    g_string_append_printf (text, " · %s", date);
  if (info->labelers[0] == NULL)
    g_string_append_printf (text, " · %s", _ ("nobody has labelled it yet"));
  for (guint i = 0; info->labelers[i] != NULL; i++)
    {
      g_string_append (text, i == 0 ? " · " : ", ");
      if (info->n_done[i] == info->n_tasks)
        /* Translators: somebody, by name, who has labelled a whole set. */
        g_string_append_printf (text, _ ("%s ✓"), info->labelers[i]);
      else
        /* Translators: somebody, by name, and how many items of a set she has labelled. */
        g_string_append_printf (text, _ ("%s %u"), info->labelers[i], info->n_labelled[i]);
    }
  return g_string_free (text, FALSE);
}

char *
kalon_label_describe_consistency (const KalonHpirLabelerFigures *figures)
{
  gulong n = 0, n_same = 0;

  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    if (figures->n_repeats[i] > 0)
      {
        n += figures->n_repeats[i];
        n_same += (gulong) lround (figures->consistency[i].mean * (double) figures->n_repeats[i]);
      }
  if (n == 0)
    return NULL;
  return g_strdup_printf (
      ngettext ("Of %lu question that was asked twice, you answered %lu the same "
                "way both times.",
                "Of %lu questions that were asked twice, you answered %lu the "
                "same way both times.",
                n),
      n, n_same);
}
