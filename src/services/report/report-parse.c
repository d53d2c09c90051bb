/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.json, which anyone may have written. */
#include "report/kalon-report-parse-private.h"

#include <math.h>
#include <string.h>

/* A report of all evaluations has some 200 kB. */
#define MAX_SIZE (64 * 1024 * 1024)

gboolean
kalon_report_parse_text (const KalonSection *section, const char *key, const char **text,
                         GError **error)
{
  *text = NULL;
  if (!kalon_section_get_string (section, key, text, error))
    return FALSE;
  return *text != NULL || kalon_section_refuse (section, key, error, "is missing");
}

gboolean
kalon_report_parse_id (const KalonSection *section, const char **id, GError **error)
{
  if (!kalon_report_parse_text (section, "id", id, error))
    return FALSE;
  return kalon_report_id_is_valid (*id)
         || kalon_section_refuse (section, "id", error,
                                  "has more than letters, digits, “-” and “_”");
}

gboolean
kalon_report_parse_name (const KalonSection *section, const char *key, const char *const *names,
                         guint n_names, guint *i, GError **error)
{
  const char *text;

  if (!kalon_report_parse_text (section, key, &text, error))
    return FALSE;
  for (*i = 0; *i < n_names; (*i)++)
    if (g_str_equal (names[*i], text))
      return TRUE;
  return kalon_section_refuse (section, key, error, "is of a kind that this Kalon does not know");
}

gboolean
kalon_report_parse_array (const KalonSection *section, const char *key, JsonArray **array,
                          GError **error)
{
  JsonNode *node = kalon_section_get (section, key);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return kalon_section_refuse (section, key, error, "is not a list");
  *array = json_node_get_array (node);
  return TRUE;
}

gboolean
kalon_report_parse_element (const KalonSection *section, const char *key, JsonArray *array, guint i,
                            KalonSection *element, char **name, GError **error)
{
  JsonNode *node = json_array_get_element (array, i);

  g_free (*name);
  *name = section->section != NULL ? g_strdup_printf ("%s.%s.%u", section->section, key, i)
                                   : g_strdup_printf ("%s.%u", key, i);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (section, key, error, "has an element that is no object");
  *element = (KalonSection){ json_node_get_object (node), section->file, *name };
  return TRUE;
}

static gboolean
parse_pictures (const KalonSection *row, KalonReportRows *rows, GError **error)
{
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (KalonReportPicture));
  g_autofree char *name = NULL;
  const char *title;
  JsonArray *array;

  if (!kalon_report_parse_text (row, "name", &title, error)
      || !kalon_report_parse_array (row, "pictures", &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      KalonReportPicture picture = { NULL, NULL, FALSE };
      KalonSection section;

      if (!kalon_report_parse_element (row, "pictures", array, i, &section, &name, error)
          || !kalon_report_parse_text (&section, "file", &picture.path, error)
          || !kalon_section_get_string (&section, "caption", &picture.caption, error)
          || !kalon_section_get_boolean (&section, "marked", &picture.is_marked, error))
        return FALSE;
      if (strchr (picture.path, G_DIR_SEPARATOR) != NULL)
        return kalon_section_refuse (&section, "file", error, "is no file's name");
      g_array_append_val (pictures, picture);
    }
  kalon_report_rows_add (rows, title, (const KalonReportPicture *) (gpointer) pictures->data,
                         pictures->len);
  return TRUE;
}

