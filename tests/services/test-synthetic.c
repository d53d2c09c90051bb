/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "synthetic/kalon-synthetic-private.h"
#include "test-folders.h"
#include "test-waves.h"

/* Enough for one group of three that fits, another, and as many that do not. */
#define N_CLASSES 4
#define N_OF_CLASS 9

typedef struct
{
  char *folder;
  char *classes;
  char *captions;
  char *output;
} Fixture;

static const char *const class_names[N_CLASSES] = { "red_boat", "red_barn", "pond", "steep-hill" };
static const char *const words[N_CLASSES][3] = {
  { "red boat", "harbour", "rowing slowly" },
  { "old barn", "meadow", "hay rotting" },
  { "dark pond", "harbour", "frogs" },
  { "steep hill", "snow", "skiing quickly" },
};

static void
fixture_init (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  fixture->folder = g_dir_make_tmp ("kalon-synthetic-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->classes = g_build_filename (fixture->folder, "classes", NULL);
  fixture->captions = g_build_filename (fixture->folder, "captions.tsv", NULL);
  fixture->output = g_build_filename (fixture->folder, "set", NULL);
  for (guint c = 0; c < N_CLASSES; c++)
    {
      g_autofree char *folder = g_build_filename (fixture->classes, class_names[c], NULL);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      for (guint i = 0; i < N_OF_CLASS; i++)
        {
          g_autoptr (KalonImage) image = make_waves (c * 100 + i, c);
          g_autofree char *name = g_strdup_printf ("%u.png", i);
          g_autofree char *path = g_build_filename (folder, name, NULL);

          g_assert_true (kalon_image_save_png (image, path, NULL));
          g_string_append_printf (lines, "%s/%s\tA %s in the %s, %s\n", class_names[c], name,
                                  words[c][0], words[c][1], words[c][2]);
        }
    }
  g_string_append (lines, "gone.png\tA picture that is elsewhere\n");
  g_assert_true (g_file_set_contents (fixture->captions, lines->str, -1, NULL));
}

static void
fixture_clear (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->classes);
  g_free (fixture->captions);
  g_free (fixture->output);
}

static void
use_classes (const Fixture *fixture, KalonSyntheticOptions *options)
{
  kalon_synthetic_options_init (options);
  options->classes = fixture->classes;
  options->n_items = 60;
  options->group = 3;
  options->side = 64;
  options->seed = 5;
}

/* Captions that share "boat harbour rowing" and so on; hard ones share "harbour" alone. */
static void
use_captions (const Fixture *fixture, KalonSyntheticOptions *options)
{
  use_classes (fixture, options);
  options->classes = NULL;
  options->captions = fixture->captions;
  options->images = fixture->classes;
}

