/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-pickle-private.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static void
node_free (gpointer data)
{
  KalonPickleNode *node = data;

  g_free (node->text);
  g_clear_pointer (&node->items, g_ptr_array_unref);
  kalon_torch_tensor_free (node->tensor);
  g_free (node);
}

void
kalon_pickle_init (KalonPickle *self, const guint8 *data, gsize size, const char *file)
{
  *self = (KalonPickle){ .data = data, .size = size, .file = file };
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  self->stack = g_ptr_array_new ();
  self->memo = g_ptr_array_new ();
}

void
kalon_pickle_clear (KalonPickle *self)
{
  g_clear_pointer (&self->stack, g_ptr_array_unref);
  g_clear_pointer (&self->memo, g_ptr_array_unref);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
}

gboolean
kalon_pickle_damaged (KalonPickle *self, GError **error, const char *what)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s: data.pkl is damaged at byte %" G_GSIZE_FORMAT ": %s. Fetch the file again.",
               self->file, self->position, what);
  return FALSE;
}

gboolean
kalon_pickle_unsupported (KalonPickle *self, GError **error, const char *what, const char *detail)
{
  g_autofree char *quoted = kalon_input_quote (detail);

  g_set_error (
      error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
      "%s: data.pkl holds %s “%s”. Only a state dict of float32 or float16 tensors is read, "
      "for a pickle may run any code. Save the head with torch.save (model.state_dict (), "
      "…), or as safetensors.",
      self->file, what, quoted);
  return FALSE;
}

KalonPickleNode *
kalon_pickle_push (KalonPickle *self, KalonPickleKind kind)
{
  KalonPickleNode *node = g_new0 (KalonPickleNode, 1);

  node->kind = kind;
  g_ptr_array_add (self->nodes, node);
  g_ptr_array_add (self->stack, node);
  return node;
}

static gboolean
push_integer (KalonPickle *self, gint64 value)
{
  kalon_pickle_push (self, KALON_PICKLE_INTEGER)->integer = value;
  return TRUE;
}

/* (nullable): with an error when the stack is empty or a mark is on top. */
static KalonPickleNode *
pop (KalonPickle *self, GError **error)
{
  KalonPickleNode *node
      = self->stack->len > 0 ? g_ptr_array_index (self->stack, self->stack->len - 1) : NULL;

  if (node == NULL || node->kind == KALON_PICKLE_MARK)
    {
      kalon_pickle_damaged (self, error, "a value is missing");
      return NULL;
    }
  g_ptr_array_set_size (self->stack, (int) self->stack->len - 1);
  return node;
}

KalonPickleNode *
kalon_pickle_pop (KalonPickle *self, KalonPickleKind kind, GError **error)
{
  KalonPickleNode *node = pop (self, error);

  if (node == NULL || node->kind == kind)
    return node;
  kalon_pickle_damaged (self, error, "a value is of the wrong kind");
  return NULL;
}

/* (transfer full) (nullable): what lies above the topmost mark, which goes, too. */
static GPtrArray *
pop_marked (KalonPickle *self, GError **error)
{
  guint mark = self->stack->len;
  GPtrArray *items;

  while (mark > 0
         && ((KalonPickleNode *) g_ptr_array_index (self->stack, mark - 1))->kind
                != KALON_PICKLE_MARK)
    mark--;
  if (mark == 0)
    {
      kalon_pickle_damaged (self, error, "a mark is missing");
      return NULL;
    }
  items = g_ptr_array_new ();
  for (guint i = mark; i < self->stack->len; i++)
    g_ptr_array_add (items, g_ptr_array_index (self->stack, i));
  g_ptr_array_set_size (self->stack, (int) mark - 1);
  return items;
}

