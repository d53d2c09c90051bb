/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search-private.h"

G_DEFINE_FINAL_TYPE (KalonSearch, kalon_search, G_TYPE_OBJECT)

enum
{
  PROP_STRICTNESS = 1,
  PROP_ALIGNED,
  PROP_AESTHETIC_WEIGHT,
  PROP_TASTE_WEIGHT,
  PROP_FOLD_DUPLICATES,
  PROP_REMEMBER_SEARCHES,
  PROP_USE_ADAPTER,
  N_PROPERTIES
};

enum
{
  CHANGED,
  FILTER_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
follow_weights (KalonSearch *self)
{
  self->aligned_stale = TRUE;
  kalon_search_refine (self);
}

static void
set_weight (KalonSearch *self, double *weight, const GValue *value, GParamSpec *pspec)
{
  if (*weight == g_value_get_double (value))
    return;
  *weight = g_value_get_double (value);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
  follow_weights (self);
}

static void
kalon_search_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  KalonSearch *self = KALON_SEARCH (object);

  switch (id)
    {
    case PROP_STRICTNESS:
      kalon_search_set_strictness (self, g_value_get_int (value));
      break;
    case PROP_ALIGNED:
      kalon_search_set_aligned (self, g_value_get_boolean (value));
      break;
    case PROP_AESTHETIC_WEIGHT:
      set_weight (self, &self->aesthetic_weight, value, pspec);
      break;
    case PROP_TASTE_WEIGHT:
      set_weight (self, &self->taste_weight, value, pspec);
      break;
    case PROP_FOLD_DUPLICATES:
      kalon_search_set_fold_duplicates (self, g_value_get_boolean (value));
      break;
    case PROP_REMEMBER_SEARCHES:
      self->remembers = g_value_get_boolean (value);
      break;
    case PROP_USE_ADAPTER:
      if (self->use_adapter == g_value_get_boolean (value))
        break;
      self->use_adapter = !self->use_adapter;
      g_object_notify_by_pspec (object, pspec);
      follow_weights (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_search_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  KalonSearch *self = KALON_SEARCH (object);

  switch (id)
    {
    case PROP_STRICTNESS:
      g_value_set_int (value, self->question->strictness);
      break;
    case PROP_ALIGNED:
      g_value_set_boolean (value, self->aligned);
      break;
    case PROP_AESTHETIC_WEIGHT:
      g_value_set_double (value, self->aesthetic_weight);
      break;
    case PROP_TASTE_WEIGHT:
      g_value_set_double (value, self->taste_weight);
      break;
    case PROP_FOLD_DUPLICATES:
      g_value_set_boolean (value, self->fold);
      break;
    case PROP_REMEMBER_SEARCHES:
      g_value_set_boolean (value, self->remembers);
      break;
    case PROP_USE_ADAPTER:
      g_value_set_boolean (value, self->use_adapter);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_search_dispose (GObject *object)
{
  KalonSearch *self = KALON_SEARCH (object);

  g_clear_handle_id (&self->change_id, g_source_remove);
  kalon_search_forget_standing (self);
  if (self->refining != NULL)
    g_cancellable_cancel (self->refining);
  g_clear_object (&self->refining);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->words);
  g_clear_object (&self->history);
  g_clear_object (&self->searcher);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (kalon_search_parent_class)->dispose (object);
}

static void
kalon_search_finalize (GObject *object)
{
  KalonSearch *self = KALON_SEARCH (object);

  g_clear_pointer (&self->results, kalon_results_unref);
  g_clear_pointer (&self->filter, kalon_filter_unref);
  g_free (self->no_searcher_reason);
  kalon_question_free (self->question);
  g_free (self->error);
  g_free (self->asked_words);
  g_free (self->alignment_problem);
  G_OBJECT_CLASS (kalon_search_parent_class)->finalize (object);
}

static void
kalon_search_class_init (KalonSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const KalonAlignment defaults = KALON_ALIGNMENT_DEFAULT;

  object_class->dispose = kalon_search_dispose;
  object_class->finalize = kalon_search_finalize;
  object_class->set_property = kalon_search_set_property;
  object_class->get_property = kalon_search_get_property;

  properties[PROP_STRICTNESS] = g_param_spec_int (
      "strictness", NULL, NULL, KALON_STRICTNESS_OF_MODEL, 100, KALON_STRICTNESS_OF_MODEL, flags);
  properties[PROP_ALIGNED] = g_param_spec_boolean ("aligned", NULL, NULL, TRUE, flags);
  properties[PROP_AESTHETIC_WEIGHT]
      = g_param_spec_double ("aesthetic-weight", NULL, NULL, 0, KALON_SEARCH_MAX_WEIGHT,
                             (double) defaults.aesthetic, flags);
  properties[PROP_TASTE_WEIGHT] = g_param_spec_double (
      "taste-weight", NULL, NULL, 0, KALON_SEARCH_MAX_WEIGHT, (double) defaults.taste, flags);
  properties[PROP_FOLD_DUPLICATES]
      = g_param_spec_boolean ("fold-duplicates", NULL, NULL, TRUE, flags);
  properties[PROP_REMEMBER_SEARCHES] = g_param_spec_boolean (
      "remember-searches", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_USE_ADAPTER]
      = g_param_spec_boolean ("use-adapter", NULL, NULL, defaults.adapter, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[FILTER_CHANGED] = g_signal_new ("filter-changed", G_TYPE_FROM_CLASS (klass),
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_search_init (KalonSearch *self)
{
  const KalonAlignment defaults = KALON_ALIGNMENT_DEFAULT;

  self->aligned = TRUE;
  self->aesthetic_weight = (double) defaults.aesthetic;
  self->taste_weight = (double) defaults.taste;
  self->fold = self->remembers = TRUE;
  self->question = kalon_question_new ();
  self->use_adapter = defaults.adapter;
  self->model = kalon_results_model_new ();
}

KalonSearch *
kalon_search_new (KalonSearcher *searcher, const char *no_searcher_reason,
                  KalonCatalogue *catalogue)
{
  KalonSearch *self;

  g_return_val_if_fail (searcher == NULL || KALON_IS_SEARCHER (searcher), NULL);
  g_return_val_if_fail (searcher != NULL || no_searcher_reason != NULL, NULL);
  g_return_val_if_fail (KALON_IS_CATALOGUE (catalogue), NULL);

  self = g_object_new (KALON_TYPE_SEARCH, NULL);
  g_set_object (&self->searcher, searcher);
  self->no_searcher_reason = g_strdup (no_searcher_reason);
  self->catalogue = g_object_ref (catalogue);
  return self;
}

void
kalon_search_set_searcher (KalonSearch *self, KalonSearcher *searcher)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (KALON_IS_SEARCHER (searcher));

  g_set_object (&self->searcher, searcher);
  self->show_all = FALSE;
  if (kalon_search_has_query (self))
    kalon_search_run (self, FALSE);
}

void
kalon_search_set_words (KalonSearch *self, KalonWords *words)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (KALON_IS_WORDS (words));
  g_return_if_fail (self->words == NULL);

  self->words = g_object_ref (words);
  g_signal_connect_object (words, "changed", G_CALLBACK (kalon_search_follow_words), self,
                           G_CONNECT_SWAPPED);
}

void
kalon_search_set_strictness (KalonSearch *self, int strictness)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (strictness >= KALON_STRICTNESS_OF_MODEL && strictness <= 100);

  if (self->question->strictness == strictness)
    return;
  self->question->strictness = strictness;
  self->show_all = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STRICTNESS]);
  if (kalon_search_has_query (self))
    kalon_search_run (self, TRUE);
}

/* Which rankings are wanted has changed. */
static void
follow_rankings (KalonSearch *self)
{
  kalon_search_ask_for_words (self);
  if (self->results == NULL || self->cancellable != NULL)
    return;
  kalon_search_show (self);
  if (self->refining == NULL && (self->results->aligned == NULL || self->aligned_stale))
    kalon_search_refine (self);
}

void
kalon_search_set_fold_duplicates (KalonSearch *self, gboolean fold)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  if (self->fold == fold)
    return;
  self->fold = fold;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLD_DUPLICATES]);
  if (kalon_search_has_query (self))
    kalon_search_run (self, TRUE);
}