/* (transfer full) */
static KalonHpirSet *
make (const KalonSyntheticOptions *options, const char *output, guint n_failures)
{
  g_autoptr (GPtrArray) failures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  g_autoptr (GError) error = NULL;
  KalonHpirSet *set = kalon_synthetic_make (options, output, NULL, NULL, failures, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (set);
  g_assert_cmpuint (failures->len, ==, n_failures);
  return set;
}

static char *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

static void
assert_sound (const char *folder)
{
  g_autofree char *file = g_build_filename (folder, KALON_SYNTHETIC_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_read (file, &error);
  g_autoptr (KalonHpirCheck) check = NULL;

  g_assert_no_error (error);
  g_assert_true (set->synthetic);
  g_assert_nonnull (strstr (set->made_from, "seed 5"));
  check = kalon_hpir_set_check (set, TRUE, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < check->problems->len; i++)
    {
      const KalonHpirProblem *problem = g_ptr_array_index (check->problems, i);

      g_test_message ("%s: %s", problem->item, problem->text);
    }
  g_assert_cmpuint (check->problems->len, ==, 0);
  g_assert_cmpuint (check->n_items, ==, 60);
}

/* How many of @item's @group come from the folder or the words of class @c: file names begin with
 * the picture's number, and classes are numbered by name in folders, in order in captions. */
static guint
count_of_class (const KalonHpirItem *item, guint group, guint c)
{
  guint n = 0;

  for (guint i = 0; i < item->groups[group]->len; i++)
    {
      const KalonHpirPicture *picture = g_ptr_array_index (item->groups[group], i);
      const char *name = strrchr (picture->path, '/') + 1;

      n += g_ascii_strtoull (name, NULL, 10) / N_OF_CLASS == c;
    }
  return n;
}

/* Which class the query is about; @order: of the classes, by number of picture. */
static guint
find_class (const KalonHpirItem *item, const guint *order, const char *const *names)
{
  for (guint c = 0; c < N_CLASSES; c++)
    if (strstr (item->query, names[order[c]]) != NULL)
      return c;
  g_assert_not_reached ();
}

/* How many pictures of a group have @part in their names. */
static guint
count_named (const KalonHpirItem *item, guint group, const char *part)
{
  guint n = 0;

  for (guint i = 0; i < item->groups[group]->len; i++)
    n += strstr (((KalonHpirPicture *) item->groups[group]->pdata[i])->path, part) != NULL;
  return n;
}

/* One aspect has an answer: the gold group, that is. */
static guint
get_only_gold (const KalonHpirItem *item, KalonHpirAspect *aspect)
{
  guint gold = 0, n_gold = 0;

  for (guint a = 0; a < KALON_N_HPIR_ASPECTS; a++)
    {
      guint choice;
      double confidence;

      if (!kalon_hpir_item_get_gold (item, a, NULL, &choice, &confidence))
        continue;
      g_assert_cmpfloat (confidence, ==, 1);
      gold = choice;
      *aspect = a;
      n_gold++;
    }
  g_assert_cmpuint (n_gold, ==, 1);
  return gold;
}

static void
assert_spoilt (const KalonHpirItem *item, guint group, guint expected)
{
  g_assert_cmpuint (count_named (item, group, "-mild-") + count_named (item, group, "-medium-")
                        + count_named (item, group, "-strong-"),
                    ==, expected);
}

/* @c: the class of the query; @n_half: pictures of it that a hard wrong group may have */
static void
assert_one_aspect (const KalonHpirItem *item, guint c, guint n_half, guint *n_first)
{
  KalonHpirAspect aspect = KALON_HPIR_ACCURACY;
  const guint gold = get_only_gold (item, &aspect);
  const gboolean is_hard = strcmp (item->kind, "relevance-hard") == 0;

  *n_first += gold == 0;
  g_assert_cmpuint (count_of_class (item, gold, c), ==, 3);
  if (is_hard || strcmp (item->kind, "relevance") == 0)
    {
      g_assert_cmpint (aspect, ==, KALON_HPIR_ACCURACY);
      g_assert_cmpuint (count_of_class (item, 1 - gold, c), ==, is_hard ? n_half : 0);
      assert_spoilt (item, 1 - gold, 0);
      return;
    }
  g_assert_cmpuint (count_of_class (item, 1 - gold, c), ==, 3);
  if (strcmp (item->kind, "degradation") == 0)
    {
      g_assert_cmpint (aspect, ==, KALON_HPIR_AESTHETIC);
      assert_spoilt (item, gold, 0);
      assert_spoilt (item, 1 - gold, 3);
      return;
    }
  g_assert_cmpstr (item->kind, ==, "near-duplicate");
  g_assert_cmpint (aspect, ==, KALON_HPIR_DIVERSITY);
  g_assert_cmpuint (count_named (item, gold, "-copy"), ==, 0);
  g_assert_cmpuint (count_named (item, 1 - gold, "-copy"), ==, 3);
  /* Of one picture, as three are too few for two. */
  g_assert_cmpuint (count_named (item, 1 - gold, "-copy1-"), ==, 1);
  g_assert_cmpuint (count_named (item, 1 - gold, "-copy3-"), ==, 1);
}

/* @order: of the classes, by number of picture; @halves: [classes] for assert_one_aspect() */
static void
assert_contrasts (const KalonHpirSet *set, const guint *order, const char *const *names,
                  const guint *halves)
{
  guint n_first = 0, n_mixed = 0, n_labels = 0;

  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);
      const guint c = find_class (item, order, names);

      g_assert_cmpuint (item->groups[0]->len, ==, 3);
      g_assert_cmpuint (item->groups[1]->len, ==, 3);
      g_assert_true ((item->labels->len > 0) == (strcmp (item->kind, "mixed") == 0));
      if (item->labels->len > 0)
        {
          n_mixed++;
          n_labels += item->labels->len;
          g_assert_cmpuint (item->labels->len, >=, 15);
        }
      else
        assert_one_aspect (item, c, halves[order[c]], &n_first);
    }
  g_assert_cmpuint (n_mixed, ==, 12);
  /* Some come again. */
  g_assert_cmpuint (n_labels, >, n_mixed * 15);
  /* Of 48 draws: five deviations from a half. */
  g_assert_cmpuint (n_first, >, 6);
  g_assert_cmpuint (n_first, <, 42);
}

