/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "filter/kalon-filter.h"

G_BEGIN_DECLS

struct _KalonFilter
{
  gatomicrefcount ref_count;
  GPtrArray *clauses; /* KalonFilterClause, shared with nobody */
  GDate today;        /* that dates were reckoned from */
};

KalonFilter *kalon_filter_new (const GDate *today);
KalonFilterClause *kalon_filter_clause_new (KalonFilterKind kind, gboolean negated);
void kalon_filter_clause_free (KalonFilterClause *clause);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFilterClause, kalon_filter_clause_free)
/* What parsing is relative to: (nullable) @now, as a day. */
GDate kalon_filter_get_today (GDateTime *now);

/**
 * kalon_filter_value_parse:
 * @text: without quotes
 *
 * Returns: (transfer full) (nullable): %NULL with @error
 */
KalonFilterValue *kalon_filter_value_parse (KalonFilterKind kind, const char *text,
                                            const GDate *today, GError **error);
KalonFilterValue *kalon_filter_value_new (const char *text);
void kalon_filter_value_free (KalonFilterValue *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFilterValue, kalon_filter_value_free)

/* Of one kind each: fill @value, all of it but what they do not know; %FALSE: not of that form, or
 * with *@reason (transfer none) where more is to be said of it. */
gboolean kalon_filter_read_date (const char *text, const GDate *today, KalonFilterValue *value,
                                 const char **reason);
gboolean kalon_filter_read_size (const char *text, KalonFilterValue *value, const char **reason);
gboolean
kalon_filter_read_aesthetic (const char *text, KalonFilterValue *value, const char **reason);
gboolean kalon_filter_read_folder (const char *text, KalonFilterValue *value, const char **reason);
/* (transfer full): @bytes as UTF-8, composed, without case. */
char *kalon_filter_fold (const char *bytes);

G_END_DECLS
