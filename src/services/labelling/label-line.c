/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* As in an HPIR set: bytes of a trait and of its name, and how many. */
#define MAX_WORD 256
#define MAX_TRAITS 16

char *
kalon_label_head_to_line (const KalonLabelHead *head)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "format", KALON_LABELS_FORMAT);
  kalon_json_add_integer (builder, "version", KALON_LABELS_VERSION);
  kalon_json_add_integer (builder, "created", head->created);
  kalon_json_add_integer (builder, "seed", head->seed);
  kalon_json_add_number (builder, "repeats", head->repeats);
  return kalon_json_end_line (builder);
}

gboolean
kalon_label_head_from_line (const char *line, gsize length, const char *where, KalonLabelHead *head,
                            GError **error)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (line, length, where, error);
  gint64 seed = 0;
  KalonSection section;

  if (node == NULL)
    return FALSE;
  section = (KalonSection){ json_node_get_object (node), where, NULL };
  *head = (KalonLabelHead){ 0 };
  if (!kalon_section_check_format (&section, KALON_LABELS_FORMAT, KALON_LABELS_VERSION, error)
      || !kalon_section_get_integer (&section, "created", 0, G_MAXINT64, &head->created, error)
      || !kalon_section_get_integer (&section, "seed", 0, G_MAXUINT32, &seed, error)
      || !kalon_section_get_number (&section, "repeats", 0, 1, &head->repeats, error))
    return FALSE;
  head->seed = (guint32) seed;
  return TRUE;
}

void
kalon_label_line_free (KalonLabelLine *line)
{
  if (line == NULL)
    return;
  g_free (line->labeler);
  g_free (line->item);
  g_clear_pointer (&line->traits, g_hash_table_unref);
  g_free (line);
}

static void
add_label (JsonBuilder *builder, const KalonHpirLabel *label)
{
  kalon_json_add_integer (builder, "repeat", label->repeat);
  kalon_json_add_boolean (builder, "swapped", label->swapped);
  json_builder_set_member_name (builder, "votes");
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (label->votes[aspect] != KALON_HPIR_UNASKED)
      kalon_json_add_text (builder, kalon_hpir_aspect_get_name (aspect),
                           kalon_hpir_vote_get_name (label->votes[aspect]));
  json_builder_end_object (builder);
  kalon_json_add_number (builder, "seconds", label->seconds);
}

char *
kalon_label_line_to_text (const KalonLabelLine *line)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_integer (builder, "time", line->label.time);
  kalon_json_add_text (builder, "labeler", line->labeler);
  if (line->item != NULL)
    {
      kalon_json_add_text (builder, "item", line->item);
      add_label (builder, &line->label);
    }
  else
    kalon_json_add_text_table (builder, "traits", line->traits);
  return kalon_json_end_line (builder);
}

/* A text that must be there. */
static gboolean
get_text (const KalonSection *section, const char *key, char **text, GError **error)
{
  const char *value = NULL;

  if (!kalon_section_get_string (section, key, &value, error))
    return FALSE;
  if (value == NULL || *value == '\0')
    return kalon_section_refuse (section, key, error, "is missing");
  if (strlen (value) > MAX_WORD)
    return kalon_section_refuse (section, key, error, "is longer than %d bytes", MAX_WORD);
  *text = g_strdup (value);
  return TRUE;
}

/* @inner: (out): the object that must be there. */
static gboolean
get_object (const KalonSection *section, const char *key, KalonSection *inner, GError **error)
{
  JsonNode *node = kalon_section_get (section, key);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (section, key, error, "is not an object");
  *inner = (KalonSection){ json_node_get_object (node), section->file, key };
  return TRUE;
}

gboolean
kalon_label_traits_check (GHashTable *traits, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, traits);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (*(char *) key == '\0' || *(char *) value == '\0' || strlen (key) > MAX_WORD
        || strlen (value) > MAX_WORD || !g_utf8_validate (key, -1, NULL)
        || !g_utf8_validate (value, -1, NULL))
      {
        g_set_error (
            error, KALON_ERROR, KALON_ERROR_ARGUMENT,
            "What is known of a labeler, and what it is called, are 1 to %d bytes of UTF-8 each.",
            MAX_WORD);
        return FALSE;
      }
  if (g_hash_table_size (traits) <= MAX_TRAITS)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "At most %d things are known of a labeler.", MAX_TRAITS);
  return FALSE;
}

static gboolean
get_traits (const KalonSection *section, GHashTable **traits, GError **error)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GList) keys = NULL;
  KalonSection inner;

  if (!get_object (section, "traits", &inner, error))
    return FALSE;
  keys = json_object_get_members (inner.object);
  for (GList *key = keys; key != NULL; key = key->next)
    {
      const char *value = NULL;

      if (!kalon_section_get_string (&inner, key->data, &value, error))
        return FALSE;
      g_hash_table_insert (found, g_strdup (key->data), g_strdup (value != NULL ? value : ""));
    }
  if (!kalon_label_traits_check (found, &reason))
    return kalon_section_refuse (section, "traits", error, "are refused: %s", reason->message);
  *traits = g_steal_pointer (&found);
  return TRUE;
}

static gboolean
get_votes (const KalonSection *section, KalonHpirLabel *label, GError **error)
{
  gboolean any = FALSE;
  KalonSection inner;

  if (!get_object (section, "votes", &inner, error))
    return FALSE;
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      const char *name = kalon_hpir_aspect_get_name (aspect);
      const char *value = NULL;

      if (!kalon_section_get_string (&inner, name, &value, error))
        return FALSE;
      if (!kalon_hpir_vote_find (value, &label->votes[aspect]))
        return kalon_section_refuse (&inner, name, error, "is not “a”, “b” or “neither”");
      any = any || value != NULL;
    }
  return any || kalon_section_refuse (section, "votes", error, "has no vote");
}

KalonLabelLine *
kalon_label_line_from_text (const char *text, gsize length, const char *where, GError **error)
{
  g_autoptr (JsonNode) node = kalon_input_parse_json (text, length, where, error);
  g_autoptr (KalonLabelLine) line = g_new0 (KalonLabelLine, 1);
  KalonHpirLabel *label = &line->label;
  gint64 repeat = 0;
  KalonSection section;

  if (node == NULL)
    return NULL;
  section = (KalonSection){ json_node_get_object (node), where, NULL };
  if (!kalon_section_get_integer (&section, "time", 0, G_MAXINT64, &label->time, error)
      || !get_text (&section, "labeler", &line->labeler, error))
    return NULL;
  if (kalon_section_get (&section, "item") == NULL)
    return get_traits (&section, &line->traits, error) ? g_steal_pointer (&line) : NULL;
  if (!get_text (&section, "item", &line->item, error)
      || !kalon_section_get_integer (&section, "repeat", 0, 1, &repeat, error)
      || !kalon_section_get_boolean (&section, "swapped", &label->swapped, error)
      || !kalon_section_get_number (&section, "seconds", 0, KALON_LABEL_MAX_SECONDS,
                                    &label->seconds, error)
      || !get_votes (&section, label, error))
    return NULL;
  label->repeat = (guint) repeat;
  return g_steal_pointer (&line);
}