static void
test_classes (Fixture *fixture, gconstpointer data)
{
  /* By name: pond, red_barn, red_boat, steep-hill. "red" is shared by two, else half must do. */
  static const guint order[] = { 2, 1, 0, 3 };
  static const guint halves[] = { 0, 0, 1, 1 };
  static const char *const names[] = { "a photo of a red boat", "a photo of a red barn",
                                       "a photo of a pond", "a photo of a steep hill" };
  KalonSyntheticOptions options;
  g_autoptr (KalonHpirSet) set = NULL;

  use_classes (fixture, &options);
  set = make (&options, fixture->output, 0);
  assert_sound (fixture->output);
  assert_contrasts (set, order, names, halves);
}

static void
test_captions (Fixture *fixture, gconstpointer data)
{
  static const guint order[] = { 0, 1, 2, 3 };
  static const guint halves[] = { 0, 0, 0, 0 };
  static const char *const names[] = { "boat", "barn", "pond", "hill" };
  KalonSyntheticOptions options;
  g_autoptr (KalonHpirSet) set = NULL;

  use_captions (fixture, &options);
  set = make (&options, fixture->output, 1);
  assert_sound (fixture->output);
  assert_contrasts (set, order, names, halves);
}

/* Folders of one name are one class; one without a name is left out. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const char *const templates[] = { "{}!", "a {}", NULL };
  g_autofree char *names = g_build_filename (fixture->folder, "names.tsv", NULL);
  KalonSyntheticOptions options;
  g_autoptr (KalonHpirSet) set = NULL;

  g_assert_true (
      g_file_set_contents (names, "red_boat\tred\nred_barn\tred\npond\twater\n", -1, NULL));
  use_classes (fixture, &options);
  options.names = names;
  options.templates = templates;
  options.contrasts = 1U << KALON_SYNTHETIC_RELEVANCE;
  set = make (&options, fixture->output, 0);
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);
      KalonHpirAspect aspect;
      const guint gold = get_only_gold (item, &aspect);
      const gboolean is_red = strstr (item->query, "red") != NULL;

      g_assert_cmpstr (item->query, ==,
                       is_red ? (i % 2 ? "a red" : "red!") : (i % 2 ? "a water" : "water!"));
      /* Pond is the first folder. */
      g_assert_cmpuint (count_of_class (item, is_red ? 1 - gold : gold, 0), ==, 3);
    }
}

