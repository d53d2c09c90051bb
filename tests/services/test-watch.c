/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include <glib/gstdio.h>

#include "test-folders.h"
#include "watch/kalon-watch-private.h"

typedef struct
{
  char *directory;
  char *photos;
  KalonWatch *watch;
  GString *told; /* "a.jpg s/b.jpg\n": a line for each ::changed, paths below @directory, sorted */
  guint n_told;
  KalonWatchStatus status; /* of @photos, at the last ::status-changed */
} Fixture;

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
changed_cb (Fixture *fixture, GStrv paths)
{
  gsize n = g_strv_length (paths);
  g_autofree const char **sorted = g_memdup2 (paths, n * sizeof *paths);

  qsort (sorted, n, sizeof *sorted, compare_paths);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (g_str_has_prefix (sorted[i], fixture->directory));
      g_string_append_printf (fixture->told, "%s%s", i > 0 ? " " : "",
                              sorted[i] + strlen (fixture->directory) + 1);
    }
  g_string_append_c (fixture->told, '\n');
  fixture->n_told++;
}

static void
status_changed_cb (Fixture *fixture)
{
  if (!kalon_watch_get_status (fixture->watch, fixture->photos, &fixture->status))
    fixture->status = (KalonWatchStatus){ KALON_WATCH_STARTING };
}

