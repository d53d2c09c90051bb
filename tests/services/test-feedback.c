/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "alignment/kalon-adapter.h"
#include "errors/kalon-errors.h"
#include "feedback/kalon-feedback.h"
#include "test-folders.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER_HASH "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIMENSION 8
#define N_FEATURES KALON_TASTE_N_FEATURES (DIMENSION)

typedef struct
{
  char *directory;
  KalonFeedback *feedback;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-feedback-XXXXXX", NULL);
  fixture->feedback = kalon_feedback_open (fixture->directory, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->feedback);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

/* Pictures are "a", "b", ... here. @pictures: a word, its letters in the order shown. */
static gint64
add (Fixture *fixture, const char *query, gboolean liked, guint chosen, const char *pictures)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = 0;

  for (gsize i = 0; pictures[i] != '\0'; i++)
    {
      const char name[] = { pictures[i], '\0' };

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  g_assert_true (kalon_feedback_add (fixture->feedback, query, liked, chosen,
                                     (const char *const *) names, &id, &error));
  g_assert_no_error (error);
  return id;
}

/* "lake +b(abc) sea -a(ab)": all thumbs in order. */
static char *
describe (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (fixture->feedback, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *pictures = g_strjoinv ("", thumb->pictures);

      g_string_append_printf (text, "%s%s %c%s(%s)", i > 0 ? " " : "", thumb->query,
                              thumb->liked ? '+' : '-', thumb->pictures[thumb->chosen], pictures);
    }
  return g_string_free (text, FALSE);
}

static void
assert_thumbs (Fixture *fixture, const char *expected)
{
  g_autofree char *found = describe (fixture);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_thumbs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  static const char *const alone[] = { "a", NULL };
  gint64 first, second;
  guint64 version = kalon_feedback_get_version (fixture->feedback);

  assert_thumbs (fixture, "");
  first = add (fixture, "lake", TRUE, 1, "abc");
  g_assert_cmpuint (kalon_feedback_get_version (fixture->feedback), !=, version);
  second = add (fixture, "sea", FALSE, 0, "ab");
  assert_thumbs (fixture, "lake +b(abc) sea -a(ab)");

  /* The last word on a picture for a query counts, whatever the case. */
  add (fixture, " LAKE ", FALSE, 0, "bc");
  assert_thumbs (fixture, "sea -a(ab)  LAKE  -b(bc)");
  g_assert_false (kalon_feedback_undo (fixture->feedback, first, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (kalon_feedback_undo (fixture->feedback, second, &error));
  g_assert_no_error (error);
  assert_thumbs (fixture, " LAKE  -b(bc)");

  g_assert_false (kalon_feedback_add (fixture->feedback, "x", TRUE, 0, alone, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  /* Copies of a picture are one. */
  add (fixture, "copies", TRUE, 3, "abcbd");
  assert_thumbs (fixture, " LAKE  -b(bc) copies +b(abcd)");
  g_assert_true (kalon_feedback_forget_query (fixture->feedback, "copies", NULL, NULL));
  /* The chosen one is kept, however far down it was. */
  add (fixture, "q", TRUE, 30, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij");
  assert_thumbs (fixture, " LAKE  -b(bc) q +e(ABCDEFGHIJKLMNOPQRSTUVWXe)");
}

static void
test_forget (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hash = g_strnfill (64, '0');
  g_autoptr (GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr (GError) error = NULL;
  KalonForgotten forgotten;
  gsize n = 0;

  add (fixture, "lake", TRUE, 1, "abc");
  add (fixture, "sea", TRUE, 0, "ab");
  add (fixture, "Sea", TRUE, 1, "abd");
  g_assert_true (kalon_feedback_forget_picture (fixture->feedback, "a", &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 3);
  assert_thumbs (fixture, "lake +b(bc) Sea +b(bd)");
  g_assert_true (kalon_feedback_forget_query (fixture->feedback, "sea ", &n, &error));
  g_assert_cmpuint (n, ==, 1);
  assert_thumbs (fixture, "lake +b(bc)");
  g_assert_true (
      kalon_feedback_store_part (fixture->feedback, KALON_PROFILE_ADAPTER, hash, bytes, &error));
  g_assert_true (kalon_feedback_reset (fixture->feedback, &forgotten, &error));
  g_assert_cmpuint (forgotten.n_thumbs, ==, 1);
  g_assert_cmpuint (forgotten.n_imports, ==, 0);
  g_assert_cmpuint (forgotten.n_adapters, ==, 1);
  assert_thumbs (fixture, "");
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *active = NULL;
  g_autofree char *long_name = g_strnfill (101, 'x');
  /* The last is the control character CSI. */
  const char *const no_names[] = { "", "a\nb", "\033[2J",
                                   "a\xc2\x9b"
                                   "2J" };

  add (fixture, "lake", TRUE, 1, "abc");
  g_assert_true (kalon_feedback_set_profile (fixture->feedback, "Zoë", &error));
  g_assert_no_error (error);
  assert_thumbs (fixture, "");
  add (fixture, "sea", TRUE, 1, "ab");
  names = kalon_feedback_list_profiles (fixture->feedback, &error);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  active = kalon_feedback_dup_profile (fixture->feedback, &error);
  g_assert_cmpstr (active, ==, "Zoë");

  g_assert_false (kalon_feedback_remove_profile (fixture->feedback, "Zoë", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "is the active profile"));
  g_clear_error (&error);
  g_assert_false (kalon_feedback_remove_profile (fixture->feedback, "nobody", &error));
  g_assert_nonnull (strstr (error->message, "There is no profile “nobody”"));
  g_clear_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (no_names); i++)
    {
      g_assert_false (kalon_feedback_set_profile (fixture->feedback, no_names[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
  g_assert_false (kalon_feedback_set_profile (fixture->feedback, long_name, &error));
  g_clear_error (&error);
  g_assert_true (kalon_feedback_set_profile (fixture->feedback, KALON_PROFILE_DEFAULT, &error));
  assert_thumbs (fixture, "lake +b(abc)");
  g_assert_true (kalon_feedback_remove_profile (fixture->feedback, "Zoë", &error));
  g_assert_no_error (error);
  /* Its thumbs went with it. */
  g_assert_true (kalon_feedback_set_profile (fixture->feedback, "Zoë", &error));
  assert_thumbs (fixture, "");
}

static KalonTasteTerm *
make_term (void)
{
  KalonTasteTerm *term = kalon_taste_term_new (DIMENSION);

  for (guint i = 0; i < KALON_N_MEASURES; i++)
    term->measures[i] = (float) i;
  for (guint i = 0; i < DIMENSION; i++)
    term->embedding[i] = -(float) i;
  return term;
}

static void
test_profile_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "p.safetensors", NULL);
  g_autofree char *adapter_path = g_build_filename (fixture->directory, "a.safetensors", NULL);
  g_autofree char *adapter_content = NULL;
  g_autoptr (KalonTasteTerm) term = make_term ();
  g_autoptr (KalonTasteTerm) read = NULL;
  g_autoptr (KalonAdapter) adapter = kalon_adapter_new (KALON_ADAPTER_QUERY, HASH, DIMENSION, 2, 1);
  g_autoptr (KalonAdapter) back = NULL;
  g_autoptr (GBytes) adapter_bytes = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  g_assert_true (kalon_adapter_save (adapter, adapter_path, &error));
  g_assert_true (g_file_get_contents (adapter_path, &adapter_content, &size, NULL));
  adapter_bytes = g_bytes_new (adapter_content, size);

  g_assert_false (kalon_profile_export (path, "mine", HASH, NULL, NULL, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (kalon_profile_export (path, "mine", HASH, term, adapter_bytes, &error));
  g_assert_no_error (error);

  g_assert_false (kalon_profile_import (fixture->feedback, path, OTHER_HASH, DIMENSION, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_false (kalon_profile_import (fixture->feedback, path, HASH, DIMENSION + 1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_true (kalon_profile_import (fixture->feedback, path, HASH, DIMENSION, &error));
  g_assert_no_error (error);

  g_assert_true (
      kalon_feedback_load_part (fixture->feedback, KALON_PROFILE_TASTE, HASH, &bytes, &error));
  g_assert_true (kalon_taste_term_parse (bytes, DIMENSION, &read, &error));
  g_assert_cmpmem (read->measures, KALON_N_MEASURES * sizeof (float), term->measures,
                   KALON_N_MEASURES * sizeof (float));
  g_assert_cmpmem (read->embedding, DIMENSION * sizeof (float), term->embedding,
                   DIMENSION * sizeof (float));
  g_clear_pointer (&bytes, g_bytes_unref);
  g_assert_true (
      kalon_feedback_load_part (fixture->feedback, KALON_PROFILE_ADAPTER, HASH, &bytes, &error));
  back = kalon_adapter_new_from_bytes (bytes, HASH, &error);
  g_assert_no_error (error);
  g_assert_cmpint (kalon_adapter_get_kind (back), ==, KALON_ADAPTER_QUERY);

  g_clear_pointer (&bytes, g_bytes_unref);
  g_assert_true (kalon_feedback_reset (fixture->feedback, NULL, &error));
  g_assert_true (
      kalon_feedback_load_part (fixture->feedback, KALON_PROFILE_TASTE, HASH, &bytes, &error));
  g_assert_null (bytes);
}

/* A file of the right form that is no profile, and one of no form. */
static void
test_foreign_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "p.safetensors", NULL);
  const char *metadata[] = { "model", HASH, NULL };
  const float one = 1;
  const KalonSafetensorsTensor tensor = { "other", 1, { 1 }, &one };

  g_assert_true (kalon_safetensors_save (path, &tensor, 1, metadata, &error));
  g_assert_false (kalon_profile_import (fixture->feedback, path, HASH, DIMENSION, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_true (g_str_has_prefix (error->message, "p.safetensors: "));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "no", -1, NULL));
  g_assert_false (kalon_profile_import (fixture->feedback, path, HASH, DIMENSION, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
}

/* Features by the letter; those of "x" are not in the library. */
static gboolean
fill_features (const char *picture, float *features, gpointer user_data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) picture[0]);

  if (g_str_equal (picture, "x"))
    return FALSE;
  for (guint i = 0; i < N_FEATURES; i++)
    features[i] = (float) g_rand_double_range (rand, -1, 1);
  return TRUE;
}

static void
update (Fixture *fixture, KalonFeedbackLearner *learner)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (fixture->feedback, &error);

  g_assert_true (kalon_feedback_learner_update (learner, thumbs, NULL, &error));
  g_assert_no_error (error);
}

static const float *
get_weights (KalonFeedbackLearner *learner)
{
  return kalon_taste_learner_get_weights (kalon_feedback_learner_get_learner (learner));
}

/* @learner, which has followed the history, and a new one that sees only what is left of it. */
static void
assert_exact (Fixture *fixture, KalonFeedbackLearner *learner)
{
  g_autoptr (KalonFeedbackLearner) fresh
      = kalon_feedback_learner_new (N_FEATURES, fill_features, NULL);

  update (fixture, learner);
  update (fixture, fresh);
  g_assert_cmpmem (get_weights (learner), N_FEATURES * sizeof (float), get_weights (fresh),
                   N_FEATURES * sizeof (float));
  g_assert_cmpuint (kalon_feedback_learner_get_curve (learner)->len, ==,
                    kalon_feedback_learner_get_history (learner)->n_events);
}

/* Undo, forget and reset leave what learning the other thumbs alone would have left, to the bit. */
static void
test_exact (Fixture *fixture, gconstpointer data)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwyz";
  g_autoptr (KalonFeedbackLearner) learner
      = kalon_feedback_learner_new (N_FEATURES, fill_features, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;
  gint64 ids[70];
  gsize features_size;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *query = g_strdup_printf ("query %u", i / 2);
      g_autofree char *shown = g_strndup (alphabet + g_rand_int_range (rand, 0, 15), 6);

      ids[i] = add (fixture, query, g_rand_boolean (rand), (guint) g_rand_int_range (rand, 0, 6),
                    shown);
      if (i % 9 == 0)
        update (fixture, learner);
    }
  assert_exact (fixture, learner);
  g_assert_true (kalon_feedback_learner_is_current (learner));
  g_assert_true (
      get_weights (learner)[0] != 0
      || !kalon_taste_learner_get_check (kalon_feedback_learner_get_learner (learner))->active);

  g_assert_true (kalon_feedback_undo (fixture->feedback, ids[69], &error));
  assert_exact (fixture, learner);
  g_assert_true (kalon_feedback_undo (fixture->feedback, ids[33], &error));
  assert_exact (fixture, learner);
  g_assert_true (kalon_feedback_undo (fixture->feedback, ids[0], &error));
  assert_exact (fixture, learner);
  g_assert_true (kalon_feedback_forget_query (fixture->feedback, "query 20", NULL, &error));
  assert_exact (fixture, learner);
  g_assert_true (kalon_feedback_forget_picture (fixture->feedback, "g", NULL, &error));
  assert_exact (fixture, learner);
  g_assert_cmpuint (kalon_feedback_learner_get_size (learner, &features_size), <, 1000 * 1000);
  g_assert_true (kalon_feedback_reset (fixture->feedback, NULL, &error));
  assert_exact (fixture, learner);
  for (guint i = 0; i < N_FEATURES; i++)
    g_assert_cmpfloat (get_weights (learner)[i], ==, 0);
  g_assert_no_error (error);
}

static void
test_missing_pictures (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonFeedbackLearner) learner
      = kalon_feedback_learner_new (N_FEATURES, fill_features, NULL);
  const KalonTasteHistory *history = kalon_feedback_learner_get_history (learner);

  add (fixture, "one", TRUE, 0, "xab"); /* the chosen one is gone */
  add (fixture, "two", TRUE, 1, "xa");  /* all others are */
  add (fixture, "three", TRUE, 2, "axb");
  update (fixture, learner);
  g_assert_false (kalon_feedback_learner_is_current (learner));
  g_assert_cmpuint (history->n_events, ==, 1);
  g_assert_cmpuint (history->events[0].n, ==, 2);
  g_assert_cmpuint (history->events[0].chosen, ==, 1);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_feedback_open (nowhere, &error));
  g_assert_nonnull (error);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonFeedbackLearner) learner
      = kalon_feedback_learner_new (N_FEATURES, fill_features, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) thumbs = NULL;

  add (fixture, "one", TRUE, 0, "abc");
  thumbs = kalon_feedback_list (fixture->feedback, &error);
  g_cancellable_cancel (cancellable);
  g_assert_false (kalon_feedback_learner_update (learner, thumbs, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* And goes on where it was. */
  assert_exact (fixture, learner);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/feedback/thumbs", test_thumbs);
  ADD ("/feedback/forget", test_forget);
  ADD ("/feedback/profiles", test_profiles);
  ADD ("/feedback/profile-file", test_profile_file);
  ADD ("/feedback/foreign-file", test_foreign_file);
  ADD ("/feedback/exact", test_exact);
  ADD ("/feedback/missing-pictures", test_missing_pictures);
  ADD ("/feedback/no-folder", test_no_folder);
  ADD ("/feedback/cancelled", test_cancelled);
#undef ADD

  return g_test_run ();
}
