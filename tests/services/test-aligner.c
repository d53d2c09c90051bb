/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "aligner/kalon-aligner.h"
#include "encoder/kalon-encoder.h"
#include "errors/kalon-errors.h"
#include "feedback/kalon-feedback.h"
#include "indexer/kalon-indexer.h"
#include "library/kalon-library.h"
#include "searcher/kalon-searcher.h"
#include "llm-double.h"
#include "test-folders.h"

/* So small that its random weights take no time. It has no aesthetic head: scores are CLIP-IQA's.
 */
#define MODEL "quick-gelu-p16-f32"
#define N_PHOTOS 40
#define CHECKPOINT "align-checkpoint.safetensors"

/* Twelve, of which a fifth is held out. */
static const char *const queries[]
    = { "red",          "a blue thing",    "green hills", "a yellow sun", "grey weather",
        "a dark night", "white light",     "pink clouds", "brown earth",  "an orange",
        "violet",       "black and white", NULL };

typedef struct
{
  char *directory;
  char *photos;
  char *library;
  char *model;
} Fixture;

static void
make_photo (Fixture *fixture, guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (KalonImage) blots = kalon_image_new (6, 6);
  g_autoptr (KalonImage) image = NULL;
  g_autofree char *name = g_strdup_printf ("%02u.png", seed);
  g_autofree char *path = g_build_filename (fixture->photos, name, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 6 * 6 * 3; i++)
    blots->pixels[i] = (guint8) g_rand_int_range (rand, 0, 256);
  image = kalon_image_resize (blots, 64, 64);
  kalon_image_save_png (image, path, &error);
  g_assert_no_error (error);
}

static void
index_photos (Fixture *fixture, guint n)
{
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (fixture->library, fixture->model, "none");
  const char *folders[] = { fixture->photos, NULL };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    make_photo (fixture, i);
  kalon_indexer_set_aesthetic_models (indexer, "clip-iqa");
  kalon_indexer_run (indexer, folders, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up_empty (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kalon-aligner-XXXXXX", NULL);
  fixture->photos = g_build_filename (fixture->directory, "photos", NULL);
  fixture->library = g_build_filename (fixture->directory, "library", NULL);
  fixture->model = g_test_build_filename (G_TEST_DIST, "reference", "models", MODEL, NULL);
  g_assert_cmpint (g_mkdir (fixture->photos, 0700), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_empty (fixture, data);
  index_photos (fixture, N_PHOTOS);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->photos);
  g_free (fixture->library);
  g_free (fixture->model);
}

static KalonAligner *
make_aligner (Fixture *fixture)
{
  return kalon_aligner_new (fixture->library, fixture->model, "none");
}

/* Large steps without an anchor: so few pairs are learned by heart, which the tests look for. */
static void
init_options (KalonAlignerOptions *options)
{
  kalon_aligner_options_init (options);
  options->order = (KalonOrderOptions){ 24, 2, 3, 4 };
  options->training.epochs = 20;
  options->training.batch = 4;
  options->training.learning_rate = 0.01;
  options->training.anchor = 0;
}

static char *
dup_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->directory, name, NULL);
}

