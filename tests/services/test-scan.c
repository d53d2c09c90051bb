/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "indexer/kalon-decode-private.h"
#include "indexer/kalon-indexer-private.h"
#include "scan/kalon-scan.h"
#include "test-folders.h"

typedef struct
{
  char *directory;
  GString *log; /* "picture /a.jpg\n...", the paths below @directory */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *made = g_dir_make_tmp ("kalon-scan-XXXXXX", NULL);
  char *real = realpath (made, NULL);

  fixture->directory = g_strdup (real);
  fixture->log = g_string_new (NULL);
  free (real);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_string_free (fixture->log, TRUE);
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static void
make_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);
  g_autofree char *directory = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static void
make_link (Fixture *fixture, const char *name, const char *target)
{
  g_autofree char *path = dup_path (fixture, name);
  g_autofree char *absolute = dup_path (fixture, target);

  g_assert_cmpint (symlink (absolute, path), ==, 0);
}

static gboolean
log_cb (const KalonScanEntry *entry, gpointer user_data, GError **error)
{
  static const char *const names[]
      = { "picture", "bad-file", "bad-folder", "empty", "excluded", "other" };
  Fixture *fixture = user_data;

  g_assert_true (g_str_has_prefix (entry->path, fixture->directory));
  g_assert_nonnull (entry->place);
  if (entry->kind == KALON_SCAN_FOLDER)
    return TRUE;
  if (entry->kind == KALON_SCAN_PICTURE)
    {
      g_assert_cmpint (entry->size, ==, 1);
      g_assert_cmpint (entry->mtime, >, G_GINT64_CONSTANT (1600000000000000000));
    }
  if (entry->kind == KALON_SCAN_BAD_FILE || entry->kind == KALON_SCAN_BAD_FOLDER)
    g_assert_cmpuint (strlen (entry->reason), >, 10);
  g_string_append_printf (fixture->log, "%s %s\n", names[entry->kind],
                          entry->path + strlen (fixture->directory));
  return TRUE;
}

static void
scan_places (Fixture *fixture, const KalonScanPlace *places, gsize n_places, KalonScanRules *rules)
{
  g_autoptr (GError) error = NULL;

  g_string_truncate (fixture->log, 0);
  g_assert_true (kalon_scan (places, n_places, rules, log_cb, fixture, NULL, &error));
  g_assert_no_error (error);
}

static void
scan (Fixture *fixture, const char *const *names, KalonScanRules *rules)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (KalonScanPlace));
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (; *names != NULL; names++)
    {
      KalonScanPlace place = {
        .path = **names != '\0' ? dup_path (fixture, *names) : g_strdup (fixture->directory),
      };

      g_ptr_array_add (paths, (char *) place.path);
      g_array_append_val (places, place);
    }
  scan_places (fixture, (const KalonScanPlace *) places->data, places->len, rules);
}

#define SCAN(rules, ...) scan (fixture, (const char *const[]){ __VA_ARGS__, NULL }, rules)

