/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "search/kalon-pasted.h"
#include "search/kalon-question-text.h"
#include "search/kalon-search.h"

char *
kalon_term_to_text (const KalonTerm *term)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (term != NULL, NULL);

  if (term->kind == KALON_TERM_TEXT && term->weight > 0)
    return g_strdup (term->value);
  if (term->kind == KALON_TERM_TEXT)
    /* Translators: part of a search: away from pictures of these words. */
    return g_strdup_printf (_ ("not: %s"), term->value);
  name = kalon_pasted_is (term->value) ? g_strdup (_ ("pasted picture"))
                                       : g_filename_display_basename (term->value);
  /* Translators: part of a search: for pictures like this file, or unlike it. */
  return g_strdup_printf (term->weight > 0 ? _ ("like: %s") : _ ("not like: %s"), name);
}

char *
kalon_weight_to_text (double weight)
{
  /* What shows as 1 is none. */
  if (fabs (fabs (weight) - 1) < 0.005)
    return g_strdup ("");
  return g_strdup_printf ("×%.3g", round (fabs (weight) * 100) / 100);
}

static void
append (GString *text, const char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

char *
kalon_question_to_text (const KalonQuestion *question)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (question != NULL, NULL);

  text = g_string_new (question->text);
  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);
      g_autofree char *part = kalon_term_to_text (term);
      g_autofree char *weight = kalon_weight_to_text ((double) term->weight);

      append (text, part);
      if (weight[0] != '\0')
        g_string_append_printf (text, " %s", weight);
    }
  if (question->filter[0] != '\0')
    append (text, question->filter);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
kalon_left_out_to_text (guint n_left_out)
{
  return g_strdup_printf (ngettext ("A search takes %u pictures: %u more was left out",
                                    "A search takes %u pictures: %u more were left out",
                                    n_left_out),
                          (guint) KALON_SEARCH_MAX_PICTURES, n_left_out);
}
