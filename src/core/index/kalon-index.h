/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The embedding file of one (library, model), and exact k-nearest-neighbour search in it.
 *
 * Rows are unit-length embeddings stored in f16, addressed by row number, append-only; a row that
 * is no longer wanted is simply not asked for (the catalogue knows which rows live). The catalogue,
 * not this file, says how many rows are committed: after a crash kalon_index_truncate() takes off
 * what was never committed. See docs/formats.md for the bytes.
 *
 * Beside each f16 row the file keeps an 8-bit code of it with a bound on the code's error. A search
 * reads the codes of every row (half the bytes of the f16 rows) and the f16 row only where the
 * bound leaves a chance of being among the best, so the answer is exact and the pass is short.
 *
 * Similarity is defined to the last bit: 64 f32 partial sums by fused multiply-add (element i goes
 * to sum i mod 64), then halved by adding the upper half to the lower, six times. Plain C, AVX2 and
 * AVX-512 give the same bits, and a device only says which rows to look at: kalon_index_search()
 * returns the same numbers whatever computes.
 *
 * Writers and readers. One object, in one thread, writes; any number of other objects, in this or
 * another process, may search the same file meanwhile. An object sees the rows that were complete
 * when it was opened or last refreshed, and its own; committed rows never change. A reader does not
 * call kalon_index_truncate(): it limits its view with kalon_index_refresh(). Truncating empties
 * rows but never shortens the file, because a reader may have it mapped.
 */

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

/* The longest embedding that fits; the widest published CLIP has 1280. */
#define KALON_INDEX_MAX_DIMENSION 16384

#define KALON_TYPE_INDEX (kalon_index_get_type ())
G_DECLARE_FINAL_TYPE (KalonIndex, kalon_index, KALON, INDEX, GObject)

/**
 * kalon_index_open:
 * @model_hash: hex SHA-256 the file must be stamped with
 * @dimension: the embeddings' length, 1 to %KALON_INDEX_MAX_DIMENSION
 *
 * Opens or creates; a file that may only be read can still be searched. %KALON_ERROR_MISMATCH when
 * it was made by another model, %KALON_ERROR_INVALID_DATA (naming the field: magic, version,
 * checksum, dimension, block size, file size) when it is damaged, %KALON_ERROR_UNSUPPORTED when a
 * newer Kalon wrote it.
 */
KalonIndex *
kalon_index_open (const char *path, const char *model_hash, gsize dimension, GError **error);

gsize kalon_index_get_dimension (KalonIndex *self);
gsize kalon_index_get_n_rows (KalonIndex *self);

/**
 * kalon_index_refresh:
 * @n_rows: how many rows the catalogue has committed, or %G_MAXSIZE for all that are complete
 *
 * Sees what other objects have appended since, and no more than the first @n_rows of it; a file
 * that was deleted and made anew meanwhile is opened anew. Fails with %KALON_ERROR_INVALID_DATA
 * when the file holds fewer rows than that, or has shrunk.
 */
gboolean kalon_index_refresh (KalonIndex *self, gsize n_rows, GError **error);

/**
 * kalon_index_append:
 * @rows: [n, dimension], brought to unit length before they are stored; NaN, infinite or zero rows
 * are refused (%KALON_ERROR_NOT_FINITE) and nothing is appended
 * @first: (out) (optional): row number of the first
 *
 * When it returns %TRUE the rows are in the file and survive a kill of the process.
 */
gboolean
kalon_index_append (KalonIndex *self, const float *rows, gsize n, gsize *first, GError **error);
/* Empties every row from @n_rows on, also those that this object has not seen yet. */
gboolean kalon_index_truncate (KalonIndex *self, gsize n_rows, GError **error);
/* Makes everything appended survive a power cut. */
gboolean kalon_index_sync (KalonIndex *self, GError **error);
/* Checks the checksum of every row. */
gboolean kalon_index_verify (KalonIndex *self, GCancellable *cancellable, GError **error);
/* @row as floats into @embedding: [dimension]. */
gboolean kalon_index_get_row (KalonIndex *self, gsize row, float *embedding, GError **error);

typedef struct
{
  guint32 row;
  float similarity; /* inner product = cosine similarity */
} KalonNeighbour;

/**
 * kalon_index_search:
 * @device: (nullable): %NULL scans in plain C
 * @queries: [n_queries, dimension]; NaN, infinite or zero queries are refused
 * (%KALON_ERROR_NOT_FINITE)
 * @allowed: (nullable): [ceil (n_rows / 64)] bitmap of the rows that may be returned: row r is bit
 * r mod 64 of word r / 64
 * @k: at most this many per query
 * @neighbours: (out caller-allocates): [n_queries, k], best first; ties by the lower row
 * @n_found: (out caller-allocates): [n_queries]
 *
 * Exact: the same rows as sorting every inner product. One pass over the file serves all queries.
 */
gboolean
kalon_index_search (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                    const guint64 *allowed, gsize k, KalonNeighbour *neighbours, gsize *n_found,
                    GCancellable *cancellable, GError **error);

/* @similarities: [n_queries, n_rows]: every inner product, for filters and statistics. */
gboolean
kalon_index_score (KalonIndex *self, KalonDevice *device, const float *queries, gsize n_queries,
                   float *similarities, GCancellable *cancellable, GError **error);

/**
 * kalon_index_self_test:
 * @report: (out) (transfer full) (optional): one line per kernel, as of kalon_nn_self_test()
 *
 * Runs the kernels of search and scores over made-up rows on @device and compares with plain C:
 * scores must be equal to the last bit, and no bound may rule out a row that it should not. %FALSE
 * with %KALON_ERROR_DEVICE names the one that is wrong: the device must not be used.
 */
gboolean kalon_index_self_test (KalonDevice *device, char **report, GError **error);

G_END_DECLS
