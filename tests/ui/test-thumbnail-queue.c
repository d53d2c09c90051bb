/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display.h"

/* A loader that writes down what it is asked for and can be held up. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean held;
  guint n_running, max_running, n_cancelled;
  GArray *started; /* gint64 */
} Loader;

static GdkTexture *
load (gint64 id, KalonPicture **picture, gpointer user_data, GCancellable *cancellable,
      GError **error)
{
  Loader *loader = user_data;
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (100 * 100 * 3), 100 * 100 * 3);
  gboolean cancelled;

  g_mutex_lock (&loader->mutex);
  g_array_append_val (loader->started, id);
  loader->n_running++;
  loader->max_running = MAX (loader->max_running, loader->n_running);
  while (loader->held)
    g_cond_wait (&loader->cond, &loader->mutex);
  loader->n_running--;
  cancelled = g_cancellable_set_error_if_cancelled (cancellable, error);
  loader->n_cancelled += cancelled;
  g_mutex_unlock (&loader->mutex);
  return cancelled ? NULL : gdk_memory_texture_new (100, 100, GDK_MEMORY_R8G8B8, bytes, 300);
}

static guint
get_n_started (Loader *loader)
{
  guint n;

  g_mutex_lock (&loader->mutex);
  n = loader->started->len;
  g_mutex_unlock (&loader->mutex);
  return n;
}

static void
hold (Loader *loader, gboolean held)
{
  g_mutex_lock (&loader->mutex);
  loader->held = held;
  g_cond_broadcast (&loader->cond);
  g_mutex_unlock (&loader->mutex);
}

typedef struct
{
  Loader loader;
  KalonThumbnailQueue *queue;
  KalonResultsModel *model;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GArray) ids = display_create_ids (100000);

  fixture->loader.started = g_array_new (FALSE, FALSE, sizeof (gint64));
  fixture->queue = kalon_thumbnail_queue_new (load, &fixture->loader, NULL);
  fixture->model = kalon_results_model_new ();
  kalon_results_model_set_pictures (fixture->model, ids);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  display_finalize (fixture->queue);
  g_assert_finalize_object (fixture->model);
  g_array_unref (fixture->loader.started);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  Loader *loader = &fixture->loader;

  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 1000, 20);
  wait_until (get_n_started (loader) == 60);
  display_run_for (100);
  /* One screen and its two neighbours, and nothing else of the 100,000. */
  g_assert_cmpuint (get_n_started (loader), ==, 60);
  for (guint i = 0; i < 60; i++)
    {
      gint64 id = g_array_index (loader->started, gint64, i);

      /* What is visible is started before what is not; workers may swap neighbours. */
      if (i < 20 - loader->max_running)
        g_assert_true (id >= 1001 && id <= 1020);
      g_assert_true (id >= 981 && id <= 1040);
    }
  g_assert_cmpuint (loader->max_running, <=, 6);
}

static void
test_jump (Fixture *fixture, gconstpointer data)
{
  Loader *loader = &fixture->loader;
  guint n_under_way;

  hold (loader, TRUE);
  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 0, 20);
  wait_until (get_n_started (loader) >= 2);
  n_under_way = get_n_started (loader);
  /* Somewhere else before any of it arrived, many times: only the last place counts. */
  for (guint position = 1000; position <= 50000; position += 1000)
    kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, position, 20);
  hold (loader, FALSE);
  wait_until (get_n_started (loader) == n_under_way + 60);
  display_run_for (100);
  g_assert_cmpuint (get_n_started (loader), ==, n_under_way + 60);
  g_assert_cmpuint (loader->n_cancelled, ==, n_under_way);
  for (guint i = n_under_way; i < loader->started->len; i++)
    g_assert_cmpint (g_array_index (loader->started, gint64, i), >, 49000);
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  /* 100 x 100 textures count 40,000 bytes: 30 of them, where a range wants 30. */
  const gsize limit = 31 * 40000;
  g_autoptr (KalonResultItem) first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);
  gsize largest = 0;

  kalon_thumbnail_queue_set_limit (fixture->queue, limit);
  for (guint i = 0; i < 10; i++)
    {
      guint n_before = get_n_started (&fixture->loader);

      kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, i * 100, 10);
      wait_until (get_n_started (&fixture->loader) >= n_before + 20);
      display_run_for (50);
      largest = MAX (largest, kalon_thumbnail_queue_get_size (fixture->queue));
      if (i == 0)
        g_assert_nonnull (kalon_result_item_get_texture (first));
    }
  g_assert_cmpuint (largest, <=, limit + 40000);
  g_assert_cmpuint (largest, >, 20 * 40000);
  /* What went is also taken from an item that somebody holds. */
  g_assert_null (kalon_result_item_get_texture (first));
}