/* The adapter's values, through its file. (transfer full) */
static GBytes *
dup_bytes (Fixture *fixture, const KalonAdapter *adapter)
{
  g_autofree char *path = dup_path (fixture, "adapter.safetensors");
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  kalon_adapter_save (adapter, path, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  g_unlink (path);
  return g_bytes_new_take (data, length);
}

static void
run (Fixture *fixture, KalonAligner *aligner, const KalonAlignerOptions *options,
     KalonAlignerResult *result)
{
  g_autoptr (GError) error = NULL;

  kalon_aligner_run (aligner, queries, options, NULL, NULL, result, NULL, &error);
  g_assert_no_error (error);
}

/* What the active profile has: (transfer full) (nullable) */
static GBytes *
load_stored (Fixture *fixture)
{
  g_autoptr (KalonFeedback) feedback = kalon_feedback_open (fixture->library, NULL);
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  kalon_feedback_load_part (feedback, KALON_PROFILE_ADAPTER, kalon_encoder_get_model_hash (encoder),
                            &bytes, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
test_same_seed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  for (guint kind = 0; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_auto (KalonAlignerResult) one = { 0 };
      g_auto (KalonAlignerResult) two = { 0 };
      g_auto (KalonAlignerResult) other = { 0 };
      g_autoptr (GBytes) bytes = NULL, same = NULL, different = NULL;

      options.kind = (KalonAdapterKind) kind;
      options.training.seed = 1;
      run (fixture, aligner, &options, &one);
      run (fixture, aligner, &options, &two);
      options.training.seed = 2;
      run (fixture, aligner, &options, &other);
      bytes = dup_bytes (fixture, one.adapter);
      same = dup_bytes (fixture, two.adapter);
      different = dup_bytes (fixture, other.adapter);
      g_assert_true (g_bytes_equal (bytes, same));
      g_assert_false (g_bytes_equal (bytes, different));
      g_assert_cmpfloat (one.after.agreement.mean, ==, two.after.agreement.mean);

      g_assert_cmpuint (one.n_queries, ==, 12);
      g_assert_cmpuint (one.n_held_out, ==, 2);
      g_assert_cmpuint (one.n_steps, >, 0);
      g_assert_cmpuint (one.n_pairs, >, 0);
      g_assert_cmpstr (one.profile, ==, KALON_PROFILE_DEFAULT);
    }
}

/* Figures against what can be worked out from the set and the library alone. */
static void
test_figures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_auto (KalonAlignerResult) result = { 0 };
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  run (fixture, aligner, &options, &result);
  g_assert_cmpfloat_with_epsilon (result.gain.mean,
                                  result.after.agreement.mean - result.before.agreement.mean, 1e-9);
  g_assert_cmpfloat_with_epsilon (result.aesthetic_gain.mean,
                                  result.after.aesthetic.mean - result.before.aesthetic.mean, 1e-9);
  g_assert_true (result.rose == (result.gain.mean > 0));
  g_assert_cmpfloat (result.overlap.mean, >=, 0);
  g_assert_cmpfloat (result.overlap.mean, <=, 1);
  g_assert_true ((result.best_step == 0) == kalon_adapter_is_identity (result.adapter));

  /* An untrained adapter changes nothing, exactly: a rate too small to be seen. */
  kalon_aligner_result_clear (&result);
  options.training.learning_rate = 1e-12;
  options.training.epochs = 1;
  run (fixture, aligner, &options, &result);
  g_assert_cmpfloat_with_epsilon (result.after.agreement.mean, result.before.agreement.mean, 1e-6);
  g_assert_cmpfloat_with_epsilon (result.overlap.mean, 1, 1e-9);
}

static void
test_set_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = dup_path (fixture, "set.jsonl");
  g_autofree char *again = dup_path (fixture, "again.jsonl");
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonPreferenceSet) set = NULL;
  g_auto (KalonAlignerResult) built = { 0 };
  g_auto (KalonAlignerResult) read = { 0 };
  g_autoptr (GBytes) one = NULL, two = NULL;
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (GError) error = NULL;
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  kalon_aligner_set_files (aligner, NULL, out);
  run (fixture, aligner, &options, &built);

  set = kalon_preference_set_load (out, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (set->queries->len, ==, 12);
  g_assert_cmpstr (set->style, ==, "detail");
  for (guint i = 0; i < set->queries->len; i++)
    {
      const KalonPreferenceQuery *query = g_ptr_array_index (set->queries, i);

      g_assert_cmpstr (query->query, ==, queries[i]);
      g_assert_cmpuint (strlen (query->rephrased), >, strlen (query->query));
      g_assert_cmpuint (query->rows, ==, 3);
      g_assert_cmpuint (query->columns, ==, 4);
    }

  /* Training on what was written is training on what was built. */
  kalon_aligner_set_files (aligner, out, again);
  kalon_aligner_run (aligner, NULL, &options, NULL, NULL, &read, NULL, &error);
  g_assert_no_error (error);
  one = dup_bytes (fixture, built.adapter);
  two = dup_bytes (fixture, read.adapter);
  g_assert_true (g_bytes_equal (one, two));
  g_assert_true (g_file_get_contents (out, &first, NULL, NULL));
  g_assert_true (g_file_get_contents (again, &second, NULL, NULL));
  g_assert_cmpstr (first, ==, second);
}

