/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feedback/kalon-feedback.h"
#include "models/kalon-models.h"
#include "rivals/kalon-rivals.h"

/* Both sides of a comparison may be by other models. */
#define N_KEPT 2

struct _KalonRivals
{
  GObject parent_instance;

  char *library_directory;
  char *device_name;
  char *model_directory;
  KalonSearcher *searcher; /* (nullable) */
  GQueue kept;             /* Kept, newest first */
};

G_DEFINE_FINAL_TYPE (KalonRivals, kalon_rivals, G_TYPE_OBJECT)

typedef struct
{
  char *directory;
  KalonSearcher *searcher;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->directory);
  g_object_unref (kept->searcher);
  g_free (kept);
}

static void
kalon_rivals_finalize (GObject *object)
{
  KalonRivals *self = KALON_RIVALS (object);

  g_queue_clear_full (&self->kept, kept_free);
  g_clear_object (&self->searcher);
  g_free (self->library_directory);
  g_free (self->device_name);
  g_free (self->model_directory);
  G_OBJECT_CLASS (kalon_rivals_parent_class)->finalize (object);
}

static void
kalon_rivals_class_init (KalonRivalsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kalon_rivals_finalize;
}

static void
kalon_rivals_init (KalonRivals *self)
{
  g_queue_init (&self->kept);
}

KalonRivals *
kalon_rivals_new (const char *library_directory, const char *device_name,
                  const char *model_directory, KalonSearcher *searcher)
{
  KalonRivals *self = g_object_new (KALON_TYPE_RIVALS, NULL);

  self->library_directory = g_strdup (library_directory);
  self->device_name = g_strdup (device_name);
  self->model_directory = g_strdup (model_directory);
  g_set_object (&self->searcher, searcher);
  return self;
}

void
kalon_rivals_set_searcher (KalonRivals *self, const char *device_name, const char *model_directory,
                           KalonSearcher *searcher)
{
  g_return_if_fail (KALON_IS_RIVALS (self));

  /* They compute on the device of their time. */
  if (g_strcmp0 (device_name, self->device_name) != 0)
    g_queue_clear_full (&self->kept, kept_free);
  g_free (self->device_name);
  self->device_name = g_strdup (device_name);
  g_free (self->model_directory);
  self->model_directory = g_strdup (model_directory);
  g_set_object (&self->searcher, searcher);
}

/* @own: (nullable): the directory of the model that is searched with */
static void
add_models (const char *own, GPtrArray *rivals)
{
  g_autoptr (GPtrArray) models = kalon_models_list ();

  for (guint i = 0; i < models->len; i++)
    {
      const KalonModel *model = g_ptr_array_index (models, i);

      if (g_strcmp0 (model->directory, own) != 0)
        g_ptr_array_add (rivals, kalon_rival_new (KALON_RIVAL_MODEL, model->id, model->directory));
    }
}

static gboolean
add_profiles (const KalonRivals *self, GPtrArray *rivals, GError **error)
{
  /* It makes the directory. */
  g_autoptr (KalonLibrary) library = kalon_library_open (self->library_directory, error);
  g_autoptr (KalonFeedback) feedback = NULL;
  g_autofree char *active = NULL;
  g_auto (GStrv) names = NULL;

  feedback = library != NULL ? kalon_feedback_open (self->library_directory, error) : NULL;
  active = feedback != NULL ? kalon_feedback_dup_profile (feedback, error) : NULL;
  names = active != NULL ? kalon_feedback_list_profiles (feedback, error) : NULL;
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    if (!g_str_equal (names[i], active))
      g_ptr_array_add (rivals, kalon_rival_new (KALON_RIVAL_PROFILE, names[i], NULL));
  return names != NULL;
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const KalonRivals *self = source;
  GPtrArray *rivals = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_rival_free);
  g_autoptr (GError) error = NULL;

  for (KalonRivalKind kind = KALON_RIVAL_BASELINE; kind <= KALON_RIVAL_ALIGNED; kind++)
    g_ptr_array_add (rivals, kalon_rival_new (kind, NULL, NULL));
  add_models (task_data, rivals);
  if (!add_profiles (self, rivals, &error))
    g_message ("Other profiles cannot be compared: %s", error->message);
  g_task_return_pointer (task, rivals, (GDestroyNotify) g_ptr_array_unref);
}

void
kalon_rivals_list_async (KalonRivals *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KALON_IS_RIVALS (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kalon_rivals_list_async);
  g_task_set_task_data (task, g_strdup (self->model_directory), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
kalon_rivals_list_finish (KalonRivals *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

const KalonRival *
kalon_rivals_find (GPtrArray *rivals, const char *key)
{
  g_return_val_if_fail (rivals != NULL && key != NULL, NULL);

  for (guint i = 0; i < rivals->len; i++)
    {
      const KalonRival *rival = g_ptr_array_index (rivals, i);
      g_autofree char *own = kalon_rival_dup_key (rival);

      if (g_str_equal (own, key))
        return rival;
    }
  return NULL;
}

KalonSearcher *
kalon_rivals_get_searcher (KalonRivals *self, const KalonRival *rival)
{
  Kept *kept = NULL;

  g_return_val_if_fail (KALON_IS_RIVALS (self), NULL);
  g_return_val_if_fail (rival != NULL, NULL);

  if (rival->kind != KALON_RIVAL_MODEL)
    return self->searcher != NULL ? g_object_ref (self->searcher) : NULL;
  for (GList *link = self->kept.head; link != NULL; link = link->next)
    if (g_str_equal (((Kept *) link->data)->directory, rival->directory))
      {
        kept = link->data;
        g_queue_delete_link (&self->kept, link);
        break;
      }
  if (kept == NULL)
    {
      kept = g_new (Kept, 1);
      *kept = (Kept){ g_strdup (rival->directory),
                      kalon_searcher_new (self->library_directory, rival->directory,
                                          self->device_name) };
    }
  g_queue_push_head (&self->kept, kept);
  while (self->kept.length > N_KEPT)
    kept_free (g_queue_pop_tail (&self->kept));
  return g_object_ref (kept->searcher);
}
