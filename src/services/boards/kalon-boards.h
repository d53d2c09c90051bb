/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Boards: collections of pictures in an order of one's own, with notes. They are kept in the file
 * boards.db of the library's directory (docs/formats.md); no picture is copied or moved.
 *
 * An item is a content (SHA-256) and the path where that was seen last. A picture that is moved
 * within the library keeps its place on the board; one that vanished stays, with its last path, as
 * missing, until its content is found again. A file outside the library is kept by its path.
 *
 * A KalonBoardStore is one connection: one thread at a time, functions block. KalonBoards is the
 * same seen from a main loop. Errors: those of library/ and storage/; %KALON_ERROR_ARGUMENT for a
 * name that is empty or taken, and for what is on the board no more.
 */

#include "library/kalon-library.h"

G_BEGIN_DECLS

/* Characters. */
#define KALON_BOARD_MAX_NAME 200
#define KALON_BOARD_MAX_TEXT 10000 /* of a description or a note */
#define KALON_BOARD_N_COVERS 4

typedef enum
{
  KALON_BOARD_ARRANGED, /* as the user put them */
  KALON_BOARD_BY_NAME,
  KALON_BOARD_BY_DATE, /* oldest first; without a date at the end */
} KalonBoardOrder;

/**
 * KalonBoardItem: a picture on a board.
 * @content_hash: hex SHA-256
 * @path: where it is; of a missing one, where it was
 * @note: "" when there is none
 * @added: microseconds since 1970
 * @picture: its id in the library; 0: it is not in there
 * @date: seconds since 1970, when it was taken, else the file's; 0 unknown
 * @width, @height: upright, of one in the library; else 0
 * @missing: no file is there: deleted, or its drive is away
 */
typedef struct
{
  gint64 id;
  char *content_hash;
  char *path;
  char *note;
  gint64 added;
  gint64 picture;
  gint64 date;
  guint width, height;
  gboolean missing;
} KalonBoardItem;

KalonBoardItem *kalon_board_item_copy (const KalonBoardItem *item);
void kalon_board_item_free (KalonBoardItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoardItem, kalon_board_item_free)

/**
 * KalonBoard:
 * @description: "" when there is none
 * @created, @changed: microseconds since 1970
 * @order: in which its pictures are shown and exported
 * @covers: (element-type KalonBoardItem): the first %KALON_BOARD_N_COVERS at most; whether they are
 *   missing is not looked at
 */
typedef struct
{
  gint64 id;
  char *name;
  char *description;
  gint64 created;
  gint64 changed;
  KalonBoardOrder order;
  guint n_items;
  GPtrArray *covers;
} KalonBoard;

KalonBoard *kalon_board_copy (const KalonBoard *board);
void kalon_board_free (KalonBoard *board);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoard, kalon_board_free)

/**
 * KalonBoardContents: a board with its pictures.
 * @items: (element-type KalonBoardItem): in the board's order
 */
typedef struct
{
  KalonBoard *board;
  GPtrArray *items;
} KalonBoardContents;

KalonBoardContents *kalon_board_contents_copy (const KalonBoardContents *contents);
void kalon_board_contents_free (KalonBoardContents *contents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoardContents, kalon_board_contents_free)

/**
 * KalonBoardEdit: one change of the boards, done whole or not at all, and undone as one.
 *
 * Constructors: (transfer full). @items: (element-type gint64): ids, in the order that they are to
 * have. @before: an item to stand in front of; 0 is the end.
 */
typedef struct _KalonBoardEdit KalonBoardEdit;

