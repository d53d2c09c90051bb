/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "aesthetics/kalon-aesthetics.h"

#include <string.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

#define MAX_WEIGHT 1000.0
#define ID_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-"

typedef struct
{
  char *id;
  double weight;
  KalonAestheticHead *head; /* (nullable): CLIP-IQA */
} Member;

struct _KalonAestheticBlend
{
  gsize dimension;
  guint n_members;
  Member members[KALON_AESTHETIC_MAX_MEMBERS]; /* [n_members] */
  float *prompts; /* (nullable): [2 * KALON_CLIP_IQA_N_PAIRS, dimension] */
  char *hash;     /* (nullable): until it is asked for */
};

static void
clear_share (gpointer data)
{
  KalonAestheticShare *share = data;

  g_free (share->id);
}

static gboolean
refuse (const char *part, GError **error, const char *reason)
{
  g_autofree char *quoted = kalon_input_quote (part);

  g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
               "“%s” %s. Write aesthetic models as ID:WEIGHT with commas between: "
               "own:1,clip-iqa:0.5.",
               quoted, reason);
  return FALSE;
}

static gboolean
parse_share (const char *part, GArray *shares, GError **error)
{
  const char *colon = strchr (part, ':');
  gsize length = colon != NULL ? (gsize) (colon - part) : strlen (part);
  KalonAestheticShare share = { .weight = 1 };
  char *end = NULL;

  if (length == 0 || part[0] == '.' || strspn (part, ID_CHARACTERS) != length)
    return refuse (part, error, "does not begin with the id of an aesthetic model");
  if (colon != NULL)
    {
      share.weight = g_ascii_strtod (colon + 1, &end);
      /* Written so that NaN is refused, too. */
      if (end == colon + 1 || *end != '\0' || !(share.weight > 0 && share.weight <= MAX_WEIGHT))
        return refuse (part, error, "has a weight that is no number above 0 and up to 1000");
    }
  for (guint i = 0; i < shares->len; i++)
    {
      const char *id = g_array_index (shares, KalonAestheticShare, i).id;

      if (strlen (id) == length && strncmp (id, part, length) == 0)
        return refuse (part, error, "is named twice");
    }
  if (shares->len == KALON_AESTHETIC_MAX_MEMBERS)
    return refuse (part, error, "is one model too many: eight are the most");
  share.id = g_strndup (part, length);
  g_array_append_val (shares, share);
  return TRUE;
}

GArray *
kalon_aesthetic_parse_shares (const char *text, GError **error)
{
  g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (KalonAestheticShare));
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  g_array_set_clear_func (shares, clear_share);
  parts = g_strsplit (text, ",", -1);
  for (gsize i = 0; parts[i] != NULL; i++)
    if (!parse_share (g_strstrip (parts[i]), shares, error))
      return NULL;
  if (shares->len > 0)
    return g_steal_pointer (&shares);
  refuse (text, error, "names no aesthetic model");
  return NULL;
}

char *
kalon_aesthetic_format_shares (const GArray *shares)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < shares->len; i++)
    {
      const KalonAestheticShare *share = &g_array_index (shares, KalonAestheticShare, i);
      char weight[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (weight, sizeof weight, "%.6g", share->weight);
      g_string_append_printf (text, "%s%s:%s", i > 0 ? "," : "", share->id, weight);
    }
  return g_string_free (text, FALSE);
}

KalonAestheticBlend *
kalon_aesthetic_blend_new (gsize dimension)
{
  KalonAestheticBlend *self = g_new0 (KalonAestheticBlend, 1);

  self->dimension = dimension;
  return self;
}

void
kalon_aesthetic_blend_free (KalonAestheticBlend *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_members; i++)
    {
      g_free (self->members[i].id);
      kalon_aesthetic_head_free (self->members[i].head);
    }
  g_free (self->prompts);
  g_free (self->hash);
  g_free (self);
}

void
kalon_aesthetic_blend_add (KalonAestheticBlend *self, const char *id, double weight,
                           KalonAestheticHead *head)
{
  g_return_if_fail (self != NULL && id != NULL && weight > 0);
  g_return_if_fail (self->n_members < KALON_AESTHETIC_MAX_MEMBERS);

  self->members[self->n_members++] = (Member){ g_strdup (id), weight, head };
  g_clear_pointer (&self->hash, g_free);
}

