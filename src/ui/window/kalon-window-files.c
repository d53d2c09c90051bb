/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

#include "results/kalon-picture-actions.h"
#include "window/kalon-window-files-private.h"

/* What is done with pictures wherever in the window they are shown: each action's target is their
 * ids, and their files are looked up first. */

typedef struct
{
  KalonWindow *window;
  KalonPicturesFunc func;
  GVariant *target;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->window);
  g_variant_unref (request->target);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

GArray *
kalon_window_get_ids (GVariant *ids)
{
  gsize n;
  const gint64 *elements = g_variant_get_fixed_array (ids, &n, sizeof (gint64));
  GArray *array = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (array, elements, (guint) n);
  return array;
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pictures
      = kalon_catalogue_get_pictures_finish (KALON_CATALOGUE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || request->window->session == NULL)
    return;
  if (pictures == NULL)
    kalon_window_show_message (request->window, error->message);
  else if (pictures->len == 0)
    kalon_window_show_message (request->window, _ ("The picture is no longer in the library"));
  else
    request->func (request->window, pictures, request->target);
}

void
kalon_window_with_pictures (KalonWindow *self, GVariant *ids, GVariant *target,
                            KalonPicturesFunc func)
{
  g_autoptr (GArray) array = kalon_window_get_ids (ids);
  Request *request = g_new (Request, 1);

  *request = (Request){ g_object_ref (self), func, g_variant_ref (target) };
  kalon_catalogue_get_pictures_async (self->catalogue, array, self->cancellable, looked_up_cb,
                                      request);
}

GPtrArray *
kalon_window_list_paths (GPtrArray *pictures)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < pictures->len; i++)
    g_ptr_array_add (paths, g_strdup (((KalonPicture *) g_ptr_array_index (pictures, i))->path));
  return paths;
}

/* (transfer full): %NULL-terminated. */
static GStrv
dup_paths (GPtrArray *pictures)
{
  g_autoptr (GPtrArray) paths = kalon_window_list_paths (pictures);

  g_ptr_array_add (paths, NULL);
  return (GStrv) g_ptr_array_steal (paths, NULL);
}

static void
copy (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  g_auto (GStrv) paths = dup_paths (pictures);
  g_autofree char *text = NULL;

  kalon_pictures_copy_to_clipboard (GTK_WIDGET (self), (const char *const *) paths);
  if (pictures->len == 1)
    return;
  text = g_strdup_printf (
      ngettext ("%u picture was copied", "%u pictures were copied", pictures->len), pictures->len);
  kalon_window_show_message (self, text);
}

static void
show_in_files (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  g_auto (GStrv) paths = dup_paths (pictures);

  kalon_pictures_show_in_files (GTK_WIDGET (self), (const char *const *) paths);
}

