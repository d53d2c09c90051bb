/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synthetic/kalon-synthetic-private.h"

#include <math.h>

/* (transfer full) (nullable): the picture as it goes into the set; one that cannot be read is left
 * out from now on, which is no @error. */
static KalonImage *
load (KalonSyntheticRun *run, guint32 number, GError **error)
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
write_picture (KalonSyntheticRun *run, KalonHpirItem *item, guint group, const char *name,
               const KalonImage *image, GError **error)
{
  g_autofree char *relative = g_build_filename (KALON_SYNTHETIC_PICTURES, name, NULL);
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

static void
shuffle (GArray *places, guint first, GRand *rand)
{
  for (guint i = first; i + 1 < places->len; i++)
    {
      const guint j = g_rand_int_range (rand, i, places->len);
      const KalonSyntheticPlace kept = g_array_index (places, KalonSyntheticPlace, i);

      g_array_index (places, KalonSyntheticPlace, i)
          = g_array_index (places, KalonSyntheticPlace, j);
      g_array_index (places, KalonSyntheticPlace, j) = kept;
    }
}

GArray *
kalon_synthetic_fill_places (const KalonSyntheticRun *run, const KalonSyntheticPlan *plan,
                             const KalonMaterial *material, GRand *rand)
{
  const guint group = run->options->group;
  GArray *places = g_array_new (FALSE, FALSE, sizeof (KalonSyntheticPlace));

  for (guint side = 0; side < 2; side++)
    {
      const KalonSyntheticSide *made = &plan->sides[side];
      const GArray *fits = material->fits[side];
      /* Of two pictures there are two copies each at least. */
      const guint n_alike = g_rand_int_range (rand, 1, group - made->n_wrong >= 4 ? 3 : 2);
      /* Not always the picture that a caption is of. */
      const guint offset = g_rand_int_range (rand, 0, group);

      for (guint i = 0; i < group; i++)
        {
          KalonSyntheticPlace place = { .side = side };

          if (i < made->n_wrong)
            /* Each side has wrong ones of its own; the second one's come first. */
            place.picture = g_array_index (material->wrong, guint32,
                                           (side == 0 ? plan->sides[1].n_wrong : 0) + i);
          else if (made->is_alike)
            {
              place.picture = g_array_index (fits, guint32, (offset + i % n_alike) % group);
              place.copy = 1 + i / n_alike;
            }
          else
            place.picture = g_array_index (fits, guint32, i);
          g_array_append_val (places, place);
        }
      shuffle (places, side * group, rand);
    }
  return places;
}

gboolean
kalon_synthetic_load_places (KalonSyntheticRun *run, const GArray *places, GPtrArray *images,
                             GError **error)
{
  for (guint i = 0; i < places->len; i++)
    {
      KalonImage *image = load (run, g_array_index (places, KalonSyntheticPlace, i).picture, error);

      if (image == NULL)
        return FALSE;
      g_ptr_array_add (images, image);
    }
  return TRUE;
}

gboolean
kalon_synthetic_add_picture (KalonSyntheticRun *run, const KalonSyntheticPlan *plan,
                             const KalonSyntheticPlace *place, const KalonImage *image,
                             guint number, guint first, GRand *rand, KalonHpirItem *item,
                             GError **error)
{
  const guint spoiling = plan->sides[place->side].spoiling;
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
  return write_picture (run, item, place->side ^ first, name->str, image, error);
}
