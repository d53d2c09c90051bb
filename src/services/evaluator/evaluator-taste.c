/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evaluator/kalon-evaluator-taste-private.h"

#include "errors/kalon-errors.h"

#include <string.h>

static void
method_figures_free (gpointer data)
{
  KalonTasteMethodFigures *method = data;

  g_free (method->agreement);
  g_free (method->difference);
  g_free (method->ahead);
  g_free (method);
}

void
kalon_taste_figures_free (KalonTasteFigures *figures)
{
  g_return_if_fail (figures != NULL);

  g_ptr_array_unref (figures->methods);
  g_free (figures);
}

static void
set_clear (KalonTasteSet *set)
{
  g_free (set->embeddings);
  g_free (set->attributes);
  g_free (set->features);
  g_free (set->embedding_features);
  g_free (set->aesthetics);
  g_free (set->captions);
  g_free (set->owners);
  g_free (set->pages);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonTasteSet, set_clear)

/* FNV-1a (Fowler, Noll and Vo): the half does not change with what else is in the folder. Its upper
 * bits depend on every byte. */
static gboolean
is_thumbed (const char *name)
{
  guint32 hash = 2166136261u;

  for (const char *c = name; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 16777619u;
  return (hash >> 16 & 1) == 0;
}

/* Those that are thumbed first, otherwise in the order that they had. Returns: how many they are.
 */
static guint
put_thumbed_first (KalonCaptioned *captioned)
{
  KalonCaptioned sorted = {
    .names = g_ptr_array_new (),
    .paths = g_ptr_array_new_with_free_func (g_free),
    .captions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref),
  };
  guint n_thumbed = 0;

  for (guint half = 0; half < 2; half++)
    for (guint i = 0; i < captioned->names->len; i++)
      if (is_thumbed (captioned->names->pdata[i]) == (half == 0))
        {
          g_ptr_array_add (sorted.names, captioned->names->pdata[i]);
          g_ptr_array_add (sorted.paths, g_steal_pointer (&captioned->paths->pdata[i]));
          g_ptr_array_add (sorted.captions, g_steal_pointer (&captioned->captions->pdata[i]));
          n_thumbed += half == 0;
        }
  g_ptr_array_set_free_func (captioned->paths, NULL);
  g_ptr_array_set_free_func (captioned->captions, NULL);
  kalon_captioned_clear (captioned);
  *captioned = sorted;
  return n_thumbed;
}

/* The rows of good pictures move together. @values: [n, width] */
static void
pack (float *values, const guint8 *is_good, gsize n, gsize width)
{
  gsize to = 0;

  for (gsize i = 0; i < n; i++)
    if (is_good[i])
      memmove (values + to++ * width, values + i * width, width * sizeof (float));
}

/* (transfer full): [set->n, KALON_TASTE_N_FEATURES]. @measures: (nullable) */
static float *
make_features (const KalonTasteSet *set, const float *measures)
{
  gsize n_features = KALON_TASTE_N_FEATURES (set->dimension);
  float scale = kalon_taste_get_scale (set->embeddings, set->n, set->dimension);
  float *features = g_new (float, set->n *n_features);

  for (gsize i = 0; i < set->n; i++)
    kalon_taste_fill_features (set->embeddings + i * set->dimension, set->dimension, scale,
                               measures != NULL ? measures + i * KALON_N_MEASURES : NULL,
                               features + i * n_features);
  return features;
}

/* (transfer full) (nullable): without a head */
static float *
make_aesthetics (KalonEvaluator *self, const KalonTasteSet *set, const float *measures)
{
  float *aesthetics;

  if (self->blend == NULL)
    return NULL;
  aesthetics = g_new (float, set->n);
  for (gsize i = 0; i < set->n; i++)
    aesthetics[i] = kalon_aesthetic_blend_score (self->blend, set->embeddings + i * set->dimension,
                                                 measures + i * KALON_N_MEASURES, NULL);
  return aesthetics;
}

/* Embeddings and what is made of the pictures. @first: [paths + 1] of the texts
 * Returns: (transfer full): the texts of the good ones */