void
kalon_search_set_aligned (KalonSearch *self, gboolean aligned)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  if (self->aligned == aligned)
    return;
  self->aligned = aligned;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ALIGNED]);
  follow_rankings (self);
  kalon_search_emit_changed (self);
}

void
kalon_search_set_both (KalonSearch *self, gboolean both)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  if (self->both == both)
    return;
  self->both = both;
  follow_rankings (self);
  kalon_search_emit_changed (self);
}

gboolean
kalon_search_is_aligned (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), FALSE);
  return self->aligned && self->results != NULL && self->results->aligned != NULL;
}

void
kalon_search_follow_thumbs (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  if (self->filter != NULL && kalon_filter_has (self->filter, KALON_FILTER_LIKED))
    kalon_search_run (self, TRUE);
  else
    follow_weights (self);
}

const char *
kalon_search_get_alignment_problem (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->alignment_problem;
}

void
kalon_search_show_all (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  self->show_all = TRUE;
  kalon_search_run (self, TRUE);
}

void
kalon_search_refresh (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  kalon_search_run (self, TRUE);
}

KalonSearchState
kalon_search_get_state (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), KALON_SEARCH_LOADING);
  return self->state;
}

gboolean
kalon_search_is_busy (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), FALSE);
  return self->cancellable != NULL;
}

const char *
kalon_search_get_error (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->error;
}

gboolean
kalon_search_has_query (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), FALSE);
  return self->question->text[0] != '\0' || self->question->terms->len > 0;
}

KalonResultsModel *
kalon_search_get_model (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->model;
}

KalonResults *
kalon_search_get_results (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->results;
}
