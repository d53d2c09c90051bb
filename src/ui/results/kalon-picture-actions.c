/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "results/kalon-picture-actions.h"

GdkContentProvider *
kalon_pictures_content (const char *const *paths)
{
  g_autoptr (GPtrArray) array = g_ptr_array_new_with_free_func (g_object_unref);
  GdkFileList *files;
  GdkContentProvider *content;

  for (; *paths != NULL; paths++)
    g_ptr_array_add (array, g_file_new_for_path (*paths));
  files = gdk_file_list_new_from_array ((GFile **) array->pdata, array->len);
  content = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, files);
  g_boxed_free (GDK_TYPE_FILE_LIST, files);
  return content;
}

void
kalon_pictures_copy_to_clipboard (GtkWidget *widget, const char *const *paths)
{
  g_autoptr (GdkContentProvider) content = kalon_pictures_content (paths);

  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), content);
}

typedef struct
{
  GtkWindow *window;
  char *folder_uri;
} Showing;

static void
show_folder (Showing *showing)
{
  gtk_show_uri (showing->window, showing->folder_uri, GDK_CURRENT_TIME);
}

static void
showing_free (Showing *showing)
{
  g_object_unref (showing->window);
  g_free (showing->folder_uri);
  g_free (showing);
}

static void
shown_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Showing *showing = user_data;
  g_autoptr (GVariant) reply = NULL;

  /* No file manager that knows the interface: the folder alone. */
  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);
  if (reply == NULL)
    show_folder (showing);
  showing_free (showing);
}

void
kalon_pictures_show_in_files (GtkWidget *widget, const char *const *paths)
{
  g_autofree char *folder = g_path_get_dirname (paths[0]);
  g_autoptr (GFile) folder_file = g_file_new_for_path (folder);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus
      = application != NULL ? g_application_get_dbus_connection (application) : NULL;
  Showing *showing = g_new (Showing, 1);

  showing->window = GTK_WINDOW (g_object_ref (gtk_widget_get_root (widget)));
  showing->folder_uri = g_file_get_uri (folder_file);
  if (bus == NULL)
    {
      show_folder (showing);
      showing_free (showing);
      return;
    }
  for (; *paths != NULL; paths++)
    {
      g_autoptr (GFile) file = g_file_new_for_path (*paths);
      g_autofree char *uri = g_file_get_uri (file);

      g_strv_builder_add (builder, uri);
    }
  uris = g_strv_builder_end (builder);
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, shown_cb, showing);
}

void
kalon_picture_show_in_files (GtkWidget *widget, const char *path)
{
  kalon_pictures_show_in_files (widget, (const char *const[]){ path, NULL });
}
