/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "index/kalon-index-private.h"

#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "tensor/kalon-tensor.h"

/* Two blocks, the second and its last group not full; a dimension that is no multiple of 64. */
#define N_ROWS (KALON_INDEX_BLOCK_ROWS + 3 * KALON_INDEX_GROUP_ROWS + 7)
#define N_QUERIES 2
#define DIMENSION 100
/* Bounds differ by the order of a few roundings; what is allowed for them is a part of the slack.
 */
#define TOLERANCE 1e-6f

/* [DIMENSION], unit length; linear congruential generator of Numerical Recipes. */
static void
draw (guint32 *state, float *vector)
{
  double sum = 0;

  for (gsize i = 0; i < DIMENSION; i++)
    {
      *state = *state * 1664525u + 1013904223u;
      vector[i] = (float) (*state >> 8) * 0x1p-23f - 1;
      sum += (double) vector[i] * vector[i];
    }
  for (gsize i = 0; i < DIMENSION; i++)
    vector[i] = (float) (vector[i] / sqrt (sum));
}

/* A file that was never one: its bytes in memory. */
static void
make_file (KalonIndexFile *file)
{
  const gsize n_blocks = (N_ROWS + KALON_INDEX_BLOCK_ROWS - 1) / KALON_INDEX_BLOCK_ROWS;
  guint32 state = 1;
  guint8 *bytes;
  gsize size;

  *file = (KalonIndexFile){ .fd = -1, .n_rows = N_ROWS };
  kalon_index_layout_init (&file->layout, DIMENSION);
  size = kalon_index_file_offset (file, n_blocks);
  bytes = g_malloc0 (size);
  file->map = bytes;
  file->mapping = g_bytes_new_take (bytes, size);
  for (gsize row = 0; row < N_ROWS; row++)
    {
      KalonIndexRows rows = kalon_index_file_rows (file, row);
      float values[DIMENSION];
      guint16 *halves = (guint16 *) rows.halves;

      draw (&state, values);
      for (gsize i = 0; i < DIMENSION; i++)
        {
          halves[i] = kalon_f32_to_f16 (values[i]);
          values[i] = kalon_f16_to_f32 (halves[i]);
        }
      kalon_index_encode_row (&file->layout, values, (guint8 *) rows.codes, (float *) rows.scales,
                              (float *) rows.errors);
    }
}

/* Every third row, and none of one group. */
static gboolean
is_allowed (gsize row)
{
  return row % 3 == 0 && row / KALON_INDEX_GROUP_ROWS != 5;
}

/* The largest difference of @similarities, and of @bounds, from plain C; infinite where a row would
 * be ruled out, or one that must be is not. */
static void
compare (const KalonIndexFile *file, const KalonIndexQuery *query, const float *similarities,
         const float *bounds, double *of_scores, double *of_bounds)
{
  const KalonIndexLoops *loops = kalon_index_get_loops ();

  for (gsize group = 0; group < kalon_index_file_n_groups (file); group++)
    {
      gsize first = group * KALON_INDEX_GROUP_ROWS;
      KalonIndexRows rows = kalon_index_file_rows (file, first);
      gint32 dots[KALON_INDEX_GROUP_ROWS];
      float highest = -INFINITY, best = -INFINITY;

      loops->dot_codes (rows.codes, query->levels, file->layout.stride, dots);
      for (gsize i = 0; i < MIN (N_ROWS - first, KALON_INDEX_GROUP_ROWS); i++)
        {
          float similarity = loops->dot_half (rows.halves + i * file->layout.stride, query->values,
                                              file->layout.stride);
          float bound = query->step * rows.scales[i] * (float) (dots[i] - query->zero)
                        + query->length * rows.errors[i] + query->slack;
          double difference = fabs ((double) similarity - similarities[first + i]);

          *of_scores = isfinite (difference) ? MAX (*of_scores, difference) : INFINITY;
          if (!is_allowed (first + i))
            continue;
          highest = MAX (highest, bound);
          best = MAX (best, similarity);
        }
      if (highest == bounds[group])
        continue;
      *of_bounds = isfinite (bounds[group]) && bounds[group] >= best
                       ? MAX (*of_bounds, fabs ((double) highest - bounds[group]))
                       : INFINITY;
    }
}

static gboolean
add_line (GString *report, const char *name, double difference, double tolerance,
          KalonDevice *device, GError **error)
{
  gboolean passed = difference <= tolerance;

  g_string_append_printf (report, "%-24s %12.2e %10.0e  %s\n", name, difference, tolerance,
                          passed ? "ok" : "FAILED");
  if (!passed)
    g_set_error (error, KALON_ERROR, KALON_ERROR_DEVICE,
                 "“%s” computes “%s” wrongly; update its driver, or choose another device or "
                 "“none”",
                 kalon_device_get_info (device)->name, name);
  return passed;
}

gboolean
kalon_index_self_test_form (KalonDevice *device, gboolean gpu, char **report, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  KalonIndexDevice *half = kalon_index_device_new (device, gpu);
  KalonIndexFile file;
  KalonIndexQuery queries[N_QUERIES];
  g_autofree float *values = NULL;
  g_autofree gint8 *levels = NULL;
  g_autofree float *similarities = g_new (float, N_QUERIES *N_ROWS);
  g_autofree float *bounds = NULL;
  g_autofree guint64 *allowed = NULL;
  double of_scores = 0, of_bounds = 0;
  guint32 state = 2;
  gsize stride, n_groups;
  gboolean passed;

  make_file (&file);
  stride = file.layout.stride;
  n_groups = kalon_index_file_n_groups (&file);
  bounds = g_new (float, N_QUERIES *n_groups);
  allowed = g_new0 (guint64, n_groups);
  for (gsize row = 0; row < N_ROWS; row++)
    if (is_allowed (row))
      allowed[row / 64] |= G_GUINT64_CONSTANT (1) << row % 64;
  values = g_new0 (float, N_QUERIES *stride);
  levels = g_new (gint8, N_QUERIES * 2 * stride);
  for (gsize i = 0; i < N_QUERIES; i++)
    {
      draw (&state, values + i * stride);
      kalon_index_encode_query (&file.layout, values + i * stride, levels + i * 2 * stride,
                                &queries[i]);
    }

  passed = kalon_index_device_score (half, &file, queries, N_QUERIES, similarities, error)
           && kalon_index_device_bounds (half, &file, queries, N_QUERIES, allowed, bounds, error);
  if (passed)
    {
      for (gsize i = 0; i < N_QUERIES; i++)
        compare (&file, &queries[i], similarities + i * N_ROWS, bounds + i * n_groups, &of_scores,
                 &of_bounds);
      passed = add_line (text, "knn-score", of_scores, 0, device, error);
      passed = add_line (text, "knn-bounds", of_bounds, TOLERANCE, device, passed ? error : NULL)
               && passed;
      if (report != NULL)
        *report = g_strdup (text->str);
    }
  kalon_index_device_free (half);
  g_bytes_unref (file.mapping);
  return passed;
}

gboolean
kalon_index_self_test (KalonDevice *device, char **report, GError **error)
{
  g_return_val_if_fail (KALON_IS_DEVICE (device), FALSE);

  return kalon_index_self_test_form (device, !kalon_device_get_info (device)->is_cpu, report,
                                     error);
}
