/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets made of systems' answers, and of sets from elsewhere; and written for elsewhere. */
#include "labelling/kalon-labelling-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"

static gboolean
check_plan (const KalonLabelPlan *plan, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (plan->name));

  if (*name == '\0')
    g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "A label set needs a name.");
  else if (plan->k < 1 || plan->k > KALON_HPIR_MAX_GROUP)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "A row has 1 to %d pictures, not %u.",
                 KALON_HPIR_MAX_GROUP, plan->k);
  else if (!(plan->repeats >= 0 && plan->repeats <= 1))
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "The share of items that come twice is 0 to 1, not %g.", plan->repeats);
  else if (g_str_equal (plan->systems[0], plan->systems[1]))
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "Both systems are “%s”. Choose two that differ.", plan->systems[0]);
  else
    return TRUE;
  return FALSE;
}

static gboolean
are_same (GPtrArray *const *rows, guint length)
{
  for (guint i = 0; i < length; i++)
    {
      const KalonAnswer *first = g_ptr_array_index (rows[0], i);
      const KalonAnswer *second = g_ptr_array_index (rows[1], i);

      if (!g_str_equal (first->path, second->path))
        return FALSE;
    }
  return TRUE;
}

/* @is_swapped: the second system is group A. A row that is longer would be known by it: both are as
 * long as the shorter. */
static gboolean
add_item (KalonHpirSet *set, const KalonLabelPlan *plan, guint query, GPtrArray *const *rows,
          guint length, gboolean is_swapped, GCancellable *cancellable, GError **error)
{
  g_autofree char *id = g_strdup_printf ("%04u", query + 1);
  KalonHpirItem *item = kalon_hpir_set_add_item (set, id, plan->queries[query]);

  if (plan->rephrased != NULL && plan->rephrased[query] != NULL && plan->style != NULL)
    g_hash_table_insert (item->rephrased, g_strdup (plan->style),
                         g_strdup (plan->rephrased[query]));
  for (guint group = 0; group < 2; group++)
    {
      guint system = is_swapped ? 1 - group : group;

      item->systems[group] = g_strdup (plan->systems[system]);
      for (guint i = 0; i < length; i++)
        {
          const KalonAnswer *answer = g_ptr_array_index (rows[system], i);
          g_autofree char *hash = answer->content_hash != NULL
                                      ? g_strdup (answer->content_hash)
                                      : kalon_input_hash_file (answer->path, cancellable, error);

          if (hash == NULL)
            return FALSE;
          kalon_hpir_item_add_picture (item, group, answer->path, hash);
        }
    }
  return TRUE;
}

char *
kalon_label_set_build (KalonSystems *systems, const char *library_directory,
                       const KalonLabelPlan *plan, KalonLabelFunc func, gpointer user_data,
                       gsize *n_same, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GRand) random = NULL;
  g_autofree gboolean *swapped = NULL;
  KalonLabelHead head;
  gsize same = 0;
  guint n;

  g_return_val_if_fail (KALON_IS_SYSTEMS (systems) && plan != NULL, NULL);

  if (!check_plan (plan, error))
    return NULL;
  for (guint i = 0; i < 2; i++)
    if (!kalon_systems_check (systems, plan->systems[i], error))
      return NULL;
  n = g_strv_length ((GStrv) plan->queries);
  random = g_rand_new_with_seed (plan->seed);
  swapped = kalon_label_draw_half (random, n);
  set = kalon_hpir_set_new (plan->name, G_DIR_SEPARATOR_S);
  set->made_from = g_strdup_printf ("%u pictures of %s and %s for each of %u queries, seed %u",
                                    plan->k, plan->systems[0], plan->systems[1], n, plan->seed);
  for (guint i = 0; i < n; i++)
    {
      const char *rephrased = plan->rephrased != NULL ? plan->rephrased[i] : NULL;
      g_autoptr (GPtrArray) first = kalon_systems_answer (
          systems, plan->systems[0], plan->queries[i], rephrased, plan->k, cancellable, error);
      g_autoptr (GPtrArray) second
          = first != NULL ? kalon_systems_answer (systems, plan->systems[1], plan->queries[i],
                                                  rephrased, plan->k, cancellable, error)
                          : NULL;
      GPtrArray *const rows[] = { first, second };
      guint length;

      if (second == NULL)
        return NULL;
      length = MIN (rows[0]->len, rows[1]->len);
      if (are_same (rows, length))
        same++;
      else if (!add_item (set, plan, i, rows, length, swapped[i], cancellable, error))
        return NULL;
      if (func != NULL)
        func (i + 1, n, user_data);
    }
  if (n_same != NULL)
    *n_same = same;
  if (set->items->len == 0)
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_ARGUMENT,
          "None of %u queries makes something to label: for each, the two systems give the "
          "same pictures in the same order, or one gives none. Choose other queries or "
          "systems.",
          n);
      return NULL;
    }
  head = (KalonLabelHead){ g_get_real_time () / G_USEC_PER_SEC, plan->seed, plan->repeats };
  return kalon_label_set_store (library_directory, set, &head, error);
}

