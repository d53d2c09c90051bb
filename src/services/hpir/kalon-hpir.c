/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

static const char *const aspect_names[KALON_N_HPIR_ASPECTS] = {
  [KALON_HPIR_ACCURACY] = "accuracy",
  [KALON_HPIR_AESTHETIC] = "aesthetic",
  [KALON_HPIR_DIVERSITY] = "diversity",
};

static const char *const vote_names[] = {
  [KALON_HPIR_UNASKED] = NULL,
  [KALON_HPIR_A] = "a",
  [KALON_HPIR_B] = "b",
  [KALON_HPIR_CANNOT_TELL] = "neither",
};

const char *
kalon_hpir_aspect_get_name (KalonHpirAspect aspect)
{
  g_return_val_if_fail (aspect < KALON_N_HPIR_ASPECTS, NULL);

  return aspect_names[aspect];
}

gboolean
kalon_hpir_aspect_find (const char *name, KalonHpirAspect *aspect)
{
  g_return_val_if_fail (name != NULL && aspect != NULL, FALSE);

  for (guint i = 0; i < KALON_N_HPIR_ASPECTS; i++)
    if (g_str_equal (aspect_names[i], name))
      {
        *aspect = i;
        return TRUE;
      }
  return FALSE;
}

const char *
kalon_hpir_vote_get_name (KalonHpirVote vote)
{
  g_return_val_if_fail (vote < G_N_ELEMENTS (vote_names), NULL);

  return vote_names[vote];
}

gboolean
kalon_hpir_vote_find (const char *name, KalonHpirVote *vote)
{
  g_return_val_if_fail (vote != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (vote_names); i++)
    if (g_strcmp0 (vote_names[i], name) == 0)
      {
        *vote = i;
        return TRUE;
      }
  return FALSE;
}

static void
labeler_free (gpointer data)
{
  KalonHpirLabeler *labeler = data;

  g_free (labeler->id);
  g_hash_table_unref (labeler->traits);
  g_free (labeler);
}

KalonHpirSet *
kalon_hpir_set_new (const char *name, const char *folder)
{
  KalonHpirSet *set;

  g_return_val_if_fail (name != NULL && folder != NULL, NULL);

  set = g_new0 (KalonHpirSet, 1);
  set->name = g_strdup (name);
  set->folder = g_strdup (folder);
  set->labelers = g_ptr_array_new_with_free_func (labeler_free);
  set->items = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_hpir_item_free);
  set->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  return set;
}

void
kalon_hpir_set_free (KalonHpirSet *set)
{
  if (set == NULL)
    return;
  g_free (set->name);
  g_free (set->made_from);
  g_free (set->folder);
  g_hash_table_unref (set->by_id);
  g_ptr_array_unref (set->labelers);
  g_ptr_array_unref (set->items);
  g_free (set);
}

static KalonHpirLabeler *
find_labeler (KalonHpirSet *set, const char *id, guint *position)
{
  for (guint i = 0; i < set->labelers->len; i++)
    {
      KalonHpirLabeler *labeler = set->labelers->pdata[i];

      if (g_str_equal (labeler->id, id))
        {
          *position = i;
          return labeler;
        }
    }
  return NULL;
}

guint
kalon_hpir_set_add_labeler (KalonHpirSet *set, const char *id, GHashTable *traits)
{
  KalonHpirLabeler *labeler;
  guint position = 0;
  GHashTableIter iter;
  gpointer key, value;

  g_return_val_if_fail (set != NULL && id != NULL, 0);

  labeler = find_labeler (set, id, &position);
  if (labeler == NULL)
    {
      position = set->labelers->len;
      labeler = g_new0 (KalonHpirLabeler, 1);
      labeler->id = g_strdup (id);
      labeler->traits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_ptr_array_add (set->labelers, labeler);
    }
  if (traits == NULL || traits == labeler->traits)
    return position;
  g_hash_table_remove_all (labeler->traits);
  g_hash_table_iter_init (&iter, traits);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (labeler->traits, g_strdup (key), g_strdup (value));
  return position;
}

KalonHpirItem *
kalon_hpir_set_add_item (KalonHpirSet *set, const char *id, const char *query)
{
  KalonHpirItem *item;

  g_return_val_if_fail (set != NULL && id != NULL && query != NULL, NULL);
  g_return_val_if_fail (!g_hash_table_contains (set->by_id, id), NULL);

  item = kalon_hpir_item_new (id, query);
  g_ptr_array_add (set->items, item);
  g_hash_table_insert (set->by_id, item->id, item);
  return item;
}

KalonHpirItem *
kalon_hpir_set_find_item (const KalonHpirSet *set, const char *id)
{
  g_return_val_if_fail (set != NULL && id != NULL, NULL);

  return g_hash_table_lookup (set->by_id, id);
}

char *
kalon_hpir_set_dup_path (const KalonHpirSet *set, const KalonHpirPicture *picture)
{
  g_return_val_if_fail (set != NULL && picture != NULL, NULL);

  return g_path_is_absolute (picture->path) ? g_strdup (picture->path)
                                            : g_build_filename (set->folder, picture->path, NULL);
}
