/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random pictures and random filters: what the database answers against the meaning in plain C. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "errors/kalon-errors.h"
#include "feedback/kalon-feedback.h"
#include "library/kalon-library.h"
#include "test-folders.h"

#define MODEL "0123456789abcdef"
#define N_PICTURES 500
#define N_FILTERS 600
/* A Wednesday. */
#define NOW "2026-03-11T15:00:00"

typedef struct
{
  char *directory;
  KalonLibrary *library;
  GPtrArray *pictures; /* KalonPicture */
  GArray *aesthetics;  /* float, of each */
  GRand *rand;
} Fixture;

static const char *const folders[] = { "/home/me/Photos",
                                       "/home/me/Photos/Trips",
                                       "/home/me/Photos/Trips/2019",
                                       "/home/me/Photos (old)",
                                       "/home/me/Photos0",
                                       "/srv/trips",
                                       "/home/me/Photos/\xff",
                                       "/" };
static const char *const cameras[]
    = { NULL, "Canon EOS 5D", "NIKON D750", "Nokia N9", "Leica M10" };
static const char *const formats[] = { "jpeg", "png", "webp", "heif/avif", "avif", "raw", NULL };

static const char *
pick (GRand *rand, const char *const *texts, guint n)
{
  return texts[g_rand_int_range (rand, 0, (gint32) n)];
}
#define PICK(rand, texts) pick (rand, texts, G_N_ELEMENTS (texts))

/* Around the ends of the days that filters name, at home and in UTC. */
static gint64
random_time (GRand *rand)
{
  static const gint64 days[] = { 1546300800, 1561939200, 1577836800, 1609459200, 1772409600,
                                 1773014400, 1773187200, 1773273600, 0 };
  gint64 day = days[g_rand_int_range (rand, 0, G_N_ELEMENTS (days))];

  return day + g_rand_int_range (rand, -90000, 90000);
}

static void
add_picture (Fixture *fixture, guint i)
{
  static const guint sides[] = { 1000, 1050, 1052, 1053, 2000, 1999, 1920, 640 };
  g_autofree char *name = NULL;
  KalonPicture *picture = g_new0 (KalonPicture, 1);
  GRand *rand = fixture->rand;
  guint kind = (guint) g_rand_int_range (rand, 0, 4);
  float aesthetic
      = g_rand_int_range (rand, 0, 3) == 0 ? NAN : (float) g_rand_int_range (rand, 0, 21) / 2;
  g_autoptr (GError) error = NULL;

  name = kind == 0   ? g_strdup_printf ("IMG_%u.jpg", i)
         : kind == 1 ? g_strdup_printf ("scan %u.PNG", i)
         : kind == 2 ? g_strdup_printf ("%u.AVIF", i)
                     : g_strdup_printf ("%u.heic", i);
  picture->path = g_build_filename (PICK (rand, folders), name, NULL);
  picture->size = (guint64) g_rand_int_range (rand, 499998, 500003);
  picture->mtime = random_time (rand) * 1000000000 + g_rand_int_range (rand, 0, 1000000000);
  picture->content_hash = g_strdup_printf ("%04u", i);
  picture->width = sides[g_rand_int_range (rand, 0, G_N_ELEMENTS (sides))];
  picture->height = sides[g_rand_int_range (rand, 0, G_N_ELEMENTS (sides))];
  picture->format = g_strdup (PICK (rand, formats));
  picture->taken_at = g_rand_boolean (rand) ? random_time (rand) : 0;
  picture->camera = g_strdup (PICK (rand, cameras));
  picture->lens = g_rand_boolean (rand) ? g_strdup ("EF50mm f/1.8 II") : NULL;
  picture->colourfulness = (float) g_rand_int_range (rand, 0, 100);
  for (guint c = 0; c < 3; c++)
    picture->average[c] = (guint8) g_rand_int_range (rand, 0, 256);
  g_assert_true (kalon_library_store_picture (fixture->library, picture, &error));
  g_assert_true (kalon_library_store_row (fixture->library, MODEL, picture->id, i, &error));
  if (isfinite (aesthetic))
    g_assert_true (kalon_library_store_aesthetic (fixture->library, MODEL, picture->id,
                                                  (double) aesthetic, &error));
  g_assert_no_error (error);
  g_ptr_array_add (fixture->pictures, picture);
  g_array_append_val (fixture->aesthetics, aesthetic);
}

