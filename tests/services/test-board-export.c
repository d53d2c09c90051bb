/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "errors/kalon-errors.h"
#include "image/kalon-image.h"
#include "test-folders.h"

/* A board of twelve pictures, made by hand: exports need no library. */
typedef struct
{
  char *directory;
  char *out; /* where exports go */
  KalonBoardContents *contents;
  KalonBoardExportOptions options;
} Fixture;

static char *
write_picture (Fixture *fixture, const char *name, guint width, guint height)
{
  char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (KalonImage) image = kalon_image_new (width, height);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < (gsize) width * height * 3; i++)
    image->pixels[i] = (guint8) (i * 7 + (i >> 8) * 13);
  g_assert_true (kalon_image_save_png (image, path, &error));
  g_assert_no_error (error);
  return path;
}

/* @path: (transfer full) */
static void
add (Fixture *fixture, char *path, const char *note)
{
  KalonBoardItem *item = g_new0 (KalonBoardItem, 1);

  item->id = fixture->contents->items->len + 1;
  item->content_hash = g_strdup ("00");
  item->path = path;
  item->note = g_strdup (note);
  g_ptr_array_add (fixture->contents->items, item);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  KalonBoard *board = g_new0 (KalonBoard, 1);

  fixture->directory = g_dir_make_tmp ("kalon-export-XXXXXX", NULL);
  fixture->out = g_build_filename (fixture->directory, "out", NULL);
  g_assert_cmpint (g_mkdir (fixture->out, 0700), ==, 0);
  board->name = g_strdup ("My/Board: “é”");
  board->description = g_strdup ("Two\nlines");
  board->changed = 1000 * G_USEC_PER_SEC;
  board->covers = g_ptr_array_new ();
  fixture->contents = g_new0 (KalonBoardContents, 1);
  fixture->contents->board = board;
  fixture->contents->items
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_board_item_free);
  fixture->options = KALON_BOARD_EXPORT_OPTIONS_DEFAULT;
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("p%u.png", i);

      add (fixture, write_picture (fixture, name, 60 + i, 40),
           i == 1 ? "a note\nof two lines" : "");
    }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  kalon_board_contents_free (fixture->contents);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->out);
}

static char *
place (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->out, name, NULL);
}

