/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "input/kalon-input.h"
#include "json-text/kalon-json-text.h"
#include "library/kalon-library.h"

#include <math.h>
#include <stdio.h>

JsonBuilder *
kalon_cli_json_new (void)
{
  return kalon_json_begin_line ();
}

void
kalon_cli_json_print (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = kalon_json_to_text (root);
  fputs (text, stdout);
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
  kalon_json_add_text (builder, key, value);
}

void
kalon_cli_json_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  kalon_json_add_integer (builder, key, value);
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
  kalon_json_add_boolean (builder, key, value);
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
  kalon_json_add_texts (builder, key, values);
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