/* On the first pictures, for two queries: 0 up, 1 down, 2 both; 3 in another profile. */
static void
add_thumbs (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFeedback) feedback = kalon_feedback_open (fixture->directory, &error);
  const char *const shown[] = { "0000", "0001", "0002", "0003", NULL };

  g_assert_no_error (error);
  g_assert_true (kalon_feedback_add (feedback, "a", TRUE, 0, shown, NULL, &error));
  g_assert_true (kalon_feedback_add (feedback, "a", FALSE, 1, shown, NULL, &error));
  g_assert_true (kalon_feedback_add (feedback, "a", TRUE, 2, shown, NULL, &error));
  g_assert_true (kalon_feedback_add (feedback, "b", FALSE, 2, shown, NULL, &error));
  g_assert_true (kalon_feedback_set_profile (feedback, "other", &error));
  g_assert_true (kalon_feedback_add (feedback, "a", TRUE, 3, shown, NULL, &error));
  g_assert_true (kalon_feedback_set_profile (feedback, KALON_PROFILE_DEFAULT, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonIndex) index = NULL;

  fixture->directory = g_dir_make_tmp ("kalon-filter-XXXXXX", NULL);
  fixture->library = kalon_library_open (fixture->directory, &error);
  g_assert_no_error (error);
  fixture->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_picture_free);
  fixture->aesthetics = g_array_new (FALSE, FALSE, sizeof (float));
  fixture->rand = g_rand_new_with_seed (1);
  index = kalon_library_open_index (fixture->library, MODEL, 4, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_library_lock (fixture->library, &error));
  g_assert_true (kalon_library_begin (fixture->library, &error));
  for (guint i = 0; i < N_PICTURES; i++)
    add_picture (fixture, i);
  g_assert_true (kalon_library_commit (fixture->library, &error));
  g_assert_no_error (error);
  add_thumbs (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->library);
  g_ptr_array_unref (fixture->pictures);
  g_array_unref (fixture->aesthetics);
  g_rand_free (fixture->rand);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
}

/* The day of @seconds: as they stand, or where this process lives. */
static GDate
to_day (gint64 seconds, gboolean at_home)
{
  time_t time = (time_t) seconds;
  struct tm parts;
  GDate day;

  if (at_home)
    localtime_r (&time, &parts);
  else
    gmtime_r (&time, &parts);
  g_date_clear (&day, 1);
  g_date_set_dmy (&day, (GDateDay) parts.tm_mday, parts.tm_mon + 1,
                  (GDateYear) (parts.tm_year + 1900));
  return day;
}

static gboolean
is_within (double number, const KalonFilterValue *value)
{
  return number >= value->min && number <= value->max;
}

static gboolean
has_orientation (const KalonPicture *picture, guint choice)
{
  double width = picture->width, height = picture->height;
  gboolean is_square = fabs (width - height) / MAX (width, height) <= 0.05;

  return choice == KALON_ORIENTATION_SQUARE      ? is_square
         : choice == KALON_ORIENTATION_LANDSCAPE ? width > height && !is_square
         : choice == KALON_ORIENTATION_PORTRAIT  ? height > width && !is_square
                                                 : width / height >= 2;
}

static gboolean
has_format (const KalonPicture *picture, const char *name)
{
  gboolean is_either = g_strcmp0 (picture->format, "heif/avif") == 0;
  gboolean is_avif = g_str_has_suffix (picture->path, ".AVIF");

  return g_strcmp0 (picture->format, name) == 0
         || (is_either && g_str_equal (name, is_avif ? "avif" : "heic"));
}

