/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

/* (transfer full) */
static char *
dup_place (const KalonHpirSet *set, const KalonHpirPicture *picture)
{
  g_autofree char *path = kalon_hpir_set_dup_path (set, picture);

  return g_canonicalize_filename (path, NULL);
}

/* (transfer full): @picture of @from as it is named from the folder of @to */
static char *
dup_name (const KalonHpirSet *to, const KalonHpirSet *from, const KalonHpirPicture *picture)
{
  g_autofree char *own = g_canonicalize_filename (to->folder, NULL);
  g_autofree char *other = g_canonicalize_filename (from->folder, NULL);
  g_autofree char *path = NULL;
  g_autoptr (GFile) folder = NULL;
  g_autoptr (GFile) file = NULL;
  char *relative;

  if (g_str_equal (own, other))
    return g_strdup (picture->path);
  path = dup_place (from, picture);
  folder = g_file_new_for_path (own);
  file = g_file_new_for_path (path);
  relative = g_file_get_relative_path (folder, file);
  return relative != NULL ? relative : g_steal_pointer (&path);
}

/* Without hashes the same name is the same picture too: the set was copied with its pictures. */
static gboolean
is_same_picture (const KalonHpirSet *set, const KalonHpirPicture *a, const KalonHpirSet *other,
                 const KalonHpirPicture *b)
{
  g_autofree char *mine = NULL;
  g_autofree char *theirs = NULL;

  if (a->content_hash != NULL && b->content_hash != NULL)
    return g_str_equal (a->content_hash, b->content_hash);
  mine = dup_place (set, a);
  theirs = dup_place (other, b);
  return g_str_equal (a->path, b->path) || g_str_equal (mine, theirs);
}

static gboolean
is_same_group (const KalonHpirSet *set, const GPtrArray *a, const KalonHpirSet *other,
               const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!is_same_picture (set, a->pdata[i], other, b->pdata[i]))
      return FALSE;
  return TRUE;
}

/* Votes that nobody is known to have given. */
static gboolean
is_anonymous (const KalonHpirItem *item)
{
  return item->labels->len == 0 && kalon_hpir_item_has_votes (item);
}

static gboolean
is_empty (const KalonHpirItem *item)
{
  return item->labels->len == 0 && !kalon_hpir_item_has_votes (item);
}

/* (transfer none) (nullable) */
static const char *
find_label_difference (const KalonHpirItem *mine, const KalonHpirItem *theirs,
                       const guint *positions)
{
  guint n = mine->labels->len;

  for (guint i = 0; i < theirs->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (theirs->labels, KalonHpirLabel, i);
      const KalonHpirLabel *known
          = kalon_hpir_item_find_label (mine, positions[label->labeler], label->repeat);

      if (known != NULL && memcmp (known->votes, label->votes, sizeof label->votes) != 0)
        return "one labeler has answered it in two ways";
      n += known == NULL;
    }
  return n > KALON_HPIR_MAX_LABELS ? "it would have more labels than a file may hold" : NULL;
}

/* (transfer none) (nullable): why the two cannot become one */
static const char *
find_difference (const KalonHpirSet *set, const KalonHpirItem *mine, const KalonHpirSet *other,
                 const KalonHpirItem *theirs, const guint *positions)
{
  if (!g_str_equal (mine->query, theirs->query))
    return "its query is another";
  for (guint group = 0; group < 2; group++)
    if (!is_same_group (set, mine->groups[group], other, theirs->groups[group]))
      return group == 0 ? "group A has other pictures" : "group B has other pictures";
  if (is_empty (mine) || is_empty (theirs))
    return NULL;
  if (is_anonymous (mine) && is_anonymous (theirs)
      && memcmp (mine->votes, theirs->votes, sizeof mine->votes) == 0)
    return NULL;
  if (is_anonymous (mine) || is_anonymous (theirs))
    return "it has votes without labels, and whose they are is not known";
  return find_label_difference (mine, theirs, positions);
}

