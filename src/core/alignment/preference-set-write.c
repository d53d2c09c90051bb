/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-preference-set-private.h"

#include <math.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static void
add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static void
add_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

static void
add_number (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

/* One object on a line of its own; unrefs the builder. */
static void
end_line (GString *text, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_string_append (text, line);
  g_string_append_c (text, '\n');
  g_object_unref (builder);
}

static JsonBuilder *
begin_line (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
}

static void
add_header (GString *text, const KalonPreferenceSet *set)
{
  JsonBuilder *builder = begin_line ();

  add_string (builder, "format", KALON_PREFERENCE_FORMAT);
  add_integer (builder, "version", KALON_PREFERENCE_VERSION);
  add_string (builder, "model", set->model_hash);
  add_string (builder, "style", set->style);
  add_integer (builder, "k", set->options.k);
  add_integer (builder, "stride", set->options.stride);
  add_integer (builder, "u", set->options.u);
  add_integer (builder, "v", set->options.v);
  add_integer (builder, "count", set->queries->len);
  end_line (text, builder);
}

static void
add_query (GString *text, const KalonPreferenceQuery *query)
{
  JsonBuilder *builder = begin_line ();

  add_string (builder, "query", query->query);
  add_string (builder, "rephrased", query->rephrased);
  json_builder_set_member_name (builder, "matrix");
  json_builder_begin_array (builder);
  for (guint i = 0; i < query->cells->len; i++)
    {
      const KalonPreferenceCell *cell = query->cells->pdata[i];

      if (i % query->columns == 0)
        json_builder_begin_array (builder);
      json_builder_begin_object (builder);
      kalon_json_add_path (builder, cell->path);
      add_string (builder, "content_hash", cell->content_hash);
      add_number (builder, "semantic", cell->semantic);
      add_number (builder, "aesthetic", cell->aesthetic);
      json_builder_end_object (builder);
      if (i % query->columns == query->columns - 1)
        json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  end_line (text, builder);
}

gboolean
kalon_preference_set_save (const KalonPreferenceSet *self, const char *path, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  add_header (text, self);
  for (guint i = 0; i < self->queries->len; i++)
    {
      add_query (text, self->queries->pdata[i]);
      if (text->len > KALON_PREFERENCE_MAX_FILE)
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                       "%u preferences take more than %d MiB. Take fewer queries.",
                       self->queries->len, KALON_PREFERENCE_MAX_FILE >> 20);
          return FALSE;
        }
    }
  return g_file_set_contents_full (path, text->str, (gssize) text->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
