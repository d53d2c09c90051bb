/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "indexing/kalon-excludes-window.h"
#include "indexing/kalon-failures-window.h"
#include "indexing/kalon-progress-text.h"
#include "window/kalon-window-private.h"

/* While indexing, how often what is on screen follows the catalogue. */
#define CHECK_INTERVAL (2 * G_USEC_PER_SEC)

/* Seconds in which a folder's removal can be taken back. */
#define UNDO_TIME 10

static void
state_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KalonWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  KalonCatalogueState *state
      = kalon_catalogue_get_state_finish (KALON_CATALOGUE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->state, kalon_catalogue_state_free);
  g_clear_pointer (&self->state_problem, g_free);
  self->state = state;
  if (state == NULL)
    self->state_problem = g_strdup (error->message);
  kalon_window_update (self);
}

void
kalon_window_load_state (KalonWindow *self)
{
  kalon_catalogue_get_state_async (self->catalogue, self->cancellable, state_cb,
                                   g_object_ref (self));
}

static void
catalogue_changed_cb (KalonWindow *self)
{
  kalon_window_load_state (self);
  /* Results that one looks at do not move about while indexing goes on. */
  if (!kalon_search_has_query (self->search) || !kalon_indexing_is_running (self->indexing)
      || g_list_model_get_n_items (G_LIST_MODEL (kalon_search_get_model (self->search))) == 0)
    kalon_search_refresh (self->search);
}

static void
indexing_changed_cb (KalonWindow *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean running = kalon_indexing_is_running (self->indexing);

  if (running == self->was_running)
    kalon_window_update_progress (self);
  else
    kalon_window_update (self);
  self->was_running = running;
  if (now - self->checked_at < CHECK_INTERVAL)
    return;
  self->checked_at = now;
  kalon_catalogue_check (self->catalogue);
}

static void
show_outcome (KalonWindow *self, const KalonIndexerProgress *progress)
{
  g_autofree char *text = kalon_outcome_to_text (progress);
  AdwToast *toast = adw_toast_new (text);

  if (progress->failed > 0)
    {
      adw_toast_set_button_label (toast, _ ("_Show"));
      adw_toast_set_action_name (toast, "win.show-failures");
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void leave (KalonWindow *self, const char *path);

/* A run was in their way. */
static void
leave_now (KalonWindow *self)
{
  GHashTableIter iter;
  gpointer path, toast;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &path, &toast))
    if (toast == NULL)
      leave (self, path);
}

static void
indexing_finished_cb (KalonWindow *self, const GError *error)
{
  const KalonIndexerProgress *progress = kalon_indexing_get_progress (self->indexing);
  gboolean quiet = kalon_indexing_is_quiet (self->indexing);

  kalon_window_load_state (self);
  leave_now (self);
  if (error != NULL)
    {
      kalon_window_show_message (self, error->message);
      return;
    }
  if (progress->updated > 0)
    kalon_thumbnail_queue_refresh (self->thumbnails);
  if (!quiet || progress->added + progress->updated + progress->renamed + progress->removed > 0)
    kalon_search_refresh (self->search);
  if (!quiet)
    show_outcome (self, progress);
}

void
kalon_window_add_folders (KalonWindow *self, const char *const *paths)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  g_return_if_fail (KALON_IS_WINDOW (self));
  g_return_if_fail (paths != NULL);

  for (const char *const *path = paths; *path != NULL; path++)
    {
      if (g_file_test (*path, G_FILE_TEST_IS_DIR))
        g_strv_builder_add (folders, *path);
      else
        {
          g_autofree char *name = g_filename_display_name (*path);
          g_autofree char *text = g_strdup_printf (_ ("%s is not a folder"), name);

          kalon_window_show_message (self, text);
        }
    }
  all = g_strv_builder_end (folders);
  /* No folder at all would mean to scan the library's own. */
  if (all[0] != NULL)
    kalon_indexing_start (self->indexing, (const char *const *) all);
}

static void
rescan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_indexing_start (KALON_WINDOW (widget)->indexing, (const char *const[]){ NULL });
}

static void
index_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *const paths[] = { g_variant_get_bytestring (parameter), NULL };

  kalon_window_add_folders (KALON_WINDOW (widget), paths);
}

static void
open_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *uri = g_filename_to_uri (g_variant_get_bytestring (parameter), NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

static void
excludes_changed_cb (KalonExcludesWindow *window, KalonWindow *self)
{
  const char *folder = g_object_get_data (G_OBJECT (window), "folder");

  kalon_indexing_start (self->indexing, (const char *const[]){ folder, NULL });
}

static void
edit_excludes_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);
  const char *path = g_variant_get_bytestring (parameter);
  const char *folder = *path != '\0' ? path : NULL;
  KalonExcludesWindow *window
      = kalon_excludes_window_new (GTK_WINDOW (widget), self->catalogue, folder);

  g_object_set_data_full (G_OBJECT (window), "folder", g_strdup (folder), g_free);
  g_signal_connect_object (window, "changed", G_CALLBACK (excludes_changed_cb), self, 0);
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_failures_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (
      kalon_failures_window_new (GTK_WINDOW (widget), self->catalogue, self->indexing)));
}

static void
show_library_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kalon_library_button_popup (KALON_WINDOW (widget)->library_button);
}

/* Removing a folder forgets its embeddings, which took their time: it happens when it can no longer
 * be taken back. In ->leaving a folder has the toast that can; NULL when that is over. */

