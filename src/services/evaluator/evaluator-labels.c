/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

/* MS-COCO's 600,000 captions are 50 MB. */
#define MAX_LABELS_SIZE (512 * 1024 * 1024)

static void
label_free (gpointer data)
{
  KalonLabel *label = data;

  g_free (label->first);
  g_free (label->second);
  g_free (label);
}

/* (transfer full) (nullable): %NULL when the line is not of the form. */
static KalonLabel *
parse_line (const char *line, gsize length, guint text)
{
  const char *tab = memchr (line, '\t', length);
  char *parts[2];
  gboolean good;
  KalonLabel *label;

  if (tab == NULL || memchr (line, '\0', length) != NULL)
    return NULL;
  parts[0] = g_strndup (line, tab - line);
  parts[1] = g_strndup (tab + 1, line + length - tab - 1);
  good = g_utf8_validate (parts[text], -1, NULL);
  g_strstrip (parts[text]);
  label = g_new (KalonLabel, 1);
  *label = (KalonLabel){ .first = parts[0], .second = parts[1] };
  if (good && parts[0][0] != '\0' && parts[1][0] != '\0')
    return label;
  label_free (label);
  return NULL;
}

GPtrArray *
kalon_evaluator_read_labels (const char *path, const char *form, guint text, GError **error)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (label_free);
  g_autoptr (GBytes) bytes = kalon_input_read (path, MAX_LABELS_SIZE, error);
  g_autofree char *name = g_filename_display_name (path);
  const char *line, *end;
  gsize size;

  if (bytes == NULL)
    return NULL;
  line = g_bytes_get_data (bytes, &size);
  end = line + size;
  for (gsize number = 1; line < end; number++)
    {
      const char *newline = memchr (line, '\n', end - line);
      const char *next = newline != NULL ? newline + 1 : end;
      gsize length = (newline != NULL ? newline : end) - line;
      KalonLabel *label;

      if (length > 0 && line[length - 1] == '\r')
        length--;
      if (length > 0)
        {
          label = parse_line (line, length, text);
          if (label == NULL)
            {
              g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                           "%s: line %" G_GSIZE_FORMAT " is not “%s” with the words in UTF-8. "
                           "Correct it and run again.",
                           name, number, form);
              return NULL;
            }
          g_ptr_array_add (labels, label);
        }
      line = next;
    }
  if (labels->len > 0)
    return g_steal_pointer (&labels);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s: there is no line in it. Write “%s” lines.", name, form);
  return NULL;
}
