/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "image/kalon-image.h"
#include "results/kalon-image-texture.h"
#include "results/kalon-thumbnail-queue.h"
#include "thumbnails/kalon-thumbnails.h"

/* The thumbnail queue's way to a library: id -> catalogue -> thumbnail. */
typedef struct
{
  char *directory;
  /* A connection is one thread's at a time: a worker takes an idle one, or opens another. */
  GAsyncQueue *idle;
} Loader;

static void
loader_free (Loader *loader)
{
  g_async_queue_unref (loader->idle);
  g_free (loader->directory);
  g_free (loader);
}

static GdkTexture *
load (gint64 id, KalonPicture **out_picture, gpointer user_data, GCancellable *cancellable,
      GError **error)
{
  Loader *loader = user_data;
  g_autoptr (KalonPicture) picture = NULL;
  g_autoptr (KalonImage) image = NULL;
  g_autoptr (GError) local_error = NULL;
  KalonLibrary *library = g_async_queue_try_pop (loader->idle);

  if (library == NULL)
    library = kalon_library_open (loader->directory, error);
  if (library == NULL)
    return NULL;
  picture = kalon_library_get_picture (library, id, &local_error);
  if (picture == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             _ ("The picture is no longer in the library."));
    }
  else
    image = kalon_thumbnail_load (kalon_library_get_directory (library), picture->path,
                                  picture->content_hash, cancellable, error);
  g_async_queue_push (loader->idle, library);
  *out_picture = g_steal_pointer (&picture);
  return image != NULL ? kalon_image_to_texture (g_steal_pointer (&image)) : NULL;
}

KalonThumbnailQueue *
kalon_thumbnail_queue_new_for_library (const char *library_directory)
{
  Loader *loader = g_new (Loader, 1);

  loader->directory = g_strdup (library_directory);
  loader->idle = g_async_queue_new_full (g_object_unref);
  return kalon_thumbnail_queue_new (load, loader, (GDestroyNotify) loader_free);
}
