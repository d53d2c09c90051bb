/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgements/kalon-judgements-private.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static const char *const sides[] = { "left", "right" };
static const char *const picture_keys[] = { "left_pictures", "right_pictures" };

static void
add_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

/* (transfer full) */
static char *
end_line (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *line = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  return g_strconcat (line, "\n", NULL);
}

char *
kalon_judgements_dup_head (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "format", KALON_JUDGEMENTS_FORMAT);
  add_integer (builder, "version", KALON_JUDGEMENTS_VERSION);
  return end_line (builder);
}

char *
kalon_judgement_to_line (const KalonJudgement *judgement)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_integer (builder, "time", judgement->time);
  add_string (builder, "query", judgement->query);
  add_string (builder, "rephrased", judgement->rephrased);
  add_string (builder, "model", judgement->model);
  for (guint side = 0; side < 2; side++)
    add_string (builder, sides[side], judgement->rankings[side]);
  add_string (builder, "preferred",
              judgement->preferred != KALON_PREFERRED_NEITHER
                  ? sides[judgement->preferred - KALON_PREFERRED_LEFT]
                  : NULL);
  for (guint side = 0; side < 2; side++)
    {
      json_builder_set_member_name (builder, picture_keys[side]);
      json_builder_begin_array (builder);
      for (gsize i = 0; judgement->pictures[side] != NULL && judgement->pictures[side][i] != NULL;
           i++)
        json_builder_add_string_value (builder, judgement->pictures[side][i]);
      json_builder_end_array (builder);
    }
  return end_line (builder);
}

gboolean
kalon_judgements_check_head (const char *line, gsize length, const char *where, GError **error)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (line, length, where, error);
  const char *format = NULL;
  gint64 version = 0;
  KalonSection section;

  if (node == NULL)
    return FALSE;
  section = (KalonSection){ json_node_get_object (node), where, NULL };
  if (!kalon_section_get_string (&section, "format", &format, error)
      || !kalon_section_get_integer (&section, "version", 0, G_MAXINT64, &version, error))
    return FALSE;
  if (g_strcmp0 (format, KALON_JUDGEMENTS_FORMAT) != 0)
    return kalon_section_refuse (&section, "format", error, "is not “%s”", KALON_JUDGEMENTS_FORMAT);
  if (version == KALON_JUDGEMENTS_VERSION)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
               "%s: version %" G_GINT64_FORMAT " was written by another Kalon; this one reads "
               "version %d.",
               where, version, KALON_JUDGEMENTS_VERSION);
  return FALSE;
}

/* A text that must be there. */
static gboolean
get_text (const KalonSection *section, const char *key, char **text, GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return FALSE;
  if (value == NULL)
    return kalon_section_refuse (section, key, error, "is missing");
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
get_optional (const KalonSection *section, const char *key, char **text, GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return FALSE;
  *text = g_strdup (value);
  return TRUE;
}

static gboolean
get_preferred (const KalonSection *section, KalonPreferred *preferred, GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, "preferred", &value, error))
    return FALSE;
  *preferred = KALON_PREFERRED_NEITHER;
  if (value == NULL)
    return TRUE;
  for (guint side = 0; side < 2; side++)
    if (g_str_equal (value, sides[side]))
      {
        *preferred = KALON_PREFERRED_LEFT + side;
        return TRUE;
      }
  return kalon_section_refuse (section, "preferred", error, "is neither “left” nor “right”");
}

static gboolean
get_pictures (const KalonSection *section, const char *key, GStrv *pictures, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonNode *node = kalon_section_get (section, key);
  JsonArray *array;

  if (node != NULL && !JSON_NODE_HOLDS_ARRAY (node))
    return kalon_section_refuse (section, key, error, "is not a list");
  array = node != NULL ? json_node_get_array (node) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
        return kalon_section_refuse (section, key, error, "has an element that is no text");
      g_strv_builder_add (builder, json_node_get_string (element));
    }
  *pictures = g_strv_builder_end (builder);
  return TRUE;
}

KalonJudgement *
kalon_judgement_from_line (const char *line, gsize length, const char *where, GError **error)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (line, length, where, error);
  g_autoptr (KalonJudgement) judgement = g_new0 (KalonJudgement, 1);
  KalonSection section;

  if (node == NULL)
    return NULL;
  section = (KalonSection){ json_node_get_object (node), where, NULL };
  if (!kalon_section_get_integer (&section, "time", 0, G_MAXINT64, &judgement->time, error)
      || !get_text (&section, "query", &judgement->query, error)
      || !get_optional (&section, "rephrased", &judgement->rephrased, error)
      || !get_optional (&section, "model", &judgement->model, error)
      || !get_preferred (&section, &judgement->preferred, error))
    return NULL;
  for (guint side = 0; side < 2; side++)
    if (!get_text (&section, sides[side], &judgement->rankings[side], error)
        || !get_pictures (&section, picture_keys[side], &judgement->pictures[side], error))
      return NULL;
  return g_steal_pointer (&judgement);
}
