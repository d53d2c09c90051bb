/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>

#include "display.h"
#include "indexer/kalon-indexer.h"
#include "kalon-application.h"
#include "kalon-search-provider.h"
#include "searcher/kalon-searcher.h"
#include "window/kalon-window-private.h"

/* The program among others: on a session bus of its own, where it is started by D-Bus, asked by a
 * shell, and called a second time. */

#define NAME "io.github.kalon_project.Kalon"
#define N_PICTURES 12

static char *directory; /* of the test: everything below */
static char *pictures;
static char *program;
static GStrv expected; /* ids of what is found, best first */

static char *
dup_model (void)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "reference", "models", "quick-gelu-p16-f32",
                           NULL);
}

static void
write_settings (gboolean shell_search)
{
  g_autofree char *folder
      = g_build_filename (g_get_user_config_dir (), "glib-2.0", "settings", NULL);
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *model = dup_model ();
  /* Random weights: a cut would be left to chance. */
  g_autofree char *text = g_strdup_printf ("[io/github/kalon_project/Kalon]\n"
                                           "model='%s'\ndevice='none'\nstrictness=0\n"
                                           "rephrase-style='original'\nshell-search=%s\n",
                                           model, shell_search ? "true" : "false");

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
write_service (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, NAME ".service", NULL);
  g_autofree char *text = g_strdup_printf (
      "[D-BUS Service]\nName=" NAME "\nExec=%s --gapplication-service\n", program);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
make_library (void)
{
  g_autofree char *model = dup_model ();
  g_autoptr (KalonIndexer) indexer = kalon_indexer_new (NULL, model, "none");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (pictures, 0700), ==, 0);
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("picture %02u.png", i);

      display_write_picture (pictures, name, (guint8) (i * 20), (guint8) (i * i * 3),
                             (guint8) (i * 7));
    }
  kalon_indexer_run (indexer, (const char *const[]){ pictures, NULL }, NULL, NULL, NULL, NULL,
                     &error);
  g_assert_no_error (error);
}

/* What every search for “red square” must find. */
static GStrv
list_expected (void)
{
  g_autofree char *model = dup_model ();
  g_autoptr (KalonSearcher) searcher = kalon_searcher_new (NULL, model, "none");
  g_autoptr (KalonQuery) query = kalon_query_new ();
  g_autoptr (KalonResults) results = NULL;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GError) error = NULL;

  kalon_query_add_term (query, KALON_TERM_TEXT, "red square", 1);
  results = kalon_searcher_search (searcher, query, NULL, &error);
  g_assert_no_error (error);
  /* Near-duplicates are folded. */
  g_assert_cmpuint (results->results->len, >, 4);
  for (guint i = 0; i < results->results->len; i++)
    {
      g_autofree char *id = g_strdup_printf (
          "%" G_GINT64_FORMAT, g_array_index (results->results, KalonResult, i).picture);

      g_strv_builder_add (ids, id);
    }
  return g_strv_builder_end (ids);
}

/* Another program on the bus: a shell. */

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_sync (
      g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);

  g_assert_no_error (error);
  return bus;
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GVariant **answer = user_data;
  g_autoptr (GError) error = NULL;

  *answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_assert_no_error (error);
}

/* (transfer full): while our own main loop runs, for the one who answers may be we. */
static GVariant *
call (GDBusConnection *bus, const char *name, const char *path, const char *interface,
      const char *method, GVariant *parameters)
{
  GVariant *answer = NULL;

  g_dbus_connection_call (bus, name, path, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, 60000, NULL, answered_cb, &answer);
  wait_until (answer != NULL);
  return answer;
}

static GVariant *
ask (GDBusConnection *bus, const char *method, GVariant *parameters)
{
  return call (bus, NAME, KALON_SEARCH_PROVIDER_PATH, "org.gnome.Shell.SearchProvider2", method,
               parameters);
}

/* (transfer full) */
static GStrv
find (GDBusConnection *bus, const char *first, const char *second)
{
  const char *const terms[] = { first, second, NULL };
  g_autoptr (GVariant) answer = ask (bus, "GetInitialResultSet", g_variant_new ("(^as)", terms));
  GStrv ids;

  g_variant_get (answer, "(^as)", &ids);
  return ids;
}

