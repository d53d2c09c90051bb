/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

/* Of the pictures' folder in the set's. */
#define PICTURES "pictures"
/* Subjects are drawn until there is enough about one: in vain so often, there is none. */
#define MAX_DRAWS 300

typedef struct
{
  const KalonSyntheticOptions *options;
  const char *folder;
  GPtrArray *failures;
  GCancellable *cancellable;
  KalonSource source;
  KalonHpirSet *set;
  GHashTable *hashes; /* path in the set -> hash */
  GPtrArray *written; /* files, absolute */
} Run;

/* (transfer full) (nullable): the picture as it goes into the set; one that cannot be read is left
 * out from now on, which is no @error. */
static KalonImage *
load (Run *run, guint32 number, GError **error)
{
  const char *path = g_ptr_array_index (run->source.paths, number);
  const guint side = run->options->side;
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonImage) image = kalon_image_load (path, side, NULL, run->cancellable, &reason);
  guint longer;
  double scale;

  if (image == NULL)
    {
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&reason));
      else
        {
          run->source.is_bad[number] = TRUE;
          g_ptr_array_add (run->failures,
                           kalon_failure_new (path, kalon_failure_get_reason (path, reason)));
        }
      return NULL;
    }
  longer = MAX (image->width, image->height);
  if (longer <= side)
    return g_steal_pointer (&image);
  scale = (double) side / longer;
  return kalon_image_resize (image, MAX (1, (guint) round (image->width * scale)),
                             MAX (1, (guint) round (image->height * scale)));
}

/* Adds @image to @item as the file @name, unless that has been written already. */
static gboolean
add_picture (Run *run, KalonHpirItem *item, guint group, const char *name, const KalonImage *image,
             GError **error)
{
  g_autofree char *relative = g_build_filename (PICTURES, name, NULL);
  const char *hash = g_hash_table_lookup (run->hashes, relative);

  if (hash == NULL)
    {
      g_autofree char *path = g_build_filename (run->folder, relative, NULL);
      g_autoptr (GBytes) bytes = kalon_image_encode_jpeg (image, KALON_SYNTHETIC_QUALITY, error);
      char *computed;

      if (bytes == NULL
          || !g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                   (gssize) g_bytes_get_size (bytes), error))
        return FALSE;
      g_ptr_array_add (run->written, g_steal_pointer (&path));
      computed = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      g_hash_table_insert (run->hashes, g_strdup (relative), computed);
      hash = computed;
    }
  kalon_hpir_item_add_picture (item, group, relative, hash);
  return TRUE;
}

/* One place of a group. */
typedef struct
{
  guint32 picture;
  guint copy; /* 0: the picture; else a near-duplicate of it */
} Place;

/* (transfer full): Place, [group], in random order */
static GArray *
fill_places (const Run *run, const KalonSyntheticPlan *plan, const KalonMaterial *material,
             guint side, GRand *rand)
{
  const guint group = run->options->group;
  const KalonSyntheticSide *made = &plan->sides[side];
  GArray *places = g_array_new (FALSE, TRUE, sizeof (Place));
  const guint n_alike = 1 + g_rand_int_range (rand, 0, 2);

  for (guint i = 0; i < group; i++)
    {
      Place place = { 0 };

      if (i < made->n_wrong)
        /* Either side has wrong ones of its own. */
        place.picture = g_array_index (material->wrong, guint32, side * group + i);
      else if (made->is_alike)
        place = (Place){ g_array_index (material->fits[side], guint32, i % n_alike),
                         1 + i / n_alike };
      else
        place.picture = g_array_index (material->fits[side], guint32, i);
      g_array_append_val (places, place);
    }
  for (guint i = 0; i + 1 < group; i++)
    {
      const guint j = g_rand_int_range (rand, i, group);
      const Place kept = g_array_index (places, Place, i);

      g_array_index (places, Place, i) = g_array_index (places, Place, j);
      g_array_index (places, Place, j) = kept;
    }
  return places;
}

/* The pictures of both sides, loaded. @places: [2] Place; @images: [2 group] */
static gboolean
load_places (Run *run, GArray *const *places, GPtrArray *images, GError **error)
{
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < run->options->group; i++)
      {
        KalonImage *image = load (run, g_array_index (places[side], Place, i).picture, error);

        if (image == NULL)
          return FALSE;
        g_ptr_array_add (images, image);
      }
  return TRUE;
}

