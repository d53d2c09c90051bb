/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Filters in people's words, translated: what a token or a choice says. The form that can be typed
 * is kalon_filter_clause_to_string().
 */

#include "filter/kalon-filter.h"

G_BEGIN_DECLS

/* (transfer full): "Canon or Nikon", "Not: Last Year", "At Least 2 MP" */
char *kalon_filter_clause_to_label (const KalonFilterClause *clause);
/* Likewise, of one value. */
char *kalon_filter_value_to_label (KalonFilterKind kind, const KalonFilterValue *value);
/* (transfer none): of a number among kalon_filter_kind_get_choices(). */
const char *kalon_filter_choice_to_label (KalonFilterKind kind, guint choice);
/* (transfer none): "Folder", "Date", ... */
const char *kalon_filter_kind_to_label (KalonFilterKind kind);

G_END_DECLS
