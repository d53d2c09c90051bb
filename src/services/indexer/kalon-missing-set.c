/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/kalon-decode-private.h"

static void
missing_free (gpointer data)
{
  KalonMissing *missing = data;

  g_free (missing->content_hash);
  g_free (missing);
}

KalonMissingSet *
kalon_missing_set_new (void)
{
  KalonMissingSet *self = g_new0 (KalonMissingSet, 1);

  g_mutex_init (&self->mutex);
  self->all = g_ptr_array_new_with_free_func (missing_free);
  self->sizes = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->by_hash
      = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
kalon_missing_set_free (KalonMissingSet *self)
{
  g_hash_table_unref (self->by_hash);
  g_hash_table_unref (self->sizes);
  g_ptr_array_unref (self->all);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
kalon_missing_set_add (KalonMissingSet *self, gint64 id, gint64 size, const char *content_hash,
                       gboolean can_be_claimed)
{
  KalonMissing *missing = g_new0 (KalonMissing, 1);
  GPtrArray *same;

  missing->id = id;
  missing->size = size;
  missing->content_hash = g_strdup (content_hash);
  g_ptr_array_add (self->all, missing);
  if (!can_be_claimed)
    return;

  g_hash_table_add (self->sizes, &missing->size);
  same = g_hash_table_lookup (self->by_hash, missing->content_hash);
  if (same == NULL)
    {
      same = g_ptr_array_new ();
      g_hash_table_insert (self->by_hash, missing->content_hash, same);
    }
  g_ptr_array_add (same, missing);
}

gint64
kalon_missing_set_claim (KalonMissingSet *self, gint64 size, const char *content_hash)
{
  G_GNUC_UNUSED g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GPtrArray *same;

  if (!g_hash_table_contains (self->sizes, &size))
    return 0;
  same = g_hash_table_lookup (self->by_hash, content_hash);
  for (guint i = 0; same != NULL && i < same->len; i++)
    {
      KalonMissing *missing = g_ptr_array_index (same, i);

      if (!missing->claimed)
        {
          missing->claimed = TRUE;
          return missing->id;
        }
    }
  return 0;
}
