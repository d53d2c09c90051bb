/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The inside of the index: bytes of the file, codes, and the loops over them.
 * docs/formats.md draws the bytes that KalonIndexLayout computes with.
 */

#include "index/kalon-index.h"

/* Rows that are scanned together: one word of the `allowed` bitmap. */
#define KALON_INDEX_GROUP_ROWS 64
/* Rows per block of the file. The codes of a block lie together, 512 kB at 512 dimensions: long
 * runs are read half again as fast as runs of 64 rows. Blocks are sparse until they fill. */
#define KALON_INDEX_BLOCK_ROWS 1024
/* Elements of a stored row are rounded up to this, so that no loop has a tail. */
#define KALON_INDEX_STRIDE_UNIT 64
/* Characters of a model hash: hex SHA-256. */
#define KALON_INDEX_HASH_SIZE 64
/* One page, so that blocks start on one. */
#define KALON_INDEX_HEADER_SIZE 4096

/* Where the arrays lie inside a block, in bytes from its start. */
typedef struct
{
  gsize dimension;
  gsize stride;    /* elements of a stored row: dimension rounded up, the rest zero */
  gsize codes;     /* guint8 [1024, stride] */
  gsize halves;    /* guint16 [1024, stride] */
  gsize checksums; /* guint32 [1024] */
  gsize errors;    /* float [1024] */
  gsize scales;    /* float [1024]; above 0 when the row is there */
  gsize size;
} KalonIndexLayout;

/* Consecutive rows of one block: pointers to what the first one has in each array. */
typedef struct
{
  const guint8 *codes;
  const guint16 *halves;
  const guint32 *checksums;
  const float *errors;
  const float *scales;
} KalonIndexRows;

void kalon_index_layout_init (KalonIndexLayout *layout, gsize dimension);

/* The bytes of one open file and the mapping of its blocks. */
typedef struct
{
  char *path;
  char *model_hash;
  int fd;
  gboolean writable;
  KalonIndexLayout layout;
  gsize n_rows;    /* in view */
  GBytes *mapping; /* (nullable): whole blocks from the start of the file */
  const guint8 *map;
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

gboolean kalon_index_file_write_header (KalonIndexFile *file, GError **error);
/* That it is a file for this object's model hash and dimension. */
gboolean kalon_index_file_check_header (KalonIndexFile *file, GError **error);

/* Makes sure that every row in view is mapped and the file still that long. */
gboolean kalon_index_file_map (KalonIndexFile *file, GError **error);

/* Groups of 64 rows, the last one perhaps not full. */
static inline gsize
kalon_index_file_n_groups (const KalonIndexFile *file)
{
  return (file->n_rows + KALON_INDEX_GROUP_ROWS - 1) / KALON_INDEX_GROUP_ROWS;
}

/* Of a mapped file; up to the end of its block. */
static inline KalonIndexRows
kalon_index_file_rows (const KalonIndexFile *file, gsize row)
{
  const KalonIndexLayout *layout = &file->layout;
  const guint8 *block = file->map + kalon_index_file_offset (file, row / KALON_INDEX_BLOCK_ROWS);
  gsize slot = row % KALON_INDEX_BLOCK_ROWS;

  return (KalonIndexRows){
    .codes = block + layout->codes + slot * layout->stride,
    .halves = (const guint16 *) (block + layout->halves) + slot * layout->stride,
    .checksums = (const guint32 *) (block + layout->checksums) + slot,
    .errors = (const float *) (block + layout->errors) + slot,
    .scales = (const float *) (block + layout->scales) + slot,
  };
}

/* CRC-32C (Castagnoli) of @size bytes, going on from @crc; start with 0. */
guint32 kalon_index_crc (guint32 crc, const void *data, gsize size);
/* The same without the processor's instruction for it. */
guint32 kalon_index_crc_portable (guint32 crc, const void *bytes, gsize size);

/*
 * Codes. Row x is turned by a fixed orthogonal transform H that spreads single large elements
 * (CLIP embeddings have some) over all, and y = Hx is rounded to scale * level, |level| <= 127.
 * The code is level + 128, so that processors that multiply bytes find them unsigned. The stored
 * error is at least |y - scale * level|.
 */
#define KALON_INDEX_CODE_ZERO 128

/* @row: [dimension] of unit length; @codes: [stride] */
void kalon_index_encode_row (const KalonIndexLayout *layout, const float *row, guint8 *codes,
                             float *scale, float *error);

/*
 * A query q turned by H and rounded to step * level, the level written as 128 high + low with
 * high and low in bytes. With dot = levels . row codes - zero, the sum in 32 bits,
 *   |q.x - step * scale * dot| <= length * error + slack
 * for a row x of unit length, by Cauchy-Schwarz; slack holds the query's own rounding and that of
 * the f32 sums.
 */
typedef struct
{
  const float *values; /* [stride], zero after the dimension */
  const gint8 *levels; /* [2, stride]: high, low */
  gint32 zero;         /* what codes of KALON_INDEX_CODE_ZERO would give */
  float step;
  float length;
  float slack;
} KalonIndexQuery;

/* @values: [stride] and @levels: [2, stride] are kept by the query, not copied. */
void kalon_index_encode_query (const KalonIndexLayout *layout, const float *values, gint8 *levels,
                               KalonIndexQuery *query);

/* The loops, for what the processor can do. All give the same bits. */
typedef struct
{
  const char *name;
  /* @dots: [64]: integer products of @codes: [64, stride] with 128 high + low of @levels */
  void (*dot_codes) (const guint8 *codes, const gint8 *levels, gsize stride, gint32 *dots);
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

/* Offers to @best every row of group @group (rows 64 @group and on) that is in @allowed (bits). */
void kalon_index_scan_group (const KalonIndexFile *file, const KalonIndexLoops *loops, gsize group,
                             guint64 allowed, const KalonIndexQuery *query, KalonIndexBest *best);

/*
 * The device's half of a search: it holds (or, on a CPU, reads in place) the blocks of the file and
 * runs kernels/knn_*.cl over them.
 */
typedef struct _KalonIndexDevice KalonIndexDevice;

/* @gpu: the form of the kernels with work-groups and local memory. */
KalonIndexDevice *kalon_index_device_new (KalonDevice *device, gboolean gpu);
void kalon_index_device_free (KalonIndexDevice *self);
KalonDevice *kalon_index_device_get_device (KalonIndexDevice *self);

/* @bounds: [n, n_groups]: no allowed row of the group is more similar to the query. */
gboolean kalon_index_device_bounds (KalonIndexDevice *self, const KalonIndexFile *file,
                                    const KalonIndexQuery *queries, gsize n, const guint64 *allowed,
                                    float *bounds, GError **error);
/* @similarities: [n, n_rows] */
gboolean kalon_index_device_score (KalonIndexDevice *self, const KalonIndexFile *file,
                                   const KalonIndexQuery *queries, gsize n, float *similarities,
                                   GError **error);

/* What kalon_index_self_test() does, in a form of the kernels. */
gboolean
kalon_index_self_test_form (KalonDevice *device, gboolean gpu, char **report, GError **error);