static void
application_chosen_cb (GtkDialog *dialog, int response, KalonWindow *self)
{
  if (response == GTK_RESPONSE_OK)
    {
      g_autoptr (GAppInfo) application = gtk_app_chooser_get_app_info (GTK_APP_CHOOSER (dialog));
      GFile *file = g_object_get_data (G_OBJECT (dialog), "file");
      g_autoptr (GdkAppLaunchContext) context
          = gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));
      GList files = { .data = file };
      g_autoptr (GError) error = NULL;

      if (application != NULL
          && !g_app_info_launch (application, &files, G_APP_LAUNCH_CONTEXT (context), &error))
        kalon_window_show_message (self, error->message);
    }
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
open_with (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  const KalonPicture *picture = g_ptr_array_index (pictures, 0);
  g_autoptr (GFile) file = g_file_new_for_path (picture->path);
  GtkWidget *dialog = gtk_app_chooser_dialog_new (GTK_WINDOW (self), GTK_DIALOG_MODAL, file);

  g_object_set_data_full (G_OBJECT (dialog), "file", g_object_ref (file), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (application_chosen_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
wallpaper_asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (object), NULL, result, &error);

  if (reply == NULL && self->session != NULL)
    kalon_window_show_message (
        self, _ ("This desktop offers no way to set the wallpaper (the Wallpaper portal)"));
}

/* The portal asks the user, and shows what it would look like. */
static void
set_wallpaper (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  const KalonPicture *picture = g_ptr_array_index (pictures, 0);
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus
      = application != NULL ? g_application_get_dbus_connection (application) : NULL;
  g_autoptr (GUnixFDList) descriptors = NULL;
  GVariantBuilder options;
  int descriptor = -1;

  if (bus == NULL)
    {
      kalon_window_show_message (
          self, _ ("This desktop offers no way to set the wallpaper (the Wallpaper portal)"));
      return;
    }
  descriptor = open (picture->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    {
      kalon_window_show_message (self, g_strerror (errno));
      return;
    }
  descriptors = g_unix_fd_list_new_from_array (&descriptor, 1);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "show-preview", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&options, "{sv}", "set-on", g_variant_new_string ("background"));
  g_dbus_connection_call_with_unix_fd_list (
      bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
      "org.freedesktop.portal.Wallpaper", "SetWallpaperFile",
      g_variant_new ("(sha{sv})", "", 0, &options), NULL, G_DBUS_CALL_FLAGS_NONE, -1, descriptors,
      NULL, wallpaper_asked_cb, g_object_ref (self));
}

static void
pictures_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *name;
    KalonPicturesFunc func;
  } actions[] = {
    { "win.copy-pictures", copy },
    { "win.show-pictures", show_in_files },
    { "win.open-pictures-with", open_with },
    { "win.set-wallpaper", set_wallpaper },
    { "win.export-pictures", kalon_window_export },
    { "win.trash-pictures", kalon_window_trash },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i].name) && g_variant_n_children (parameter) > 0)
      kalon_window_with_pictures (KALON_WINDOW (widget), parameter, parameter, actions[i].func);
}

static void
thumb_pictures_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GVariant) ids = g_variant_get_child_value (parameter, 0);

  kalon_window_with_pictures (KALON_WINDOW (widget), ids, parameter, kalon_window_thumb_pictures);
}

static void
compare_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GArray) ids = kalon_window_get_ids (parameter);

  kalon_window_compare (KALON_WINDOW (widget), ids);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  switch (self->undoable)
    {
    case KALON_UNDOABLE_THUMB:
      kalon_window_undo_thumb (self);
      break;
    case KALON_UNDOABLE_TRASH:
      kalon_window_undo_trash (self);
      break;
    case KALON_UNDOABLE_NOTHING:
      return;
    }
  kalon_window_set_undoable (self, KALON_UNDOABLE_NOTHING);
}

static void
undo_trash_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_window_undo_trash (KALON_WINDOW (widget));
}

static void
show_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GFile) folder = g_file_new_for_path (g_variant_get_bytestring (parameter));
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
cancel_export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_window_cancel_export (KALON_WINDOW (widget));
}

void
kalon_window_set_undoable (KalonWindow *self, KalonUndoable undoable)
{
  self->undoable = undoable;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", undoable != KALON_UNDOABLE_NOTHING);
}

void
kalon_window_install_picture_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.copy-pictures", "ax", pictures_action },
    { "win.show-pictures", "ax", pictures_action },
    { "win.open-pictures-with", "ax", pictures_action },
    { "win.set-wallpaper", "ax", pictures_action },
    { "win.export-pictures", "ax", pictures_action },
    { "win.trash-pictures", "ax", pictures_action },
    { "win.thumb-pictures", "(axb)", thumb_pictures_action },
    { "win.compare-pictures", "ax", compare_action },
    { "win.cancel-export", NULL, cancel_export_action },
    { "win.show-folder", "ay", show_folder_action },
    { "win.undo", NULL, undo_action },
    { "win.undo-trash", NULL, undo_trash_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
