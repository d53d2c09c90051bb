/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback-private.h"

#include <string.h>

#include "errors/kalon-errors.h"

#define MAX_NAME 100

GStrv
kalon_feedback_list_profiles (KalonFeedback *self, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GError) reason = NULL;
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), NULL);

  statement
      = kalon_storage_prepare (self->storage, "SELECT name FROM profiles ORDER BY name", error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    {
      g_autofree char *name = kalon_statement_dup_text (statement, 0);

      g_strv_builder_add (names, name);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_strv_builder_end (names);
}

char *
kalon_feedback_dup_profile (KalonFeedback *self, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), NULL);

  statement = kalon_storage_prepare (
      self->storage, "SELECT name FROM profiles WHERE id = (SELECT profile FROM active)", error);
  if (statement == NULL || !kalon_statement_next (statement, error))
    return NULL;
  return kalon_statement_dup_text (statement, 0);
}

static gboolean
run_with_name (KalonFeedback *self, const char *sql, const char *name, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, name);
  self->n_changes++;
  return kalon_statement_run (statement, error);
}

/* 1 to MAX_NAME bytes of UTF-8 without control characters: it is printed on terminals. */
static gboolean
is_name (const char *name)
{
  if (name[0] == '\0' || strlen (name) > MAX_NAME || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (; *name != '\0'; name = g_utf8_next_char (name))
    if (g_unichar_iscntrl (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
  if (is_name (name))
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "A profile's name is 1 to %d bytes of UTF-8, without control characters.", MAX_NAME);
  return FALSE;
}

gboolean
kalon_feedback_set_profile (KalonFeedback *self, const char *name, GError **error)
{
  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;
  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  if (run_with_name (self, "INSERT OR IGNORE INTO profiles (name) VALUES (?)", name, error)
      && run_with_name (self,
                        "UPDATE active SET profile = (SELECT id FROM profiles WHERE name = ?)",
                        name, error))
    return kalon_storage_commit (self->storage, error);
  kalon_storage_rollback (self->storage);
  return FALSE;
}

gboolean
kalon_feedback_rename_profile (KalonFeedback *self, const char *name, GError **error)
{
  g_autofree char *active = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;
  active = kalon_feedback_dup_profile (self, error);
  if (active == NULL)
    return FALSE;
  if (g_str_equal (active, name))
    return TRUE;
  if (!run_with_name (self,
                      "UPDATE OR IGNORE profiles SET name = ? WHERE id = (SELECT profile FROM "
                      "active)",
                      name, error))
    return FALSE;
  if (kalon_storage_get_n_changes (self->storage) > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "There is a profile “%s” already. Choose another name.", name);
  return FALSE;
}

gboolean
kalon_feedback_look_at (KalonFeedback *self, const char *name, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  /* A table of the connection's own hides that of the file from every statement. */
  if (!kalon_storage_execute (self->storage,
                              "CREATE TEMP TABLE IF NOT EXISTS active (profile INTEGER NOT NULL);"
                              "DELETE FROM temp.active",
                              error))
    return FALSE;
  statement = kalon_storage_prepare (
      self->storage, "INSERT INTO temp.active SELECT id FROM profiles WHERE name = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, name);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  if (kalon_storage_get_n_changes (self->storage) > 0)
    return TRUE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "There is no profile “%s” any more; choose another one.", name);
  return FALSE;
}

gboolean
kalon_feedback_remove_profile (KalonFeedback *self, const char *name, GError **error)
{
  g_autofree char *active = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!run_with_name (self,
                      "DELETE FROM profiles WHERE name = ? AND id <> (SELECT profile FROM active)",
                      name, error))
    return FALSE;
  if (kalon_storage_get_n_changes (self->storage) > 0)
    return TRUE;
  active = kalon_feedback_dup_profile (self, error);
  if (active == NULL)
    return FALSE;
  if (g_str_equal (name, active))
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "“%s” is the active profile, which stays. Make another one active first.", name);
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no profile “%s”.", name);
  return FALSE;
}

gboolean
kalon_feedback_store_part (KalonFeedback *self, KalonProfilePart part, const char *model_hash,
                           GBytes *bytes, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  gconstpointer data = NULL;
  gsize size = 0;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (model_hash != NULL, FALSE);

  statement = kalon_storage_prepare (
      self->storage,
      bytes != NULL
          ? "INSERT OR REPLACE INTO parts (profile, part, model, bytes) VALUES ((SELECT profile "
            "FROM active), ?, ?, ?)"
          : "DELETE FROM parts WHERE profile = (SELECT profile FROM active) AND part = ? AND "
            "model = ?",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, part);
  kalon_statement_bind_text (statement, 2, model_hash);
  if (bytes != NULL)
    {
      data = g_bytes_get_data (bytes, &size);
      kalon_statement_bind_bytes (statement, 3, data, size);
    }
  self->n_changes++;
  return kalon_statement_run (statement, error);
}

gboolean
kalon_feedback_load_part (KalonFeedback *self, KalonProfilePart part, const char *model_hash,
                          GBytes **bytes, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (KALON_IS_FEEDBACK (self), FALSE);
  g_return_val_if_fail (model_hash != NULL && bytes != NULL, FALSE);

  *bytes = NULL;
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT bytes FROM parts WHERE profile = (SELECT profile FROM active) AND part = ? AND "
      "model = ?",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, part);
  kalon_statement_bind_text (statement, 2, model_hash);
  if (kalon_statement_next (statement, &reason))
    {
      gsize size;
      gconstpointer data = kalon_statement_get_bytes (statement, 0, &size);

      *bytes = g_bytes_new (data, size);
    }
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
