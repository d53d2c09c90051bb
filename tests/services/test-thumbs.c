/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbs/kalon-thumbs.h"

#include "errors/kalon-errors.h"
#include "library/kalon-library.h"
#include "test-folders.h"

#define N_PICTURES 6

/* A library of six pictures; the last two have the same content. */
typedef struct
{
  char *directory;
  gint64 ids[N_PICTURES];
  GArray *shown;
  KalonThumbs *thumbs;
  guint n_changes;
} Fixture;

static const char *const hashes[N_PICTURES] = { "aa", "bb", "cc", "dd", "ee", "ee" };

static void
count_cb (guint *n_changes)
{
  (*n_changes)++;
}

static void
open_thumbs (Fixture *fixture)
{
  fixture->thumbs = kalon_thumbs_new (fixture->directory);
  fixture->n_changes = 0;
  g_signal_connect_swapped (fixture->thumbs, "changed", G_CALLBACK (count_cb), &fixture->n_changes);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-thumbs-XXXXXX", NULL);
  library = kalon_library_open (fixture->directory, &error);
  g_assert_no_error (error);
  fixture->shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/p/%u.png", i);
      KalonPicture picture = { .path = path, .content_hash = (char *) hashes[i] };

      g_assert_true (kalon_library_store_picture (library, &picture, &error));
      g_assert_no_error (error);
      fixture->ids[i] = picture.id;
      g_array_append_val (fixture->shown, picture.id);
    }
  open_thumbs (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->thumbs);
  g_array_unref (fixture->shown);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static gboolean
set (Fixture *fixture, const char *query, gint64 picture, KalonVerdict verdict, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_thumbs_set_async (fixture->thumbs, query, picture, verdict, fixture->shown, answered_cb,
                          &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_thumbs_set_finish (fixture->thumbs, result, error);
}

static gboolean
undo (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_thumbs_undo_async (fixture->thumbs, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_thumbs_undo_finish (fixture->thumbs, result, error);
}

/* All that is stored, as text. */
static char *
describe (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFeedback) feedback = kalon_feedback_open (fixture->directory, &error);
  g_autoptr (GPtrArray) thumbs = kalon_feedback_list (feedback, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < thumbs->len; i++)
    {
      const KalonThumb *thumb = g_ptr_array_index (thumbs, i);
      g_autofree char *pictures = g_strjoinv (",", thumb->pictures);

      g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %s of %s\n",
                              thumb->id, thumb->time, thumb->query, thumb->liked ? "up" : "down",
                              thumb->pictures[thumb->chosen], pictures);
    }
  return g_string_free (text, FALSE);
}

static void
test_set (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_NONE);
  g_assert_true (set (fixture, "Lake ", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_LIKED);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lakes", "bb"), ==, KALON_VERDICT_NONE);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "aa"), ==, KALON_VERDICT_NONE);
  /* The same content once. */
  text = describe (fixture);
  g_assert_true (g_str_has_suffix (text, " Lake  up bb of aa,bb,cc,dd,ee\n"));

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_DISLIKED, &error));
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_DISLIKED);
  /* Of a copy it is the same picture. */
  g_assert_true (set (fixture, "lake", fixture->ids[5], KALON_VERDICT_LIKED, &error));
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "ee"), ==, KALON_VERDICT_LIKED);

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_NONE, &error));
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_NONE);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "ee"), ==, KALON_VERDICT_LIKED);
  g_assert_cmpuint (fixture->n_changes, ==, 4);
}

