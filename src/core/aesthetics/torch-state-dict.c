/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-pickle-private.h"

#include "errors/kalon-errors.h"

/* LAION's deepest head takes 1.2 kB. */
#define MAX_PICKLE (1024 * 1024)
#define MAX_TENSORS 256
/* So that no product of them overflows. */
#define MAX_ELEMENTS (G_GUINT64_CONSTANT (1) << 32)

#define DICT_CLASS "collections OrderedDict"
#define REBUILD "torch._utils _rebuild_tensor_v2"
#define F32_STORAGE "torch FloatStorage"
#define F16_STORAGE "torch HalfStorage"

void
kalon_torch_tensor_free (KalonTorchTensor *tensor)
{
  if (tensor == NULL)
    return;
  g_free (tensor->name);
  g_free (tensor->storage);
  g_free (tensor);
}

/* Whatever else is named here would be run by PyTorch. */
gboolean
kalon_torch_name (KalonPickle *pickle, char *name, GError **error)
{
  static const char *const known[] = { DICT_CLASS, REBUILD, F32_STORAGE, F16_STORAGE, NULL };
  g_autofree char *own = name;

  if (!g_strv_contains (known, own))
    return kalon_pickle_unsupported (pickle, error, "the object", own);
  kalon_pickle_push (pickle, KALON_PICKLE_GLOBAL)->text = g_steal_pointer (&own);
  return TRUE;
}

/* (nullable): item @i of @tuple if it is of this kind */
static KalonPickleNode *
get_item (const KalonPickleNode *tuple, guint i, KalonPickleKind kind)
{
  KalonPickleNode *item = i < tuple->items->len ? g_ptr_array_index (tuple->items, i) : NULL;

  return item != NULL && item->kind == kind ? item : NULL;
}

/* ("storage", class, key, device, number of elements) */
gboolean
kalon_torch_make_storage (KalonPickle *pickle, GError **error)
{
  const KalonPickleNode *tuple = kalon_pickle_pop (pickle, KALON_PICKLE_TUPLE, error);
  const KalonPickleNode *word, *class, *key, *count;
  KalonPickleNode *storage;

  if (tuple == NULL)
    return FALSE;
  word = get_item (tuple, 0, KALON_PICKLE_TEXT);
  class = get_item (tuple, 1, KALON_PICKLE_GLOBAL);
  key = get_item (tuple, 2, KALON_PICKLE_TEXT);
  count = get_item (tuple, 4, KALON_PICKLE_INTEGER);
  if (word == NULL || !g_str_equal (word->text, "storage") || class == NULL || key == NULL
      || count == NULL || count->integer < 0 || !g_str_has_suffix (class->text, "Storage"))
    return kalon_pickle_damaged (pickle, error, "a storage is not described as one");
  storage = kalon_pickle_push (pickle, KALON_PICKLE_STORAGE);
  storage->text = g_strdup (key->text);
  storage->is_f16 = g_str_equal (class->text, F16_STORAGE);
  storage->integer = count->integer;
  return TRUE;
}

/* Row by row without gaps, and within the storage. */
static gboolean
read_layout (const KalonPickleNode *size, const KalonPickleNode *stride,
             const KalonPickleNode *storage, KalonTorchTensor *tensor)
{
  guint64 count = 1;

  for (guint i = size->items->len; i-- > 0;)
    {
      const KalonPickleNode *length = get_item (size, i, KALON_PICKLE_INTEGER);
      const KalonPickleNode *step = get_item (stride, i, KALON_PICKLE_INTEGER);

      if (length == NULL || step == NULL || length->integer < 1
          || (guint64) length->integer > MAX_ELEMENTS / count
          || (length->integer > 1 && (guint64) step->integer != count))
        return FALSE;
      tensor->shape[i] = (gsize) length->integer;
      count *= (guint64) length->integer;
    }
  tensor->n_dims = size->items->len;
  return count <= (guint64) storage->integer
         && tensor->offset <= (guint64) storage->integer - count;
}

