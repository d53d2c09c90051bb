/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub-server.h"

#include "aesthetics/kalon-aesthetics.h"
#include "errors/kalon-errors.h"
#include "models/models-transfer-private.h"
#include "test-folders.h"

#include <libsoup/soup.h>
#include <sys/stat.h>
#include <unistd.h>

#define REPOSITORY "someone/tiny-clip"
#define ID "tiny-clip"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

typedef struct
{
  char *reference; /* what the hub has */
  char *home;      /* of the user's models and heads */
  char *models;
  char *staging;
  char *part; /* of model.safetensors */
  gsize size; /* of model.safetensors */
  Hub *hub;
  SoupSession *session;
  KalonDownloadOptions options;
  GCancellable *cancellable;
} Fixture;

static void
set_hub (Fixture *fixture, const char *path)
{
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u%s", fixture->hub->port, path);

  g_setenv ("KALON_MODEL_HUB", address, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *weights = NULL;
  GStatBuf status;

  fixture->reference
      = g_test_build_filename (G_TEST_DIST, "reference", "models", "quick-gelu-p16-f32", NULL);
  weights = g_build_filename (fixture->reference, "model.safetensors", NULL);
  g_assert_cmpint (g_stat (weights, &status), ==, 0);
  fixture->size = (gsize) status.st_size;
  fixture->home = g_build_filename (g_get_user_data_dir (), "kalon", NULL);
  fixture->models = g_build_filename (fixture->home, "models", NULL);
  fixture->staging = g_build_filename (fixture->models, ".download-" ID, NULL);
  fixture->part = g_build_filename (fixture->staging, "model.safetensors.part", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->models, 0700), ==, 0);
  fixture->hub = hub_new (fixture->reference);
  fixture->session = soup_session_new ();
  fixture->options.retry_delay = 1;
  fixture->cancellable = g_cancellable_new ();
  set_hub (fixture, "/hub");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->session);
  hub_free (fixture->hub);
  g_object_unref (fixture->cancellable);
  remove_tree (fixture->home);
  g_free (fixture->reference);
  g_free (fixture->home);
  g_free (fixture->models);
  g_free (fixture->staging);
  g_free (fixture->part);
}

/* How the hub answers the next @times requests for the weights. */
static void
set_conduct (Fixture *fixture, HubConduct conduct, guint times)
{
  g_mutex_lock (&fixture->hub->lock);
  fixture->hub->conduct = conduct;
  fixture->hub->times = times;
  g_mutex_unlock (&fixture->hub->lock);
}

static char *
download_with (Fixture *fixture, KalonDownloadFunc func, GError **error)
{
  g_autoptr (KalonDownload) download = kalon_models_prepare_with (
      REPOSITORY, NULL, &fixture->options, fixture->session, fixture->cancellable, error);

  if (download == NULL)
    return NULL;
  g_assert_cmpstr (download->id, ==, ID);
  g_assert_cmpstr (download->host, ==, "127.0.0.1");
  return kalon_models_download_with (download, &fixture->options, fixture->session, func, fixture,
                                     fixture->cancellable, error);
}

static gsize
get_part_size (Fixture *fixture)
{
  GStatBuf status;

  return g_stat (fixture->part, &status) == 0 ? (gsize) status.st_size : 0;
}

/* All is there, byte for byte, and nothing beside it. */
static void
assert_installed (Fixture *fixture, const char *path)
{
  static const char *const names[] = { "config.json", "model.safetensors", "vocab.json",
                                       "merges.txt", "preprocessor_config.json" };
  g_autofree char *expected = g_build_filename (fixture->models, ID, NULL);

  g_assert_cmpstr (path, ==, expected);
  g_assert_false (g_file_test (fixture->staging, G_FILE_TEST_EXISTS));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *source = g_build_filename (fixture->reference, names[i], NULL);
      g_autofree char *target = g_build_filename (path, names[i], NULL);
      g_autofree char *wanted = NULL;
      g_autofree char *found = NULL;
      gsize wanted_length, found_length;

      g_assert_true (g_file_get_contents (source, &wanted, &wanted_length, NULL));
      g_assert_true (g_file_get_contents (target, &found, &found_length, NULL));
      g_assert_cmpmem (found, found_length, wanted, wanted_length);
    }
}