static void
test_fill_and_refresh (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonResultItem) item = NULL;
  g_autoptr (GdkTexture) old = NULL;
  KalonResultItem *temporary;

  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 0, 10);
  wait_until (get_n_started (&fixture->loader) == 20);
  display_run_for (50);

  /* An item made afterwards is filled at once. */
  temporary = g_list_model_get_item (G_LIST_MODEL (fixture->model), 5);
  kalon_thumbnail_queue_fill (fixture->queue, temporary);
  g_assert_nonnull (kalon_result_item_get_texture (temporary));
  g_assert_finalize_object (temporary);

  /* Known pictures are not loaded again, unless their files changed. */
  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 0, 10);
  display_run_for (50);
  g_assert_cmpuint (get_n_started (&fixture->loader), ==, 20);
  item = g_list_model_get_item (G_LIST_MODEL (fixture->model), 5);
  kalon_thumbnail_queue_fill (fixture->queue, item);
  old = g_object_ref (kalon_result_item_get_texture (item));
  kalon_thumbnail_queue_refresh (fixture->queue);
  g_assert_true (kalon_result_item_get_texture (item) == old);
  wait_until (get_n_started (&fixture->loader) == 40);
  wait_until (kalon_result_item_get_texture (item) != old);
}

static void
test_failure (void)
{
  g_autoptr (KalonThumbnailQueue) queue = display_create_thumbnails ();
  g_autoptr (KalonResultsModel) model = kalon_results_model_new ();
  g_autoptr (GArray) ids = display_create_ids (60);
  g_autoptr (KalonResultItem) item = NULL;

  kalon_results_model_set_pictures (model, ids);
  item = g_list_model_get_item (G_LIST_MODEL (model), 49);
  kalon_thumbnail_queue_set_range (queue, model, 40, 15);
  wait_until (kalon_result_item_get_failure (item) != NULL);
  g_assert_cmpstr (kalon_result_item_get_failure (item), ==, "Picture 50 is gone");
  g_assert_null (kalon_result_item_get_texture (item));
  /* What the catalogue knew is kept: the name can still be told. */
  g_assert_cmpstr (kalon_result_item_get_picture (item)->path, ==, "/nowhere/50.jpeg");
}

/* Two grids beside each other: both get their thumbnails, one that goes takes nothing from the
 * other. */
static void
test_two_grids (Fixture *fixture, gconstpointer data)
{
  KalonResultsModel *other = kalon_results_model_new ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (KalonResultItem) here = NULL;
  g_autoptr (KalonResultItem) there = NULL;
  g_autoptr (KalonResultItem) late = NULL;

  for (gint64 id = 20; id > 0; id--)
    g_array_append_val (ids, id);
  kalon_results_model_set_pictures (other, ids);
  here = g_list_model_get_item (G_LIST_MODEL (fixture->model), 2);
  there = g_list_model_get_item (G_LIST_MODEL (other), 17); /* the same picture */
  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 0, 4);
  kalon_thumbnail_queue_set_range (fixture->queue, other, 0, 4);
  wait_until (kalon_result_item_get_texture (here) != NULL);
  g_assert_true (kalon_result_item_get_texture (there) == kalon_result_item_get_texture (here));
  /* Each id was asked for once, those of both grids. */
  wait_until (get_n_started (&fixture->loader) == 16);
  display_run_for (50);
  g_assert_cmpuint (get_n_started (&fixture->loader), ==, 16);

  /* A cell that was bound before its grid was followed is filled with what is at hand. */
  late = g_list_model_get_item (G_LIST_MODEL (other), 0);
  g_assert_null (kalon_result_item_get_texture (late));
  kalon_thumbnail_queue_set_range (fixture->queue, other, 0, 4);
  g_assert_nonnull (kalon_result_item_get_texture (late));

  /* Without the other grid its range is wanted no more, and is the first to go. */
  g_clear_object (&there);
  g_clear_object (&late);
  g_assert_finalize_object (other);
  kalon_thumbnail_queue_set_range (fixture->queue, fixture->model, 0, 4);
  kalon_thumbnail_queue_set_limit (fixture->queue, 1);
  g_assert_cmpuint (kalon_thumbnail_queue_get_size (fixture->queue), <, 9 * 42000);
  g_assert_nonnull (kalon_result_item_get_texture (here));
}

int
main (int argc, char **argv)
{
  display_init (&argc, &argv);
  g_test_add ("/thumbnail-queue/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/thumbnail-queue/jump", Fixture, NULL, set_up, test_jump, tear_down);
  g_test_add ("/thumbnail-queue/limit", Fixture, NULL, set_up, test_limit, tear_down);
  g_test_add ("/thumbnail-queue/fill-and-refresh", Fixture, NULL, set_up, test_fill_and_refresh,
              tear_down);
  g_test_add ("/thumbnail-queue/two-grids", Fixture, NULL, set_up, test_two_grids, tear_down);
  g_test_add_func ("/thumbnail-queue/failure", test_failure);
  return g_test_run ();
}
