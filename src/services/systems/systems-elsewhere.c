/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "systems/kalon-systems-private.h"

#include "errors/kalon-errors.h"
#include "image/kalon-image.h"
#include "input/kalon-input.h"

#define MAX_RESULTS_FILE (64 << 20)

struct _KalonElsewhere
{
  char *title;
  char *path;          /* of the folder or file; absolute */
  GHashTable *answers; /* folded query -> GPtrArray of char *: paths; of a results file */
  GHashTable *folders; /* folded query -> char *: path; of a folder */
};

void
kalon_elsewhere_free (KalonElsewhere *self)
{
  g_free (self->title);
  g_free (self->path);
  g_clear_pointer (&self->answers, g_hash_table_unref);
  g_clear_pointer (&self->folders, g_hash_table_unref);
  g_free (self);
}

gboolean
kalon_system_is_ranking (const char *key)
{
  g_return_val_if_fail (key != NULL, FALSE);

  return !g_str_has_prefix (key, KALON_SYSTEM_FOLDER)
         && !g_str_has_prefix (key, KALON_SYSTEM_RESULTS);
}

static gboolean
add_folder (KalonElsewhere *self, const char *name, const char *path, GError **error)
{
  g_autofree char *key = kalon_system_fold_name (name);
  const char *other = g_hash_table_lookup (self->folders, key);

  if (other != NULL)
    {
      g_autofree char *quoted = kalon_input_quote (other);
      g_autofree char *shown = kalon_input_quote (path);

      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The folders %s and %s are both of the same query: keep one of them.", quoted,
                   shown);
      return FALSE;
    }
  g_hash_table_insert (self->folders, g_steal_pointer (&key), g_strdup (path));
  return TRUE;
}

/* A sub-folder for each query. */
static gboolean
read_folder (KalonElsewhere *self, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  self->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->path, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !add_folder (self, name, path, error))
        return FALSE;
    }
  if (g_hash_table_size (self->folders) == 0)
    {
      g_autofree char *quoted = kalon_input_quote (self->path);

      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: there is no folder in it; make one for each query, named as the query, "
                   "with its pictures.",
                   quoted);
      return FALSE;
    }
  self->title = g_filename_display_basename (self->path);
  return TRUE;
}

/* @paths: (out): of the pictures of one result. */
static gboolean
read_pictures (const KalonElsewhere *self, const KalonSection *section, GPtrArray *paths,
               GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  JsonNode *node = kalon_section_get (section, "pictures");
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return kalon_section_refuse (section, "pictures", error,
                                 "is not a list of paths, best first; an empty one is fine");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *name = json_node_get_value_type (element) == G_TYPE_STRING
                             ? json_node_get_string (element)
                             : NULL;
      g_autofree char *path = NULL;

      if (name == NULL || *name == '\0')
        return kalon_section_refuse (section, "pictures", error,
                                     "has something that is no path, at position %u", i + 1);
      path = g_canonicalize_filename (name, folder);
      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        {
          g_autofree char *quoted = kalon_input_quote (path);

          return kalon_section_refuse (section, "pictures", error, "names %s, which is no file",
                                       quoted);
        }
      g_ptr_array_add (paths, g_steal_pointer (&path));
    }
  return TRUE;
}

static gboolean
read_result (KalonElsewhere *self, const char *file, JsonNode *node, guint i, GError **error)
{
  g_autofree char *name = g_strdup_printf ("results[%u]", i);
  KalonSection section = { .file = file, .section = name };
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *query = NULL;
  g_autofree char *key = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return kalon_section_refuse (&section, "query", error, "is missing: it is no object");
  section.object = json_node_get_object (node);
  if (!kalon_section_get_string (&section, "query", &query, error))
    return FALSE;
  key = query != NULL ? kalon_system_fold_name (query) : g_strdup ("");
  if (*key == '\0')
    return kalon_section_refuse (&section, "query", error, "is missing or empty");
  if (g_hash_table_contains (self->answers, key))
    return kalon_section_refuse (&section, "query", error,
                                 "is that of a result before it: each query stands once");
  if (!read_pictures (self, &section, paths, error))
    return FALSE;
  g_hash_table_insert (self->answers, g_steal_pointer (&key), g_steal_pointer (&paths));
  return TRUE;
}

static gboolean
read_results (KalonElsewhere *self, GError **error)
{
  g_autoptr (JsonNode) root = kalon_input_load_json (self->path, MAX_RESULTS_FILE, error);
  g_autofree char *file = g_filename_display_basename (self->path);
  KalonSection section = { .file = file };
  const char *title = NULL;
  JsonNode *results;
  JsonArray *array;

  if (root == NULL)
    return FALSE;
  section.object = json_node_get_object (root);
  if (!kalon_section_get_string (&section, "system", &title, error))
    return FALSE;
  results = kalon_section_get (&section, "results");
  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results)
      || json_array_get_length (json_node_get_array (results)) == 0)
    return kalon_section_refuse (&section, "results", error,
                                 "is not a list of {“query”, “pictures”}, one at least");
  array = json_node_get_array (results);
  self->answers
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_result (self, file, json_array_get_element (array, i), i, error))
      return FALSE;
  self->title = g_strdup (title != NULL && *title != '\0' ? title : file);
  return TRUE;
}

KalonElsewhere *
kalon_elsewhere_open (const char *key, GError **error)
{
  g_autoptr (KalonElsewhere) self = g_new0 (KalonElsewhere, 1);
  gboolean is_folder = g_str_has_prefix (key, KALON_SYSTEM_FOLDER);
  const char *path = key + strlen (is_folder ? KALON_SYSTEM_FOLDER : KALON_SYSTEM_RESULTS);

  if (*path == '\0')
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "“%s” names no %s: write it behind the colon.", key,
                   is_folder ? "folder" : "file");
      return NULL;
    }
  self->path = g_canonicalize_filename (path, NULL);
  if (!g_file_test (self->path, is_folder ? G_FILE_TEST_IS_DIR : G_FILE_TEST_IS_REGULAR))
    {
      g_autofree char *quoted = kalon_input_quote (self->path);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no %s %s.",
                   is_folder ? "folder" : "file", quoted);
      return NULL;
    }
  if (!(is_folder ? read_folder (self, error) : read_results (self, error)))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
kalon_elsewhere_get_title (const KalonElsewhere *self)
{
  return self->title;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return kalon_system_compare_names (*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full) (element-type filename): the pictures of a query's folder. */
static GPtrArray *
list_pictures (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return NULL;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.' && kalon_image_is_candidate (name))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  return g_steal_pointer (&paths);
}

GPtrArray *
kalon_elsewhere_answer (const KalonElsewhere *self, const char *query, guint k,
                        GCancellable *cancellable, GError **error)
{
  g_autofree char *key = kalon_system_fold_name (query);
  g_autoptr (GPtrArray) answers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);
  g_autoptr (GPtrArray) paths = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (self->answers != NULL)
    {
      GPtrArray *known = g_hash_table_lookup (self->answers, key);

      paths = known != NULL ? g_ptr_array_ref (known) : NULL;
    }
  else
    {
      const char *folder = g_hash_table_lookup (self->folders, key);

      paths = folder != NULL ? list_pictures (folder, error) : NULL;
      if (folder != NULL && paths == NULL)
        return NULL;
    }
  for (guint i = 0; paths != NULL && i < MIN (paths->len, k); i++)
    g_ptr_array_add (answers, kalon_answer_new (g_ptr_array_index (paths, i), NULL));
  return g_steal_pointer (&answers);
}