static void
copy_item (KalonHpirSet *set, const KalonHpirSet *other, const KalonHpirItem *item,
           const guint *positions)
{
  KalonHpirItem *copy = kalon_hpir_set_add_item (set, item->id, item->query);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, item->rephrased);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy->rephrased, g_strdup (key), g_strdup (value));
  copy->kind = g_strdup (item->kind);
  for (guint group = 0; group < 2; group++)
    {
      copy->systems[group] = g_strdup (item->systems[group]);
      for (guint i = 0; i < item->groups[group]->len; i++)
        {
          const KalonHpirPicture *picture = item->groups[group]->pdata[i];
          g_autofree char *name = dup_name (set, other, picture);

          kalon_hpir_item_add_picture (copy, group, name, picture->content_hash);
        }
    }
  g_array_append_vals (copy->labels, item->labels->data, item->labels->len);
  for (guint i = 0; i < copy->labels->len; i++)
    {
      KalonHpirLabel *label = &g_array_index (copy->labels, KalonHpirLabel, i);

      label->labeler = positions[label->labeler];
    }
  memcpy (copy->votes, item->votes, sizeof copy->votes);
  memcpy (copy->stated, item->stated, sizeof copy->stated);
  copy->is_stated = item->is_stated;
}

static void
add_labels (KalonHpirItem *mine, const KalonHpirItem *theirs, const guint *positions)
{
  if (is_empty (mine) && is_anonymous (theirs))
    memcpy (mine->votes, theirs->votes, sizeof mine->votes);
  for (guint i = 0; i < theirs->labels->len; i++)
    {
      KalonHpirLabel label = g_array_index (theirs->labels, KalonHpirLabel, i);

      label.labeler = positions[label.labeler];
      if (kalon_hpir_item_find_label (mine, label.labeler, label.repeat) == NULL)
        kalon_hpir_item_add_label (mine, &label);
    }
}

/* (transfer full): of each labeler of @other: where she is or would be in @set. @n: how many it
 * would have */
static guint *
place_labelers (const KalonHpirSet *set, const KalonHpirSet *other, guint *n)
{
  guint *positions = g_new (guint, other->labelers->len);
  guint next = set->labelers->len;

  for (guint i = 0; i < other->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = other->labelers->pdata[i];
      guint found = next;

      for (guint j = 0; j < set->labelers->len; j++)
        if (g_str_equal (((KalonHpirLabeler *) set->labelers->pdata[j])->id, labeler->id))
          found = j;
      positions[i] = found;
      next += found == next;
    }
  *n = next;
  return positions;
}

gboolean
kalon_hpir_set_merge (KalonHpirSet *set, const KalonHpirSet *other, GError **error)
{
  g_autofree guint *positions = NULL;
  guint n_labelers;

  g_return_val_if_fail (set != NULL && other != NULL, FALSE);

  positions = place_labelers (set, other, &n_labelers);
  if (n_labelers > KALON_HPIR_MAX_LABELERS)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "Together they have %u labelers, a set may have %d. Merge fewer of them.",
                   n_labelers, KALON_HPIR_MAX_LABELERS);
      return FALSE;
    }
  for (guint i = 0; i < other->items->len; i++)
    {
      const KalonHpirItem *theirs = other->items->pdata[i];
      const KalonHpirItem *mine = kalon_hpir_set_find_item (set, theirs->id);
      const char *difference
          = mine != NULL ? find_difference (set, mine, other, theirs, positions) : NULL;

      if (difference != NULL)
        {
          g_set_error (error, KALON_ERROR, KALON_ERROR_MISMATCH,
                       "Item “%s” cannot be merged: %s. Merge sets of the same items.", theirs->id,
                       difference);
          return FALSE;
        }
    }
  for (guint i = 0; i < other->labelers->len; i++)
    {
      const KalonHpirLabeler *labeler = other->labelers->pdata[i];
      const KalonHpirLabeler *known
          = positions[i] < set->labelers->len ? set->labelers->pdata[positions[i]] : NULL;

      /* What she wrote down first stays. */
      kalon_hpir_set_add_labeler (
          set, labeler->id,
          known == NULL || g_hash_table_size (known->traits) == 0 ? labeler->traits : NULL);
    }
  for (guint i = 0; i < other->items->len; i++)
    {
      const KalonHpirItem *theirs = other->items->pdata[i];
      KalonHpirItem *mine = kalon_hpir_set_find_item (set, theirs->id);

      if (mine == NULL)
        copy_item (set, other, theirs, positions);
      else
        add_labels (mine, theirs, positions);
    }
  set->synthetic = set->synthetic || other->synthetic;
  return TRUE;
}
