/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "input/kalon-input.h"
#include "library/kalon-library.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Seconds between two progress lines where there is no terminal to draw a bar on. */
#define LINE_INTERVAL 5

static gboolean bar_shown;

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
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (text, -1);
  clear_bar ();
  g_printerr ("kalon-cli: %s\n", valid);
}

KalonCliStatus
kalon_cli_fail (KalonCli *cli, const GError *error)
{
  kalon_cli_message ("%s", error->message);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "error", error->message);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_FAILED;
}

void
kalon_cli_print (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  vprintf (format, args);
  va_end (args);
}

void
kalon_cli_print_path (const char *path)
{
  /* As ls does: a file's name must not be able to drive the terminal. */
  gboolean terminal = isatty (STDOUT_FILENO);

  for (const guchar *p = (const guchar *) path; *p != '\0'; p++)
    putchar (terminal && g_ascii_iscntrl (*p) ? '?' : *p);
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

/* JSON */

char *
kalon_cli_dup_words (const char *bytes)
{
  char *words
      = g_utf8_validate (bytes, -1, NULL) ? NULL : g_locale_to_utf8 (bytes, -1, NULL, NULL, NULL);

  return words != NULL ? words : g_strdup (bytes);
}

JsonBuilder *
kalon_cli_json_new (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

void
kalon_cli_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *escaped = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  /* json-glib 1.6 escapes every control character but the last one. */
  parts = g_strsplit (text, "\x1f", -1);
  escaped = g_strjoinv ("\\u001f", parts);
  puts (escaped);
}

void
kalon_cli_json_string (JsonBuilder *builder, const char *key, const char *value)
{
  g_autofree char *text = value != NULL ? kalon_input_dup_utf8 (value) : NULL;

  json_builder_set_member_name (builder, key);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

void
kalon_cli_json_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

void
kalon_cli_json_number (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  kalon_cli_json_value (builder, value);
}

void
kalon_cli_json_value (JsonBuilder *builder, double value)
{
  if (isfinite (value))
    json_builder_add_double_value (builder, round (value * 1e6) / 1e6);
  else
    json_builder_add_null_value (builder);
}

void
kalon_cli_json_boolean (JsonBuilder *builder, const char *key, gboolean value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

void
kalon_cli_json_path (JsonBuilder *builder, const char *key, const char *path)
{
  kalon_cli_json_string (builder, key, path);
  if (!g_utf8_validate (path, -1, NULL))
    {
      g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

      kalon_cli_json_string (builder, "uri", uri);
    }
}

void
kalon_cli_json_strings (JsonBuilder *builder, const char *key, const char *const *values)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (; *values != NULL; values++)
    {
      g_autofree char *text = kalon_input_dup_utf8 (*values);

      json_builder_add_string_value (builder, text);
    }
  json_builder_end_array (builder);
}

void
kalon_cli_json_failures (JsonBuilder *builder, GPtrArray *failures)
{
  json_builder_set_member_name (builder, "failures");
  json_builder_begin_array (builder);
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = failures->pdata[i];

      json_builder_begin_object (builder);
      kalon_cli_json_path (builder, "path", failure->path);
      kalon_cli_json_string (builder, "reason", failure->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}
