/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alignment/kalon-preference-set-private.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static gboolean
get_count (const KalonSection *section, const char *key, guint min, guint max, guint *value,
           GError **error)
{
  gint64 found = -1;

  if (!kalon_section_get_integer (section, key, min, max, &found, error))
    return FALSE;
  if (found < 0)
    return kalon_section_refuse (section, key, error, "is missing.");
  *value = (guint) found;
  return TRUE;
}

static gboolean
get_score (const KalonSection *section, const char *key, float *score, GError **error)
{
  double value = 0;

  if (kalon_section_get (section, key) == NULL)
    return kalon_section_refuse (section, key, error, "is missing.");
  if (!kalon_section_get_number (section, key, -KALON_PREFERENCE_MAX_SCORE,
                                 KALON_PREFERENCE_MAX_SCORE, &value, error))
    return FALSE;
  *score = (float) value;
  return TRUE;
}

static KalonPreferenceSet *
parse_header (const char *line, gsize length, const char *name, guint *count, GError **error)
{
  g_autoptr (JsonNode) root = kalon_input_parse_json (line, length, name, error);
  KalonSection section = { .file = name };
  KalonOrderOptions options;
  const char *format, *model, *style;
  guint version = 0;

  if (root == NULL)
    return NULL;
  section.object = json_node_get_object (root);
  format = kalon_section_take_text (&section, "format", KALON_PREFERENCE_MAX_TEXT, error);
  if (format == NULL || !get_count (&section, "version", 0, G_MAXINT32, &version, error))
    return NULL;
  if (!g_str_equal (format, KALON_PREFERENCE_FORMAT))
    {
      kalon_section_refuse (&section, "format", error, "is not “%s”.", KALON_PREFERENCE_FORMAT);
      return NULL;
    }
  if (version != KALON_PREFERENCE_VERSION)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "%s: version %u is not known. Make the set anew with this version of Kalon.",
                   name, version);
      return NULL;
    }
  model = kalon_section_take_hash (&section, "model", error);
  style = model != NULL
              ? kalon_section_take_text (&section, "style", KALON_PREFERENCE_MAX_TEXT, error)
              : NULL;
  if (style == NULL || !get_count (&section, "k", 1, KALON_ORDER_MAX_K, &options.k, error)
      || !get_count (&section, "stride", 1, KALON_ORDER_MAX_K, &options.stride, error)
      || !get_count (&section, "u", 1, KALON_ORDER_MAX_SIDE, &options.u, error)
      || !get_count (&section, "v", 2, KALON_ORDER_MAX_SIDE, &options.v, error)
      || !get_count (&section, "count", 0, G_MAXINT32, count, error))
    return NULL;
  return kalon_preference_set_new (model, style, &options);
}

static gboolean
parse_cell (JsonNode *node, const char *name, KalonPreferenceQuery *query, GError **error)
{
  KalonSection section = { .file = name, .section = "matrix" };
  g_autofree char *path = NULL;
  const char *hash;
  float semantic = 0, aesthetic = 0;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (&section, "picture", error, "is not an object.");
  section.object = json_node_get_object (node);
  path = kalon_section_dup_path (&section, KALON_PREFERENCE_MAX_PATH, error);
  hash = path != NULL ? kalon_section_take_hash (&section, "content_hash", error) : NULL;
  if (hash == NULL || !get_score (&section, "semantic", &semantic, error)
      || !get_score (&section, "aesthetic", &aesthetic, error))
    return FALSE;
  kalon_preference_query_add (query, g_steal_pointer (&path), hash, semantic, aesthetic);
  return TRUE;
}

/* What the file says of its own order: rows by aesthetic, and no lower row above an upper one. */
static gboolean
check_order (const KalonPreferenceQuery *query, const KalonSection *section, GError **error)
{
  float floor = G_MAXFLOAT;

  for (guint row = 0; row < query->rows; row++)
    {
      float lowest = G_MAXFLOAT;

      for (guint column = 0; column < query->columns; column++)
        {
          guint i = row * query->columns + column;
          const KalonPreferenceCell *cell = query->cells->pdata[i];
          const KalonPreferenceCell *left = column > 0 ? query->cells->pdata[i - 1] : cell;

          if (cell->aesthetic > left->aesthetic)
            return kalon_section_refuse (section, "matrix", error,
                                         "row %u is not in the order of “aesthetic”.", row + 1);
          if (cell->semantic > floor)
            return kalon_section_refuse (section, "matrix", error,
                                         "row %u has a higher “semantic” than the row above it.",
                                         row + 1);
          lowest = MIN (lowest, cell->semantic);
        }
      floor = lowest;
    }
  return TRUE;
}