/* What is left to do with a picture, and its file's name. */
static gboolean
finish_picture (Run *run, const KalonSyntheticPlan *plan, guint side, const Place *place,
                const KalonImage *image, guint number, GRand *rand, KalonHpirItem *item,
                guint group, GError **error)
{
  const guint spoiling = plan->sides[side].spoiling;
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (KalonImage) copy = NULL;
  g_autoptr (KalonImage) spoilt = NULL;

  g_string_printf (name, "%06u", place->picture);
  if (place->copy > 0)
    {
      copy = kalon_image_new_near_duplicate (image, place->copy - 1, rand);
      g_string_append_printf (name, "-copy%u", place->copy);
      image = copy;
    }
  if (spoiling > 0)
    {
      spoilt = kalon_spoil_image (image, plan->kind, spoiling - 1, rand);
      g_string_append_printf (name, "-%s-%s", kalon_spoilt_get_name (plan->kind),
                              kalon_spoilt_severities[spoiling - 1]);
      image = spoilt;
    }
  if (copy != NULL || spoilt != NULL)
    g_string_append_printf (name, "-%u", number + 1);
  g_string_append (name, ".jpg");
  return add_picture (run, item, group, name->str, image, error);
}

/* Votes, in a mixed item, or the one thing that is known. @first: the group that side 0 is */
static void
judge (Run *run, const KalonSyntheticPlan *plan, guint first, GRand *rand, KalonHpirItem *item)
{
  const KalonSyntheticSide *a = &plan->sides[first], *b = &plan->sides[1 - first];
  const double steps[KALON_N_HPIR_ASPECTS] = {
    [KALON_HPIR_ACCURACY] = (double) b->n_wrong - a->n_wrong,
    [KALON_HPIR_AESTHETIC] = (double) b->spoiling - a->spoiling,
    [KALON_HPIR_DIVERSITY] = 2.0 * (b->is_alike - a->is_alike),
  };

  if (plan->contrast == KALON_SYNTHETIC_MIXED)
    kalon_synthetic_add_votes (run->set, item, steps, run->options, rand);
  else
    for (guint aspect = 0; aspect < KALON_N_HPIR_ASPECTS; aspect++)
      if (steps[aspect] != 0)
        item->votes[aspect][steps[aspect] > 0 ? 0 : 1] = 1;
}

/* %FALSE without @error: a picture of it cannot be read. */
static gboolean
build_item (Run *run, const KalonSyntheticPlan *plan, const KalonMaterial *material, guint number,
            guint turn, GRand *rand, GError **error)
{
  const guint group = run->options->group;
  const guint first = g_rand_int_range (rand, 0, 2);
  g_autoptr (GArray) better = fill_places (run, plan, material, 0, rand);
  g_autoptr (GArray) worse = fill_places (run, plan, material, 1, rand);
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_image_free);
  GArray *const places[2] = { better, worse };
  const char *kind = kalon_synthetic_contrast_get_name (plan->contrast);
  g_autofree char *id = g_strdup_printf ("%s-%03u", kind, turn + 1);
  KalonHpirItem *item;

  if (!load_places (run, places, images, error))
    return FALSE;
  item = kalon_hpir_set_add_item (run->set, id, material->query);
  item->kind = g_strdup (kind);
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < group; i++)
      if (!finish_picture (run, plan, side, &g_array_index (places[side], Place, i),
                           g_ptr_array_index (images, side * group + i), number, rand, item,
                           side ^ first, error))
        return FALSE;
  judge (run, plan, first, rand, item);
  return TRUE;
}

static gboolean
make_item (Run *run, guint number, GError **error)
{
  const KalonSyntheticOptions *options = run->options;
  const KalonSyntheticContrast contrast = kalon_synthetic_pick_bit (options->contrasts, number);
  const guint turn = number / (guint) __builtin_popcount (options->contrasts);
  const guint32 seeds[] = { options->seed, number };
  GRand *rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  g_auto (KalonMaterial) material = { 0 };
  KalonSyntheticPlan plan;
  GError *failed = NULL;
  gboolean done = FALSE;

  kalon_synthetic_plan_item (options, contrast, turn, rand, &plan);
  for (guint draw = 0; !done && failed == NULL && draw < MAX_DRAWS; draw++)
    done = kalon_source_draw (&run->source, options, number,
                              contrast == KALON_SYNTHETIC_RELEVANCE_HARD, rand, &material)
           && build_item (run, &plan, &material, number, turn, rand, &failed);
  g_rand_free (rand);
  if (done)
    return TRUE;
  if (failed == NULL)
    failed = g_error_new (KALON_ERROR, KALON_ERROR_ARGUMENT,
                          "There are too few pictures for “%s” with groups of %u. Name more "
                          "pictures, smaller groups or other contrasts.",
                          kalon_synthetic_contrast_get_name (contrast), options->group);
  g_propagate_error (error, failed);
  return FALSE;
}