/* The semantic score is what the searcher's aligned ranking is by. */
static void
test_set_scores (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = dup_path (fixture, "set.jsonl");
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library, NULL);
  g_autoptr (KalonIndex) index = NULL;
  g_autoptr (KalonPreferenceSet) set = NULL;
  g_auto (KalonAlignerResult) result = { 0 };
  gsize dimension = kalon_encoder_get_dimension (encoder);
  g_autofree float *embeddings = g_new (float, 3 * dimension);
  const KalonPreferenceQuery *query;
  const char *texts[2];
  double length = 0;
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  options.share = 0.4f;
  kalon_aligner_set_files (aligner, NULL, out);
  run (fixture, aligner, &options, &result);
  set = kalon_preference_set_load (out, NULL);
  query = g_ptr_array_index (set->queries, 0);
  texts[0] = query->query;
  texts[1] = query->rephrased;
  g_assert_true (kalon_encoder_encode_texts (encoder, texts, 2, embeddings, NULL, NULL, NULL));
  for (gsize i = 0; i < dimension; i++)
    {
      embeddings[i] = 0.6f * embeddings[i] + 0.4f * embeddings[dimension + i];
      length += (double) embeddings[i] * embeddings[i];
    }
  index
      = kalon_library_open_index (library, kalon_encoder_get_model_hash (encoder), dimension, NULL);
  for (guint i = 0; i < query->cells->len; i++)
    {
      const KalonPreferenceCell *cell = g_ptr_array_index (query->cells, i);
      float *picture = embeddings + 2 * dimension;
      KalonLibraryRow row;
      gboolean found;
      double sum = 0;

      g_assert_true (kalon_library_find_content (library, kalon_encoder_get_model_hash (encoder),
                                                 cell->content_hash, &row, &found, NULL));
      g_assert_true (found);
      g_assert_true (kalon_index_get_row (index, row.row, picture, NULL));
      for (gsize j = 0; j < dimension; j++)
        sum += (double) embeddings[j] * picture[j];
      g_assert_cmpfloat_with_epsilon (cell->semantic, sum / sqrt (length), 1e-5);
      g_assert_cmpfloat (cell->aesthetic, ==, row.aesthetic);
    }
}

typedef struct
{
  GCancellable *cancellable;
  gsize stop_at;
  gsize last;
  gsize resumed;
  gboolean supersedes;
} Stopper;

static void
stop (const KalonAlignerProgress *progress, gpointer user_data)
{
  Stopper *stopper = user_data;

  if (progress->phase == KALON_ALIGNER_PREPARING)
    {
      stopper->resumed = progress->done;
      stopper->supersedes = progress->supersedes;
    }
  if (progress->phase != KALON_ALIGNER_TRAINING)
    return;
  stopper->last = progress->done;
  if (progress->done == stopper->stop_at)
    g_cancellable_cancel (stopper->cancellable);
}

