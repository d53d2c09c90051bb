/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-search-provider.h"

#include "config.h"

#include "kalon-search-provider-private.h"
#include "settings/kalon-settings.h"

/* The Shell shows a row of some ten at most. */
#define MAX_RESULTS 24

/* Seconds that the program stays for the next question. */
#define STAY_TIME 60

struct _KalonSearchProvider
{
  GObject parent_instance;

  GApplication *application;
  GSettings *settings;
  char *library_directory;
  KalonSessionFunc get_session;
  gpointer user_data;

  GDBusConnection *bus;
  guint registration;
  GHashTable *questions; /* asker's bus name -> GCancellable of its newest question */
  guint stay_id;         /* while it is not 0 the application is held */
};

G_DEFINE_FINAL_TYPE (KalonSearchProvider, kalon_search_provider, G_TYPE_OBJECT)

enum
{
  RESULT_ACTIVATED,
  SEARCH_LAUNCHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char interface_xml[] = "<node><interface name='org.gnome.Shell.SearchProvider2'>"
                                    "<method name='GetInitialResultSet'>"
                                    "<arg type='as' name='terms' direction='in'/>"
                                    "<arg type='as' name='results' direction='out'/></method>"
                                    "<method name='GetSubsearchResultSet'>"
                                    "<arg type='as' name='previous_results' direction='in'/>"
                                    "<arg type='as' name='terms' direction='in'/>"
                                    "<arg type='as' name='results' direction='out'/></method>"
                                    "<method name='GetResultMetas'>"
                                    "<arg type='as' name='identifiers' direction='in'/>"
                                    "<arg type='aa{sv}' name='metas' direction='out'/></method>"
                                    "<method name='ActivateResult'>"
                                    "<arg type='s' name='identifier' direction='in'/>"
                                    "<arg type='as' name='terms' direction='in'/>"
                                    "<arg type='u' name='timestamp' direction='in'/></method>"
                                    "<method name='LaunchSearch'>"
                                    "<arg type='as' name='terms' direction='in'/>"
                                    "<arg type='u' name='timestamp' direction='in'/></method>"
                                    "</interface></node>";

static void
let_go (KalonSearchProvider *self)
{
  if (self->stay_id == 0)
    return;
  g_clear_handle_id (&self->stay_id, g_source_remove);
  g_application_release (self->application);
}

static gboolean
stayed_cb (gpointer user_data)
{
  let_go (user_data);
  return G_SOURCE_REMOVE;
}

static void
stay (KalonSearchProvider *self)
{
  if (self->stay_id == 0)
    g_application_hold (self->application);
  else
    g_source_remove (self->stay_id);
  self->stay_id = g_timeout_add_seconds (STAY_TIME, stayed_cb, self);
}

/* A letter says nothing; a Chinese character is a word. */
static gboolean
says_something (const char *words)
{
  return g_utf8_strlen (words, -1) > 1 || g_unichar_iswide (g_utf8_get_char (words));
}

/* Without this the first question would make a library. */
static gboolean
has_library (KalonSearchProvider *self)
{
  g_autofree char *catalogue
      = self->library_directory != NULL
            ? g_build_filename (self->library_directory, "catalogue.db", NULL)
            : g_build_filename (g_get_user_data_dir (), "kalon", "catalogue.db", NULL);

  return g_file_test (catalogue, G_FILE_TEST_EXISTS);
}

static gboolean
answers (KalonSearchProvider *self)
{
  return g_settings_get_boolean (self->settings, KALON_SETTING_SHELL_SEARCH) && has_library (self);
}

typedef struct
{
  KalonSearchProvider *provider;
  GDBusMethodInvocation *invocation;
  GCancellable *cancellable;
} Question;

/* On a connection without a bus nobody has a name. */
static const char *
get_asker (GDBusMethodInvocation *invocation)
{
  const char *asker = g_dbus_method_invocation_get_sender (invocation);

  return asker != NULL ? asker : "";
}

static Question *
question_new (KalonSearchProvider *self, GDBusMethodInvocation *invocation)
{
  Question *question = g_new (Question, 1);

  question->provider = g_object_ref (self);
  question->invocation = invocation;
  question->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->questions, g_strdup (get_asker (invocation)),
                       g_object_ref (question->cancellable));
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->provider);
  g_object_unref (question->cancellable);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
return_ids (GDBusMethodInvocation *invocation, const KalonResults *results)
{
  GVariantBuilder ids;

  g_variant_builder_init (&ids, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; results != NULL && i < results->results->len; i++)
    {
      g_autofree char *id = g_strdup_printf (
          "%" G_GINT64_FORMAT, g_array_index (results->results, KalonResult, i).picture);

      g_variant_builder_add (&ids, "s", id);
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(as)", &ids));
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  GHashTable *questions = question->provider->questions;
  const char *asker = get_asker (question->invocation);
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonResults) results
      = kalon_searcher_search_finish (KALON_SEARCHER (object), result, &error);

  if (g_hash_table_lookup (questions, asker) == question->cancellable)
    g_hash_table_remove (questions, asker);

  /* The Shell has no place for a message; the window will tell. */
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("%s", error->message);
  return_ids (question->invocation, results);
}

