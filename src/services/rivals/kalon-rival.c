/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rivals/kalon-rivals.h"

KalonRival *
kalon_rival_new (KalonRivalKind kind, const char *name, const char *directory)
{
  KalonRival *rival = g_new (KalonRival, 1);

  *rival = (KalonRival){ kind, g_strdup (name), g_strdup (directory) };
  return rival;
}

KalonRival *
kalon_rival_copy (const KalonRival *rival)
{
  g_return_val_if_fail (rival != NULL, NULL);

  return kalon_rival_new (rival->kind, rival->name, rival->directory);
}

void
kalon_rival_free (KalonRival *rival)
{
  if (rival == NULL)
    return;
  g_free (rival->name);
  g_free (rival->directory);
  g_free (rival);
}

char *
kalon_rival_dup_key (const KalonRival *rival)
{
  static const char *const keys[] = {
    [KALON_RIVAL_BASELINE] = "baseline", [KALON_RIVAL_REPHRASED] = "rephrased",
    [KALON_RIVAL_ALIGNED] = "aligned",   [KALON_RIVAL_MODEL] = "model:",
    [KALON_RIVAL_PROFILE] = "profile:",
  };

  g_return_val_if_fail (rival != NULL, NULL);

  return g_strconcat (keys[rival->kind], rival->name, NULL);
}

char *
kalon_rival_dup_title (const KalonRival *rival)
{
  static const char *const titles[] = {
    [KALON_RIVAL_BASELINE] = "Baseline", [KALON_RIVAL_REPHRASED] = "Rephrased words alone",
    [KALON_RIVAL_ALIGNED] = "Aligned",   [KALON_RIVAL_MODEL] = "Model ",
    [KALON_RIVAL_PROFILE] = "Profile ",
  };

  g_return_val_if_fail (rival != NULL, NULL);

  return g_strconcat (titles[rival->kind], rival->name, NULL);
}

gboolean
kalon_rival_equal (const KalonRival *a, const KalonRival *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->kind == b->kind && g_strcmp0 (a->name, b->name) == 0;
}

void
kalon_rival_prepare (const KalonRival *rival, KalonQuery *query, const KalonAlignment *alignment)
{
  KalonAlignment own;

  g_return_if_fail (rival != NULL && query != NULL && alignment != NULL);

  own = *alignment;
  switch (rival->kind)
    {
    case KALON_RIVAL_BASELINE:
    case KALON_RIVAL_MODEL:
      return;
    case KALON_RIVAL_REPHRASED:
      own.aesthetic = 0;
      own.taste = 0;
      own.adapter = FALSE;
      break;
    case KALON_RIVAL_PROFILE:
      kalon_query_set_profile (query, rival->name);
      break;
    case KALON_RIVAL_ALIGNED:
      break;
    }
  kalon_query_set_alignment (query, &own);
}

static gboolean
is_plain (const KalonRival *rival)
{
  return rival->kind == KALON_RIVAL_BASELINE || rival->kind == KALON_RIVAL_MODEL;
}

GArray *
kalon_rival_peek_results (const KalonRival *rival, const KalonResults *results)
{
  g_return_val_if_fail (rival != NULL && results != NULL, NULL);

  return is_plain (rival) ? results->results : results->aligned;
}

KalonRanking *
kalon_rival_dup_ranking (const KalonRival *rival, const KalonResults *results)
{
  GArray *ranked = kalon_rival_peek_results (rival, results);

  if (ranked == NULL)
    return NULL;
  return kalon_ranking_new (ranked, is_plain (rival) ? results->folded : results->aligned_folded);
}