static void
test_resume (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *checkpoint = g_build_filename (fixture->library, CHECKPOINT, NULL);
  g_auto (KalonAlignerResult) whole = { 0 };
  g_auto (KalonAlignerResult) rest = { 0 };
  g_auto (KalonAlignerResult) other = { 0 };
  g_autoptr (GBytes) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  Stopper stopper = { cancellable, 13, 0 };
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  run (fixture, aligner, &options, &whole);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));

  kalon_aligner_run (aligner, queries, &options, stop, &stopper, &rest, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "Stopped at step 13 of "));
  g_clear_error (&error);
  g_assert_null (rest.adapter);
  g_assert_cmpuint (stopper.last, ==, 13);
  g_assert_cmpuint (stopper.resumed, ==, 0);
  g_assert_false (stopper.supersedes);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));

  kalon_aligner_run (aligner, queries, &options, stop, &stopper, &rest, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest.n_resumed, ==, 13);
  g_assert_cmpuint (stopper.resumed, ==, 13);
  one = dup_bytes (fixture, whole.adapter);
  two = dup_bytes (fixture, rest.adapter);
  g_assert_true (g_bytes_equal (one, two));
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));

  /* A checkpoint of other options is none. */
  g_cancellable_reset (cancellable);
  kalon_aligner_result_clear (&rest);
  kalon_aligner_run (aligner, queries, &options, stop, &stopper, &rest, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  options.training.beta *= 2;
  kalon_aligner_run (aligner, queries, &options, stop, &stopper, &other, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (other.n_resumed, ==, 0);
  g_assert_true (stopper.supersedes);
  g_assert_false (kalon_aligner_discard_checkpoint (fixture->library));

  /* Stopped before there is anything to keep. */
  g_cancellable_cancel (cancellable);
  g_assert_false (
      kalon_aligner_run (aligner, queries, &options, NULL, NULL, &rest, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "nothing is kept"));

  /* And one that is damaged. */
  g_assert_true (g_file_set_contents (checkpoint, "nothing", -1, NULL));
  kalon_aligner_result_clear (&other);
  run (fixture, aligner, &options, &other);
  g_assert_cmpuint (other.n_resumed, ==, 0);
  g_assert_true (g_file_set_contents (checkpoint, "nothing", -1, NULL));
  g_assert_true (kalon_aligner_discard_checkpoint (fixture->library));
}

/* Stored where the agreement rose, and only there; a dry run stores nothing. */
static void
test_stored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  {
    g_auto (KalonAlignerResult) result = { 0 };
    g_autoptr (GBytes) stored = NULL;

    run (fixture, aligner, &options, &result);
    g_assert_false (result.stored);
    stored = load_stored (fixture);
    g_assert_null (stored);
  }
  options.dry_run = FALSE;
  {
    g_auto (KalonAlignerResult) result = { 0 };
    g_autoptr (GBytes) stored = NULL, own = NULL;

    run (fixture, aligner, &options, &result);
    g_assert_true (result.rose);
    g_assert_true (result.stored);
    stored = load_stored (fixture);
    own = dup_bytes (fixture, result.adapter);
    g_assert_true (g_bytes_equal (stored, own));
  }
  /* Nothing is learned at such a rate: the adapter of before stays. */
  options.training.learning_rate = 1e-12;
  {
    g_autoptr (GBytes) before = load_stored (fixture), after = NULL;
    g_auto (KalonAlignerResult) result = { 0 };

    run (fixture, aligner, &options, &result);
    g_assert_cmpfloat (result.after.agreement.mean, <=, result.before.agreement.mean);
    g_assert_false (result.rose);
    g_assert_false (result.stored);
    after = load_stored (fixture);
    g_assert_true (g_bytes_equal (before, after));
  }
}

static void
refuse (KalonAligner *aligner, const char *const *texts, const KalonAlignerOptions *options,
        const char *words)
{
  g_auto (KalonAlignerResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (kalon_aligner_run (aligner, texts, options, NULL, NULL, &result, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (result.adapter);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const char *const none[] = { NULL };
  const char *const two[] = { "red", "blue", NULL };
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  KalonAlignerOptions options;

  init_options (&options);
  index_photos (fixture, 3);
  refuse (aligner, none, &options, "no queries");
  refuse (aligner, NULL, &options, "no queries");
  /* Three pictures fill no row of four. */
  refuse (aligner, queries, &options, "too few pictures");
  index_photos (fixture, 8);
  refuse (aligner, two, &options, "Only 2 queries");
  options.held_out = NAN;
  refuse (aligner, queries, &options, "held-out");
  init_options (&options);
  options.rank = 0;
  refuse (aligner, queries, &options, "rank");
  init_options (&options);
  options.training.smoothing = 0.5;
  refuse (aligner, queries, &options, "Training cannot start");
}

static void
test_foreign_set (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "set.jsonl");
  g_autofree char *hash = g_strnfill (64, '0');
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonPreferenceSet) set = NULL;
  g_auto (KalonAlignerResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  KalonAlignerOptions options;

  init_options (&options);
  set = kalon_preference_set_new (hash, "detail", &options.order);
  g_assert_true (kalon_preference_set_save (set, path, NULL));
  kalon_aligner_set_files (aligner, path, NULL);
  g_assert_false (kalon_aligner_run (aligner, NULL, &options, NULL, NULL, &result, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "set.jsonl"));
}

/* Pictures of a set that the library no longer has take their pairs with them. */
static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "set.jsonl");
  g_autofree char *gone = g_build_filename (fixture->photos, "07.png", NULL);
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonIndexer) indexer = NULL;
  g_auto (KalonAlignerResult) all = { 0 };
  g_auto (KalonAlignerResult) some = { 0 };
  g_autoptr (GError) error = NULL;
  KalonAlignerOptions options;

  init_options (&options);
  options.order = (KalonOrderOptions){ N_PHOTOS, 1, 10, 4 };
  options.dry_run = TRUE;
  kalon_aligner_set_files (aligner, NULL, path);
  run (fixture, aligner, &options, &all);
  g_assert_cmpint (g_unlink (gone), ==, 0);
  indexer = kalon_indexer_new (fixture->library, fixture->model, "none");
  g_assert_true (kalon_indexer_run (indexer, NULL, NULL, NULL, NULL, NULL, NULL));
  kalon_aligner_set_files (aligner, path, NULL);
  kalon_aligner_run (aligner, NULL, &options, NULL, NULL, &some, NULL, &error);
  g_assert_no_error (error);
  /* All 40 pictures are in every matrix. */
  g_assert_cmpuint (some.n_missing, ==, 12);
  g_assert_cmpuint (some.n_pairs, <, all.n_pairs);
}

