/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "image/kalon-image.h"
#include "window/kalon-window-private.h"

/* What comes from outside: files and folders to open, a picture to show. */

typedef struct
{
  KalonWindow *window;
  GPtrArray *paths;
  GPtrArray *folders; /* links resolved, as the library knows them */
  GPtrArray *pictures;
  char *problem; /* about the last that is neither */
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->window);
  g_ptr_array_unref (opening->paths);
  g_ptr_array_unref (opening->folders);
  g_ptr_array_unref (opening->pictures);
  g_free (opening->problem);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
sort_path (Opening *opening, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *real = realpath (path, NULL);

  if (real == NULL)
    {
      g_free (opening->problem);
      opening->problem = g_strdup_printf ("%s: %s", name, g_strerror (errno));
    }
  else if (g_file_test (real, G_FILE_TEST_IS_DIR))
    g_ptr_array_add (opening->folders, g_strdup (real));
  else if (kalon_image_is_candidate (path))
    g_ptr_array_add (opening->pictures, g_strdup (path));
  else
    {
      g_free (opening->problem);
      opening->problem = g_strdup_printf (_ ("%s is neither a picture nor a folder"), name);
    }
}

/* A path may lie on a drive that takes its time. */
static void
sort_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Opening *opening = task_data;

  for (guint i = 0; i < opening->paths->len; i++)
    sort_path (opening, g_ptr_array_index (opening->paths, i));
  g_task_return_boolean (task, TRUE);
}

static void
offer_answered_cb (AdwMessageDialog *dialog, const char *response, KalonWindow *self)
{
  if (g_str_equal (response, "add"))
    kalon_window_add_folders (self, g_object_get_data (G_OBJECT (dialog), "folders"));
}

static void
offer_folders (KalonWindow *self, GStrv folders)
{
  guint n = g_strv_length (folders);
  g_autofree char *name = g_filename_display_basename (folders[0]);
  g_autofree char *heading = NULL;
  GtkWidget *dialog;

  heading = n == 1 ? g_strdup_printf (_ ("Add “%s” to the Library?"), name)
                   : g_strdup_printf (ngettext ("Add %u Folder to the Library?",
                                                "Add %u Folders to the Library?", n),
                                      n);
  dialog = adw_message_dialog_new (
      GTK_WINDOW (self), heading,
      _ ("Kalon will look at each picture in it and below it, so that you can search for them. "
         "The files stay where they are, as they are."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "add",
                                    _ ("_Add"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "add",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "add");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "folders", g_strdupv (folders),
                          (GDestroyNotify) g_strfreev);
  g_signal_connect_object (dialog, "response", G_CALLBACK (offer_answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
is_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0
         && (path[length] == '/' || path[length] == '\0' || g_str_has_suffix (folder, "/"));
}

static gboolean
has_folder (const KalonCatalogueState *state, const char *path)
{
  for (guint i = 0; i < state->folders->len; i++)
    if (is_below (path, ((const KalonFolder *) g_ptr_array_index (state->folders, i))->path))
      return TRUE;
  return FALSE;
}

/* What is in them and below, and nothing else. */
static void
show_folders (KalonWindow *self, const char *const *paths)
{
  g_autoptr (KalonFilter) none = kalon_filter_parse ("", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonFilter) filter
      = kalon_filter_with_values (none, KALON_FILTER_FOLDER, paths, NULL, &error);

  if (filter == NULL)
    {
      kalon_window_show_message (self, error->message);
      return;
    }
  kalon_window_show_view (self, KALON_VIEW_SEARCH);
  kalon_window_search_all (self, "");
  kalon_search_set_filter (self->search, filter);
}

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  KalonWindow *self = opening->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonCatalogueState) state
      = kalon_catalogue_get_state_finish (KALON_CATALOGUE (object), result, &error);
  g_autoptr (GStrvBuilder) new_folders = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) known_folders = g_strv_builder_new ();
  g_auto (GStrv) offered = NULL;
  g_auto (GStrv) shown = NULL;

  if (state == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        kalon_window_show_message (self, error->message);
      return;
    }
  for (guint i = 0; i < opening->folders->len; i++)
    {
      const char *path = g_ptr_array_index (opening->folders, i);

      g_strv_builder_add (has_folder (state, path) ? known_folders : new_folders, path);
    }
  shown = g_strv_builder_end (known_folders);
  offered = g_strv_builder_end (new_folders);
  if (shown[0] != NULL)
    show_folders (self, (const char *const *) shown);
  if (offered[0] != NULL)
    offer_folders (self, offered);
}