static void
test_order (Fixture *fixture, gconstpointer data)
{
  KalonScanRules rules = { 0 };

  make_file (fixture, "b.jpg");
  make_file (fixture, "a/2.PNG");
  make_file (fixture, "a/1.jpeg");
  make_file (fixture, "c.txt");
  make_file (fixture, "d.jpg/inside.jpg");
  SCAN (&rules, "");
  g_assert_cmpstr (fixture->log->str, ==,
                   "picture /a/1.jpeg\npicture /a/2.PNG\npicture /b.jpg\nother /c.txt\npicture "
                   "/d.jpg/inside.jpg\n");
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  static const char *const excludes[] = { "*.tmp.jpg", "node_modules", "a/raw*", NULL };
  g_autofree char *own = dup_path (fixture, "library");
  KalonScanRules rules = { .excludes = excludes, .own_directory = own };

  make_file (fixture, ".hidden.jpg");
  make_file (fixture, ".folder/1.jpg");
  make_file (fixture, "a/b.tmp.jpg");
  make_file (fixture, "a/node_modules/1.jpg");
  make_file (fixture, "a/raw1/1.jpg");
  make_file (fixture, "b/a/raw1/1.jpg");
  make_file (fixture, "library/thumbnails/1.jpg");
  SCAN (&rules, "");
  g_assert_cmpstr (fixture->log->str, ==,
                   "excluded /.folder\nexcluded /.hidden.jpg\nexcluded /a/b.tmp.jpg\nexcluded "
                   "/a/node_modules\nexcluded /a/raw1\npicture /b/a/raw1/1.jpg\nexcluded "
                   "/library\n");

  rules.include_hidden = TRUE;
  rules.excludes = NULL;
  SCAN (&rules, "");
  g_assert_nonnull (strstr (fixture->log->str, "picture /.folder/1.jpg\npicture /.hidden.jpg\n"));
  g_assert_nonnull (strstr (fixture->log->str, "picture /a/node_modules/1.jpg\n"));
}

/* Rules of the library folder that a file lies in, and parts of one. */
static void
test_places (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *pattern; /* of the folder "a" */
    gboolean hidden;
    const char *part; /* (nullable) */
    const char *log;
  } cases[] = {
    { NULL, FALSE, NULL,
      "excluded /a/.h\npicture /a/1.jpg\npicture /a/s/2.jpg\npicture /a/s/t/3.tmp.jpg\n" },
    { NULL, TRUE, NULL,
      "picture /a/.h/4.jpg\npicture /a/1.jpg\npicture /a/s/2.jpg\npicture /a/s/t/3.tmp.jpg\n" },
    { "*.tmp.jpg", FALSE, NULL,
      "excluded /a/.h\npicture /a/1.jpg\npicture /a/s/2.jpg\nexcluded /a/s/t/3.tmp.jpg\n" },
    { "s", FALSE, NULL, "excluded /a/.h\npicture /a/1.jpg\nexcluded /a/s\n" },
    { "s/*", FALSE, NULL,
      "excluded /a/.h\npicture /a/1.jpg\nexcluded /a/s/2.jpg\nexcluded /a/s/t\n" },
    { "t", FALSE, NULL, "excluded /a/.h\npicture /a/1.jpg\npicture /a/s/2.jpg\nexcluded /a/s/t\n" },
    { "s/t/3*", FALSE, NULL,
      "excluded /a/.h\npicture /a/1.jpg\npicture /a/s/2.jpg\nexcluded /a/s/t/3.tmp.jpg\n" },
    /* Of the whole path, not of its end. */
    { "t/3*", FALSE, NULL,
      "excluded /a/.h\npicture /a/1.jpg\npicture /a/s/2.jpg\npicture /a/s/t/3.tmp.jpg\n" },
    { NULL, FALSE, "a/s", "picture /a/s/2.jpg\npicture /a/s/t/3.tmp.jpg\n" },
    { NULL, FALSE, "a/s/2.jpg", "picture /a/s/2.jpg\n" },
    { NULL, FALSE, "a/s/gone.jpg", "" },
    { NULL, FALSE, "a/.h/4.jpg", "excluded /a/.h\n" },
    { NULL, TRUE, "a/.h/4.jpg", "picture /a/.h/4.jpg\n" },
    { "s", FALSE, "a/s/t", "excluded /a/s\n" },
    { "[12].jpg", FALSE, "a/s", "excluded /a/s/2.jpg\npicture /a/s/t/3.tmp.jpg\n" },
  };
  g_autofree char *folder = dup_path (fixture, "a");

  make_file (fixture, "a/1.jpg");
  make_file (fixture, "a/s/2.jpg");
  make_file (fixture, "a/s/t/3.tmp.jpg");
  make_file (fixture, "a/.h/4.jpg");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *excludes[] = { cases[i].pattern, NULL };
      KalonScanRules rules = { 0 };
      g_autofree char *part = cases[i].part != NULL ? dup_path (fixture, cases[i].part) : NULL;
      KalonScanPlace place = {
        .path = part != NULL ? part : folder,
        .folder = part != NULL ? folder : NULL,
        .excludes = excludes,
        .include_hidden = cases[i].hidden,
      };

      scan_places (fixture, &place, 1, &rules);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].log);
      /* The same as a rule of all folders. */
      place.excludes = NULL;
      place.include_hidden = FALSE;
      rules = (KalonScanRules){ .excludes = excludes, .include_hidden = cases[i].hidden };
      scan_places (fixture, &place, 1, &rules);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].log);
    }
}