static int
get_pid (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer
      = call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
              "GetConnectionUnixProcessID", g_variant_new ("(s)", NAME));
  guint32 pid;

  g_variant_get (answer, "(u)", &pid);
  return (int) pid;
}

static gboolean
is_running (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer
      = call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
              "NameHasOwner", g_variant_new ("(s)", NAME));
  gboolean has;

  g_variant_get (answer, "(b)", &has);
  return has;
}

static void
end_service (GDBusConnection *bus)
{
  g_assert_cmpint (kill (get_pid (bus), SIGTERM), ==, 0);
  wait_until (!is_running (bus));
}

/* GTK exports the actions of each window. */
static gboolean
has_window (GDBusConnection *bus)
{
  g_autoptr (GVariant) answer = call (bus, NAME, "/io/github/kalon_project/Kalon/window",
                                      "org.freedesktop.DBus.Introspectable", "Introspect", NULL);
  const char *xml;

  g_variant_get (answer, "(&s)", &xml);
  return strstr (xml, "<node name=\"1\"") != NULL;
}

static gboolean
has_open (int pid, const char *part)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/fd", pid);
  g_autofree char *maps_path = g_strdup_printf ("/proc/%d/maps", pid);
  g_autofree char *maps = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target != NULL && strstr (target, part) != NULL)
        return TRUE;
    }
  g_assert_true (g_file_get_contents (maps_path, &maps, NULL, NULL));
  return strstr (maps, part) != NULL;
}

/* A desktop that shows notifications. */

typedef struct
{
  guint n;
  char *id;
  GVariant *content;
} Shown;

static Shown shown;