static void
sorted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  KalonWindow *self = opening->window;

  /* Closed meanwhile. */
  if (self->session == NULL)
    return;
  if (opening->problem != NULL)
    kalon_window_show_message (self, opening->problem);
  if (opening->pictures->len > 0)
    {
      g_ptr_array_add (opening->pictures, NULL);
      kalon_search_set_filter (self->search, NULL);
      kalon_window_search_pictures (self, (const char *const *) opening->pictures->pdata);
    }
  if (opening->folders->len > 0)
    kalon_catalogue_get_state_async (self->catalogue, self->cancellable, state_cb,
                                     g_steal_pointer (&opening));
}

void
kalon_window_open_files (KalonWindow *self, GFile *const *files, guint n_files)
{
  Opening *opening;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KALON_IS_WINDOW (self));

  opening = g_new0 (Opening, 1);
  opening->window = g_object_ref (self);
  opening->paths = g_ptr_array_new_with_free_func (g_free);
  opening->folders = g_ptr_array_new_with_free_func (g_free);
  opening->pictures = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_files; i++)
    {
      if (g_file_peek_path (files[i]) != NULL)
        g_ptr_array_add (opening->paths, g_file_get_path (files[i]));
      else
        {
          g_autofree char *name = g_file_get_parse_name (files[i]);

          g_free (opening->problem);
          opening->problem = g_strdup_printf (_ ("%s is not a place on this computer"), name);
        }
    }
  task = g_task_new (NULL, NULL, sorted_cb, opening);
  g_task_set_source_tag (task, kalon_window_open_files);
  g_task_set_task_data (task, opening, NULL);
  g_task_run_in_thread (task, sort_in_thread);
}

/* A picture is opened where it stands in the results for the words it was found by; where they have
 * changed since so that it is not among them, among all pictures. */

static void
stop_waiting (KalonWindow *self)
{
  self->awaited_picture = 0;
  g_clear_pointer (&self->awaited_words, g_free);
}

void
kalon_window_follow_awaited_picture (KalonWindow *self)
{
  KalonResultsModel *model = kalon_search_get_model (self->search);
  guint position;

  if (self->awaited_picture == 0)
    return;
  /* Something else was asked for meanwhile. */
  if (!g_str_equal (kalon_search_get_text (self->search), self->awaited_words))
    stop_waiting (self);
  else if (kalon_search_is_busy (self->search)
           || kalon_search_get_state (self->search) == KALON_SEARCH_LOADING)
    return;
  else if (kalon_results_model_find (model, self->awaited_picture, &position))
    {
      stop_waiting (self);
      kalon_window_open_picture (self, model, position);
    }
  else if (kalon_search_has_query (self->search))
    {
      g_free (self->awaited_words);
      self->awaited_words = g_strdup ("");
      kalon_search_box_clear (self->search_box);
    }
  else
    {
      stop_waiting (self);
      kalon_window_show_message (self, _ ("The picture is no longer in the library."));
    }
}

void
kalon_window_search_all (KalonWindow *self, const char *words)
{
  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (words != NULL);

  kalon_search_set_filter (self->search, NULL);
  kalon_search_box_clear (self->search_box);
  kalon_window_search (self, words);
}

void
kalon_window_show_picture (KalonWindow *self, const char *words, gint64 picture)
{
  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (words != NULL);

  stop_waiting (self);
  kalon_window_show_view (self, KALON_VIEW_SEARCH);
  kalon_window_search_all (self, words);
  self->awaited_picture = picture;
  self->awaited_words = g_strdup (kalon_search_get_text (self->search));
  kalon_window_follow_awaited_picture (self);
}
