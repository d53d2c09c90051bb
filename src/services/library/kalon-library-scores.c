/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/kalon-library-private.h"

#include <math.h>
#include <string.h>

#define MEASURES_SIZE (KALON_N_MEASURES * sizeof (float))

/* @texts: [n] (nullable): bound in order */
static gboolean
run_with_texts (KalonLibrary *self, const char *sql, const char *const *texts, guint n,
                GError **error)
{
  KalonStatement *statement = kalon_storage_prepare (self->storage, sql, error);

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    kalon_statement_bind_text (statement, (int) i + 1, texts[i]);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_set_aesthetic_models (KalonLibrary *self, const char *model_hash,
                                    const char *blend_hash, const char *shares, GError **error)
{
  const char *const texts[] = { model_hash, blend_hash, shares };

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL, FALSE);

  return run_with_texts (self,
                         "UPDATE embeddings SET aesthetic = NULL WHERE aesthetic IS NOT NULL AND "
                         "model = (SELECT id FROM models WHERE hash = ?1 AND aesthetic_head IS NOT "
                         "?2)",
                         texts, 2, error)
         && run_with_texts (
             self,
             "DELETE FROM scores WHERE model = (SELECT id FROM models WHERE hash = ?1 "
             "AND aesthetic_head IS NOT ?2)",
             texts, 2, error)
         && run_with_texts (
             self,
             "UPDATE models SET aesthetic_head = ?2, aesthetic_models = coalesce (?3, "
             "aesthetic_models) WHERE hash = ?1 AND (aesthetic_head IS NOT ?2 OR ?3 IS "
             "NOT NULL)",
             texts, 3, error);
}

