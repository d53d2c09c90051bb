/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "aligning/kalon-aligning.h"
#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"
#include "kalon-application-private.h"
#include "rephraser/kalon-rephraser.h"
#include "results/kalon-thumbnail-queue.h"
#include "searcher/kalon-searcher.h"
#include "settings/kalon-settings.h"
#include "window/kalon-ui.h"
#include "window/kalon-window.h"

/* Milliseconds without a change in the folders until they are looked at: files are being copied. */
#define WATCH_DELAY 2000

G_DEFINE_FINAL_TYPE (KalonApplication, kalon_application, ADW_TYPE_APPLICATION)

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  kalon_application_show_about (user_data);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  kalon_window_show_preferences (kalon_application_get_window (user_data), NULL);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window;

  /* Closing keeps the size of the window; quitting alone would not. */
  while ((window = gtk_application_get_active_window (user_data)) != NULL)
    gtk_window_destroy (window);
  /* To stay in the background is for windows that are closed. */
  g_application_quit (user_data);
}

/* What follows the library's folders, with a window or without. */
static void
create_library_services (KalonApplication *self)
{
  g_autofree char *own = self->library_directory != NULL
                             ? g_canonicalize_filename (self->library_directory, NULL)
                             : g_build_filename (g_get_user_data_dir (), "kalon", NULL);
  g_autoptr (KalonWatch) watch = kalon_watch_new (own, KALON_WATCH_MAX_FOLDERS, WATCH_DELAY);

  self->operations = kalon_operations_new ();
  self->indexing_operation = kalon_indexing_operation_new (self->indexing, self->operations);
  self->watching = kalon_watching_new (watch, self->catalogue, self->indexing, self->settings);
  self->staying = kalon_staying_new (G_APPLICATION (self), self->settings,
                                     g_application_get_dbus_connection (G_APPLICATION (self)));
}

static char *
choose (const char *of_command_line, GSettings *settings, const char *key)
{
  g_autofree char *of_settings = g_settings_get_string (settings, key);

  if (of_command_line != NULL)
    return g_strdup (of_command_line);
  return *of_settings != '\0' ? g_steal_pointer (&of_settings) : NULL;
}

/* The one place where services are made. */
static void
create_services (KalonApplication *self)
{
  g_autofree char *model_id = NULL;
  g_autofree char *device_name = NULL;
  g_autofree char *rephrasings = kalon_rephraser_dup_cache_path ();
  KalonModelServices of_model = { 0 };
  g_autoptr (KalonSearcher) searcher = NULL;
  g_autoptr (KalonIndexer) indexer = NULL;
  g_autoptr (KalonAligner) aligner = NULL;

  model_id = choose (self->model_id, self->settings, KALON_SETTING_MODEL);
  device_name = choose (self->device_name, self->settings, KALON_SETTING_DEVICE);
  g_free (self->device_name);
  self->device_name = g_steal_pointer (&device_name);

  self->words = kalon_words_new (self->settings, rephrasings);
  kalon_application_create_model_services (self, model_id, &of_model);
  searcher = of_model.searcher;
  indexer = of_model.indexer;
  aligner = of_model.aligner;
  self->catalogue = kalon_catalogue_new (self->library_directory, self->model_directory);
  self->indexing = kalon_indexing_new (indexer, self->model_problem);
  self->thumbnails = kalon_thumbnail_queue_new_for_library (self->library_directory);
  self->thumbs = kalon_thumbs_new (self->library_directory);
  self->history = kalon_history_new (self->library_directory);
  self->rivals = kalon_rivals_new (self->library_directory, self->device_name,
                                   self->model_directory, searcher);
  self->aligning = kalon_aligning_new (self->library_directory, aligner, self->model_problem);
  self->boards = kalon_boards_new (self->library_directory);
  create_library_services (self);
  self->models = kalon_model_list_new (self->operations);
  self->session = kalon_session_new (&(KalonSessionServices){
      .library_directory = self->library_directory,
      .device_name = self->device_name,
      .settings = self->settings,
      .catalogue = self->catalogue,
      .searcher = searcher,
      .model_id = self->model_name,
      .model_directory = self->model_directory,
      .model_problem = self->model_problem,
      .model_strictness = self->model_strictness,
      .indexing = self->indexing,
      .thumbnails = self->thumbnails,
      .thumbs = self->thumbs,
      .words = self->words,
      .history = self->history,
      .aligning = self->aligning,
      .boards = self->boards,
      .operations = self->operations,
      .watching = self->watching,
      .staying = self->staying,
      .rivals = self->rivals,
      .models = self->models,
      .make_model_services = kalon_application_make_model_services,
      .make_data = self,
  });
  kalon_application_notify_of_jobs (self);
}