/* A library folder in another one keeps to its own rules. */
static void
test_inner_folder (Fixture *fixture, gconstpointer data)
{
  static const char *const outer_excludes[] = { "*.png", "inner", NULL };
  static const char *const inner_excludes[] = { "*.jpg", NULL };
  g_autofree char *outer = dup_path (fixture, "a");
  g_autofree char *inner = dup_path (fixture, "a/inner");
  const KalonScanPlace places[] = { { .path = outer, .excludes = outer_excludes },
                                    { .path = inner, .excludes = inner_excludes } };
  KalonScanRules rules = { 0 };

  make_file (fixture, "a/1.jpg");
  make_file (fixture, "a/1.png");
  make_file (fixture, "a/inner/2.jpg");
  make_file (fixture, "a/inner/2.png");
  scan_places (fixture, places, 2, &rules);
  g_assert_cmpstr (fixture->log->str, ==,
                   "picture /a/1.jpg\nexcluded /a/1.png\nexcluded /a/inner/2.jpg\npicture "
                   "/a/inner/2.png\n");
}

static void
test_overlap (Fixture *fixture, gconstpointer data)
{
  KalonScanRules rules = { 0 };

  make_file (fixture, "a/1.jpg");
  make_file (fixture, "a/b/2.jpg");
  make_file (fixture, "a/.c/3.jpg");
  SCAN (&rules, "a", "a/.c", "a/b", "a");
  g_assert_cmpstr (fixture->log->str, ==,
                   "picture /a/1.jpg\npicture /a/.c/3.jpg\npicture /a/b/2.jpg\n");
}

static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *later = dup_path (fixture, "later");
  const char *elsewhere[] = { later, NULL };
  KalonScanRules rules = { .elsewhere = elsewhere };

  make_file (fixture, "a/1.jpg");
  make_file (fixture, "out/2.jpg");
  make_file (fixture, "single/3.jpg");
  make_file (fixture, "later/4.jpg");
  make_link (fixture, "a/0-loop", "a");
  make_link (fixture, "a/again.jpg", "a/1.jpg");
  make_link (fixture, "a/dangling", "none");
  make_link (fixture, "a/dangling.jpg", "none.jpg");
  make_link (fixture, "a/itself.jpg", "a/itself.jpg");
  make_link (fixture, "a/later", "later");
  make_link (fixture, "a/other.jpg", "single/3.jpg");
  make_link (fixture, "a/out", "out");
  make_link (fixture, "a/out2", "out");
  make_link (fixture, "out/back", "a");
  SCAN (&rules, "a");
  g_assert_cmpstr (fixture->log->str, ==,
                   "picture /a/1.jpg\nexcluded /a/0-loop\nexcluded /a/again.jpg\nother "
                   "/a/dangling\nbad-file /a/dangling.jpg\nbad-file /a/itself.jpg\nexcluded "
                   "/a/later\npicture /a/other.jpg\npicture /a/out/2.jpg\nexcluded "
                   "/a/out2\nexcluded /a/out/back\n");
}