typedef struct
{
  GAsyncResult *result;
  gsize n_reports;
  GThread *thread;
} Waiting;

static void
on_report (const KalonAlignerProgress *progress, gpointer user_data)
{
  Waiting *waiting = user_data;

  g_assert_null (waiting->result);
  g_assert_true (g_thread_self () == waiting->thread);
  waiting->n_reports++;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  waiting->result = g_object_ref (result);
}

static void
test_async (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_auto (KalonAlignerResult) blocking = { 0 };
  g_auto (KalonAlignerResult) result = { 0 };
  g_autoptr (GBytes) one = NULL, two = NULL;
  g_autoptr (GError) error = NULL;
  Waiting waiting = { .thread = g_thread_self () };
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  run (fixture, aligner, &options, &blocking);
  kalon_aligner_run_async (aligner, queries, &options, on_report, &waiting, NULL, on_done,
                           &waiting);
  while (waiting.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  kalon_aligner_run_finish (aligner, waiting.result, &result, &error);
  g_assert_no_error (error);
  g_object_unref (waiting.result);
  one = dup_bytes (fixture, blocking.adapter);
  two = dup_bytes (fixture, result.adapter);
  g_assert_true (g_bytes_equal (one, two));
  g_assert_cmpuint (waiting.n_reports, >, result.n_steps);
}

static void
test_queries (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "queries.txt");
  g_auto (GStrv) read = NULL, history = NULL, built_in = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autoptr (GError) error = NULL;
  const char *pictures[] = { "aa", "bb", NULL };

  g_assert_true (
      g_file_set_contents (path, "# a comment\n  a red Boat\r\n\nA RED boat\nblue\n", -1, NULL));
  read = kalon_aligner_read_queries (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (read), ==, 2);
  g_assert_cmpstr (read[0], ==, "a red Boat");
  g_assert_cmpstr (read[1], ==, "blue");

  built_in = kalon_aligner_list_built_in ();
  g_assert_cmpuint (g_strv_length (built_in), >=, 200);

  library = kalon_library_open (fixture->library, &error);
  g_assert_no_error (error);
  feedback = kalon_feedback_open (fixture->library, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_feedback_add (feedback, "boats", TRUE, 0, pictures, NULL, NULL));
  g_assert_true (kalon_feedback_add (feedback, "", TRUE, 0, pictures, NULL, NULL));
  g_assert_true (kalon_feedback_add (feedback, "Boats", FALSE, 1, pictures, NULL, NULL));
  g_assert_true (kalon_feedback_add (feedback, "cats", TRUE, 0, pictures, NULL, NULL));
  history = kalon_aligner_list_history (fixture->library, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (history), ==, 2);
  g_assert_cmpstr (history[0], ==, "boats");
  g_assert_cmpstr (history[1], ==, "cats");
}

