/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hpir/kalon-hpir-private.h"

#include <string.h>

static void
picture_free (gpointer data)
{
  KalonHpirPicture *picture = data;

  g_free (picture->path);
  g_free (picture->content_hash);
  g_free (picture);
}

KalonHpirItem *
kalon_hpir_item_new (const char *id, const char *query)
{
  KalonHpirItem *item = g_new0 (KalonHpirItem, 1);

  item->id = g_strdup (id);
  item->query = g_strdup (query);
  item->rephrased = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint group = 0; group < 2; group++)
    item->groups[group] = g_ptr_array_new_with_free_func (picture_free);
  item->labels = g_array_new (FALSE, FALSE, sizeof (KalonHpirLabel));
  return item;
}

void
kalon_hpir_item_free (KalonHpirItem *item)
{
  if (item == NULL)
    return;
  g_free (item->id);
  g_free (item->query);
  g_free (item->kind);
  g_hash_table_unref (item->rephrased);
  for (guint group = 0; group < 2; group++)
    {
      g_free (item->systems[group]);
      g_ptr_array_unref (item->groups[group]);
    }
  g_array_unref (item->labels);
  g_free (item);
}

void
kalon_hpir_item_add_picture (KalonHpirItem *item, guint group, const char *path,
                             const char *content_hash)
{
  KalonHpirPicture *picture;

  g_return_if_fail (item != NULL && group < 2 && path != NULL);
  g_return_if_fail (item->groups[group]->len < KALON_HPIR_MAX_GROUP);

  picture = g_new0 (KalonHpirPicture, 1);
  picture->path = g_strdup (path);
  picture->content_hash = g_strdup (content_hash);
  g_ptr_array_add (item->groups[group], picture);
}

gboolean
kalon_hpir_item_has_votes (const KalonHpirItem *item)
{
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (item->votes[aspect][0] > 0 || item->votes[aspect][1] > 0)
      return TRUE;
  return FALSE;
}

static void
count_label (const KalonHpirLabel *label, guint votes[KALON_N_HPIR_ASPECTS][2])
{
  for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
    if (label->votes[aspect] == KALON_HPIR_A || label->votes[aspect] == KALON_HPIR_B)
      votes[aspect][label->votes[aspect] - KALON_HPIR_A]++;
}

void
kalon_hpir_item_count_votes (const KalonHpirItem *item, const gboolean *only,
                             guint votes[KALON_N_HPIR_ASPECTS][2])
{
  memset (votes, 0, sizeof item->votes);
  for (guint i = 0; i < item->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, i);

      if (label->repeat == 0 && (only == NULL || only[label->labeler]))
        count_label (label, votes);
    }
}

void
kalon_hpir_item_add_label (KalonHpirItem *item, const KalonHpirLabel *label)
{
  g_return_if_fail (item != NULL && label != NULL);

  if (item->labels->len == 0 && kalon_hpir_item_has_votes (item))
    {
      memcpy (item->stated, item->votes, sizeof item->votes);
      item->is_stated = TRUE;
      memset (item->votes, 0, sizeof item->votes);
    }
  g_array_append_val (item->labels, *label);
  if (label->repeat == 0)
    count_label (label, item->votes);
}

const KalonHpirLabel *
kalon_hpir_item_find_label (const KalonHpirItem *item, guint labeler, guint repeat)
{
  g_return_val_if_fail (item != NULL, NULL);

  for (guint i = 0; i < item->labels->len; i++)
    {
      const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, i);

      if (label->labeler == labeler && label->repeat == repeat)
        return label;
    }
  return NULL;
}

gboolean
kalon_hpir_item_get_gold (const KalonHpirItem *item, KalonHpirAspect aspect, const gboolean *only,
                          guint *choice, double *confidence)
{
  guint counted[KALON_N_HPIR_ASPECTS][2];
  const guint *votes;

  g_return_val_if_fail (item != NULL && aspect < KALON_N_HPIR_ASPECTS, FALSE);
  g_return_val_if_fail (choice != NULL && confidence != NULL, FALSE);

  if (only != NULL)
    kalon_hpir_item_count_votes (item, only, counted);
  votes = only != NULL ? counted[aspect] : item->votes[aspect];
  if (votes[0] == votes[1])
    return FALSE;
  *choice = votes[1] > votes[0];
  *confidence = (double) votes[*choice] / ((double) votes[0] + votes[1]);
  return TRUE;
}
