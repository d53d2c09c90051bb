/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

#include "storage/kalon-storage.h"

struct _KalonJudgeCache
{
  KalonStorage *storage;
};

static const char *const scripts[] = {
  "CREATE TABLE answers ("
  "  key TEXT PRIMARY KEY," /* see judge-calls.c */
  "  answer TEXT NOT NULL,"
  "  made_at INTEGER NOT NULL) WITHOUT ROWID;", /* seconds since 1970 */
};
static const KalonStorageFormat format = { 0x4B616C6A /* "Kalj" */, scripts, 1 };

KalonJudgeCache *
kalon_judge_cache_open (const char *path, GError **error)
{
  KalonStorage *storage = kalon_storage_open_private (path, &format, error);
  KalonJudgeCache *self;

  if (storage == NULL)
    return NULL;
  self = g_new (KalonJudgeCache, 1);
  self->storage = storage;
  return self;
}

void
kalon_judge_cache_free (KalonJudgeCache *self)
{
  kalon_storage_free (self->storage);
  g_free (self);
}

char *
kalon_judge_cache_find (KalonJudgeCache *self, const char *key, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, "SELECT answer FROM answers WHERE key = ?", error);

  if (statement == NULL)
    return NULL;
  kalon_statement_bind_text (statement, 1, key);
  return kalon_statement_next (statement, error) ? kalon_statement_dup_text (statement, 0) : NULL;
}

gboolean
kalon_judge_cache_store (KalonJudgeCache *self, const char *key, const char *answer, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "INSERT OR REPLACE INTO answers (key, answer, made_at) VALUES (?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_text (statement, 2, answer);
  kalon_statement_bind_int (statement, 3, g_get_real_time () / G_USEC_PER_SEC);
  return kalon_statement_run (statement, error);
}
