/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include <glib/gstdio.h>

#include "catalogue/kalon-catalogue.h"
#include "errors/kalon-errors.h"
#include "weights/kalon-weights.h"

typedef struct
{
  char *directory;
  char *folder;
  KalonCatalogue *catalogue;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-catalogue-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->folder = g_build_filename (fixture->directory, "pictures", NULL);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  fixture->catalogue = kalon_catalogue_new (fixture->directory, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = { "catalogue.db", "catalogue.db-wal", "catalogue.db-shm", "lock",
                                "embeddings",   "thumbnails",       "pictures" };

  g_clear_object (&fixture->catalogue);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->folder);
}

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

static KalonCatalogueState *
get_state (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KalonCatalogueState *state;

  kalon_catalogue_get_state_async (fixture->catalogue, NULL, answered_cb, &result);
  wait_for (&result);
  state = kalon_catalogue_get_state_finish (fixture->catalogue, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (state);
  return state;
}

static void
add_folder (Fixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, &error);

  g_assert_no_error (error);
  g_assert_true (kalon_library_add_folder (library, path, &error));
  g_assert_no_error (error);
}

static void
test_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonCatalogueState) before = get_state (fixture);
  g_autoptr (KalonCatalogueState) after = NULL;
  g_autoptr (KalonCatalogueState) gone = NULL;
  const KalonFolder *folder;

  g_assert_cmpuint (before->folders->len, ==, 0);
  g_assert_cmpuint (before->counts.pictures, ==, 0);

  add_folder (fixture, fixture->folder);
  after = get_state (fixture);
  g_assert_cmpuint (after->folders->len, ==, 1);
  folder = g_ptr_array_index (after->folders, 0);
  g_assert_cmpstr (folder->path, ==, fixture->folder);
  g_assert_true (folder->present);

  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  gone = get_state (fixture);
  folder = g_ptr_array_index (gone->folders, 0);
  g_assert_false (folder->present);
}

static void
count_cb (guint *n_changes)
{
  (*n_changes)++;
}

static gboolean
set_rules (Fixture *fixture, const char *folder, const char *pattern, gboolean hidden,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_catalogue_set_rules_async (fixture->catalogue, folder,
                                   (const char *const[]){ pattern, NULL }, hidden, NULL,
                                   answered_cb, &result);
  wait_for (&result);
  return kalon_catalogue_set_rules_finish (fixture->catalogue, result, error);
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonCatalogueState) state = NULL;
  g_autoptr (GError) error = NULL;
  const KalonFolder *folder;
  guint n_changes = 0;

  add_folder (fixture, fixture->folder);
  g_signal_connect_swapped (fixture->catalogue, "changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_true (set_rules (fixture, fixture->folder, "raw", TRUE, &error));
  g_assert_true (set_rules (fixture, NULL, "*.tmp", TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 2);
  state = get_state (fixture);
  g_assert_cmpuint (g_strv_length (state->excludes), ==, 1);
  g_assert_cmpstr (state->excludes[0], ==, "*.tmp");
  folder = g_ptr_array_index (state->folders, 0);
  g_assert_cmpstr (folder->excludes[0], ==, "raw");
  g_assert_true (folder->include_hidden);
  g_assert_cmpint (folder->scanned_at, ==, 0);

  g_assert_false (set_rules (fixture, "/nowhere", "x", FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpuint (n_changes, ==, 2);
}

/* A mount point without its disk. */
static void
test_empty_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, &error);
  g_autoptr (KalonCatalogueState) state = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "a.jpg", NULL);
  KalonPicture picture = { .path = path, .content_hash = (char *) "00" };
  const KalonFolder *folder;

  add_folder (fixture, fixture->folder);
  g_assert_true (kalon_library_begin (library, &error));
  g_assert_true (kalon_library_store_picture (library, &picture, &error));
  g_assert_true (kalon_library_commit (library, &error));
  g_assert_no_error (error);
  state = get_state (fixture);
  folder = g_ptr_array_index (state->folders, 0);
  g_assert_false (folder->present);
  g_assert_cmpuint (folder->counts.pictures, ==, 1);
  g_assert_cmpuint (folder->counts.indexed, ==, 0);
}