static KalonBoardExported *
export_as (Fixture *fixture, KalonBoardFormat format, const char *name, guint n_failures)
{
  g_autofree char *path = place (fixture, name);
  g_autoptr (GError) error = NULL;
  KalonBoardExported *exported;

  fixture->options.format = format;
  exported
      = kalon_board_export (fixture->contents, &fixture->options, path, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (exported->failures->len, ==, n_failures);
  g_assert_cmpuint (exported->n_written, ==, fixture->contents->items->len - n_failures);
  return exported;
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_same (const char *path, const char *folder, const char *name)
{
  g_autofree char *copy = g_build_filename (folder, name, NULL);
  g_autofree char *a = NULL, *b = NULL;
  gsize n_a, n_b;

  g_assert_true (g_file_get_contents (path, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (copy, &b, &n_b, NULL));
  g_assert_cmpmem (a, n_a, b, n_b);
}

static const char *
get_path (Fixture *fixture, guint i)
{
  return ((KalonBoardItem *) g_ptr_array_index (fixture->contents->items, i))->path;
}

static void
test_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonBoardExported) exported = NULL;
  g_autofree char *long_name = g_strnfill (240, 'n');
  g_autofree char *long_file = g_strconcat (long_name, ".png", NULL);
  g_autofree char *notes_path = NULL, *notes = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  /* Twice the same name, names that other systems refuse, and too long a one. */
  g_clear_pointer (&((KalonBoardItem *) fixture->contents->items->pdata[2])->path, g_free);
  ((KalonBoardItem *) fixture->contents->items->pdata[2])->path = g_strdup (get_path (fixture, 0));
  add (fixture, write_picture (fixture, "a:b?\xff\n<c> .png", 30, 30), "");
  add (fixture, write_picture (fixture, long_file, 30, 30), "");
  add (fixture, g_strdup ("/nowhere/gone.png"), "kept");
  ((KalonBoardItem *) g_ptr_array_index (fixture->contents->items, 14))->missing = TRUE;

  exported = export_as (fixture, KALON_BOARD_FORMAT_FOLDER, "f", 1);
  g_assert_cmpstr (((KalonFailure *) exported->failures->pdata[0])->path, ==, "/nowhere/gone.png");
  g_assert_cmpuint (count_files (fixture->out), ==, 1);
  g_assert_cmpuint (count_files (exported->path), ==, 15);
  assert_same (get_path (fixture, 0), exported->path, "01 p0.png");
  assert_same (get_path (fixture, 0), exported->path, "03 p0.png");
  assert_same (get_path (fixture, 11), exported->path, "12 p11.png");
  assert_same (get_path (fixture, 12), exported->path, "13 a_b__xFF__c_.png");
  dir = g_dir_open (exported->path, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_utf8_validate (name, -1, NULL) && strpbrk (name, ":?*<>|\n") == NULL);
  notes_path = g_build_filename (exported->path, "Notes.txt", NULL);
  g_assert_true (g_file_get_contents (notes_path, &notes, NULL, NULL));
  g_assert_true (g_str_has_prefix (notes, "My/Board: “é”\n\nTwo\nlines\n\n01 p0.png\n\n02 p1.png\n"
                                          "    a note\n    of two lines\n"));
  g_assert_nonnull (strstr (notes, "15 gone.png (missing)\n    kept\n"));
}

/* Read back by Python; prints the names, a line each. */
static char *
read_zip (const char *path)
{
  const char *const argv[] = { "python3", "-c",
                               "import sys, zipfile\n"
                               "z = zipfile.ZipFile (sys.argv[1])\n"
                               "assert z.testzip () is None\n"
                               "sys.stdout.reconfigure (encoding='utf-8')\n"
                               "for i in z.infolist ():\n"
                               "    print (i.filename, i.file_size, i.compress_type)\n",
                               path, NULL };
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  g_assert_no_error (error);
  return out;
}

static void
test_zip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonBoardExported) exported = NULL, again = NULL;
  g_autofree char *names = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *a = NULL, *b = NULL;
  gsize n_a, n_b;

  add (fixture, g_strdup ("/nowhere/gone.png"), "");
  add (fixture, g_strdup ("/dev/null"), "");
  add (fixture, write_picture (fixture, "ünï.png", 30, 30), "");
  exported = export_as (fixture, KALON_BOARD_FORMAT_ZIP, "b.zip", 2);
  names = read_zip (exported->path);
  lines = g_strsplit (names, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 15);
  g_assert_true (g_str_has_prefix (lines[0], "My_Board_ “é”/01 p0.png "));
  g_assert_true (g_str_has_suffix (lines[0], " 0")); /* stored */
  g_assert_true (g_str_has_prefix (lines[11], "My_Board_ “é”/12 p11.png "));
  g_assert_true (g_str_has_prefix (lines[12], "My_Board_ “é”/15 ünï.png "));
  g_assert_true (g_str_has_prefix (lines[13], "My_Board_ “é”/Notes.txt "));

  /* The same board is the same archive. */
  again = export_as (fixture, KALON_BOARD_FORMAT_ZIP, "again.zip", 2);
  g_assert_true (g_file_get_contents (exported->path, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (again->path, &b, &n_b, NULL));
  g_assert_cmpmem (a, n_a, b, n_b);
  g_assert_cmpuint (count_files (fixture->out), ==, 2);
}

/* How often @needle is in the file. */
static guint
count_in (const char *path, const char *needle)
{
  g_autofree char *content = NULL;
  gsize size;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  for (gsize at = 0; at + strlen (needle) <= size; at++)
    if (memcmp (content + at, needle, strlen (needle)) == 0)
      n++;
  return n;
}

