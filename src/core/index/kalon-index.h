/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The embedding file of one (library, model), and exact k-nearest-neighbour search in it.
 *
 * Rows are unit-length embeddings stored in f16, addressed by row number, append-only; a row that
 * is no longer wanted is simply not asked for (the catalogue knows which rows live) until
 * kalon_index_compact(). The catalogue, not this file, says how many rows are committed: after a
 * crash kalon_index_truncate() takes off what was never committed. See docs/formats.md for the
 * bytes.
 *
 * One thread at a time for writing; searching never writes and may run while another object
 * appends.
 */

#include "compute/kalon-compute.h"

G_BEGIN_DECLS

#define KALON_TYPE_INDEX (kalon_index_get_type ())
G_DECLARE_FINAL_TYPE (KalonIndex, kalon_index, KALON, INDEX, GObject)

/**
 * kalon_index_open:
 * @model_hash: hex SHA-256 the file must be stamped with
 * @dimension: the embeddings' length
 *
 * Opens or creates. %KALON_ERROR_MISMATCH when it was made by another model,
 * %KALON_ERROR_INVALID_DATA (naming the field) when it is damaged.
 */
KalonIndex *
kalon_index_open (const char *path, const char *model_hash, gsize dimension, GError **error);

gsize kalon_index_get_dimension (KalonIndex *self);
gsize kalon_index_get_n_rows (KalonIndex *self);

/**
 * kalon_index_append:
 * @rows: [n, dimension]; NaN, infinite or zero rows are refused (%KALON_ERROR_NOT_FINITE)
 * @first: (out) (optional): row number of the first
 *
 * When it returns %TRUE the rows are in the file and survive a kill of the process.
 */
gboolean
kalon_index_append (KalonIndex *self, const float *rows, gsize n, gsize *first, GError **error);
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
 * @queries: [n_queries, dimension]
 * @allowed: (nullable): [ceil (n_rows / 64)] bitmap of the rows that may be returned
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

G_END_DECLS
