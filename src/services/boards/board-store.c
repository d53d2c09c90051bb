/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

G_DEFINE_FINAL_TYPE (KalonBoardStore, kalon_board_store, G_TYPE_OBJECT)

/* AUTOINCREMENT: the id of a board that was deleted never comes to mean another. */
static const char format_1[]
    = "CREATE TABLE boards ("
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
      "  name TEXT NOT NULL UNIQUE,"
      "  description TEXT NOT NULL,"
      "  created INTEGER NOT NULL," /* microseconds since 1970 */
      "  changed INTEGER NOT NULL,"
      "  arrangement INTEGER NOT NULL);" /* KalonBoardOrder */

      "CREATE TABLE items ("
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
      "  board INTEGER NOT NULL REFERENCES boards,"
      "  position INTEGER NOT NULL,"  /* rising; of equal ones the lower id is first */
      "  content_hash TEXT NOT NULL," /* hex SHA-256 */
      "  path BLOB NOT NULL,"         /* where it was seen last */
      "  note TEXT NOT NULL,"
      "  added INTEGER NOT NULL," /* microseconds since 1970 */
      "  UNIQUE (board, content_hash));"
      "CREATE INDEX items_position ON items (board, position);";

static const char *const migrations[] = { format_1 };

static const KalonStorageFormat format = {
  .application_id = 0x4b616c42, /* "KalB" */
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
};

static void
kalon_board_store_finalize (GObject *object)
{
  KalonBoardStore *self = KALON_BOARD_STORE (object);

  g_clear_pointer (&self->storage, kalon_storage_free);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (kalon_board_store_parent_class)->finalize (object);
}

static void
kalon_board_store_class_init (KalonBoardStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_board_store_finalize;
}

static void
kalon_board_store_init (KalonBoardStore *self)
{
}

KalonBoardItem *
kalon_board_item_copy (const KalonBoardItem *item)
{
  KalonBoardItem *copy = g_memdup2 (item, sizeof *item);

  copy->content_hash = g_strdup (item->content_hash);
  copy->path = g_strdup (item->path);
  copy->note = g_strdup (item->note);
  return copy;
}

void
kalon_board_item_free (KalonBoardItem *item)
{
  if (item == NULL)
    return;
  g_free (item->content_hash);
  g_free (item->path);
  g_free (item->note);
  g_free (item);
}

KalonBoard *
kalon_board_copy (const KalonBoard *board)
{
  KalonBoard *copy = g_memdup2 (board, sizeof *board);

  copy->name = g_strdup (board->name);
  copy->description = g_strdup (board->description);
  copy->covers = g_ptr_array_ref (board->covers);
  return copy;
}

void
kalon_board_free (KalonBoard *board)
{
  if (board == NULL)
    return;
  g_free (board->name);
  g_free (board->description);
  g_clear_pointer (&board->covers, g_ptr_array_unref);
  g_free (board);
}

KalonBoardContents *
kalon_board_contents_copy (const KalonBoardContents *contents)
{
  KalonBoardContents *copy = g_new (KalonBoardContents, 1);

  copy->board = kalon_board_copy (contents->board);
  copy->items = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_board_item_free);
  for (guint i = 0; i < contents->items->len; i++)
    g_ptr_array_add (copy->items, kalon_board_item_copy (g_ptr_array_index (contents->items, i)));
  return copy;
}

void
kalon_board_contents_free (KalonBoardContents *contents)
{
  if (contents == NULL)
    return;
  kalon_board_free (contents->board);
  g_ptr_array_unref (contents->items);
  g_free (contents);
}

/* SQLite would make the file readable for all, and gives the files beside it the same mode. A file
 * that cannot be made is reported by whoever opens it. */
static void
make_private (const char *path)
{
  int file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (file >= 0)
    close (file);
}

KalonBoardStore *
kalon_board_store_open (const char *library_directory, GError **error)
{
  g_autoptr (KalonBoardStore) self = g_object_new (KALON_TYPE_BOARD_STORE, NULL);
  g_autofree char *path = NULL;

  /* It makes the directory. */
  self->library = kalon_library_open (library_directory, error);
  if (self->library == NULL)
    return NULL;
  path = g_build_filename (kalon_library_get_directory (self->library), "boards.db", NULL);
  make_private (path);
  self->storage = kalon_storage_open (path, &format, error);
  if (self->storage == NULL || !kalon_board_undo_prepare (self->storage, error))
    return NULL;
  return g_steal_pointer (&self);
}

guint64
kalon_board_store_get_version (KalonBoardStore *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_STORE (self), 0);

  return (guint64) kalon_storage_get_version (self->storage) << 32 | self->n_changes;
}

#define BOARD_COLUMNS                                                                              \
  "SELECT id, name, description, created, changed, arrangement, (SELECT count (*) FROM items "     \
  "WHERE board = boards.id) FROM boards "

static KalonBoard *
take_row (KalonStatement *statement)
{
  KalonBoard *board = g_new0 (KalonBoard, 1);

  board->id = kalon_statement_get_int (statement, 0);
  board->name = kalon_statement_dup_text (statement, 1);
  board->description = kalon_statement_dup_text (statement, 2);
  board->created = kalon_statement_get_int (statement, 3);
  board->changed = kalon_statement_get_int (statement, 4);
  board->order = CLAMP (kalon_statement_get_int (statement, 5), 0, KALON_BOARD_BY_DATE);
  board->n_items = (guint) kalon_statement_get_int (statement, 6);
  return board;
}

