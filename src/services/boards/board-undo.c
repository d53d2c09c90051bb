/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include "errors/kalon-errors.h"

/* As https://www.sqlite.org/undoredo.html: triggers note, for every row that an edit touches, the
 * statement that takes that back. Temporary ones: they see this connection's edits only, and end
 * with it. A statement that would take back what another connection has changed since finds no row
 * to change, and that is noticed. Paths are no edits: where a picture lies is not for us to undo.
 */
#define WHILE_RECORDING                                                                            \
  " WHEN (SELECT step FROM undo_state) > 0 BEGIN INSERT INTO undo_log (step, sql) SELECT step, "
#define END " FROM undo_state; END;"
#define CHANGE(table, column)                                                                      \
  "CREATE TEMP TRIGGER " table "_" column " AFTER UPDATE OF " column " ON " table WHILE_RECORDING  \
  "'UPDATE " table " SET " column " = ' || quote (OLD." column                                     \
  ") || ' WHERE id = ' || OLD.id || ' AND " column " = ' || quote (NEW." column ")" END

static const char prepare[]
    = "CREATE TEMP TABLE undo_state (step INTEGER NOT NULL);"
      "INSERT INTO undo_state VALUES (0);"
      "CREATE TEMP TABLE undo_log (n INTEGER PRIMARY KEY, step INTEGER NOT NULL, sql TEXT NOT "
      "NULL);"

      "CREATE TEMP TRIGGER boards_new AFTER INSERT ON boards" WHILE_RECORDING
      "'DELETE FROM boards WHERE id = ' || NEW.id" END
      "CREATE TEMP TRIGGER boards_gone AFTER DELETE ON boards" WHILE_RECORDING
      "'INSERT INTO boards VALUES (' || OLD.id || ', ' || quote (OLD.name) || ', ' || "
      "quote (OLD.description) || ', ' || OLD.created || ', ' || OLD.changed || ', ' || "
      "OLD.arrangement || ')'" END CHANGE ("boards", "name") CHANGE ("boards", "description")
          CHANGE ("boards", "arrangement")
    /* Another's later change of the board stays its last change, and is no hindrance. */
    "CREATE TEMP TRIGGER boards_changed AFTER UPDATE OF changed ON boards" WHILE_RECORDING
    "'UPDATE boards SET changed = CASE changed WHEN ' || NEW.changed || ' THEN ' || OLD.changed "
    "|| ' ELSE changed END WHERE id = ' || OLD.id" END

    "CREATE TEMP TRIGGER items_new AFTER INSERT ON items" WHILE_RECORDING
    "'DELETE FROM items WHERE id = ' || NEW.id" END
    "CREATE TEMP TRIGGER items_gone AFTER DELETE ON items" WHILE_RECORDING
    "'INSERT INTO items VALUES (' || OLD.id || ', ' || OLD.board || ', ' || OLD.position || ', ' "
    "|| quote (OLD.content_hash) || ', ' || quote (OLD.path) || ', ' || quote (OLD.note) || ', ' "
    "|| OLD.added || ')'" END CHANGE ("items", "position") CHANGE ("items", "note");

/* Edits that can be taken back: more than anybody counts back, and few enough for memory. */
#define MAX_STEPS 50

gboolean
kalon_board_undo_prepare (KalonStorage *storage, GError **error)
{
  return kalon_storage_execute (storage, prepare, error);
}

gboolean
kalon_board_undo_begin_step (KalonStorage *storage, GError **error)
{
  return kalon_storage_execute (
      storage, "UPDATE undo_state SET step = (SELECT coalesce (max (step), 0) + 1 FROM undo_log)",
      error);
}

gboolean
kalon_board_undo_end_step (KalonStorage *storage, GError **error)
{
  return kalon_storage_execute (
      storage,
      "DELETE FROM undo_log WHERE step <= (SELECT step FROM undo_state) - " G_STRINGIFY (
          MAX_STEPS) ";"
                     "UPDATE undo_state SET step = 0",
      error);
}

/* (transfer full) (element-type utf8): the last step's statements, the last one first */
static GPtrArray *
read_last_step (KalonStorage *storage, GError **error)
{
  g_autoptr (GPtrArray) statements = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      storage,
      "SELECT sql FROM undo_log WHERE step = (SELECT max (step) FROM undo_log) ORDER BY n DESC",
      error);

  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    g_ptr_array_add (statements, kalon_statement_dup_text (statement, 0));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&statements);
}

/* What cannot be taken back now never can. */
static gboolean
forget_last_step (KalonStorage *storage, GError **error)
{
  return kalon_storage_execute (
      storage, "DELETE FROM undo_log WHERE step = (SELECT max (step) FROM undo_log)", error);
}

gboolean
kalon_board_undo_last (KalonStorage *storage, GError **error)
{
  g_autoptr (GPtrArray) statements = read_last_step (storage, error);
  gboolean changed_since = FALSE;

  if (statements == NULL)
    return FALSE;
  if (statements->len == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is nothing to undo.");
      return FALSE;
    }
  if (!kalon_storage_begin (storage, error))
    return FALSE;
  /* A row that is in the way, or one that is needed and gone, is another's change too. */
  for (guint i = 0; i < statements->len && !changed_since; i++)
    changed_since = !kalon_storage_execute (storage, g_ptr_array_index (statements, i), NULL)
                    || kalon_storage_get_n_changes (storage) != 1;
  if (!changed_since && forget_last_step (storage, error))
    return kalon_storage_commit (storage, error);
  kalon_storage_rollback (storage);
  if (!changed_since || !forget_last_step (storage, error))
    return FALSE;
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "This cannot be undone: the same was changed by another program since.");
  return FALSE;
}
