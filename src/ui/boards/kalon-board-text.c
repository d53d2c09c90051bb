/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "boards/kalon-board-text.h"

static void
append (GString *text, char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
  g_free (part);
}

char *
kalon_board_added_to_text (const KalonBoardOutcome *outcome, const char *name)
{
  GString *text = g_string_new (NULL);
  guint n = outcome->n_changed, n_failed = outcome->failures->len;

  if (n > 0)
    append (text,
            g_strdup_printf (ngettext ("Added %u picture to “%s”", "Added %u pictures to “%s”", n),
                             n, name));
  if (outcome->n_known > 0)
    append (text, n == 0 && outcome->n_known == 1
                      ? g_strdup_printf (_ ("The picture is on “%s” already"), name)
                      : g_strdup_printf (ngettext ("%u was there already", "%u were there already",
                                                   outcome->n_known),
                                         outcome->n_known));
  if (n_failed == 1)
    {
      const KalonFailure *failure = g_ptr_array_index (outcome->failures, 0);
      g_autofree char *file = g_filename_display_basename (failure->path);

      /* Translators: a file's name, and why it could not be added. */
      append (text, g_strdup_printf (_ ("%s: %s"), file, failure->reason));
    }
  else if (n_failed > 1)
    append (text, g_strdup_printf (ngettext ("%u file is no picture that can be read",
                                             "%u files are no pictures that can be read", n_failed),
                                   n_failed));
  return g_string_free (text, FALSE);
}

char *
kalon_board_subtitle_to_text (const KalonBoard *board)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u picture", "%u pictures", board->n_items),
                          board->n_items);
  if (*board->description != '\0')
    {
      g_autofree char *line = g_strdelimit (g_strdup (board->description), "\n", ' ');

      g_string_append_printf (text, " · %s", line);
    }
  return g_string_free (text, FALSE);
}
