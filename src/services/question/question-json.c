/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/kalon-question.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define FILE_NAME "the search"
#define MAX_TERMS 64
#define MAX_WEIGHT 1000.0

static void
add_term (JsonBuilder *builder, const KalonTerm *term)
{
  json_builder_begin_object (builder);
  if (term->kind == KALON_TERM_PICTURE)
    {
      /* File names are bytes and need not be UTF-8. */
      g_autofree char *path = g_canonicalize_filename (term->value, NULL);
      g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

      kalon_json_add_text (builder, "picture", uri);
    }
  else
    kalon_json_add_text (builder, "words", term->value);
  json_builder_set_member_name (builder, "weight");
  /* What a float holds, without the digits that it does not. */
  json_builder_add_double_value (builder, round (term->weight * 1e4) / 1e4);
  json_builder_end_object (builder);
}

char *
kalon_question_to_json (const KalonQuestion *self)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  kalon_json_add_text (builder, "text", self->text);
  json_builder_set_member_name (builder, "terms");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->terms->len; i++)
    add_term (builder, g_ptr_array_index (self->terms, i));
  json_builder_end_array (builder);
  kalon_json_add_text (builder, "filter", self->filter);
  kalon_json_add_integer (builder, "strictness", self->strictness);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
read_term (KalonQuestion *self, JsonNode *node, GError **error)
{
  KalonSection section = { NULL, FILE_NAME, "terms" };
  const char *words = NULL, *picture = NULL;
  g_autofree char *path = NULL;
  double weight = 1;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (&section, "[]", error, "is no object");
  section.object = json_node_get_object (node);
  if (!kalon_section_get_string (&section, "words", &words, error)
      || !kalon_section_get_string (&section, "picture", &picture, error)
      || !kalon_section_get_number (&section, "weight", -MAX_WEIGHT, MAX_WEIGHT, &weight, error))
    return FALSE;
  if (weight == 0)
    return kalon_section_refuse (&section, "weight", error, "is 0");
  if ((words == NULL) == (picture == NULL))
    return kalon_section_refuse (&section, "words", error, "or “picture” must be there, not both");
  path = picture != NULL ? g_filename_from_uri (picture, NULL, NULL) : NULL;
  if (picture != NULL && path == NULL)
    return kalon_section_refuse (&section, "picture", error, "is no address of a file");
  kalon_question_add_term (self, path != NULL ? KALON_TERM_PICTURE : KALON_TERM_TEXT,
                           path != NULL ? path : words, (float) weight);
  return TRUE;
}

static gboolean
read_terms (KalonQuestion *self, const KalonSection *section, GError **error)
{
  JsonNode *node = kalon_section_get (section, "terms");
  JsonArray *terms;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node)
      || json_array_get_length (json_node_get_array (node)) > MAX_TERMS)
    return kalon_section_refuse (section, "terms", error, "is no list of up to %d terms",
                                 MAX_TERMS);
  terms = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (terms); i++)
    if (!read_term (self, json_array_get_element (terms, i), error))
      return FALSE;
  return TRUE;
}

KalonQuestion *
kalon_question_from_json (const char *json, GError **error)
{
  g_autoptr (KalonQuestion) self = NULL;
  g_autoptr (JsonNode) root = NULL;
  KalonSection section = { NULL, FILE_NAME, NULL };
  const char *text = "", *filter = "";
  gint64 strictness = KALON_STRICTNESS_OF_MODEL;

  g_return_val_if_fail (json != NULL, NULL);

  root = kalon_input_parse_json (json, strlen (json), FILE_NAME, error);
  if (root == NULL)
    return NULL;
  section.object = json_node_get_object (root);
  self = kalon_question_new ();
  if (!kalon_section_get_string (&section, "text", &text, error)
      || !kalon_section_get_string (&section, "filter", &filter, error)
      || !kalon_section_get_integer (&section, "strictness", KALON_STRICTNESS_OF_MODEL, 100,
                                     &strictness, error)
      || !read_terms (self, &section, error))
    return NULL;
  kalon_question_set_text (self, text);
  kalon_question_set_filter (self, filter);
  self->strictness = (int) strictness;
  return g_steal_pointer (&self);
}
