/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "results/kalon-results-model.h"

G_BEGIN_DECLS

struct _KalonResultsModel
{
  GObject parent_instance;

  /* One of the two, or neither. */
  GArray *ranking; /* KalonResult */
  GArray *pictures;
  GArray *all;         /* that of the two with the hidden ones in it */
  GHashTable *hidden;  /* gint64 -> nothing */
  char *query;         /* of @ranking, otherwise "" */
  KalonThumbs *thumbs; /* (nullable) */
  guint n_items;
  KalonRanking *other; /* (nullable) */
  char *other_name;
  gboolean plain;

  GHashTable *items; /* gint64 id (in the item) -> KalonResultItem, weak */
};

/* results-model-hidden.c: (transfer full): what is to be shown of @all, which is kept. */
GArray *kalon_results_model_keep_all (KalonResultsModel *self, GArray *all);

G_END_DECLS
