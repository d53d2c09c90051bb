/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "search/kalon-search.h"

struct _KalonSearch
{
  GObject parent_instance;

  KalonSearcher *searcher;
  char *no_searcher_reason;
  KalonCatalogue *catalogue;

  char *text;
  char *picture;
  int strictness;
  gboolean show_all;

  GCancellable *cancellable; /* of the search under way */
  KalonSearchState state;
  char *error;
  KalonResults *results;
  KalonResultsModel *model;
};

G_DEFINE_FINAL_TYPE (KalonSearch, kalon_search, G_TYPE_OBJECT)

enum
{
  PROP_STRICTNESS = 1,
  N_PROPERTIES
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
emit_changed (KalonSearch *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Ends the search under way with the answer @state; @error is taken. */
static void
settle (KalonSearch *self, KalonSearchState state, GError *error)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->error, g_free);
  self->state = state;
  if (error != NULL)
    self->error = g_strdup (error->message);
  g_clear_error (&error);
  emit_changed (self);
}

/* A superseded search came back: its answer is nobody's. */
static gboolean
is_superseded (KalonSearch *self, GAsyncResult *result)
{
  return g_task_get_cancellable (G_TASK (result)) != self->cancellable;
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) pictures
      = kalon_catalogue_list_pictures_finish (KALON_CATALOGUE (object), result, &error);

  if (is_superseded (self, result))
    return;
  g_clear_pointer (&self->results, kalon_results_unref);
  if (pictures != NULL)
    kalon_results_model_set_pictures (self->model, pictures);
  settle (self, pictures != NULL ? KALON_SEARCH_BROWSING : KALON_SEARCH_FAILED,
          g_steal_pointer (&error));
}

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearch) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);

  if (is_superseded (self, result))
    return;
  g_clear_pointer (&self->results, kalon_results_unref);
  if (results != NULL)
    {
      self->results = kalon_results_ref (results);
      kalon_results_model_set_results (self->model, results);
    }
  settle (self, results != NULL ? KALON_SEARCH_RESULTS : KALON_SEARCH_FAILED,
          g_steal_pointer (&error));
}

static void
run (KalonSearch *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (kalon_search_has_query (self) && self->searcher == NULL)
    {
      settle (
          self, KALON_SEARCH_FAILED,
          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED, self->no_searcher_reason));
      return;
    }
  self->cancellable = g_cancellable_new ();
  if (kalon_search_has_query (self))
    {
      g_autoptr (KalonQuery) query = kalon_query_new ();

      if (self->text[0] != '\0')
        kalon_query_add_term (query, KALON_TERM_TEXT, self->text, 1);
      if (self->picture != NULL)
        kalon_query_add_term (query, KALON_TERM_PICTURE, self->picture, 1);
      kalon_query_set_limit (query, 0);
      kalon_query_set_strictness (query, self->show_all ? 0 : self->strictness);
      kalon_searcher_search_async (self->searcher, query, self->cancellable, searched_cb,
                                   g_object_ref (self));
    }
  else
    kalon_catalogue_list_pictures_async (self->catalogue, self->cancellable, listed_cb,
                                         g_object_ref (self));
  emit_changed (self);
}

static void
kalon_search_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STRICTNESS:
      kalon_search_set_strictness (KALON_SEARCH (object), g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_search_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STRICTNESS:
      g_value_set_int (value, KALON_SEARCH (object)->strictness);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kalon_search_dispose (GObject *object)
{
  KalonSearch *self = KALON_SEARCH (object);

  g_clear_object (&self->cancellable);
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
  g_free (self->no_searcher_reason);
  g_free (self->text);
  g_free (self->picture);
  g_free (self->error);
  G_OBJECT_CLASS (kalon_search_parent_class)->finalize (object);
}

static void
kalon_search_class_init (KalonSearchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kalon_search_dispose;
  object_class->finalize = kalon_search_finalize;
  object_class->set_property = kalon_search_set_property;
  object_class->get_property = kalon_search_get_property;

  properties[PROP_STRICTNESS] = g_param_spec_int (
      "strictness", NULL, NULL, KALON_STRICTNESS_OF_MODEL, 100, KALON_STRICTNESS_OF_MODEL,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
kalon_search_init (KalonSearch *self)
{
  self->text = g_strdup ("");
  self->strictness = KALON_STRICTNESS_OF_MODEL;
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
kalon_search_set_text (KalonSearch *self, const char *text)
{
  g_autofree char *stripped = NULL;

  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (text != NULL);

  stripped = g_strstrip (g_strdup (text));
  if (g_strcmp0 (self->text, stripped) == 0)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&stripped);
  self->show_all = FALSE;
  run (self);
}

const char *
kalon_search_get_text (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->text;
}

void
kalon_search_set_picture (KalonSearch *self, const char *path)
{
  g_return_if_fail (KALON_IS_SEARCH (self));

  if (g_strcmp0 (self->picture, path) == 0)
    return;
  g_free (self->picture);
  self->picture = g_strdup (path);
  self->show_all = FALSE;
  run (self);
}

const char *
kalon_search_get_picture (KalonSearch *self)
{
  g_return_val_if_fail (KALON_IS_SEARCH (self), NULL);
  return self->picture;
}

void
kalon_search_set_strictness (KalonSearch *self, int strictness)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  g_return_if_fail (strictness >= KALON_STRICTNESS_OF_MODEL && strictness <= 100);

  if (self->strictness == strictness)
    return;
  self->strictness = strictness;
  self->show_all = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STRICTNESS]);
  if (kalon_search_has_query (self))
    run (self);
}

void
kalon_search_show_all (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  self->show_all = TRUE;
  run (self);
}

void
kalon_search_refresh (KalonSearch *self)
{
  g_return_if_fail (KALON_IS_SEARCH (self));
  run (self);
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
  return self->text[0] != '\0' || self->picture != NULL;
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
