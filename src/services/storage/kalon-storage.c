/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "storage/kalon-storage.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"

/* A commit of the indexer takes milliseconds; somebody who holds the lock for this long is stuck,
 * and the user should be told. */
#define BUSY_TIMEOUT_MS 5000

struct _KalonStorage
{
  sqlite3 *database;
  char *path;
  GHashTable *statements; /* SQL text -> KalonStatement */
};

struct _KalonStatement
{
  KalonStorage *storage; /* borrowed: it owns us */
  sqlite3_stmt *statement;
};

static void
set_error (GError **error, KalonStorage *self, int code)
{
  g_autofree char *name = g_filename_display_name (self->path);
  const char *reason
      = self->database != NULL ? sqlite3_errmsg (self->database) : sqlite3_errstr (code);

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, KALON_ERROR, KALON_ERROR_BUSY,
                   "The catalogue “%s” is locked by another program (%s). Wait until that program "
                   "is done, or end it, and try again.",
                   name, reason);
      break;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      {
        g_autofree char *directory = g_path_get_dirname (self->path);
        g_autofree char *directory_name = g_filename_display_name (directory);

        g_set_error (error, KALON_ERROR, KALON_ERROR_CATALOGUE,
                     "The catalogue “%s” is damaged (%s). Nothing was deleted, and your pictures "
                     "are untouched: restore the folder “%s” from a backup, or rename it and index "
                     "again.",
                     name, reason, directory_name);
        break;
      }

    case SQLITE_FULL:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   "There is no space left for the catalogue “%s”. Free some and try again: what "
                   "was committed is kept.",
                   name);
      break;

    case SQLITE_READONLY:
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_READ_ONLY,
          "The catalogue “%s” or its folder cannot be written to (%s). Make both writable, "
          "or choose another library folder.",
          name, reason);
      break;

    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
          "The catalogue “%s” cannot be opened (%s). Check that its folder exists and that "
          "you may read and write there, or choose another library folder.",
          name, reason);
      break;

    default:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "The catalogue “%s” failed: %s (%s). Check the disk and try again.", name,
                   reason, sqlite3_errstr (code));
      break;
    }
}

static void
statement_free (gpointer data)
{
  KalonStatement *self = data;

  sqlite3_finalize (self->statement);
  g_free (self);
}

gboolean
kalon_storage_execute (KalonStorage *self, const char *sql, GError **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);

  code = sqlite3_exec (self->database, sql, NULL, NULL, NULL);
  if (code == SQLITE_OK)
    return TRUE;
  set_error (error, self, code);
  return FALSE;
}

static gboolean
query_int (KalonStorage *self, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (KalonStatement) statement = kalon_storage_prepare (self, sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;
  *value
      = kalon_statement_next (statement, &local_error) ? kalon_statement_get_int (statement, 0) : 0;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
check_identity (KalonStorage *self, const KalonStorageFormat *format, gint64 *version,
                GError **error)
{
  g_autofree char *name = g_filename_display_name (self->path);
  /* One statement, one snapshot: somebody else may be making this very database. */
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (self,
                               "SELECT application_id, user_version,"
                               " (SELECT count (*) FROM sqlite_master)"
                               " FROM pragma_application_id, pragma_user_version",
                               error);
  GError *local_error = NULL;
  gint64 application_id, n_tables;

  if (statement == NULL)
    return FALSE;
  if (!kalon_statement_next (statement, &local_error))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  application_id = kalon_statement_get_int (statement, 0);
  *version = kalon_statement_get_int (statement, 1);
  n_tables = kalon_statement_get_int (statement, 2);

  if ((guint32) application_id != format->application_id && (application_id != 0 || n_tables > 0))
    {
      g_set_error (
          error, KALON_ERROR, KALON_ERROR_CATALOGUE,
          "“%s” is a database of another program, not a catalogue of Kalon. It was left as "
          "it is: choose another library folder.",
          name);
      return FALSE;
    }
  if (*version < 0 || *version > format->n_migrations)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "The catalogue “%s” was written by a newer Kalon (format %" G_GINT64_FORMAT
                   ", this one knows up to %u). It was left as it is: update Kalon, or choose "
                   "another library folder.",
                   name, *version, format->n_migrations);
      return FALSE;
    }
  return TRUE;
}