static void
search (KalonSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *terms)
{
  g_autofree char *words = g_strjoinv (" ", (GStrv) terms);
  GCancellable *overtaken = g_hash_table_lookup (self->questions, get_asker (invocation));
  KalonSearcher *searcher = NULL;
  g_autoptr (KalonQuery) query = NULL;
  Question *question;

  if (overtaken != NULL)
    g_cancellable_cancel (overtaken);
  g_strstrip (words);
  if (says_something (words) && answers (self))
    searcher = kalon_session_get_services (self->get_session (self->user_data))->searcher;
  if (searcher == NULL)
    {
      return_ids (invocation, NULL);
      return;
    }
  stay (self);
  query = kalon_query_new ();
  kalon_query_add_term (query, KALON_TERM_TEXT, words, 1);
  kalon_query_set_limit (query, MAX_RESULTS);
  kalon_query_set_strictness (query, g_settings_get_int (self->settings, KALON_SETTING_STRICTNESS));
  question = question_new (self, invocation);
  kalon_searcher_search_async (searcher, query, question->cancellable, found_cb, question);
}

static void
looked_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) metas
      = kalon_search_provider_get_metas_finish (KALON_SEARCH_PROVIDER (object), result, &error);

  if (metas != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new_tuple (&metas, 1));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
describe (KalonSearchProvider *self, GDBusMethodInvocation *invocation, const char *const *ids)
{
  if (!answers (self))
    {
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(aa{sv})", NULL));
      return;
    }
  stay (self);
  kalon_search_provider_get_metas_async (self, self->library_directory, ids, looked_up_cb,
                                         invocation);
}

static void
method_called_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                  const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
                  gpointer user_data)
{
  KalonSearchProvider *self = user_data;
  g_autofree const char **strings = NULL;
  g_autofree char *words = NULL;
  const char *id;
  guint32 timestamp;
  gint64 picture;

  if (g_str_equal (method, "GetInitialResultSet"))
    {
      g_variant_get (parameters, "(^a&s)", &strings);
      search (self, invocation, strings);
    }
  else if (g_str_equal (method, "GetSubsearchResultSet"))
    {
      /* Another word moves pictures up that were not among the best before: all are asked anew. */
      g_variant_get (parameters, "(@as^a&s)", NULL, &strings);
      search (self, invocation, strings);
    }
  else if (g_str_equal (method, "GetResultMetas"))
    {
      g_variant_get (parameters, "(^a&s)", &strings);
      describe (self, invocation, strings);
    }
  else if (g_str_equal (method, "ActivateResult"))
    {
      g_variant_get (parameters, "(&s^a&su)", &id, &strings, &timestamp);
      words = g_strjoinv (" ", (GStrv) strings);
      if (kalon_search_provider_parse_id (id, &picture))
        g_signal_emit (self, signals[RESULT_ACTIVATED], 0, picture, words, timestamp);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    {
      g_variant_get (parameters, "(^a&su)", &strings, &timestamp);
      words = g_strjoinv (" ", (GStrv) strings);
      g_signal_emit (self, signals[SEARCH_LAUNCHED], 0, words, timestamp);
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
}

static void
kalon_search_provider_dispose (GObject *object)
{
  KalonSearchProvider *self = KALON_SEARCH_PROVIDER (object);

  kalon_search_provider_unexport (self);
  let_go (self);
  G_OBJECT_CLASS (kalon_search_provider_parent_class)->dispose (object);
}

static void
kalon_search_provider_finalize (GObject *object)
{
  KalonSearchProvider *self = KALON_SEARCH_PROVIDER (object);

  g_clear_object (&self->settings);
  g_free (self->library_directory);
  g_hash_table_unref (self->questions);
  G_OBJECT_CLASS (kalon_search_provider_parent_class)->finalize (object);
}

static void
kalon_search_provider_class_init (KalonSearchProviderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kalon_search_provider_dispose;
  G_OBJECT_CLASS (klass)->finalize = kalon_search_provider_finalize;

  signals[RESULT_ACTIVATED]
      = g_signal_new ("result-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_STRING, G_TYPE_UINT);
  signals[SEARCH_LAUNCHED]
      = g_signal_new ("search-launched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                      NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_UINT);
}

static void
kalon_search_provider_init (KalonSearchProvider *self)
{
  self->questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

KalonSearchProvider *
kalon_search_provider_new (GApplication *application, GSettings *settings,
                           const char *library_directory, KalonSessionFunc get_session,
                           gpointer user_data)
{
  KalonSearchProvider *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (get_session != NULL, NULL);

  self = g_object_new (KALON_TYPE_SEARCH_PROVIDER, NULL);
  self->application = application;
  self->settings = g_object_ref (settings);
  self->library_directory = g_strdup (library_directory);
  self->get_session = get_session;
  self->user_data = user_data;
  return self;
}

gboolean
kalon_search_provider_export (KalonSearchProvider *self, GDBusConnection *bus, GError **error)
{
  static const GDBusInterfaceVTable functions = { .method_call = method_called_cb };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interface_xml, error);

  g_return_val_if_fail (KALON_IS_SEARCH_PROVIDER (self), FALSE);
  g_return_val_if_fail (self->bus == NULL, FALSE);

  if (node == NULL)
    return FALSE;
  self->registration = g_dbus_connection_register_object (
      bus, KALON_SEARCH_PROVIDER_PATH, node->interfaces[0], &functions, self, NULL, error);
  if (self->registration == 0)
    return FALSE;
  self->bus = g_object_ref (bus);
  return TRUE;
}

void
kalon_search_provider_unexport (KalonSearchProvider *self)
{
  g_return_if_fail (KALON_IS_SEARCH_PROVIDER (self));

  if (self->bus != NULL)
    g_dbus_connection_unregister_object (self->bus, self->registration);
  g_clear_object (&self->bus);
}
