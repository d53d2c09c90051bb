/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#include <math.h>
#include <string.h>

#define MAX_SIZE (512 * 1024 * 1024)

/* AVA.txt: index, image, counts of ratings 1 to 10, two tags, challenge. */
#define AVA_COLUMNS 15
#define AVA_IMAGE 1
#define AVA_COUNTS 2
#define AVA_RATINGS 10
#define AVA_MIDDLE 5

#define MAX_COLUMNS 256

typedef struct
{
  const char *file; /* for messages */
  const char *images;
  KalonRatings *ratings;
  GArray *counts;    /* guint: ratings of each path */
  GHashTable *known; /* path -> position */
  int name_column;   /* of CSV; -1: AVA */
  int score_column;
} Reading;

static gboolean
refuse (const Reading *reading, gsize number, const char *what, GError **error)
{
  g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
               "%s: line %" G_GSIZE_FORMAT " %s. Correct it and run again.", reading->file, number,
               what);
  return FALSE;
}

static void
add_rating (Reading *reading, const char *name, double rating)
{
  g_autofree char *path = g_build_filename (reading->images, name, NULL);
  gpointer place;
  guint count = 1;

  if (g_hash_table_lookup_extended (reading->known, path, NULL, &place))
    {
      guint i = GPOINTER_TO_UINT (place);
      double *mean = &g_array_index (reading->ratings->ratings, double, i);

      count = ++g_array_index (reading->counts, guint, i);
      *mean += (rating - *mean) / count;
      return;
    }
  g_hash_table_insert (reading->known, path, GUINT_TO_POINTER (reading->ratings->paths->len));
  g_ptr_array_add (reading->ratings->paths, g_steal_pointer (&path));
  g_array_append_val (reading->ratings->ratings, rating);
  g_array_append_val (reading->counts, count);
}

/* @numbers: (out caller-allocates): [AVA_COLUMNS] %FALSE where @line is of another form. */
static gboolean
parse_ava (const char *line, guint64 *numbers)
{
  for (guint i = 0; i < AVA_COLUMNS; i++)
    {
      char *end;

      line += strspn (line, " \t");
      if (!g_ascii_isdigit (*line))
        return FALSE;
      numbers[i] = g_ascii_strtoull (line, &end, 10);
      line = end;
      if (*line != '\0' && *line != ' ' && *line != '\t')
        return FALSE;
    }
  return line[strspn (line, " \t")] == '\0';
}

static gboolean
read_ava (Reading *reading, const char *line, gsize number, GError **error)
{
  guint64 numbers[AVA_COLUMNS];
  g_autofree char *name = NULL;
  double n = 0, sum = 0;

  if (!parse_ava (line, numbers))
    return refuse (reading, number, "has not the 15 numbers of AVA's form", error);
  for (guint i = 0; i < AVA_RATINGS; i++)
    {
      n += (double) numbers[AVA_COUNTS + i];
      sum += (i + 1) * (double) numbers[AVA_COUNTS + i];
    }
  if (n == 0)
    return refuse (reading, number, "counts no rating", error);
  name = g_strdup_printf ("%" G_GUINT64_FORMAT ".jpg", numbers[AVA_IMAGE]);
  add_rating (reading, name, sum / n);
  return TRUE;
}

/* (transfer full) (nullable): the fields of a line, quotes taken off; %NULL when they are wrong. */
static GStrv
split_csv (const char *line)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (GString) field = g_string_new (NULL);
      gboolean quoted = *line == '"';

      line += quoted;
      while (*line != '\0' && (quoted || *line != ','))
        {
          if (quoted && line[0] == '"' && line[1] != '"')
            break;
          line += quoted && line[0] == '"';
          g_string_append_c (field, *line++);
        }
      if (quoted && *line++ != '"')
        return NULL;
      more = *line == ',';
      if ((!more && *line != '\0') || fields->len == MAX_COLUMNS)
        return NULL;
      line += more;
      g_ptr_array_add (fields, g_strdup (field->str));
    }
  g_ptr_array_add (fields, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
}

static int
find_column (GStrv fields, const char *const *titles)
{
  for (int i = 0; fields[i] != NULL; i++)
    for (guint t = 0; titles[t] != NULL; t++)
      if (g_ascii_strcasecmp (g_strstrip (fields[i]), titles[t]) == 0)
        return i;
  return -1;
}

