/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "settings/kalon-settings.h"
#include "window/kalon-window-private.h"

#define THUMBNAIL_SIZE_STEP 32

static void
folders_chosen_cb (GtkNativeDialog *dialog, int response, KalonWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);

          if (g_file_peek_path (file) != NULL)
            g_ptr_array_add (paths, g_file_get_path (file));
        }
      g_ptr_array_add (paths, NULL);
      kalon_window_add_folders (self, (const char *const *) paths->pdata);
    }
  g_clear_object (&self->chooser);
}

static void
picture_chosen_cb (GtkNativeDialog *dialog, int response, KalonWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

      if (g_file_peek_path (file) != NULL)
        kalon_window_add_picture (self, g_file_peek_path (file), 1);
    }
  g_clear_object (&self->chooser);
}

void
kalon_window_choose (KalonWindow *self, GtkFileChooserNative *chooser, GCallback chosen)
{
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_set_object (&self->chooser, GTK_NATIVE_DIALOG (chooser));
  gtk_native_dialog_set_modal (self->chooser, TRUE);
  g_signal_connect_object (chooser, "response", chosen, self, 0);
  gtk_native_dialog_show (self->chooser);
}

static void
add_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileChooserNative) chooser
      = gtk_file_chooser_native_new (_ ("Add Folders of Pictures"), GTK_WINDOW (widget),
                                     GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Add"), NULL);
  const char *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);
  g_autoptr (GFile) folder = g_file_new_for_path (pictures != NULL ? pictures : g_get_home_dir ());

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (chooser), TRUE);
  /* Left alone, it shows the files used last, among which there is no folder. */
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder, NULL);
  kalon_window_choose (KALON_WINDOW (widget), chooser, G_CALLBACK (folders_chosen_cb));
}

static void
search_by_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkFileChooserNative) chooser
      = gtk_file_chooser_native_new (_ ("Search by Picture"), GTK_WINDOW (widget),
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Search"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Pictures"));
  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  kalon_window_choose (KALON_WINDOW (widget), chooser, G_CALLBACK (picture_chosen_cb));
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_search_show_all (KALON_WINDOW (widget)->search);
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_search_refresh (KALON_WINDOW (widget)->search);
  kalon_window_update (KALON_WINDOW (widget));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  kalon_window_show_viewer (self, FALSE);
  kalon_search_box_select_words (self->search_box);
  if (kalon_question_is_empty (kalon_search_get_question (self->search)))
    kalon_search_box_show_history (self->search_box);
}

static void
save_search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_search_box_save (KALON_WINDOW (widget)->search_box);
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  if (!kalon_search_box_paste (self->search_box))
    kalon_window_show_message (self, _ ("Copy a picture first, then paste it to search by it"));
}

static void
alignment_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  if (g_str_equal (name, "win.toggle-aligned"))
    kalon_window_toggle_aligned (self);
  else if (g_str_equal (name, "win.undo-thumb"))
    kalon_window_undo_thumb (self);
  else
    kalon_words_line_edit (self->words_line);
}

static void
filters_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  if (g_str_equal (name, "win.clear-filters"))
    {
      kalon_search_set_filter (self->search, NULL);
      return;
    }
  kalon_window_show_viewer (self, FALSE);
  kalon_filter_button_popup (self->filter_button);
}

static void
resize (KalonWindow *self, int step)
{
  int size = (int) g_settings_get_uint (self->settings, KALON_SETTING_THUMBNAIL_SIZE) + step;

  g_settings_set_uint (
      self->settings, KALON_SETTING_THUMBNAIL_SIZE,
      (guint) CLAMP (size, KALON_RESULTS_GRID_MIN_SIZE, KALON_RESULTS_GRID_MAX_SIZE));
}

static void
resize_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  if (g_str_equal (name, "win.normal-size"))
    {
      g_settings_reset (self->settings, KALON_SETTING_THUMBNAIL_SIZE);
      return;
    }
  resize (self, g_str_equal (name, "win.larger") ? THUMBNAIL_SIZE_STEP : -THUMBNAIL_SIZE_STEP);
}

static void
show_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_window_show_view (KALON_WINDOW (widget), g_variant_get_string (parameter, NULL));
  kalon_window_focus_view (KALON_WINDOW (widget));
}

static void
open_uri_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_show_uri (GTK_WINDOW (widget), g_variant_get_string (parameter, NULL), GDK_CURRENT_TIME);
}

static void
fullscreen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_object_set (widget, "fullscreened", !gtk_window_is_fullscreen (GTK_WINDOW (widget)), NULL);
}

static gboolean
dropped_cb (GtkDropTarget *target, const GValue *value, double x, double y, KalonWindow *self)
{
  g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GPtrArray) folders = g_ptr_array_new ();

  for (GSList *link = files; link != NULL; link = link->next)
    {
      const char *path = g_file_peek_path (link->data);

      if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (folders, (char *) path);
    }
  if (folders->len > 0)
    {
      g_ptr_array_add (folders, NULL);
      kalon_window_add_folders (self, (const char *const *) folders->pdata);
      return TRUE;
    }
  kalon_window_show_viewer (self, FALSE);
  if (kalon_search_box_add_files (self->search_box, g_value_get_boxed (value)))
    return TRUE;
  kalon_window_show_message (self, _ ("Drop a picture to search by it, or a folder to add it"));
  return FALSE;
}

void
kalon_window_set_drop_target (KalonWindow *self, GtkDropTarget *target)
{
  gtk_drop_target_set_gtypes (target, (GType[]){ GDK_TYPE_FILE_LIST }, 1);
  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, 0);
}

void
kalon_window_install_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.add-folder", NULL, add_folder_action },
    { "win.search-by-picture", NULL, search_by_picture_action },
    { "win.save-search", NULL, save_search_action },
    { "win.paste-picture", NULL, paste_action },
    { "win.show-all", NULL, show_all_action },
    { "win.refresh", NULL, refresh_action },
    { "win.show-filters", NULL, filters_action },
    { "win.clear-filters", NULL, filters_action },
    { "win.search", NULL, search_action },
    { "win.toggle-aligned", NULL, alignment_action },
    { "win.edit-words", NULL, alignment_action },
    { "win.undo-thumb", NULL, alignment_action },
    { "win.larger", NULL, resize_action },
    { "win.smaller", NULL, resize_action },
    { "win.normal-size", NULL, resize_action },
    { "win.fullscreen", NULL, fullscreen_action },
    { "win.show-view", "s", show_view_action },
    { "win.open-uri", "s", open_uri_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
  /* Not as an accelerator of the application: entries have theirs. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK,
                                       "win.paste-picture", NULL);
  kalon_window_install_picture_actions (widget_class);
  kalon_window_install_library_actions (widget_class);
  kalon_window_install_preferences_actions (widget_class);
}
