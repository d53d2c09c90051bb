/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "searcher/kalon-searcher-private.h"

#define QUARTERS 4
#define QUARTER_BITS 16
#define QUARTER_VALUES (1 << QUARTER_BITS)
G_STATIC_ASSERT (KALON_FOLD_BITS < 2 * QUARTERS);
/* Plain pictures share a hash by the thousand without being alike; looking further among those
 * would take long and find little. */
#define MAX_STEPS 256
#define MAX_COSINES 16
#define END G_MAXUINT32

struct _KalonFold
{
  gsize dimension;
  float cosine;
  KalonFoldRowFunc func;
  gpointer user_data;

  /* The representatives, best first. Arrays of their own, because the lists jump about in them. */
  GArray *hashes;           /* guint64 */
  GArray *rows;             /* guint32 */
  guint32 *first[QUARTERS]; /* [QUARTER_VALUES]: the last one with this quarter, or END */
  GArray *next[QUARTERS];   /* guint32: the one before it */

  float *embedding, *other; /* [dimension] */
};

KalonFold *
kalon_fold_new (gsize dimension, float cosine, KalonFoldRowFunc func, gpointer user_data)
{
  KalonFold *self = g_new0 (KalonFold, 1);

  self->dimension = dimension;
  self->cosine = cosine;
  self->func = func;
  self->user_data = user_data;
  self->hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < QUARTERS; i++)
    {
      self->first[i] = g_new (guint32, QUARTER_VALUES);
      memset (self->first[i], 0xff, QUARTER_VALUES * sizeof (guint32));
      self->next[i] = g_array_new (FALSE, FALSE, sizeof (guint32));
    }
  self->embedding = g_new (float, dimension);
  self->other = g_new (float, dimension);
  return self;
}

void
kalon_fold_free (KalonFold *self)
{
  g_array_unref (self->hashes);
  g_array_unref (self->rows);
  for (guint i = 0; i < QUARTERS; i++)
    {
      g_free (self->first[i]);
      g_array_unref (self->next[i]);
    }
  g_free (self->embedding);
  g_free (self->other);
  g_free (self);
}

static guint
get_quarter (guint64 hash, guint i)
{
  return (guint) (hash >> i * QUARTER_BITS) & (QUARTER_VALUES - 1);
}

/* What one call looks for, and how far it has got. */
typedef struct
{
  guint64 hash;
  guint32 row;
  gboolean loaded; /* the embedding of row */
  guint n_cosines;
  gsize best;
} Search;

static gboolean
is_alike (KalonFold *self, Search *search, guint32 other, gboolean *alike, GError **error)
{
  float cosine = 0;

  if (!search->loaded && !self->func (search->row, self->embedding, self->user_data, error))
    return FALSE;
  search->loaded = TRUE;
  if (!self->func (other, self->other, self->user_data, error))
    return FALSE;
  for (gsize i = 0; i < self->dimension; i++)
    cosine += self->embedding[i] * self->other[i];
  search->n_cosines++;
  *alike = cosine >= self->cosine;
  return TRUE;
}

static gboolean
look_through (KalonFold *self, Search *search, guint quarter, guint value, GError **error)
{
  const guint64 *hashes = (const guint64 *) self->hashes->data;
  const guint32 *next = (const guint32 *) self->next[quarter]->data;
  guint32 at = self->first[quarter][value];

  for (guint step = 0; at != END && step < MAX_STEPS; step++, at = next[at])
    {
      gboolean alike = FALSE;

      if (__builtin_popcountll (hashes[at] ^ search->hash) > KALON_FOLD_BITS || at >= search->best
          || search->n_cosines >= MAX_COSINES)
        continue;
      if (!is_alike (self, search, g_array_index (self->rows, guint32, at), &alike, error))
        return FALSE;
      if (alike)
        search->best = at;
    }
  return TRUE;
}

gboolean
kalon_fold_add (KalonFold *self, guint32 row, guint64 perceptual_hash, gsize *representative,
                GError **error)
{
  guint32 end = self->rows->len;
  Search search = { .hash = perceptual_hash, .row = row, .best = end };

  for (guint i = 0; i < QUARTERS; i++)
    {
      guint quarter = get_quarter (perceptual_hash, i);

      if (!look_through (self, &search, i, quarter, error))
        return FALSE;
      for (guint bit = 0; bit < QUARTER_BITS; bit++)
        if (!look_through (self, &search, i, quarter ^ 1u << bit, error))
          return FALSE;
    }

  *representative = search.best;
  if (search.best < end)
    return TRUE;
  g_array_append_val (self->rows, row);
  g_array_append_val (self->hashes, perceptual_hash);
  for (guint i = 0; i < QUARTERS; i++)
    {
      guint32 *first = &self->first[i][get_quarter (perceptual_hash, i)];

      g_array_append_val (self->next[i], *first);
      *first = end;
    }
  return TRUE;
}
