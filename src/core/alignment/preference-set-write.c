/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-preference-set-private.h"

#include <math.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

/* (transfer full) */
static char *
make_header (const KalonPreferenceSet *set)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "format", KALON_PREFERENCE_FORMAT);
  kalon_json_add_integer (builder, "version", KALON_PREFERENCE_VERSION);
  kalon_json_add_text (builder, "model", set->model_hash);
  kalon_json_add_text (builder, "style", set->style);
  kalon_json_add_integer (builder, "k", set->options.k);
  kalon_json_add_integer (builder, "stride", set->options.stride);
  kalon_json_add_integer (builder, "u", set->options.u);
  kalon_json_add_integer (builder, "v", set->options.v);
  kalon_json_add_integer (builder, "count", set->queries->len);
  return kalon_json_end_line (builder);
}

/* (transfer full) */
static char *
make_query (const KalonPreferenceQuery *query)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "query", query->query);
  kalon_json_add_text (builder, "rephrased", query->rephrased);
  json_builder_set_member_name (builder, "matrix");
  json_builder_begin_array (builder);
  for (guint i = 0; i < query->cells->len; i++)
    {
      const KalonPreferenceCell *cell = query->cells->pdata[i];

      if (i % query->columns == 0)
        json_builder_begin_array (builder);
      json_builder_begin_object (builder);
      kalon_json_add_path (builder, cell->path);
      kalon_json_add_text (builder, "content_hash", cell->content_hash);
      kalon_json_add_number (builder, "semantic", cell->semantic);
      kalon_json_add_number (builder, "aesthetic", cell->aesthetic);
      json_builder_end_object (builder);
      if (i % query->columns == query->columns - 1)
        json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
  return kalon_json_end_line (builder);
}

gboolean
kalon_preference_set_save (const KalonPreferenceSet *self, const char *path, GError **error)
{
  g_autofree char *header = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  header = make_header (self);
  text = g_string_new (header);
  for (guint i = 0; i < self->queries->len; i++)
    {
      g_autofree char *line = make_query (self->queries->pdata[i]);

      g_string_append (text, line);
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