static void
notified_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
             gpointer user_data)
{
  if (g_str_equal (method, "AddNotification"))
    {
      g_clear_pointer (&shown.id, g_free);
      g_clear_pointer (&shown.content, g_variant_unref);
      g_variant_get (parameters, "(ss@a{sv})", NULL, &shown.id, &shown.content);
      shown.n++;
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* (transfer full): before the first notification, for GIO looks once. */
static GDBusConnection *
start_desktop (void)
{
  static const GDBusInterfaceVTable functions = { .method_call = notified_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
      "<node><interface name='org.gtk.Notifications'>"
      "<method name='AddNotification'><arg type='s' direction='in'/>"
      "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
      "<method name='RemoveNotification'><arg type='s' direction='in'/>"
      "<arg type='s' direction='in'/></method></interface></node>",
      NULL);
  GDBusConnection *bus = connect_to_bus ();

  g_assert_cmpuint (g_dbus_connection_register_object (bus, "/org/gtk/Notifications",
                                                       node->interfaces[0], &functions, NULL, NULL,
                                                       NULL),
                    !=, 0);
  g_variant_unref (call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                         "org.freedesktop.DBus", "RequestName",
                         g_variant_new ("(su)", "org.gtk.Notifications", (guint32) 0)));
  return bus;
}

/* Started by D-Bus */

static void
test_service_off (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  g_auto (GStrv) ids = NULL;
  g_autoptr (GVariant) metas = NULL;
  g_autoptr (GVariant) all = NULL;

  write_settings (FALSE);
  g_assert_false (is_running (bus));
  ids = find (bus, "red", "square");
  g_assert_cmpuint (g_strv_length (ids), ==, 0);
  metas = ask (bus, "GetResultMetas", g_variant_new ("(^as)", (const char *const[]){ "1", NULL }));
  all = g_variant_get_child_value (metas, 0);
  g_assert_cmpuint (g_variant_n_children (all), ==, 0);

  /* Nothing was read for it, no driver loaded, nothing shown. */
  g_assert_false (has_open (get_pid (bus), "catalogue.db"));
  g_assert_false (has_open (get_pid (bus), "libpocl"));
  g_assert_false (has_window (bus));
  end_service (bus);
}

static void
check_metas (GDBusConnection *bus, GStrv ids)
{
  g_autoptr (GVariant) answer = ask (bus, "GetResultMetas", g_variant_new ("(^as)", ids));
  g_autoptr (GVariant) metas = g_variant_get_child_value (answer, 0);

  g_assert_cmpuint (g_variant_n_children (metas), ==, g_strv_length (ids));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (GVariant) meta = g_variant_get_child_value (metas, i);
      g_autoptr (GVariant) serialized = g_variant_lookup_value (meta, "icon", NULL);
      g_autoptr (GIcon) icon = g_icon_deserialize (serialized);
      g_autofree char *path = NULL;
      const char *text;

      g_assert_true (g_variant_lookup (meta, "id", "&s", &text));
      g_assert_cmpstr (text, ==, ids[i]);
      g_assert_true (g_variant_lookup (meta, "name", "&s", &text));
      g_assert_true (g_str_has_prefix (text, "picture ") && g_str_has_suffix (text, ".png"));
      g_assert_true (g_variant_lookup (meta, "description", "&s", &text));
      g_assert_true (g_str_has_suffix (text, "/pictures"));
      g_assert_true (G_IS_FILE_ICON (icon));
      path = g_file_get_path (g_file_icon_get_file (G_FILE_ICON (icon)));
      g_assert_nonnull (strstr (path, "/thumbnails/"));
      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
}

static void
test_service_on (void)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  g_auto (GStrv) ids = NULL;
  g_auto (GStrv) letter = NULL;
  g_auto (GStrv) character = NULL;
  g_auto (GStrv) other = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) none = NULL;
  g_autoptr (GVariant) metas = NULL;
  const char *const gone[] = { "999999", "no number", NULL };
  const char *const terms[] = { "red", "square", NULL };

  write_settings (TRUE);
  ids = find (bus, "red", "square");
  g_assert_cmpstrv (ids, expected);
  check_metas (bus, ids);
  letter = find (bus, "r", NULL);
  g_assert_cmpuint (g_strv_length (letter), ==, 0);
  character = find (bus, "湖", NULL);
  g_assert_cmpuint (g_strv_length (character), ==, g_strv_length (expected));

  /* A further word asks anew, not among the first results. */
  answer = ask (bus, "GetSubsearchResultSet",
                g_variant_new ("(^as^as)", (const char *const[]){ ids[0], NULL }, terms));
  g_variant_get (answer, "(^as)", &other);
  g_assert_cmpstrv (other, expected);

  none = ask (bus, "GetResultMetas", g_variant_new ("(^as)", gone));
  metas = g_variant_get_child_value (none, 0);
  g_assert_cmpuint (g_variant_n_children (metas), ==, 0);

  g_assert_true (has_open (get_pid (bus), "catalogue.db"));
  g_assert_false (has_open (get_pid (bus), "libpocl"));
  g_assert_false (has_window (bus));

  g_variant_unref (
      ask (bus, "ActivateResult", g_variant_new ("(s^asu)", ids[1], terms, (guint32) 0)));
  wait_until (has_window (bus));
  end_service (bus);
}

/* As fast as one types: each question is answered, the last one in full. */
static void
test_service_overtaken (void)
{
  static const char *const words[] = { "re", "red", "red s", "red square" };
  g_autoptr (GDBusConnection) bus = connect_to_bus ();
  GVariant *answers[G_N_ELEMENTS (words)] = { NULL };

  write_settings (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_dbus_connection_call (
        bus, NAME, KALON_SEARCH_PROVIDER_PATH, "org.gnome.Shell.SearchProvider2",
        "GetInitialResultSet", g_variant_new ("(^as)", (const char *const[]){ words[i], NULL }),
        G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, 60000, NULL, answered_cb, &answers[i]);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_auto (GStrv) ids = NULL;

      wait_until (answers[i] != NULL);
      g_variant_get (answers[i], "(^as)", &ids);
      if (i == G_N_ELEMENTS (words) - 1)
        g_assert_cmpstrv (ids, expected);
      g_variant_unref (answers[i]);
    }
  end_service (bus);
}

/* In this process, so that its window can be looked into */

typedef struct
{
  KalonApplication *application;
  GDBusConnection *bus; /* the other program's */
} Fixture;