/* (storage, offset, size, stride, requires_grad, backward_hooks) */
static gboolean
make_tensor (KalonPickle *pickle, const KalonPickleNode *tuple, GError **error)
{
  const KalonPickleNode *storage = get_item (tuple, 0, KALON_PICKLE_STORAGE);
  const KalonPickleNode *offset = get_item (tuple, 1, KALON_PICKLE_INTEGER);
  const KalonPickleNode *size = get_item (tuple, 2, KALON_PICKLE_TUPLE);
  const KalonPickleNode *stride = get_item (tuple, 3, KALON_PICKLE_TUPLE);
  KalonTorchTensor *tensor;

  if (storage == NULL || offset == NULL || offset->integer < 0 || size == NULL || stride == NULL
      || size->items->len > KALON_TORCH_MAX_DIMS || stride->items->len != size->items->len)
    return kalon_pickle_damaged (pickle, error, "a tensor is not described as one");
  tensor = g_new0 (KalonTorchTensor, 1);
  kalon_pickle_push (pickle, KALON_PICKLE_TENSOR)->tensor = tensor;
  tensor->storage = g_strdup (storage->text);
  tensor->is_f16 = storage->is_f16;
  tensor->offset = (gsize) offset->integer;
  if (!read_layout (size, stride, storage, tensor))
    return kalon_pickle_damaged (
        pickle, error, "a tensor reaches outside its storage, or does not lie row by row");
  return TRUE;
}

gboolean
kalon_torch_call (KalonPickle *pickle, GError **error)
{
  const KalonPickleNode *arguments = kalon_pickle_pop (pickle, KALON_PICKLE_TUPLE, error);
  const KalonPickleNode *function
      = arguments != NULL ? kalon_pickle_pop (pickle, KALON_PICKLE_GLOBAL, error) : NULL;

  if (function == NULL)
    return FALSE;
  if (g_str_equal (function->text, REBUILD))
    return make_tensor (pickle, arguments, error);
  if (!g_str_equal (function->text, DICT_CLASS) || arguments->items->len > 0)
    return kalon_pickle_damaged (pickle, error, "it calls what is no function");
  kalon_pickle_push (pickle, KALON_PICKLE_DICT)->items = g_ptr_array_new ();
  return TRUE;
}

/* (transfer full) (nullable) */
static GPtrArray *
take_tensors (KalonPickle *pickle, const KalonPickleNode *dict, GError **error)
{
  g_autoptr (GPtrArray) tensors
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_torch_tensor_free);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < dict->items->len; i += 2)
    {
      const KalonPickleNode *key = g_ptr_array_index (dict->items, i);
      KalonPickleNode *value = g_ptr_array_index (dict->items, i + 1);

      /* One that stands there twice, or under two names, was taken. */
      if (key->kind != KALON_PICKLE_TEXT || value->kind != KALON_PICKLE_TENSOR
          || value->tensor == NULL)
        {
          kalon_pickle_unsupported (pickle, error, "something other than a tensor of its own as",
                                    key->kind == KALON_PICKLE_TEXT ? key->text : "key");
          return NULL;
        }
      if (!g_hash_table_add (names, key->text) || tensors->len == MAX_TENSORS)
        {
          kalon_pickle_damaged (pickle, error, "two tensors have one name, or they are too many");
          return NULL;
        }
      value->tensor->name = g_strdup (key->text);
      g_ptr_array_add (tensors, g_steal_pointer (&value->tensor));
    }
  if (tensors->len > 0)
    return g_steal_pointer (&tensors);
  kalon_pickle_damaged (pickle, error, "it has no tensor");
  return NULL;
}

GPtrArray *
kalon_torch_read_state_dict (const guint8 *data, gsize size, const char *file, GError **error)
{
  g_auto (KalonPickle) pickle = { NULL };
  const KalonPickleNode *dict;

  kalon_pickle_init (&pickle, data, size, file);
  if (size > MAX_PICKLE)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                   "%s: data.pkl has %" G_GSIZE_FORMAT " bytes, a head's has a few thousand. It is "
                   "no aesthetic head.",
                   file, size);
      return NULL;
    }
  dict = kalon_pickle_run (&pickle, error);
  return dict != NULL ? take_tensors (&pickle, dict, error) : NULL;
}
