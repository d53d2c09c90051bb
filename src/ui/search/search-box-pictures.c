/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "image/kalon-image.h"
#include "search/kalon-pasted.h"
#include "search/kalon-question-text.h"
#include "search/kalon-search-box-private.h"

static void
tell (KalonSearchBox *self, const char *message)
{
  g_signal_emit_by_name (self, "message", message);
}

gboolean
kalon_search_box_add_files (KalonSearchBox *self, GdkFileList *list)
{
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GSList) files = NULL;
  guint n_left_out;

  g_return_val_if_fail (KALON_IS_SEARCH_BOX (self), FALSE);
  g_return_val_if_fail (list != NULL, FALSE);

  paths = g_ptr_array_new ();
  files = gdk_file_list_get_files (list);
  for (GSList *link = files; link != NULL; link = link->next)
    {
      const char *path = g_file_peek_path (link->data);

      if (path != NULL && kalon_image_is_candidate (path))
        g_ptr_array_add (paths, (char *) path);
    }
  if (paths->len == 0)
    return FALSE;
  g_ptr_array_add (paths, NULL);
  n_left_out = kalon_search_add_pictures (self->search, (const char *const *) paths->pdata, FALSE);
  if (n_left_out > 0)
    {
      g_autofree char *text = kalon_left_out_to_text (n_left_out);

      tell (self, text);
    }
  return TRUE;
}

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearchBox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = kalon_pasted_store_finish (result, &error);

  if (path != NULL)
    kalon_search_add_term (self->search, KALON_TERM_PICTURE, path, 1);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, error->message);
}

static void
add_texture (KalonSearchBox *self, GdkTexture *texture)
{
  kalon_pasted_store_async (texture, self->cancellable, stored_cb, g_object_ref (self));
}

static void
texture_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearchBox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
      = gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (object), result, &error);

  if (texture != NULL)
    add_texture (self, texture);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, error->message);
}

static void
files_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonSearchBox) self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (object), result, &error);

  if (value != NULL)
    {
      if (!kalon_search_box_add_files (self, g_value_get_boxed (value)))
        tell (self, _ ("What was copied is no picture"));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, error->message);
}

gboolean
kalon_search_box_paste (KalonSearchBox *self)
{
  GdkClipboard *clipboard;
  g_autoptr (GdkContentFormats) formats = NULL;

  g_return_val_if_fail (KALON_IS_SEARCH_BOX (self), FALSE);

  clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self));
  formats = gdk_content_formats_union_deserialize_gtypes (
      gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));
  /* File managers offer the names of files as text beside them; of other programs text is meant to
   * be pasted as such. */
  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT,
                                    self->cancellable, files_read_cb, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE)
           && !gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    gdk_clipboard_read_texture_async (clipboard, self->cancellable, texture_read_cb,
                                      g_object_ref (self));
  else
    return FALSE;
  return TRUE;
}

static gboolean
dropped_cb (KalonSearchBox *self, const GValue *value)
{
  if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    {
      add_texture (self, g_value_get_object (value));
      return TRUE;
    }
  if (kalon_search_box_add_files (self, g_value_get_boxed (value)))
    return TRUE;
  tell (self, _ ("Drop a picture here to search by it"));
  return FALSE;
}

void
kalon_search_box_init_pictures (KalonSearchBox *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, (GType[]){ GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE }, 2);
  /* Before the entry, which would take the names of the files as words. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
