/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include <glib/gstdio.h>

#include "calibration/kalon-calibration.h"
#include "settings/kalon-settings.h"

static void
make_model_services (const KalonModel *model, const char *device_name, KalonModelServices *services,
                     gpointer user_data)
{
  WindowFixture *fixture = user_data;

  services->searcher = kalon_searcher_new (fixture->library, model->directory, device_name);
  services->indexer = kalon_indexer_new (fixture->library, model->directory, device_name);
  services->aligner = kalon_aligner_new (fixture->library, model->directory, device_name);
}

void
window_open (WindowFixture *fixture, gboolean with_model)
{
  g_autofree char *model
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  g_autoptr (KalonIndexer) indexer = NULL;
  g_autoptr (KalonAligner) aligner = NULL;
  const char *problem = with_model ? NULL : "There is no model “missing”.";

  if (with_model)
    {
      fixture->searcher = kalon_searcher_new (fixture->library, model, "none");
      indexer = kalon_indexer_new (fixture->library, model, "none");
      aligner = kalon_aligner_new (fixture->library, model, "none");
    }
  fixture->catalogue = kalon_catalogue_new (fixture->library, with_model ? model : NULL);
  fixture->indexing = kalon_indexing_new (indexer, problem);
  fixture->thumbnails = kalon_thumbnail_queue_new_for_library (fixture->library);
  fixture->thumbs = kalon_thumbs_new (fixture->library);
  fixture->settings = kalon_settings_new ();
  fixture->boards = kalon_boards_new (fixture->library);
  fixture->words = kalon_words_new (fixture->settings, NULL);
  fixture->history = kalon_history_new (fixture->library);
  fixture->aligning = kalon_aligning_new (fixture->library, aligner, problem);
  fixture->rivals
      = kalon_rivals_new (fixture->library, "none", with_model ? model : NULL, fixture->searcher);
  /* A moderate cut of random similarities would be left to chance. */
  fixture->operations = kalon_operations_new ();
  fixture->indexing_operation
      = kalon_indexing_operation_new (fixture->indexing, fixture->operations);
  if (fixture->watch != NULL)
    {
      fixture->watching = kalon_watching_new (fixture->watch, fixture->catalogue, fixture->indexing,
                                              fixture->settings);
      kalon_watching_start (fixture->watching);
    }
  g_settings_set_int (fixture->settings, KALON_SETTING_STRICTNESS, 0);
  g_settings_set_boolean (fixture->settings, KALON_SETTING_SHOW_DETAILS, FALSE);
  fixture->models = kalon_model_list_new (fixture->operations);
  fixture->session = kalon_session_new (&(KalonSessionServices){
      .library_directory = fixture->library,
      .device_name = "none",
      .settings = fixture->settings,
      .catalogue = fixture->catalogue,
      .searcher = fixture->searcher,
      .model_id = with_model ? model : NULL,
      .model_directory = with_model ? model : NULL,
      .model_problem = problem,
      .model_strictness = KALON_DEFAULT_STRICTNESS,
      .indexing = fixture->indexing,
      .thumbnails = fixture->thumbnails,
      .thumbs = fixture->thumbs,
      .words = fixture->words,
      .history = fixture->history,
      .models = fixture->models,
      .make_model_services = make_model_services,
      .make_data = fixture,
      .aligning = fixture->aligning,
      .boards = fixture->boards,
      .operations = fixture->operations,
      .watching = fixture->watching,
      .rivals = fixture->rivals,
  });
  fixture->window = g_object_new (KALON_TYPE_WINDOW, "session", fixture->session, NULL);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

void
window_close (WindowFixture *fixture)
{
  kalon_indexing_stop (fixture->indexing);
  kalon_aligning_stop (fixture->aligning);
  wait_until (!kalon_indexing_is_running (fixture->indexing)
              && !kalon_aligning_is_running (fixture->aligning));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  wait_until (fixture->window == NULL);
  display_finalize (fixture->session);
  if (fixture->watching != NULL)
    display_finalize (g_steal_pointer (&fixture->watching));
  display_finalize (fixture->indexing_operation);
  display_finalize (fixture->models);
  display_finalize (fixture->operations);
  g_clear_object (&fixture->settings);
  display_finalize (fixture->words);
  display_finalize (fixture->history);
  display_finalize (fixture->aligning);
  display_finalize (fixture->boards);
  display_finalize (fixture->rivals);
  /* Before the thumbs: it holds on to the model, and that to them. */
  display_finalize (fixture->thumbnails);
  display_finalize (fixture->thumbs);
  display_finalize (fixture->indexing);
  display_finalize (fixture->catalogue);
  if (fixture->searcher != NULL)
    display_finalize (fixture->searcher);
}

void
window_set_up (WindowFixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-window-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->library = g_build_filename (fixture->directory, "library", NULL);
  fixture->folder = g_build_filename (fixture->directory, "pictures", NULL);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
  window_open (fixture, data == NULL);
}

void
window_tear_down (WindowFixture *fixture, gconstpointer data)
{
  window_close (fixture);
  display_remove_folder (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->library);
  g_free (fixture->folder);
}

void
window_fill_folder (WindowFixture *fixture)
{
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture %02u.png", i);

      display_write_picture (fixture->folder, name, (guint8) (i * 20), (guint8) (i * i * 3),
                             (guint8) (i * 7));
    }
}

guint
window_get_n_shown (WindowFixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (kalon_search_get_model (fixture->window->search)));
}

void
window_index_folder (WindowFixture *fixture, const char *folder)
{
  kalon_window_add_folders (fixture->window, (const char *const[]){ folder, NULL });
  wait_until (!kalon_indexing_is_running (fixture->indexing));
}

void
window_ask_for_size (WindowFixture *fixture, int width, int height)
{
  int had, had_height;

  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &had, &had_height);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), had == width ? width + 1 : width,
                               height);
}
