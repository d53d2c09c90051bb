/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

static void
add_string (JsonBuilder *builder, const char *key, const char *value)
{
  /* A system may be named after a folder, whose name is bytes. */
  g_autofree char *text = value != NULL ? kalon_input_dup_utf8 (value) : NULL;

  json_builder_set_member_name (builder, key);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_integer (JsonBuilder *builder, const char *key, gint64 value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (a, b);
}

/* Sorted: the same set makes the same file. */
static void
add_texts (JsonBuilder *builder, const char *key, GHashTable *texts)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (texts), compare_texts);

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (GList *n = names; n != NULL; n = n->next)
    add_string (builder, n->data, g_hash_table_lookup (texts, n->data));
  json_builder_end_object (builder);
}

static JsonBuilder *
begin_line (void)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  return builder;
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

static void
add_head (GString *text, const KalonHpirSet *set)
{
  JsonBuilder *builder = begin_line ();

  add_string (builder, "format", KALON_HPIR_FORMAT);
  add_integer (builder, "version", KALON_HPIR_VERSION);
  add_string (builder, "name", set->name);
  json_builder_set_member_name (builder, "synthetic");
  json_builder_add_boolean_value (builder, set->synthetic);
  add_string (builder, "made_from", set->made_from);
  json_builder_set_member_name (builder, "labelers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = set->labelers->pdata[i];

      json_builder_begin_object (builder);
      add_string (builder, "id", labeler->id);
      add_texts (builder, "traits", labeler->traits);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_integer (builder, "count", set->items->len);
  end_line (text, builder);
}

static void
add_group (JsonBuilder *builder, const KalonHpirItem *item, guint group)
{
  json_builder_set_member_name (builder, kalon_hpir_group_keys[group]);
  json_builder_begin_array (builder);
  for (guint i = 0; i < item->groups[group]->len; i++)
    {
      const KalonHpirPicture *picture = item->groups[group]->pdata[i];

      json_builder_begin_object (builder);
      kalon_json_add_path (builder, picture->path);
      if (picture->content_hash != NULL)
        add_string (builder, "content_hash", picture->content_hash);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_votes (JsonBuilder *builder, const KalonHpirItem *item)
{
  json_builder_set_member_name (builder, "votes");
  json_builder_begin_object (builder);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    {
      json_builder_set_member_name (builder, kalon_hpir_aspect_get_name (aspect));
      json_builder_begin_array (builder);
      for (guint i = 0; i < 2; i++)
        json_builder_add_int_value (builder, item->votes[aspect][i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
}

static void
add_label (JsonBuilder *builder, const KalonHpirSet *set, const KalonHpirLabel *label)
{
  const KalonHpirLabeler *labeler = set->labelers->pdata[label->labeler];

  json_builder_begin_object (builder);
  add_string (builder, "labeler", labeler->id);
  add_integer (builder, "repeat", label->repeat);
  json_builder_set_member_name (builder, "swapped");
  json_builder_add_boolean_value (builder, label->swapped);
  add_integer (builder, "time", label->time);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, round (label->seconds * 1e3) / 1e3);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    add_string (builder, kalon_hpir_aspect_get_name (aspect),
                kalon_hpir_vote_get_name (label->votes[aspect]));
  json_builder_end_object (builder);
}

static void
add_item (GString *text, const KalonHpirSet *set, const KalonHpirItem *item)
{
  JsonBuilder *builder = begin_line ();

  add_string (builder, "id", item->id);
  add_string (builder, "query", item->query);
  add_texts (builder, "rephrased", item->rephrased);
  if (item->kind != NULL)
    add_string (builder, "kind", item->kind);
  if (item->systems[0] != NULL && item->systems[1] != NULL)
    {
      json_builder_set_member_name (builder, "systems");
      json_builder_begin_array (builder);
      for (guint i = 0; i < 2; i++)
        {
          g_autofree char *key = kalon_input_dup_utf8 (item->systems[i]);

          json_builder_add_string_value (builder, key);
        }
      json_builder_end_array (builder);
    }
  add_group (builder, item, 0);
  add_group (builder, item, 1);
  add_votes (builder, item);
  json_builder_set_member_name (builder, "labels");
  json_builder_begin_array (builder);
  for (guint i = 0; i < item->labels->len; i++)
    add_label (builder, set, &g_array_index (item->labels, KalonHpirLabel, i));
  json_builder_end_array (builder);
  end_line (text, builder);
}

GBytes *
kalon_hpir_set_to_bytes (const KalonHpirSet *set, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (set != NULL, NULL);

  add_head (text, set);
  for (guint i = 0; i < set->items->len; i++)
    {
      add_item (text, set, set->items->pdata[i]);
      if (text->len > KALON_HPIR_MAX_FILE)
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                       "%u items take more than %d MiB. Make sets of fewer items.", set->items->len,
                       KALON_HPIR_MAX_FILE >> 20);
          return NULL;
        }
    }
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

gboolean
kalon_hpir_set_write (const KalonHpirSet *set, const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) reason = NULL;
  const char *data;
  const char *why;
  gsize size;

  g_return_val_if_fail (set != NULL && path != NULL, FALSE);

  bytes = kalon_hpir_set_to_bytes (set, error);
  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &size);
  if (g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &reason))
    return TRUE;
  /* GLib's message begins with the name of a temporary file. */
  why = g_strrstr (reason->message, ": ");
  g_set_error (
      error, reason->domain, reason->code,
      "%s could not be written: %s. Name a file in a folder that is there and that you may "
      "write into.",
      path, why != NULL ? why + 2 : reason->message);
  return FALSE;
}
