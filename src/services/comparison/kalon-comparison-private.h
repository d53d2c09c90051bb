/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comparison/kalon-comparison.h"
#include "image/kalon-image.h"

G_BEGIN_DECLS

/* A picture of the top k as it is shown. */
typedef struct
{
  KalonResult result;
  guint other; /* its rank on the other side; 0: it is not there */
  char *name;  /* of the file, for reading */
  char *mark;
  char *why;         /* (nullable): what moved it */
  KalonImage *image; /* (nullable): the thumbnail */
} KalonComparisonEntry;

/* (transfer full) (element-type KalonComparisonEntry) */
GPtrArray *
kalon_comparison_load_side (const KalonComparison *self, guint side, const char *library_directory,
                            GCancellable *cancellable, GError **error);

/* (transfer full): what is said above both: "6 of 10 in common · model starter · …". */
char *kalon_comparison_dup_summary (const KalonComparison *self);
/* (transfer full): "Mean aesthetic score of the top 10: 5.6" */
char *kalon_comparison_dup_mean (const KalonComparison *self, guint side);

gboolean kalon_comparison_write_png (const KalonComparison *self, GPtrArray *const sides[2],
                                     const char *path, GError **error);
gboolean kalon_comparison_write_html (const KalonComparison *self, GPtrArray *const sides[2],
                                      const char *path, GError **error);

G_END_DECLS
