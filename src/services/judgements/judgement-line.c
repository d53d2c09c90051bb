/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgements/kalon-judgements-private.h"

#include "input/kalon-input.h"

static const char *const sides[] = { "left", "right" };
static const char *const picture_keys[] = { "left_pictures", "right_pictures" };

char *
kalon_judgements_dup_head (void)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "format", KALON_JUDGEMENTS_FORMAT);
  kalon_json_add_integer (builder, "version", KALON_JUDGEMENTS_VERSION);
  return kalon_json_end_line (builder);
}

char *
kalon_judgement_to_line (const KalonJudgement *judgement)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_integer (builder, "time", judgement->time);
  kalon_json_add_text (builder, "query", judgement->query);
  kalon_json_add_text (builder, "rephrased", judgement->rephrased);
  kalon_json_add_text (builder, "model", judgement->model);
  for (guint side = 0; side < 2; side++)
    kalon_json_add_text (builder, sides[side], judgement->rankings[side]);
  kalon_json_add_text (builder, "preferred",
                       judgement->preferred != KALON_PREFERRED_NEITHER
                           ? sides[judgement->preferred - KALON_PREFERRED_LEFT]
                           : NULL);
  for (guint side = 0; side < 2; side++)
    kalon_json_add_texts (builder, picture_keys[side],
                          (const char *const *) judgement->pictures[side]);
  return kalon_json_end_line (builder);
}

gboolean
kalon_judgements_check_head (const char *line, gsize length, const char *where, GError **error)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (line, length, where, error);
  KalonSection section;

  if (node == NULL)
    return FALSE;
  section = (KalonSection){ json_node_get_object (node), where, NULL };
  return kalon_section_check_format (&section, KALON_JUDGEMENTS_FORMAT, KALON_JUDGEMENTS_VERSION,
                                     error);
}

/* A text that must be there. */
static gboolean
get_text (const KalonSection *section, const char *key, char **text, GError **error)
{
  *text = g_strdup (kalon_section_take_text (section, key, G_MAXSIZE, error));
  return *text != NULL;
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
      || !kalon_section_copy_text (&section, "rephrased", G_MAXSIZE, &judgement->rephrased, error)
      || !kalon_section_copy_text (&section, "model", G_MAXSIZE, &judgement->model, error)
      || !get_preferred (&section, &judgement->preferred, error))
    return NULL;
  for (guint side = 0; side < 2; side++)
    if (!get_text (&section, sides[side], &judgement->rankings[side], error)
        || !get_pictures (&section, picture_keys[side], &judgement->pictures[side], error))
      return NULL;
  return g_steal_pointer (&judgement);
}