static void
assert_downloads (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = download_with (fixture, NULL, &error);

  g_assert_no_error (error);
  assert_installed (fixture, path);
}

/* Nothing of it is among the models. @is_kept: whether a next attempt goes on with what came */
static void
assert_refused (Fixture *fixture, int code, const char *text, gboolean is_kept)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = download_with (fixture, NULL, &error);
  g_autofree char *target = g_build_filename (fixture->models, ID, NULL);

  g_assert_null (path);
  g_assert_error (error, KALON_ERROR, code);
  if (strstr (error->message, text) == NULL)
    g_error ("“%s” is not in “%s”", text, error->message);
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_file_test (fixture->part, G_FILE_TEST_EXISTS), ==, is_kept);
}

static void
note_progress (const KalonDownloadProgress *progress, gpointer user_data)
{
  Fixture *fixture = user_data;
  guint64 *last = g_object_get_data (G_OBJECT (fixture->session), "last");

  g_assert_cmpuint (progress->total, >, fixture->size);
  g_assert_cmpuint (progress->done, <=, progress->total);
  g_assert_cmpuint (progress->done, >=, *last);
  *last = progress->file != NULL ? progress->done : G_MAXUINT64;
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 last = 0;
  g_autoptr (KalonDownload) again = NULL;
  g_autofree char *path = NULL;

  g_object_set_data (G_OBJECT (fixture->session), "last", &last);
  path = download_with (fixture, note_progress, &error);
  g_assert_no_error (error);
  assert_installed (fixture, path);
  g_assert_cmpuint (last, ==, G_MAXUINT64);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 1);
  g_assert_null (fixture->hub->range);

  again = kalon_models_prepare_download (REPOSITORY, NULL, fixture->session, NULL, &error);
  g_assert_null (again);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

/* What was downloaded is known again, and a change of it is found. */
static void
test_receipt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = download_with (fixture, NULL, &error);
  g_autofree char *receipt = g_build_filename (path, "download.json", NULL);
  g_autofree char *merges = g_build_filename (path, "merges.txt", NULL);
  g_autofree char *content = NULL;
  g_autofree char *changed = NULL;
  g_autoptr (KalonModel) model = kalon_models_find (ID, &error);
  g_autoptr (KalonModel) copy = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (receipt, &content, NULL, &error));
  g_assert_nonnull (strstr (content, "\"repository\" : \"" REPOSITORY "\""));
  g_assert_nonnull (strstr (content, "\"commit\" : \"" COMMIT "\""));
  g_assert_nonnull (strstr (content, "\"revision\" : \"main\""));
  g_assert_true (kalon_models_verify (model, NULL, NULL, &error));
  g_assert_no_error (error);
  copy = kalon_models_import (path, "copy", NULL, &error);
  g_assert_no_error (error);

  /* A line more in the merges is still a vocabulary. */
  g_clear_pointer (&content, g_free);
  g_assert_true (g_file_get_contents (merges, &content, NULL, &error));
  changed = g_strconcat (content, "\n", NULL);
  g_assert_true (g_file_set_contents (merges, changed, -1, &error));
  g_assert_false (kalon_models_verify (model, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "merges.txt"));
  g_clear_error (&error);

  g_assert_true (
      g_file_set_contents (receipt, "{\"version\": 1, \"files\": {\"../x\": {}}}", -1, &error));
  g_assert_false (kalon_models_verify (model, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (receipt, "{\"version\": 2, \"files\": {}}", -1, &error));
  g_assert_false (kalon_models_verify (model, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (receipt), ==, 0);
  g_assert_true (kalon_models_verify (model, NULL, NULL, &error));
}

static void
assert_goes_on_from (Fixture *fixture, gsize first)
{
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GSIZE_FORMAT "-", first);

  g_assert_cmpstr (fixture->hub->range, ==, range);
  g_assert_cmpstr (fixture->hub->if_range, ==, fixture->hub->etag);
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_CUTS, 1);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 2);
  assert_goes_on_from (fixture, fixture->size / 2);
}

