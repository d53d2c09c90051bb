/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "storage/kalon-storage.h"

static const char *const scripts[] = {
  "CREATE TABLE names (id INTEGER PRIMARY KEY, name BLOB UNIQUE, size REAL);",
  "ALTER TABLE names ADD COLUMN note TEXT; UPDATE names SET note = 'old';",
};
static const KalonStorageFormat format_1 = { 0x7465, scripts, 1 };
static const KalonStorageFormat format_2 = { 0x7465, scripts, 2 };
static const KalonStorageFormat other_format = { 0x7466, scripts, 1 };

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-storage-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->path = g_build_filename (fixture->directory, "test.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static KalonStorage *
open_storage (Fixture *fixture, const KalonStorageFormat *format)
{
  g_autoptr (GError) error = NULL;
  KalonStorage *storage = kalon_storage_open (fixture->path, format, &error);

  g_assert_no_error (error);
  g_assert_nonnull (storage);
  return storage;
}

static void
insert (KalonStorage *storage, const char *name, double size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (storage, "INSERT INTO names (name, size) VALUES (?, ?)", &error);

  g_assert_no_error (error);
  kalon_statement_bind_path (statement, 1, name);
  kalon_statement_bind_double (statement, 2, size);
  g_assert_true (kalon_statement_run (statement, &error));
  g_assert_no_error (error);
}

static gint64
count (KalonStorage *storage)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStatement) statement
      = kalon_storage_prepare (storage, "SELECT count (*) FROM names", &error);

  g_assert_no_error (error);
  g_assert_true (kalon_statement_next (statement, &error));
  return kalon_statement_get_int (statement, 0);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  /* A Latin-1 file name is no UTF-8, and must come back byte for byte. */
  static const char name[] = "caf\xe9/\xff\xfe.jpg";
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStorage) storage = open_storage (fixture, &format_1);
  g_autoptr (KalonStatement) statement = NULL;
  g_autofree char *read = NULL;

  insert (storage, name, 0.5);
  g_assert_cmpint (kalon_storage_get_last_insert_id (storage), ==, 1);
  g_assert_cmpuint (kalon_storage_get_n_changes (storage), ==, 1);

  statement = kalon_storage_prepare (
      storage, "SELECT name, size, NULL, id FROM names WHERE name = ?", &error);
  g_assert_no_error (error);
  kalon_statement_bind_path (statement, 1, name);
  g_assert_true (kalon_statement_next (statement, &error));
  read = kalon_statement_dup_text (statement, 0);
  g_assert_cmpstr (read, ==, name);
  g_assert_cmpfloat (kalon_statement_get_double (statement, 1), ==, 0.5);
  g_assert_true (kalon_statement_is_null (statement, 2));
  g_assert_null (kalon_statement_dup_text (statement, 2));
  g_assert_cmpint (kalon_statement_get_int (statement, 3), ==, 1);
  g_assert_false (kalon_statement_next (statement, &error));
  g_assert_no_error (error);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStorage) writer = open_storage (fixture, &format_1);
  g_autoptr (KalonStorage) reader = open_storage (fixture, &format_1);
  guint version = kalon_storage_get_version (reader);

  g_assert_true (kalon_storage_begin (writer, &error));
  insert (writer, "a", 1);
  g_assert_cmpint (count (reader), ==, 0);
  kalon_storage_rollback (writer);
  g_assert_cmpint (count (writer), ==, 0);
  g_assert_cmpuint (kalon_storage_get_version (reader), ==, version);

  g_assert_true (kalon_storage_begin (writer, &error));
  insert (writer, "a", 1);
  g_assert_true (kalon_storage_commit (writer, &error));
  g_assert_cmpint (count (reader), ==, 1);
  g_assert_cmpuint (kalon_storage_get_version (reader), !=, version);
}

static void
test_migration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  KalonStorage *storage = open_storage (fixture, &format_1);
  g_autoptr (KalonStatement) statement = NULL;
  g_autofree char *note = NULL;

  insert (storage, "a", 1);
  kalon_storage_free (storage);

  storage = open_storage (fixture, &format_2);
  statement = kalon_storage_prepare (storage, "SELECT note FROM names", &error);
  g_assert_no_error (error);
  g_assert_true (kalon_statement_next (statement, &error));
  note = kalon_statement_dup_text (statement, 0);
  g_assert_cmpstr (note, ==, "old");
  g_clear_pointer (&statement, kalon_statement_reset);
  kalon_storage_free (storage);

  /* Written by a newer one: refused, and left usable for it. */
  g_assert_null (kalon_storage_open (fixture->path, &format_1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "update Kalon"));
  storage = open_storage (fixture, &format_2);
  g_assert_cmpint (count (storage), ==, 1);
  kalon_storage_free (storage);
}