gboolean
kalon_library_get_aesthetic_models (KalonLibrary *self, const char *model_hash, char **shares,
                                    GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL && shares != NULL, FALSE);

  *shares = NULL;
  statement = kalon_storage_prepare (self->storage,
                                     "SELECT aesthetic_models FROM models WHERE hash = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, model_hash);
  if (kalon_statement_next (statement, &local_error))
    *shares = kalon_statement_dup_text (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
kalon_library_store_aesthetic (KalonLibrary *self, const char *model_hash, gint64 picture,
                               double score, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL, FALSE);
  g_return_val_if_fail (isfinite (score), FALSE);

  statement = kalon_storage_prepare (self->storage,
                                     "UPDATE embeddings SET aesthetic = ?3 WHERE picture = ?1 AND "
                                     "model = (SELECT id FROM models WHERE hash = ?2)",
                                     error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_text (statement, 2, model_hash);
  kalon_statement_bind_double (statement, 3, score);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_store_member_score (KalonLibrary *self, const char *model_hash, gint64 picture,
                                  const char *member, double score, GError **error)
{
  KalonStatement *statement;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (model_hash != NULL && member != NULL, FALSE);
  g_return_val_if_fail (isfinite (score), FALSE);

  statement = kalon_storage_prepare (
      self->storage,
      "INSERT OR REPLACE INTO scores (picture, model, member, score) VALUES (?1, (SELECT id FROM "
      "models WHERE hash = ?2), ?3, ?4)",
      error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_text (statement, 2, model_hash);
  kalon_statement_bind_text (statement, 3, member);
  kalon_statement_bind_double (statement, 4, score);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_library_forget_scores (KalonLibrary *self, const char *model_hash, gint64 picture,
                             GError **error)
{
  KalonStatement *statement
      = kalon_storage_prepare (self->storage,
                               "DELETE FROM scores WHERE picture = ?1 AND model = (SELECT id FROM "
                               "models WHERE hash = ?2)",
                               error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_text (statement, 2, model_hash);
  return kalon_statement_run (statement, error);
}

void
kalon_picture_scores_free (KalonPictureScores *scores)
{
  g_return_if_fail (scores != NULL);

  g_array_unref (scores->members);
  g_free (scores);
}

static void
clear_member (gpointer data)
{
  KalonMemberScore *member = data;

  g_free (member->id);
}

KalonPictureScores *
kalon_library_get_scores (KalonLibrary *self, const char *model_hash, gint64 picture,
                          GError **error)
{
  g_autoptr (KalonPictureScores) scores = NULL;
  g_autoptr (KalonStatement) statement = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (model_hash != NULL, NULL);

  scores = g_new0 (KalonPictureScores, 1);
  scores->aesthetic = NAN;
  scores->members = g_array_new (FALSE, FALSE, sizeof (KalonMemberScore));
  g_array_set_clear_func (scores->members, clear_member);
  statement = kalon_storage_prepare (
      self->storage,
      "SELECT aesthetic, member, score FROM embeddings LEFT JOIN scores USING (picture, model) "
      "WHERE picture = ?1 AND model = (SELECT id FROM models WHERE hash = ?2) AND aesthetic IS NOT "
      "NULL ORDER BY member",
      error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_text (statement, 2, model_hash);
  while (kalon_statement_next (statement, &local_error))
    {
      KalonMemberScore member = { kalon_statement_dup_text (statement, 1),
                                  (float) kalon_statement_get_double (statement, 2) };

      scores->aesthetic = (float) kalon_statement_get_double (statement, 0);
      if (member.id != NULL)
        g_array_append_val (scores->members, member);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&scores);
}

/* Measures */

gboolean
kalon_library_store_measures (KalonLibrary *self, gint64 picture, const float *measures,
                              GError **error)
{
  KalonStatement *statement;
  guint32 stored[KALON_N_MEASURES];

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (measures != NULL, FALSE);

  statement = kalon_storage_prepare (self->storage,
                                     "UPDATE pictures SET measures = ?2 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  memcpy (stored, measures, sizeof stored);
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    stored[i] = GUINT32_TO_LE (stored[i]);
  kalon_statement_bind_int (statement, 1, picture);
  kalon_statement_bind_bytes (statement, 2, stored, sizeof stored);
  return kalon_statement_run (statement, error);
}

/* @measures: (out caller-allocates): [KALON_N_MEASURES] of a BLOB; NaN when it is none of ours */
static void
read_measures (KalonStatement *statement, int column, float *measures)
{
  guint32 stored[KALON_N_MEASURES];
  gsize size;
  const void *bytes = kalon_statement_get_bytes (statement, column, &size);

  if (bytes == NULL || size != sizeof stored)
    {
      for (guint i = 0; i < KALON_N_MEASURES; i++)
        measures[i] = NAN;
      return;
    }
  memcpy (stored, bytes, sizeof stored);
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    stored[i] = GUINT32_FROM_LE (stored[i]);
  memcpy (measures, stored, sizeof stored);
}

gboolean
kalon_library_get_measures (KalonLibrary *self, gint64 picture, float *measures, GError **error)
{
  g_autoptr (KalonStatement) statement = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (measures != NULL, FALSE);

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    measures[i] = NAN;
  statement
      = kalon_storage_prepare (self->storage, "SELECT measures FROM pictures WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, picture);
  if (kalon_statement_next (statement, &local_error))
    read_measures (statement, 0, measures);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

GArray *
kalon_library_list_measures (KalonLibrary *self, const char *model_hash, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, MEASURES_SIZE);
  KalonStatement *statement;
  GError *local_error = NULL;

  g_return_val_if_fail (KALON_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (model_hash != NULL, NULL);

  statement = kalon_storage_prepare (
      self->storage,
      "SELECT measures FROM embeddings JOIN pictures ON pictures.id = picture WHERE model = "
      "(SELECT id FROM models WHERE hash = ?) ORDER BY row",
      error);
  if (statement == NULL)
    return NULL;
  kalon_statement_bind_text (statement, 1, model_hash);
  while (kalon_statement_next (statement, &local_error))
    {
      float measures[KALON_N_MEASURES];

      read_measures (statement, 0, measures);
      g_array_append_vals (rows, measures, 1);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  return g_steal_pointer (&rows);
}
