/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jobs/kalon-jobs.h"

/* An object with a worker; its data are counters. */
typedef struct
{
  GObject *object;
  KalonWorker *worker;
  gboolean refuse; /* to prepare */
  GString *order;  /* of the questions that were asked */
  GMutex gate;     /* a question named "gate" waits for it */
} Fixture;

static gboolean
prepare (gpointer object, GError **error)
{
  const Fixture *fixture = g_object_get_data (object, "fixture");

  if (!fixture->refuse)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Not now.");
  return FALSE;
}

static gpointer
ask_echo (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  Fixture *fixture = g_object_get_data (object, "fixture");

  if (g_str_equal (argument, "gate"))
    {
      g_mutex_lock (&fixture->gate);
      g_mutex_unlock (&fixture->gate);
    }
  g_string_append (fixture->order, argument);
  if (!g_str_equal (argument, "bad"))
    return g_strdup (argument);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Bad.");
  return NULL;
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (result));
}

static void
ask (Fixture *fixture, const char *text, GCancellable *cancellable, GPtrArray *results)
{
  kalon_worker_ask (fixture->worker, fixture->object, ask, ask_echo, g_strdup (text), g_free,
                    g_free, cancellable, answered_cb, results);
}

static char *
answer (Fixture *fixture, GPtrArray *results, guint n, GError **error)
{
  while (results->len <= n)
    g_main_context_iteration (NULL, TRUE);
  return kalon_worker_answer (fixture->object, ask, g_ptr_array_index (results, n), error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->object = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data (fixture->object, "fixture", fixture);
  fixture->worker = kalon_worker_new (prepare);
  fixture->order = g_string_new (NULL);
  g_mutex_init (&fixture->gate);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  kalon_worker_free (fixture->worker);
  g_object_unref (fixture->object);
  g_string_free (fixture->order, TRUE);
  g_mutex_clear (&fixture->gate);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    ask (fixture, ((const char *[]){ "a", "bad", "c" })[i], NULL, results);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *text = answer (fixture, results, i, &error);

      if (i == 1)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      else
        g_assert_cmpstr (text, ==, i == 0 ? "a" : "c");
      g_clear_error (&error);
    }
  g_assert_cmpstr (fixture->order->str, ==, "abadc");
}

static void
test_prepare (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  fixture->refuse = TRUE;
  ask (fixture, "a", NULL, results);
  g_assert_null (answer (fixture, results, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  fixture->refuse = FALSE;
  ask (fixture, "b", NULL, results);
  text = answer (fixture, results, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "b");
  g_assert_cmpstr (fixture->order->str, ==, "b");
}

/* One that nobody wants any more when its turn comes is not asked. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_mutex_lock (&fixture->gate);
  ask (fixture, "gate", NULL, results);
  ask (fixture, "late", cancellable, results);
  g_cancellable_cancel (cancellable);
  g_mutex_unlock (&fixture->gate);
  text = answer (fixture, results, 0, &error);
  g_assert_cmpstr (text, ==, "gate");
  g_assert_null (answer (fixture, results, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (fixture->order->str, ==, "gate");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/jobs/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/jobs/prepare", Fixture, NULL, set_up, test_prepare, tear_down);
  g_test_add ("/jobs/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