static void
test_failed_migration (Fixture *fixture, gconstpointer data)
{
  static const char *const broken[]
      = { "CREATE TABLE names (id INTEGER);", "CREATE TABLE more (id INTEGER); NONSENSE;" };
  static const KalonStorageFormat format = { 0x7465, broken, 2 };
  g_autoptr (GError) error = NULL;

  kalon_storage_free (open_storage (fixture, &format_1));
  g_assert_null (kalon_storage_open (fixture->path, &format, &error));
  g_assert_nonnull (error);
  /* All or nothing: the old format still opens, and the half-made table is not there. */
  {
    g_autoptr (KalonStorage) storage = open_storage (fixture, &format_1);

    g_clear_error (&error);
    g_assert_false (kalon_storage_execute (storage, "SELECT * FROM more", &error));
  }
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize before_size, after_size;

  kalon_storage_free (open_storage (fixture, &other_format));
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_size, NULL));
  g_assert_null (kalon_storage_open (fixture->path, &format_1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_CATALOGUE);
  g_assert_true (g_file_get_contents (fixture->path, &after, &after_size, NULL));
  g_assert_cmpmem (before, before_size, after, after_size);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;
  gsize size;

  {
    g_autoptr (KalonStorage) storage = open_storage (fixture, &format_1);

    for (guint i = 0; i < 2000; i++)
      {
        g_autofree char *name = g_strdup_printf ("name %u", i);

        insert (storage, name, i);
      }
  }
  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  g_assert_cmpuint (size, >, 20000);

  /* The header, then pages in the middle, then half of the file missing. */
  for (guint kind = 0; kind < 3; kind++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *damaged = g_memdup2 (contents, size);
      gsize damaged_size = kind == 2 ? size / 2 : size;
      KalonStorage *storage;

      if (kind == 0)
        memset (damaged, 'x', 200);
      else if (kind == 1)
        memset (damaged + 4096, 'x', size - 4096);
      g_assert_true (g_file_set_contents (fixture->path, damaged, damaged_size, NULL));

      storage = kalon_storage_open (fixture->path, &format_1, &error);
      if (storage != NULL)
        {
          g_autoptr (KalonStatement) statement
              = kalon_storage_prepare (storage, "SELECT name FROM names ORDER BY size", &error);

          if (statement != NULL)
            while (kalon_statement_next (statement, &error))
              ;
          g_clear_pointer (&statement, kalon_statement_reset);
          kalon_storage_free (storage);
        }
      g_assert_error (error, KALON_ERROR, KALON_ERROR_CATALOGUE);
      g_assert_nonnull (strstr (error->message, "index again"));
      g_assert_true (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    }
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStorage) first = open_storage (fixture, &format_1);
  g_autoptr (KalonStorage) second = open_storage (fixture, &format_1);

  g_assert_true (kalon_storage_begin (first, &error));
  g_assert_false (kalon_storage_begin (second, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  kalon_storage_rollback (first);
  g_clear_error (&error);
  g_assert_true (kalon_storage_begin (second, &error));
  kalon_storage_rollback (second);
}

static void
test_unusable_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = g_build_filename (fixture->directory, "no", "such.db", NULL);

  g_assert_null (kalon_storage_open (missing, &format_1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere: the read-only half is not checked");
      return;
    }
  kalon_storage_free (open_storage (fixture, &format_1));
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  g_assert_null (kalon_storage_open (fixture->path, &format_1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_READ_ONLY);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStorage) storage = open_storage (fixture, &format_1);

  /* SQLite's own page limit reports the same SQLITE_FULL as a full disk. */
  g_assert_true (kalon_storage_execute (storage, "PRAGMA max_page_count = 10", &error));
  g_assert_true (kalon_storage_begin (storage, &error));
  g_assert_false (kalon_storage_execute (
      storage, "INSERT INTO names (name) VALUES (randomblob (200000))", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  kalon_storage_rollback (storage);
  g_assert_cmpint (count (storage), ==, 0);
}

static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  static const guint8 bytes[] = { 0, 1, 0, 255 };
  g_autoptr (KalonStorage) storage = open_storage (fixture, &format_1);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStatement) write
      = kalon_storage_prepare (storage, "INSERT INTO names (name) VALUES (?), (NULL)", &error);
  g_autoptr (KalonStatement) read
      = kalon_storage_prepare (storage, "SELECT name FROM names ORDER BY id", &error);
  const void *value;
  gsize size;

  kalon_statement_bind_bytes (write, 1, bytes, sizeof bytes);
  g_assert_true (kalon_statement_run (write, &error));
  g_assert_true (kalon_statement_next (read, &error));
  value = kalon_statement_get_bytes (read, 0, &size);
  g_assert_cmpmem (value, size, bytes, sizeof bytes);
  g_assert_true (kalon_statement_next (read, &error));
  g_assert_null (kalon_statement_get_bytes (read, 0, &size));
  g_assert_cmpuint (size, ==, 0);
}

static void
assert_private (Fixture *fixture)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);
      GStatBuf status;

      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
    }
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  KalonStorage *storage = open_storage (fixture, &format_1);

  insert (storage, "a", 1);
  assert_private (fixture);
  kalon_storage_free (storage);
  /* One of an earlier Kalon, read by others too. */
  g_assert_cmpint (g_chmod (fixture->path, 0644), ==, 0);
  storage = open_storage (fixture, &format_1);
  insert (storage, "b", 1);
  assert_private (fixture);
  kalon_storage_free (storage);
}

static gpointer
open_in_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;
  KalonStorage *storage = kalon_storage_open (data, &format_2, &error);

  g_assert_no_error (error);
  kalon_storage_free (storage);
  return NULL;
}

/* A window opens a new library from several threads at once. */
static void
test_together (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 30; round++)
    {
      GThread *threads[6];
      g_autofree char *name = g_strdup_printf ("round %u.db", round);
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("open", open_in_thread, path);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/storage/together", test_together);
  ADD ("/storage/bytes", test_bytes);
  ADD ("/storage/values", test_values);
  ADD ("/storage/private", test_private);
  ADD ("/storage/transactions", test_transactions);
  ADD ("/storage/migration", test_migration);
  ADD ("/storage/failed-migration", test_failed_migration);
  ADD ("/storage/foreign", test_foreign);
  ADD ("/storage/damaged", test_damaged);
  ADD ("/storage/locked", test_locked);
  ADD ("/storage/unusable-place", test_unusable_place);
  ADD ("/storage/full", test_full);
#undef ADD

  return g_test_run ();
}
