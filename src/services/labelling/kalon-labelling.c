/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "labelling/kalon-labelling-private.h"

#include <string.h>

#include "library/kalon-library.h"

void
kalon_label_set_info_free (KalonLabelSetInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->name);
  g_strfreev (info->labelers);
  g_free (info->n_labelled);
  g_free (info->n_done);
  g_free (info);
}

/* Pictures where they are now */

/* (transfer full) (nullable): where the content is, when it is no longer at @path. Of a file that
 * the catalogue does not know, that it is there is all that is asked. */
static char *
find_moved (KalonLibrary *library, const char *path, const char *hash)
{
  g_autoptr (KalonPicture) here = kalon_library_find_picture (library, path, NULL);
  g_autoptr (KalonPicture) found = NULL;
  gboolean exists = g_file_test (path, G_FILE_TEST_EXISTS);

  if (exists && (here == NULL || g_str_equal (here->content_hash, hash)))
    return NULL;
  found = kalon_library_find_picture_of (library, hash, NULL);
  if (found == NULL || !g_file_test (found->path, G_FILE_TEST_EXISTS))
    return NULL;
  return g_strdup (found->path);
}

void
kalon_label_set_follow_pictures (KalonHpirSet *set, const char *library_directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (library_directory, &error);

  if (library == NULL)
    {
      g_message ("Pictures that have moved are not found: %s", error->message);
      return;
    }
  for (guint i = 0; i < set->items->len; i++)
    for (guint group = 0; group < 2; group++)
      {
        GPtrArray *pictures = ((KalonHpirItem *) g_ptr_array_index (set->items, i))->groups[group];

        for (guint j = 0; j < pictures->len; j++)
          {
            KalonHpirPicture *picture = g_ptr_array_index (pictures, j);
            char *path = picture->content_hash != NULL
                             ? find_moved (library, picture->path, picture->content_hash)
                             : NULL;

            if (path != NULL)
              {
                g_free (picture->path);
                picture->path = path;
              }
          }
      }
}

/* Labels */

/* "ITEM LABELER REPEAT" of an answer, which a later one takes the place of. */
static char *
dup_key (const KalonLabelLine *line)
{
  return g_strdup_printf ("%u\n%s\n%s", line->label.repeat, line->item, line->labeler);
}

/* Of answers to the same the last one, where the first one stood. */
static void
add_labels (KalonHpirSet *set, GPtrArray *lines)
{
  g_autoptr (GHashTable) last = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      KalonLabelLine *line = g_ptr_array_index (lines, i);

      if (line->item != NULL)
        g_hash_table_insert (last, dup_key (line), line);
    }
  for (guint i = 0; i < lines->len; i++)
    {
      const KalonLabelLine *line = g_ptr_array_index (lines, i);
      guint labeler = kalon_hpir_set_add_labeler (set, line->labeler, line->traits);
      KalonHpirItem *item = line->item != NULL ? kalon_hpir_set_find_item (set, line->item) : NULL;
      g_autofree char *key = line->item != NULL ? dup_key (line) : NULL;
      const KalonLabelLine *final = key != NULL ? g_hash_table_lookup (last, key) : NULL;
      KalonHpirLabel label;

      if (line->item != NULL && item == NULL)
        g_message ("An answer is passed over: the set has no item “%s”", line->item);
      if (item == NULL || final == NULL)
        continue;
      g_hash_table_remove (last, key);
      label = final->label;
      label.labeler = labeler;
      kalon_hpir_item_add_label (item, &label);
    }
}

KalonHpirSet *
kalon_label_set_read (const char *library_directory, const char *id, KalonLabelHead *head,
                      GPtrArray **lines, GError **error)
{
  g_autofree char *directory = kalon_label_set_dup_directory (library_directory, id, error);
  g_autofree char *set_path = NULL;
  g_autofree char *log_path = NULL;
  g_autoptr (KalonHpirSet) set = NULL;

  if (directory == NULL)
    return NULL;
  set_path = g_build_filename (directory, KALON_LABEL_SET_FILE, NULL);
  log_path = g_build_filename (directory, KALON_LABELS_FILE, NULL);
  set = kalon_hpir_set_read (set_path, error);
  if (set == NULL || !kalon_label_log_read (log_path, head, lines, error))
    return NULL;
  return g_steal_pointer (&set);
}

KalonHpirSet *
kalon_label_set_load (const char *library_directory, const char *id, GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  KalonLabelHead head;

  g_return_val_if_fail (id != NULL, NULL);

  set = kalon_label_set_read (library_directory, id, &head, &lines, error);
  if (set == NULL)
    return NULL;
  add_labels (set, lines);
  kalon_label_set_follow_pictures (set, library_directory);
  return g_steal_pointer (&set);
}

/* List */

KalonLabelSetInfo *
kalon_label_set_get_info (const char *library_directory, const char *id, GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GStrvBuilder) labelers = g_strv_builder_new ();
  KalonLabelHead head;
  KalonLabelSetInfo *info;

  g_return_val_if_fail (id != NULL, NULL);

  set = kalon_label_set_read (library_directory, id, &head, &lines, error);
  if (set == NULL)
    return NULL;
  add_labels (set, lines);
  info = g_new0 (KalonLabelSetInfo, 1);
  info->id = g_strdup (id);
  info->name = g_strdup (set->name);
  info->created = head.created;
  info->n_items = set->items->len;
  info->n_tasks = set->items->len + kalon_label_order_count_repeats (&head, set->items->len);
  info->n_labelled = g_new0 (guint, MAX (set->labelers->len, 1));
  info->n_done = g_new0 (guint, MAX (set->labelers->len, 1));
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      info->n_labels += item->labels->len;
      for (guint j = 0; j < item->labels->len; j++)
        {
          const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, j);

          info->n_done[label->labeler]++;
          if (label->repeat == 0)
            info->n_labelled[label->labeler]++;
        }
    }
  for (guint i = 0; i < set->labelers->len; i++)
    g_strv_builder_add (labelers, ((KalonHpirLabeler *) g_ptr_array_index (set->labelers, i))->id);
  info->labelers = g_strv_builder_end (labelers);
  return info;
}

static int
compare_infos (gconstpointer a, gconstpointer b)
{
  const KalonLabelSetInfo *first = *(KalonLabelSetInfo *const *) a;
  const KalonLabelSetInfo *second = *(KalonLabelSetInfo *const *) b;

  if (first->created != second->created)
    return first->created > second->created ? -1 : 1;
  return strcmp (first->id, second->id);
}

GPtrArray *
kalon_label_sets_list (const char *library_directory, GError **error)
{
  g_autofree char *folder = kalon_label_sets_dup_directory (library_directory);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &reason);
  g_autoptr (GPtrArray) infos
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_label_set_info_free);
  const char *id;

  if (dir == NULL && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  while (dir != NULL && (id = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr (GError) why = NULL;
      KalonLabelSetInfo *info;

      if (id[0] == '.')
        continue;
      info = kalon_label_set_get_info (library_directory, id, &why);
      if (info != NULL)
        g_ptr_array_add (infos, info);
      else
        g_message ("A label set is left out: %s", why->message);
    }
  g_ptr_array_sort (infos, compare_infos);
  return g_steal_pointer (&infos);
}