static gboolean
parse_query (const char *line, gsize length, const char *name, KalonPreferenceSet *set,
             GError **error)
{
  g_autoptr (JsonNode) root = kalon_input_parse_json (line, length, name, error);
  g_autoptr (KalonPreferenceQuery) query = NULL;
  KalonSection section = { .file = name };
  const char *text, *rephrased;
  JsonNode *matrix;
  JsonArray *rows;

  if (root == NULL)
    return FALSE;
  section.object = json_node_get_object (root);
  text = kalon_section_take_text (&section, "query", KALON_PREFERENCE_MAX_TEXT, error);
  rephrased = text != NULL ? kalon_section_take_text (&section, "rephrased",
                                                      KALON_PREFERENCE_MAX_TEXT, error)
                           : NULL;
  if (rephrased == NULL)
    return FALSE;
  matrix = kalon_section_get (&section, "matrix");
  rows = matrix != NULL && JSON_NODE_HOLDS_ARRAY (matrix) ? json_node_get_array (matrix) : NULL;
  if (rows == NULL || json_array_get_length (rows) < 1
      || json_array_get_length (rows) > set->options.u)
    return kalon_section_refuse (&section, "matrix", error, "is not an array of 1 to %u rows.",
                                 set->options.u);
  query = kalon_preference_query_new (text, rephrased, json_array_get_length (rows), 0);
  for (guint r = 0; r < query->rows; r++)
    {
      JsonNode *node = json_array_get_element (rows, r);
      JsonArray *row = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      if (r == 0 && row != NULL)
        query->columns = json_array_get_length (row);
      if (row == NULL || query->columns < 1 || query->columns > set->options.v
          || json_array_get_length (row) != query->columns)
        return kalon_section_refuse (&section, "matrix", error,
                                     "row %u is not an array of as many pictures as the first has, "
                                     "1 to %u.",
                                     r + 1, set->options.v);
      for (guint c = 0; c < query->columns; c++)
        if (!parse_cell (json_array_get_element (row, c), name, query, error))
          return FALSE;
    }
  if (!check_order (query, &section, error))
    return FALSE;
  g_ptr_array_add (set->queries, g_steal_pointer (&query));
  return TRUE;
}

KalonPreferenceSet *
kalon_preference_set_parse (const char *data, gsize length, const char *name, GError **error)
{
  g_autoptr (KalonPreferenceSet) set = NULL;
  const char *end = data + length;
  guint count = 0;
  guint line = 1;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (; data < end; line++)
    {
      const char *stop = memchr (data, '\n', (gsize) (end - data));
      gsize size = (gsize) ((stop != NULL ? stop : end) - data);
      g_autofree char *where = g_strdup_printf ("%s:%u", name, line);

      if (size > KALON_PREFERENCE_MAX_LINE)
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                       "%s: the line is over %d MiB. The file is damaged; make the set anew.",
                       where, KALON_PREFERENCE_MAX_LINE >> 20);
          return NULL;
        }
      if (line == 1)
        {
          set = parse_header (data, size, where, &count, error);
          if (set == NULL)
            return NULL;
        }
      else if (!parse_query (data, size, where, set, error))
        return NULL;
      data += MIN (size + 1, (gsize) (end - data));
    }
  if (set == NULL || set->queries->len != count)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: %u queries are there, its first line says %u. The file was cut off; make "
                   "the set anew.",
                   name, set != NULL ? set->queries->len : 0, count);
      return NULL;
    }
  return g_steal_pointer (&set);
}

KalonPreferenceSet *
kalon_preference_set_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = kalon_input_read (path, KALON_PREFERENCE_MAX_FILE, error);
  if (bytes == NULL)
    return NULL;
  name = g_path_get_basename (path);
  data = g_bytes_get_data (bytes, &size);
  return kalon_preference_set_parse (data != NULL ? data : "", size, name, error);
}
