/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comparison/kalon-comparison.h"
#include "results/kalon-result-item.h"

struct _KalonResultItem
{
  GObject parent_instance;

  KalonResult result;
  guint n_ranked;      /* 0: by no query */
  KalonThumbs *thumbs; /* (nullable) */
  char *query;         /* that @thumbs are asked for */
  gboolean takes_thumbs;
  gboolean is_behind;
  gboolean unfolded;
  char *other_name; /* (nullable): not compared */
  guint other_rank;
  gboolean plain;

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
  g_clear_object (&self->thumbs);
  g_free (self->query);
  g_free (self->other_name);
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
kalon_result_item_new (const KalonResult *result, guint n_ranked)
{
  KalonResultItem *self;

  g_return_val_if_fail (result != NULL, NULL);

  self = g_object_new (KALON_TYPE_RESULT_ITEM, NULL);
  self->result = *result;
  self->n_ranked = n_ranked;
  return self;
}

void
kalon_result_item_set_thumbs (KalonResultItem *self, KalonThumbs *thumbs, const char *query,
                              guint n_items)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));
  g_return_if_fail (KALON_IS_THUMBS (thumbs));
  g_return_if_fail (query != NULL);

  g_set_object (&self->thumbs, thumbs);
  g_free (self->query);
  self->query = g_strdup (query);
  self->takes_thumbs = n_items > 1;
}

void
kalon_result_item_set_is_behind (KalonResultItem *self, gboolean is_behind)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));
  self->is_behind = is_behind;
}

gboolean
kalon_result_item_is_behind (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), FALSE);
  return self->is_behind;
}

void
kalon_result_item_set_unfolded (KalonResultItem *self, gboolean unfolded)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));

  if (self->unfolded == unfolded)
    return;
  self->unfolded = unfolded;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
kalon_result_item_is_unfolded (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), FALSE);
  return self->unfolded;
}

void
kalon_result_item_set_other (KalonResultItem *self, guint rank, const char *name)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));

  if (self->other_rank == rank && g_strcmp0 (self->other_name, name) == 0)
    return;
  self->other_rank = rank;
  g_free (self->other_name);
  self->other_name = g_strdup (name);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
kalon_result_item_set_plain (KalonResultItem *self, gboolean plain)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));

  if (self->plain == plain)
    return;
  self->plain = plain;
  g_signal_emit (self, signals[CHANGED], 0);
}

gint64
kalon_result_item_get_picture_id (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->result.picture;
}

guint
kalon_result_item_get_rank (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->n_ranked > 0 ? self->result.rank : 0;
}

float
kalon_result_item_get_similarity (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->result.similarity;
}

gboolean
kalon_result_item_is_compared (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), FALSE);
  return self->plain || self->other_name != NULL;
}

char *
kalon_result_item_dup_mark (KalonResultItem *self, const char **style)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);
  g_return_val_if_fail (style != NULL, NULL);

  if (self->other_name == NULL || self->plain)
    return NULL;
  *style = self->other_rank == 0                   ? "only"
           : self->other_rank == self->result.rank ? "same"
           : self->other_rank > self->result.rank  ? "up"
                                                   : "down";
  /* Translators: on the corner of a picture that only one of two rankings has. */
  return kalon_rank_to_mark (self->result.rank, self->other_rank, _ ("only here"));
}

guint
kalon_result_item_get_n_duplicates (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), 0);
  return self->n_ranked > 0 && !self->plain ? self->result.n_duplicates : 0;
}

gboolean
kalon_result_item_takes_thumbs (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), FALSE);
  return self->takes_thumbs && !self->plain;
}

KalonVerdict
kalon_result_item_get_verdict (KalonResultItem *self)
{
  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), KALON_VERDICT_NONE);

  if (self->thumbs == NULL || self->plain || self->picture == NULL
      || self->picture->content_hash == NULL)
    return KALON_VERDICT_NONE;
  return kalon_thumbs_get (self->thumbs, self->query, self->picture->content_hash);
}