KalonSession *
kalon_application_get_session (KalonApplication *self)
{
  if (self->session == NULL)
    create_services (self);
  return self->session;
}

static void
kalon_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (kalon_application_get_window (KALON_APPLICATION (application))));
}

static void
kalon_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  KalonWindow *window = kalon_application_get_window (KALON_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  kalon_window_open_files (window, files, (guint) n_files);
}

static gboolean
kalon_application_dbus_register (GApplication *application, GDBusConnection *bus,
                                 const char *object_path, GError **error)
{
  KalonApplication *self = KALON_APPLICATION (application);

  if (!G_APPLICATION_CLASS (kalon_application_parent_class)
           ->dbus_register (application, bus, object_path, error))
    return FALSE;
  return kalon_application_export_search (self, bus, error);
}

static void
kalon_application_dbus_unregister (GApplication *application, GDBusConnection *bus,
                                   const char *object_path)
{
  g_clear_object (&KALON_APPLICATION (application)->search_provider);
  G_APPLICATION_CLASS (kalon_application_parent_class)
      ->dbus_unregister (application, bus, object_path);
}

static int
kalon_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  KalonApplication *self = KALON_APPLICATION (application);
  const char *words;
  gboolean own = FALSE;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("kalon %s\n", KALON_VERSION);
      return 0;
    }
  own |= g_variant_dict_lookup (options, "library", "^ay", &self->library_directory);
  own |= g_variant_dict_lookup (options, "model", "s", &self->model_id);
  own |= g_variant_dict_lookup (options, "device", "s", &self->device_name);
  if (own)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  if (g_variant_dict_lookup (options, "search", "&s", &words)
      && !kalon_application_pass_words (self, words))
    return 1;
  return -1;
}

