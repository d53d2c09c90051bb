/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"
#include "models/kalon-models.h"

#include <glib/gstdio.h>

/* A model that is in the tree; see tests/reference. */
#define REFERENCE "quick-gelu-p16-f32"

typedef struct
{
  char *reference; /* the reference model's directory */
  char *user;      /* where imported models go */
} Fixture;

static void
remove_all (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (directory);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->reference
      = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "reference", "models", REFERENCE, NULL);
  fixture->user = g_build_filename (g_get_user_data_dir (), "kalon", "models", NULL);
  g_unsetenv ("KALON_MODELS_PATH");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *home = g_path_get_dirname (fixture->user);

  remove_all (home);
  g_free (fixture->reference);
  g_free (fixture->user);
}

static gboolean
is_listed (const char *id)
{
  g_autoptr (GPtrArray) models = kalon_models_list ();

  for (guint i = 0; i < models->len; i++)
    if (g_str_equal (((KalonModel *) models->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

/* What is in the user's models, hidden names included. */
static guint
count_user_entries (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->user, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_import (fixture->reference, NULL, NULL, &error);
  g_autoptr (KalonModel) again = NULL;
  g_autoptr (KalonModel) found = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *reference_hash = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, REFERENCE);
  g_assert_true (model->removable);
  g_assert_cmpuint (model->size, >, 0);
  g_assert_true (is_listed (REFERENCE));
  g_assert_cmpuint (count_user_entries (fixture), ==, 1);

  g_assert_true (kalon_models_verify (model, &hash, NULL, &error));
  g_assert_no_error (error);
  reference_hash = kalon_model_dup_hash (fixture->reference, NULL, &error);
  g_assert_cmpstr (hash, ==, reference_hash);

  again = kalon_models_import (fixture->reference, NULL, NULL, &error);
  g_assert_null (again);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);

  found = kalon_models_find (REFERENCE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->directory, ==, model->directory);

  g_assert_true (kalon_models_remove (REFERENCE, &error));
  g_assert_no_error (error);
  g_assert_false (is_listed (REFERENCE));
  g_assert_cmpuint (count_user_entries (fixture), ==, 0);
}

/* What was measured of a model goes with it, and changes nothing of its hash. */
static void
test_calibration (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *hash = kalon_model_dup_hash (fixture->reference, NULL, NULL);
  g_autofree char *calibrated_hash = NULL;
  g_autofree char *again_hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_import (fixture->reference, "plain", NULL, &error);
  g_autoptr (KalonModel) again = NULL;

  g_assert_no_error (error);
  g_assert_false (model->calibration->measured);
  g_assert_cmpuint (model->calibration->strictness, ==, KALON_DEFAULT_STRICTNESS);

  path = g_build_filename (model->directory, KALON_CALIBRATION_FILE, NULL);
  g_assert_true (g_file_set_contents (path, "{\"version\": 1, \"strictness\": 55}", -1, NULL));
  calibrated_hash = kalon_model_dup_hash (model->directory, NULL, NULL);
  g_assert_cmpstr (calibrated_hash, ==, hash);

  again = kalon_models_import (model->directory, "again", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (again->calibration->measured);
  g_assert_cmpuint (again->calibration->strictness, ==, 55);
  again_hash = kalon_model_dup_hash (again->directory, NULL, NULL);
  g_assert_cmpstr (again_hash, ==, hash);

  g_assert_true (g_file_set_contents (path, "{\"version\": 1, \"strictness\": 555}", -1, NULL));
  g_assert_null (kalon_models_find ("plain", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (kalon_models_import (model->directory, "third", NULL, &error));
  g_assert_nonnull (strstr (error->message, "strictness is 555"));
  g_assert_cmpuint (count_user_entries (fixture), ==, 2);
}

static void
test_ids (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *given;
    const char *id;
  } cases[] = {
    { "plain-1.0_x", "plain-1.0_x" }, { "../../up", "up" },
    { ".hidden", "hidden" },          { "two words/and more", "two-words-and-more" },
    { "\xff\xc3x\xff", "x-" },
  };
  static const char *const nothing[] = { "", "...", "/", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonModel) model
          = kalon_models_import (fixture->reference, cases[i].given, NULL, &error);
      g_autofree char *parent = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (model->id, ==, cases[i].id);
      parent = g_path_get_dirname (model->directory);
      g_assert_cmpstr (parent, ==, fixture->user);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_models_import (fixture->reference, nothing[i], NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
}

/* The hub's cache: a snapshot of links, named by commit; the model's name is further up. */
static void
test_hub_cache (Fixture *fixture, gconstpointer data)
{
  static const char *const names[]
      = { "config.json", "model.safetensors", "vocab.json", "merges.txt" };
  g_autoptr (GError) error = NULL;
  g_autofree char *cache = g_dir_make_tmp ("kalon-test-XXXXXX", &error);
  g_autofree char *snapshot
      = g_build_filename (cache, "models--someone--clip-small", "snapshots", "0123abcd", NULL);
  g_autoptr (KalonModel) model = NULL;
  g_autofree char *weights = NULL;

  g_assert_cmpint (g_mkdir_with_parents (snapshot, 0755), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *target = g_build_filename (fixture->reference, names[i], NULL);
      g_autofree char *path = g_build_filename (snapshot, names[i], NULL);
      g_autoptr (GFile) link = g_file_new_for_path (path);

      g_file_make_symbolic_link (link, target, NULL, &error);
      g_assert_no_error (error);
    }
  model = kalon_models_import (snapshot, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, "clip-small");
  weights = g_build_filename (model->directory, "model.safetensors", NULL);
  g_assert_false (g_file_test (weights, G_FILE_TEST_IS_SYMLINK));
  remove_all (cache);
}

/* Nothing of a model that is refused, or of an import that is cancelled, stays behind. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *empty = g_dir_make_tmp ("kalon-test-XXXXXX", &error);

  g_assert_null (kalon_models_import (empty, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "config.json"));
  g_clear_error (&error);

  g_assert_null (kalon_models_import ("/nowhere", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (kalon_models_import (fixture->reference, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_user_entries (fixture), ==, 0);
  remove_all (empty);
}

static void
test_search_path (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_path_get_dirname (fixture->reference);
  g_autoptr (KalonModel) model = NULL;

  g_assert_null (kalon_models_find (REFERENCE, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);

  g_setenv ("KALON_MODELS_PATH", root, TRUE);
  model = kalon_models_find (REFERENCE, &error);
  g_assert_no_error (error);
  g_assert_false (model->removable);
  g_assert_true (is_listed (REFERENCE));

  g_assert_false (kalon_models_remove (REFERENCE, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_true (g_file_test (fixture->reference, G_FILE_TEST_IS_DIR));
}

static void
test_by_path (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *slash = g_strconcat (fixture->reference, "/", NULL);
  g_autoptr (KalonModel) model = kalon_models_find (slash, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, REFERENCE);
  g_assert_false (model->removable);
  g_assert_null (kalon_models_find ("..", NULL));
  g_assert_null (kalon_models_find ("", NULL));
}

/* A linked model is let go of; what the link points at stays. */
static void
test_remove_link (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->user, "linked", NULL);
  g_autofree char *config = g_build_filename (fixture->reference, "config.json", NULL);
  g_autoptr (GFile) link = g_file_new_for_path (path);

  g_assert_cmpint (g_mkdir_with_parents (fixture->user, 0755), ==, 0);
  g_file_make_symbolic_link (link, fixture->reference, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_models_remove ("linked", &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (config, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_user_entries (fixture), ==, 0);
}

#define ADD(name, function) g_test_add ("/models/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("import", test_import);
  ADD ("calibration", test_calibration);
  ADD ("ids", test_ids);
  ADD ("hub-cache", test_hub_cache);
  ADD ("refused", test_refused);
  ADD ("search-path", test_search_path);
  ADD ("by-path", test_by_path);
  ADD ("remove-link", test_remove_link);
  return g_test_run ();
}