static gboolean
read_header (Reading *reading, const char *line, gsize number, GError **error)
{
  static const char *const names[] = { "name", "image", "path", "file", NULL };
  static const char *const scores[] = { "score", "rating", "mean", NULL };
  g_auto (GStrv) fields = split_csv (line);

  if (fields != NULL)
    {
      reading->name_column = find_column (fields, names);
      reading->score_column = find_column (fields, scores);
    }
  if (fields != NULL && reading->name_column >= 0 && reading->score_column >= 0)
    return TRUE;
  return refuse (reading, number,
                 "is neither of AVA's form, 15 numbers, nor a header of CSV with the columns "
                 "“name” and “score”",
                 error);
}

static gboolean
read_csv (Reading *reading, const char *line, gsize number, GError **error)
{
  g_auto (GStrv) fields = split_csv (line);
  int n = fields != NULL ? (int) g_strv_length (fields) : 0;
  char *score, *end;
  double rating;

  if (n <= MAX (reading->name_column, reading->score_column))
    return refuse (reading, number, "has too few fields, or quotes that do not match", error);
  score = g_strstrip (fields[reading->score_column]);
  rating = g_ascii_strtod (score, &end);
  if (end == score || *end != '\0' || !isfinite (rating))
    return refuse (reading, number, "has no number for a score", error);
  if (fields[reading->name_column][0] == '\0')
    return refuse (reading, number, "names no picture", error);
  add_rating (reading, fields[reading->name_column], rating);
  return TRUE;
}

/* @is_first: of the lines that are not blank */
static gboolean
read_line (Reading *reading, const char *line, gsize number, gboolean is_first, GError **error)
{
  guint64 numbers[AVA_COLUMNS];

  if (is_first && parse_ava (line, numbers))
    reading->name_column = -1;
  else if (is_first)
    return read_header (reading, line, number, error);
  return reading->name_column < 0 ? read_ava (reading, line, number, error)
                                  : read_csv (reading, line, number, error);
}

static gboolean
read_lines (Reading *reading, GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  const char *end = data + size;
  gboolean is_first = TRUE;

  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    data += 3;
  for (gsize number = 1; data < end; number++)
    {
      const char *newline = memchr (data, '\n', end - data);
      gsize length = (newline != NULL ? newline : end) - data;
      g_autofree char *line = g_strndup (data, length);

      if (memchr (data, '\0', length) != NULL)
        return refuse (reading, number, "has a zero byte", error);
      g_strchomp (line);
      if (line[0] != '\0')
        {
          if (!read_line (reading, line, number, is_first, error))
            return FALSE;
          is_first = FALSE;
        }
      data = newline != NULL ? newline + 1 : end;
    }
  return TRUE;
}

static void
set_threshold (Reading *reading)
{
  GArray *ratings = reading->ratings->ratings;
  double lowest = INFINITY, highest = -INFINITY;

  for (guint i = 0; i < ratings->len; i++)
    {
      lowest = fmin (lowest, g_array_index (ratings, double, i));
      highest = fmax (highest, g_array_index (ratings, double, i));
    }
  reading->ratings->threshold = reading->name_column < 0 ? AVA_MIDDLE : (lowest + highest) / 2;
}

gboolean
kalon_evaluator_read_ratings (const char *path, const char *images, KalonRatings *ratings,
                              GError **error)
{
  g_autoptr (GBytes) bytes = kalon_input_read (path, MAX_SIZE, error);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *file = g_filename_display_name (path);
  Reading reading
      = { .file = file, .images = images, .ratings = ratings, .counts = counts, .known = known };

  ratings->paths = g_ptr_array_new_with_free_func (g_free);
  ratings->ratings = g_array_new (FALSE, FALSE, sizeof (double));
  if (bytes == NULL || !read_lines (&reading, bytes, error))
    return FALSE;
  if (ratings->paths->len == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "%s: there is no rating in it. Write CSV lines of a name and a score below a "
                   "header “name,score”.",
                   file);
      return FALSE;
    }
  set_threshold (&reading);
  return TRUE;
}

void
kalon_ratings_clear (KalonRatings *ratings)
{
  g_clear_pointer (&ratings->paths, g_ptr_array_unref);
  g_clear_pointer (&ratings->ratings, g_array_unref);
}
