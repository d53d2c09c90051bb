/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <string.h>

const char *const kalon_hpir_group_keys[2] = { "group_a", "group_b" };

/* An element of a group: an object, or in the plain form a path alone. */
static gboolean
read_picture (const KalonSection *section, const char *key, JsonNode *node, KalonHpirItem *item,
              guint group, GError **error)
{
  KalonSection inner = { .file = section->file, .section = key };
  g_autofree char *path = NULL;
  const char *hash = NULL;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      path = json_node_dup_string (node);
      if (*path == '\0' || strlen (path) > KALON_HPIR_MAX_PATH)
        return kalon_section_refuse (section, key, error, "has what is not a file's name.");
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      inner.object = json_node_get_object (node);
      path = kalon_section_dup_path (&inner, KALON_HPIR_MAX_PATH, error);
      if (path == NULL)
        return FALSE;
      if (kalon_section_get (&inner, "content_hash") != NULL)
        {
          hash = kalon_section_take_hash (&inner, "content_hash", error);
          if (hash == NULL)
            return FALSE;
        }
    }
  else
    return kalon_section_refuse (section, key, error, "has an element that is no picture.");
  kalon_hpir_item_add_picture (item, group, path, hash);
  return TRUE;
}

static gboolean
read_group (const KalonSection *section, KalonHpirItem *item, guint group, GError **error)
{
  const char *key = kalon_hpir_group_keys[group];
  JsonNode *node = kalon_section_get (section, key);
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > KALON_HPIR_MAX_GROUP)
    return kalon_section_refuse (section, key, error, "is not an array of 1 to %d pictures.",
                                 KALON_HPIR_MAX_GROUP);
  for (guint i = 0; i < n; i++)
    if (!read_picture (section, key, json_array_get_element (array, i), item, group, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_systems (const KalonSection *section, KalonHpirItem *item, GError **error)
{
  JsonNode *node = kalon_section_get (section, "systems");
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node == NULL)
    return TRUE;
  for (guint i = 0; i < 2 && array != NULL && json_array_get_length (array) == 2; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *key
          = JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
                ? json_node_get_string (element)
                : "";

      if (*key == '\0' || strlen (key) > KALON_HPIR_MAX_SYSTEM)
        break;
      item->systems[i] = g_strdup (key);
    }
  return item->systems[1] != NULL
         || kalon_section_refuse (section, "systems", error, "is not an array of two texts.");
}

static gboolean
read_votes (const KalonSection *section, KalonHpirItem *item, GError **error)
{
  JsonNode *node = kalon_section_get (section, "votes");
  KalonSection inner = { .file = section->file, .section = "votes" };

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (section, "votes", error, "is not an object.");
  inner.object = json_node_get_object (node);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      const char *key = kalon_hpir_aspect_get_name (aspect);
      JsonNode *pair = kalon_section_get (&inner, key);
      JsonArray *array
          = pair != NULL && JSON_NODE_HOLDS_ARRAY (pair) ? json_node_get_array (pair) : NULL;

      if (pair == NULL)
        continue;
      for (guint i = 0; i < 2; i++)
        {
          JsonNode *number = array != NULL && json_array_get_length (array) == 2
                                 ? json_array_get_element (array, i)
                                 : NULL;

          if (number == NULL || !JSON_NODE_HOLDS_VALUE (number)
              || json_node_get_value_type (number) != G_TYPE_INT64 || json_node_get_int (number) < 0
              || json_node_get_int (number) > KALON_HPIR_MAX_VOTES)
            return kalon_section_refuse (&inner, key, error,
                                         "is not an array of two numbers from 0 to %d.",
                                         KALON_HPIR_MAX_VOTES);
          item->votes[aspect][i] = (guint) json_node_get_int (number);
        }
    }
  return TRUE;
}

static gboolean
read_vote (const KalonSection *section, KalonHpirAspect aspect, KalonHpirVote *vote, GError **error)
{
  const char *key = kalon_hpir_aspect_get_name (aspect);
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return FALSE;
  return kalon_hpir_vote_find (value, vote)
         || kalon_section_refuse (section, key, error, "is none of “a”, “b”, “neither”.");
}

static gboolean
read_label (const KalonSection *outer, JsonNode *node, KalonHpirItem *item, GHashTable *labelers,
            GError **error)
{
  KalonSection section = { .file = outer->file, .section = "labels" };
  KalonHpirLabel label = { 0 };
  const char *id;
  gint64 repeat = 0;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (outer, "labels", error, "has an element that is no object.");
  section.object = json_node_get_object (node);
  id = kalon_section_take_text (&section, "labeler", KALON_HPIR_MAX_WORD, error);
  if (id == NULL)
    return FALSE;
  label.labeler = GPOINTER_TO_UINT (g_hash_table_lookup (labelers, id));
  if (label.labeler-- == 0)
    return kalon_section_refuse (&section, "labeler", error,
                                 "is none of the “labelers” of the first line.");
  if (!kalon_section_get_integer (&section, "repeat", 0, KALON_HPIR_MAX_REPEAT, &repeat, error)
      || !kalon_section_get_boolean (&section, "swapped", &label.swapped, error)
      || !kalon_section_get_integer (&section, "time", 0, G_MAXINT64, &label.time, error)
      || !kalon_section_get_number (&section, "seconds", 0, KALON_HPIR_MAX_SECONDS, &label.seconds,
                                    error))
    return FALSE;
  label.repeat = (guint) repeat;
  if (kalon_hpir_item_find_label (item, label.labeler, label.repeat) != NULL)
    return kalon_section_refuse (&section, "labeler", error,
                                 "has answered this item before, with the same “repeat”.");
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (!read_vote (&section, aspect, &label.votes[aspect], error))
      return FALSE;
  kalon_hpir_item_add_label (item, &label);
  return TRUE;
}

static gboolean
read_labels (const KalonSection *section, KalonHpirItem *item, GHashTable *labelers, GError **error)
{
  JsonNode *node = kalon_section_get (section, "labels");
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) > KALON_HPIR_MAX_LABELS)
    return kalon_section_refuse (section, "labels", error, "is not an array of %d labels at most.",
                                 KALON_HPIR_MAX_LABELS);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_label (section, json_array_get_element (array, i), item, labelers, error))
      return FALSE;
  return TRUE;
}

gboolean
kalon_hpir_read_item (const KalonSection *section, KalonHpirSet *set, GHashTable *labelers,
                      GError **error)
{
  const char *id = kalon_section_take_text (section, "id", KALON_HPIR_MAX_WORD, error);
  const char *query
      = id != NULL ? kalon_section_take_text (section, "query", KALON_HPIR_MAX_TEXT, error) : NULL;
  KalonHpirItem *item;

  if (query == NULL)
    return FALSE;
  if (*id == '\0' || kalon_hpir_set_find_item (set, id) != NULL)
    return kalon_section_refuse (section, "id", error,
                                 *id == '\0' ? "is empty." : "is that of an item before.");
  item = kalon_hpir_set_add_item (set, id, query);
  return kalon_hpir_read_texts (section, "rephrased", KALON_HPIR_MAX_STYLES, KALON_HPIR_MAX_TEXT,
                                item->rephrased, error)
         && kalon_section_copy_text (section, "kind", KALON_HPIR_MAX_WORD, &item->kind, error)
         && read_systems (section, item, error) && read_group (section, item, 0, error)
         && read_group (section, item, 1, error) && read_votes (section, item, error)
         && read_labels (section, item, labelers, error);
}
