/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A library as an index run leaves it, of N pictures, for measuring the window at sizes that nobody
 * has photos for.
 *
 *   make-library DIRECTORY [--pictures N] [--model ID]
 *
 * DIRECTORY/library is the library and DIRECTORY/pictures its folder: 400 drawn pictures under N
 * names (hard links), with the thumbnails to them. Embeddings are those of 60 subjects' words with
 * noise, so that a query for one of them has good matches, weak ones and many others.
 */

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "encoder/kalon-encoder.h"
#include "image/kalon-image.h"
#include "library/kalon-library.h"
#include "models/kalon-models.h"
#include "thumbnails/kalon-thumbnails.h"

#define N_DRAWN 400
#define PER_FOLDER 2000
#define CHUNK 4096
#define WIDTH 1200
#define HEIGHT 800

/* Shares of a picture's embedding: its subject's words, what all pictures have in common, chance.
 */
#define SUBJECT 0.45f
#define COMMON 0.5f

static const char *const subjects[] = {
  "a dog",       "a cat",         "a horse",       "a bird",      "a lake",      "the sea",
  "a mountain",  "a forest",      "a desert",      "a waterfall", "snow",        "a sunset",
  "a sunrise",   "the night sky", "a city",        "a street",    "a bridge",    "a castle",
  "a church",    "a house",       "a window",      "a door",      "a garden",    "a rose",
  "a sunflower", "a tree",        "autumn leaves", "a river",     "a boat",      "a ship",
  "a bicycle",   "a motorcycle",  "a car",         "a train",     "an airplane", "a road",
  "a child",     "a woman",       "a man",         "a crowd",     "a wedding",   "a birthday cake",
  "coffee",      "bread",         "fruit",         "a salad",     "a table",     "a chair",
  "a bed",       "a lamp",        "a book",        "a clock",     "a guitar",    "a piano",
  "a football",  "a surfer",      "a skier",       "a climber",   "fireworks",   "a painting",
};

typedef struct
{
  char *folder;
  char *library_directory;
  gsize n_pictures;
  gsize dimension;
  char *model_hash;
  float *embeddings; /* [subjects + 1, dimension]: the last is what is common */
  GRand *random;
} Maker;

/* Hills under a sky, in colours of their own: cheap, and no two alike. */
static KalonImage *
draw (GRand *random)
{
  KalonImage *image = kalon_image_new (WIDTH, HEIGHT);
  double hue = g_rand_double_range (random, 0, 2 * G_PI);
  double height = g_rand_double_range (random, 0.3, 0.7);
  double waves = g_rand_double_range (random, 2, 9);
  double phase = g_rand_double_range (random, 0, 2 * G_PI);

  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++)
      {
        guint8 *pixel = image->pixels + (y * WIDTH + x) * 3;
        double line = HEIGHT * (height + 0.1 * sin (waves * x / WIDTH + phase));
        double light = y < line ? 0.9 - 0.5 * y / HEIGHT : 0.2 + 0.4 * (y - line) / HEIGHT;

        for (guint channel = 0; channel < 3; channel++)
          {
            double tint = 0.5 + 0.5 * sin (hue + channel * 2.1 + (y < line ? 0 : 2));

            pixel[channel] = (guint8) CLAMP (
                255 * light * (0.5 + 0.5 * tint) + g_rand_double_range (random, -6, 6), 0, 255);
          }
      }
  return image;
}

static char *
dup_hash (gsize number)
{
  return g_strdup_printf ("%064" G_GSIZE_MODIFIER "x", number + 1);
}

static char *
dup_path (const Maker *maker, gsize number)
{
  return g_strdup_printf ("%s/%04" G_GSIZE_FORMAT "/IMG_%07" G_GSIZE_FORMAT ".jpeg", maker->folder,
                          number / PER_FOLDER, number);
}

static gboolean
make_link (const char *from, const char *to, GError **error)
{
  g_autofree char *directory = g_path_get_dirname (to);

  if (g_mkdir_with_parents (directory, 0700) == 0 && link (from, to) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", to,
               g_strerror (errno));
  return FALSE;
}

/* The files of picture @number: drawn for the first ones, linked for the others. */
static gboolean
make_files (Maker *maker, gsize number, struct stat *status, GError **error)
{
  g_autofree char *path = dup_path (maker, number);
  g_autofree char *hash = dup_hash (number);
  g_autofree char *thumbnail = kalon_thumbnail_dup_path (maker->library_directory, hash);

  if (number < N_DRAWN)
    {
      g_autofree char *directory = g_path_get_dirname (path);
      g_autoptr (KalonImage) image = draw (maker->random);

      if (g_mkdir_with_parents (directory, 0700) != 0
          || !kalon_image_save_jpeg (image, path, 85, error)
          || !kalon_thumbnail_store (maker->library_directory, hash, image, error))
        return FALSE;
    }
  else
    {
      g_autofree char *first = dup_path (maker, number % N_DRAWN);
      g_autofree char *first_hash = dup_hash (number % N_DRAWN);
      g_autofree char *first_thumbnail
          = kalon_thumbnail_dup_path (maker->library_directory, first_hash);

      if (!make_link (first, path, error) || !make_link (first_thumbnail, thumbnail, error))
        return FALSE;
    }
  return g_stat (path, status) == 0;
}

static void
make_row (Maker *maker, float *row)
{
  const float *subject
      = maker->embeddings
        + (gsize) g_rand_int_range (maker->random, 0, G_N_ELEMENTS (subjects)) * maker->dimension;
  const float *common = maker->embeddings + G_N_ELEMENTS (subjects) * maker->dimension;
  float share = SUBJECT * (float) g_rand_double (maker->random);
  float scale = sqrtf (12.f / (float) maker->dimension);

  /* Uniform numbers of deviation 1 / sqrt (dimension): noise of unit length. */
  for (gsize i = 0; i < maker->dimension; i++)
    row[i] = share * subject[i] + COMMON * common[i]
             + scale * (float) g_rand_double_range (maker->random, -0.5, 0.5);
}

