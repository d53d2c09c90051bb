/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

/* Work-items of a GPU's work-group, as kernels/knn_*.cl say. */
#define GPU_BOUNDS_ITEMS 256
#define GPU_SCORE_ITEMS 64
/* A GPU gets this many bytes at a time, so that a growing file is not sent anew as a whole. */
#define GPU_SEGMENT_SIZE (128 << 20)

/* Some blocks of the file in one buffer. */
typedef struct
{
  KalonBuffer *buffer;
  gsize first_row;
  gsize n_rows; /* when the buffer was made */
} Segment;

struct _KalonIndexDevice
{
  KalonDevice *device;
  gboolean gpu;     /* which form of the kernels */
  GArray *segments; /* Segment, in the order of the file */
};

static void
segment_clear (gpointer data)
{
  kalon_buffer_unref (((Segment *) data)->buffer);
}

KalonIndexDevice *
kalon_index_device_new (KalonDevice *device, gboolean gpu)
{
  KalonIndexDevice *self = g_new0 (KalonIndexDevice, 1);

  self->device = g_object_ref (device);
  self->gpu = gpu;
  self->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  g_array_set_clear_func (self->segments, segment_clear);
  return self;
}

void
kalon_index_device_free (KalonIndexDevice *self)
{
  g_array_unref (self->segments);
  g_object_unref (self->device);
  g_free (self);
}

KalonDevice *
kalon_index_device_get_device (KalonIndexDevice *self)
{
  return self->device;
}

/* Rows of a full segment: whole blocks within what the device takes in one buffer. */
static gsize
get_segment_rows (KalonIndexDevice *self, const KalonIndexLayout *layout)
{
  gsize size = kalon_device_get_info (self->device)->max_allocation;

  if (self->gpu)
    size = MIN (size, GPU_SEGMENT_SIZE);
  return MAX (size / layout->size, 1) * KALON_INDEX_BLOCK_ROWS;
}

/* Committed rows never change, so a segment stays good until there are more rows in it. */
static gboolean
update (KalonIndexDevice *self, const KalonIndexFile *file, GError **error)
{
  gsize segment_rows = get_segment_rows (self, &file->layout);

  for (gsize i = 0; i * segment_rows < file->n_rows; i++)
    {
      gsize first = i * segment_rows, n = MIN (file->n_rows - first, segment_rows);
      gsize n_blocks = (n + KALON_INDEX_BLOCK_ROWS - 1) / KALON_INDEX_BLOCK_ROWS;
      Segment segment = { .first_row = first, .n_rows = n };
      g_autoptr (GBytes) bytes = NULL;

      if (i < self->segments->len)
        {
          if (g_array_index (self->segments, Segment, i).n_rows >= n)
            continue;
          g_array_set_size (self->segments, (guint) i);
        }
      bytes = g_bytes_new_from_bytes (
          file->mapping, kalon_index_file_offset (file, first / KALON_INDEX_BLOCK_ROWS),
          n_blocks * file->layout.size);
      segment.buffer = kalon_buffer_new_for_bytes (self->device, bytes, error);
      if (segment.buffer == NULL)
        return FALSE;
      g_array_append_val (self->segments, segment);
    }
  return TRUE;
}

/* Groups of @segment that are in view. */
static gsize
get_n_groups (const Segment *segment, const KalonIndexFile *file)
{
  gsize end = MIN (segment->first_row + segment->n_rows, file->n_rows);

  if (end <= segment->first_row)
    return 0;
  return (end - segment->first_row + KALON_INDEX_GROUP_ROWS - 1) / KALON_INDEX_GROUP_ROWS;
}