static gboolean
matches_value (const Fixture *fixture, guint i, KalonFilterKind kind, const KalonFilterValue *value)
{
  const KalonPicture *picture = fixture->pictures->pdata[i];
  const double sizes[] = { (double) picture->width * picture->height,
                           MAX (picture->width, picture->height), (double) picture->size };
  g_autofree char *folder = g_path_get_dirname (picture->path);
  GDate day = picture->taken_at != 0 ? to_day (picture->taken_at, FALSE)
                                     : to_day (picture->mtime / 1000000000, TRUE);

  if (kind == KALON_FILTER_DATE)
    return (!g_date_valid (&value->from) || g_date_compare (&day, &value->from) >= 0)
           && (!g_date_valid (&value->to) || g_date_compare (&day, &value->to) <= 0);
  if (kind == KALON_FILTER_ORIENTATION)
    return has_orientation (picture, value->choice);
  if (kind == KALON_FILTER_SIZE)
    return is_within (sizes[value->measure], value);
  if (kind == KALON_FILTER_FORMAT)
    return has_format (picture, value->text);
  if (kind == KALON_FILTER_AESTHETIC)
    return is_within ((double) g_array_index (fixture->aesthetics, float, i), value);
  g_assert_cmpint (kind, ==, KALON_FILTER_FOLDER);
  g_assert_nonnull (value->path);
  while (!value->only && strlen (folder) > strlen (value->path))
    {
      char *parent = g_path_get_dirname (folder);

      g_free (folder);
      folder = parent;
    }
  return g_str_equal (folder, value->path);
}

static gboolean
matches_clause (const Fixture *fixture, guint i, const KalonFilterClause *clause)
{
  const KalonPicture *picture = fixture->pictures->pdata[i];
  const KalonFilterFacts facts = {
    .path = picture->path,
    .camera = picture->camera,
    .lens = picture->lens,
    .average = (guint32) picture->average[0] << 16 | picture->average[1] << 8 | picture->average[2],
    .colourfulness = (double) picture->colourfulness,
    .thumb_up = i == 0 || i == 2,
    .thumb_down = i == 1 || i == 2,
  };
  gboolean is_whole = clause->kind == KALON_FILTER_FOLDER;
  gboolean matches = FALSE;

  for (guint j = 0; j < clause->values->len; j++)
    is_whole &= ((const KalonFilterValue *) clause->values->pdata[j])->path != NULL;
  /* These have their own table of what they match: test-filter.c */
  if ((clause->kind == KALON_FILTER_FOLDER && !is_whole) || clause->kind == KALON_FILTER_CAMERA
      || clause->kind == KALON_FILTER_LENS || clause->kind == KALON_FILTER_NAME
      || clause->kind == KALON_FILTER_COLOUR || clause->kind == KALON_FILTER_LIKED)
    return kalon_filter_clause_matches (clause, &facts);
  for (guint j = 0; j < clause->values->len; j++)
    matches |= matches_value (fixture, i, clause->kind, clause->values->pdata[j]);
  return matches != clause->negated;
}

static const char *const values[] = {
  "folder:/home/me/Photos",
  "folder:/home/me/Photos/",
  "folder:/home/me/Photos/Trips,/srv",
  "folder:/",
  "folder:/home/",
  "folder:file:///home/me/Photos/%FF",
  "folder:trips",
  "folder:me/photos/,/srv/trips",
  "date:2019",
  "date:2019-01-01",
  "date:2019-07..",
  "date:..2019-12-31",
  "date:2020,2021-01",
  "date:today",
  "date:yesterday,last-week",
  "date:this-month",
  "date:..1970-01-01",
  "date:9999-12-31..",
  "camera:nokia,canon",
  "camera:\"eos 5d\"",
  "lens:50mm",
  "name:img",
  "name:*.png,*1?.avif",
  "orientation:landscape",
  "orientation:portrait,square",
  "orientation:panorama",
  "orientation:square",
  "size:>2MP",
  "size:1.05MP..2.2MP",
  "size:>=1920px",
  "size:<=1000px",
  "size:<500kB,>500001B",
  "colour:red,blue,monochrome",
  "colour:vivid",
  "liked:yes",
  "liked:down,none",
  "liked:no",
  "format:jpeg,raw",
  "format:heic",
  "format:avif",
  "aesthetic:>=5",
  "aesthetic:<5,9.5..10",
};