static gboolean
store (Maker *maker, KalonLibrary *library, gsize number, GError **error)
{
  g_autofree char *path = dup_path (maker, number);
  g_autofree char *hash = dup_hash (number);
  struct stat status = { 0 };
  float measures[KALON_N_MEASURES];
  KalonPicture picture = {
    .path = path,
    .content_hash = hash,
    .width = WIDTH,
    .height = HEIGHT,
    .format = (char *) "jpeg",
    .camera = (char *) "Drawn by Kalon",
    .taken_at = 1262304000 + (gint64) number * 3600,
    .perceptual_hash = (guint64) g_rand_int (maker->random) << 32 | g_rand_int (maker->random),
  };

  if (!make_files (maker, number, &status, error))
    return FALSE;
  picture.size = (guint64) status.st_size;
  picture.mtime = (gint64) status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                  + (gint64) status.st_mtim.tv_nsec;
  for (guint i = 0; i < KALON_N_MEASURES; i++)
    measures[i] = (float) g_rand_double_range (maker->random, 0, 100);
  return kalon_library_store_picture (library, &picture, error)
         && kalon_library_store_row (library, maker->model_hash, picture.id, number, error)
         && kalon_library_store_measures (library, picture.id, measures, error)
         && kalon_library_store_aesthetic (library, maker->model_hash, picture.id,
                                           g_rand_double_range (maker->random, 2, 7), error);
}

static gboolean
store_chunk (Maker *maker, KalonLibrary *library, KalonIndex *index, gsize first, gsize n,
             GError **error)
{
  g_autofree float *rows = g_new (float, n * maker->dimension);

  for (gsize i = 0; i < n; i++)
    make_row (maker, rows + i * maker->dimension);
  if (!kalon_index_append (index, rows, n, NULL, error) || !kalon_library_begin (library, error))
    return FALSE;
  for (gsize i = first; i < first + n; i++)
    if (!store (maker, library, i, error))
      {
        kalon_library_rollback (library);
        return FALSE;
      }
  return kalon_library_commit (library, error);
}

static gboolean
encode_subjects (Maker *maker, const char *model_id, GError **error)
{
  g_autoptr (KalonModel) model = kalon_models_find (model_id, error);
  g_autoptr (KalonEncoder) encoder = NULL;
  const char *texts[G_N_ELEMENTS (subjects) + 1];

  if (model == NULL)
    return FALSE;
  encoder = kalon_encoder_new (model->directory, NULL, NULL, error);
  if (encoder == NULL)
    return FALSE;
  memcpy (texts, subjects, sizeof subjects);
  texts[G_N_ELEMENTS (subjects)] = "a photo";
  maker->dimension = kalon_encoder_get_dimension (encoder);
  maker->model_hash = g_strdup (kalon_encoder_get_model_hash (encoder));
  maker->embeddings = g_new (float, G_N_ELEMENTS (texts) * maker->dimension);
  return kalon_encoder_encode_texts (encoder, texts, G_N_ELEMENTS (texts), maker->embeddings, NULL,
                                     NULL, error);
}

static gboolean
make_library (Maker *maker, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (maker->library_directory, error);
  g_autoptr (KalonIndex) index = NULL;

  if (library == NULL || !kalon_library_lock (library, error)
      || !kalon_library_add_folder (library, maker->folder, error))
    return FALSE;
  index = kalon_library_open_index (library, maker->model_hash, maker->dimension, error);
  if (index == NULL
      || !kalon_library_set_aesthetic_models (library, maker->model_hash, "made", NULL, error))
    return FALSE;
  for (gsize first = 0; first < maker->n_pictures; first += CHUNK)
    {
      if (!store_chunk (maker, library, index, first, MIN (CHUNK, maker->n_pictures - first),
                        error))
        return FALSE;
      g_printerr ("\r%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT,
                  MIN (first + CHUNK, maker->n_pictures), maker->n_pictures);
    }
  g_printerr ("\n");
  return TRUE;
}

int
main (int argc, char **argv)
{
  int n_pictures = 100000;
  g_autofree char *model = NULL;
  const GOptionEntry options[] = {
    { "pictures", 0, 0, G_OPTION_ARG_INT, &n_pictures, "Pictures (100000)", "N" },
    { "model", 0, 0, G_OPTION_ARG_STRING, &model, "Whose embeddings (the starter's)", "ID" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("DIRECTORY");
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  Maker maker = { 0 };
  gboolean made;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || n_pictures < N_DRAWN)
    {
      g_printerr ("make-library: %s\n",
                  error != NULL ? error->message : "takes a DIRECTORY and 400 pictures or more");
      return 2;
    }
  directory = g_canonicalize_filename (argv[1], NULL);
  maker.folder = g_build_filename (directory, "pictures", NULL);
  maker.library_directory = g_build_filename (directory, "library", NULL);
  maker.n_pictures = (gsize) n_pictures;
  maker.random = g_rand_new_with_seed (1);
  made = encode_subjects (&maker, model, &error) && (g_mkdir_with_parents (maker.folder, 0700) == 0)
         && (g_mkdir_with_parents (maker.library_directory, 0700) == 0)
         && make_library (&maker, &error);
  if (!made)
    g_printerr ("make-library: %s\n", error != NULL ? error->message : g_strerror (errno));
  g_rand_free (maker.random);
  g_free (maker.embeddings);
  g_free (maker.model_hash);
  g_free (maker.folder);
  g_free (maker.library_directory);
  return made ? 0 : 1;
}
