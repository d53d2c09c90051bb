/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The inside of the index: bytes of the file, codes, and the loops over them.
 * docs/formats.md draws the bytes that KalonIndexLayout computes with.
 */

#include "index/kalon-index.h"

/* Rows per block: one word of the `allowed` bitmap. */
#define KALON_INDEX_BLOCK_ROWS 64
/* Elements of a stored row are rounded up to this, so that no loop has a tail. */
#define KALON_INDEX_STRIDE_UNIT 64
/* One page, so that blocks start on one. */
#define KALON_INDEX_HEADER_SIZE 4096

/* Where things lie inside a block, in bytes from its start. */
typedef struct
{
  gsize dimension;
  gsize stride;    /* elements of a stored row: dimension rounded up, the rest zero */
  gsize codes;     /* gint8 [64, stride] */
  gsize halves;    /* guint16 [64, stride] */
  gsize checksums; /* guint32 [64] */
  gsize errors;    /* float [64] */
  gsize scales;    /* float [64]; above 0 when the row is there */
  gsize size;
} KalonIndexLayout;

void kalon_index_layout_init (KalonIndexLayout *layout, gsize dimension);

/* The bytes of one open file and the mapping of its blocks. */
typedef struct
{
  char *path;
  int fd;
  gboolean writable;
  KalonIndexLayout layout;
  gsize n_rows; /* in view */
  const guint8 *map;
  gsize map_size;
} KalonIndexFile;

gboolean kalon_index_file_open (KalonIndexFile *file, const char *path, const char *model_hash,
                                gsize dimension, GError **error);
void kalon_index_file_close (KalonIndexFile *file);
gboolean kalon_index_file_refresh (KalonIndexFile *file, gsize n_rows, GError **error);
gboolean kalon_index_file_append (KalonIndexFile *file, const float *rows, gsize n, GError **error);
gboolean kalon_index_file_truncate (KalonIndexFile *file, gsize n_rows, GError **error);
gboolean kalon_index_file_sync (KalonIndexFile *file, GError **error);
gboolean kalon_index_file_verify (KalonIndexFile *file, GCancellable *cancellable, GError **error);

/* Where @block starts in the file. */
static inline gsize
kalon_index_file_offset (const KalonIndexFile *file, gsize block)
{
  return KALON_INDEX_HEADER_SIZE + block * file->layout.size;
}

/* Whole blocks that the file has room for. */
gboolean kalon_index_file_count_blocks (KalonIndexFile *file, gsize *n_blocks, GError **error);
/* All of @data at @offset, or an error. */
gboolean kalon_index_file_write (KalonIndexFile *file, gsize offset, const void *data, gsize size,
                                 GError **error);
/* Set @error and return %FALSE: errno while trying to @action; a wrong @field. */
gboolean
kalon_index_file_set_errno (const KalonIndexFile *file, const char *action, GError **error);
gboolean
kalon_index_file_set_damaged (const KalonIndexFile *file, const char *field, GError **error);

/* Makes sure that every row in view is mapped and the file still that long. */
gboolean kalon_index_file_map (KalonIndexFile *file, GError **error);

static inline gsize
kalon_index_file_n_blocks (const KalonIndexFile *file)
{
  return (file->n_rows + KALON_INDEX_BLOCK_ROWS - 1) / KALON_INDEX_BLOCK_ROWS;
}

static inline const guint8 *
kalon_index_file_block (const KalonIndexFile *file, gsize block)
{
  return file->map + kalon_index_file_offset (file, block);
}

/* CRC-32C (Castagnoli) of @size bytes, going on from @crc; start with 0. */
guint32 kalon_index_crc (guint32 crc, const void *data, gsize size);
/* The same without the processor's instruction for it. */
guint32 kalon_index_crc_portable (guint32 crc, const void *bytes, gsize size);

/*
 * Codes. Row x is turned by a fixed orthogonal transform H that spreads single large elements
 * (CLIP embeddings have some) over all, and y = Hx is rounded to scale * code, |code| <= 127. The
 * stored error is at least |y - scale * code|.
 */
typedef struct
{
  float scale;
  float error;
} KalonIndexCode;

/* @row: [dimension] of unit length; @codes: [stride] */
KalonIndexCode
kalon_index_encode_row (const KalonIndexLayout *layout, const float *row, gint8 *codes);

/*
 * A query q turned by H and rounded to step * codes. For a row of unit length
 *   |q.x - step * scale * (codes . row codes)| <= length * error + slack
 * by Cauchy-Schwarz; slack holds the query's own rounding and that of the f32 sums.
 */
typedef struct
{
  const float *values; /* [stride], zero after the dimension */
  const gint16 *codes; /* [stride] */
  float step;
  float length;
  float slack;
} KalonIndexQuery;

/* @values: [stride] and @codes: [stride] are kept by the query, not copied. */
void kalon_index_encode_query (const KalonIndexLayout *layout, const float *values, gint16 *codes,
                               KalonIndexQuery *query);

/* The loops, for what the processor can do. All give the same bits. */
typedef struct
{
  const char *name;
  /* @dots: [n_rows]: integer products of @codes: [n_rows, stride] with @query: [stride] */
  void (*dot_codes) (const gint8 *codes, const gint16 *query, gsize stride, gsize n_rows,
                     gint32 *dots);
  /* The similarity as kalon-index.h defines it; @half, @query: [stride] */
  float (*dot_half) (const guint16 *half, const float *query, gsize stride);
} KalonIndexLoops;

/* (array zero-terminated by name): those that this processor runs, the fastest first. */
const KalonIndexLoops *kalon_index_get_loops (void);

/* The best so far of one query: a heap with the worst at its root. */
typedef struct
{
  KalonNeighbour *items; /* [k] */
  gsize k;
  gsize n;
} KalonIndexBest;

void kalon_index_best_add (KalonIndexBest *best, guint32 row, float similarity);
/* Best first. */
void kalon_index_best_sort (KalonIndexBest *best);

/* Offers every row of @block that @allowed (bits) has to @best. */
void kalon_index_scan_block (const KalonIndexFile *file, const KalonIndexLoops *loops, gsize block,
                             guint64 allowed, const KalonIndexQuery *query, KalonIndexBest *best);
