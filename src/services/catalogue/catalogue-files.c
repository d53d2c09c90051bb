/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "catalogue/kalon-catalogue-private.h"

static gpointer
ask_pictures_of (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;
  GArray *ids = argument;
  g_autoptr (GPtrArray) pictures
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_picture_free);

  for (guint i = 0; i < ids->len; i++)
    {
      GError *reason = NULL;
      KalonPicture *picture
          = kalon_library_get_picture (self->library, g_array_index (ids, gint64, i), &reason);

      if (picture != NULL)
        g_ptr_array_add (pictures, picture);
      else if (reason != NULL)
        {
          g_propagate_error (error, reason);
          return NULL;
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }
  return g_steal_pointer (&pictures);
}

/* Within a transaction that the caller began. */
static gboolean
forget_missing (KalonCatalogue *self, GArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonPicture) picture = kalon_library_get_picture (self->library, id, &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      if (picture != NULL && !g_file_test (picture->path, G_FILE_TEST_EXISTS)
          && !kalon_library_remove_picture (self->library, id, error))
        return FALSE;
    }
  return TRUE;
}

static gpointer
ask_forget_missing (gpointer object, gpointer argument, GCancellable *cancellable, GError **error)
{
  KalonCatalogue *self = object;
  gboolean done = FALSE;

  if (!kalon_library_lock (self->library, error))
    return NULL;
  if (kalon_library_begin (self->library, error))
    {
      done = forget_missing (self, argument, error) && kalon_library_commit (self->library, error);
      if (!done)
        kalon_library_rollback (self->library);
    }
  kalon_library_unlock (self->library);
  return GINT_TO_POINTER (done);
}

void
kalon_catalogue_get_pictures_async (KalonCatalogue *self, GArray *ids, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  g_return_if_fail (ids != NULL);
  kalon_worker_ask (self->worker, self, kalon_catalogue_get_pictures_async, ask_pictures_of,
                    g_array_copy (ids), (GDestroyNotify) g_array_unref,
                    (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kalon_catalogue_get_pictures_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  return kalon_worker_answer (self, kalon_catalogue_get_pictures_async, result, error);
}

void
kalon_catalogue_forget_missing_async (KalonCatalogue *self, GArray *ids,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KALON_IS_CATALOGUE (self));
  g_return_if_fail (ids != NULL);
  kalon_worker_ask (self->worker, self, kalon_catalogue_forget_missing_async, ask_forget_missing,
                    g_array_copy (ids), (GDestroyNotify) g_array_unref, NULL, NULL, callback,
                    user_data);
}

gboolean
kalon_catalogue_forget_missing_finish (KalonCatalogue *self, GAsyncResult *result, GError **error)
{
  gboolean done = GPOINTER_TO_INT (
      kalon_worker_answer (self, kalon_catalogue_forget_missing_async, result, error));

  if (done)
    kalon_catalogue_tell_changed (self);
  return done;
}
