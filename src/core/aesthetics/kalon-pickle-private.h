/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The machine that a pickle is a program for, as far as a state dict needs it. Its stack and its
 * values are in torch-pickle.c, what the values mean to torch in torch-state-dict.c.
 */

#include "aesthetics/kalon-torch-private.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_PICKLE_NONE,
  KALON_PICKLE_MARK,
  KALON_PICKLE_INTEGER, /* booleans too */
  KALON_PICKLE_TEXT,
  KALON_PICKLE_GLOBAL, /* @text: "MODULE NAME" */
  KALON_PICKLE_TUPLE,
  KALON_PICKLE_DICT, /* @items: key, value, ... */
  KALON_PICKLE_STORAGE,
  KALON_PICKLE_TENSOR,
} KalonPickleKind;

typedef struct
{
  KalonPickleKind kind;
  gint64 integer; /* of a storage: its elements */
  char *text;     /* of a storage: its key */
  gboolean is_f16;
  GPtrArray *items; /* KalonPickleNode, borrowed */
  KalonTorchTensor *tensor;
} KalonPickleNode;

/* Instructions make nodes, never copies of them, and nothing here recurses: time and memory are
 * bounded by the length of the pickle, however its values refer to each other. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize position;
  const char *file;
  GPtrArray *nodes; /* all of them, owned */
  GPtrArray *stack; /* borrowed */
  GPtrArray *memo;  /* borrowed, (nullable) */
} KalonPickle;

void kalon_pickle_init (KalonPickle *self, const guint8 *data, gsize size, const char *file);
void kalon_pickle_clear (KalonPickle *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonPickle, kalon_pickle_clear)

/* (transfer none) (nullable): the dictionary that the program leaves behind. */
const KalonPickleNode *kalon_pickle_run (KalonPickle *self, GError **error);

/* Both set @error and return %FALSE. */
gboolean kalon_pickle_damaged (KalonPickle *self, GError **error, const char *what);
gboolean
kalon_pickle_unsupported (KalonPickle *self, GError **error, const char *what, const char *detail);

/* (transfer none): a new node, on top of the stack. */
KalonPickleNode *kalon_pickle_push (KalonPickle *self, KalonPickleKind kind);
/* (transfer none) (nullable): from the top, with an error when it is of another kind. */
KalonPickleNode *kalon_pickle_pop (KalonPickle *self, KalonPickleKind kind, GError **error);

/* torch's half: instruction GLOBAL with its @name "MODULE NAME" (transfer full), REDUCE and
 * BINPERSID. */
gboolean kalon_torch_name (KalonPickle *pickle, char *name, GError **error);
gboolean kalon_torch_call (KalonPickle *pickle, GError **error);
gboolean kalon_torch_make_storage (KalonPickle *pickle, GError **error);
void kalon_torch_tensor_free (KalonTorchTensor *tensor);

G_END_DECLS