/* Whatever the last change was, what is stored is afterwards to the byte what it was before. */
static void
test_undo (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint picture;
    KalonVerdict verdict;
  } changes[] = {
    { 2, KALON_VERDICT_LIKED },    /* new */
    { 1, KALON_VERDICT_DISLIKED }, /* another verdict */
    { 1, KALON_VERDICT_LIKED },    /* the same once more */
    { 1, KALON_VERDICT_NONE },     /* taken back */
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_true (set (fixture, "lake", fixture->ids[3], KALON_VERDICT_DISLIKED, &error));
  before = describe (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *changed = NULL, *after = NULL;

      g_assert_true (
          set (fixture, "lake", fixture->ids[changes[i].picture], changes[i].verdict, &error));
      changed = describe (fixture);
      g_assert_cmpstr (changed, !=, before);
      g_assert_true (undo (fixture, &error));
      g_assert_no_error (error);
      after = describe (fixture);
      g_assert_cmpstr (after, ==, before);
      g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_LIKED);
      g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "cc"), ==, KALON_VERDICT_NONE);
      /* Once. */
      g_assert_false (undo (fixture, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
}

static int
prefer (Fixture *fixture, GArray *better, GArray *worse, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kalon_thumbs_prefer_async (fixture->thumbs, "lake", better, worse, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_thumbs_prefer_finish (fixture->thumbs, result, error);
}

/* The pictures of @fixture that @numbers, ended by -1, name. */
static GArray *
list_ids (Fixture *fixture, const int *numbers)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (; *numbers >= 0; numbers++)
    g_array_append_val (ids, fixture->ids[*numbers]);
  return ids;
}

/* Of two rows, what only the better one has is preferred to what only the other has. */
static void
test_prefer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) better = list_ids (fixture, (const int[]){ 0, 1, 2, -1 });
  g_autoptr (GArray) worse = list_ids (fixture, (const int[]){ 2, 3, 4, -1 });
  g_autoptr (GArray) copies = list_ids (fixture, (const int[]){ 4, -1 });
  g_autoptr (GArray) copy = list_ids (fixture, (const int[]){ 5, -1 });
  g_autofree char *before = NULL, *text = NULL, *undone = NULL;

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_DISLIKED, &error));
  before = describe (fixture);
  g_assert_cmpint (prefer (fixture, better, worse, &error), ==, 1);
  g_assert_no_error (error);
  text = describe (fixture);
  /* bb has the user's own word, cc is in both rows. */
  g_assert_true (g_str_has_prefix (text, before));
  g_assert_true (g_str_has_suffix (text, " lake up aa of aa,dd,ee\n"));
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "aa"), ==, KALON_VERDICT_LIKED);
  g_assert_true (undo (fixture, &error));
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, before);

  /* Several at once go at once; one that was taken back by itself meanwhile is passed over. */
  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_NONE, &error));
  g_assert_cmpint (prefer (fixture, better, worse, &error), ==, 2);
  {
    g_autoptr (KalonFeedback) other = kalon_feedback_open (fixture->directory, &error);
    g_autoptr (GPtrArray) thumbs = kalon_feedback_list (other, &error);

    g_assert_cmpuint (thumbs->len, ==, 2);
    g_assert_true (
        kalon_feedback_undo (other, ((KalonThumb *) g_ptr_array_index (thumbs, 0))->id, &error));
  }
  g_assert_true (undo (fixture, &error));
  g_assert_no_error (error);
  g_free (undone);
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, "");

  /* A picture is no better than its copy; a row no better than itself. */
  g_assert_cmpint (prefer (fixture, copies, copy, &error), ==, 0);
  g_assert_cmpint (prefer (fixture, better, better, &error), ==, 0);
  g_assert_no_error (error);
}