static void
test_export (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = dup_path (fixture, "model");
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonEncoder) plain = NULL, tuned = NULL;
  g_auto (KalonAlignerResult) result = { 0 };
  g_autofree float *expected = NULL, *found = NULL;
  g_autoptr (GError) error = NULL;
  const char *text = "red";
  gsize dimension;
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  run (fixture, aligner, &options, &result);
  kalon_aligner_export_model (aligner, result.adapter, out, NULL, &error);
  g_assert_no_error (error);
  plain = kalon_encoder_new (fixture->model, NULL, NULL, NULL);
  tuned = kalon_encoder_new (out, NULL, NULL, &error);
  g_assert_no_error (error);
  dimension = kalon_encoder_get_dimension (plain);
  expected = g_new (float, dimension);
  found = g_new (float, dimension);
  g_assert_true (kalon_encoder_encode_texts (plain, &text, 1, expected, NULL, NULL, NULL));
  g_assert_true (kalon_encoder_encode_texts (tuned, &text, 1, found, NULL, NULL, NULL));
  kalon_adapter_apply_to_queries (result.adapter, expected, 1);
  for (gsize i = 0; i < dimension; i++)
    g_assert_cmpfloat_with_epsilon (found[i], expected[i], 1e-4);
}

static KalonResults *
search_adapted (KalonSearcher *searcher, const char *words)
{
  g_autoptr (KalonQuery) query = kalon_query_new ();
  KalonAlignment alignment = { .adapter = TRUE };
  g_autoptr (GError) error = NULL;
  KalonResults *results;

  kalon_query_add_term (query, KALON_TERM_TEXT, words, 1);
  kalon_query_set_limit (query, 0);
  kalon_query_set_fold_duplicates (query, FALSE);
  kalon_query_set_alignment (query, &alignment);
  results = kalon_searcher_search (searcher, query, NULL, &error);
  g_assert_no_error (error);
  return results;
}

/* The score of @row's picture by the adapter's definition. */
static double
score_by_definition (const KalonAdapter *adapter, KalonIndex *index, const float *query,
                     guint32 row, gsize dimension)
{
  g_autofree float *adapted = g_memdup2 (query, dimension * sizeof (float));
  g_autofree float *picture = g_new (float, dimension);
  const float *term = kalon_adapter_get_linear_term (adapter);
  double sum = 0;

  g_assert_true (kalon_index_get_row (index, row, picture, NULL));
  kalon_adapter_apply_to_queries (adapter, adapted, 1);
  g_assert_true (kalon_adapter_apply_to_images (adapter, NULL, picture, 1, NULL, NULL));
  for (gsize i = 0; i < dimension; i++)
    sum += ((double) adapted[i] + (term != NULL ? term[i] : 0)) * picture[i];
  return sum;
}

static void
assert_same_ranking (const GArray *one, const GArray *two)
{
  g_assert_cmpuint (one->len, ==, two->len);
  for (guint i = 0; i < one->len; i++)
    {
      const KalonResult *x = &g_array_index (one, KalonResult, i);
      const KalonResult *y = &g_array_index (two, KalonResult, i);

      g_assert_cmpint (x->picture, ==, y->picture);
      g_assert_cmpfloat (x->score, ==, y->score);
    }
}

/* A search with an adapter on trial is one with the adapter in the profile. */
static void
test_trial (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonEncoder) encoder = kalon_encoder_new (fixture->model, NULL, NULL, NULL);
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->library, NULL);
  const char *hash = kalon_encoder_get_model_hash (encoder), *words = "red";
  gsize dimension = kalon_encoder_get_dimension (encoder);
  g_autoptr (KalonIndex) index = kalon_library_open_index (library, hash, dimension, NULL);
  g_autofree float *query = g_new (float, dimension);

  g_assert_true (kalon_encoder_encode_texts (encoder, &words, 1, query, NULL, NULL, NULL));
  for (guint kind = 0; kind <= KALON_ADAPTER_PROJECTIONS; kind++)
    {
      g_autoptr (KalonFeedback) feedback = kalon_feedback_open (fixture->library, NULL);
      g_autoptr (KalonSearcher) searcher
          = kalon_searcher_new (fixture->library, fixture->model, "none");
      g_autoptr (KalonResults) plain = search_adapted (searcher, words), tried = NULL, back = NULL,
                               stored = NULL;
      g_auto (KalonAlignerResult) result = { 0 };
      g_autoptr (GBytes) bytes = NULL;
      KalonAlignerOptions options;

      assert_same_ranking (plain->results, plain->aligned);
      init_options (&options);
      options.kind = (KalonAdapterKind) kind;
      options.dry_run = TRUE;
      run (fixture, aligner, &options, &result);

      kalon_searcher_try_adapter (searcher, result.adapter);
      tried = search_adapted (searcher, words);
      for (guint i = 0; i < tried->aligned->len; i++)
        {
          const KalonResult *found = &g_array_index (tried->aligned, KalonResult, i);

          g_assert_cmpfloat_with_epsilon (
              found->score,
              score_by_definition (result.adapter, index, query, found->row, dimension), 1e-5);
        }
      kalon_searcher_try_adapter (searcher, NULL);
      back = search_adapted (searcher, words);
      assert_same_ranking (plain->aligned, back->aligned);

      bytes = dup_bytes (fixture, result.adapter);
      g_assert_true (
          kalon_feedback_store_part (feedback, KALON_PROFILE_ADAPTER, hash, bytes, NULL));
      stored = search_adapted (searcher, words);
      assert_same_ranking (tried->aligned, stored->aligned);
      g_assert_true (kalon_feedback_reset (feedback, NULL, NULL));
    }
}

