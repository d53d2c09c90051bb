/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "systems/kalon-systems-private.h"

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"
#include "models/kalon-models.h"

#define MODEL_PREFIX "model:"
#define PROFILE_PREFIX "profile:"

struct _KalonSystems
{
  GObject parent_instance;

  char *library_directory;
  char *model_directory; /* (nullable) */
  KalonAlignment alignment;
  KalonRivals *rivals;
  KalonLibrary *library; /* (nullable): opened at the first answer */
  GHashTable *elsewhere; /* key -> KalonElsewhere */
};

G_DEFINE_FINAL_TYPE (KalonSystems, kalon_systems, G_TYPE_OBJECT)

KalonAnswer *
kalon_answer_new (const char *path, const char *content_hash)
{
  KalonAnswer *answer = g_new (KalonAnswer, 1);

  *answer = (KalonAnswer){ g_strdup (path), g_strdup (content_hash) };
  return answer;
}

void
kalon_answer_free (KalonAnswer *answer)
{
  if (answer == NULL)
    return;
  g_free (answer->path);
  g_free (answer->content_hash);
  g_free (answer);
}

static void
kalon_systems_finalize (GObject *object)
{
  KalonSystems *self = KALON_SYSTEMS (object);

  g_free (self->library_directory);
  g_free (self->model_directory);
  g_object_unref (self->rivals);
  g_clear_object (&self->library);
  g_hash_table_unref (self->elsewhere);
  G_OBJECT_CLASS (kalon_systems_parent_class)->finalize (object);
}

static void
kalon_systems_class_init (KalonSystemsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_systems_finalize;
}

static void
kalon_systems_init (KalonSystems *self)
{
  self->alignment = KALON_ALIGNMENT_DEFAULT;
  self->elsewhere = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) kalon_elsewhere_free);
}

KalonSystems *
kalon_systems_new (const char *library_directory, const char *device_name,
                   const char *model_directory)
{
  KalonSystems *self = g_object_new (KALON_TYPE_SYSTEMS, NULL);
  g_autoptr (KalonSearcher) searcher = NULL;

  self->library_directory = g_strdup (library_directory);
  self->model_directory = g_strdup (model_directory);
  if (model_directory != NULL)
    searcher = kalon_searcher_new (library_directory, model_directory, device_name);
  self->rivals = kalon_rivals_new (library_directory, device_name, model_directory, searcher);
  return self;
}

void
kalon_systems_set_alignment (KalonSystems *self, const KalonAlignment *alignment)
{
  g_return_if_fail (KALON_IS_SYSTEMS (self) && alignment != NULL);

  self->alignment = *alignment;
  self->alignment.rephrased = NULL;
}

/* (transfer none) (nullable) */
static KalonElsewhere *
get_elsewhere (KalonSystems *self, const char *key, GError **error)
{
  KalonElsewhere *elsewhere = g_hash_table_lookup (self->elsewhere, key);

  if (elsewhere == NULL)
    {
      elsewhere = kalon_elsewhere_open (key, error);
      if (elsewhere != NULL)
        g_hash_table_insert (self->elsewhere, g_strdup (key), elsewhere);
    }
  return elsewhere;
}

/* (transfer full) (nullable) */
static KalonRival *
find_model (KalonSystems *self, const char *id, GError **error)
{
  g_autoptr (KalonModel) model = kalon_models_find (id, error);

  if (model == NULL)
    return NULL;
  /* The one that is searched with anyway need not be loaded twice. */
  if (g_strcmp0 (model->directory, self->model_directory) == 0)
    return kalon_rival_new (KALON_RIVAL_BASELINE, NULL, NULL);
  return kalon_rival_new (KALON_RIVAL_MODEL, model->id, model->directory);
}

static gboolean
check_profile (KalonSystems *self, const char *name, GError **error)
{
  g_autoptr (KalonFeedback) feedback = kalon_feedback_open (self->library_directory, error);
  g_auto (GStrv) names = feedback != NULL ? kalon_feedback_list_profiles (feedback, error) : NULL;

  if (names == NULL)
    return FALSE;
  if (!g_strv_contains ((const char *const *) names, name))
    {
      g_autofree char *quoted = kalon_input_quote (name);
      g_autofree char *all = g_strjoinv (", ", names);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no profile “%s” in this library: it has %s.", quoted, all);
      return FALSE;
    }
  return TRUE;
}

/* (transfer full) (nullable): a ranking of the library. */
static KalonRival *
find_rival (KalonSystems *self, const char *key, GError **error)
{
  g_autoptr (KalonRival) rival = NULL;
  g_autofree char *quoted = NULL;

  if (g_str_has_prefix (key, MODEL_PREFIX))
    return find_model (self, key + strlen (MODEL_PREFIX), error);
  for (KalonRivalKind kind = KALON_RIVAL_BASELINE; kind <= KALON_RIVAL_ALIGNED; kind++)
    {
      g_autoptr (KalonRival) one = kalon_rival_new (kind, NULL, NULL);
      g_autofree char *own = kalon_rival_dup_key (one);

      if (g_str_equal (key, own))
        rival = g_steal_pointer (&one);
    }
  if (rival == NULL && g_str_has_prefix (key, PROFILE_PREFIX))
    rival = kalon_rival_new (KALON_RIVAL_PROFILE, key + strlen (PROFILE_PREFIX), NULL);
  quoted = kalon_input_quote (key);
  if (rival == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no system “%s”: baseline, rephrased, aligned, model:ID, profile:NAME, "
                   "folder:DIR or results:FILE.",
                   quoted);
      return NULL;
    }
  if (self->model_directory == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no model for “%s” to rank the library with.", quoted);
      return NULL;
    }
  return g_steal_pointer (&rival);
}