static KalonFilter *
make_filter (GRand *rand, guint i)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) now = g_date_time_new_from_iso8601 (NOW, zone);
  g_autoptr (GError) error = NULL;
  KalonFilter *filter;
  guint n = i < 2 * G_N_ELEMENTS (values) ? 1 : (guint) g_rand_int_range (rand, 2, 5);

  /* Each one alone, plain and turned round; then several. */
  for (guint j = 0; j < n; j++)
    {
      gboolean negated = n == 1 ? i % 2 : (guint) g_rand_boolean (rand);

      g_string_append_printf (text, "%s%s ", negated ? "-" : "",
                              n == 1 ? values[i / 2] : PICK (rand, values));
    }
  filter = kalon_filter_parse (text->str, now, &error);
  g_assert_no_error (error);
  return filter;
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const KalonPicture *x = *(const KalonPicture *const *) a, *y = *(const KalonPicture *const *) b;
  gint64 x_time = x->taken_at != 0 ? x->taken_at : x->mtime / 1000000000;
  gint64 y_time = y->taken_at != 0 ? y->taken_at : y->mtime / 1000000000;

  return x_time != y_time ? (x_time < y_time ? 1 : -1) : (x->id < y->id) - (x->id > y->id);
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  guint n_alone = 0;

  for (guint i = 0; i < N_FILTERS; i++)
    {
      g_autoptr (KalonFilter) filter = make_filter (fixture->rand, i);
      g_autofree char *text = kalon_filter_to_string (filter);
      g_autoptr (GPtrArray) expected = g_ptr_array_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GArray) pictures
          = kalon_library_list_pictures (fixture->library, filter, MODEL, &error);

      g_assert_no_error (error);
      for (guint j = 0; j < fixture->pictures->len; j++)
        {
          gboolean matches = TRUE;

          for (guint k = 0; k < kalon_filter_get_n_clauses (filter); k++)
            matches &= matches_clause (fixture, j, kalon_filter_get_clause (filter, k));
          if (matches)
            g_ptr_array_add (expected, fixture->pictures->pdata[j]);
        }
      g_ptr_array_sort (expected, compare_newest);
      g_test_message ("%s: %u", text, expected->len);
      /* A filter that takes all or nothing shows little. */
      if (kalon_filter_get_n_clauses (filter) == 1)
        n_alone += expected->len > 0 && expected->len < N_PICTURES;
      g_assert_cmpuint (pictures->len, ==, expected->len);
      for (guint j = 0; j < pictures->len; j++)
        g_assert_cmpint (g_array_index (pictures, gint64, j), ==,
                         ((const KalonPicture *) expected->pdata[j])->id);
    }
  g_assert_cmpuint (n_alone, >=, 2 * G_N_ELEMENTS (values) - 6);
}

static void
test_scores_of_model (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KalonFilter) filter = kalon_filter_parse ("aesthetic:>=0", NULL, NULL);
  const char *const models[] = { NULL, "fedcba9876543210" };

  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autoptr (GArray) none
          = kalon_library_list_pictures (fixture->library, filter, models[i], NULL);

      g_assert_cmpuint (none->len, ==, 0);
    }
}

static void
test_facets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibraryFacets) facets = NULL;
  const char *const expected_folders[]
      = { "/home/me/Photos", "/home/me/Photos/Trips", "/home/me/Photos/\xff", "/srv/trips", NULL };
  const char *const expected_cameras[]
      = { "Canon EOS 5D", "Leica M10", "NIKON D750", "Nokia N9", NULL };

  g_assert_true (kalon_library_add_folder (fixture->library, "/home/me/Photos", &error));
  g_assert_true (kalon_library_add_folder (fixture->library, "/srv/trips", &error));
  g_assert_true (kalon_library_add_folder (fixture->library, "/empty", &error));
  facets = kalon_library_list_facets (fixture->library, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (facets->folders, expected_folders);
  g_assert_cmpstrv (facets->cameras, expected_cameras);
}

#define ADD(name, test) g_test_add ("/library-filter/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  /* With winter and summer time, and on the far side of UTC. */
  g_setenv ("TZ", "America/New_York", TRUE);
  g_test_init (&argc, &argv, NULL);
  ADD ("random", test_random);
  ADD ("scores-of-model", test_scores_of_model);
  ADD ("facets", test_facets);
  return g_test_run ();
}