static void
test_pdf (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint columns;
    gboolean landscape, right_to_left, plain;
    KalonPaper paper;
    const char *box;
  } cases[] = {
    { 3, FALSE, FALSE, FALSE, KALON_PAPER_A4, "/MediaBox [ 0 0 595" },
    { 1, FALSE, TRUE, FALSE, KALON_PAPER_LETTER, "/MediaBox [ 0 0 612 792" },
    { KALON_BOARD_MAX_COLUMNS, TRUE, TRUE, TRUE, KALON_PAPER_A4, "/MediaBox [ 0 0 841" },
    { 1, TRUE, FALSE, FALSE, KALON_PAPER_LETTER, "/MediaBox [ 0 0 792 612" },
  };

  add (fixture, g_strdup ("/nowhere/gone.png"), "שלום עולם");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.pdf", i);
      g_autoptr (KalonBoardExported) exported = NULL;

      fixture->options.columns = cases[i].columns;
      fixture->options.landscape = cases[i].landscape;
      fixture->options.right_to_left = cases[i].right_to_left;
      fixture->options.names = fixture->options.notes = !cases[i].plain;
      fixture->options.paper = cases[i].paper;
      exported = export_as (fixture, KALON_BOARD_FORMAT_PDF, name, 1);
      g_assert_cmpuint (count_in (exported->path, "/Type /Page %"), ==, exported->n_pages);
      g_assert_cmpuint (count_in (exported->path, cases[i].box), >=, 1);
      /* Pictures go in as JPEG. */
      g_assert_cmpuint (count_in (exported->path, "/DCTDecode"), ==, 12);
      if (cases[i].columns == 1)
        g_assert_cmpuint (exported->n_pages, ==, 13);
    }
}

static void
assert_png (const char *path, guint width, guint min_height, guint max_height)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonImageInfo) info = kalon_image_read_info (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (info->width, ==, width);
  g_assert_cmpuint (info->height, >=, min_height);
  g_assert_cmpuint (info->height, <=, max_height);
}

