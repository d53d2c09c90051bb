/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include "errors/kalon-errors.h"

static KalonBoardEdit *
edit_new (KalonBoardEditKind kind, gint64 board)
{
  KalonBoardEdit *edit = g_new0 (KalonBoardEdit, 1);

  edit->kind = kind;
  edit->board = board;
  return edit;
}

static void
picture_free (KalonBoardPicture *picture)
{
  g_free (picture->path);
  g_free (picture);
}

static KalonBoardEdit *
edit_new_with_pictures (KalonBoardEditKind kind, gint64 board)
{
  KalonBoardEdit *edit = edit_new (kind, board);

  edit->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) picture_free);
  return edit;
}

void
kalon_board_edit_free (KalonBoardEdit *edit)
{
  if (edit == NULL)
    return;
  g_free (edit->name);
  g_free (edit->text);
  g_clear_pointer (&edit->items, g_array_unref);
  g_clear_pointer (&edit->pictures, g_ptr_array_unref);
  g_free (edit);
}

KalonBoardEdit *
kalon_board_edit_create (const char *name, const char *description)
{
  KalonBoardEdit *edit = edit_new_with_pictures (EDIT_CREATE, 0);

  edit->name = g_strdup (name);
  edit->text = g_strdup (description);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_rename (gint64 board, const char *name)
{
  KalonBoardEdit *edit = edit_new (EDIT_RENAME, board);

  edit->name = g_strdup (name);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_describe (gint64 board, const char *description)
{
  KalonBoardEdit *edit = edit_new (EDIT_DESCRIBE, board);

  edit->text = g_strdup (description);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_sort (gint64 board, KalonBoardOrder order)
{
  KalonBoardEdit *edit = edit_new (EDIT_SORT, board);

  edit->order = order;
  return edit;
}

KalonBoardEdit *
kalon_board_edit_duplicate (gint64 board, const char *name)
{
  KalonBoardEdit *edit = edit_new (EDIT_DUPLICATE, board);

  edit->name = g_strdup (name);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_delete (gint64 board)
{
  return edit_new (EDIT_DELETE, board);
}

KalonBoardEdit *
kalon_board_edit_add (gint64 board, gint64 before)
{
  KalonBoardEdit *edit = edit_new_with_pictures (EDIT_ADD, board);

  edit->item = before;
  return edit;
}

KalonBoardEdit *
kalon_board_edit_remove (gint64 board, GArray *items)
{
  KalonBoardEdit *edit = edit_new (EDIT_REMOVE, board);

  edit->items = g_array_ref (items);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_move (gint64 board, GArray *items, gint64 before)
{
  KalonBoardEdit *edit = edit_new (EDIT_MOVE, board);

  edit->items = g_array_ref (items);
  edit->item = before;
  return edit;
}

KalonBoardEdit *
kalon_board_edit_note (gint64 item, const char *note)
{
  KalonBoardEdit *edit = edit_new (EDIT_NOTE, 0);

  edit->item = item;
  edit->text = g_strdup (note);
  return edit;
}

KalonBoardEdit *
kalon_board_edit_undo (void)
{
  return edit_new (EDIT_UNDO, 0);
}

static void
take (KalonBoardEdit *edit, gint64 id, const char *path)
{
  KalonBoardPicture *picture = g_new (KalonBoardPicture, 1);

  *picture = (KalonBoardPicture){ id, g_strdup (path) };
  g_ptr_array_add (edit->pictures, picture);
}

void
kalon_board_edit_take_picture (KalonBoardEdit *edit, gint64 picture)
{
  g_return_if_fail (edit != NULL && edit->pictures != NULL);
  take (edit, picture, NULL);
}

void
kalon_board_edit_take_path (KalonBoardEdit *edit, const char *path)
{
  g_return_if_fail (edit != NULL && edit->pictures != NULL);
  g_return_if_fail (path != NULL);
  take (edit, 0, path);
}
