/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/kalon-history-private.h"

G_DEFINE_FINAL_TYPE (KalonHistory, kalon_history, G_TYPE_OBJECT)

/* AUTOINCREMENT: the largest is the newest, also of one that was asked for again. */
static const char format_1[]
    = "CREATE TABLE searches ("
      "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
      "  time INTEGER NOT NULL,"    /* seconds since 1970 */
      "  key TEXT NOT NULL UNIQUE," /* the question, case folded, without its strictness */
      "  words TEXT NOT NULL,"      /* case folded: what it is found by */
      "  question TEXT NOT NULL);"  /* JSON */

      "CREATE TABLE saved ("
      "  name_key TEXT NOT NULL PRIMARY KEY," /* case folded */
      "  name TEXT NOT NULL,"
      "  time INTEGER NOT NULL,"
      "  words TEXT NOT NULL,"
      "  question TEXT NOT NULL) WITHOUT ROWID;";

static const char *const migrations[] = { format_1 };

static const KalonStorageFormat format = {
  .application_id = 0x4b616c53, /* "KalS" */
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
};

void
kalon_history_entry_free (KalonHistoryEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->name);
  kalon_question_free (entry->question);
  g_free (entry);
}

static void
kalon_history_finalize (GObject *object)
{
  KalonHistory *self = KALON_HISTORY (object);

  kalon_worker_free (self->worker);
  g_clear_pointer (&self->storage, kalon_storage_free);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  G_OBJECT_CLASS (kalon_history_parent_class)->finalize (object);
}

static void
kalon_history_class_init (KalonHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_history_finalize;
}

static void
kalon_history_init (KalonHistory *self)
{
  g_mutex_init (&self->mutex);
  self->worker = kalon_worker_new (NULL);
}

KalonHistory *
kalon_history_new (const char *library_directory)
{
  KalonHistory *self = g_object_new (KALON_TYPE_HISTORY, NULL);

  self->path = library_directory != NULL
                   ? g_build_filename (library_directory, "history.db", NULL)
                   : g_build_filename (g_get_user_data_dir (), "kalon", "history.db", NULL);
  return self;
}

gboolean
kalon_history_ensure_open (KalonHistory *self, GError **error)
{
  g_autoptr (KalonStorage) storage = NULL;

  if (self->storage != NULL)
    return TRUE;
  storage = kalon_storage_open_private (self->path, &format, error);
  if (storage == NULL || !kalon_storage_execute (storage, "PRAGMA secure_delete = ON", error))
    return FALSE;
  self->storage = g_steal_pointer (&storage);
  return TRUE;
}

char *
kalon_history_dup_key (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (g_strstrip (valid), -1);

  return g_utf8_normalize (folded, -1, G_NORMALIZE_ALL_COMPOSE);
}

char *
kalon_history_dup_words (const KalonQuestion *question)
{
  g_autoptr (GString) words = g_string_new (question->text);

  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);
      g_autofree char *name = term->kind == KALON_TERM_PICTURE
                                  ? g_filename_display_basename (term->value)
                                  : g_strdup (term->value);

      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", name);
    }
  if (question->filter[0] != '\0')
    g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", question->filter);
  return kalon_history_dup_key (words->str);
}

static char *
dup_question_key (const KalonQuestion *question)
{
  g_autoptr (KalonQuestion) copy = kalon_question_copy (question);
  g_autofree char *json = NULL;

  copy->strictness = KALON_STRICTNESS_OF_MODEL;
  json = kalon_question_to_json (copy);
  return kalon_history_dup_key (json);
}

static gboolean
delete_key (KalonHistory *self, const char *key, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage, "DELETE FROM searches WHERE key = ?", error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  return kalon_statement_run (statement, error);
}

