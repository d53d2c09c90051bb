/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "boards/kalon-boards.h"
#include "storage/kalon-storage.h"

G_BEGIN_DECLS

struct _KalonBoardStore
{
  GObject parent_instance;

  KalonStorage *storage;
  KalonLibrary *library;
  guint32 n_changes; /* of our own: the storage's version tells of others' */
};

typedef enum
{
  EDIT_CREATE,
  EDIT_RENAME,
  EDIT_DESCRIBE,
  EDIT_SORT,
  EDIT_DUPLICATE,
  EDIT_DELETE,
  EDIT_ADD,
  EDIT_REMOVE,
  EDIT_MOVE,
  EDIT_NOTE,
  EDIT_UNDO,
} KalonBoardEditKind;

struct _KalonBoardEdit
{
  KalonBoardEditKind kind;
  gint64 board;
  gint64 item; /* to note; or to stand in front of, 0 the end */
  KalonBoardOrder order;
  char *name;          /* (nullable) */
  char *text;          /* (nullable): description or note */
  GArray *items;       /* (nullable): gint64 */
  GPtrArray *pictures; /* (nullable): KalonBoardPicture, of the caller's */
};

/* A picture that comes onto a board: a library's, or a file. */
typedef struct
{
  gint64 id;  /* 0: */
  char *path; /* (nullable) */
} KalonBoardPicture;

/* board-pictures.c: content and place of pictures. */

/* (transfer full) (nullable): content and path of @picture; %NULL without @error when it cannot
 * come onto a board, and a failure is added to @failures. */
KalonBoardItem *
kalon_board_identify (KalonBoardStore *self, const KalonBoardPicture *picture, GPtrArray *failures,
                      GCancellable *cancellable, GError **error);
/* Fills in where @item is now. @moved: (out): its path is another one */
gboolean
kalon_board_locate (KalonBoardStore *self, KalonBoardItem *item, gboolean *moved, GError **error);

/* board-items.c: the rows of items. */

/* (transfer full) (element-type KalonBoardItem): @limit of them, as arranged; -1 is all */
GPtrArray *
kalon_board_read_items (KalonBoardStore *self, gint64 board, gint64 limit, GError **error);
gboolean kalon_board_add_items (KalonBoardStore *self, const KalonBoardEdit *edit, gint64 board,
                                GPtrArray *items, KalonBoardOutcome *outcome, GError **error);
gboolean kalon_board_remove_items (KalonBoardStore *self, const KalonBoardEdit *edit,
                                   KalonBoardOutcome *outcome, GError **error);
gboolean kalon_board_move_items (KalonBoardStore *self, const KalonBoardEdit *edit,
                                 KalonBoardOutcome *outcome, GError **error);

/* board-undo.c: what every edit did, as SQL that takes it back, in temporary tables. */

gboolean kalon_board_undo_prepare (KalonStorage *storage, GError **error);
/* In a transaction, around an edit. */
gboolean kalon_board_undo_begin_step (KalonStorage *storage, GError **error);
gboolean kalon_board_undo_end_step (KalonStorage *storage, GError **error);
/* A transaction of its own. */
gboolean kalon_board_undo_last (KalonStorage *storage, GError **error);

G_END_DECLS
