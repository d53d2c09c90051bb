/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include "errors/kalon-errors.h"

void
kalon_board_outcome_free (KalonBoardOutcome *outcome)
{
  if (outcome == NULL)
    return;
  g_ptr_array_unref (outcome->failures);
  g_free (outcome);
}

/* (transfer full) (nullable): @text as it is kept: UTF-8 without control characters but tabs and,
 * of @lines, their ends; no white space around it */
static char *
dup_clean (const char *text, gboolean lines, glong max_length, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autoptr (GString) clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iscntrl (c) || (lines && (c == '\n' || c == '\t')))
        g_string_append_unichar (clean, c);
      else if (c != '\r')
        g_string_append_c (clean, ' ');
    }
  if (g_utf8_strlen (g_strstrip (clean->str), -1) <= max_length)
    return g_strdup (clean->str);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "This is too long for a board: %ld characters at most.", max_length);
  return NULL;
}

static char *
dup_name (const char *text, GError **error)
{
  g_autofree char *name = dup_clean (text, FALSE, KALON_BOARD_MAX_NAME, error);

  if (name == NULL || *name != '\0')
    return g_steal_pointer (&name);
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "A board needs a name.");
  return NULL;
}

static gboolean
is_free (KalonBoardStore *self, const char *name, gint64 but, gboolean *is, GError **error)
{
  g_autoptr (GError) reason = NULL;
  gint64 found = 0;

  kalon_board_store_find (self, name, &found, &reason);
  *is = found == 0 || found == but;
  if (reason == NULL || g_error_matches (reason, KALON_ERROR, KALON_ERROR_ARGUMENT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
check_free (KalonBoardStore *self, const char *name, gint64 but, GError **error)
{
  gboolean is;

  if (!is_free (self, name, but, &is, error))
    return FALSE;
  if (!is)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                 "There is a board “%s” already. Choose another name.", name);
  return is;
}

/* (transfer full): @name, or "@name 2", ... */
static char *
dup_free_name (KalonBoardStore *self, const char *name, GError **error)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *numbered = i > 1 ? g_strdup_printf ("%s %u", name, i) : g_strdup (name);
      gboolean is;

      if (!is_free (self, numbered, 0, &is, error))
        return NULL;
      if (is)
        return g_steal_pointer (&numbered);
    }
}

static gboolean
insert_board (KalonBoardStore *self, const char *name, const char *description, gint64 *board,
              GError **error)
{
  gint64 now = g_get_real_time ();
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "INSERT INTO boards (name, description, created, changed, arrangement) "
      "VALUES (?1, ?2, ?3, ?3, 0)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, name);
  kalon_statement_bind_text (statement, 2, description);
  kalon_statement_bind_int (statement, 3, now);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  *board = kalon_storage_get_last_insert_id (self->storage);
  return TRUE;
}

/* Runs @sql with @id, and @text or @number where there is one, as its parameters. @missing: what to
 * say when no row is changed. */
static gboolean
change (KalonBoardStore *self, const char *sql, gint64 id, const char *text, gint64 number,
        const char *missing, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, id);
  if (text != NULL)
    kalon_statement_bind_text (statement, 2, text);
  else if (number >= 0)
    kalon_statement_bind_int (statement, 2, number);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  if (missing == NULL || kalon_storage_get_n_changes (self->storage) > 0)
    return TRUE;
  g_set_error_literal (error, KALON_ERROR, KALON_ERROR_ARGUMENT, missing);
  return FALSE;
}

#define NO_BOARD "The board is there no more."

static gboolean
touch_board (KalonBoardStore *self, gint64 board, GError **error)
{
  return change (self, "UPDATE boards SET changed = ?2 WHERE id = ?1", board, NULL,
                 g_get_real_time (), NO_BOARD, error);
}

/* (transfer full) (element-type KalonBoardItem): what @edit's pictures are. Hashing takes its time:
 * not in a transaction. */
static GPtrArray *
identify_all (KalonBoardStore *self, const KalonBoardEdit *edit, KalonBoardOutcome *outcome,
              GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) items
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_board_item_free);
  gint64 now = g_get_real_time ();

  for (guint i = 0; edit->pictures != NULL && i < edit->pictures->len; i++)
    {
      g_autoptr (GError) reason = NULL;
      KalonBoardItem *item = NULL;

      if (!g_cancellable_set_error_if_cancelled (cancellable, &reason))
        item = kalon_board_identify (self, g_ptr_array_index (edit->pictures, i), outcome->failures,
                                     cancellable, &reason);
      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }
      if (item == NULL)
        continue;
      item->added = now;
      g_ptr_array_add (items, item);
    }
  return g_steal_pointer (&items);
}

static gboolean
create (KalonBoardStore *self, const KalonBoardEdit *edit, GPtrArray *items,
        KalonBoardOutcome *outcome, GError **error)
{
  g_autofree char *name = dup_name (edit->name, error);
  g_autofree char *text
      = name != NULL ? dup_clean (edit->text, TRUE, KALON_BOARD_MAX_TEXT, error) : NULL;

  return text != NULL && check_free (self, name, 0, error)
         && insert_board (self, name, text, &outcome->board, error)
         && kalon_board_add_items (self, edit, outcome->board, items, outcome, error);
}

static gboolean
rename_board (KalonBoardStore *self, const KalonBoardEdit *edit, GError **error)
{
  g_autofree char *name = dup_name (edit->name, error);

  return name != NULL && check_free (self, name, edit->board, error)
         && change (self, "UPDATE boards SET name = ?2 WHERE id = ?1", edit->board, name, -1,
                    NO_BOARD, error)
         && touch_board (self, edit->board, error);
}

