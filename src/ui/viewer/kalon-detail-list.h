/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What is known of a picture, as lines of text. Main thread. */

#include "results/kalon-result-item.h"

G_BEGIN_DECLS

typedef struct
{
  char *caption;
  char *value;
} KalonDetail;

/**
 * kalon_detail_list_new:
 * @item: (nullable): for its place in the results, and why it is there
 * @info: (nullable): what its file says
 * @scores: (nullable): how good it looks
 *
 * Returns: (transfer full) (element-type KalonDetail): only what is known, always in one order
 */
GPtrArray *kalon_detail_list_new (const KalonPicture *picture, KalonResultItem *item,
                                  const KalonImageInfo *info, const KalonPictureScores *scores);

/* (transfer full): "Caption: value", one a line. (element-type KalonDetail) */
char *kalon_detail_list_to_text (GPtrArray *details);

G_END_DECLS