GPtrArray *
kalon_board_store_list (KalonBoardStore *self, GError **error)
{
  g_autoptr (GPtrArray) boards = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_board_free);
  g_autoptr (GError) reason = NULL;
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_BOARD_STORE (self), NULL);

  statement = kalon_storage_prepare (self->storage, BOARD_COLUMNS "ORDER BY changed DESC, id DESC",
                                     error);
  if (statement == NULL)
    return NULL;
  while (kalon_statement_next (statement, &reason))
    g_ptr_array_add (boards, take_row (statement));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  for (guint i = 0; i < boards->len; i++)
    {
      KalonBoard *board = g_ptr_array_index (boards, i);

      board->covers = kalon_board_read_items (self, board->id, KALON_BOARD_N_COVERS, error);
      if (board->covers == NULL)
        return NULL;
    }
  return g_steal_pointer (&boards);
}

gboolean
kalon_board_store_find (KalonBoardStore *self, const char *name, gint64 *board, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (KALON_IS_BOARD_STORE (self), FALSE);
  g_return_val_if_fail (name != NULL && board != NULL, FALSE);

  statement = kalon_storage_prepare (self->storage, "SELECT id FROM boards WHERE name = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, name);
  if (kalon_statement_next (statement, &reason))
    {
      *board = kalon_statement_get_int (statement, 0);
      return TRUE;
    }
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "There is no board “%s”.", name);
  return FALSE;
}

static gboolean
keep_path (KalonBoardStore *self, const KalonBoardItem *item, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, "UPDATE items SET path = ? WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_path (statement, 1, item->path);
  kalon_statement_bind_int (statement, 2, item->id);
  return kalon_statement_run (statement, error);
}

/* Where one may only read, they are found again the next time. */
static void
keep_paths (KalonBoardStore *self, GPtrArray *moved)
{
  g_autoptr (GError) error = NULL;

  if (moved->len == 0)
    return;
  if (kalon_storage_begin (self->storage, &error))
    {
      for (guint i = 0; i < moved->len && error == NULL; i++)
        keep_path (self, g_ptr_array_index (moved, i), &error);
      if (error == NULL)
        kalon_storage_commit (self->storage, &error);
      else
        kalon_storage_rollback (self->storage);
    }
  if (error != NULL)
    g_message ("Where pictures of a board are now was not kept: %s", error->message);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const KalonBoardItem *x = *(KalonBoardItem *const *) a;
  const KalonBoardItem *y = *(KalonBoardItem *const *) b;
  g_autofree char *name_x = g_filename_display_basename (x->path);
  g_autofree char *name_y = g_filename_display_basename (y->path);
  g_autofree char *key_x = g_utf8_collate_key_for_filename (name_x, -1);
  g_autofree char *key_y = g_utf8_collate_key_for_filename (name_y, -1);
  int order = strcmp (key_x, key_y);

  return order != 0 ? order : strcmp (x->path, y->path);
}

static int
compare_dates (gconstpointer a, gconstpointer b)
{
  const KalonBoardItem *x = *(KalonBoardItem *const *) a;
  const KalonBoardItem *y = *(KalonBoardItem *const *) b;

  if ((x->date == 0) != (y->date == 0))
    return x->date == 0 ? 1 : -1;
  if (x->date != y->date)
    return x->date < y->date ? -1 : 1;
  return compare_names (a, b);
}

static KalonBoard *
get_board (KalonBoardStore *self, gint64 id, GError **error)
{
  g_autoptr (KalonBoard) board = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, BOARD_COLUMNS "WHERE id = ?", error);

  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, id);
  if (kalon_statement_next (statement, &reason))
    board = take_row (statement);
  else if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "The board is there no more.");
  return g_steal_pointer (&board);
}

KalonBoardContents *
kalon_board_store_load (KalonBoardStore *self, gint64 board, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (KalonBoard) head = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();

  g_return_val_if_fail (KALON_IS_BOARD_STORE (self), NULL);

  head = get_board (self, board, error);
  if (head == NULL)
    return NULL;
  items = kalon_board_read_items (self, board, -1, error);
  head->covers = kalon_board_read_items (self, board, KALON_BOARD_N_COVERS, error);
  if (items == NULL || head->covers == NULL)
    return NULL;
  for (guint i = 0; i < items->len; i++)
    {
      KalonBoardItem *item = g_ptr_array_index (items, i);
      gboolean has_moved;

      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !kalon_board_locate (self, item, &has_moved, error))
        return NULL;
      if (has_moved)
        g_ptr_array_add (moved, item);
    }
  keep_paths (self, moved);
  if (head->order != KALON_BOARD_ARRANGED)
    g_ptr_array_sort (items, head->order == KALON_BOARD_BY_NAME ? compare_names : compare_dates);
  contents = g_new0 (KalonBoardContents, 1);
  contents->board = g_steal_pointer (&head);
  contents->items = g_steal_pointer (&items);
  return g_steal_pointer (&contents);
}