static void
kalon_application_startup (GApplication *application)
{
  KalonApplication *self = KALON_APPLICATION (application);
  static const GActionEntry actions[] = {
    { .name = "about", .activate = about_action },
    { .name = "preferences", .activate = preferences_action },
    { .name = "quit", .activate = quit_action },
  };
  static const struct
  {
    const char *action;
    const char *keys[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "app.preferences", { "<Control>comma" } },
    { "window.close", { "<Control>w" } },
    { "win.search", { "<Control>f" } },
    { "win.search-by-picture", { "<Control>i" } },
    { "win.save-search", { "<Control>d" } },
    { "win.show-filters", { "<Control><Shift>f" } },
    { "win.toggle-aligned", { "<Control>e" } },
    { "win.edit-words", { "<Control><Shift>e" } },
    { "win.add-folder", { "<Control>o" } },
    { "win.add-to-board", { "<Control>b" } },
    { "win.rescan", { "F5" } },
    { "win.larger", { "<Control>plus", "<Control>equal" } },
    { "win.smaller", { "<Control>minus" } },
    { "win.normal-size", { "<Control>0" } },
    { "win.fullscreen", { "F11" } },
    { "win.show-view::search", { "<Alt>1" } },
    { "win.show-view::compare", { "<Alt>2" } },
    { "win.show-view::boards", { "<Alt>3" } },
    { "win.show-view::training", { "<Alt>4" } },
    { "win.show-view::label", { "<Alt>5" } },
  };

  kalon_ui_init ();
  G_APPLICATION_CLASS (kalon_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  kalon_application_add_entrances (self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action,
                                           accels[i].keys);
  /* Started for the desktop's search, it may have to do nothing at all. */
  if (g_settings_get_boolean (self->settings, KALON_SETTING_INDEX_IN_BACKGROUND))
    {
      kalon_application_get_session (self);
      kalon_watching_start (self->watching);
    }
}

static void
kalon_application_shutdown (GApplication *application)
{
  KalonApplication *self = KALON_APPLICATION (application);

  g_clear_handle_id (&self->catch_up_id, g_source_remove);
  g_clear_object (&self->watching);
  /* The window is gone; the run ends at its next batch, not in the middle of an OpenCL call. */
  if (self->session != NULL)
    {
      kalon_indexing_stop (self->indexing);
      kalon_aligning_stop (self->aligning);
      while (kalon_indexing_is_running (self->indexing)
             || kalon_aligning_is_running (self->aligning))
        g_main_context_iteration (NULL, TRUE);
    }
  G_APPLICATION_CLASS (kalon_application_parent_class)->shutdown (application);
}

static void
kalon_application_finalize (GObject *object)
{
  KalonApplication *self = KALON_APPLICATION (object);

  g_clear_object (&self->search_provider);
  g_clear_object (&self->session);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->indexing);
  g_clear_object (&self->indexing_operation);
  g_clear_object (&self->operations);
  g_clear_object (&self->staying);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->thumbs);
  g_clear_object (&self->words);
  g_clear_object (&self->history);
  g_clear_object (&self->aligning);
  g_clear_object (&self->boards);
  g_clear_object (&self->rivals);
  g_clear_object (&self->models);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_free (self->library_directory);
  g_free (self->model_id);
  g_free (self->device_name);
  g_free (self->model_name);
  g_free (self->model_directory);
  g_free (self->model_problem);
  G_OBJECT_CLASS (kalon_application_parent_class)->finalize (object);
}

static void
kalon_application_class_init (KalonApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kalon_application_finalize;
  application_class->activate = kalon_application_activate;
  application_class->open = kalon_application_open;
  application_class->dbus_register = kalon_application_dbus_register;
  application_class->dbus_unregister = kalon_application_dbus_unregister;
  application_class->handle_local_options = kalon_application_handle_local_options;
  application_class->startup = kalon_application_startup;
  application_class->shutdown = kalon_application_shutdown;
}

static void
kalon_application_init (KalonApplication *self)
{
  static const GOptionEntry options[] = {
    { "search", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
      N_ ("Search for WORDS, in the window that is open if there is one"), N_ ("WORDS") },
    { "library", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, NULL,
      N_ ("Keep the library in DIR instead of the user's data directory"), N_ ("DIR") },
    { "model", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
      N_ ("Search with the model ID, or the one in a directory"), N_ ("ID") },
    { "device", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
      N_ ("Compute on the OpenCL device NAME, or “none” for plain C"), N_ ("NAME") },
    { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"),
      NULL },
    { NULL },
  };

  self->settings = kalon_settings_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FOLDER|PICTURE…]"));
  g_application_set_option_context_summary (
      G_APPLICATION (self),
      _ ("Finds the picture you meant. Of a FOLDER its pictures are shown, or "
         "it is offered to be added to the library; for a PICTURE those that "
         "are like it are shown."));
}

/* Thumbnails come and go by the thousand, 100 KiB each, made by one thread and freed by another.
 * glibc keeps such holes for ever, in each of many arenas: in two minutes of flinging through
 * 100,000 pictures it held 200 MiB more than was in use (docs/benchmarks.md). */
static void
set_up_allocator (void)
{
#ifdef __GLIBC__
  mallopt (M_ARENA_MAX, 2);
  mallopt (M_MMAP_THRESHOLD, 64 * 1024);
  mallopt (M_TRIM_THRESHOLD, 1024 * 1024);
#endif
}

KalonApplication *
kalon_application_new (void)
{
  set_up_allocator ();
  return g_object_new (KALON_TYPE_APPLICATION, "application-id", KALON_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