static gboolean
migrate (KalonStorage *self, const KalonStorageFormat *format, GError **error)
{
  gint64 version;
  g_autofree char *stamp = NULL;

  if (!check_identity (self, format, &version, error))
    return FALSE;
  if (version == format->n_migrations)
    return TRUE;

  /* Asked again inside the transaction: another process may have migrated in between. */
  if (!kalon_storage_begin (self, error))
    return FALSE;
  if (!check_identity (self, format, &version, error))
    goto failed;
  for (guint i = version; i < format->n_migrations; i++)
    if (!kalon_storage_execute (self, format->migrations[i], error))
      goto failed;
  stamp = g_strdup_printf ("PRAGMA application_id = %u; PRAGMA user_version = %u",
                           format->application_id, format->n_migrations);
  if (!kalon_storage_execute (self, stamp, error))
    goto failed;
  return kalon_storage_commit (self, error);

failed:
  kalon_storage_rollback (self);
  return FALSE;
}

/* Two processes that create the file together can deadlock on the switch to WAL; SQLite then
 * reports BUSY at once, without its busy timeout, and a second try finds it done. */
static int
enter_wal (KalonStorage *self)
{
  int code = SQLITE_BUSY;

  for (gint64 end = g_get_monotonic_time () + BUSY_TIMEOUT_MS * 1000;
       (code & 0xff) == SQLITE_BUSY && g_get_monotonic_time () < end;)
    {
      code = sqlite3_exec (self->database, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
      if ((code & 0xff) == SQLITE_BUSY)
        g_usleep (10 * 1000);
    }
  return code;
}

/* What somebody has, looks for and likes is nobody else's business. By name, and new files by
 * mknod(): to open and close a database beside SQLite would lose its locks. SQLite gives the files
 * that it makes beside one the database's mode. */
static void
make_private (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);
      GStatBuf status;

      if (g_stat (name, &status) == 0 && S_ISREG (status.st_mode) && (status.st_mode & 077) != 0)
        g_chmod (name, (int) (status.st_mode & 0700));
    }
}

