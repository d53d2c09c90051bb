/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Seconds between two progress lines where there is no terminal to draw a bar on. */
#define LINE_INTERVAL 5

static gboolean bar_shown;

/* (transfer full): @text as @stream may show it. As ls does: what somebody else wrote, a file's
 * name or a query, must not be able to drive the terminal. Those are the control characters of
 * ASCII, and U+0080 to U+009F, which terminals obey too. @allowed: those that stay */
static char *
dup_shown (FILE *stream, const char *text, const char *allowed)
{
  g_autoptr (GString) shown = g_string_new (NULL);

  if (!isatty (fileno (stream)))
    return g_strdup (text);
  for (const guchar *p = (const guchar *) text; *p != '\0'; p++)
    if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
      {
        g_string_append_c (shown, '?');
        p++;
      }
    else
      g_string_append_c (shown,
                         g_ascii_iscntrl (*p) && strchr (allowed, *p) == NULL ? '?' : (char) *p);
  return g_string_free (g_steal_pointer (&shown), FALSE);
}

static void
clear_bar (void)
{
  if (bar_shown)
    fputs ("\r\033[K", stderr);
  bar_shown = FALSE;
}

void
kalon_cli_message (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *shown = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (text, -1);
  shown = dup_shown (stderr, valid, "\n");
  clear_bar ();
  fflush (stdout); /* or, both in one pipe, it would stand in the middle of a line */
  g_printerr ("kalon-cli: %s\n", shown);
}

KalonCliStatus
kalon_cli_fail (KalonCli *cli, const GError *error)
{
  kalon_cli_message ("%s", error->message);
  if (cli->json)
    kalon_cli_json_error (error->message);
  return KALON_CLI_FAILED;
}

void
kalon_cli_print (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  shown = dup_shown (stdout, text, "\n\t");
  fputs (shown, stdout);
}

void
kalon_cli_print_path (const char *path)
{
  g_autofree char *shown = dup_shown (stdout, path, "");

  fputs (shown, stdout);
}

char *
kalon_cli_dup_words (const char *bytes)
{
  char *words
      = g_utf8_validate (bytes, -1, NULL) ? NULL : g_locale_to_utf8 (bytes, -1, NULL, NULL, NULL);

  return words != NULL ? words : g_strdup (bytes);
}

void
kalon_cli_tell_dropped (gsize n_tokens)
{
  if (n_tokens > 0)
    kalon_cli_message ("The words are too long for the model: the last %" G_GSIZE_FORMAT
                       " tokens were not used.",
                       n_tokens);
}

/* Progress */

static int
get_terminal_width (void)
{
  struct winsize size;

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

void
kalon_cli_show_progress (gsize done, gsize total, const char *detail)
{
  static gint64 last_line;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GString) line = g_string_new (NULL);

  if (total > 0)
    g_string_append_printf (line, "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT, done, total);
  if (detail != NULL)
    g_string_append_printf (line, "%s%s", line->len > 0 ? ", " : "", detail);

  if (isatty (STDERR_FILENO))
    {
      int room = get_terminal_width () - 1;
      int width = MIN (40, room - (int) line->len - 3);

      if (total > 0 && width >= 10)
        {
          int filled = (int) (width * ((double) MIN (done, total) / total));

          g_string_prepend (line, "] ");
          for (int i = width; i > 0; i--)
            g_string_prepend_c (line, i <= filled ? '#' : '-');
          g_string_prepend_c (line, '[');
        }
      g_string_truncate (line, MIN (line->len, (gsize) MAX (room, 0)));
      fprintf (stderr, "\r%s\033[K", line->str);
      fflush (stderr);
      bar_shown = TRUE;
    }
  else if (last_line == 0 || now - last_line >= LINE_INTERVAL * G_USEC_PER_SEC)
    {
      fprintf (stderr, "%s\n", line->str);
      last_line = now;
    }
}

void
kalon_cli_end_progress (void)
{
  clear_bar ();
}