guint
kalon_aesthetic_blend_get_n_members (const KalonAestheticBlend *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_members;
}

const char *
kalon_aesthetic_blend_get_id (const KalonAestheticBlend *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->n_members, NULL);

  return self->members[i].id;
}

double
kalon_aesthetic_blend_get_weight (const KalonAestheticBlend *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->n_members, 0);

  return self->members[i].weight;
}

gboolean
kalon_aesthetic_blend_needs_measures (const KalonAestheticBlend *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->n_members; i++)
    if (self->members[i].head != NULL
        && kalon_aesthetic_head_needs_measures (self->members[i].head))
      return TRUE;
  return FALSE;
}

gboolean
kalon_aesthetic_blend_needs_encoder (const KalonAestheticBlend *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->n_members; i++)
    if (self->members[i].head == NULL)
      return TRUE;
  return FALSE;
}

static double
get_sum (const KalonAestheticBlend *self)
{
  double sum = 0;

  for (guint i = 0; i < self->n_members; i++)
    sum += self->members[i].weight;
  return sum;
}

/* What a member's scores depend on, the encoder apart. */
static char *
dup_member_hash (const Member *member)
{
  g_autoptr (GChecksum) checksum = NULL;

  if (member->head != NULL)
    return g_strdup (kalon_aesthetic_head_get_hash (member->head));
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (gsize i = 0; i < G_N_ELEMENTS (kalon_clip_iqa_prompts); i++)
    g_checksum_update (checksum, (const guchar *) kalon_clip_iqa_prompts[i],
                       (gssize) strlen (kalon_clip_iqa_prompts[i]) + 1);
  return g_strdup (g_checksum_get_string (checksum));
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

const char *
kalon_aesthetic_blend_get_hash (KalonAestheticBlend *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL && self->n_members > 0, NULL);

  if (self->hash != NULL)
    return self->hash;
  for (guint i = 0; i < self->n_members; i++)
    {
      g_autofree char *hash = dup_member_hash (&self->members[i]);
      char share[G_ASCII_DTOSTR_BUF_SIZE];

      if (self->n_members == 1)
        return self->hash = g_steal_pointer (&hash);
      g_ascii_formatd (share, sizeof share, "%.9f", self->members[i].weight / get_sum (self));
      g_ptr_array_add (lines, g_strconcat (hash, " ", share, "\n", NULL));
    }
  /* The order in which they are named makes no other score. */
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  text = g_strjoinv ("", (char **) lines->pdata);
  self->hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return self->hash;
}

gboolean
kalon_aesthetic_blend_prepare (KalonAestheticBlend *self, KalonEncoder *encoder,
                               GCancellable *cancellable, GError **error)
{
  g_autofree float *prompts = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->prompts != NULL || !kalon_aesthetic_blend_needs_encoder (self))
    return TRUE;
  g_return_val_if_fail (KALON_IS_ENCODER (encoder), FALSE);
  g_return_val_if_fail (kalon_encoder_get_dimension (encoder) == self->dimension, FALSE);
  prompts = g_new (float, G_N_ELEMENTS (kalon_clip_iqa_prompts) * self->dimension);
  if (!kalon_encoder_encode_texts (encoder, kalon_clip_iqa_prompts,
                                   G_N_ELEMENTS (kalon_clip_iqa_prompts), prompts, NULL,
                                   cancellable, error))
    return FALSE;
  self->prompts = g_steal_pointer (&prompts);
  return TRUE;
}

float
kalon_aesthetic_blend_score (const KalonAestheticBlend *self, const float *embedding,
                             const float *measures, float *members)
{
  double sum = 0;

  g_return_val_if_fail (self != NULL && self->n_members > 0 && embedding != NULL, 0);

  for (guint i = 0; i < self->n_members; i++)
    {
      const Member *member = &self->members[i];
      float score = member->head != NULL
                        ? kalon_aesthetic_head_score (member->head, embedding, measures)
                        : kalon_clip_iqa_score (self->prompts, embedding, self->dimension);

      if (members != NULL)
        members[i] = score;
      sum += member->weight * score;
    }
  return (float) (sum / get_sum (self));
}