static int
set_many (Fixture *fixture, const int *numbers, KalonVerdict verdict, GError **error)
{
  g_autoptr (GArray) ids = list_ids (fixture, numbers);
  g_autoptr (GAsyncResult) result = NULL;

  kalon_thumbs_set_many_async (fixture->thumbs, "Lake", ids, verdict, fixture->shown, answered_cb,
                               &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_thumbs_set_many_finish (fixture->thumbs, result, error);
}

/* One change, whatever the pictures had before; and exactly that again. */
static void
test_set_many (Fixture *fixture, gconstpointer data)
{
  const int all[] = { 0, 1, 2, 4, 5, -1 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL, *undone = NULL, *undone_again = NULL;

  g_assert_true (set (fixture, "lake", fixture->ids[0], KALON_VERDICT_DISLIKED, &error));
  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_true (set (fixture, "sea", fixture->ids[2], KALON_VERDICT_DISLIKED, &error));
  before = describe (fixture);

  /* bb has it already, the last two are one picture. */
  g_assert_cmpint (set_many (fixture, all, KALON_VERDICT_LIKED, &error), ==, 3);
  g_assert_no_error (error);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", hashes[i]), ==,
                     i == 3 ? KALON_VERDICT_NONE : KALON_VERDICT_LIKED);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "sea", "cc"), ==, KALON_VERDICT_DISLIKED);
  after = describe (fixture);
  g_assert_cmpstr (after, !=, before);
  g_assert_true (undo (fixture, &error));
  g_assert_no_error (error);
  undone = describe (fixture);
  g_assert_cmpstr (undone, ==, before);

  g_assert_cmpint (set_many (fixture, all, KALON_VERDICT_NONE, &error), ==, 2);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "aa"), ==, KALON_VERDICT_NONE);
  g_assert_true (undo (fixture, &error));
  undone_again = describe (fixture);
  g_assert_cmpstr (undone_again, ==, before);

  /* Nothing to do is nothing to undo. */
  g_assert_cmpint (set_many (fixture, (const int[]){ 3, -1 }, KALON_VERDICT_NONE, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_false (undo (fixture, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
}

/* Another program's thumbs, and one's own after a restart. */
static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFeedback) other = kalon_feedback_open (fixture->directory, &error);
  const char *const shown[] = { "cc", "aa", NULL };

  g_assert_no_error (error);
  kalon_thumbs_check (fixture->thumbs);
  g_assert_true (set (fixture, "lake", fixture->ids[0], KALON_VERDICT_LIKED, &error));
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_true (kalon_feedback_add (other, "lake", FALSE, 0, shown, NULL, &error));
  kalon_thumbs_check (fixture->thumbs);
  while (fixture->n_changes < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "cc"), ==, KALON_VERDICT_DISLIKED);

  g_clear_object (&fixture->thumbs);
  open_thumbs (fixture);
  kalon_thumbs_check (fixture->thumbs);
  while (fixture->n_changes < 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "cc"), ==, KALON_VERDICT_DISLIKED);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "aa"), ==, KALON_VERDICT_LIKED);
}

typedef void (*ForgetFunc) (KalonThumbs *thumbs, const char *text, GAsyncReadyCallback callback,
                            gpointer user_data);

/* @text: (nullable): for the reset */
static guint
forget (Fixture *fixture, ForgetFunc func, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changed = G_MAXUINT;

  if (func != NULL)
    func (fixture->thumbs, text, answered_cb, &result);
  else if (text != NULL)
    kalon_thumbs_forget_async (fixture->thumbs, g_ascii_strtoll (text, NULL, 10), answered_cb,
                               &result);
  else
    kalon_thumbs_reset_async (fixture->thumbs, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (kalon_thumbs_forget_finish (fixture->thumbs, result, &n_changed, &error));
  g_assert_no_error (error);
  return n_changed;
}

/* What is forgotten is gone, and undone it is to the byte what it was. */
static void
test_forget (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    ForgetFunc func;
    const char *text;
    guint n_changed;
    const char *left; /* the end of the last thumb that stays; "": none */
  } changes[] = {
    { NULL, "2", 1, "sea up dd of aa,bb,cc,dd,ee\n" },
    { kalon_thumbs_forget_query_async, " LAKE", 2, "sea up dd of aa,bb,cc,dd,ee\n" },
    /* One is on it, and all others were shown with it. */
    { kalon_thumbs_forget_picture_async, "cc", 3, "sea up dd of aa,bb,dd,ee\n" },
    { kalon_thumbs_forget_query_async, "never asked", 0, "sea up dd of aa,bb,cc,dd,ee\n" },
    { NULL, NULL, 3, "" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFeedback) other = kalon_feedback_open (fixture->directory, &error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("weights", 7);
  g_autofree char *before = NULL;

  g_assert_no_error (error);
  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_true (set (fixture, "lake", fixture->ids[2], KALON_VERDICT_DISLIKED, &error));
  g_assert_true (set (fixture, "sea", fixture->ids[3], KALON_VERDICT_LIKED, &error));
  kalon_feedback_store_part (other, KALON_PROFILE_TASTE, "m", bytes, &error);
  g_assert_no_error (error);
  before = describe (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      guint n_signals = fixture->n_changes;
      g_autofree char *changed = NULL, *after = NULL;
      g_autoptr (GBytes) part = NULL, again = NULL;

      g_assert_cmpuint (forget (fixture, changes[i].func, changes[i].text), ==,
                        changes[i].n_changed);
      g_assert_cmpuint (fixture->n_changes, >, n_signals);
      changed = describe (fixture);
      g_assert_true (g_str_has_suffix (changed, changes[i].left));
      g_assert_cmpint (*changed == '\0', ==, *changes[i].left == '\0');
      kalon_feedback_load_part (other, KALON_PROFILE_TASTE, "m", &part, &error);
      g_assert_cmpint (part != NULL, ==, *changes[i].left != '\0');
      g_assert_cmpint (undo (fixture, &error), ==, changes[i].n_changed > 0);
      g_clear_error (&error);
      after = describe (fixture);
      g_assert_cmpstr (after, ==, before);
      kalon_feedback_load_part (other, KALON_PROFILE_TASTE, "m", &again, &error);
      g_assert_true (g_bytes_equal (again, bytes));
    }
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "cc"), ==, KALON_VERDICT_DISLIKED);
}