/* Given up after a few cuts in a row; the next download asks for the rest only. */
static void
test_cut_always (Fixture *fixture, gconstpointer data)
{
  gsize size;

  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "goes on where it was", TRUE);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 5);
  size = get_part_size (fixture);
  g_assert_cmpuint (size, >, fixture->size / 2);
  g_assert_cmpuint (size, <, fixture->size);

  set_conduct (fixture, HUB_SERVES, 0);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 6);
  assert_goes_on_from (fixture, size);
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_RESETS, 2);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, >=, 3);
}

static void
test_lengths (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_SAYS_TOO_SHORT, 1);
  assert_refused (fixture, KALON_ERROR_SERVICE, "another length", FALSE);
  set_conduct (fixture, HUB_SAYS_TOO_LONG, 1);
  assert_refused (fixture, KALON_ERROR_SERVICE, "another length", FALSE);
  set_conduct (fixture, HUB_CHUNKS_MORE, 1);
  assert_refused (fixture, KALON_ERROR_SERVICE, "sends more", FALSE);
  set_conduct (fixture, HUB_SERVES, 0);
  assert_downloads (fixture);
}

static void
test_wrong_bytes (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_ALTERS, 1);
  assert_refused (fixture, KALON_ERROR_INVALID_DATA, "hash is another one", FALSE);
  assert_downloads (fixture);
}

/* A part that was changed on disk is found out at the end, not installed. */
static void
test_changed_part (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = NULL;
  gsize length;

  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "goes on where it was", TRUE);
  g_assert_true (g_file_get_contents (fixture->part, &content, &length, NULL));
  content[length - 1] ^= 1;
  g_assert_true (g_file_set_contents (fixture->part, content, (gssize) length, NULL));
  set_conduct (fixture, HUB_SERVES, 0);
  assert_refused (fixture, KALON_ERROR_INVALID_DATA, "hash is another one", FALSE);
  assert_downloads (fixture);
}

static void
test_range_ignored (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  set_conduct (fixture, HUB_IGNORES_RANGE, 1);
  assert_downloads (fixture);
  g_assert_nonnull (fixture->hub->range);
}

static void
test_range_shifted (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  set_conduct (fixture, HUB_SHIFTS_RANGE, 1);
  assert_downloads (fixture);
  g_assert_null (fixture->hub->range);
  g_assert_true (kalon_models_remove (ID, NULL));

  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  set_conduct (fixture, HUB_MIXES, 1);
  assert_downloads (fixture);
  g_assert_null (fixture->hub->range);
}

static void
test_etag_changes (Fixture *fixture, gconstpointer data)
{
  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  set_conduct (fixture, HUB_SERVES, 0);
  fixture->hub->etag = "\"second\"";
  assert_downloads (fixture);
  g_assert_cmpstr (fixture->hub->if_range, ==, "\"first\"");
}

/* Without an ETag that is good for it, a part is not gone on with. */
static void
test_weak_etag (Fixture *fixture, gconstpointer data)
{
  fixture->hub->etag = "W/\"weak\"";
  set_conduct (fixture, HUB_CUTS, 1);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 2);
  g_assert_null (fixture->hub->range);
}

static void
test_plain_mirror (Fixture *fixture, gconstpointer data)
{
  fixture->hub->is_plain = TRUE;
  set_hub (fixture, "/hub/");
  assert_downloads (fixture);
}

/* A mirror that has an unsound model, and hashes to match. */
static void
test_unsound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (fixture->home, "mirror", NULL);
  g_autofree char *weights = g_build_filename (folder, "model.safetensors", NULL);

  copy_folder (fixture->reference, folder);
  g_assert_cmpint (truncate (weights, (off_t) fixture->size - 8), ==, 0);
  g_free (fixture->hub->folder);
  fixture->hub->folder = g_strdup (folder);
  assert_refused (fixture, KALON_ERROR_INVALID_DATA, "no model that Kalon can use", FALSE);
  g_assert_false (g_file_test (fixture->staging, G_FILE_TEST_EXISTS));
}

/* What is no CLIP is found out before its weights are asked for. */
static void
test_other_kind (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->home, "mirror", NULL);
  g_autofree char *config = g_build_filename (folder, "config.json", NULL);

  copy_folder (fixture->reference, folder);
  g_assert_true (g_file_set_contents (config, "{\"model_type\": \"bert\"}", -1, NULL));
  g_free (fixture->hub->folder);
  fixture->hub->folder = g_strdup (folder);
  assert_refused (fixture, KALON_ERROR_UNSUPPORTED, "no model that Kalon can use", FALSE);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 0);
  g_assert_false (g_file_test (fixture->staging, G_FILE_TEST_EXISTS));
}