static void
test_png (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonBoardExported) single = NULL, several = NULL;
  g_autofree char *base = place (fixture, "several.png");
  g_autofree char *second = place (fixture, "several-02.png");
  g_autoptr (GError) error = NULL;

  /* A4 at 150 dpi; an only page ends with its pictures. */
  fixture->options.columns = 6;
  single = export_as (fixture, KALON_BOARD_FORMAT_PNG, "single.png", 0);
  g_assert_cmpuint (single->n_pages, ==, 1);
  assert_png (single->path, 1240, 400, 1000);

  fixture->options.columns = 2;
  several = export_as (fixture, KALON_BOARD_FORMAT_PNG, "several.png", 0);
  g_assert_cmpuint (several->n_pages, ==, 2);
  g_assert_true (g_str_has_suffix (several->path, "several-01.png"));
  assert_png (several->path, 1240, 1754, 1754);
  assert_png (second, 1240, 1754, 1754);

  /* Nothing is replaced unasked, not even the second of two pages. */
  g_assert_cmpint (g_remove (several->path), ==, 0);
  g_assert_null (
      kalon_board_export (fixture->contents, &fixture->options, base, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpuint (count_files (fixture->out), ==, 2);
}

static void
test_never_overwrites (Fixture *fixture, gconstpointer data)
{
  g_autofree char *taken = place (fixture, "taken");
  g_autofree char *fresh = NULL;
  g_autofree char *content = NULL;
  g_autoptr (KalonBoardExported) exported = NULL;

  g_assert_true (g_file_set_contents (taken, "mine", -1, NULL));
  for (KalonBoardFormat format = KALON_BOARD_FORMAT_FOLDER; format <= KALON_BOARD_FORMAT_PDF;
       format++)
    {
      g_autoptr (GError) error = NULL;

      fixture->options.format = format;
      g_assert_null (kalon_board_export (fixture->contents, &fixture->options, taken, NULL, NULL,
                                         NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
    }
  g_assert_true (g_file_get_contents (taken, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine");
  fixture->options.replace = TRUE;
  exported = export_as (fixture, KALON_BOARD_FORMAT_ZIP, "taken", 0);
  g_assert_cmpuint (count_files (fixture->out), ==, 1);

  fresh = kalon_board_format_dup_free_path (KALON_BOARD_FORMAT_FOLDER, fixture->out, "taken");
  g_assert_true (g_str_has_suffix (fresh, "/out/taken 2"));
  g_free (fresh);
  fresh = kalon_board_format_dup_free_path (KALON_BOARD_FORMAT_PDF, fixture->out, "../x/y");
  g_assert_true (g_str_has_suffix (fresh, "/out/_.._x_y.pdf"));
}

static void
cancel_cb (guint n_done, guint n_total, gpointer user_data)
{
  if (n_done == 5)
    g_cancellable_cancel (user_data);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = place (fixture, "b");

  for (KalonBoardFormat format = KALON_BOARD_FORMAT_FOLDER; format <= KALON_BOARD_FORMAT_PNG;
       format++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;

      fixture->options.format = format;
      g_assert_null (kalon_board_export (fixture->contents, &fixture->options, path, cancel_cb,
                                         cancellable, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (count_files (fixture->out), ==, 0);
    }
}

/* A limit on the size of files stands in for a full disk: a write fails in the middle. */
static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  struct rlimit before, limit;
  g_autofree char *path = place (fixture, "b");

  add (fixture, write_picture (fixture, "big.png", 700, 700), "");
  add (fixture, write_picture (fixture, "last.png", 20, 20), "");
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  limit = before;
  limit.rlim_cur = 20000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (KalonBoardFormat format = KALON_BOARD_FORMAT_ZIP; format <= KALON_BOARD_FORMAT_PNG; format++)
    {
      g_autoptr (GError) error = NULL;

      fixture->options.format = format;
      g_assert_null (kalon_board_export (fixture->contents, &fixture->options, path, NULL, NULL,
                                         NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, path));
      g_assert_cmpuint (count_files (fixture->out), ==, 0);
    }
  {
    /* A folder goes on with what there is room for. */
    g_autoptr (KalonBoardExported) exported
        = export_as (fixture, KALON_BOARD_FORMAT_FOLDER, "b", 1);

    g_assert_true (
        g_str_has_suffix (((KalonFailure *) exported->failures->pdata[0])->path, "big.png"));
    g_assert_cmpuint (count_files (exported->path), ==, 14);
    assert_same (get_path (fixture, 13), exported->path, "14 last.png");
  }
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
}

static void
test_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = place (fixture, "b");
  g_autofree char *nowhere = place (fixture, "no/such/folder.zip");
  g_autoptr (GError) error = NULL;

  fixture->options.format = KALON_BOARD_FORMAT_ZIP;
  g_assert_null (
      kalon_board_export (fixture->contents, &fixture->options, nowhere, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_ptr_array_set_size (fixture->contents->items, 0);
  g_assert_null (
      kalon_board_export (fixture->contents, &fixture->options, path, NULL, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_cmpuint (count_files (fixture->out), ==, 0);
}

typedef struct
{
  guint n_reports;
  guint n_done;
  GAsyncResult *result;
} Waiting;

static void
progress_cb (guint n_done, guint n_total, gpointer user_data)
{
  Waiting *waiting = user_data;

  g_assert_null (waiting->result);
  g_assert_cmpuint (n_total, ==, 12);
  g_assert_cmpuint (n_done, >, waiting->n_done);
  waiting->n_done = n_done;
  waiting->n_reports++;
}

static void
exported_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->result = g_object_ref (result);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = place (fixture, "b");
  g_autoptr (KalonBoardExported) exported = NULL;
  g_autoptr (GError) error = NULL;
  Waiting waiting = { 0 };

  fixture->options.format = KALON_BOARD_FORMAT_FOLDER;
  kalon_board_export_async (g_steal_pointer (&fixture->contents), &fixture->options, path,
                            progress_cb, &waiting, NULL, exported_cb, &waiting);
  while (waiting.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  exported = kalon_board_export_finish (waiting.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (waiting.n_reports, ==, 12);
  g_assert_cmpuint (exported->n_written, ==, 12);
  g_object_unref (waiting.result);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/board-export/folder", test_folder },
    { "/board-export/zip", test_zip },
    { "/board-export/pdf", test_pdf },
    { "/board-export/png", test_png },
    { "/board-export/never-overwrites", test_never_overwrites },
    { "/board-export/cancel", test_cancel },
    { "/board-export/full-disk", test_full_disk },
    { "/board-export/nothing", test_nothing },
    { "/board-export/async", test_async },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