KalonStorage *
kalon_storage_open (const char *path, const KalonStorageFormat *format, GError **error)
{
  g_autoptr (KalonStorage) self = NULL;
  gint64 version;
  int code;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (format != NULL, NULL);
  g_return_val_if_fail (format->application_id <= G_MAXINT32, NULL);

  self = g_new0 (KalonStorage, 1);
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, statement_free);
  /* Where this fails SQLite says why. */
  mknod (path, S_IFREG | 0600, 0);
  code = sqlite3_open_v2 (path, &self->database,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
                              | SQLITE_OPEN_EXRESCODE,
                          NULL);
  if (code == SQLITE_OK)
    code = sqlite3_busy_timeout (self->database, BUSY_TIMEOUT_MS);
  /* SQLite falls back to reading when it may not write; we would only fail later. */
  if (code == SQLITE_OK && sqlite3_db_readonly (self->database, "main") == 1)
    code = SQLITE_READONLY;
  if (code != SQLITE_OK)
    {
      set_error (error, self, code);
      return NULL;
    }

  /* First of all: another program's database is not to be touched. */
  if (!check_identity (self, format, &version, error))
    return NULL;
  make_private (path);
  code = enter_wal (self);
  if (code != SQLITE_OK)
    {
      set_error (error, self, code);
      return NULL;
    }

  /* NORMAL is safe against corruption in WAL mode: a power cut may lose the last commits, and the
   * indexer then does those pictures again. */
  if (!kalon_storage_execute (self, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", error)
      || !migrate (self, format, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kalon_storage_free (KalonStorage *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->statements);
  sqlite3_close (self->database);
  g_free (self->path);
  g_free (self);
}

gboolean
kalon_storage_begin (KalonStorage *self, GError **error)
{
  return kalon_storage_execute (self, "BEGIN IMMEDIATE", error);
}

gboolean
kalon_storage_commit (KalonStorage *self, GError **error)
{
  if (kalon_storage_execute (self, "COMMIT", error))
    return TRUE;
  kalon_storage_rollback (self);
  return FALSE;
}

void
kalon_storage_rollback (KalonStorage *self)
{
  g_return_if_fail (self != NULL);

  /* Some errors (a full disk) have rolled back already. */
  if (!sqlite3_get_autocommit (self->database))
    sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
}

gint64
kalon_storage_get_last_insert_id (KalonStorage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sqlite3_last_insert_rowid (self->database);
}

gsize
kalon_storage_get_n_changes (KalonStorage *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return sqlite3_changes (self->database);
}

guint
kalon_storage_get_version (KalonStorage *self)
{
  gint64 version = 0;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (self != NULL, 0);

  return query_int (self, "PRAGMA data_version", &version, &error) ? version : 0;
}

KalonStatement *
kalon_storage_prepare (KalonStorage *self, const char *sql, GError **error)
{
  KalonStatement *statement;
  sqlite3_stmt *compiled = NULL;
  int code;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sql != NULL, NULL);

  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    {
      kalon_statement_reset (statement);
      sqlite3_clear_bindings (statement->statement);
      return statement;
    }

  code = sqlite3_prepare_v3 (self->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &compiled, NULL);
  if (code != SQLITE_OK)
    {
      set_error (error, self, code);
      return NULL;
    }
  statement = g_new0 (KalonStatement, 1);
  statement->storage = self;
  statement->statement = compiled;
  g_hash_table_insert (self->statements, g_strdup (sql), statement);
  return statement;
}

void
kalon_statement_reset (KalonStatement *self)
{
  g_return_if_fail (self != NULL);

  sqlite3_reset (self->statement);
}

/* Binding fails only for an index that the SQL does not have, or without memory. */
void
kalon_statement_bind_int (KalonStatement *self, int index, gint64 value)
{
  int code = sqlite3_bind_int64 (self->statement, index, value);

  g_return_if_fail (code == SQLITE_OK);
}

void
kalon_statement_bind_double (KalonStatement *self, int index, double value)
{
  int code = sqlite3_bind_double (self->statement, index, value);

  g_return_if_fail (code == SQLITE_OK);
}

void
kalon_statement_bind_text (KalonStatement *self, int index, const char *text)
{
  int code = sqlite3_bind_text (self->statement, index, text, -1, SQLITE_TRANSIENT);

  g_return_if_fail (code == SQLITE_OK);
}

void
kalon_statement_bind_path (KalonStatement *self, int index, const char *path)
{
  int code = sqlite3_bind_blob64 (self->statement, index, path, path != NULL ? strlen (path) : 0,
                                  SQLITE_TRANSIENT);

  g_return_if_fail (code == SQLITE_OK);
}

void
kalon_statement_bind_bytes (KalonStatement *self, int index, const void *bytes, gsize size)
{
  int code = sqlite3_bind_blob64 (self->statement, index, bytes, size, SQLITE_TRANSIENT);

  g_return_if_fail (code == SQLITE_OK);
}

gboolean
kalon_statement_next (KalonStatement *self, GError **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);

  code = sqlite3_step (self->statement);
  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    set_error (error, self->storage, code);
  sqlite3_reset (self->statement);
  return FALSE;
}

gboolean
kalon_statement_run (KalonStatement *self, GError **error)
{
  GError *local_error = NULL;

  while (kalon_statement_next (self, &local_error))
    ;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
kalon_statement_is_null (KalonStatement *self, int column)
{
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

gint64
kalon_statement_get_int (KalonStatement *self, int column)
{
  return sqlite3_column_int64 (self->statement, column);
}

double
kalon_statement_get_double (KalonStatement *self, int column)
{
  return sqlite3_column_double (self->statement, column);
}

char *
kalon_statement_dup_text (KalonStatement *self, int column)
{
  const void *bytes;

  if (kalon_statement_is_null (self, column))
    return NULL;
  bytes = sqlite3_column_blob (self->statement, column);
  return g_strndup (bytes != NULL ? bytes : "", sqlite3_column_bytes (self->statement, column));
}

const void *
kalon_statement_get_bytes (KalonStatement *self, int column, gsize *size)
{
  const void *bytes = sqlite3_column_blob (self->statement, column);

  *size = (gsize) sqlite3_column_bytes (self->statement, column);
  return bytes;
}