static KalonWindow *
get_window (Fixture *fixture)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (fixture->application));

  for (GList *link = windows; link != NULL; link = link->next)
    if (KALON_IS_WINDOW (link->data))
      return link->data;
  return NULL;
}

typedef struct
{
  Fixture fixture;
  void (*func) (Fixture *fixture);
} Run;

static gboolean
run_cb (gpointer user_data)
{
  Run *run = user_data;

  run->func (&run->fixture);
  g_action_group_activate_action (G_ACTION_GROUP (run->fixture.application), "quit", NULL);
  return G_SOURCE_REMOVE;
}

/* As a service, for nothing is to be there before it is asked for. */
static void
run_inside (gconstpointer func)
{
  const char *arguments[] = { "kalon", "--gapplication-service", NULL };
  Run run = { .func = func };

  write_settings (TRUE);
  run.fixture.bus = connect_to_bus ();
  run.fixture.application = kalon_application_new ();
  g_application_hold (G_APPLICATION (run.fixture.application));
  g_idle_add (run_cb, &run);
  g_assert_cmpint (
      g_application_run (G_APPLICATION (run.fixture.application), 2, (char **) arguments), ==, 0);
  display_finalize (run.fixture.application);
  g_assert_false (is_running (run.fixture.bus));
  g_object_unref (run.fixture.bus);
}

/* The same program again; its only work is to call the first. */
static void
run_again (const char *first, const char *second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, first, second, NULL);

  g_assert_no_error (error);
  wait_until (g_subprocess_get_identifier (process) == NULL);
  g_assert_true (g_subprocess_get_successful (process));
}

static void
test_search_option (Fixture *fixture)
{
  KalonWindow *window;

  g_assert_null (get_window (fixture));
  run_again ("--search", "a lake");
  wait_until (get_window (fixture) != NULL);
  window = get_window (fixture);
  wait_until (g_str_equal (kalon_search_get_text (window->search), "a lake"));
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);
  run_again ("--search", "a red square");
  wait_until (g_str_equal (kalon_search_get_text (window->search), "a red square"));
  g_assert_true (get_window (fixture) == window);
}

static void
test_activate_result (Fixture *fixture)
{
  const char *const terms[] = { "red", "square", NULL };
  g_auto (GStrv) ids = find (fixture->bus, terms[0], terms[1]);
  KalonWindow *window;
  KalonResultsModel *model;
  guint position;

  g_assert_null (get_window (fixture));
  g_assert_cmpstrv (ids, expected);
  g_variant_unref (
      ask (fixture->bus, "ActivateResult", g_variant_new ("(s^asu)", ids[3], terms, (guint32) 0)));
  wait_until ((window = get_window (fixture)) != NULL);
  wait_until (g_strcmp0 (gtk_stack_get_visible_child_name (window->pages), "viewer") == 0);
  model = kalon_search_get_model (window->search);
  g_assert_cmpstr (kalon_search_get_text (window->search), ==, "red square");
  g_assert_true (kalon_viewer_get_position (window->viewer, &position));
  g_assert_cmpint (kalon_results_model_get_picture_id (model, position), ==,
                   g_ascii_strtoll (ids[3], NULL, 10));

  /* Away from the viewer for another search. */
  g_variant_unref (
      ask (fixture->bus, "LaunchSearch",
           g_variant_new ("(^asu)", (const char *const[]){ "blue", NULL }, (guint32) 0)));
  wait_until (g_str_equal (kalon_search_get_text (window->search), "blue"));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "search");

  /* One that is not there is told of. */
  g_variant_unref (ask (fixture->bus, "ActivateResult",
                        g_variant_new ("(s^asu)", "999999", terms, (guint32) 0)));
  wait_until (window->awaited_picture == 0);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (window->pages), ==, "search");
}

static AdwMessageDialog *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_visible (GTK_WIDGET (window)))
        return ADW_MESSAGE_DIALOG (window);
    }
  return NULL;
}

static guint
count_shown (KalonWindow *window)
{
  return g_list_model_get_n_items (G_LIST_MODEL (kalon_search_get_model (window->search)));
}

