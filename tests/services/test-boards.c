/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards.h"

#include <sys/stat.h>

#include "errors/kalon-errors.h"
#include "storage/kalon-storage.h"
#include "test-folders.h"

#define N_PICTURES 6

/* A library of six pictures, whose files are there, and files outside of it. */
typedef struct
{
  char *directory;
  char *files;
  KalonLibrary *library;
  gint64 ids[N_PICTURES];
  KalonBoardStore *store;
} Fixture;

static char *
write_file (Fixture *fixture, const char *name, const char *content)
{
  char *path = g_build_filename (fixture->files, name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-boards-XXXXXX", NULL);
  fixture->files = g_build_filename (fixture->directory, "files", NULL);
  g_assert_cmpint (g_mkdir (fixture->files, 0700), ==, 0);
  fixture->library = kalon_library_open (fixture->directory, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", N_PICTURES - i);
      g_autofree char *path = write_file (fixture, name, name);
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
      KalonPicture picture = {
        .path = path, .content_hash = hash, .width = 3, .height = 2, .taken_at = 100 + i % 3
      };

      g_assert_true (kalon_library_store_picture (fixture->library, &picture, &error));
      g_assert_no_error (error);
      fixture->ids[i] = picture.id;
    }
  fixture->store = kalon_board_store_open (fixture->directory, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  g_clear_object (&fixture->library);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->files);
}

/* Every row, to the byte. */
static char *
dump (Fixture *fixture)
{
  static const char *const nothing[] = { "" };
  const KalonStorageFormat format
      = { .application_id = 0x4b616c42, .migrations = nothing, .n_migrations = 1 };
  static const char *const queries[] = {
    "SELECT 'board ' || id || ' ' || quote (name) || ' ' || quote (description) || ' ' || "
    "created || ' ' || changed || ' ' || arrangement FROM boards ORDER BY id",
    "SELECT 'item ' || id || ' ' || board || ' ' || position || ' ' || quote (content_hash) || "
    "' ' || quote (path) || ' ' || quote (note) || ' ' || added FROM items ORDER BY id"
  };
  g_autofree char *path = g_build_filename (fixture->directory, "boards.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonStorage) storage = kalon_storage_open (path, &format, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      KalonStatement *statement = kalon_storage_prepare (storage, queries[i], &error);

      g_assert_no_error (error);
      while (kalon_statement_next (statement, &error))
        {
          g_autofree char *line = kalon_statement_dup_text (statement, 0);

          g_string_append_printf (text, "%s\n", line);
        }
      g_assert_no_error (error);
    }
  return g_string_free (text, FALSE);
}

/* @edit: (transfer full) */
static KalonBoardOutcome *
try (KalonBoardStore *store, KalonBoardEdit *edit, GError **error)
{
  g_autoptr (KalonBoardEdit) owned = edit;

  return kalon_board_store_apply (store, owned, NULL, error);
}

static gint64
apply (Fixture *fixture, KalonBoardEdit *edit, guint n_changed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome = try (fixture->store, edit, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (outcome->n_changed, ==, n_changed);
  g_assert_cmpuint (outcome->failures->len, ==, 0);
  return outcome->board;
}

static void
assert_refused (KalonBoardStore *store, KalonBoardEdit *edit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardOutcome) outcome = try (store, edit, &error);

  g_assert_null (outcome);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

/* A board with all pictures of the library. */
static gint64
make_board (Fixture *fixture, const char *name)
{
  KalonBoardEdit *edit = kalon_board_edit_create (name, "about it");

  for (guint i = 0; i < N_PICTURES; i++)
    kalon_board_edit_take_picture (edit, fixture->ids[i]);
  return apply (fixture, edit, N_PICTURES);
}

static KalonBoardContents *
load (Fixture *fixture, gint64 board)
{
  g_autoptr (GError) error = NULL;
  KalonBoardContents *contents = kalon_board_store_load (fixture->store, board, NULL, &error);

  g_assert_no_error (error);
  return contents;
}

static const KalonBoardItem *
get_item (const KalonBoardContents *contents, guint i)
{
  return g_ptr_array_index (contents->items, i);
}

/* The names of the pictures: "654321". */
static char *
describe (Fixture *fixture, gint64 board)
{
  g_autoptr (KalonBoardContents) contents = load (fixture, board);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < contents->items->len; i++)
    {
      g_autofree char *name = g_path_get_basename (get_item (contents, i)->path);

      g_string_append_c (text, name[0]);
    }
  return g_string_free (text, FALSE);
}

/* (transfer full): ids of items by their places */
static GArray *
pick (Fixture *fixture, gint64 board, const char *places)
{
  g_autoptr (KalonBoardContents) contents = load (fixture, board);
  GArray *items = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (const char *place = places; *place != '\0'; place++)
    g_array_append_val (items, get_item (contents, (guint) (*place - '0'))->id);
  return items;
}

static gint64
pick_one (Fixture *fixture, gint64 board, const char *place)
{
  g_autoptr (GArray) items = pick (fixture, board, place);

  return g_array_index (items, gint64, 0);
}

static void
move (Fixture *fixture, gint64 board, const char *places, int before)
{
  g_autoptr (GArray) items = pick (fixture, board, places);
  g_autoptr (KalonBoardContents) contents = load (fixture, board);

  apply (fixture,
         kalon_board_edit_move (board, items,
                                before >= 0 ? get_item (contents, (guint) before)->id : 0),
         items->len);
}

static void
test_edits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 board = make_board (fixture, "  Autumn\n"), copy;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (KalonBoardOutcome) outcome = NULL;
  g_autoptr (GArray) two = NULL;
  g_autofree char *order = describe (fixture, board);
  g_autofree char *moved = NULL, *sorted = NULL, *removed = NULL;
  KalonBoardEdit *edit;
  gint64 found;

  g_assert_cmpstr (order, ==, "654321");
  g_assert_true (kalon_board_store_find (fixture->store, "Autumn", &found, &error));
  g_assert_cmpint (found, ==, board);

  /* Several at once, in the order given. */
  move (fixture, board, "42", 0);
  move (fixture, board, "0", -1);
  moved = describe (fixture, board);
  g_assert_cmpstr (moved, ==, "465312");

  apply (fixture, kalon_board_edit_sort (board, KALON_BOARD_BY_NAME), 0);
  sorted = describe (fixture, board);
  g_assert_cmpstr (sorted, ==, "123456");
  g_free (sorted);
  apply (fixture, kalon_board_edit_sort (board, KALON_BOARD_BY_DATE), 0);
  sorted = describe (fixture, board);
  g_assert_cmpstr (sorted, ==, "362514");
  apply (fixture, kalon_board_edit_sort (board, KALON_BOARD_ARRANGED), 0);

  two = pick (fixture, board, "05");
  apply (fixture, kalon_board_edit_remove (board, two), 2);
  removed = describe (fixture, board);
  g_assert_cmpstr (removed, ==, "6531");
  apply (fixture, kalon_board_edit_note (pick_one (fixture, board, "1"), "x"), 0);
  contents = load (fixture, board);
  g_assert_cmpstr (get_item (contents, 1)->note, ==, "x");
  g_assert_cmpint (get_item (contents, 0)->picture, ==, fixture->ids[0]);
  g_assert_cmpuint (get_item (contents, 0)->width, ==, 3);

  /* What is on it already is not added again, and what is no picture is named. */
  edit = kalon_board_edit_add (board, get_item (contents, 1)->id);
  kalon_board_edit_take_picture (edit, fixture->ids[0]);
  kalon_board_edit_take_picture (edit, fixture->ids[4]);
  kalon_board_edit_take_picture (edit, 4711);
  kalon_board_edit_take_path (edit, "/nowhere/gone.png");
  kalon_board_edit_take_path (edit, fixture->files);
  outcome = try (fixture->store, edit, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcome->n_changed, ==, 1);
  g_assert_cmpuint (outcome->n_known, ==, 1);
  g_assert_cmpuint (outcome->failures->len, ==, 3);
  g_free (removed);
  removed = describe (fixture, board);
  g_assert_cmpstr (removed, ==, "62531");

  /* A copy is a board of its own. */
  copy = apply (fixture, kalon_board_edit_duplicate (board, "Autumn"), 5);
  apply (fixture, kalon_board_edit_rename (board, "Winter"), 0);
  apply (fixture, kalon_board_edit_describe (board, "cold\nand white"), 0);
  boards = kalon_board_store_list (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (boards->len, ==, 2);
  g_assert_cmpstr (((KalonBoard *) boards->pdata[0])->name, ==, "Winter");
  g_assert_cmpstr (((KalonBoard *) boards->pdata[0])->description, ==, "cold\nand white");
  g_assert_cmpstr (((KalonBoard *) boards->pdata[1])->name, ==, "Autumn 2");
  g_assert_cmpstr (((KalonBoard *) boards->pdata[1])->description, ==, "about it");
  g_assert_cmpuint (((KalonBoard *) boards->pdata[1])->n_items, ==, 5);
  g_assert_cmpuint (((KalonBoard *) boards->pdata[1])->covers->len, ==, KALON_BOARD_N_COVERS);
  apply (fixture, kalon_board_edit_delete (board), 5);
  g_free (removed);
  removed = describe (fixture, copy);
  g_assert_cmpstr (removed, ==, "62531");
  g_assert_null (kalon_board_store_load (fixture->store, board, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

/* So many moves into one gap that all get new places. */
static void
test_full_gap (Fixture *fixture, gconstpointer data)
{
  gint64 board = make_board (fixture, "b");
  g_autofree char *before = dump (fixture);
  g_autofree char *after = NULL, *order = NULL;

  for (guint i = 0; i < 40; i++)
    move (fixture, board, "5", 1);
  order = describe (fixture, board);
  g_assert_cmpstr (order, ==, "654321");
  for (guint i = 0; i < 40; i++)
    apply (fixture, kalon_board_edit_undo (), 0);
  after = dump (fixture);
  g_assert_cmpstr (after, ==, before);
}

static KalonBoardEdit *
make_edit (Fixture *fixture, gint64 board, guint kind)
{
  /* The last four are about pictures that are on the board. */
  g_autoptr (GArray) items = kind >= 6 ? pick (fixture, board, "304") : NULL;
  g_autofree char *outside = write_file (fixture, "outside.jpg", "outside");
  KalonBoardEdit *edit;

  switch (kind)
    {
    case 0:
      edit = kalon_board_edit_create ("another", NULL);
      kalon_board_edit_take_picture (edit, fixture->ids[2]);
      return edit;
    case 1:
      return kalon_board_edit_rename (board, "it's \"quoted\"; DROP TABLE items; --");
    case 2:
      return kalon_board_edit_describe (board, "'");
    case 3:
      return kalon_board_edit_sort (board, KALON_BOARD_BY_DATE);
    case 4:
      return kalon_board_edit_duplicate (board, "copy");
    case 5:
      return kalon_board_edit_delete (board);
    case 6:
      edit = kalon_board_edit_add (board, g_array_index (items, gint64, 0));
      kalon_board_edit_take_path (edit, outside);
      return edit;
    case 7:
      return kalon_board_edit_remove (board, items);
    case 8:
      return kalon_board_edit_move (board, items, 0);
    default:
      return kalon_board_edit_note (g_array_index (items, gint64, 1), "'a' || x'00'");
    }
}

/* One after the other, and all of them in a row. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  gint64 board = make_board (fixture, "it's mine");
  const guint row[] = { 9, 8, 6, 7, 4, 3, 2, 1, 0 };
  g_autofree char *before = NULL, *last = NULL;

  apply (fixture, kalon_board_edit_note (pick_one (fixture, board, "2"), "it's\nso"), 0);
  before = dump (fixture);
  for (guint kind = 0; kind < 10; kind++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonBoardOutcome) outcome
          = try (fixture->store, make_edit (fixture, board, kind), &error);
      g_autofree char *changed = dump (fixture);
      g_autofree char *after = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (changed, !=, before);
      apply (fixture, kalon_board_edit_undo (), 0);
      after = dump (fixture);
      g_assert_cmpstr (after, ==, before);
    }
  for (guint i = 0; i < G_N_ELEMENTS (row); i++)
    kalon_board_outcome_free (try (fixture->store, make_edit (fixture, board, row[i]), NULL));
  apply (fixture, kalon_board_edit_delete (board), 4);
  for (guint i = 0; i < 10; i++)
    apply (fixture, kalon_board_edit_undo (), 0);
  last = dump (fixture);
  g_assert_cmpstr (last, ==, before);
  /* The note and the board itself are left. */
  apply (fixture, kalon_board_edit_undo (), 0);
  apply (fixture, kalon_board_edit_undo (), 0);
  g_free (last);
  last = dump (fixture);
  g_assert_cmpstr (last, ==, "");
  assert_refused (fixture->store, kalon_board_edit_undo ());
}

static void
test_vanished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 board = make_board (fixture, "b");
  g_autofree char *outside = write_file (fixture, "outside.jpg", "outside");
  g_autofree char *home = g_build_filename (fixture->files, "6.png", NULL);
  g_autofree char *away = g_build_filename (fixture->files, "elsewhere.png", NULL);
  KalonBoardEdit *edit = kalon_board_edit_add (board, 0);
  g_autoptr (KalonBoardContents) contents = NULL;

  kalon_board_edit_take_path (edit, outside);
  apply (fixture, edit, 1);
  contents = load (fixture, board);
  g_assert_false (get_item (contents, 0)->missing);
  g_assert_cmpint (get_item (contents, 6)->picture, ==, 0);
  g_assert_false (get_item (contents, 6)->missing);
  g_assert_cmpint (get_item (contents, 6)->date, >, 0);

  /* Gone. */
  g_assert_cmpint (g_rename (home, away), ==, 0);
  g_assert_cmpint (g_remove (outside), ==, 0);
  kalon_board_contents_free (g_steal_pointer (&contents));
  contents = load (fixture, board);
  g_assert_true (get_item (contents, 0)->missing);
  g_assert_cmpstr (get_item (contents, 0)->path, ==, home);
  g_assert_true (get_item (contents, 6)->missing);
  g_assert_cmpstr (get_item (contents, 6)->path, ==, outside);

  /* The library knows it no more. */
  g_assert_true (kalon_library_remove_picture (fixture->library, fixture->ids[0], &error));
  kalon_board_contents_free (g_steal_pointer (&contents));
  contents = load (fixture, board);
  g_assert_true (get_item (contents, 0)->missing);
  g_assert_cmpint (get_item (contents, 0)->picture, ==, 0);

  /* Its content is found elsewhere; a note and an undo on the way do not disturb. */
  apply (fixture, kalon_board_edit_note (get_item (contents, 0)->id, "where?"), 0);
  {
    g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "6.png", -1);
    KalonPicture picture = { .path = away, .content_hash = hash };

    g_assert_true (kalon_library_store_picture (fixture->library, &picture, &error));
    g_assert_no_error (error);
    kalon_board_contents_free (g_steal_pointer (&contents));
    contents = load (fixture, board);
    g_assert_false (get_item (contents, 0)->missing);
    g_assert_cmpstr (get_item (contents, 0)->path, ==, away);
    g_assert_cmpint (get_item (contents, 0)->picture, ==, picture.id);
    g_assert_cmpstr (get_item (contents, 0)->note, ==, "where?");
    apply (fixture, kalon_board_edit_undo (), 0);
    /* And remembered, when it is gone again. */
    g_assert_true (kalon_library_remove_picture (fixture->library, picture.id, &error));
  }
  kalon_board_contents_free (g_steal_pointer (&contents));
  contents = load (fixture, board);
  g_assert_cmpstr (get_item (contents, 0)->path, ==, away);
  g_assert_cmpstr (get_item (contents, 0)->note, ==, "");
  g_assert_false (get_item (contents, 0)->missing);
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (KALON_BOARD_MAX_NAME + 1, 'x');
  g_autofree char *long_note = g_strnfill (KALON_BOARD_MAX_TEXT + 1, 'x');
  g_autofree char *odd = write_file (fixture, "\xe9'\n\x01.png", "odd");
  g_autofree char *before = NULL, *after = NULL;
  KalonBoardEdit *edit;
  g_autoptr (GPtrArray) boards = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  gint64 board = make_board (fixture, "../a\x01\xff\tb");

  assert_refused (fixture->store, kalon_board_edit_create ("", NULL));
  assert_refused (fixture->store, kalon_board_edit_create (" \n\x02 ", NULL));
  assert_refused (fixture->store, kalon_board_edit_create (long_name, NULL));
  assert_refused (fixture->store, kalon_board_edit_create ("b", long_note));
  assert_refused (fixture->store, kalon_board_edit_rename (4711, "b"));
  assert_refused (fixture->store, kalon_board_edit_delete (4711));
  assert_refused (fixture->store, kalon_board_edit_duplicate (4711, "b"));
  assert_refused (fixture->store, kalon_board_edit_note (4711, "b"));
  boards = kalon_board_store_list (fixture->store, NULL);
  g_assert_cmpuint (boards->len, ==, 1);
  g_assert_cmpstr (((KalonBoard *) boards->pdata[0])->name, ==, "../a \xef\xbf\xbd b");
  assert_refused (fixture->store, kalon_board_edit_create ("../a \xef\xbf\xbd b", NULL));

  edit = kalon_board_edit_add (board, 0);
  kalon_board_edit_take_path (edit, odd);
  apply (fixture, edit, 1);
  contents = load (fixture, board);
  g_assert_cmpstr (get_item (contents, 6)->path, ==, odd);
  before = dump (fixture);
  apply (fixture, kalon_board_edit_delete (board), 7);
  apply (fixture, kalon_board_edit_undo (), 0);
  after = dump (fixture);
  g_assert_cmpstr (after, ==, before);

  /* Items of another board, or named twice, are not moved. */
  {
    g_autoptr (GArray) items = pick (fixture, board, "11");
    g_autoptr (GArray) one = pick (fixture, board, "1");
    gint64 other = apply (fixture, kalon_board_edit_create ("other", NULL), 0);

    assert_refused (fixture->store, kalon_board_edit_move (board, items, 0));
    assert_refused (fixture->store, kalon_board_edit_move (other, one, 0));
    assert_refused (fixture->store, kalon_board_edit_remove (other, one));
    assert_refused (fixture->store, kalon_board_edit_move (board, one, 4711));
  }
}

static void
test_two_connections (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoardStore) other = kalon_board_store_open (fixture->directory, &error);
  gint64 board = make_board (fixture, "b");
  g_autoptr (KalonBoardContents) contents = load (fixture, board);
  gint64 first = get_item (contents, 0)->id;
  guint64 version = kalon_board_store_get_version (fixture->store);
  g_autofree char *outside = write_file (fixture, "outside.jpg", "outside");
  g_autofree char *before = NULL, *after = NULL, *order = NULL;
  KalonBoardEdit *edit = kalon_board_edit_add (board, 0);

  g_assert_no_error (error);
  kalon_board_edit_take_path (edit, outside);
  apply (fixture, kalon_board_edit_note (first, "ours"), 0);
  kalon_board_outcome_free (try (other, edit, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kalon_board_store_get_version (fixture->store), !=, version);

  /* Another's picture is no hindrance, and stays. */
  apply (fixture, kalon_board_edit_undo (), 0);
  order = describe (fixture, board);
  g_assert_cmpstr (order, ==, "654321o");

  /* Another's note on the same picture is: nothing is touched. */
  apply (fixture, kalon_board_edit_note (first, "ours"), 0);
  kalon_board_outcome_free (try (other, kalon_board_edit_note (first, "theirs"), &error));
  g_assert_no_error (error);
  before = dump (fixture);
  assert_refused (fixture->store, kalon_board_edit_undo ());
  after = dump (fixture);
  g_assert_cmpstr (after, ==, before);
  /* Each undoes its own. */
  kalon_board_outcome_free (try (other, kalon_board_edit_undo (), &error));
  g_assert_no_error (error);
  /* A board of ours with a picture of theirs does not go. */
  assert_refused (fixture->store, kalon_board_edit_undo ());
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  enum
  {
    N = 5000
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (KalonBoardContents) contents = NULL, moved = NULL;
  g_autofree char *before = NULL, *after = NULL;
  KalonBoardEdit *edit = kalon_board_edit_create ("many", NULL);
  gint64 board;

  g_assert_true (kalon_library_begin (fixture->library, &error));
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *path = g_strdup_printf ("/nowhere/%u.jpg", i);
      g_autofree char *hash = g_strdup_printf ("%064x", i);
      KalonPicture picture = { .path = path, .content_hash = hash };

      g_assert_true (kalon_library_store_picture (fixture->library, &picture, &error));
      kalon_board_edit_take_picture (edit, picture.id);
    }
  g_assert_true (kalon_library_commit (fixture->library, &error));
  board = apply (fixture, edit, N);
  before = dump (fixture);
  contents = load (fixture, board);
  g_assert_cmpuint (contents->items->len, ==, N);
  g_assert_true (get_item (contents, 0)->missing);
  for (guint i = N / 2; i < N; i++)
    g_array_append_val (items, get_item (contents, i)->id);
  apply (fixture, kalon_board_edit_move (board, items, get_item (contents, 0)->id), N / 2);
  moved = load (fixture, board);
  g_assert_cmpint (get_item (moved, 0)->id, ==, get_item (contents, N / 2)->id);
  g_assert_cmpint (get_item (moved, N / 2)->id, ==, get_item (contents, 0)->id);
  apply (fixture, kalon_board_edit_delete (board), N);
  apply (fixture, kalon_board_edit_undo (), 0);
  apply (fixture, kalon_board_edit_undo (), 0);
  after = dump (fixture);
  g_assert_cmpstr (after, ==, before);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "boards.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf status;

  make_board (fixture, "b");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (log, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* From a main loop */

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
count_cb (guint *n_changes)
{
  (*n_changes)++;
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonBoards) boards = kalon_boards_new (fixture->directory);
  g_autoptr (GAsyncResult) listed = NULL, edited = NULL, loaded = NULL, cancelled = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (KalonBoardOutcome) outcome = NULL;
  g_autoptr (KalonBoardContents) contents = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint n_changes = 0;

  g_signal_connect_swapped (boards, "changed", G_CALLBACK (count_cb), &n_changes);
  kalon_boards_list_async (boards, NULL, answered_cb, &listed);
  wait_for (&listed);
  list = kalon_boards_list_finish (boards, listed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_cmpuint (n_changes, ==, 0);

  kalon_boards_apply_async (boards, kalon_board_edit_create ("new", NULL), NULL, answered_cb,
                            &edited);
  wait_for (&edited);
  outcome = kalon_boards_apply_finish (boards, edited, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 1);

  kalon_boards_load_async (boards, outcome->board, NULL, answered_cb, &loaded);
  wait_for (&loaded);
  contents = kalon_boards_load_finish (boards, loaded, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (contents->board->name, ==, "new");
  g_assert_cmpuint (n_changes, ==, 1);

  /* Another's. */
  make_board (fixture, "theirs");
  kalon_boards_check (boards);
  while (n_changes < 2)
    g_main_context_iteration (NULL, TRUE);

  g_cancellable_cancel (cancellable);
  kalon_boards_apply_async (boards, kalon_board_edit_delete (outcome->board), cancellable,
                            answered_cb, &cancelled);
  wait_for (&cancelled);
  g_assert_null (kalon_boards_apply_finish (boards, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "boards.db", NULL);

  g_assert_null (kalon_board_store_open ("/dev/null/kalon", &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_clear_object (&fixture->store);
  g_assert_true (g_file_set_contents (
      path, "not a database at all, but long enough to be looked at", -1, NULL));
  g_assert_null (kalon_board_store_open (fixture->directory, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_CATALOGUE);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/boards/edits", test_edits },     { "/boards/full-gap", test_full_gap },
    { "/boards/undo", test_undo },       { "/boards/vanished", test_vanished },
    { "/boards/hostile", test_hostile }, { "/boards/two-connections", test_two_connections },
    { "/boards/many", test_many },       { "/boards/private", test_private },
    { "/boards/async", test_async },     { "/boards/errors", test_errors },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
