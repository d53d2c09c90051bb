/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include "input/kalon-input.h"

/* Of a file's name in bytes, as most file systems have it. */
#define MAX_NAME 255

static gboolean
is_refused (gunichar c)
{
  /* FAT, exFAT and NTFS refuse these in a name; "/" is refused by all. */
  return g_unichar_iscntrl (c) || (c < 128 && strchr ("/\\:*?\"<>|", (int) c) != NULL);
}

char *
export_dup_safe_name (const char *name, gsize max_bytes)
{
  g_autofree char *text = kalon_input_dup_utf8 (name);
  g_autoptr (GString) safe = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (safe->len + 6 > max_bytes)
        break;
      g_string_append_unichar (safe, is_refused (c) ? '_' : c);
    }
  /* Windows drops dots and blanks at the end, and a dot in front hides a file elsewhere. */
  while (safe->len > 0 && strchr (". ", safe->str[safe->len - 1]) != NULL)
    g_string_truncate (safe, safe->len - 1);
  if (safe->len == 0 || safe->str[0] == '.')
    g_string_prepend_c (safe, '_');
  return g_strdup (safe->str);
}

static guint
count_digits (guint number)
{
  guint n = 1;

  while ((number /= 10) > 0)
    n++;
  return n;
}

char *
export_dup_item_name (const Export *self, guint i)
{
  const guint n_digits = MAX (2, count_digits (self->contents->items->len));
  g_autofree char *name = g_path_get_basename (export_get_item (self, i)->path);
  const char *dot = strrchr (name, '.');
  g_autofree char *suffix = NULL;
  g_autofree char *stem = NULL;

  /* A long name loses its end, not its suffix. */
  if (dot != NULL && dot != name && strlen (dot) <= 16)
    {
      suffix = export_dup_safe_name (dot + 1, 32);
      name[dot - name] = '\0';
    }
  stem = export_dup_safe_name (name, MAX_NAME - n_digits - 1 - 34);
  return g_strdup_printf ("%0*u %s%s%s", (int) n_digits, i + 1, stem, suffix != NULL ? "." : "",
                          suffix != NULL ? suffix : "");
}

char *
export_dup_notes (const Export *self)
{
  const KalonBoard *board = self->contents->board;
  GString *text = g_string_new (board->name);

  g_string_append_c (text, '\n');
  if (*board->description != '\0')
    g_string_append_printf (text, "\n%s\n", board->description);
  for (guint i = 0; i < self->contents->items->len; i++)
    {
      const KalonBoardItem *item = export_get_item (self, i);
      g_autofree char *name = export_dup_item_name (self, i);
      g_auto (GStrv) lines = g_strsplit (item->note, "\n", -1);

      g_string_append_printf (text, "\n%s%s\n", name, item->missing ? " (missing)" : "");
      for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
          g_string_append_printf (text, "    %s\n", *line);
    }
  return g_string_free (text, FALSE);
}

static const char *
get_suffix (KalonBoardFormat format)
{
  switch (format)
    {
    case KALON_BOARD_FORMAT_ZIP:
      return ".zip";
    case KALON_BOARD_FORMAT_PDF:
      return ".pdf";
    case KALON_BOARD_FORMAT_PNG:
      return ".png";
    case KALON_BOARD_FORMAT_FOLDER:
      break;
    }
  return "";
}

char *
kalon_board_format_dup_file_name (KalonBoardFormat format, const char *name)
{
  g_autofree char *safe = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  safe = export_dup_safe_name (name, MAX_NAME - 16);
  return g_strconcat (safe, get_suffix (format), NULL);
}

char *
kalon_board_format_dup_free_path (KalonBoardFormat format, const char *folder, const char *name)
{
  g_return_val_if_fail (folder != NULL && name != NULL, NULL);

  for (guint i = 1;; i++)
    {
      g_autofree char *numbered = i > 1 ? g_strdup_printf ("%s %u", name, i) : g_strdup (name);
      g_autofree char *file = kalon_board_format_dup_file_name (format, numbered);
      g_autofree char *path = g_build_filename (folder, file, NULL);

      if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        return g_steal_pointer (&path);
    }
}
