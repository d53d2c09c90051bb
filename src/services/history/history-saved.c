/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/kalon-history-private.h"

#include "errors/kalon-errors.h"

/* (transfer full) (nullable): NULL with an error */
static char *
dup_name (const char *name, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (stripped[0] != '\0' && strlen (stripped) <= KALON_HISTORY_MAX_NAME
      && g_utf8_validate (stripped, -1, NULL))
    return g_steal_pointer (&stripped);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The name of a search is 1 to %d bytes of UTF-8. Give it another.",
               KALON_HISTORY_MAX_NAME);
  return NULL;
}

static gboolean
refuse_unknown (const char *name, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no saved search “%s”.", name);
  return FALSE;
}

gboolean
kalon_history_find_saved (KalonHistory *self, const char *key, guint limit, GPtrArray *entries,
                          GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "SELECT 0, time, name, question FROM saved "
      "WHERE ?1 = '' OR instr (name_key, ?1) > 0 OR instr (words, ?1) > 0 "
      "ORDER BY ?1 = '' OR instr (name_key, ?1) = 1 DESC, name_key LIMIT ?2",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_int (statement, 2, limit > 0 ? (gint64) limit : -1);
  return kalon_history_read_rows (statement, entries, error);
}

/* (transfer full) (nullable): NULL without an error when there is none. */
static KalonHistoryEntry *
get_saved (KalonHistory *self, const char *key, GError **error)
{
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_history_entry_free);
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "SELECT 0, time, name, question FROM saved WHERE name_key = ?", error);

  if (statement == NULL)
    return NULL;
  kalon_statement_bind_text (statement, 1, key);
  if (!kalon_history_read_rows (statement, entries, error) || entries->len == 0)
    return NULL;
  return g_ptr_array_steal_index (entries, 0);
}

KalonHistoryEntry *
kalon_history_get_saved (KalonHistory *self, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GError) reason = NULL;
  KalonHistoryEntry *entry = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  key = kalon_history_dup_key (name);
  locker = g_mutex_locker_new (&self->mutex);
  if (kalon_history_ensure_open (self, &reason))
    entry = get_saved (self, key, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (entry == NULL)
    refuse_unknown (name, error);
  return entry;
}

gboolean
kalon_history_save (KalonHistory *self, const char *name, const KalonQuestion *question,
                    GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (KalonStatement) statement = NULL;
  g_autofree char *stripped = NULL, *key = NULL, *words = NULL, *json = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (name != NULL && question != NULL, FALSE);

  stripped = dup_name (name, error);
  if (stripped == NULL)
    return FALSE;
  if (kalon_question_is_empty (question))
    {
      g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                           "There is nothing to save: the search is empty.");
      return FALSE;
    }
  key = kalon_history_dup_key (stripped);
  words = kalon_history_dup_words (question);
  json = kalon_question_to_json (question);
  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error))
    return FALSE;
  statement = kalon_storage_prepare (
      self->storage,
      "INSERT OR REPLACE INTO saved (name_key, name, time, words, question) VALUES (?, ?, ?, ?, ?)",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_text (statement, 2, stripped);
  kalon_statement_bind_int (statement, 3, g_get_real_time () / G_USEC_PER_SEC);
  kalon_statement_bind_text (statement, 4, words);
  kalon_statement_bind_text (statement, 5, json);
  return kalon_statement_run (statement, error);
}

static gboolean
rename_saved (KalonHistory *self, const char *key, const char *new_key, const char *new_name,
              GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "UPDATE saved SET name_key = ?, name = ? WHERE name_key = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, new_key);
  kalon_statement_bind_text (statement, 2, new_name);
  kalon_statement_bind_text (statement, 3, key);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_history_rename_saved (KalonHistory *self, const char *name, const char *new_name,
                            GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (KalonHistoryEntry) other = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *stripped = NULL, *key = NULL, *new_key = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (name != NULL && new_name != NULL, FALSE);

  stripped = dup_name (new_name, error);
  if (stripped == NULL)
    return FALSE;
  key = kalon_history_dup_key (name);
  new_key = kalon_history_dup_key (stripped);
  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error))
    return FALSE;
  if (!g_str_equal (key, new_key))
    other = get_saved (self, new_key, &reason);
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  if (other != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is a saved search “%s” already. Choose another name.", other->name);
      return FALSE;
    }
  if (!rename_saved (self, key, new_key, stripped, error))
    return FALSE;
  return kalon_storage_get_n_changes (self->storage) > 0 || refuse_unknown (name, error);
}

gboolean
kalon_history_remove_saved (KalonHistory *self, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (KalonStatement) statement = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  key = kalon_history_dup_key (name);
  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error))
    return FALSE;
  statement = kalon_storage_prepare (self->storage, "DELETE FROM saved WHERE name_key = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  return kalon_statement_run (statement, error)
         && (kalon_storage_get_n_changes (self->storage) > 0 || refuse_unknown (name, error));
}