KalonBoardEdit *kalon_board_edit_create (const char *name, const char *description);
KalonBoardEdit *kalon_board_edit_rename (gint64 board, const char *name);
KalonBoardEdit *kalon_board_edit_describe (gint64 board, const char *description);
KalonBoardEdit *kalon_board_edit_sort (gint64 board, KalonBoardOrder order);
/* @name: a number is put behind it where it is taken. */
KalonBoardEdit *kalon_board_edit_duplicate (gint64 board, const char *name);
KalonBoardEdit *kalon_board_edit_delete (gint64 board);
KalonBoardEdit *kalon_board_edit_add (gint64 board, gint64 before);
KalonBoardEdit *kalon_board_edit_remove (gint64 board, GArray *items);
KalonBoardEdit *kalon_board_edit_move (gint64 board, GArray *items, gint64 before);
KalonBoardEdit *kalon_board_edit_note (gint64 item, const char *note);
/* Takes back the last edit of this store that was not taken back yet: what it touched is to the
 * byte what it was. When another connection has changed the same since, nothing is touched, the
 * edit is forgotten, and the error says so. */
KalonBoardEdit *kalon_board_edit_undo (void);
void kalon_board_edit_free (KalonBoardEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoardEdit, kalon_board_edit_free)

/* What comes onto the board that is made or added to. A content comes onto a board once. */
void kalon_board_edit_take_picture (KalonBoardEdit *edit, gint64 picture);
void kalon_board_edit_take_path (KalonBoardEdit *edit, const char *path);

/**
 * KalonBoardOutcome: what an edit did.
 * @board: that was made or changed; 0 after deletion and undo
 * @n_changed: items added, removed or moved
 * @n_known: pictures to be added that were on the board already
 * @failures: (element-type KalonFailure): files that could not be added; the others were
 */
typedef struct
{
  gint64 board;
  guint n_changed;
  guint n_known;
  GPtrArray *failures;
} KalonBoardOutcome;

void kalon_board_outcome_free (KalonBoardOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoardOutcome, kalon_board_outcome_free)

/* The store */

#define KALON_TYPE_BOARD_STORE (kalon_board_store_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoardStore, kalon_board_store, KALON, BOARD_STORE, GObject)

/* @library_directory: (nullable): as for kalon_library_open() */
KalonBoardStore *kalon_board_store_open (const char *library_directory, GError **error);

/* Changes with every edit, by whichever connection. */
guint64 kalon_board_store_get_version (KalonBoardStore *self);

/* (transfer full) (element-type KalonBoard): the last changed first. */
GPtrArray *kalon_board_store_list (KalonBoardStore *self, GError **error);
/* The id of the board with exactly that name; %KALON_ERROR_ARGUMENT when there is none. */
gboolean
kalon_board_store_find (KalonBoardStore *self, const char *name, gint64 *board, GError **error);
/* (transfer full): looks where the pictures are now, and remembers it. %KALON_ERROR_ARGUMENT when
 * there is no such board. */
KalonBoardContents *kalon_board_store_load (KalonBoardStore *self, gint64 board,
                                            GCancellable *cancellable, GError **error);
/* (transfer full) */
KalonBoardOutcome *kalon_board_store_apply (KalonBoardStore *self, const KalonBoardEdit *edit,
                                            GCancellable *cancellable, GError **error);

/* From a main loop */

#define KALON_TYPE_BOARDS (kalon_boards_get_type ())
G_DECLARE_FINAL_TYPE (KalonBoards, kalon_boards, KALON, BOARDS, GObject)

/**
 * kalon_boards_new:
 * @library_directory: (nullable): as for kalon_library_open()
 *
 * Everything runs on one worker, in the order asked. All functions belong to the thread that made
 * the object.
 *
 * ::changed is emitted when an edit of this object changed something, before its callback, and when
 * another connection's change was found: by kalon_boards_check(), or beside any other answer.
 */
KalonBoards *kalon_boards_new (const char *library_directory);

void kalon_boards_check (KalonBoards *self);

void kalon_boards_list_async (KalonBoards *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kalon_boards_list_finish (KalonBoards *self, GAsyncResult *result, GError **error);

void kalon_boards_load_async (KalonBoards *self, gint64 board, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
KalonBoardContents *
kalon_boards_load_finish (KalonBoards *self, GAsyncResult *result, GError **error);

/* @edit: (transfer full) */
void kalon_boards_apply_async (KalonBoards *self, KalonBoardEdit *edit, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
KalonBoardOutcome *
kalon_boards_apply_finish (KalonBoards *self, GAsyncResult *result, GError **error);

G_END_DECLS