static gboolean
read_number (KalonPickle *self, guint n_bytes, guint64 *value, GError **error)
{
  if (self->size - self->position < n_bytes)
    return kalon_pickle_damaged (self, error, "it ends in the middle");
  *value = 0;
  for (guint i = 0; i < n_bytes; i++)
    *value |= (guint64) self->data[self->position++] << 8 * i;
  return TRUE;
}

/* @length_size: bytes that tell the length */
static gboolean
read_text (KalonPickle *self, guint length_size, GError **error)
{
  const char *text = NULL;
  guint64 length = 0;

  if (!read_number (self, length_size, &length, error))
    return FALSE;
  if (length > self->size - self->position)
    return kalon_pickle_damaged (self, error, "a text is longer than the rest");
  text = (const char *) self->data + self->position;
  if (memchr (text, '\0', length) != NULL || !g_utf8_validate (text, (gssize) length, NULL))
    return kalon_pickle_damaged (self, error, "a text is not UTF-8");
  kalon_pickle_push (self, KALON_PICKLE_TEXT)->text = g_strndup (text, length);
  self->position += length;
  return TRUE;
}

/* (transfer full) (nullable) */
static char *
read_line (KalonPickle *self, GError **error)
{
  const guint8 *line = self->data + self->position;
  const guint8 *end = memchr (line, '\n', self->size - self->position);

  if (end == NULL)
    {
      kalon_pickle_damaged (self, error, "a name does not end");
      return NULL;
    }
  self->position += (gsize) (end - line) + 1;
  return g_strndup ((const char *) line, (gsize) (end - line));
}

/* Two lines: module and name. */
static gboolean
read_global (KalonPickle *self, GError **error)
{
  g_autofree char *module = read_line (self, error);
  g_autofree char *name = module != NULL ? read_line (self, error) : NULL;

  return name != NULL && kalon_torch_name (self, g_strconcat (module, " ", name, NULL), error);
}

static gboolean
make_tuple (KalonPickle *self, GPtrArray *items)
{
  if (items == NULL)
    return FALSE;
  kalon_pickle_push (self, KALON_PICKLE_TUPLE)->items = items;
  return TRUE;
}

static gboolean
make_short_tuple (KalonPickle *self, guint n, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      KalonPickleNode *node = pop (self, error);

      if (node == NULL)
        return FALSE;
      g_ptr_array_insert (items, 0, node);
    }
  return make_tuple (self, g_steal_pointer (&items));
}

/* @items: (transfer full) (nullable): key, value, ... of the dictionary below them */
static gboolean
set_items (KalonPickle *self, GPtrArray *items, GError **error)
{
  g_autoptr (GPtrArray) own = items;
  KalonPickleNode *dict = own != NULL ? kalon_pickle_pop (self, KALON_PICKLE_DICT, error) : NULL;

  if (dict == NULL)
    return FALSE;
  if (own->len % 2 != 0)
    return kalon_pickle_damaged (self, error, "a key has no value");
  for (guint i = 0; i < own->len; i++)
    g_ptr_array_add (dict->items, g_ptr_array_index (own, i));
  g_ptr_array_add (self->stack, dict);
  return TRUE;
}

static gboolean
set_item (KalonPickle *self, GError **error)
{
  KalonPickleNode *value = pop (self, error);
  KalonPickleNode *key = value != NULL ? pop (self, error) : NULL;
  GPtrArray *items;

  if (key == NULL)
    return FALSE;
  items = g_ptr_array_new ();
  g_ptr_array_add (items, key);
  g_ptr_array_add (items, value);
  return set_items (self, items, error);
}

static gboolean
remember (KalonPickle *self, guint n_bytes, GError **error)
{
  guint64 place = 0;

  if (!read_number (self, n_bytes, &place, error))
    return FALSE;
  /* Places are counted up: no pickle has more of them than bytes. */
  if (self->stack->len == 0 || place > self->size)
    return kalon_pickle_damaged (self, error, "nothing is there to be remembered");
  if (place >= self->memo->len)
    g_ptr_array_set_size (self->memo, (int) place + 1);
  self->memo->pdata[place] = self->stack->pdata[self->stack->len - 1];
  return TRUE;
}

