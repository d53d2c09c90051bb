/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labels/kalon-labels.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <string.h>

/* MS-COCO's 600,000 captions are 50 MB. */
#define MAX_LABELS_SIZE (512 * 1024 * 1024)

const KalonLabelForm kalon_caption_form = { "name TAB caption", 2, 1 << 1 };
const KalonLabelForm kalon_class_name_form = { "folder TAB name", 2, 1 << 1 };

static void
label_free (gpointer data)
{
  KalonLabel *label = data;

  for (guint i = 0; i < KALON_LABEL_MAX_FIELDS; i++)
    g_free (label->fields[i]);
  g_free (label);
}

/* (transfer full) (nullable): %NULL when the line is not of the form. */
static KalonLabel *
parse_line (const char *line, gsize length, const KalonLabelForm *form)
{
  KalonLabel *label = g_new0 (KalonLabel, 1);
  const char *end = line + length;
  gboolean good = memchr (line, '\0', length) == NULL;

  for (guint i = 0; good && i < form->n_fields; i++)
    {
      const char *tab = memchr (line, '\t', end - line);
      char *field = g_strndup (line, (tab != NULL ? tab : end) - line);

      label->fields[i] = field;
      if (form->words & (1U << i))
        {
          good = g_utf8_validate (field, -1, NULL);
          g_strstrip (field);
        }
      /* Behind every field a TAB, behind the last one nothing. */
      good = good && field[0] != '\0' && (tab != NULL) == (i + 1 < form->n_fields);
      line = tab != NULL ? tab + 1 : end;
    }
  if (good)
    return label;
  label_free (label);
  return NULL;
}

GPtrArray *
kalon_labels_read (const char *path, const KalonLabelForm *form, GError **error)
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
          label = parse_line (line, length, form);
          if (label == NULL)
            {
              g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                           "%s: line %" G_GSIZE_FORMAT " is not “%s” with the words in UTF-8. "
                           "Correct it and run again.",
                           name, number, form->text);
              return NULL;
            }
          g_ptr_array_add (labels, label);
        }
      line = next;
    }
  if (labels->len > 0)
    return g_steal_pointer (&labels);
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s: there is no line in it. Write “%s” lines.", name, form->text);
  return NULL;
}

void
kalon_captioned_clear (KalonCaptioned *captioned)
{
  g_clear_pointer (&captioned->names, g_ptr_array_unref);
  g_clear_pointer (&captioned->paths, g_ptr_array_unref);
  g_clear_pointer (&captioned->captions, g_ptr_array_unref);
}

void
kalon_labels_group_captions (GPtrArray *labels, const char *images, KalonCaptioned *captioned)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  captioned->names = g_ptr_array_new ();
  captioned->paths = g_ptr_array_new_with_free_func (g_free);
  captioned->captions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < labels->len; i++)
    {
      const KalonLabel *label = g_ptr_array_index (labels, i);
      GPtrArray *captions = g_hash_table_lookup (known, label->fields[0]);

      if (captions == NULL)
        {
          captions = g_ptr_array_new ();
          g_hash_table_insert (known, label->fields[0], captions);
          g_ptr_array_add (captioned->names, label->fields[0]);
          g_ptr_array_add (captioned->captions, captions);
          g_ptr_array_add (captioned->paths, g_build_filename (images, label->fields[0], NULL));
        }
      g_ptr_array_add (captions, label->fields[1]);
    }
}