static gboolean
searches_picture (KalonWindow *window, const char *path)
{
  const KalonQuestion *question = kalon_search_get_question (window->search);
  const KalonTerm *term = question->terms->len == 1 ? question->terms->pdata[0] : NULL;

  return term != NULL && term->kind == KALON_TERM_PICTURE && g_str_equal (term->value, path)
         && question->filter[0] == '\0' && question->text[0] == '\0';
}

static void
test_open (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (directory, "more", NULL);
  g_autofree char *picture = g_build_filename (folder, "new.png", NULL);
  KalonWindow *window;
  AdwMessageDialog *dialog;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  display_write_picture (folder, "new.png", 9, 200, 99);

  /* What the library has is shown. */
  run_again (pictures, NULL);
  wait_until ((window = get_window (fixture)) != NULL);
  wait_until (kalon_search_get_filter (window->search) != NULL);
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_BROWSING);
  g_assert_cmpuint (count_shown (window), ==, N_PICTURES);
  g_assert_null (find_dialog ());

  run_again (picture, NULL);
  wait_until (searches_picture (window, picture));
  wait_until (kalon_search_get_state (window->search) == KALON_SEARCH_RESULTS);

  /* “Cancel” leaves the library as it is. */
  run_again (folder, NULL);
  wait_until ((dialog = find_dialog ()) != NULL);
  g_assert_nonnull (strstr (adw_message_dialog_get_heading (dialog), "“more”"));
  gtk_window_close (GTK_WINDOW (dialog));
  wait_until (find_dialog () == NULL);
  g_assert_false (kalon_indexing_is_running (window->indexing));

  run_again (folder, NULL);
  wait_until ((dialog = find_dialog ()) != NULL);
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "add");
  gtk_widget_activate_default (GTK_WIDGET (dialog));
  wait_until (window->state->counts.pictures == N_PICTURES + 1);
  wait_until (!kalon_indexing_is_running (window->indexing));

  run_again (folder, NULL);
  wait_until (kalon_search_get_filter (window->search) != NULL && count_shown (window) == 1);
  run_again ("--search", "");
  wait_until (kalon_search_get_filter (window->search) == NULL
              && count_shown (window) == N_PICTURES + 1);
}

static void
test_actions (Fixture *fixture)
{
  static const char *const names[] = { "add-folder", "search-by-picture" };
  GActionGroup *actions = G_ACTION_GROUP (fixture->application);
  KalonWindow *window;

  /* As the desktop file's actions arrive. */
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_variant_unref (call (fixture->bus, NAME, "/io/github/kalon_project/Kalon",
                             "org.freedesktop.Application", "ActivateAction",
                             g_variant_new_parsed ("(%s, @av [], @a{sv} {})", names[i])));
      wait_until ((window = get_window (fixture)) != NULL && window->chooser != NULL);
      gtk_native_dialog_destroy (window->chooser);
      g_clear_object (&window->chooser);
    }
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  g_action_group_activate_action (actions, "show-window", NULL);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (window)));
}

static void
test_download_notified (Fixture *fixture)
{
  const guint n = shown.n;
  KalonModelList *models;
  g_autoptr (KalonModelItem) item = NULL;
  const char *text;

  g_application_activate (G_APPLICATION (fixture->application));
  gtk_widget_set_visible (GTK_WIDGET (get_window (fixture)), FALSE);
  models = kalon_session_get_services (get_window (fixture)->session)->models;
  kalon_model_list_refresh (models);
  wait_until (g_list_model_get_n_items (kalon_model_list_get_available (models)) > 0);
  item = g_list_model_get_item (kalon_model_list_get_available (models), 0);
  /* As at the end of one. */
  g_signal_emit_by_name (models, "downloaded", item);
  wait_until (shown.n == n + 1);
  g_assert_cmpstr (shown.id, ==, "downloaded");
  g_assert_true (g_variant_lookup (shown.content, "body", "&s", &text));
  g_assert_nonnull (strstr (text, kalon_model_item_get_id (item)));
}