void
kalon_result_item_update (KalonResultItem *self)
{
  g_return_if_fail (KALON_IS_RESULT_ITEM (self));
  g_signal_emit (self, signals[CHANGED], 0);
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
  if (self->is_behind)
    {
      /* Translators: a picture that is shown behind a result that it is nearly the same as, for
       * tooltips and to be read aloud: its file name, the result's rank, and the similarity. */
      label = g_strdup_printf (_ ("%s, near-duplicate of rank %u, similarity %.2f"), name,
                               self->result.rank, self->result.similarity);
    }
  else if (self->n_ranked > 0 && self->plain)
    {
      /* Translators: a picture's file name, its rank, the number of results. */
      label = g_strdup_printf (_ ("%s, rank %u of %u"), name, self->result.rank, self->n_ranked);
    }
  else if (self->n_ranked > 0)
    {
      /* Translators: a picture among the results of a search, for tooltips and to be read aloud:
       * its file name, its rank, the number of results, and the similarity, 0 to 1. */
      label = g_strdup_printf (_ ("%s, rank %u of %u, similarity %.2f"), name, self->result.rank,
                               self->n_ranked, self->result.similarity);
    }
  else
    label = g_steal_pointer (&name);
  if (self->n_ranked > 0 && !self->plain && isfinite (self->result.aesthetic))
    {
      /* Translators: the first part is the picture's name, rank and similarity; how good it looks,
       * about 0 to 10. */
      longer = g_strdup_printf (_ ("%s, aesthetic score %.1f"), label, self->result.aesthetic);
      g_free (label);
      label = longer;
    }
  if (kalon_result_item_get_n_duplicates (self) > 0)
    {
      /* Translators: the first part is the picture's name, rank and similarity. */
      longer = g_strdup_printf (ngettext ("%s, and %u near-duplicate", "%s, and %u near-duplicates",
                                          self->result.n_duplicates),
                                label, self->result.n_duplicates);
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

/* (transfer full) (nullable): NULL when nothing moved it. */
static char *
dup_moves (KalonResultItem *self)
{
  const char *const names[KALON_N_MOVES] = {
    [KALON_MOVE_REPHRASE] = C_ ("why a picture moved", "rephrasing"),
    [KALON_MOVE_ADAPTER] = C_ ("why a picture moved", "alignment"),
    [KALON_MOVE_AESTHETIC] = C_ ("why a picture moved", "aesthetics"),
    [KALON_MOVE_TASTE] = C_ ("why a picture moved", "taste"),
  };
  g_autoptr (GString) parts = g_string_new (NULL);
  g_autofree char *places = NULL;
  gint32 sum = 0;

  for (guint i = 0; i < KALON_N_MOVES && self->n_ranked > 0; i++)
    {
      gint32 move = self->result.moves[i];

      if (move == 0)
        continue;
      sum += move;
      g_string_append_printf (parts, "%s%s %s%d", parts->len > 0 ? ", " : "", names[i],
                              move > 0 ? "+" : "−", ABS (move));
    }
  if (parts->len == 0)
    return NULL;
  if (sum > 0)
    places = g_strdup_printf (ngettext ("%d place up", "%d places up", (gulong) sum), sum);
  else if (sum < 0)
    places = g_strdup_printf (ngettext ("%d place down", "%d places down", (gulong) -sum), -sum);
  else
    places = g_strdup (_ ("Where it was"));
  /* Translators: how far a picture moved among the results, and what moved it how far:
   * "12 places up: rephrasing +12, aesthetics +3, taste −3". */
  return g_strdup_printf (_ ("%s: %s"), places, parts->str);
}

/* (transfer full) (nullable): how it stands against the other ranking. */
static char *
dup_comparison (KalonResultItem *self)
{
  guint rank = self->result.rank, other = self->other_rank;

  if (self->other_name == NULL)
    return NULL;
  if (other == 0)
    return g_strdup_printf (_ ("Only here: “%s” does not have it"), self->other_name);
  if (other == rank)
    return g_strdup_printf (_ ("The same rank in “%s”"), self->other_name);
  if (other > rank)
    return g_strdup_printf (ngettext ("%u place higher than in “%s”, where its rank is %u",
                                      "%u places higher than in “%s”, where its rank is %u",
                                      other - rank),
                            other - rank, self->other_name, other);
  return g_strdup_printf (ngettext ("%u place lower than in “%s”, where its rank is %u",
                                    "%u places lower than in “%s”, where its rank is %u",
                                    rank - other),
                          rank - other, self->other_name, other);
}

char *
kalon_result_item_dup_reason (KalonResultItem *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  char *line;

  g_return_val_if_fail (KALON_IS_RESULT_ITEM (self), NULL);

  if (self->plain)
    return NULL;
  line = dup_comparison (self);
  if (line != NULL)
    g_ptr_array_add (lines, line);
  line = dup_moves (self);
  if (line != NULL)
    g_ptr_array_add (lines, line);
  switch (kalon_result_item_get_verdict (self))
    {
    case KALON_VERDICT_LIKED:
      g_ptr_array_add (lines, g_strdup (_ ("Thumb up")));
      break;
    case KALON_VERDICT_DISLIKED:
      g_ptr_array_add (lines, g_strdup (_ ("Thumb down")));
      break;
    case KALON_VERDICT_NONE:
      break;
    }
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}