static void
test_adapter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFeedback) other = kalon_feedback_open (fixture->directory, &error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("weights", 7);
  g_autoptr (GBytes) mine = NULL, elsewhere = NULL, again = NULL;

  kalon_feedback_store_part (other, KALON_PROFILE_ADAPTER, "m", bytes, &error);
  kalon_feedback_store_part (other, KALON_PROFILE_ADAPTER, "n", bytes, &error);
  g_assert_no_error (error);
  forget (fixture, kalon_thumbs_remove_adapter_async, "m");
  kalon_feedback_load_part (other, KALON_PROFILE_ADAPTER, "m", &mine, &error);
  kalon_feedback_load_part (other, KALON_PROFILE_ADAPTER, "n", &elsewhere, &error);
  g_assert_null (mine);
  g_assert_nonnull (elsewhere);
  g_assert_true (undo (fixture, &error));
  g_assert_no_error (error);
  kalon_feedback_load_part (other, KALON_PROFILE_ADAPTER, "m", &again, &error);
  g_assert_true (g_bytes_equal (again, bytes));
}

static KalonThumbsState *
get_state (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KalonThumbsState *state;

  kalon_thumbs_get_state_async (fixture->thumbs, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  state = kalon_thumbs_get_state_finish (fixture->thumbs, result, &error);
  g_assert_no_error (error);
  return state;
}

/* Every thumb with the ids that its pictures have now. */
static void
test_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (fixture->directory, &error);
  g_autoptr (KalonThumbsState) first = NULL, second = NULL;
  const KalonThumbEvent *event;

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_true (set (fixture, "sea", fixture->ids[2], KALON_VERDICT_DISLIKED, &error));
  first = get_state (fixture);
  g_assert_cmpstr (first->profile, ==, KALON_PROFILE_DEFAULT);
  g_assert_cmpuint (g_strv_length (first->profiles), ==, 1);
  g_assert_cmpuint (first->events->len, ==, 2);
  event = g_ptr_array_index (first->events, 1);
  g_assert_cmpstr (event->thumb->query, ==, "sea");
  g_assert_cmpint (event->picture, ==, fixture->ids[2]);
  g_assert_cmpuint (event->others->len, ==, 4);
  g_assert_cmpint (g_array_index (event->others, gint64, 0), ==, fixture->ids[0]);
  g_assert_cmpint (g_array_index (event->others, gint64, 3), ==, fixture->ids[4]);

  /* Two pictures leave the library. */
  g_assert_true (kalon_library_begin (library, &error));
  g_assert_true (kalon_library_remove_picture (library, fixture->ids[2], &error));
  g_assert_true (kalon_library_remove_picture (library, fixture->ids[0], &error));
  g_assert_true (kalon_library_commit (library, &error));
  second = get_state (fixture);
  event = g_ptr_array_index (second->events, 1);
  g_assert_cmpint (event->picture, ==, 0);
  g_assert_cmpuint (event->others->len, ==, 3);
  g_assert_cmpint (g_array_index (event->others, gint64, 0), ==, fixture->ids[1]);
}

