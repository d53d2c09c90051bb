/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json-text/kalon-json-text.h"

#include <math.h>
#include <string.h>

static const char *
append_number (GString *text, const char *number)
{
  char shortest[G_ASCII_DTOSTR_BUF_SIZE];
  gsize length = strspn (number, "+-.0123456789eE");
  g_autofree char *whole = g_strndup (number, length);
  double value = g_ascii_strtod (whole, NULL);

  g_ascii_formatd (shortest, sizeof shortest, "%.15g", value);
  g_string_append (text, strpbrk (whole, ".e") != NULL && strlen (shortest) < length
                                 && g_ascii_strtod (shortest, NULL) == value
                             ? shortest
                             : whole);
  return number + length;
}

char *
kalon_json_to_text (JsonNode *node)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *written = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean quoted = FALSE;

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, TRUE);
  written = json_generator_to_data (generator, NULL);
  for (const char *c = written; *c != '\0';)
    if (!quoted && (*c == '-' || g_ascii_isdigit (*c)))
      c = append_number (text, c);
    else
      {
        if (*c == '"')
          quoted = !quoted;
        if (*c == '\x1f')
          g_string_append (text, "\\u001f");
        else
          g_string_append_c (text, *c);
        if (*c == '\\')
          g_string_append_c (text, *++c);
        c++;
      }
  g_string_append_c (text, '\n');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

JsonNode *
kalon_json_node_new_figure (double value)
{
  JsonNode *node = json_node_alloc ();
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return json_node_init_null (node);
  g_ascii_formatd (text, sizeof text, "%.6g", value);
  return json_node_init_double (node, g_ascii_strtod (text, NULL));
}