static void
test_notification (Fixture *fixture)
{
  const guint n = shown.n;
  const char *text;
  g_autoptr (GVariant) buttons = NULL;
  g_autoptr (GVariant) button = NULL;
  KalonWindow *window;

  g_application_activate (G_APPLICATION (fixture->application));
  window = get_window (fixture);
  /* Nobody looks at it. */
  gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
  wait_until (!gtk_window_is_active (GTK_WINDOW (window)));
  kalon_window_add_folders (window, (const char *const[]){ pictures, NULL });
  wait_until (shown.n == n + 1);
  g_assert_cmpstr (shown.id, ==, "indexed");
  g_assert_true (g_variant_lookup (shown.content, "title", "&s", &text));
  g_assert_cmpstr (text, ==, "Pictures Indexed");
  g_assert_true (g_variant_lookup (shown.content, "body", "&s", &text));
  g_assert_cmpstr (text, !=, "");
  g_assert_true (g_variant_lookup (shown.content, "default-action", "&s", &text));
  g_assert_cmpstr (text, ==, "app.show-window");
  buttons = g_variant_lookup_value (shown.content, "buttons", G_VARIANT_TYPE ("aa{sv}"));
  g_assert_cmpuint (g_variant_n_children (buttons), ==, 1);
  button = g_variant_get_child_value (buttons, 0);
  g_assert_true (g_variant_lookup (button, "label", "&s", &text));
  g_assert_cmpstr (text, ==, "Show Window");
  g_assert_true (g_variant_lookup (button, "action", "&s", &text));
  g_assert_cmpstr (text, ==, "app.show-window");
}

static void
set_display_of_services (const char *display)
{
  g_autoptr (GDBusConnection) bus = connect_to_bus ();

  g_variant_unref (call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                         "org.freedesktop.DBus", "UpdateActivationEnvironment",
                         g_variant_new_parsed ("({'DISPLAY': %s},)", display)));
}

int
main (int argc, char *argv[])
{
  /* Not freed: that waits for GTK to let go of the connection. */
  GTestDBus *bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  g_autofree char *services = NULL;
  g_autoptr (GDBusConnection) desktop = NULL;
  int status;

  directory = g_dir_make_tmp ("kalon-application-XXXXXX", NULL);
  g_assert_nonnull (directory);
  for (guint i = 0; i < 2; i++)
    {
      const char *const variables[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME" };
      g_autofree char *home = g_build_filename (directory, variables[i], NULL);

      g_setenv (variables[i], home, TRUE);
    }
  /* Which the program that D-Bus starts shares with this one. */
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  g_setenv ("GNOTIFICATION_BACKEND", "gtk", TRUE);
  pictures = g_build_filename (directory, "pictures", NULL);
  program = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "..", "src", "app", "kalon", NULL);
  services = g_build_filename (directory, "services", NULL);
  write_service (services);
  write_settings (TRUE);
  g_test_dbus_add_service_dir (bus, services);
  g_test_dbus_up (bus);
  /* Which it takes away. */
  g_setenv ("DISPLAY", display, TRUE);

  display_init (&argc, &argv);
  set_display_of_services (display);
  desktop = start_desktop ();
  make_library ();
  expected = list_expected ();
  g_test_add_func ("/service/off", test_service_off);
  g_test_add_func ("/service/on", test_service_on);
  g_test_add_func ("/service/overtaken", test_service_overtaken);
  g_test_add_data_func ("/application/search-option", test_search_option, run_inside);
  g_test_add_data_func ("/application/activate-result", test_activate_result, run_inside);
  g_test_add_data_func ("/application/open", test_open, run_inside);
  g_test_add_data_func ("/application/actions", test_actions, run_inside);
  g_test_add_data_func ("/application/notification", test_notification, run_inside);
  g_test_add_data_func ("/application/download-notified", test_download_notified, run_inside);
  status = g_test_run ();

  g_test_dbus_stop (bus);
  display_remove_folder (directory);
  g_free (directory);
  g_free (pictures);
  g_free (program);
  g_strfreev (expected);
  g_free (shown.id);
  g_clear_pointer (&shown.content, g_variant_unref);
  return status;
}