static void
test_trial_of_other_model (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hash = g_strnfill (64, '0');
  g_autoptr (KalonAdapter) adapter = kalon_adapter_new (KALON_ADAPTER_QUERY, hash, 8, 1, 1);
  g_autoptr (KalonSearcher) searcher
      = kalon_searcher_new (fixture->library, fixture->model, "none");
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GError) error = NULL;
  KalonAlignment alignment = { .adapter = TRUE };

  kalon_query_add_term (query, KALON_TERM_TEXT, "red", 1);
  kalon_query_set_alignment (query, &alignment);
  kalon_searcher_try_adapter (searcher, adapter);
  results = kalon_searcher_search (searcher, query, NULL, &error);
  g_assert_null (results);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
}

/* Word lists stand in for a server that fails; it is asked three times. */
static void
test_llm_fails (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = dup_path (fixture, "set.jsonl");
  g_autoptr (KalonLlm) llm = llm_double_new (NULL);
  g_autoptr (KalonAligner) aligner = make_aligner (fixture);
  g_autoptr (KalonPreferenceSet) set = NULL;
  g_auto (KalonAlignerResult) result = { 0 };
  KalonAlignerOptions options;

  init_options (&options);
  options.dry_run = TRUE;
  llm_double_set_error (llm, g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "no one"));
  kalon_aligner_set_llm (aligner, llm, NULL);
  kalon_aligner_set_files (aligner, NULL, path);
  run (fixture, aligner, &options, &result);
  g_assert_cmpuint (llm_double_get_n_requests (llm), ==, 3);
  g_assert_cmpuint (result.n_by_word_lists, ==, 12);
  g_assert_nonnull (result.notice);
  set = kalon_preference_set_load (path, NULL);
  for (guint i = 0; i < set->queries->len; i++)
    {
      const KalonPreferenceQuery *query = g_ptr_array_index (set->queries, i);

      g_assert_cmpstr (query->rephrased, !=, query->query);
    }
  kalon_aligner_result_clear (&result);
  result = (KalonAlignerResult){ 0 };

  /* One that may not be asked is not asked, and all of them are counted. */
  kalon_aligner_set_llm (aligner, NULL, NULL);
  kalon_aligner_set_no_llm (aligner, "It is not allowed.");
  run (fixture, aligner, &options, &result);
  g_assert_cmpuint (result.n_by_word_lists, ==, 12);
  g_assert_cmpstr (result.notice, ==, "It is not allowed. Word lists were used instead.");
}

#define ADD(name, setting, func)                                                                   \
  g_test_add ("/aligner/" name, Fixture, NULL, setting, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("same-seed", set_up, test_same_seed);
  ADD ("figures", set_up, test_figures);
  ADD ("set/files", set_up, test_set_files);
  ADD ("set/scores", set_up, test_set_scores);
  ADD ("set/foreign", set_up_empty, test_foreign_set);
  ADD ("set/missing", set_up, test_missing);
  ADD ("resume", set_up, test_resume);
  ADD ("stored", set_up, test_stored);
  ADD ("refused", set_up_empty, test_refused);
  ADD ("async", set_up, test_async);
  ADD ("queries", set_up_empty, test_queries);
  ADD ("trial/ranks", set_up, test_trial);
  ADD ("trial/other-model", set_up, test_trial_of_other_model);
  ADD ("llm-fails", set_up, test_llm_fails);
  ADD ("export", set_up, test_export);
  return g_test_run ();
}