static gboolean
change_profile (Fixture *fixture, ForgetFunc func, const char *name, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  func (fixture->thumbs, name, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_thumbs_profile_finish (fixture->thumbs, result, error);
}

static void
test_profiles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonThumbsState) made = NULL, left = NULL;
  g_autofree char *before = NULL, *after = NULL;

  g_assert_true (set (fixture, "lake", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  before = describe (fixture);
  g_assert_true (change_profile (fixture, kalon_thumbs_use_profile_async, "warm", &error));
  g_assert_cmpuint (fixture->n_changes, ==, 2);
  g_assert_cmpint (kalon_thumbs_get (fixture->thumbs, "lake", "bb"), ==, KALON_VERDICT_NONE);
  /* The thumb is in the other profile. */
  g_assert_false (undo (fixture, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);

  g_assert_false (
      change_profile (fixture, kalon_thumbs_rename_profile_async, KALON_PROFILE_DEFAULT, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (change_profile (fixture, kalon_thumbs_rename_profile_async, "", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (change_profile (fixture, kalon_thumbs_rename_profile_async, "calm", &error));
  made = get_state (fixture);
  g_assert_cmpstr (made->profile, ==, "calm");
  g_assert_cmpuint (g_strv_length (made->profiles), ==, 2);
  g_assert_cmpstr (made->profiles[0], ==, "calm");

  g_assert_true (set (fixture, "sea", fixture->ids[1], KALON_VERDICT_LIKED, &error));
  g_assert_true (
      change_profile (fixture, kalon_thumbs_remove_profile_async, KALON_PROFILE_DEFAULT, &error));
  left = get_state (fixture);
  g_assert_cmpstr (left->profile, ==, KALON_PROFILE_DEFAULT);
  g_assert_cmpuint (g_strv_length (left->profiles), ==, 1);
  after = describe (fixture);
  g_assert_cmpstr (after, ==, before);
  g_assert_false (undo (fixture, &error));
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (set (fixture, "lake", 4711, KALON_VERDICT_LIKED, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Two copies of one picture are one picture: nothing to prefer it to. */
  g_array_remove_range (fixture->shown, 0, 4);
  g_assert_false (set (fixture, "lake", fixture->ids[4], KALON_VERDICT_LIKED, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_cmpuint (fixture->n_changes, ==, 0);

  g_clear_object (&fixture->thumbs);
  fixture->thumbs = kalon_thumbs_new ("/dev/null/kalon");
  kalon_thumbs_check (fixture->thumbs);
  g_assert_false (set (fixture, "lake", 1, KALON_VERDICT_LIKED, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/thumbs/set", Fixture, NULL, set_up, test_set, tear_down);
  g_test_add ("/thumbs/undo", Fixture, NULL, set_up, test_undo, tear_down);
  g_test_add ("/thumbs/prefer", Fixture, NULL, set_up, test_prefer, tear_down);
  g_test_add ("/thumbs/set-many", Fixture, NULL, set_up, test_set_many, tear_down);
  g_test_add ("/thumbs/check", Fixture, NULL, set_up, test_check, tear_down);
  g_test_add ("/thumbs/forget", Fixture, NULL, set_up, test_forget, tear_down);
  g_test_add ("/thumbs/adapter", Fixture, NULL, set_up, test_adapter, tear_down);
  g_test_add ("/thumbs/state", Fixture, NULL, set_up, test_state, tear_down);
  g_test_add ("/thumbs/profiles", Fixture, NULL, set_up, test_profiles, tear_down);
  g_test_add ("/thumbs/errors", Fixture, NULL, set_up, test_errors, tear_down);
  return g_test_run ();
}