static gboolean
insert (KalonHistory *self, const KalonQuestion *question, const char *key, GError **error)
{
  g_autofree char *words = kalon_history_dup_words (question);
  g_autofree char *json = kalon_question_to_json (question);
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (
      self->storage, "INSERT INTO searches (time, key, words, question) VALUES (?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, g_get_real_time () / G_USEC_PER_SEC);
  kalon_statement_bind_text (statement, 2, key);
  kalon_statement_bind_text (statement, 3, words);
  kalon_statement_bind_text (statement, 4, json);
  return kalon_statement_run (statement, error);
}

static gboolean
forget_old (KalonHistory *self, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage,
                               "DELETE FROM searches WHERE id <= "
                               "(SELECT id FROM searches ORDER BY id DESC LIMIT 1 OFFSET ?)",
                               error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, KALON_HISTORY_MAX_SEARCHES);
  return kalon_statement_run (statement, error);
}

static gboolean
add (KalonHistory *self, const KalonQuestion *question, GError **error)
{
  g_autofree char *key = dup_question_key (question);

  if (!kalon_history_ensure_open (self, error) || !kalon_storage_begin (self->storage, error))
    return FALSE;
  if (!delete_key (self, key, error) || !insert (self, question, key, error)
      || !forget_old (self, error))
    {
      kalon_storage_rollback (self->storage);
      return FALSE;
    }
  return kalon_storage_commit (self->storage, error);
}

gboolean
kalon_history_add (KalonHistory *self, const KalonQuestion *question, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (question != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  return kalon_question_is_empty (question) || add (self, question, error);
}

gboolean
kalon_history_read_rows (KalonStatement *statement, GPtrArray *entries, GError **error)
{
  g_autoptr (GError) reason = NULL;

  while (kalon_statement_next (statement, &reason))
    {
      g_autofree char *json = kalon_statement_dup_text (statement, 3);
      g_autoptr (GError) unreadable = NULL;
      KalonQuestion *question = kalon_question_from_json (json != NULL ? json : "", &unreadable);
      KalonHistoryEntry *entry;

      if (question == NULL)
        {
          g_debug ("A search is left out: %s", unreadable->message);
          continue;
        }
      entry = g_new (KalonHistoryEntry, 1);
      *entry = (KalonHistoryEntry){ kalon_statement_get_int (statement, 0),
                                    kalon_statement_get_int (statement, 1),
                                    kalon_statement_dup_text (statement, 2), question };
      g_ptr_array_add (entries, entry);
    }
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
find_searches (KalonHistory *self, const char *key, guint limit, GPtrArray *entries, GError **error)
{
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self->storage,
                               "SELECT id, time, NULL, question FROM searches "
                               "WHERE ?1 = '' OR instr (words, ?1) > 0 "
                               "ORDER BY ?1 = '' OR instr (words, ?1) = 1 DESC, id DESC LIMIT ?2",
                               error);

  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_text (statement, 1, key);
  kalon_statement_bind_int (statement, 2, limit > 0 ? (gint64) limit : -1);
  return kalon_history_read_rows (statement, entries, error);
}

GPtrArray *
kalon_history_find (KalonHistory *self, const char *text, guint limit, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *key = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  key = kalon_history_dup_key (text);
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_history_entry_free);
  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error)
      || !kalon_history_find_saved (self, key, limit, entries, error)
      || !find_searches (self, key, limit, entries, error))
    return NULL;
  return g_steal_pointer (&entries);
}

gboolean
kalon_history_remove (KalonHistory *self, gint64 id, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error))
    return FALSE;
  statement = kalon_storage_prepare (self->storage, "DELETE FROM searches WHERE id = ?", error);
  if (statement == NULL)
    return FALSE;
  kalon_statement_bind_int (statement, 1, id);
  return kalon_statement_run (statement, error);
}

gboolean
kalon_history_clear (KalonHistory *self, gsize *n_removed, GError **error)
{
  g_autoptr (GMutexLocker) locker = NULL;
  g_autoptr (KalonStatement) statement = NULL;

  g_return_val_if_fail (KALON_IS_HISTORY (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  if (!kalon_history_ensure_open (self, error))
    return FALSE;
  /* A WHERE that is always true: without one SQLite drops the table's pages uncounted. */
  statement = kalon_storage_prepare (self->storage, "DELETE FROM searches WHERE id > 0", error);
  if (statement == NULL || !kalon_statement_run (statement, error))
    return FALSE;
  if (n_removed != NULL)
    *n_removed = kalon_storage_get_n_changes (self->storage);
  return TRUE;
}
