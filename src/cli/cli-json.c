/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "input/kalon-input.h"
#include "library/kalon-library.h"

#include <math.h>
#include <stdio.h>

JsonBuilder *
kalon_cli_json_new (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

/* json-glib writes 17 digits of a number, 4.8606689999999997: as many as it takes are printed. */
static const char *
print_number (const char *number)
{
  char shortest[G_ASCII_DTOSTR_BUF_SIZE];
  gsize length = strspn (number, "+-.0123456789eE");
  g_autofree char *whole = g_strndup (number, length);
  double value = g_ascii_strtod (whole, NULL);

  g_ascii_formatd (shortest, sizeof shortest, "%.15g", value);
  fputs (strchr (whole, '.') != NULL && strlen (shortest) < length
                 && g_ascii_strtod (shortest, NULL) == value
             ? shortest
             : whole,
         stdout);
  return number + length;
}

static void
print_document (const char *text)
{
  gboolean quoted = FALSE;

  while (*text != '\0')
    if (!quoted && (*text == '-' || g_ascii_isdigit (*text)))
      text = print_number (text);
    else
      {
        if (*text == '"')
          quoted = !quoted;
        /* json-glib 1.6 escapes every control character but the last one. */
        if (*text == '\x1f')
          fputs ("\\u001f", stdout);
        else
          putchar (*text);
        if (*text == '\\')
          putchar (*++text);
        text++;
      }
  putchar ('\n');
}

void
kalon_cli_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  print_document (text);
}

void
kalon_cli_json_error (const char *message)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

  kalon_cli_json_string (builder, "error", message);
  kalon_cli_json_print (builder);
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
  if (path != NULL && !g_utf8_validate (path, -1, NULL))
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
