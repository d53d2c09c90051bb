/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the reader of a set would refuse is not written. */
#include "hpir/kalon-hpir-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* @owner: "item “7”", for the message
 * @what: is counted: "bytes in its query" */
static gboolean
check_count (const char *owner, const char *what, gsize n, gsize least, gsize most, GError **error)
{
  if (n >= least && n <= most)
    return TRUE;
  g_set_error (error, KALON_ERROR, n > most ? KALON_ERROR_TOO_LARGE : KALON_ERROR_ARGUMENT,
               "The HPIR set cannot be written: %s has %" G_GSIZE_FORMAT
               " %s; a set holds %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT ".",
               owner, n, what, least, most);
  return FALSE;
}

/* @text: (nullable): nothing is written; its bytes count as they stand in the file. */
static gboolean
check_text (const char *owner, const char *what, const char *text, gsize least, gsize most,
            GError **error)
{
  g_autofree char *written = text != NULL ? kalon_input_dup_utf8 (text) : NULL;

  return written == NULL || check_count (owner, what, strlen (written), least, most, error);
}

static gboolean
check_texts (const char *owner, const char *what, GHashTable *texts, gsize most, gsize most_bytes,
             GError **error)
{
  g_autofree char *in_name = g_strdup_printf ("bytes in a name of its %s", what);
  g_autofree char *in_text = g_strdup_printf ("bytes in one of its %s", what);
  GHashTableIter iter;
  gpointer name, text;

  if (!check_count (owner, what, g_hash_table_size (texts), 0, most, error))
    return FALSE;
  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &name, &text))
    if (!check_text (owner, in_name, name, 1, KALON_HPIR_MAX_WORD, error)
        || !check_text (owner, in_text, text, 0, most_bytes, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_labeler (const KalonHpirLabeler *labeler, GError **error)
{
  g_autofree char *shown = kalon_input_quote (labeler->id);
  g_autofree char *owner = g_strdup_printf ("labeler “%s”", shown);

  return check_text (owner, "bytes in the id", labeler->id, 1, KALON_HPIR_MAX_WORD, error)
         && check_texts (owner, "traits", labeler->traits, KALON_HPIR_MAX_TRAITS,
                         KALON_HPIR_MAX_WORD, error);
}

static gboolean
check_group (const char *owner, const GPtrArray *pictures, GError **error)
{
  if (!check_count (owner, "pictures in a group", pictures->len, 1, KALON_HPIR_MAX_GROUP, error))
    return FALSE;
  for (guint i = 0; i < pictures->len; i++)
    {
      const KalonHpirPicture *picture = pictures->pdata[i];

      if (!check_count (owner, "bytes in a picture's name", strlen (picture->path), 1,
                        KALON_HPIR_MAX_PATH, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_item (const KalonHpirItem *item, GError **error)
{
  g_autofree char *shown = kalon_input_quote (item->id);
  g_autofree char *owner = g_strdup_printf ("item “%s”", shown);

  if (!check_text (owner, "bytes in the id", item->id, 1, KALON_HPIR_MAX_WORD, error)
      || !check_text (owner, "bytes in the query", item->query, 0, KALON_HPIR_MAX_TEXT, error)
      || !check_text (owner, "bytes in the kind", item->kind, 0, KALON_HPIR_MAX_WORD, error)
      || !check_texts (owner, "rephrased queries", item->rephrased, KALON_HPIR_MAX_STYLES,
                       KALON_HPIR_MAX_TEXT, error)
      || !check_count (owner, "labels", item->labels->len, 0, KALON_HPIR_MAX_LABELS, error))
    return FALSE;
  for (guint group = 0; group < 2; group++)
    if (!check_text (owner, "bytes in a system's key", item->systems[group], 1,
                     KALON_HPIR_MAX_SYSTEM, error)
        || !check_group (owner, item->groups[group], error))
      return FALSE;
  return TRUE;
}

gboolean
kalon_hpir_set_check_limits (const KalonHpirSet *set, GError **error)
{
  if (!check_text ("it", "bytes in the name", set->name, 0, KALON_HPIR_MAX_TEXT, error)
      || !check_text ("it", "bytes in what it is made from", set->made_from, 0, KALON_HPIR_MAX_TEXT,
                      error)
      || !check_count ("it", "labelers", set->labelers->len, 0, KALON_HPIR_MAX_LABELERS, error))
    return FALSE;
  for (guint i = 0; i < set->labelers->len; i++)
    if (!check_labeler (set->labelers->pdata[i], error))
      return FALSE;
  for (guint i = 0; i < set->items->len; i++)
    if (!check_item (set->items->pdata[i], error))
      return FALSE;
  return TRUE;
}
