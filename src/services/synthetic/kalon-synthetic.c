/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include "errors/kalon-errors.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>

/* Subjects are drawn until there is enough about one: in vain so often, there is none. */
#define MAX_DRAWS 300

/* Votes, in a mixed item, or the one thing that is known. @first: the group that side 0 is */
static void
judge (KalonSyntheticRun *run, const KalonSyntheticPlan *plan, guint first, GRand *rand,
       KalonHpirItem *item)
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
build_item (KalonSyntheticRun *run, const KalonSyntheticPlan *plan, const KalonMaterial *material,
            guint number, guint turn, GRand *rand, GError **error)
{
  const guint first = g_rand_int_range (rand, 0, 2);
  const char *kind = kalon_synthetic_contrast_get_name (plan->contrast);
  g_autofree char *id = g_strdup_printf ("%s-%03u", kind, turn + 1);
  g_autoptr (GPtrArray) images = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_image_free);
  g_autoptr (GArray) places = kalon_synthetic_fill_places (run, plan, material, rand);
  KalonHpirItem *item;

  if (!kalon_synthetic_load_places (run, places, images, error))
    return FALSE;
  item = kalon_hpir_set_add_item (run->set, id, material->query);
  item->kind = g_strdup (kind);
  for (guint i = 0; i < places->len; i++)
    if (!kalon_synthetic_add_picture (run, plan, &g_array_index (places, KalonSyntheticPlace, i),
                                      g_ptr_array_index (images, i), number, first, rand, item,
                                      error))
      return FALSE;
  judge (run, plan, first, rand, item);
  return TRUE;
}

static gboolean
make_item (KalonSyntheticRun *run, guint number, GError **error)
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
                              plan.sides[0].n_wrong + plan.sides[1].n_wrong,
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
  kalon_synthetic_append_contrasts (line, options->contrasts);
  g_string_append_printf (line, "; groups of %u, at most %u pixels; spoilt by ", options->group,
                          options->side);
  kalon_synthetic_append_kinds (line, options->kinds);
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
  g_autofree char *pictures = g_build_filename (folder, KALON_SYNTHETIC_PICTURES, NULL);
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
remove_written (const KalonSyntheticRun *run, gboolean is_new)
{
  g_autofree char *pictures = g_build_filename (run->folder, KALON_SYNTHETIC_PICTURES, NULL);

  for (guint i = 0; i < run->written->len; i++)
    g_unlink (g_ptr_array_index (run->written, i));
  g_rmdir (pictures);
  if (is_new)
    g_rmdir (run->folder);
}

static gboolean
make_items (KalonSyntheticRun *run, KalonSyntheticFunc func, gpointer user_data, GError **error)
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
  KalonSyntheticRun run = { .options = options,
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