static void
test_deterministic (Fixture *fixture, gconstpointer data)
{
  g_autofree char *again = g_build_filename (fixture->folder, "again", NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  KalonSyntheticOptions options;

  use_captions (fixture, &options);
  kalon_hpir_set_free (make (&options, fixture->output, 1));
  kalon_hpir_set_free (make (&options, again, 1));
  /* Hashes are in it, and test_captions() compares them with the files. */
  first = read_file (fixture->output, KALON_SYNTHETIC_FILE);
  second = read_file (again, KALON_SYNTHETIC_FILE);
  g_assert_cmpstr (first, ==, second);

  options.seed = 6;
  kalon_hpir_set_free (make (&options, other, 1));
  third = read_file (other, KALON_SYNTHETIC_FILE);
  g_assert_cmpstr (first, !=, third);
}

/* Of those with @trait: votes, and how many of them are the majority's. */
static void
count_votes (const KalonHpirSet *set, const char *trait, guint *n_gold, guint *n_votes)
{
  for (guint i = 0; i < set->items->len; i++)
    {
      const KalonHpirItem *item = g_ptr_array_index (set->items, i);

      for (guint a = 0; a < KALON_N_HPIR_ASPECTS; a++)
        {
          guint gold;
          double confidence;

          if (!kalon_hpir_item_get_gold (item, a, NULL, &gold, &confidence))
            continue;
          for (guint l = 0; l < item->labels->len; l++)
            {
              const KalonHpirLabel *label = &g_array_index (item->labels, KalonHpirLabel, l);
              const KalonHpirLabeler *labeler = g_ptr_array_index (set->labelers, label->labeler);

              if (label->repeat > 0
                  || g_strcmp0 (g_hash_table_lookup (labeler->traits, "made-up"), trait) != 0
                  || label->votes[a] == KALON_HPIR_CANNOT_TELL)
                continue;
              *n_gold += label->votes[a] == (gold == 0 ? KALON_HPIR_A : KALON_HPIR_B);
              (*n_votes)++;
            }
        }
    }
}

/* A steep slope leaves no doubt; a flat one is chance. */
static void
test_votes (void)
{
  static const double steps[KALON_N_HPIR_ASPECTS] = { 1, 0, -2 };
  static const double slopes[] = { 1000, 0.001 };
  KalonSyntheticOptions options;

  kalon_synthetic_options_init (&options);
  options.n_labelers = 400;
  for (guint s = 0; s < G_N_ELEMENTS (slopes); s++)
    {
      g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("votes", ".");
      KalonHpirItem *item = kalon_hpir_set_add_item (set, "1", "a boat");
      GRand *rand = g_rand_new_with_seed (3);
      guint n_gold[2] = { 0 }, n_votes[2] = { 0 };

      options.slope = slopes[s];
      kalon_synthetic_add_votes (set, item, steps, &options, rand);
      g_rand_free (rand);
      g_assert_cmpuint (set->labelers->len, ==, 400);
      g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][0], ==, 0);
      g_assert_cmpuint (item->votes[KALON_HPIR_AESTHETIC][1], ==, 0);
      count_votes (set, "apart", &n_gold[0], &n_votes[0]);
      count_votes (set, "all-in-one", &n_gold[1], &n_votes[1]);
      if (s == 0)
        {
          /* 1 + 0.6 (0 - 2) / 2 = 0.4 and -2 + 0.6 (1 + 0) / 2 are clear enough for all. */
          g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], ==, 400);
          g_assert_cmpuint (item->votes[KALON_HPIR_DIVERSITY][1], ==, 400);
          g_assert_cmpuint (n_gold[0] + n_gold[1], ==, n_votes[0] + n_votes[1]);
        }
      else
        {
          /* Five deviations. */
          g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], >, 150);
          g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], <, 250);
        }
    }
}

/* The halo turns verdicts of those who have it: 0.5 less 0.6 (3 + 3) / 2. */
static void
test_halo (void)
{
  static const double steps[KALON_N_HPIR_ASPECTS] = { 0.5, -3, -3 };
  g_autoptr (KalonHpirSet) set = kalon_hpir_set_new ("halo", ".");
  KalonHpirItem *item = kalon_hpir_set_add_item (set, "1", "a boat");
  GRand *rand = g_rand_new_with_seed (3);
  KalonSyntheticOptions options;

  kalon_synthetic_options_init (&options);
  options.n_labelers = 100;
  options.slope = 1000;
  kalon_synthetic_add_votes (set, item, steps, &options, rand);
  g_rand_free (rand);
  /* 0.5 - 0.1 * 3 = 0.2 is too little to tell. */
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][0], ==, 0);
  g_assert_cmpuint (item->votes[KALON_HPIR_ACCURACY][1], ==, 50);
}

