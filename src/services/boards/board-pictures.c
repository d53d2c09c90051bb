/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/kalon-boards-private.h"

#include <stdlib.h>

#include <glib/gstdio.h>

#include "image/kalon-image.h"
#include "input/kalon-input.h"

static void
add_failure (GPtrArray *failures, const char *path, const char *reason)
{
  g_ptr_array_add (failures, kalon_failure_new (path, reason));
}

static KalonBoardItem *
make_item (const char *content_hash, const char *path)
{
  KalonBoardItem *item = g_new0 (KalonBoardItem, 1);

  item->content_hash = g_strdup (content_hash);
  item->path = g_strdup (path);
  item->note = g_strdup ("");
  return item;
}

/* A folder of the library is known by its real path, a link inside of it by its own. */
static KalonPicture *
find_picture (KalonLibrary *library, const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;
  KalonPicture *picture = kalon_library_find_picture (library, path, &reason);
  char *real = picture == NULL && reason == NULL ? realpath (path, NULL) : NULL;

  if (real != NULL)
    picture = kalon_library_find_picture (library, real, &reason);
  free (real);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return picture;
}

static KalonBoardItem *
identify_path (KalonBoardStore *self, const char *name, GPtrArray *failures,
               GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (name, NULL);
  g_autofree char *hash = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture = find_picture (self->library, path, &reason);

  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  if (picture != NULL)
    return make_item (picture->content_hash, picture->path);
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    add_failure (failures, path, "This is a folder. Add the pictures in it.");
  else if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    add_failure (failures, path, "This is no file.");
  else if (!kalon_image_is_candidate (path))
    add_failure (failures, path, "This is no picture, by its name.");
  else
    {
      hash = kalon_input_hash_file (path, cancellable, &reason);
      if (hash != NULL)
        return make_item (hash, path);
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&reason));
      else
        add_failure (failures, path, reason->message);
    }
  return NULL;
}

KalonBoardItem *
kalon_board_identify (KalonBoardStore *self, const KalonBoardPicture *picture, GPtrArray *failures,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonPicture) known = NULL;
  g_autoptr (GError) reason = NULL;

  if (picture->path != NULL)
    return identify_path (self, picture->path, failures, cancellable, error);
  known = kalon_library_get_picture (self->library, picture->id, &reason);
  if (known != NULL)
    return make_item (known->content_hash, known->path);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    {
      g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, picture->id);

      add_failure (failures, name, "The picture is not in the library any more.");
    }
  return NULL;
}

static gboolean
take_date (KalonBoardItem *item, const KalonPicture *picture, const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status) != 0)
    return FALSE;
  item->date = picture != NULL && picture->taken_at != 0 ? picture->taken_at : status.st_mtime;
  return TRUE;
}

/* Of several copies of a content the library tells one; another may be the one that is still there:
 * the last path, which is tried next. */
gboolean
kalon_board_locate (KalonBoardStore *self, KalonBoardItem *item, gboolean *moved, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (KalonPicture) picture
      = kalon_library_find_picture_of (self->library, item->content_hash, &reason);

  *moved = FALSE;
  if (picture != NULL && g_strcmp0 (picture->path, item->path) != 0)
    {
      g_autoptr (KalonPicture) here
          = kalon_library_find_picture (self->library, item->path, &reason);

      /* The copy that was put here, as long as it is one. */
      if (here != NULL && g_str_equal (here->content_hash, item->content_hash))
        {
          kalon_picture_free (g_steal_pointer (&picture));
          picture = g_steal_pointer (&here);
        }
    }
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  item->picture = picture != NULL ? picture->id : 0;
  item->date = picture != NULL ? picture->taken_at : 0;
  item->width = picture != NULL ? picture->width : 0;
  item->height = picture != NULL ? picture->height : 0;
  item->missing = FALSE;
  if (picture != NULL && take_date (item, picture, picture->path))
    {
      *moved = !g_str_equal (picture->path, item->path);
      if (*moved)
        {
          g_free (item->path);
          item->path = g_strdup (picture->path);
        }
      return TRUE;
    }
  item->missing = !take_date (item, picture, item->path);
  /* Edited in place: what is there now has another content, and may be in the library. */
  if (!item->missing && picture == NULL)
    {
      picture = kalon_library_find_picture (self->library, item->path, &reason);
      item->picture = picture != NULL ? picture->id : 0;
    }
  if (reason == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
