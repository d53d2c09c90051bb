/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One SQLite database: opened in WAL mode with a busy timeout, brought to the newest format,
 * and read and written through prepared statements. The only module that includes <sqlite3.h>.
 *
 * A KalonStorage is one connection: use it from one thread at a time. Functions block. Errors:
 *   %KALON_ERROR_BUSY         another process kept the database locked for longer than the timeout
 *   %KALON_ERROR_CATALOGUE    the file is damaged, or is no database of this kind
 *   %KALON_ERROR_UNSUPPORTED  a newer Kalon wrote it
 *   G_IO_ERROR                NO_SPACE, READ_ONLY, PERMISSION_DENIED, FAILED: the file system's
 * Nothing is ever deleted or repaired behind the user's back.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _KalonStorage KalonStorage;
typedef struct _KalonStatement KalonStatement;

/**
 * KalonStorageFormat:
 * @application_id: stamped into the file (PRAGMA application_id), so that another program's
 *   database is never taken for ours
 * @migrations: [n_migrations] SQL scripts; number i brings user_version i to i + 1. Published
 *   scripts are never edited: a change of the format is a new one at the end.
 */
typedef struct
{
  guint32 application_id;
  const char *const *migrations;
  guint n_migrations;
} KalonStorageFormat;

/**
 * kalon_storage_open:
 * @path: created when it does not exist; its directory must
 *
 * All missing migrations run in one transaction. The file and those beside it are its owner's alone
 * (mode 0600) from then on, also where they were not. Returns: (transfer full).
 */
KalonStorage *
kalon_storage_open (const char *path, const KalonStorageFormat *format, GError **error);
/* The same for what is nobody else's business: readable by the user only, whatever the umask. Its
 * directory is made. */
KalonStorage *
kalon_storage_open_private (const char *path, const KalonStorageFormat *format, GError **error);
void kalon_storage_free (KalonStorage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonStorage, kalon_storage_free)

/* Several statements without parameters or results. */
gboolean kalon_storage_execute (KalonStorage *self, const char *sql, GError **error);

/* Write transactions take their lock at the start (BEGIN IMMEDIATE), so that waiting for another
 * writer happens here and not in the middle. A commit that fails has been rolled back. */
gboolean kalon_storage_begin (KalonStorage *self, GError **error);
gboolean kalon_storage_commit (KalonStorage *self, GError **error);
void kalon_storage_rollback (KalonStorage *self);

gint64 kalon_storage_get_last_insert_id (KalonStorage *self);
/* Rows that the last INSERT, UPDATE or DELETE touched. */
gsize kalon_storage_get_n_changes (KalonStorage *self);
/* Changes whenever another connection commits (PRAGMA data_version); 0 when it cannot be read. */
guint kalon_storage_get_version (KalonStorage *self);

/**
 * kalon_storage_prepare:
 * @sql: one statement; compiled at the first use of this text, then kept
 *
 * Returns: (transfer none) (nullable): the statement, reset and with nothing bound. It belongs to
 *   @self; g_autoptr(KalonStatement) only resets it at the end of the scope, which ends the read
 *   transaction that an unfinished SELECT holds. The same text cannot be in use twice at a time.
 */
KalonStatement *kalon_storage_prepare (KalonStorage *self, const char *sql, GError **error);
void kalon_statement_reset (KalonStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonStatement, kalon_statement_reset)

/* @index counts from 1, as in the SQL. The values are copied; a %NULL text or path is SQL NULL. */
void kalon_statement_bind_int (KalonStatement *self, int index, gint64 value);
void kalon_statement_bind_double (KalonStatement *self, int index, double value);
void kalon_statement_bind_text (KalonStatement *self, int index, const char *text);
/* Bytes up to the NUL as a BLOB: file names are bytes and need not be UTF-8. */
void kalon_statement_bind_path (KalonStatement *self, int index, const char *path);
/* @bytes: (nullable): [size] */
void kalon_statement_bind_bytes (KalonStatement *self, int index, const void *bytes, gsize size);

/* %TRUE when there is a row to read; %FALSE at the end, or with @error. Either end resets. */
gboolean kalon_statement_next (KalonStatement *self, GError **error);
/* For statements that return nothing. */
gboolean kalon_statement_run (KalonStatement *self, GError **error);

/* @column counts from 0. */
gboolean kalon_statement_is_null (KalonStatement *self, int column);
gint64 kalon_statement_get_int (KalonStatement *self, int column);
double kalon_statement_get_double (KalonStatement *self, int column);
/* (transfer full) (nullable): text or path; %NULL for SQL NULL. */
char *kalon_statement_dup_text (KalonStatement *self, int column);
/* @size: (out): Returns: (transfer none) (nullable): a BLOB's bytes, until the next row; %NULL for
 * SQL NULL and for an empty one. */
const void *kalon_statement_get_bytes (KalonStatement *self, int column, gsize *size);

G_END_DECLS
