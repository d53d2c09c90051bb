/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback-private.h"

GHashTable *
kalon_feedback_list_judged (KalonFeedback *self, gboolean liked, GError **error)
{
  g_autoptr (GHashTable) judged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (KalonStatement) statement = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT picture FROM thumbs WHERE profile = (SELECT profile FROM active) AND liked = ?",
      error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, liked ? 1 : 0);
  while (kalon_statement_next (statement, &reason))
    g_hash_table_add (judged, kalon_statement_dup_text (statement, 0));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&judged);
}