static gboolean
recall (KalonPickle *self, guint n_bytes, GError **error)
{
  guint64 place = 0;

  if (!read_number (self, n_bytes, &place, error))
    return FALSE;
  if (place >= self->memo->len || self->memo->pdata[place] == NULL)
    return kalon_pickle_damaged (self, error, "it recalls what it never remembered");
  g_ptr_array_add (self->stack, self->memo->pdata[place]);
  return TRUE;
}

static gboolean
read_integer (KalonPickle *self, guint n_bytes, GError **error)
{
  guint64 value = 0;

  if (!read_number (self, n_bytes, &value, error))
    return FALSE;
  return push_integer (self, n_bytes == 4 ? (gint32) value : (gint64) value);
}

/* The state of an OrderedDict: versions of modules, which say nothing of the weights. */
static gboolean
drop_state (KalonPickle *self, GError **error)
{
  const KalonPickleNode *dict;

  if (kalon_pickle_pop (self, KALON_PICKLE_DICT, error) == NULL)
    return FALSE;
  dict = kalon_pickle_pop (self, KALON_PICKLE_DICT, error);
  if (dict == NULL)
    return FALSE;
  g_ptr_array_add (self->stack, (gpointer) dict);
  return TRUE;
}

/* pickletools.py of Python has them all; these are those of protocol 2 that a state dict needs. */
static gboolean
run_instruction (KalonPickle *self, guint8 code, GError **error)
{
  char name[8];

  switch (code)
    {
    case '(':
      kalon_pickle_push (self, KALON_PICKLE_MARK);
      return TRUE;
    case '}':
      kalon_pickle_push (self, KALON_PICKLE_DICT)->items = g_ptr_array_new ();
      return TRUE;
    case 'N':
      kalon_pickle_push (self, KALON_PICKLE_NONE);
      return TRUE;
    case 0x88:
    case 0x89:
      return push_integer (self, code == 0x88);
    case 'K':
      return read_integer (self, 1, error);
    case 'M':
      return read_integer (self, 2, error);
    case 'J':
      return read_integer (self, 4, error);
    case 'X':
      return read_text (self, 4, error);
    case 'c':
      return read_global (self, error);
    case ')':
      return make_short_tuple (self, 0, error);
    case 0x85:
    case 0x86:
    case 0x87:
      return make_short_tuple (self, code - 0x84u, error);
    case 't':
      return make_tuple (self, pop_marked (self, error));
    case 'q':
      return remember (self, 1, error);
    case 'r':
      return remember (self, 4, error);
    case 'h':
      return recall (self, 1, error);
    case 'j':
      return recall (self, 4, error);
    case 'Q':
      return kalon_torch_make_storage (self, error);
    case 'R':
      return kalon_torch_call (self, error);
    case 's':
      return set_item (self, error);
    case 'u':
      return set_items (self, pop_marked (self, error), error);
    case 'b':
      return drop_state (self, error);
    default:
      g_snprintf (name, sizeof name, "0x%02x", code);
      return kalon_pickle_unsupported (self, error, "the instruction", name);
    }
}

/* (nullable): what the pickle leaves on the stack */
const KalonPickleNode *
kalon_pickle_run (KalonPickle *self, GError **error)
{
  if (self->size < 2 || self->data[0] != 0x80 || self->data[1] != 2)
    {
      kalon_pickle_damaged (self, error, "it is no pickle of protocol 2");
      return NULL;
    }
  self->position = 2;
  while (self->position < self->size)
    {
      guint8 code = self->data[self->position++];

      if (code == '.')
        return kalon_pickle_pop (self, KALON_PICKLE_DICT, error);
      if (!run_instruction (self, code, error))
        return NULL;
    }
  kalon_pickle_damaged (self, error, "it does not end");
  return NULL;
}
