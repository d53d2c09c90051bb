/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a profile has, all of it; and putting that back. */
#include "feedback/kalon-feedback-private.h"

/* The row that @statement is at begins a thumb, or goes on with the last one. */
static void
take_row (KalonStatement *statement, GPtrArray *thumbs, GPtrArray *pictures)
{
  KalonThumb *thumb = thumbs->len > 0 ? g_ptr_array_index (thumbs, thumbs->len - 1) : NULL;
  gint64 id = kalon_statement_get_int (statement, 0);

  if (thumb == NULL || thumb->id != id)
    {
      if (thumb != NULL)
        {
          g_ptr_array_add (pictures, NULL);
          thumb->pictures = (GStrv) g_ptr_array_steal (pictures, NULL);
        }
      thumb = g_new0 (KalonThumb, 1);
      thumb->id = id;
      thumb->time = kalon_statement_get_int (statement, 1);
      thumb->query = kalon_statement_dup_text (statement, 2);
      thumb->liked = kalon_statement_get_int (statement, 3) != 0;
      g_ptr_array_add (thumbs, thumb);
    }
  if (kalon_statement_get_int (statement, 5) != 0)
    thumb->chosen = pictures->len;
  g_ptr_array_add (pictures, kalon_statement_dup_text (statement, 4));
}

GPtrArray *
kalon_feedback_list (KalonFeedback *self, GError **error)
{
  g_autoptr (GPtrArray) thumbs = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_thumb_free);
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) reason = NULL;
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT id, time, query, liked, shown.picture, shown.picture = thumbs.picture FROM thumbs "
      "JOIN shown ON thumb = id WHERE profile = (SELECT profile FROM active) ORDER BY id, position",
      error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    take_row (statement, thumbs, pictures);
  if (thumbs->len > 0)
    {
      KalonThumb *last = g_ptr_array_index (thumbs, thumbs->len - 1);

      g_ptr_array_add (pictures, NULL);
      last->pictures = (GStrv) g_ptr_array_steal (pictures, NULL);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&thumbs);
}

void
kalon_stored_part_free (KalonStoredPart *part)
{
  if (part == NULL)
    return;
  g_free (part->model_hash);
  g_clear_pointer (&part->bytes, g_bytes_unref);
  g_free (part);
}

GPtrArray *
kalon_feedback_list_parts (KalonFeedback *self, GError **error)
{
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_stored_part_free);
  g_autoptr (GError) reason = NULL;
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT part, model, bytes FROM parts WHERE profile = (SELECT profile FROM active) "
      "ORDER BY part, model",
      error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    {
      KalonStoredPart *part = g_new0 (KalonStoredPart, 1);
      gsize size;
      gconstpointer data = kalon_statement_get_bytes (statement, 2, &size);

      part->part = (KalonProfilePart) kalon_statement_get_int (statement, 0);
      part->model_hash = kalon_statement_dup_text (statement, 1);
      part->bytes = g_bytes_new (data, size);
      g_ptr_array_add (parts, part);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&parts);
}

static gboolean
put_back (KalonFeedback *self, GPtrArray *thumbs, GPtrArray *parts, GError **error)
{
  gint64 id;

  for (guint i = 0; thumbs != NULL && i < thumbs->len; i++)
    if (!kalon_feedback_store (self, g_ptr_array_index (thumbs, i), &id, error))
      return FALSE;
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    {
      const KalonStoredPart *part = g_ptr_array_index (parts, i);

      if (!kalon_feedback_store_part (self, part->part, part->model_hash, part->bytes, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_feedback_restore_all (KalonFeedback *self, GPtrArray *thumbs, GPtrArray *parts,
                            GError **error)
{
  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);

  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  if (!put_back (self, thumbs, parts, error))
    {
      kalon_storage_rollback (self->storage);
      return FALSE;
    }
  self->n_changes++;
  return kalon_storage_commit (self->storage, error);
}