static gboolean
run_bounds (KalonIndexDevice *self, const KalonIndexFile *file, const KalonBuffer *levels,
            const KalonBuffer *zeros, const KalonBuffer *terms, gsize n, const KalonBuffer *allowed,
            const KalonBuffer *bounds, GError **error)
{
  guint32 stride = (guint32) file->layout.stride, block_size = (guint32) file->layout.size;
  guint32 errors = (guint32) file->layout.errors, scales = (guint32) file->layout.scales;
  guint32 n_rows = (guint32) file->n_rows, n_queries = (guint32) n;
  gint32 has_allowed = allowed != NULL;

  for (guint i = 0; i < self->segments->len; i++)
    {
      const Segment *segment = &g_array_index (self->segments, Segment, i);
      guint32 first_row = (guint32) segment->first_row;
      gsize local = self->gpu ? GPU_BOUNDS_ITEMS : 1;
      gsize global = get_n_groups (segment, file) * local;
      const KalonKernelArg args[] = {
        KALON_ARG_BUFFER (segment->buffer),
        KALON_ARG_VALUE (stride),
        KALON_ARG_VALUE (block_size),
        KALON_ARG_VALUE (errors),
        KALON_ARG_VALUE (scales),
        KALON_ARG_VALUE (first_row),
        KALON_ARG_VALUE (n_rows),
        /* Not read when there is none, but OpenCL 1.2 wants a buffer. */
        KALON_ARG_BUFFER (allowed ? allowed : segment->buffer),
        KALON_ARG_VALUE (has_allowed),
        KALON_ARG_BUFFER (levels),
        KALON_ARG_BUFFER (zeros),
        KALON_ARG_BUFFER (terms),
        KALON_ARG_VALUE (n_queries),
        KALON_ARG_BUFFER (bounds),
      };

      if (global > 0
          && !kalon_device_run (self->device, "knn_bounds",
                                self->gpu ? "knn_bounds_group" : "knn_bounds_tile", NULL, args,
                                G_N_ELEMENTS (args), 1, &global, &local, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
kalon_index_device_bounds (KalonIndexDevice *self, const KalonIndexFile *file,
                           const KalonIndexQuery *queries, gsize n, const guint64 *allowed,
                           float *bounds, GError **error)
{
  gsize stride = file->layout.stride, n_groups = kalon_index_file_n_groups (file);
  g_autofree gint16 *levels = g_new (gint16, n * stride);
  g_autofree gint32 *zeros = g_new (gint32, n);
  g_autofree float *terms = g_new (float, 3 * n);
  g_autoptr (KalonBuffer) levels_buffer = NULL;
  g_autoptr (KalonBuffer) zeros_buffer = NULL;
  g_autoptr (KalonBuffer) terms_buffer = NULL;
  g_autoptr (KalonBuffer) allowed_buffer = NULL;
  g_autoptr (KalonBuffer) bounds_buffer = NULL;

  for (gsize i = 0; i < n; i++)
    {
      const gint8 *high = queries[i].levels, *low = high + stride;

      for (gsize j = 0; j < stride; j++)
        levels[i * stride + j] = (gint16) (128 * high[j] + low[j]);
      zeros[i] = queries[i].zero;
      terms[3 * i] = queries[i].step;
      terms[3 * i + 1] = queries[i].length;
      terms[3 * i + 2] = queries[i].slack;
    }
  if (!update (self, file, error))
    return FALSE;
  levels_buffer
      = kalon_buffer_new_from_data (self->device, levels, n * stride * sizeof *levels, error);
  if (levels_buffer)
    zeros_buffer = kalon_buffer_new_from_data (self->device, zeros, n * sizeof *zeros, error);
  if (zeros_buffer)
    terms_buffer = kalon_buffer_new_from_data (self->device, terms, 3 * n * sizeof *terms, error);
  if (terms_buffer)
    bounds_buffer = kalon_buffer_new (self->device, n * n_groups * sizeof *bounds, error);
  if (bounds_buffer && allowed)
    allowed_buffer
        = kalon_buffer_new_from_data (self->device, allowed, n_groups * sizeof *allowed, error);
  return bounds_buffer && (allowed_buffer || !allowed)
         && run_bounds (self, file, levels_buffer, zeros_buffer, terms_buffer, n, allowed_buffer,
                        bounds_buffer, error)
         && kalon_buffer_read (bounds_buffer, 0, bounds, n * n_groups * sizeof *bounds, error);
}

gboolean
kalon_index_device_score (KalonIndexDevice *self, const KalonIndexFile *file,
                          const KalonIndexQuery *queries, gsize n, float *similarities,
                          GError **error)
{
  gsize size = n * file->n_rows * sizeof *similarities;
  guint32 stride = (guint32) file->layout.stride, block_size = (guint32) file->layout.size;
  guint32 halves = (guint32) file->layout.halves;
  guint32 n_rows = (guint32) file->n_rows, n_queries = (guint32) n;
  g_autoptr (KalonBuffer) queries_buffer = NULL;
  g_autoptr (KalonBuffer) similarities_buffer = NULL;

  if (!update (self, file, error))
    return FALSE;
  queries_buffer = kalon_buffer_new_from_data (self->device, queries[0].values,
                                               n * stride * sizeof (float), error);
  if (queries_buffer)
    similarities_buffer = kalon_buffer_new (self->device, size, error);
  if (!similarities_buffer)
    return FALSE;

  for (guint i = 0; i < self->segments->len; i++)
    {
      const Segment *segment = &g_array_index (self->segments, Segment, i);
      guint32 first_row = (guint32) segment->first_row;
      gsize local = self->gpu ? GPU_SCORE_ITEMS : 1;
      gsize global = get_n_groups (segment, file) * local;
      const KalonKernelArg args[] = {
        KALON_ARG_BUFFER (segment->buffer),
        KALON_ARG_VALUE (stride),
        KALON_ARG_VALUE (block_size),
        KALON_ARG_VALUE (halves),
        KALON_ARG_VALUE (first_row),
        KALON_ARG_VALUE (n_rows),
        KALON_ARG_BUFFER (queries_buffer),
        KALON_ARG_VALUE (n_queries),
        KALON_ARG_BUFFER (similarities_buffer),
      };

      if (global > 0
          && !kalon_device_run (self->device, "knn_score",
                                self->gpu ? "knn_score_group" : "knn_score_tile", NULL, args,
                                G_N_ELEMENTS (args), 1, &global, &local, error))
        return FALSE;
    }
  return kalon_buffer_read (similarities_buffer, 0, similarities, size, error);
}