static gboolean
describe (KalonBoardStore *self, const KalonBoardEdit *edit, GError **error)
{
  g_autofree char *text = dup_clean (edit->text, TRUE, KALON_BOARD_MAX_TEXT, error);

  return text != NULL
         && change (self, "UPDATE boards SET description = ?2 WHERE id = ?1", edit->board, text, -1,
                    NO_BOARD, error)
         && touch_board (self, edit->board, error);
}

static gboolean
duplicate (KalonBoardStore *self, const KalonBoardEdit *edit, KalonBoardOutcome *outcome,
           GError **error)
{
  g_autofree char *wanted = dup_name (edit->name, error);
  g_autofree char *name = wanted != NULL ? dup_free_name (self, wanted, error) : NULL;

  if (name == NULL || !insert_board (self, name, "", &outcome->board, error)
      || !change (self,
                  "UPDATE boards SET (description, arrangement) = (SELECT description, arrangement "
                  "FROM boards WHERE id = ?1) WHERE id = ?2 AND EXISTS (SELECT 1 FROM boards WHERE "
                  "id = ?1)",
                  edit->board, NULL, outcome->board, NO_BOARD, error)
      || !change (self,
                  "INSERT INTO items (board, position, content_hash, path, note, added) SELECT ?2, "
                  "position, content_hash, path, note, added FROM items WHERE board = ?1 ORDER BY "
                  "position, id",
                  edit->board, NULL, outcome->board, NULL, error))
    return FALSE;
  outcome->n_changed = (guint) kalon_storage_get_n_changes (self->storage);
  return TRUE;
}

static gboolean delete (KalonBoardStore *self, const KalonBoardEdit *edit,
                        KalonBoardOutcome *outcome, GError **error)
{
  if (!change (self, "DELETE FROM items WHERE board = ?1", edit->board, NULL, -1, NULL, error))
    return FALSE;
  outcome->n_changed = (guint) kalon_storage_get_n_changes (self->storage);
  return change (self, "DELETE FROM boards WHERE id = ?1", edit->board, NULL, -1, NO_BOARD, error);
}

static gboolean
set_note (KalonBoardStore *self, const KalonBoardEdit *edit, GError **error)
{
  g_autofree char *text = dup_clean (edit->text, TRUE, KALON_BOARD_MAX_TEXT, error);

  return text != NULL
         && change (self, "UPDATE items SET note = ?2 WHERE id = ?1", edit->item, text, -1,
                    "The picture is not on the board any more.", error)
         && change (self,
                    "UPDATE boards SET changed = ?2 WHERE id = (SELECT board FROM items WHERE id = "
                    "?1)",
                    edit->item, NULL, g_get_real_time (), NO_BOARD, error);
}

static gboolean
apply (KalonBoardStore *self, const KalonBoardEdit *edit, GPtrArray *items,
       KalonBoardOutcome *outcome, GError **error)
{
  outcome->board = edit->board;
  switch (edit->kind)
    {
    case EDIT_CREATE:
      return create (self, edit, items, outcome, error);
    case EDIT_RENAME:
      return rename_board (self, edit, error);
    case EDIT_DESCRIBE:
      return describe (self, edit, error);
    case EDIT_SORT:
      return change (self, "UPDATE boards SET arrangement = ?2 WHERE id = ?1", edit->board, NULL,
                     edit->order, NO_BOARD, error);
    case EDIT_DUPLICATE:
      return duplicate (self, edit, outcome, error);
    case EDIT_DELETE:
      outcome->board = 0;
      return delete (self, edit, outcome, error);
    case EDIT_ADD:
      return touch_board (self, edit->board, error)
             && kalon_board_add_items (self, edit, edit->board, items, outcome, error);
    case EDIT_REMOVE:
      return touch_board (self, edit->board, error)
             && kalon_board_remove_items (self, edit, outcome, error);
    case EDIT_MOVE:
      return touch_board (self, edit->board, error)
             && kalon_board_move_items (self, edit, outcome, error);
    case EDIT_NOTE:
      return set_note (self, edit, error);
    case EDIT_UNDO:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
apply_whole (KalonBoardStore *self, const KalonBoardEdit *edit, GPtrArray *items,
             KalonBoardOutcome *outcome, GError **error)
{
  if (!kalon_storage_begin (self->storage, error))
    return FALSE;
  if (kalon_board_undo_begin_step (self->storage, error)
      && apply (self, edit, items, outcome, error)
      && kalon_board_undo_end_step (self->storage, error))
    return kalon_storage_commit (self->storage, error);
  kalon_storage_rollback (self->storage);
  return FALSE;
}

KalonBoardOutcome *
kalon_board_store_apply (KalonBoardStore *self, const KalonBoardEdit *edit,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonBoardOutcome) outcome = NULL;
  g_autoptr (GPtrArray) items = NULL;

  g_return_val_if_fail (KALON_IS_BOARD_STORE (self), NULL);
  g_return_val_if_fail (edit != NULL, NULL);

  outcome = g_new0 (KalonBoardOutcome, 1);
  outcome->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  if (edit->kind == EDIT_UNDO)
    {
      if (!kalon_board_undo_last (self->storage, error))
        return NULL;
    }
  else
    {
      items = identify_all (self, edit, outcome, cancellable, error);
      if (items == NULL || !apply_whole (self, edit, items, outcome, error))
        return NULL;
    }
  self->n_changes++;
  return g_steal_pointer (&outcome);
}