static void
assert_refused (const KalonSyntheticOptions *options, const char *output, const char *expected,
                GCancellable *cancellable)
{
  g_autoptr (GPtrArray) failures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_synthetic_make (options, output, NULL, NULL, failures, cancellable, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, expected));
}

static void
on_item (guint done, guint total, gpointer user_data)
{
  if (done == 7)
    g_cancellable_cancel (user_data);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) failures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  KalonSyntheticOptions options;

  use_classes (fixture, &options);
  assert_refused (&options, fixture->folder, "is not empty", NULL);

  options.group = 12;
  assert_refused (&options, fixture->output, "too few pictures", NULL);
  g_assert_false (g_file_test (fixture->output, G_FILE_TEST_EXISTS));
  options.group = 3;

  /* What was written is gone, the folder that was there is not. */
  g_assert_cmpint (g_mkdir (fixture->output, 0700), ==, 0);
  g_assert_null (kalon_synthetic_make (&options, fixture->output, on_item, cancellable, failures,
                                       cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_rmdir (fixture->output), ==, 0);

  options.classes = NULL;
  options.captions = fixture->captions;
  options.images = fixture->output;
  assert_refused (&options, fixture->output, "nothing to make queries of", NULL);
}

/* A file that is no picture costs itself only. */
static void
test_bad_picture (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bad = g_build_filename (fixture->classes, "pond", "0.png", NULL);
  KalonSyntheticOptions options;
  g_autoptr (KalonHpirSet) set = NULL;

  g_assert_true (g_file_set_contents (bad, "no picture", -1, NULL));
  use_classes (fixture, &options);
  set = make (&options, fixture->output, 1);
  assert_sound (fixture->output);
  for (guint i = 0; i < set->items->len; i++)
    for (guint group = 0; group < 2; group++)
      g_assert_cmpuint (count_named (g_ptr_array_index (set->items, i), group, "/000000"), ==, 0);
}

static void
test_parse (void)
{
  g_autoptr (GError) error = NULL;
  guint32 bits = 0;

  g_assert_true (kalon_synthetic_parse_kinds ("haze, bar", &bits, &error));
  g_assert_cmpuint (bits, ==, 1U << KALON_SPOILT_HAZE | 1U << KALON_SPOILT_BAR);
  g_assert_true (kalon_synthetic_parse_kinds ("unseen", &bits, &error));
  g_assert_cmpuint (bits, ==, (1U << 12) - 1);
  g_assert_true (kalon_synthetic_parse_kinds ("all", &bits, &error));
  g_assert_cmpuint (bits, ==, (1U << KALON_N_SPOILT) - 1);
  g_assert_false (kalon_synthetic_parse_kinds ("", &bits, NULL));
  g_assert_true (kalon_synthetic_parse_contrasts ("mixed", &bits, &error));
  g_assert_cmpuint (bits, ==, 1U << KALON_SYNTHETIC_MIXED);
  g_assert_false (kalon_synthetic_parse_contrasts ("mixed,", &bits, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "relevance-hard"));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_init, func, fixture_clear)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/synthetic/classes", test_classes);
  ADD ("/synthetic/captions", test_captions);
  ADD ("/synthetic/names", test_names);
  ADD ("/synthetic/deterministic", test_deterministic);
  ADD ("/synthetic/refused", test_refused);
  ADD ("/synthetic/bad-picture", test_bad_picture);
  g_test_add_func ("/synthetic/votes", test_votes);
  g_test_add_func ("/synthetic/halo", test_halo);
  g_test_add_func ("/synthetic/parse", test_parse);
  return g_test_run ();
}
