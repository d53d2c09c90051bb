/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>

#include <gio/gio.h>

#include "background/kalon-background.h"

/* A portal on the other end of a connection without a bus. */
typedef struct
{
  GDBusConnection *ours;
  GDBusConnection *portal;
  guint registration;
  guint32 response; /* what it answers */
  gboolean autostart;
  gboolean own_handle; /* as old portals chose it */
  GVariant *asked;     /* the options of the last request */
} Fixture;

static const char interface_xml[]
    = "<node><interface name='org.freedesktop.portal.Background'>"
      "<method name='RequestBackground'><arg type='s' direction='in'/><arg type='a{sv}' "
      "direction='in'/><arg type='o' direction='out'/></method></interface></node>";

static void
method_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
           const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *token = NULL;
  g_autofree char *handle = NULL;
  GVariantBuilder results;

  g_clear_pointer (&fixture->asked, g_variant_unref);
  g_variant_get (parameters, "(s@a{sv})", NULL, &fixture->asked);
  g_assert_true (g_variant_lookup (fixture->asked, "handle_token", "&s", &token));
  handle = fixture->own_handle
               ? g_strdup ("/org/freedesktop/portal/desktop/request/7")
               : g_strdup_printf ("/org/freedesktop/portal/desktop/request/peer/%s", token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (TRUE));
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (fixture->autostart));
  if (!fixture->own_handle)
    g_dbus_connection_emit_signal (connection, NULL, handle, "org.freedesktop.portal.Request",
                                   "Response",
                                   g_variant_new ("(ua{sv})", fixture->response, &results), NULL);
  else
    g_variant_builder_clear (&results);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusConnection **connection = user_data;
  g_autoptr (GError) error = NULL;

  *connection = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
}

static void
connect_end (int fd, const char *guid, GDBusConnectionFlags flags, GDBusConnection **connection)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GIOStream) stream
      = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));

  g_dbus_connection_new (stream, guid, flags, NULL, NULL, connected_cb, connection);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { .method_call = method_cb };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (interface_xml, NULL);
  g_autofree char *guid = g_dbus_generate_guid ();
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  connect_end (fds[0], guid,
               G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                   | G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_ALLOW_ANONYMOUS,
               &fixture->portal);
  connect_end (fds[1], NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, &fixture->ours);
  while (fixture->portal == NULL || fixture->ours == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (data == NULL)
    fixture->registration
        = g_dbus_connection_register_object (fixture->portal, "/org/freedesktop/portal/desktop",
                                             info->interfaces[0], &vtable, fixture, NULL, NULL);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_dbus_connection_close_finish (G_DBUS_CONNECTION (object), result, NULL);
  *(gboolean *) user_data = TRUE;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gboolean closed = FALSE;

  if (fixture->registration != 0)
    g_dbus_connection_unregister_object (fixture->portal, fixture->registration);
  g_dbus_connection_close (fixture->ours, NULL, closed_cb, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
  while (!g_dbus_connection_is_closed (fixture->portal))
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&fixture->ours);
  g_clear_object (&fixture->portal);
  g_clear_pointer (&fixture->asked, g_variant_unref);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
take_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static gboolean
request (GDBusConnection *bus, gboolean autostart, GCancellable *cancellable, gboolean *started,
         GError **error)
{
  static const char *const command[] = { "kalon", "--gapplication-service", NULL };
  g_autoptr (GAsyncResult) result = NULL;

  kalon_background_request_async (bus, "To index.", autostart, command, cancellable, take_result,
                                  &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return kalon_background_request_finish (result, started, error);
}

static void
test_granted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) command = NULL;
  const char *reason;
  gboolean autostart = FALSE, asked;

  fixture->autostart = TRUE;
  g_assert_true (request (fixture->ours, TRUE, NULL, &autostart, &error));
  g_assert_no_error (error);
  g_assert_true (autostart);
  g_assert_true (g_variant_lookup (fixture->asked, "autostart", "b", &asked));
  g_assert_true (asked);
  g_assert_true (g_variant_lookup (fixture->asked, "reason", "&s", &reason));
  g_assert_cmpstr (reason, ==, "To index.");
  g_assert_true (g_variant_lookup (fixture->asked, "commandline", "^as", &command));
  g_assert_cmpuint (g_strv_length (command), ==, 2);

  fixture->autostart = FALSE;
  g_assert_true (request (fixture->ours, FALSE, NULL, &autostart, &error));
  g_assert_false (autostart);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->response = 1;
  g_assert_false (request (fixture->ours, TRUE, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

static void
test_no_portal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (request (fixture->ours, TRUE, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (request (NULL, TRUE, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static gboolean
emit_later (gpointer user_data)
{
  Fixture *fixture = user_data;
  GVariantBuilder results;

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (TRUE));
  g_dbus_connection_emit_signal (fixture->portal, NULL, "/org/freedesktop/portal/desktop/request/7",
                                 "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", 0, &results), NULL);
  return G_SOURCE_CONTINUE;
}

/* A portal of its own mind about the request's name. */
static void
test_own_handle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint id;

  fixture->own_handle = TRUE;
  id = g_timeout_add (20, emit_later, fixture);
  g_assert_true (request (fixture->ours, TRUE, NULL, NULL, &error));
  g_assert_no_error (error);
  g_source_remove (id);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)
  ADD ("/background/granted", NULL, test_granted);
  ADD ("/background/refused", NULL, test_refused);
  ADD ("/background/no-portal", "none", test_no_portal);
  ADD ("/background/own-handle", NULL, test_own_handle);
#undef ADD

  return g_test_run ();
}