gboolean
kalon_systems_check (KalonSystems *self, const char *key, GError **error)
{
  g_autoptr (KalonRival) rival = NULL;

  g_return_val_if_fail (KALON_IS_SYSTEMS (self) && key != NULL, FALSE);

  if (!kalon_system_is_ranking (key))
    return get_elsewhere (self, key, error) != NULL;
  rival = find_rival (self, key, error);
  if (rival == NULL)
    return FALSE;
  return rival->kind != KALON_RIVAL_PROFILE || check_profile (self, rival->name, error);
}

char *
kalon_systems_dup_title (KalonSystems *self, const char *key)
{
  KalonElsewhere *elsewhere;
  g_autoptr (KalonRival) rival = NULL;

  g_return_val_if_fail (KALON_IS_SYSTEMS (self) && key != NULL, NULL);

  if (!kalon_system_is_ranking (key))
    {
      elsewhere = get_elsewhere (self, key, NULL);
      return g_strdup (elsewhere != NULL ? kalon_elsewhere_get_title (elsewhere) : key);
    }
  if (g_str_has_prefix (key, MODEL_PREFIX))
    rival = kalon_rival_new (KALON_RIVAL_MODEL, key + strlen (MODEL_PREFIX), NULL);
  else
    rival = find_rival (self, key, NULL);
  return rival != NULL ? kalon_rival_dup_title (rival) : g_strdup (key);
}

gboolean
kalon_systems_rephrases (KalonSystems *self, const char *key)
{
  g_return_val_if_fail (KALON_IS_SYSTEMS (self) && key != NULL, FALSE);

  return g_str_equal (key, "rephrased") || g_str_equal (key, "aligned")
         || g_str_has_prefix (key, PROFILE_PREFIX);
}

/* (transfer full) (element-type KalonAnswer): one that has left the catalogue meanwhile is left
 * out. */
static GPtrArray *
look_up (KalonSystems *self, const GArray *ranked, guint k, GError **error)
{
  g_autoptr (GPtrArray) answers
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_answer_free);

  if (self->library == NULL)
    self->library = kalon_library_open (self->library_directory, error);
  if (self->library == NULL)
    return NULL;
  for (guint i = 0; i < MIN (ranked->len, k); i++)
    {
      GError *reason = NULL;
      g_autoptr (KalonPicture) picture = kalon_library_get_picture (
          self->library, g_array_index (ranked, KalonResult, i).picture, &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, reason);
          return NULL;
        }
      if (picture != NULL)
        g_ptr_array_add (answers, kalon_answer_new (picture->path, picture->content_hash));
    }
  return g_steal_pointer (&answers);
}

static GPtrArray *
rank (KalonSystems *self, const char *key, const char *text, const char *rephrased, guint k,
      GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonRival) rival = find_rival (self, key, error);
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  KalonAlignment alignment = self->alignment;

  if (rival == NULL)
    return NULL;
  searcher = kalon_rivals_get_searcher (self->rivals, rival);
  alignment.rephrased = (char *) rephrased;
  kalon_query_add_term (query, KALON_TERM_TEXT, text, 1);
  kalon_query_set_limit (query, k);
  kalon_rival_prepare (rival, query, &alignment);
  results = kalon_searcher_search (searcher, query, cancellable, error);
  if (results == NULL)
    return NULL;
  if (results->n_candidates == 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "“%s” has nothing to rank: no picture of the library is indexed for its model; "
                   "“kalon-cli%s%s index” does that.",
                   key, rival->name != NULL && rival->kind == KALON_RIVAL_MODEL ? " --model " : "",
                   rival->kind == KALON_RIVAL_MODEL ? rival->name : "");
      return NULL;
    }
  return look_up (self, kalon_rival_peek_results (rival, results), k, error);
}

GPtrArray *
kalon_systems_answer (KalonSystems *self, const char *key, const char *query, const char *rephrased,
                      guint k, GCancellable *cancellable, GError **error)
{
  KalonElsewhere *elsewhere;

  g_return_val_if_fail (KALON_IS_SYSTEMS (self), NULL);
  g_return_val_if_fail (key != NULL && query != NULL && k > 0, NULL);

  if (kalon_system_is_ranking (key))
    return rank (self, key, query, rephrased, k, cancellable, error);
  elsewhere = get_elsewhere (self, key, error);
  return elsewhere != NULL ? kalon_elsewhere_answer (elsewhere, query, k, cancellable, error)
                           : NULL;
}
