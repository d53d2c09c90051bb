/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "boards/kalon-board-object.h"

struct _KalonBoardObject
{
  GObject parent_instance;

  KalonBoard *board;
};

G_DEFINE_FINAL_TYPE (KalonBoardObject, kalon_board_object, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_board_object_finalize (GObject *object)
{
  kalon_board_free (KALON_BOARD_OBJECT (object)->board);
  G_OBJECT_CLASS (kalon_board_object_parent_class)->finalize (object);
}

static void
kalon_board_object_class_init (KalonBoardObjectClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_board_object_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_board_object_init (KalonBoardObject *self)
{
}

const KalonBoard *
kalon_board_object_get_board (KalonBoardObject *self)
{
  g_return_val_if_fail (KALON_IS_BOARD_OBJECT (self), NULL);
  return self->board;
}

static void
set_board (KalonBoardObject *self, const KalonBoard *board)
{
  KalonBoard *copy = kalon_board_copy (board);

  kalon_board_free (self->board);
  self->board = copy;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_board_objects_fill (GListStore *store, GPtrArray *boards)
{
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (store)), n_kept;
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func (g_object_unref);

  for (n_kept = 0; n_kept < MIN (n_before, boards->len); n_kept++)
    {
      g_autoptr (KalonBoardObject) object = g_list_model_get_item (G_LIST_MODEL (store), n_kept);
      const KalonBoard *board = g_ptr_array_index (boards, n_kept);

      if (object->board->id != board->id)
        break;
      set_board (object, board);
    }
  for (guint i = n_kept; i < boards->len; i++)
    {
      KalonBoardObject *object = g_object_new (KALON_TYPE_BOARD_OBJECT, NULL);

      set_board (object, g_ptr_array_index (boards, i));
      g_ptr_array_add (rest, object);
    }
  if (rest->len > 0 || n_before > n_kept)
    g_list_store_splice (store, n_kept, n_before - n_kept, rest->pdata, rest->len);
}
