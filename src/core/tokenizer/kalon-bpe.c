/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tokenizer/kalon-vocabulary-private.h"

/*
 * Byte-pair encoding (Sennrich et al. 2016) in O(n log n): the symbols are a doubly linked list,
 * the possible merges a heap ordered by rank, then place. An entry whose symbols have changed
 * since is noticed when it comes up and dropped, so nothing is ever removed from the middle.
 */

typedef struct
{
  gint32 id;
  gsize previous; /* G_MAXSIZE: none */
  gsize next;
  gboolean is_gone; /* merged into the one before it */
} Symbol;

typedef struct
{
  guint32 rank;
  gint32 merged;
  gsize place; /* of the left symbol */
} Merge;

#define NONE G_MAXSIZE

static gboolean
comes_before (const Merge *a, const Merge *b)
{
  return a->rank != b->rank ? a->rank < b->rank : a->place < b->place;
}

static void
heap_push (GArray *heap, Merge merge)
{
  gsize i = heap->len;
  Merge *data;

  g_array_append_val (heap, merge);
  data = (Merge *) heap->data;
  while (i > 0 && comes_before (&merge, &data[(i - 1) / 2]))
    {
      data[i] = data[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  data[i] = merge;
}

static Merge
heap_pop (GArray *heap)
{
  Merge *data = (Merge *) heap->data;
  Merge top = data[0];
  Merge last = data[heap->len - 1];
  gsize i = 0, child;

  g_array_set_size (heap, heap->len - 1);
  while ((child = 2 * i + 1) < heap->len)
    {
      if (child + 1 < heap->len && comes_before (&data[child + 1], &data[child]))
        child++;
      if (!comes_before (&data[child], &last))
        break;
      data[i] = data[child];
      i = child;
    }
  if (heap->len > 0)
    data[i] = last;
  return top;
}

static void
push_if_possible (const KalonVocabulary *self, const Symbol *symbols, gsize place, GArray *heap)
{
  Merge merge = { .place = place };

  if (place != NONE && symbols[place].next != NONE
      && kalon_vocabulary_get_merge (self, symbols[place].id, symbols[symbols[place].next].id,
                                     &merge.rank, &merge.merged))
    heap_push (heap, merge);
}

static void
merge_all (const KalonVocabulary *self, Symbol *symbols, GArray *heap)
{
  while (heap->len > 0)
    {
      Merge top = heap_pop (heap);
      Symbol *left = &symbols[top.place];
      Symbol *right;
      guint32 rank;
      gint32 merged;

      if (left->is_gone || left->next == NONE)
        continue;
      right = &symbols[left->next];
      if (!kalon_vocabulary_get_merge (self, left->id, right->id, &rank, &merged)
          || merged != top.merged)
        continue;
      left->id = merged;
      left->next = right->next;
      right->is_gone = TRUE;
      if (left->next != NONE)
        symbols[left->next].previous = top.place;
      push_if_possible (self, symbols, left->previous, heap);
      push_if_possible (self, symbols, top.place, heap);
    }
}

void
kalon_bpe_encode (const KalonVocabulary *self, const guint8 *word, gsize n, GArray *ids)
{
  g_autofree Symbol *symbols = g_new (Symbol, n);
  g_autoptr (GArray) heap = g_array_sized_new (FALSE, FALSE, sizeof (Merge), (guint) MIN (n, 64));

  for (gsize i = 0; i < n; i++)
    symbols[i] = (Symbol){
      .id = kalon_vocabulary_get_byte (self, word[i], i + 1 == n),
      .previous = i > 0 ? i - 1 : NONE,
      .next = i + 1 < n ? i + 1 : NONE,
    };
  for (gsize i = 0; i < n; i++)
    push_if_possible (self, symbols, i, heap);
  merge_all (self, symbols, heap);
  for (gsize i = 0; i != NONE; i = symbols[i].next)
    g_array_append_val (ids, symbols[i].id);
}