static void
test_redirects (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other
      = g_strdup_printf ("http://localhost:%u/store/model.safetensors", fixture->hub->other_port);
  static const char *const unsafe[] = {
    "file:///etc/passwd", "http://192.0.2.1/model.safetensors",
    "ftp://127.0.0.1/x",  "https://user:password@127.0.0.1/x",
    "http:///x",          "//192.0.2.1/x",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (unsafe); i++)
    {
      fixture->hub->location = unsafe[i];
      assert_refused (fixture, KALON_ERROR_SERVICE, "not safe to follow", TRUE);
    }
  fixture->hub->location = "/hub/" REPOSITORY "/resolve/main/model.safetensors";
  assert_refused (fixture, KALON_ERROR_SERVICE, "more than 5 times", TRUE);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 0);

  fixture->hub->location = other;
  assert_downloads (fixture);
}

/* What cannot be tried without a certificate. */
static void
test_follow (void)
{
  static const struct
  {
    const char *from;
    const char *location;
    const char *to; /* %NULL: refused */
  } cases[] = {
    { "https://a.example/x/y", "/z", "https://a.example/z" },
    { "https://a.example/x/y", "z?w=1", "https://a.example/x/z?w=1" },
    { "https://a.example/x", "https://b.example/z", "https://b.example/z" },
    { "https://a.example/x", "http://a.example/x", NULL },
    { "https://a.example/x", "http://127.0.0.1/x", NULL },
    { "https://a.example/x", "http://localhost/x", NULL },
    { "https://a.example/x", "https://u@b.example/z", NULL },
    { "https://a.example/x", "data:,x", NULL },
    { "https://a.example/x", "", "https://a.example/x" },
    { "https://a.example/x", NULL, NULL },
    { "http://[::1]:8080/x", "http://127.0.0.1:1/x", "http://127.0.0.1:1/x" },
    { "http://[::1]:8080/x", "https://b.example/x", "https://b.example/x" },
    { "http://[::1]:8080/x", "http://127.0.0.1.example/x", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) from = g_uri_parse (cases[i].from, SOUP_HTTP_URI_FLAGS, NULL);
      g_autoptr (GUri) to = kalon_address_follow (from, cases[i].location, &error);
      g_autofree char *text = to != NULL ? g_uri_to_string (to) : NULL;

      g_assert_cmpstr (text, ==, cases[i].to);
      if (cases[i].to == NULL)
        g_assert_error (error, KALON_ERROR, KALON_ERROR_SERVICE);
    }
}

static void
test_hub_address (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[]
      = { "huggingface.co", "http://192.0.2.1", "https://u:p@a.example", "file:///x", "https://" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) hub = NULL;
  g_autoptr (GUri) file = NULL;
  g_autofree char *text = NULL;

  g_setenv ("KALON_MODEL_HUB", "", TRUE);
  hub = kalon_address_new_hub (&error);
  g_assert_no_error (error);
  file = kalon_address_new_file (hub, "o/n", "refs/pr/1", "a+b.bin");
  text = g_uri_to_string (file);
  g_assert_cmpstr (text, ==, "https://huggingface.co/o/n/resolve/refs%2Fpr%2F1/a%2Bb.bin");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_setenv ("KALON_MODEL_HUB", bad[i], TRUE);
      assert_refused (fixture, KALON_ERROR_ARGUMENT, "no address to download from", FALSE);
    }
}