static gboolean
parse_rows (const KalonSection *block, KalonReportSection *section, GError **error)
{
  g_autofree char *name = NULL;
  const char *id, *title;
  KalonReportRows *rows;
  JsonArray *array;

  if (!kalon_report_parse_id (block, &id, error)
      || !kalon_report_parse_text (block, "title", &title, error)
      || !kalon_report_parse_array (block, "rows", &array, error))
    return FALSE;
  rows = kalon_report_section_add_rows (section, id, title);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      KalonSection row;

      if (!kalon_report_parse_element (block, "rows", array, i, &row, &name, error)
          || !parse_pictures (&row, rows, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_block (const KalonSection *block, KalonReportSection *section, GError **error)
{
  const char *type, *text;

  if (!kalon_report_parse_text (block, "type", &type, error))
    return FALSE;
  if (g_str_equal (type, "table"))
    return kalon_report_parse_table (block, section, error);
  if (g_str_equal (type, "chart"))
    return kalon_report_parse_chart (block, section, error);
  if (g_str_equal (type, "pictures"))
    return parse_rows (block, section, error);
  if (!g_str_equal (type, "text"))
    return kalon_section_refuse (block, "type", error,
                                 "is of a kind that this Kalon does not know");
  if (!kalon_report_parse_text (block, "text", &text, error))
    return FALSE;
  kalon_report_section_add_text (section, "%s", text);
  return TRUE;
}

static gboolean
parse_section (const KalonSection *sections, const char *id, KalonReport *report, GError **error)
{
  JsonNode *node = kalon_section_get (sections, id);
  g_autofree char *path = g_strdup_printf ("%s.%s", sections->section, id);
  g_autofree char *name = NULL;
  const char *title, *why = NULL;
  gboolean is_synthetic = FALSE;
  KalonReportSection *section;
  KalonSection from;
  JsonArray *content;

  if (!kalon_report_id_is_valid (id))
    return kalon_section_refuse (sections, id, error, "has more than letters, digits, “-” and “_”");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (sections, id, error, "is no object");
  from = (KalonSection){ json_node_get_object (node), sections->file, path };
  if (!kalon_report_parse_text (&from, "title", &title, error)
      || !kalon_section_get_boolean (&from, "synthetic", &is_synthetic, error)
      || !kalon_section_get_string (&from, "synthetic_why", &why, error)
      || !kalon_report_parse_array (&from, "content", &content, error))
    return FALSE;
  section = kalon_report_add_section (report, id, title);
  if (is_synthetic)
    kalon_report_section_set_synthetic (section, why != NULL ? why : "");
  for (guint i = 0; i < json_array_get_length (content); i++)
    {
      KalonSection block;

      if (!kalon_report_parse_element (&from, "content", content, i, &block, &name, error)
          || !parse_block (&block, section, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse_fact (const KalonSection *facts, const char *key, KalonReport *report, GError **error)
{
  JsonNode *node = kalon_section_get (facts, key);
  g_autofree char *path = g_strdup_printf ("%s.%s", facts->section, key);
  const char *title, *value;
  KalonSection fact;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (facts, key, error, "is no object");
  fact = (KalonSection){ json_node_get_object (node), facts->file, path };
  if (!kalon_report_parse_text (&fact, "title", &title, error)
      || !kalon_report_parse_text (&fact, "value", &value, error))
    return FALSE;
  kalon_report_set_fact (report, key, title, value);
  return TRUE;
}

typedef gboolean (*ParseFunc) (const KalonSection *section, const char *key, KalonReport *report,
                               GError **error);

/* Each member of the object under @key, in the file's order. */
static gboolean
parse_members (const KalonSection *root, const char *key, ParseFunc parse, KalonReport *report,
               GError **error)
{
  JsonNode *node = kalon_section_get (root, key);
  g_autoptr (GList) members = NULL;
  KalonSection section;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (root, key, error, "is no object");
  section = (KalonSection){ json_node_get_object (node), root->file, key };
  members = json_object_get_members (section.object);
  for (const GList *member = members; member != NULL; member = member->next)
    if (!parse (&section, member->data, report, error))
      return FALSE;
  return TRUE;
}

KalonReport *
kalon_report_parse (const char *data, gsize length, const char *name, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (KalonReport) report = NULL;
  const char *title;
  gint64 time = 0;
  KalonSection root;

  g_return_val_if_fail (data != NULL && name != NULL, NULL);

  node = kalon_input_parse_json (data, length, name, error);
  if (node == NULL)
    return NULL;
  root = (KalonSection){ json_node_get_object (node), name, NULL };
  if (!kalon_section_check_format (&root, KALON_REPORT_FORMAT, KALON_REPORT_VERSION, error)
      || !kalon_report_parse_text (&root, "title", &title, error)
      || !kalon_section_get_integer (&root, "time", 0, G_MAXINT64, &time, error))
    return NULL;
  report = kalon_report_new (title);
  kalon_report_set_time (report, time);
  if (!parse_members (&root, "facts", parse_fact, report, error)
      || !parse_members (&root, "sections", parse_section, report, error))
    return NULL;
  return g_steal_pointer (&report);
}

KalonReport *
kalon_report_read (const char *path, GError **error)
{
  g_autofree char *file = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_build_filename (path, KALON_REPORT_DATA, NULL)
                                                : g_strdup (path);
  name = g_filename_display_basename (file);
  bytes = kalon_input_read (file, MAX_SIZE, error);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  return kalon_report_parse (data != NULL ? data : "", length, name, error);
}