static gboolean
wake_up (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_ = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;                                   \
    guint id_ = g_timeout_add (20, wake_up, NULL);                                                 \
    while (!(condition))                                                                           \
      {                                                                                            \
        if (g_get_monotonic_time () > end_)                                                        \
          g_error ("Waited in vain for %s; told: %s", #condition, fixture->told->str);             \
        g_main_context_iteration (NULL, TRUE);                                                     \
      }                                                                                            \
    g_source_remove (id_);                                                                         \
  }                                                                                                \
  G_STMT_END

static void
create_watch (Fixture *fixture, guint limit)
{
  fixture->watch = kalon_watch_new (NULL, limit, 200);
  g_signal_connect_swapped (fixture->watch, "changed", G_CALLBACK (changed_cb), fixture);
  g_signal_connect_swapped (fixture->watch, "status-changed", G_CALLBACK (status_changed_cb),
                            fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *made = g_dir_make_tmp ("kalon-watch-XXXXXX", NULL);
  char *real = realpath (made, NULL);

  fixture->directory = g_strdup (real);
  free (real);
  fixture->photos = g_build_filename (fixture->directory, "p", NULL);
  fixture->told = g_string_new (NULL);
  create_watch (fixture, KALON_WATCH_MAX_FOLDERS);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer watch = fixture->watch;

  g_object_add_weak_pointer (watch, &watch);
  g_object_unref (watch);
  /* A survey under way keeps it. */
  wait_until (watch == NULL);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_string_free (fixture->told, TRUE);
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

static void
make_folder (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
}

static void
write_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("x", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
rename_file (Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *old = dup_path (fixture, from);
  g_autofree char *new = dup_path (fixture, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

static void
delete_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = dup_path (fixture, name);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
start (Fixture *fixture, const char *const *excludes)
{
  KalonScanPlace folder = { .path = fixture->photos, .excludes = excludes };

  kalon_watch_set_folders (fixture->watch, &folder, 1, NULL);
  wait_until (fixture->status.state != KALON_WATCH_STARTING);
}

/* Waits for one more ::changed, which is to be @told. */
static void
assert_told (Fixture *fixture, const char *told)
{
  guint n = fixture->n_told;

  wait_until (fixture->n_told > n);
  g_assert_cmpstr (fixture->told->str, ==, told);
  g_string_truncate (fixture->told, 0);
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  make_folder (fixture, "p/s");
  write_file (fixture, "p/old.jpg");
  start (fixture, NULL);
  g_assert_cmpint (fixture->status.state, ==, KALON_WATCH_WATCHING);
  g_assert_cmpuint (fixture->status.n_folders, ==, 2);
  g_assert_cmpuint (fixture->status.n_watched, ==, 2);

  /* Those of one moment are told of together. */
  write_file (fixture, "p/a.jpg");
  write_file (fixture, "p/s/b.jpg");
  write_file (fixture, "p/old.jpg");
  assert_told (fixture, "p/a.jpg p/old.jpg p/s/b.jpg\n");
  rename_file (fixture, "p/a.jpg", "p/s/c.jpg");
  assert_told (fixture, "p/a.jpg p/s/c.jpg\n");
  delete_file (fixture, "p/s/c.jpg");
  assert_told (fixture, "p/s/c.jpg\n");

  /* A folder that comes is watched, with what is in it. */
  make_folder (fixture, "x/y");
  write_file (fixture, "x/y/d.jpg");
  rename_file (fixture, "x", "p/x");
  assert_told (fixture, "p/x\n");
  write_file (fixture, "p/x/y/e.jpg");
  assert_told (fixture, "p/x/y/e.jpg\n");
  rename_file (fixture, "p/x/y", "p/z");
  assert_told (fixture, "p/x/y p/z\n");
  write_file (fixture, "p/z/f.jpg");
  assert_told (fixture, "p/z/f.jpg\n");
  rename_file (fixture, "p/z", "z");
  assert_told (fixture, "p/z\n");
  /* Out of the library: nothing to tell. */
  write_file (fixture, "z/g.jpg");
  write_file (fixture, "p/h.jpg");
  assert_told (fixture, "p/h.jpg\n");
}

/* What the index would not take in is not told of. */
static void
test_left_out (Fixture *fixture, gconstpointer data)
{
  static const char *const excludes[] = { "raw", "*.tmp.jpg", NULL };

  make_folder (fixture, "p/raw/deep");
  make_folder (fixture, "p/.hidden");
  start (fixture, excludes);
  g_assert_cmpuint (fixture->status.n_folders, ==, 1);
  write_file (fixture, "p/notes.txt");
  write_file (fixture, "p/a.tmp.jpg");
  write_file (fixture, "p/.b.jpg");
  write_file (fixture, "p/raw/c.jpg");
  make_folder (fixture, "p/new");
  write_file (fixture, "p/d.jpg");
  assert_told (fixture, "p/d.jpg\n");
  delete_file (fixture, "p/notes.txt");
  write_file (fixture, "p/new/e.jpg");
  assert_told (fixture, "p/new/e.jpg\n");
}

static void
test_burst (Fixture *fixture, gconstpointer data)
{
  make_folder (fixture, "p/s");
  start (fixture, NULL);
  for (guint i = 0; i < 2 * KALON_CHANGES_MAX_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("p/s/%u.jpg", i);

      write_file (fixture, name);
    }
  write_file (fixture, "p/a.jpg");
  assert_told (fixture, "p/a.jpg p/s\n");
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->watch);
  create_watch (fixture, 2);
  make_folder (fixture, "p/a");
  make_folder (fixture, "p/b");
  make_folder (fixture, "p/c");
  start (fixture, NULL);
  g_assert_cmpint (fixture->status.state, ==, KALON_WATCH_PARTLY);
  g_assert_cmpuint (fixture->status.n_folders, ==, 4);
  g_assert_cmpuint (fixture->status.n_watched, ==, 2);

  /* Where it does not see, it is looked at again, not too often. */
  write_file (fixture, "p/c/x.jpg");
  kalon_watch_look_again (fixture->watch);
  g_assert_cmpstr (fixture->told->str, ==, "p\n");
  kalon_watch_look_again (fixture->watch);
  g_assert_cmpstr (fixture->told->str, ==, "p\n");
  g_string_truncate (fixture->told, 0);
  write_file (fixture, "p/y.jpg");
  assert_told (fixture, "p/y.jpg\n");
}

/* A folder that grows out of the limit. */
static void
test_limit_later (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->watch);
  create_watch (fixture, 2);
  make_folder (fixture, "p/a");
  start (fixture, NULL);
  g_assert_cmpint (fixture->status.state, ==, KALON_WATCH_WATCHING);
  kalon_watch_look_again (fixture->watch);
  g_assert_cmpuint (fixture->n_told, ==, 0);
  make_folder (fixture, "p/b");
  wait_until (fixture->status.state == KALON_WATCH_PARTLY);
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  KalonWatchStatus status;

  start (fixture, NULL);
  g_assert_cmpint (fixture->status.state, ==, KALON_WATCH_GONE);

  /* It comes: all of it is told of. */
  make_folder (fixture, "elsewhere");
  write_file (fixture, "elsewhere/a.jpg");
  rename_file (fixture, "elsewhere", "p");
  assert_told (fixture, "p\n");
  g_assert_cmpint (fixture->status.state, ==, KALON_WATCH_WATCHING);
  write_file (fixture, "p/b.jpg");
  assert_told (fixture, "p/b.jpg\n");

  /* It goes, and comes back with other rules set meanwhile. */
  rename_file (fixture, "p", "away");
  wait_until (fixture->status.state == KALON_WATCH_GONE);
  kalon_watch_set_folders (fixture->watch,
                           &(KalonScanPlace){ .path = fixture->photos, .include_hidden = TRUE }, 1,
                           NULL);
  rename_file (fixture, "away", "p");
  wait_until (fixture->status.state == KALON_WATCH_WATCHING);
  wait_until (g_str_has_suffix (fixture->told->str, "p\n"));

  kalon_watch_set_folders (fixture->watch, NULL, 0, NULL);
  g_assert_false (kalon_watch_get_status (fixture->watch, fixture->photos, &status));
}

/* Of two folders one in the other, each its own. */
static void
test_two_folders (Fixture *fixture, gconstpointer data)
{
  static const char *const excludes[] = { "*.png", NULL };
  g_autofree char *inner = dup_path (fixture, "p/inner");
  const KalonScanPlace folders[]
      = { { .path = fixture->photos, .excludes = excludes }, { .path = inner } };
  KalonWatchStatus status;

  make_folder (fixture, "p/inner/deep");
  kalon_watch_set_folders (fixture->watch, folders, 2, NULL);
  wait_until (fixture->status.state == KALON_WATCH_WATCHING);
  g_assert_cmpuint (fixture->status.n_folders, ==, 1);
  g_assert_true (kalon_watch_get_status (fixture->watch, inner, &status));
  g_assert_cmpuint (status.n_folders, ==, 2);
  write_file (fixture, "p/a.png");
  write_file (fixture, "p/inner/deep/b.png");
  assert_told (fixture, "p/inner/deep/b.png\n");
}

static void
test_file_systems (void)
{
  static const struct
  {
    const char *name;
    gboolean silent;
  } cases[] = {
    { "ext4", FALSE },       { "btrfs", FALSE },   { "overlay", FALSE },
    { "tmpfs", FALSE },      { "fuseblk", FALSE }, { "vfat", FALSE },
    { "exfat", FALSE },      { "fuse", TRUE },     { "fuse.sshfs", TRUE },
    { "nfs", TRUE },         { "nfs4", TRUE },     { "cifs", TRUE },
    { "fuse.rclone", TRUE }, { "9p", TRUE },       { "fuse.gvfsd-fuse", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (kalon_watch_is_silent (cases[i].name) != cases[i].silent)
      g_error ("%s", cases[i].name);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/watch/changes", test_changes);
  ADD ("/watch/left-out", test_left_out);
  ADD ("/watch/burst", test_burst);
  ADD ("/watch/limit", test_limit);
  ADD ("/watch/limit-later", test_limit_later);
  ADD ("/watch/gone", test_gone);
  ADD ("/watch/two-folders", test_two_folders);
#undef ADD
  g_test_add_func ("/watch/file-systems", test_file_systems);

  return g_test_run ();
}