/* The set as a whole */

static void
append_names (GString *line, guint32 bits, gboolean is_kinds)
{
  for (guint i = 0; i < 32; i++)
    if (bits & (1U << i))
      g_string_append_printf (line, "%s%s", (bits & ((1U << i) - 1)) != 0 ? ", " : "",
                              is_kinds ? kalon_spoilt_get_name (i)
                                       : kalon_synthetic_contrast_get_name (i));
}

/* (transfer full) */
static KalonHpirSet *
begin_set (const KalonSyntheticOptions *options, const char *folder)
{
  g_autofree char *source
      = g_path_get_basename (options->captions != NULL ? options->captions : options->classes);
  g_autofree char *shown = g_filename_display_name (source);
  g_autofree char *name = g_strdup_printf ("Synthetic: %s", shown);
  g_autoptr (GString) line = g_string_new (NULL);
  char slope[G_ASCII_DTOSTR_BUF_SIZE];
  KalonHpirSet *set = kalon_hpir_set_new (name, folder);

  g_string_printf (line, "Made up from the %s of %s: %u items of the contrasts ",
                   options->captions != NULL ? "captions" : "classes", shown, options->n_items);
  append_names (line, options->contrasts, FALSE);
  g_string_append_printf (line, "; groups of %u, at most %u pixels; spoilt by ", options->group,
                          options->side);
  append_names (line, options->kinds, TRUE);
  g_string_append_printf (line, "; %u simulated labelers, slope %s; seed %u.", options->n_labelers,
                          g_ascii_dtostr (slope, sizeof slope, options->slope), options->seed);
  set->synthetic = TRUE;
  set->made_from = g_strdup (line->str);
  return set;
}

/* @is_new: (out): there was no such folder */
static gboolean
make_folders (const char *folder, gboolean *is_new, GError **error)
{
  g_autofree char *pictures = g_build_filename (folder, PICTURES, NULL);
  g_autofree char *shown = g_filename_display_name (folder);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  if (dir != NULL && g_dir_read_name (dir) != NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "%s is not empty. Name a new folder for the set.", shown);
      return FALSE;
    }
  *is_new = dir == NULL;
  if (g_mkdir_with_parents (pictures, 0777) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "The folder %s cannot be made: %s. Name another one.", shown, g_strerror (errno));
  return FALSE;
}

static void
remove_written (const Run *run, gboolean is_new)
{
  g_autofree char *pictures = g_build_filename (run->folder, PICTURES, NULL);

  for (guint i = 0; i < run->written->len; i++)
    g_unlink (g_ptr_array_index (run->written, i));
  g_rmdir (pictures);
  if (is_new)
    g_rmdir (run->folder);
}

static gboolean
make_items (Run *run, KalonSyntheticFunc func, gpointer user_data, GError **error)
{
  const guint n = run->options->n_items;
  g_autofree char *file = g_build_filename (run->folder, KALON_SYNTHETIC_FILE, NULL);

  for (guint i = 0; i < n; i++)
    {
      if (g_cancellable_set_error_if_cancelled (run->cancellable, error)
          || !make_item (run, i, error))
        return FALSE;
      if (func != NULL)
        func (i + 1, n, user_data);
    }
  return kalon_hpir_set_write (run->set, file, error);
}

KalonHpirSet *
kalon_synthetic_make (const KalonSyntheticOptions *options, const char *folder,
                      KalonSyntheticFunc func, gpointer user_data, GPtrArray *failures,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonHpirSet) set = NULL;
  g_autoptr (GHashTable) hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_free);
  Run run = { .options = options,
              .folder = folder,
              .failures = failures,
              .cancellable = cancellable,
              .hashes = hashes,
              .written = written };
  gboolean is_new, done;

  g_return_val_if_fail (options != NULL && folder != NULL && failures != NULL, NULL);
  g_return_val_if_fail (
      (options->captions != NULL && options->images != NULL) != (options->classes != NULL), NULL);
  g_return_val_if_fail (options->group >= 2 && options->group <= KALON_HPIR_MAX_GROUP, NULL);
  g_return_val_if_fail (options->contrasts != 0 && options->kinds != 0, NULL);
  g_return_val_if_fail (options->n_items > 0 && options->n_labelers > 0 && options->side > 0, NULL);

  if (!make_folders (folder, &is_new, error))
    return NULL;
  set = run.set = begin_set (options, folder);
  done = kalon_source_read (&run.source, options, failures, cancellable, error)
         && make_items (&run, func, user_data, error);
  kalon_source_clear (&run.source);
  if (!done)
    {
      remove_written (&run, is_new);
      return NULL;
    }
  return g_steal_pointer (&set);
}