static GPtrArray *
read_pictures (KalonEvaluator *self, KalonCaptioned *captioned, gboolean embedding_only,
               KalonTasteSet *set, gsize *first, GCancellable *cancellable, GError **error)
{
  guint n_thumbed = put_thumbed_first (captioned), n = captioned->paths->len;
  g_autofree guint8 *is_good = g_new0 (guint8, n);
  g_autofree float *measures = g_new0 (float, (gsize) n *KALON_N_MEASURES);
  GPtrArray *texts;

  set->attributes = g_new0 (float, (gsize) n *KALON_N_ATTRIBUTES);
  set->dimension = kalon_encoder_get_dimension (self->encoder);
  set->embeddings = kalon_evaluator_encode_pictures (self, captioned->paths, is_good, measures,
                                                     set->attributes, cancellable, error);
  if (set->embeddings == NULL)
    return NULL;
  pack (measures, is_good, n, KALON_N_MEASURES);
  pack (set->attributes, is_good, n, KALON_N_ATTRIBUTES);
  for (guint i = 0; i < n_thumbed; i++)
    set->n_thumbed += is_good[i];
  texts = kalon_evaluator_list_texts (captioned, is_good, first, &set->n);
  kalon_attributes_standardise (set->attributes, set->n);
  set->features = make_features (set, embedding_only ? NULL : measures);
  set->embedding_features = embedding_only ? NULL : make_features (set, NULL);
  set->aesthetics = make_aesthetics (self, set, measures);
  return texts;
}

/* The first pictures of a page come from the ranking of one caption. */
static void
fill_page (gsize row, const float *similarities, gpointer user_data)
{
  KalonTasteSet *set = user_data;
  guint32 *page = set->pages + row * set->page;
  guint count = 0;

  for (guint32 i = 0; i < set->n_thumbed; i++)
    {
      guint at = MIN (count, set->page - 1);

      if (count == set->page && similarities[i] <= similarities[page[at]])
        continue;
      count += count < set->page;
      for (; at > 0 && similarities[page[at - 1]] < similarities[i]; at--)
        page[at] = page[at - 1];
      page[at] = i;
    }
}

static gboolean
read_captions (KalonEvaluator *self, GPtrArray *texts, const gsize *first, guint page,
               KalonTasteSet *set, GCancellable *cancellable, GError **error)
{
  set->captions = kalon_evaluator_encode_texts (self, texts, cancellable, error);
  if (set->captions == NULL)
    return FALSE;
  set->n_captions = texts->len;
  set->owners = g_new (guint32, texts->len);
  for (gsize i = 0; i < set->n; i++)
    for (gsize t = first[i]; t < first[i + 1]; t++)
      set->owners[t] = (guint32) i;
  set->n_asked = first[set->n_thumbed];
  set->page = (guint) MIN (page, set->n_thumbed);
  set->pages = g_new (guint32, set->n_asked * set->page);
  return kalon_evaluator_score (self, set->captions, set->n_asked, set->embeddings, set->n_thumbed,
                                fill_page, set, cancellable, error);
}

static gboolean
read_set (KalonEvaluator *self, GPtrArray *labels, const char *images,
          const KalonTasteProtocol *protocol, KalonTasteSet *set, GCancellable *cancellable,
          GError **error)
{
  g_auto (KalonCaptioned) captioned = { 0 };
  g_autoptr (GPtrArray) texts = NULL;
  g_autofree gsize *first = NULL;

  kalon_labels_group_captions (labels, images, &captioned);
  first = g_new (gsize, captioned.paths->len + 1);
  texts
      = read_pictures (self, &captioned, protocol->embedding_only, set, first, cancellable, error);
  if (texts == NULL)
    return FALSE;
  if (set->n == 0)
    return kalon_evaluator_refuse_empty (images, error);
  if (set->n_thumbed < 2 || set->n - set->n_thumbed < 2)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There are too few pictures: %" G_GSIZE_FORMAT " to give thumbs to and "
                   "%" G_GSIZE_FORMAT " to compare afterwards. Add some: a hundred or more tell "
                   "something.",
                   set->n_thumbed, set->n - set->n_thumbed);
      return FALSE;
    }
  return read_captions (self, texts, first, protocol->page, set, cancellable, error);
}