typedef struct
{
  KalonWindow *window;
  char *path;
} Leave;

static void
left_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Leave *left = user_data;
  KalonWindow *self = left->window;
  g_autoptr (GError) error = NULL;

  if (!kalon_catalogue_remove_folder_finish (KALON_CATALOGUE (object), result, &error)
      && self->session != NULL)
    kalon_window_show_message (self, error->message);
  g_hash_table_remove (self->leaving, left->path);
  if (self->session != NULL)
    kalon_window_load_state (self);
  g_object_unref (self);
  g_free (left->path);
  g_free (left);
}

static void
leave (KalonWindow *self, const char *path)
{
  Leave *left;

  if (kalon_indexing_is_running (self->indexing))
    return;
  left = g_new (Leave, 1);
  *left = (Leave){ g_object_ref (self), g_strdup (path) };
  kalon_catalogue_remove_folder_async (self->catalogue, path, NULL, left_cb, left);
}

static void
dismissed_cb (KalonWindow *self, AdwToast *toast)
{
  const char *path = g_object_get_data (G_OBJECT (toast), "path");

  if (self->session == NULL || g_hash_table_lookup (self->leaving, path) != toast)
    return;
  g_hash_table_insert (self->leaving, g_strdup (path), NULL);
  leave (self, path);
}

static char *
describe_leaving (KalonWindow *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename (path);

  for (guint i = 0; self->state != NULL && i < self->state->folders->len; i++)
    {
      const KalonFolder *folder = g_ptr_array_index (self->state->folders, i);
      g_autofree char *count = kalon_count_to_text (folder->counts.indexed);

      if (g_str_equal (folder->path, path))
        return g_strdup_printf (ngettext ("“%s” leaves the library with %s indexed picture",
                                          "“%s” leaves the library with %s indexed pictures",
                                          folder->counts.indexed),
                                name, count);
    }
  return g_strdup_printf (_ ("“%s” leaves the library"), name);
}

static void
remove_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);
  const char *path = g_variant_get_bytestring (parameter);
  g_autofree char *title = describe_leaving (self, path);
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  AdwToast *toast;

  if (g_hash_table_contains (self->leaving, path))
    return;
  toast = adw_toast_new (escaped);
  adw_toast_set_timeout (toast, UNDO_TIME);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.keep-folder");
  adw_toast_set_action_target_value (toast, parameter);
  g_object_set_data_full (G_OBJECT (toast), "path", g_strdup (path), g_free);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->leaving, g_strdup (path), toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
  kalon_window_update (self);
}

static void
keep_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KalonWindow *self = KALON_WINDOW (widget);

  g_hash_table_remove (self->leaving, g_variant_get_bytestring (parameter));
  kalon_window_update (self);
}

static void
left_at_end_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplication) application = user_data;
  g_autoptr (GError) error = NULL;

  if (!kalon_catalogue_remove_folder_finish (KALON_CATALOGUE (object), result, &error))
    g_message ("%s", error->message);
  if (application != NULL)
    g_application_release (application);
}

void
kalon_window_leave_all (KalonWindow *self)
{
  GApplication *application = g_application_get_default ();
  GHashTableIter iter;
  gpointer path, toast;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &path, &toast))
    {
      if (toast == NULL && !kalon_indexing_is_running (self->indexing))
        continue;
      /* It would be in the way, and goes on where it was. */
      kalon_indexing_stop (self->indexing);
      if (application != NULL)
        g_application_hold (application);
      kalon_catalogue_remove_folder_async (self->catalogue, path, NULL, left_at_end_cb,
                                           application != NULL ? g_object_ref (application) : NULL);
    }
  g_hash_table_remove_all (self->leaving);
}

static void
update_background (KalonWindow *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);

  if (services->staying != NULL)
    kalon_library_button_set_background_problem (self->library_button,
                                                 kalon_staying_get_problem (services->staying));
}

void
kalon_window_connect_library (KalonWindow *self)
{
  const KalonSessionServices *services = kalon_session_get_services (self->session);

  kalon_library_button_set_sources (self->library_button, self->settings, self->watching);
  kalon_operations_button_set_operations (self->operations_button, services->operations);
  g_signal_connect_object (self->operations_button, "notify::visible",
                           G_CALLBACK (kalon_window_update_status_bar), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->catalogue, "changed", G_CALLBACK (catalogue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->indexing, "changed", G_CALLBACK (indexing_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->indexing, "finished", G_CALLBACK (indexing_finished_cb), self,
                           G_CONNECT_SWAPPED);
  /* A drive came or went. */
  if (self->watching != NULL)
    g_signal_connect_object (self->watching, "changed", G_CALLBACK (kalon_window_load_state), self,
                             G_CONNECT_SWAPPED);
  if (services->staying != NULL)
    g_signal_connect_object (services->staying, "changed", G_CALLBACK (update_background), self,
                             G_CONNECT_SWAPPED);
  update_background (self);
}

void
kalon_window_install_library_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.rescan", NULL, rescan_action },
    { "win.index-folder", "ay", index_folder_action },
    { "win.open-folder", "ay", open_folder_action },
    { "win.edit-excludes", "ay", edit_excludes_action },
    { "win.remove-folder", "ay", remove_folder_action },
    { "win.keep-folder", "ay", keep_folder_action },
    { "win.show-failures", NULL, show_failures_action },
    { "win.show-library", NULL, show_library_action },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