static void
test_statuses (Fixture *fixture, gconstpointer data)
{
  fixture->hub->status = 500;
  set_conduct (fixture, HUB_FAILS, 2);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 3);
  g_assert_true (kalon_models_remove (ID, NULL));

  fixture->hub->status = 429;
  fixture->hub->retry_after = "1";
  set_conduct (fixture, HUB_FAILS, 1);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 5);
  g_assert_true (kalon_models_remove (ID, NULL));

  /* An hour is not waited for. */
  fixture->hub->retry_after = "3600";
  set_conduct (fixture, HUB_FAILS, 1);
  assert_refused (fixture, KALON_ERROR_SERVICE, "too many visitors", TRUE);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 6);

  fixture->hub->status = 404;
  set_conduct (fixture, HUB_FAILS, 1);
  assert_refused (fixture, KALON_ERROR_SERVICE, "404", TRUE);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 7);

  fixture->hub->head_status = 401;
  assert_refused (fixture, KALON_ERROR_SERVICE, "needs an account", TRUE);
  fixture->hub->head_status = 503;
  assert_refused (fixture, KALON_ERROR_SERVICE, "503", TRUE);
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonDownload) download = NULL;
  g_autoptr (GError) error = NULL;

  fixture->hub->missing = "model.safetensors";
  assert_refused (fixture, KALON_ERROR_UNSUPPORTED, "--revision", FALSE);
  fixture->hub->missing = "vocab.json";
  assert_refused (fixture, KALON_ERROR_SERVICE, "vocab.json", FALSE);

  fixture->hub->missing = "preprocessor_config.json";
  download = kalon_models_prepare_download (REPOSITORY, "v1.0", fixture->session, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (download->files->len, ==, 4);
  g_assert_cmpstr (download->revision, ==, "v1.0");
  g_assert_cmpstr (download->commit, ==, COMMIT);
}

static void
test_stall (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->session);
  fixture->session = soup_session_new_with_options ("timeout", 1, NULL);
  set_conduct (fixture, HUB_STALLS, 1);
  assert_downloads (fixture);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 2);
  assert_goes_on_from (fixture, fixture->size / 2);
}

static void
cancel_in_weights (const KalonDownloadProgress *progress, gpointer user_data)
{
  Fixture *fixture = user_data;

  if (g_strcmp0 (progress->file, "model.safetensors") == 0)
    g_cancellable_cancel (fixture->cancellable);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  gsize size;

  set_conduct (fixture, HUB_STALLS, 1);
  path = download_with (fixture, cancel_in_weights, &error);
  g_assert_null (path);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  size = get_part_size (fixture);
  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size, <, fixture->size);

  g_cancellable_reset (fixture->cancellable);
  assert_downloads (fixture);
  assert_goes_on_from (fixture, size);
}

static gpointer
cancel_after_first (gpointer data)
{
  Fixture *fixture = data;
  guint n_gets;

  do
    {
      g_usleep (1000);
      g_mutex_lock (&fixture->hub->lock);
      n_gets = fixture->hub->n_gets;
      g_mutex_unlock (&fixture->hub->lock);
    }
  while (n_gets == 0);
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

/* An hour between two tries is not sat through. */
static void
test_cancel_wait (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_after_first, fixture);

  fixture->options.retry_delay = 3600 * 1000;
  fixture->hub->status = 503;
  set_conduct (fixture, HUB_FAILS, G_MAXUINT);
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->hub->n_gets, ==, 1);
  g_thread_join (thread);
}

static void
test_cancel_early (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (fixture->cancellable);
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->hub->n_requests, ==, 0);
}

static void
test_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 little = 1000;

  fixture->options.free_space = &little;
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "Make room there for 16"));
  g_assert_cmpuint (fixture->hub->n_gets, ==, 0);
}