static void
test_changed (Fixture *fixture, gconstpointer data)
{
  guint n_changes = 0;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect_swapped (fixture->catalogue, "changed", G_CALLBACK (count_cb), &n_changes);

  /* The first check only learns where things stand; get_state() comes behind it on the worker. */
  kalon_catalogue_check (fixture->catalogue);
  kalon_catalogue_state_free (get_state (fixture));
  kalon_catalogue_check (fixture->catalogue);
  kalon_catalogue_state_free (get_state (fixture));
  g_assert_cmpuint (n_changes, ==, 0);

  add_folder (fixture, fixture->folder);
  kalon_catalogue_check (fixture->catalogue);
  kalon_catalogue_state_free (get_state (fixture));
  g_assert_cmpuint (n_changes, ==, 1);

  kalon_catalogue_remove_folder_async (fixture->catalogue, fixture->folder, NULL, answered_cb,
                                       &result);
  wait_for (&result);
  g_assert_true (kalon_catalogue_remove_folder_finish (fixture->catalogue, result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 2);
}

/* Of the catalogue's model, and none of a model that it does not know. */
static void
test_scores (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autoptr (KalonCatalogue) with_model = kalon_catalogue_new (fixture->directory, model);
  g_autofree char *hash = kalon_model_dup_hash (model, NULL, NULL);
  KalonCatalogue *catalogues[] = { with_model, fixture->catalogue };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, &error);
  g_autoptr (KalonIndex) index = kalon_library_open_index (library, hash, 16, &error);
  g_autofree char *file = g_strdup_printf ("%s/embeddings/%s.kemb", fixture->directory, hash);
  KalonPicture picture = { .path = (char *) "/a.png", .content_hash = (char *) "aa" };

  g_assert_no_error (error);
  g_assert_true (kalon_library_store_picture (library, &picture, &error));
  g_assert_true (kalon_library_store_row (library, hash, picture.id, 0, &error));
  g_assert_true (kalon_library_store_aesthetic (library, hash, picture.id, 5.5, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (catalogues); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (KalonPictureScores) scores = NULL;

      kalon_catalogue_get_scores_async (catalogues[i], picture.id, NULL, answered_cb, &result);
      wait_for (&result);
      scores = kalon_catalogue_get_scores_finish (catalogues[i], result, &error);
      g_assert_no_error (error);
      if (i == 0)
        g_assert_cmpfloat (scores->aesthetic, ==, 5.5f);
      else
        g_assert_true (isnan (scores->aesthetic));
    }
  g_remove (file);
}

static void
test_empty_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) listed = NULL;
  g_autoptr (GAsyncResult) looked_up = NULL;
  g_autoptr (GAsyncResult) failed = NULL;
  g_autoptr (GArray) pictures = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  g_autoptr (GError) error = NULL;

  kalon_catalogue_list_pictures_async (fixture->catalogue, NULL, NULL, answered_cb, &listed);
  wait_for (&listed);
  pictures = kalon_catalogue_list_pictures_finish (fixture->catalogue, listed, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pictures->len, ==, 0);

  kalon_catalogue_get_picture_async (fixture->catalogue, 42, NULL, answered_cb, &looked_up);
  wait_for (&looked_up);
  g_assert_null (kalon_catalogue_get_picture_finish (fixture->catalogue, looked_up, &error));
  g_assert_no_error (error);

  kalon_catalogue_list_failures_async (fixture->catalogue, NULL, answered_cb, &failed);
  wait_for (&failed);
  failures = kalon_catalogue_list_failures_finish (fixture->catalogue, failed, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (failures->len, ==, 0);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonCatalogue) nowhere = kalon_catalogue_new ("/dev/null/kalon", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GError) error = NULL;

  kalon_catalogue_get_state_async (nowhere, NULL, answered_cb, &refused);
  wait_for (&refused);
  g_assert_null (kalon_catalogue_get_state_finish (nowhere, refused, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  kalon_catalogue_list_pictures_async (fixture->catalogue, NULL, cancellable, answered_cb,
                                       &cancelled);
  wait_for (&cancelled);
  g_assert_null (
      kalon_catalogue_list_pictures_finish (fixture->catalogue, cancelled, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
changed_cb (KalonCatalogue *catalogue, guint *n)
{
  (*n)++;
}

static GPtrArray *
get_pictures (Fixture *fixture, GArray *ids)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *pictures;

  kalon_catalogue_get_pictures_async (fixture->catalogue, ids, NULL, answered_cb, &result);
  wait_for (&result);
  pictures = kalon_catalogue_get_pictures_finish (fixture->catalogue, result, &error);
  g_assert_no_error (error);
  return pictures;
}

static gboolean
forget_missing (Fixture *fixture, GArray *ids, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_catalogue_forget_missing_async (fixture->catalogue, ids, answered_cb, &result);
  wait_for (&result);
  return kalon_catalogue_forget_missing_finish (fixture->catalogue, result, error);
}

/* What is gone leaves the catalogue; what is there does not, whatever is asked. */
static void
test_forget_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, &error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *here = g_build_filename (fixture->folder, "here.png", NULL);
  KalonPicture pictures[] = { { .path = (char *) "/nowhere/a.png", .content_hash = (char *) "aa" },
                              { .path = here, .content_hash = (char *) "bb" } };
  guint n_changes = 0;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (here, "x", 1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_assert_true (kalon_library_store_picture (library, &pictures[i], &error));
      g_assert_no_error (error);
      g_array_append_val (ids, pictures[i].id);
    }
  {
    g_autoptr (GPtrArray) both = get_pictures (fixture, ids);

    g_assert_cmpuint (both->len, ==, 2);
    g_assert_cmpstr (((KalonPicture *) g_ptr_array_index (both, 1))->path, ==, here);
  }

  g_signal_connect (fixture->catalogue, "changed", G_CALLBACK (changed_cb), &n_changes);
  g_assert_true (kalon_library_lock (library, &error));
  g_assert_false (forget_missing (fixture, ids, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  g_clear_error (&error);
  kalon_library_unlock (library);
  g_assert_cmpuint (n_changes, ==, 0);

  g_assert_true (forget_missing (fixture, ids, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_changes, ==, 1);
  {
    g_autoptr (GPtrArray) left = get_pictures (fixture, ids);

    g_assert_cmpuint (left->len, ==, 1);
    g_assert_cmpstr (((KalonPicture *) g_ptr_array_index (left, 0))->path, ==, here);
  }
  g_remove (here);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/catalogue/state", Fixture, NULL, set_up, test_state, tear_down);
  g_test_add ("/catalogue/rules", Fixture, NULL, set_up, test_rules, tear_down);
  g_test_add ("/catalogue/empty-folder", Fixture, NULL, set_up, test_empty_folder, tear_down);
  g_test_add ("/catalogue/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/catalogue/empty-answers", Fixture, NULL, set_up, test_empty_answers, tear_down);
  g_test_add ("/catalogue/scores", Fixture, NULL, set_up, test_scores, tear_down);
  g_test_add ("/catalogue/errors", Fixture, NULL, set_up, test_errors, tear_down);
  g_test_add ("/catalogue/forget-missing", Fixture, NULL, set_up, test_forget_missing, tear_down);
  return g_test_run ();
}
