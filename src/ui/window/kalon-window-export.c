/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "files/kalon-files.h"
#include "toasts/kalon-toasts.h"
#include "window/kalon-window-files-private.h"

typedef struct
{
  KalonWindow *window;
  GPtrArray *paths;
  char *folder;
  AdwToast *toast;
} Export;

static void
export_free (Export *export)
{
  g_object_unref (export->window);
  g_ptr_array_unref (export->paths);
  g_free (export->folder);
  g_clear_object (&export->toast);
  g_free (export);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
progress_cb (guint n_done, guint n, gpointer user_data)
{
  Export *export = user_data;
  g_autofree char *text = g_strdup_printf (_ ("Copying %u of %u pictures…"), n_done, n);

  adw_toast_set_title (export->toast, text);
}

static void
show_outcome (Export *export, const KalonFilesResult *files)
{
  g_autofree char *folder = g_filename_display_basename (export->folder);
  g_autofree char *text = NULL, *escaped = NULL;
  AdwToast *toast;

  if (files->failures->len > 0)
    {
      const KalonFailure *first = g_ptr_array_index (files->failures, 0);
      g_autofree char *name = g_filename_display_basename (first->path);

      text = g_strdup_printf (ngettext ("%u of %u picture was copied to “%s”. “%s”: %s",
                                        "%u of %u pictures were copied to “%s”. “%s”: %s",
                                        export->paths->len),
                              files->n_done, export->paths->len, folder, name, first->reason);
    }
  else if (files->n_done < export->paths->len)
    text = g_strdup_printf (ngettext ("%u of %u picture was copied to “%s” before you stopped it",
                                      "%u of %u pictures were copied to “%s” before you stopped it",
                                      export->paths->len),
                            files->n_done, export->paths->len, folder);
  else
    text = g_strdup_printf (ngettext ("%u picture was copied to “%s”",
                                      "%u pictures were copied to “%s”", files->n_done),
                            files->n_done, folder);
  escaped = g_markup_escape_text (text, -1);
  toast = adw_toast_new (escaped);
  adw_toast_set_button_label (toast, _ ("_Show"));
  adw_toast_set_action_name (toast, "win.show-folder");
  adw_toast_set_action_target (toast, "^ay", export->folder);
  adw_toast_overlay_add_toast (export->window->toasts, toast);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Export) export = user_data;
  KalonWindow *self = export->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFilesResult) files = kalon_files_copy_finish (result, &error);

  kalon_toasts_dismiss (export->toast);
  if (self->session == NULL)
    return;
  g_clear_object (&self->exporting);
  if (files == NULL)
    kalon_window_show_message (self, error->message);
  else
    show_outcome (export, files);
}

/* @paths: (element-type filename). One export at a time: its toast is where it is stopped. */
void
kalon_window_copy_to_folder (KalonWindow *self, GPtrArray *paths, const char *folder)
{
  Export *export = g_new0 (Export, 1);

  kalon_window_cancel_export (self);
  self->exporting = g_cancellable_new ();
  export->window = g_object_ref (self);
  export->paths = g_ptr_array_ref (paths);
  export->folder = g_strdup (folder);
  export->toast = g_object_ref_sink (adw_toast_new (""));
  progress_cb (0, paths->len, export);
  adw_toast_set_timeout (export->toast, 0);
  adw_toast_set_button_label (export->toast, _ ("_Stop"));
  adw_toast_set_action_name (export->toast, "win.cancel-export");
  kalon_window_show_toast (self, g_object_ref (export->toast));
  kalon_files_copy_async (paths, folder, progress_cb, export, self->exporting, copied_cb, export);
}

static void
folder_chosen_cb (GtkNativeDialog *dialog, int response, KalonWindow *self)
{
  GPtrArray *paths = g_object_get_data (G_OBJECT (dialog), "paths");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (folder != NULL && g_file_peek_path (folder) != NULL)
        kalon_window_copy_to_folder (self, paths, g_file_peek_path (folder));
    }
  g_clear_object (&self->chooser);
}

void
kalon_window_export (KalonWindow *self, GPtrArray *pictures, GVariant *target)
{
  g_autoptr (GtkFileChooserNative) chooser
      = gtk_file_chooser_native_new (_ ("Copy the Originals To"), GTK_WINDOW (self),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Copy"), NULL);

  g_object_set_data_full (G_OBJECT (chooser), "paths", kalon_window_list_paths (pictures),
                          (GDestroyNotify) g_ptr_array_unref);
  kalon_window_choose (self, chooser, G_CALLBACK (folder_chosen_cb));
}

void
kalon_window_cancel_export (KalonWindow *self)
{
  if (self->exporting != NULL)
    g_cancellable_cancel (self->exporting);
  g_clear_object (&self->exporting);
}
