/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kalon-search-provider-private.h"
#include "thumbnails/kalon-thumbnails.h"

/* What a result is shown with: its name, its folder, its thumbnail. */

typedef struct
{
  char *library_directory;
  GStrv ids;
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  g_free (lookup->library_directory);
  g_strfreev (lookup->ids);
  g_free (lookup);
}

gboolean
kalon_search_provider_parse_id (const char *id, gint64 *picture)
{
  return g_ascii_string_to_signed (id, 10, 1, G_MAXINT64, picture, NULL);
}

/* The Shell reads the file itself. A picture whose thumbnail cannot be stored stands for itself. */
static GIcon *
create_icon (KalonLibrary *library, const KalonPicture *picture)
{
  const char *directory = kalon_library_get_directory (library);
  g_autofree char *path = kalon_thumbnail_dup_path (directory, picture->content_hash);
  g_autoptr (GFile) file = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    kalon_image_free (
        kalon_thumbnail_load (directory, picture->path, picture->content_hash, NULL, NULL));
  file = g_file_new_for_path (g_file_test (path, G_FILE_TEST_EXISTS) ? path : picture->path);
  return g_file_icon_new (file);
}

static char *
dup_folder_name (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_filename_display_name (folder);
  const char *home = g_get_home_dir ();
  gsize length = strlen (home);

  if (strncmp (folder, home, length) == 0 && (folder[length] == '/' || folder[length] == '\0'))
    return g_strconcat ("~", name + length, NULL);
  return g_steal_pointer (&name);
}

static void
add_meta (GVariantBuilder *metas, KalonLibrary *library, const char *id,
          const KalonPicture *picture)
{
  g_autofree char *name = g_filename_display_basename (picture->path);
  g_autofree char *folder = dup_folder_name (picture->path);
  g_autoptr (GIcon) icon = create_icon (library, picture);
  g_autoptr (GVariant) serialized = g_icon_serialize (icon);

  g_variant_builder_open (metas, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (metas, "{sv}", "id", g_variant_new_string (id));
  g_variant_builder_add (metas, "{sv}", "name", g_variant_new_string (name));
  g_variant_builder_add (metas, "{sv}", "description", g_variant_new_string (folder));
  g_variant_builder_add (metas, "{sv}", "icon", serialized);
  g_variant_builder_close (metas);
}

static void
look_up_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Lookup *lookup = task_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonLibrary) library = kalon_library_open (lookup->library_directory, &error);
  GVariantBuilder metas;

  if (library == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_variant_builder_init (&metas, G_VARIANT_TYPE ("aa{sv}"));
  for (char **id = lookup->ids; *id != NULL; id++)
    {
      gint64 number;
      /* One that left the library meanwhile has no meta, as the interface allows. */
      g_autoptr (KalonPicture) picture = kalon_search_provider_parse_id (*id, &number)
                                             ? kalon_library_get_picture (library, number, NULL)
                                             : NULL;

      if (picture != NULL)
        add_meta (&metas, library, *id, picture);
    }
  g_task_return_pointer (task, g_variant_ref_sink (g_variant_builder_end (&metas)),
                         (GDestroyNotify) g_variant_unref);
}

void
kalon_search_provider_get_metas_async (KalonSearchProvider *self, const char *library_directory,
                                       const char *const *ids, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Lookup *lookup = g_new (Lookup, 1);

  lookup->library_directory = g_strdup (library_directory);
  lookup->ids = g_strdupv ((GStrv) ids);
  g_task_set_source_tag (task, kalon_search_provider_get_metas_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);
  g_task_run_in_thread (task, look_up_in_thread);
}

GVariant *
kalon_search_provider_get_metas_finish (KalonSearchProvider *self, GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
