/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include "errors/kalon-errors.h"

/* Positions of neighbours lie this far apart at first, so that most moves touch only what moves. */
#define GAP (1 << 20)

GPtrArray *
kalon_board_read_items (KalonBoardStore *self, gint64 board, gint64 limit, GError **error)
{
  g_autoptr (GPtrArray) items
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_board_item_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "SELECT id, content_hash, path, note, added FROM items WHERE board = ? "
      "ORDER BY position, id LIMIT ?",
      error);

  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, board);
  kalon_statement_bind_int (statement, 2, limit);
  while (kalon_statement_next (statement, &reason))
    {
      KalonBoardItem *item = g_new0 (KalonBoardItem, 1);

      item->id = kalon_statement_get_int (statement, 0);
      item->content_hash = kalon_statement_dup_text (statement, 1);
      item->path = kalon_statement_dup_text (statement, 2);
      item->note = kalon_statement_dup_text (statement, 3);
      item->added = kalon_statement_get_int (statement, 4);
      g_ptr_array_add (items, item);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&items);
}

/* An item of a board and where it stands. */
typedef struct
{
  gint64 id;
  gint64 position;
} Place;

/* (transfer full) (element-type Place): of all items of @board, as arranged */
static GArray *
read_places (KalonBoardStore *self, gint64 board, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "SELECT id, position FROM items WHERE board = ? ORDER BY position, id", error);

  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, board);
  while (kalon_statement_next (statement, &reason))
    {
      Place place
          = { kalon_statement_get_int (statement, 0), kalon_statement_get_int (statement, 1) };

      g_array_append_val (places, place);
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&places);
}

static gboolean
set_position (KalonBoardStore *self, gint64 item, gint64 position, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, "UPDATE items SET position = ? WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, position);
  kalon_statement_bind_int (statement, 2, item);
  return kalon_statement_run (statement, error);
}

static gboolean
refuse_item (GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "The picture is not on the board any more.");
  return FALSE;
}

/* Makes room for @n items in front of @before: @first and @step are their positions. @places:
 * (element-type Place): the others of the board. */
static gboolean
make_room (KalonBoardStore *self, GArray *places, gint64 before, guint n, gint64 *first,
           gint64 *step, GError **error)
{
  Place *place = (Place *) (gpointer) places->data;
  guint at = 0;
  gint64 previous, room;

  while (at < places->len && (before == 0 || place[at].id != before))
    at++;
  if (before != 0 && at == places->len)
    return refuse_item (error);
  previous = at > 0             ? place[at - 1].position
             : at < places->len ? place[at].position - (gint64) GAP * (n + 1)
                                : 0;
  room = at < places->len ? place[at].position - previous : (gint64) GAP * (n + 1);
  if (room > n)
    {
      *step = room / (n + 1);
      *first = previous + *step;
      return TRUE;
    }
  /* Too often in the same gap: all get new places. */
  for (guint i = 0; i < places->len; i++)
    if (!set_position (self, place[i].id, ((gint64) i + 1 + (i >= at ? n : 0)) * GAP, error))
      return FALSE;
  *step = GAP;
  *first = ((gint64) at + 1) * GAP;
  return TRUE;
}

static gboolean
insert (KalonBoardStore *self, gint64 board, gint64 position, const KalonBoardItem *item,
        gboolean *inserted, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage,
      "INSERT INTO items (board, position, content_hash, path, note, added) SELECT ?1, ?2, ?3, ?4, "
      "?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM items WHERE board = ?1 AND content_hash = ?3)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, board);
  kalon_statement_bind_int (statement, 2, position);
  kalon_statement_bind_text (statement, 3, item->content_hash);
  kalon_statement_bind_path (statement, 4, item->path);
  kalon_statement_bind_text (statement, 5, item->note);
  kalon_statement_bind_int (statement, 6, item->added);
  if (!kalon_statement_run (statement, error))
    return FALSE;
  *inserted = kalon_storage_get_n_changes (self->storage) > 0;
  return TRUE;
}

gboolean
kalon_board_add_items (KalonBoardStore *self, const KalonBoardEdit *edit, gint64 board,
                       GPtrArray *items, KalonBoardOutcome *outcome, GError **error)
{
  g_autoptr (GArray) places = read_places (self, board, error);
  gint64 position, step;

  if (places == NULL || !make_room (self, places, edit->item, items->len, &position, &step, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      gboolean inserted;

      if (!insert (self, board, position, g_ptr_array_index (items, i), &inserted, error))
        return FALSE;
      if (inserted)
        {
          outcome->n_changed++;
          position += step;
        }
      else
        outcome->n_known++;
    }
  return TRUE;
}

gboolean
kalon_board_remove_items (KalonBoardStore *self, const KalonBoardEdit *edit,
                          KalonBoardOutcome *outcome, GError **error)
{
  for (guint i = 0; i < edit->items->len; i++)
    {
      g_autoptr (KalonStatement) statement = kalon_storage_prepare (
          self->storage, "DELETE FROM items WHERE id = ? AND board = ?", error);

      if (statement == NULL)
        return FALSE;
      kalon_statement_bind_int (statement, 1, g_array_index (edit->items, gint64, i));
      kalon_statement_bind_int (statement, 2, edit->board);
      if (!kalon_statement_run (statement, error))
        return FALSE;
      outcome->n_changed += kalon_storage_get_n_changes (self->storage);
    }
  return outcome->n_changed > 0 || refuse_item (error);
}

gboolean
kalon_board_move_items (KalonBoardStore *self, const KalonBoardEdit *edit,
                        KalonBoardOutcome *outcome, GError **error)
{
  g_autoptr (GArray) places = read_places (self, edit->board, error);
  g_autoptr (GHashTable) moving = g_hash_table_new (g_int64_hash, g_int64_equal);
  gint64 position, step;
  guint n_rest = 0;

  if (places == NULL)
    return FALSE;
  for (guint i = 0; i < edit->items->len; i++)
    g_hash_table_add (moving, &g_array_index (edit->items, gint64, i));
  for (guint i = 0; i < places->len; i++)
    {
      Place place = g_array_index (places, Place, i);

      if (!g_hash_table_contains (moving, &place.id))
        g_array_index (places, Place, n_rest++) = place;
    }
  if (places->len - n_rest != g_hash_table_size (moving)
      || g_hash_table_size (moving) != edit->items->len)
    return refuse_item (error);
  g_array_set_size (places, n_rest);
  if (!make_room (self, places, edit->item, edit->items->len, &position, &step, error))
    return FALSE;
  for (guint i = 0; i < edit->items->len; i++, position += step)
    if (!set_position (self, g_array_index (edit->items, gint64, i), position, error))
      return FALSE;
  outcome->n_changed = edit->items->len;
  return TRUE;
}
