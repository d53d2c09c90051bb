/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rephraser/kalon-rephraser-private.h"

#include <errno.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "storage/kalon-storage.h"

/* Characters of a text; more than an answer has. */
#define MAX_LENGTH 2000

struct _KalonRephraseCache
{
  GMutex mutex; /* of all below */
  char *path;
  guint limit;
  KalonStorage *storage; /* (nullable): not opened yet, or it cannot be */
  gboolean is_broken;    /* no further try until it is cleared */
};

static const char *const scripts[] = {
  "CREATE TABLE rephrasings ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT," /* the largest is the newest */
  "  key TEXT NOT NULL UNIQUE,"             /* see dup_key() */
  "  day TEXT,"                             /* YYYY-MM-DD, of an answer that depends on the day */
  "  language TEXT NOT NULL,"
  "  english TEXT,"
  "  text TEXT,"
  "  additions TEXT,"
  "  filters TEXT NOT NULL);", /* a line each */
};
static const KalonStorageFormat format = { 0x4B616C72 /* "Kalr" */, scripts, 1 };

KalonRephraseCache *
kalon_rephrase_cache_new (const char *path, guint limit)
{
  KalonRephraseCache *self = g_new0 (KalonRephraseCache, 1);

  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  self->limit = limit;
  return self;
}

void
kalon_rephrase_cache_free (KalonRephraseCache *self)
{
  g_clear_pointer (&self->storage, kalon_storage_free);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/* With the files that SQLite keeps beside it. */
static gboolean
delete_files (KalonRephraseCache *self, GError **error)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  g_clear_pointer (&self->storage, kalon_storage_free);
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->path, ends[i], NULL);
      g_autofree char *name = g_filename_display_name (path);

      if (g_unlink (path) == 0 || errno == ENOENT)
        continue;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "The rephrasings in “%s” could not be deleted: %s. Delete the file by hand.",
                   name, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* A cache is no reason for a message: one that does not open is deleted if it is damaged, and done
 * without otherwise. */
static gboolean
ensure_open (KalonRephraseCache *self)
{
  g_autoptr (GError) error = NULL;

  if (self->storage != NULL || self->is_broken)
    return self->storage != NULL;
  self->storage = kalon_storage_open_private (self->path, &format, &error);
  if (self->storage == NULL
      && (g_error_matches (error, KALON_ERROR, KALON_ERROR_CATALOGUE)
          || g_error_matches (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED))
      && delete_files (self, NULL))
    self->storage = kalon_storage_open_private (self->path, &format, NULL);
  self->is_broken = self->storage == NULL;
  return !self->is_broken;
}

/* Damage that shows only when a page is read. */
static void
recover (KalonRephraseCache *self, const GError *error)
{
  if (g_error_matches (error, KALON_ERROR, KALON_ERROR_CATALOGUE))
    self->is_broken = !delete_files (self, NULL);
}

/* Model, version, style and words, the words without difference of case or spacing. */
static char *
dup_key (const char *llm_id, const KalonRephraseRequest *request)
{
  g_autofree char *clean = kalon_query_clean (request->query);
  g_autofree char *composed = g_utf8_normalize (clean, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (composed, -1);

  return g_strdup_printf ("%s\n%d\n%s\n%s", llm_id, KALON_PROMPT_VERSION,
                          kalon_rephrase_style_get_name (request->style), folded);
}

static char *
dup_day (const KalonRephraseRequest *request)
{
  return g_strdup_printf ("%04u-%02u-%02u", g_date_get_year (request->today),
                          g_date_get_month (request->today), g_date_get_day (request->today));
}

/* A row is data as well: an edited file must not reach further than a language model does. */
static char *
dup_words (KalonStatement *row, int column)
{
  g_autofree char *text = kalon_statement_dup_text (row, column);

  return text != NULL ? kalon_text_clean (text, MAX_LENGTH) : NULL;
}

static void
read_row (KalonStatement *row, KalonRephraseAnswer *answer)
{
  g_autofree char *lines = kalon_statement_dup_text (row, 4);
  g_auto (GStrv) filters = g_strsplit (lines != NULL ? lines : "", "\n", -1);

  answer->language = dup_words (row, 0);
  answer->english = dup_words (row, 1);
  answer->text = dup_words (row, 2);
  answer->additions = dup_words (row, 3);
  answer->filters = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; filters[i] != NULL; i++)
    if (kalon_filter_is_known (filters[i]))
      kalon_filters_add (answer->filters, g_strdup (filters[i]));
}

gboolean
kalon_rephrase_cache_find (KalonRephraseCache *self, const char *llm_id,
                           const KalonRephraseRequest *request, KalonRephraseAnswer *answer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char *key = dup_key (llm_id, request);
  g_autofree char *day = dup_day (request);
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;

  if (!ensure_open (self))
    return FALSE;
  {
    g_autoptr (KalonStatement) statement = kalon_storage_prepare (
        self->storage,
        "SELECT language, english, text, additions, filters FROM rephrasings"
        " WHERE key = ? AND (day IS NULL OR day = ?)",
        &error);

    if (statement != NULL)
      {
        kalon_statement_bind_text (statement, 1, key);
        kalon_statement_bind_text (statement, 2, day);
        found = kalon_statement_next (statement, &error);
      }
    if (found)
      read_row (statement, answer);
  }
  recover (self, error);
  return found;
}

static gboolean
insert (KalonStorage *storage, const char *key, const char *day, const KalonRephraseAnswer *answer,
        GError **error)
{
  g_autoptr (GString) filters = g_string_new (NULL);
  gboolean has_date = FALSE;
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      storage,
      "INSERT OR REPLACE INTO rephrasings (key, day, language, english, text, additions, filters)"
      " VALUES (?, ?, ?, ?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < answer->filters->len; i++)
    {
      const char *filter = answer->filters->pdata[i];

      has_date |= g_str_has_prefix (filter, "date:");
      g_string_append_printf (filters, "%s%s", i > 0 ? "\n" : "", filter);
    }
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_text (statement, 2, has_date ? day : NULL);
  kalon_statement_bind_text (statement, 3, answer->language);
  kalon_statement_bind_text (statement, 4, answer->english);
  kalon_statement_bind_text (statement, 5, answer->text);
  kalon_statement_bind_text (statement, 6, answer->additions);
  kalon_statement_bind_text (statement, 7, filters->str);
  return kalon_statement_run (statement, error);
}

static gboolean
evict (KalonStorage *storage, guint limit, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      storage,
      "DELETE FROM rephrasings WHERE id <= (SELECT id FROM rephrasings ORDER BY id DESC"
      " LIMIT 1 OFFSET ?)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, limit);
  return kalon_statement_run (statement, error);
}

void
kalon_rephrase_cache_store (KalonRephraseCache *self, const char *llm_id,
                            const KalonRephraseRequest *request, const KalonRephraseAnswer *answer)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autofree char *key = dup_key (llm_id, request);
  g_autofree char *day = dup_day (request);
  g_autoptr (GError) error = NULL;

  if (!ensure_open (self))
    return;
  if (kalon_storage_begin (self->storage, &error))
    {
      if (insert (self->storage, key, day, answer, &error)
          && evict (self->storage, self->limit, &error))
        kalon_storage_commit (self->storage, &error);
      else
        kalon_storage_rollback (self->storage);
    }
  recover (self, error);
}

gboolean
kalon_rephrase_cache_clear (KalonRephraseCache *self, GError **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  self->is_broken = FALSE;
  return delete_files (self, error);
}
