/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "results/kalon-result-item.h"

struct _KalonResultItem
{
  GObject parent_instance;

  gint64 picture_id;
  guint rank;
  guint n_ranked;
  float similarity;
  float aesthetic;
  guint n_duplicates;

  KalonPicture *picture;
  GdkTexture *texture;
  char *failure;
};

G_DEFINE_FINAL_TYPE (KalonResultItem, kalon_result_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
kalon_result_item_finalize (GObject *object)
{
  KalonResultItem *self = KALON_RESULT_ITEM (object);

  g_clear_pointer (&self->picture, kalon_picture_free);
  g_clear_object (&self->texture);
  g_free (self->failure);
  G_OBJECT_CLASS (kalon_result_item_parent_class)->finalize (object);
}

static void
kalon_result_item_class_init (KalonResultItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_result_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_result_item_init (KalonResultItem *self)
{
}

KalonResultItem *
kalon_result_item_new (gint64 picture_id, guint rank, guint n_ranked, float similarity,
                       float aesthetic, guint n_duplicates)
{
  KalonResultItem *self = g_object_new (KALON_TYPE_RESULT_ITEM, NULL);

  self->picture_id = picture_id;
  self->rank = rank;
  self->n_ranked = n_ranked;
  self->similarity = similarity;
  self->aesthetic = aesthetic;
  self->n_duplicates = n_duplicates;
  return self;
}

gint64
kalon_result_item_get_picture_id (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->picture_id;
}

guint
kalon_result_item_get_rank (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->rank;
}

float
kalon_result_item_get_similarity (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->similarity;
}

guint
kalon_result_item_get_n_duplicates (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->n_duplicates;
}

GdkTexture *
kalon_result_item_get_texture (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);
  return self->texture;
}

const KalonPicture *
kalon_result_item_get_picture (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);
  return self->picture;
}

const char *
kalon_result_item_get_failure (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);
  return self->failure;
}

void
kalon_result_item_set_loaded (KalonResultItem *self, const KalonPicture *picture,
                              GdkTexture *texture, const char *failure)
{
  KalonPicture *copy;

  g_return_if_fail (KALON_IS_RESULT_ITEM (self));

  /* @picture may be our own. */
  copy = picture != NULL ? kalon_picture_copy (picture) : NULL;
  g_clear_pointer (&self->picture, kalon_picture_free);
  self->picture = copy;
  g_set_object (&self->texture, texture);
  g_free (self->failure);
  self->failure = g_strdup (failure);
  g_signal_emit (self, signals[CHANGED], 0);
}

char *
kalon_result_item_dup_label (KalonResultItem *self)
{
  g_autofree char *name = NULL, *label = NULL;
  char *longer;

  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);

  if (self->picture != NULL)
    name = g_filename_display_basename (self->picture->path);
  else
    name = g_strdup (_ ("Picture"));
  if (self->rank > 0)
    {
      /* Translators: a picture among the results of a search, for tooltips and to be read aloud:
       * its file name, its rank, the number of results, and the similarity, 0 to 1. */
      label = g_strdup_printf (_ ("%s, rank %u of %u, similarity %.2f"), name, self->rank,
                               self->n_ranked, self->similarity);
    }
  else
    label = g_steal_pointer (&name);
  if (isfinite (self->aesthetic))
    {
      /* Translators: the first part is the picture's name, rank and similarity; how good it looks,
       * about 0 to 10. */
      longer = g_strdup_printf (_ ("%s, aesthetic score %.1f"), label, self->aesthetic);
      g_free (label);
      label = longer;
    }
  if (self->n_duplicates > 0)
    {
      /* Translators: the first part is the picture's name, rank and similarity. */
      longer = g_strdup_printf (
          ngettext ("%s, and %u near-duplicate", "%s, and %u near-duplicates", self->n_duplicates),
          label, self->n_duplicates);
      g_free (label);
      label = longer;
    }
  if (self->failure != NULL)
    {
      longer = g_strdup_printf ("%s\n%s", label, self->failure);
      g_free (label);
      label = longer;
    }
  return g_steal_pointer (&label);
}