static void
test_special (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fifo = dup_path (fixture, "fifo");
  g_autofree char *named_fifo = dup_path (fixture, "fifo.jpg");
  g_autofree char *empty = dup_path (fixture, "empty");
  KalonScanRules rules = { 0 };

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (mkfifo (named_fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  make_file (fixture, "caf\xe9 \xff.jpg");
  make_file (fixture, "plain");
  /* "empty" is empty as a folder of its own, and nothing to speak of inside another. */
  SCAN (&rules, "empty", "gone", "plain", "");
  g_assert_cmpstr (fixture->log->str, ==,
                   "empty /empty\nbad-folder /gone\nbad-folder /plain\n"
                   "picture /caf\xe9 \xff.jpg\nother /fifo\nbad-file /fifo.jpg\n");
  SCAN (&rules, "");
  g_assert_null (strstr (fixture->log->str, "empty"));
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "a");
  KalonScanRules rules = { 0 };

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  make_file (fixture, "a/1.jpg");
  make_file (fixture, "b.jpg");
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  SCAN (&rules, "");
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  g_assert_cmpstr (fixture->log->str, ==, "bad-folder /a\npicture /b.jpg\n");
}

static void
test_below (void)
{
  g_assert_true (kalon_scan_is_below ("/a/b", "/a"));
  g_assert_true (kalon_scan_is_below ("/a", "/a"));
  g_assert_true (kalon_scan_is_below ("/a", "/"));
  g_assert_false (kalon_scan_is_below ("/ab", "/a"));
  g_assert_false (kalon_scan_is_below ("/", "/a"));
}

static void
test_missing (void)
{
  g_autoptr (KalonMissingSet) set = kalon_missing_set_new ();

  kalon_missing_set_add (set, 1, 10, "aa", TRUE);
  kalon_missing_set_add (set, 2, 10, "aa", TRUE);
  kalon_missing_set_add (set, 3, 20, "bb", FALSE);
  g_assert_cmpint (kalon_missing_set_claim (set, 11, "aa"), ==, 0);
  g_assert_cmpint (kalon_missing_set_claim (set, 10, "cc"), ==, 0);
  g_assert_cmpint (kalon_missing_set_claim (set, 20, "bb"), ==, 0);
  g_assert_cmpint (kalon_missing_set_claim (set, 10, "aa"), ==, 1);
  g_assert_cmpint (kalon_missing_set_claim (set, 10, "aa"), ==, 2);
  g_assert_cmpint (kalon_missing_set_claim (set, 10, "aa"), ==, 0);
}

static void
test_rate (void)
{
  KalonRate rate = { 0 };
  gint64 now = 1000 * G_USEC_PER_SEC;

  g_assert_cmpfloat (kalon_rate_get (&rate, now), ==, 0);
  kalon_rate_add (&rate, now, 0);
  kalon_rate_add (&rate, now + 1 * G_USEC_PER_SEC, 100);
  g_assert_cmpfloat_with_epsilon (kalon_rate_get (&rate, now + 2 * G_USEC_PER_SEC), 50, 1e-9);
  kalon_rate_add (&rate, now + 9 * G_USEC_PER_SEC, 20);
  /* Ten seconds on, the first hundred are forgotten. */
  g_assert_cmpfloat_with_epsilon (kalon_rate_get (&rate, now + 12 * G_USEC_PER_SEC), 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (kalon_rate_get (&rate, now + 99 * G_USEC_PER_SEC), 0, 1e-9);
  kalon_rate_clear (&rate);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/scan/order", test_order);
  ADD ("/scan/rules", test_rules);
  ADD ("/scan/places", test_places);
  ADD ("/scan/inner-folder", test_inner_folder);
  ADD ("/scan/overlap", test_overlap);
  ADD ("/scan/links", test_links);
  ADD ("/scan/special", test_special);
  ADD ("/scan/unreadable", test_unreadable);
#undef ADD
  g_test_add_func ("/scan/below", test_below);
  g_test_add_func ("/scan/missing", test_missing);
  g_test_add_func ("/scan/rate", test_rate);

  return g_test_run ();
}