/* The agreements of one method: [n_users, n_thumbs], and of the learned one. */
static KalonTasteMethodFigures *
compare (const char *name, const double *agreements, const double *learned,
         const KalonTasteProtocol *protocol)
{
  guint n_users = protocol->n_users, n_thumbs = protocol->n_thumbs;
  KalonTasteMethodFigures *method = g_new0 (KalonTasteMethodFigures, 1);
  g_autofree double *values = g_new (double, n_users);

  method->name = name;
  method->agreement = g_new (KalonMedian, n_thumbs);
  method->difference = g_new (KalonMedian, n_thumbs);
  method->ahead = g_new0 (double, n_thumbs);
  for (guint t = 0; t < n_thumbs; t++)
    {
      for (guint user = 0; user < n_users; user++)
        values[user] = agreements[user * n_thumbs + t];
      kalon_metrics_bootstrap_median (values, n_users, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                                      &method->agreement[t]);
      for (guint user = 0; user < n_users; user++)
        {
          values[user] = learned[user * n_thumbs + t] - values[user];
          method->ahead[t] += (values[user] > 0 ? 1 : values[user] == 0 ? 0.5 : 0) / n_users;
        }
      kalon_metrics_bootstrap_median (values, n_users, KALON_METRICS_RESAMPLES, KALON_METRICS_SEED,
                                      &method->difference[t]);
    }
  return method;
}

/* @tastes, @likings: (out caller-allocates): [n_users, set->n] */
static gboolean
ask_users (KalonEvaluator *self, const KalonTasteSet *set, const KalonTasteProtocol *protocol,
           KalonTasteFigures *figures, float *tastes, float *likings, GCancellable *cancellable,
           GError **error)
{
  gsize size = (gsize) protocol->n_users * protocol->n_thumbs;
  g_autofree double *agreements = g_new (double, KALON_TASTE_N_RUNS *size);

  for (guint number = 0; number < protocol->n_users; number++)
    {
      g_autoptr (KalonTasteUser) user = kalon_taste_user_new (set, protocol, number);

      kalon_evaluator_tell (self, KALON_EVALUATOR_USERS, number, protocol->n_users);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (guint run = 0; run < KALON_TASTE_N_RUNS; run++)
        if (kalon_taste_run_get_name (set, run) != NULL)
          kalon_taste_run_measure (set, run, user, protocol,
                                   agreements + run * size + number * protocol->n_thumbs);
      memcpy (likings + number * set->n, user->liking, set->n * sizeof (float));
      kalon_taste_learn (set, user, figures->recall_thumbs, tastes + number * set->n);
    }
  for (guint run = 0; run < KALON_TASTE_N_RUNS; run++)
    {
      const char *name = kalon_taste_run_get_name (set, run);

      if (name != NULL)
        g_ptr_array_add (figures->methods,
                         compare (name, agreements + run * size, agreements, protocol));
    }
  return TRUE;
}

static gboolean
is_possible (const KalonTasteProtocol *protocol)
{
  for (guint t = 1; t < protocol->n_thumbs; t++)
    if (protocol->thumbs[t] <= protocol->thumbs[t - 1])
      return FALSE;
  return protocol->n_users > 0 && protocol->n_thumbs > 0 && protocol->page >= 2
         && protocol->noise >= 0 && protocol->noise <= 1;
}

KalonTasteFigures *
kalon_evaluator_simulate_taste (KalonEvaluator *self, const char *captions, const char *images,
                                const KalonTasteProtocol *protocol, GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (KalonTasteFigures) figures = g_new0 (KalonTasteFigures, 1);
  g_autoptr (GPtrArray) labels = NULL;
  g_auto (KalonTasteSet) set = { 0 };
  g_autofree float *tastes = NULL;
  g_autofree float *likings = NULL;

  g_return_val_if_fail (KALON_IS_EVALUATOR (self), NULL);
  g_return_val_if_fail (captions != NULL && images != NULL, NULL);
  g_return_val_if_fail (protocol != NULL && is_possible (protocol), NULL);

  figures->methods = g_ptr_array_new_with_free_func (method_figures_free);
  labels = kalon_labels_read (captions, &kalon_caption_form, error);
  if (labels == NULL || !kalon_evaluator_begin (self, cancellable, error)
      || !kalon_evaluator_load_blend (self, FALSE, cancellable, error)
      || !read_set (self, labels, images, protocol, &set, cancellable, error))
    return NULL;
  figures->n_pictures = set.n;
  figures->n_thumbed = set.n_thumbed;
  figures->n_captions = set.n_captions;
  figures->page = set.page;
  figures->recall_thumbs
      = MIN (KALON_EVALUATOR_RECALL_THUMBS, protocol->thumbs[protocol->n_thumbs - 1]);
  tastes = g_new (float, protocol->n_users *set.n);
  likings = g_new (float, protocol->n_users *set.n);
  if (!ask_users (self, &set, protocol, figures, tastes, likings, cancellable, error)
      || !kalon_evaluator_rank_with_taste (self, &set, tastes, likings, protocol->n_users, figures,
                                           cancellable, error))
    return NULL;
  return g_steal_pointer (&figures);
}