/* From elsewhere */

static void
copy_text (gpointer key, gpointer value, gpointer table)
{
  g_hash_table_insert (table, g_strdup (key), g_strdup (value));
}

static gboolean
import_item (KalonHpirSet *set, const KalonHpirSet *other, const KalonHpirItem *from,
             GError **error)
{
  KalonHpirItem *item = kalon_hpir_set_add_item (set, from->id, from->query);

  g_hash_table_foreach (from->rephrased, copy_text, item->rephrased);
  item->kind = g_strdup (from->kind);
  for (guint group = 0; group < 2; group++)
    {
      item->systems[group] = g_strdup (from->systems[group]);
      for (guint i = 0; i < from->groups[group]->len; i++)
        {
          const KalonHpirPicture *picture = g_ptr_array_index (from->groups[group], i);
          g_autofree char *name = kalon_hpir_set_dup_path (other, picture);
          g_autofree char *path = g_canonicalize_filename (name, NULL);
          g_autofree char *hash = kalon_input_hash_file (path, NULL, error);

          if (hash == NULL)
            {
              g_prefix_error (error, "Item “%s”: ", from->id);
              return FALSE;
            }
          if (picture->content_hash != NULL && !g_str_equal (picture->content_hash, hash))
            {
              g_autofree char *shown = g_filename_display_name (path);

              g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                           "Item “%s”: %s is not the picture that the set was made of. Name the "
                           "folder of its pictures.",
                           from->id, shown);
              return FALSE;
            }
          kalon_hpir_item_add_picture (item, group, path, hash);
        }
    }
  return TRUE;
}

char *
kalon_label_set_import (const char *library_directory, const KalonHpirSet *set, GError **error)
{
  g_autoptr (KalonHpirSet) copy = NULL;
  const KalonLabelHead head
      = { .created = g_get_real_time () / G_USEC_PER_SEC, .repeats = KALON_LABEL_REPEATS };

  g_return_val_if_fail (set != NULL, NULL);

  if (set->items->len == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "The set “%s” has no items: there is nothing to label.", set->name);
      return NULL;
    }
  copy = kalon_hpir_set_new (set->name, G_DIR_SEPARATOR_S);
  copy->made_from = set->made_from != NULL ? g_strdup_printf ("Labelled anew: %s", set->made_from)
                                           : g_strdup_printf ("Labelled anew: “%s”", set->name);
  for (guint i = 0; i < set->items->len; i++)
    if (!import_item (copy, set, g_ptr_array_index (set->items, i), error))
      return NULL;
  return kalon_label_set_store (library_directory, copy, &head, error);
}

/* For elsewhere */

static void
name_relative_to (KalonHpirSet *set, const char *folder)
{
  g_autofree char *prefix = g_str_has_suffix (folder, G_DIR_SEPARATOR_S)
                                ? g_strdup (folder)
                                : g_strconcat (folder, G_DIR_SEPARATOR_S, NULL);

  for (guint i = 0; i < set->items->len; i++)
    for (guint group = 0; group < 2; group++)
      {
        GPtrArray *pictures = ((KalonHpirItem *) g_ptr_array_index (set->items, i))->groups[group];

        for (guint j = 0; j < pictures->len; j++)
          {
            KalonHpirPicture *picture = g_ptr_array_index (pictures, j);

            if (g_str_has_prefix (picture->path, prefix))
              memmove (picture->path, picture->path + strlen (prefix),
                       strlen (picture->path) - strlen (prefix) + 1);
          }
      }
  g_free (set->folder);
  set->folder = g_strdup (folder);
}

gboolean
kalon_label_set_export (const char *library_directory, const char *id, const char *path,
                        GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autofree char *file = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (id != NULL && path != NULL, FALSE);

  set = kalon_label_set_load (library_directory, id, error);
  if (set == NULL)
    return FALSE;
  file = g_canonicalize_filename (path, NULL);
  folder = g_path_get_dirname (file);
  name_relative_to (set, folder);
  return kalon_hpir_set_write (set, file, error);
}