static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  fixture->hub->linked_size = "99000000000000";
  assert_refused (fixture, KALON_ERROR_TOO_LARGE, "config.json", FALSE);
  fixture->hub->linked_size = "1000";
  assert_refused (fixture, KALON_ERROR_SERVICE, "another length", FALSE);
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const char *const repositories[]
      = { "",     "x",       "../x",  "x/..",    "x/../y", "x/y/z", "/x",        "x/",
          ".x/y", "x/y?a=b", "x/y#z", "x/y\\..", "x y/z",  "x/%2e", "https://x", "x/\xff" };
  static const char *const revisions[] = { "", "..", "../x", "x/../y", "x//y", "/x", "x?y", "x#y" };

  for (gsize i = 0; i < G_N_ELEMENTS (repositories); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          kalon_models_prepare_download (repositories[i], NULL, fixture->session, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (revisions); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          kalon_models_prepare_download (REPOSITORY, revisions[i], fixture->session, NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
  g_assert_cmpuint (fixture->hub->n_requests, ==, 0);
}

/* Links that somebody laid where the download writes lead nowhere. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *victim = g_build_filename (fixture->home, "victim", NULL);
  g_autofree char *source = g_build_filename (fixture->staging, "source", NULL);
  g_autofree char *content = NULL;

  g_assert_true (g_file_set_contents (victim, "mine", -1, &error));
  g_assert_cmpint (g_mkdir (fixture->staging, 0700), ==, 0);
  g_assert_true (g_file_set_contents (source, REPOSITORY "\n" COMMIT "\n", -1, &error));
  g_assert_cmpint (symlink (victim, fixture->part), ==, 0);
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (fixture->part), ==, 0);
  g_assert_cmpint (mkfifo (fixture->part, 0600), ==, 0);
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  remove_tree (fixture->staging);
  g_assert_cmpint (symlink (fixture->home, fixture->staging), ==, 0);
  g_assert_null (download_with (fixture, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (g_file_get_contents (victim, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine");
  g_assert_cmpint (g_unlink (fixture->staging), ==, 0);
}

/* Parts of another commit are not put together with this one's. */
static void
test_other_commit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *source = g_build_filename (fixture->staging, "source", NULL);

  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  g_assert_true (g_file_set_contents (source, REPOSITORY "\nanother\n", -1, NULL));
  set_conduct (fixture, HUB_SERVES, 0);
  assert_downloads (fixture);
  g_assert_null (fixture->hub->range);
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  int lock;

  g_assert_cmpint (g_mkdir (fixture->staging, 0700), ==, 0);
  lock = kalon_models_lock_directory (fixture->staging, &error);
  g_assert_no_error (error);
  assert_refused (fixture, KALON_ERROR_BUSY, "Another Kalon", FALSE);
  g_assert_false (kalon_models_remove (ID, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_BUSY);
  close (lock);
  assert_downloads (fixture);
}

static void
test_remove_part (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_conduct (fixture, HUB_CUTS, G_MAXUINT);
  assert_refused (fixture, KALON_ERROR_SERVICE, "", TRUE);
  g_assert_true (kalon_models_remove (ID, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (fixture->staging, G_FILE_TEST_EXISTS));
  g_assert_false (kalon_models_remove (ID, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

static char *
download_head (Fixture *fixture, const KalonOffer *offer, GError **error)
{
  g_autoptr (KalonDownload) download
      = kalon_models_prepare_offer (offer, &fixture->options, fixture->session, NULL, error);

  if (download == NULL)
    return NULL;
  return kalon_models_download_with (download, &fixture->options, fixture->session, NULL, NULL,
                                     NULL, error);
}

static void
test_head (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u/head.pth", fixture->hub->port);
  g_autofree char *served
      = g_test_build_filename (G_TEST_DIST, "reference", "aesthetics", HUB_HEAD, NULL);
  g_autofree char *content = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *hash = kalon_model_dup_hash (fixture->reference, NULL, NULL);
  g_autofree char *path = NULL;
  g_autoptr (KalonAestheticHead) head = NULL;
  g_autoptr (GError) error = NULL;
  KalonOffer offer = { .id = "some-head",
                       .kind = KALON_OFFER_HEAD,
                       .address = address,
                       .encoder = "absent",
                       .dimension = HUB_HEAD_DIMENSION };
  gsize length;

  g_assert_null (download_head (fixture, &offer, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "Download or import that one first"));
  g_clear_error (&error);
  offer.encoder = fixture->reference;
  g_assert_true (g_file_get_contents (served, &content, &length, NULL));
  sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) content, length);
  offer.sha256 = COMMIT COMMIT;
  g_assert_null (download_head (fixture, &offer, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_false (kalon_models_has (&offer));

  offer.sha256 = sha256;
  path = download_head (fixture, &offer, &error);
  g_assert_no_error (error);
  head = kalon_aesthetic_head_load (path, HUB_HEAD_DIMENSION, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kalon_aesthetic_head_get_encoder (head), ==, hash);
  g_assert_true (kalon_models_has (&offer));

  g_assert_null (download_head (fixture, &offer, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (kalon_models_remove ("some-head", &error));
  g_assert_no_error (error);
  g_assert_false (kalon_models_has (&offer));
}

typedef struct
{
  GMainLoop *loop;
  char *path;
  GError *error;
  guint n_reports;
} Waiting;

static void
count_report (const KalonDownloadProgress *progress, gpointer user_data)
{
  Waiting *waiting = user_data;

  g_assert_null (waiting->path);
  g_assert_cmpuint (progress->total, >, 0);
  waiting->n_reports++;
}

static void
on_downloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->path = kalon_models_download_finish (result, &waiting->error);
  g_main_loop_quit (waiting->loop);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  Waiting waiting = { .loop = g_main_loop_new (NULL, FALSE) };

  kalon_models_download_async (REPOSITORY, NULL, NULL, count_report, &waiting, fixture->cancellable,
                               on_downloaded, &waiting);
  g_main_loop_run (waiting.loop);
  g_assert_no_error (waiting.error);
  assert_installed (fixture, waiting.path);
  g_assert_cmpuint (waiting.n_reports, >, 0);
  g_free (waiting.path);
  waiting.path = NULL;

  kalon_models_download_async ("no such thing", NULL, NULL, NULL, NULL, NULL, on_downloaded,
                               &waiting);
  g_main_loop_run (waiting.loop);
  g_assert_error (waiting.error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&waiting.error);
  g_main_loop_unref (waiting.loop);
}

static void
test_offers (void)
{
  gsize n;
  const KalonOffer *offers = kalon_models_get_offers (&n);

  g_assert_cmpuint (n, >, 10);
  for (gsize i = 0; i < n; i++)
    {
      const KalonOffer *offer = &offers[i];
      g_autofree char *clean = kalon_models_dup_clean_id (offer->id, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpstr (clean, ==, offer->id);
      g_assert_true (kalon_models_find_offer (offer->id) == offer);
      g_assert_cmpuint (offer->size, >, 0);
      g_assert_nonnull (offer->licence);
      g_assert_nonnull (offer->note);
      if (offer->repository != NULL)
        {
          g_assert_true (kalon_models_find_offer (offer->repository) == offer);
          g_assert_true (kalon_address_check_repository (offer->repository, &error));
          g_assert_true (kalon_address_check_revision (offer->revision, &error));
        }
      else
        {
          g_autoptr (GUri) address = kalon_address_parse (offer->address, &error);

          g_assert_nonnull (address);
          g_assert_cmpint (offer->kind, ==, KALON_OFFER_HEAD);
          g_assert_cmpuint (offer->dimension, >, 0);
        }
      if (offer->sha256 != NULL)
        g_assert_cmpuint (strspn (offer->sha256, "0123456789abcdef"), ==, 64);
    }
  g_assert_null (kalon_models_find_offer ("nothing"));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/model-download/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model-download/offers", test_offers);
  g_test_add_func ("/model-download/follow", test_follow);
  ADD ("hub-address", test_hub_address);
  ADD ("whole", test_whole);
  ADD ("receipt", test_receipt);
  ADD ("cut", test_cut);
  ADD ("cut-always", test_cut_always);
  ADD ("reset", test_reset);
  ADD ("lengths", test_lengths);
  ADD ("wrong-bytes", test_wrong_bytes);
  ADD ("changed-part", test_changed_part);
  ADD ("range-ignored", test_range_ignored);
  ADD ("range-shifted", test_range_shifted);
  ADD ("etag-changes", test_etag_changes);
  ADD ("weak-etag", test_weak_etag);
  ADD ("plain-mirror", test_plain_mirror);
  ADD ("unsound", test_unsound);
  ADD ("other-kind", test_other_kind);
  ADD ("redirects", test_redirects);
  ADD ("statuses", test_statuses);
  ADD ("missing", test_missing);
  ADD ("stall", test_stall);
  ADD ("cancel", test_cancel);
  ADD ("cancel-early", test_cancel_early);
  ADD ("cancel-wait", test_cancel_wait);
  ADD ("disk", test_disk);
  ADD ("sizes", test_sizes);
  ADD ("names", test_names);
  ADD ("links", test_links);
  ADD ("other-commit", test_other_commit);
  ADD ("busy", test_busy);
  ADD ("remove-part", test_remove_part);
  ADD ("head", test_head);
  ADD ("async", test_async);
  return g_test_run ();
}
