/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <math.h>

#include "errors/kalon-errors.h"

/* (transfer full) */
static char *
make_head (const KalonHpirSet *set)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "format", KALON_HPIR_FORMAT);
  kalon_json_add_integer (builder, "version", KALON_HPIR_VERSION);
  kalon_json_add_text (builder, "name", set->name);
  kalon_json_add_boolean (builder, "synthetic", set->synthetic);
  kalon_json_add_text (builder, "made_from", set->made_from);
  json_builder_set_member_name (builder, "labelers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < set->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = set->labelers->pdata[i];

      json_builder_begin_object (builder);
      kalon_json_add_text (builder, "id", labeler->id);
      kalon_json_add_text_table (builder, "traits", labeler->traits);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  kalon_json_add_integer (builder, "count", set->items->len);
  return kalon_json_end_line (builder);
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
        kalon_json_add_text (builder, "content_hash", picture->content_hash);
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
  kalon_json_add_text (builder, "labeler", labeler->id);
  kalon_json_add_integer (builder, "repeat", label->repeat);
  kalon_json_add_boolean (builder, "swapped", label->swapped);
  kalon_json_add_integer (builder, "time", label->time);
  kalon_json_add_number (builder, "seconds", round (label->seconds * 1e3) / 1e3);
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    kalon_json_add_text (builder, kalon_hpir_aspect_get_name (aspect),
                         kalon_hpir_vote_get_name (label->votes[aspect]));
  json_builder_end_object (builder);
}

/* (transfer full) */
static char *
make_item (const KalonHpirSet *set, const KalonHpirItem *item)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();

  kalon_json_add_text (builder, "id", item->id);
  kalon_json_add_text (builder, "query", item->query);
  kalon_json_add_text_table (builder, "rephrased", item->rephrased);
  if (item->kind != NULL)
    kalon_json_add_text (builder, "kind", item->kind);
  if (item->systems[0] != NULL && item->systems[1] != NULL)
    {
      json_builder_set_member_name (builder, "systems");
      json_builder_begin_array (builder);
      /* One may be named after a folder, whose name is bytes. */
      for (guint i = 0; i < 2; i++)
        kalon_json_add_text_element (builder, item->systems[i]);
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
  return kalon_json_end_line (builder);
}

GBytes *
kalon_hpir_set_to_bytes (const KalonHpirSet *set, GError **error)
{
  g_autofree char *head = NULL;
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (set != NULL, NULL);

  if (!kalon_hpir_set_check_limits (set, error))
    return NULL;
  head = make_head (set);
  text = g_string_new (head);
  for (guint i = 0; i < set->items->len; i++)
    {
      g_autofree char *line = make_item (set, set->items->pdata[i]);

      g_string_append (text, line);
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
