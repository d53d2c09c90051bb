/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "background/kalon-background.h"

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

typedef struct
{
  GDBusConnection *bus;
  char *handle; /* of the request, as we expect it or were told */
  guint subscription;
  gboolean autostart; /* the answer */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->bus);
  g_free (request->handle);
  g_free (request);
}

static void
unsubscribe (Request *request)
{
  guint id = request->subscription;

  request->subscription = 0;
  g_dbus_connection_signal_unsubscribe (request->bus, id);
}

/* Once: the subscription holds the task. */
static void
end (GTask *task, GError *error)
{
  Request *request = g_task_get_task_data (task);

  if (request->subscription == 0)
    {
      g_clear_error (&error);
      return;
    }
  g_object_ref (task);
  unsubscribe (request);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
response_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *signal, GVariant *parameters, gpointer user_data)
{
  GTask *task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  guint32 response = 2;
  gboolean background = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    g_variant_get (parameters, "(u@a{sv})", &response, &results);
  if (response == 0)
    {
      g_variant_lookup (results, "background", "b", &background);
      g_variant_lookup (results, "autostart", "b", &request->autostart);
    }
  end (task, background ? NULL
                        : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                                               "The desktop did not allow going on in the "
                                               "background. Its settings for applications may."));
}

/* No message bus gives names on a connection between two programs. */
static const char *
get_portal_name (GDBusConnection *bus)
{
  return g_dbus_connection_get_unique_name (bus) != NULL ? PORTAL_NAME : NULL;
}

static void
subscribe (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  request->subscription = g_dbus_connection_signal_subscribe (
      request->bus, get_portal_name (request->bus), "org.freedesktop.portal.Request", "Response",
      request->handle, NULL, G_DBUS_SIGNAL_FLAGS_NONE, response_cb, g_object_ref (task),
      g_object_unref);
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  const char *handle;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    end (task, g_steal_pointer (&error));
  else if (reply == NULL)
    end (task, g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                            "This desktop has no portal for the background: %s", error->message));
  if (reply == NULL)
    return;
  g_variant_get (reply, "(&o)", &handle);
  if (g_str_equal (handle, request->handle) || request->subscription == 0)
    return;
  /* Portals of before 2018 choose another one. */
  g_free (request->handle);
  request->handle = g_strdup (handle);
  g_object_ref (task);
  unsubscribe (request);
  subscribe (task);
  g_object_unref (task);
}

void
kalon_background_request_async (GDBusConnection *bus, const char *reason, gboolean autostart,
                                const char *const *command, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *token = g_strdup_printf ("kalon%08x", g_random_int ());
  g_autofree char *sender = NULL;
  const char *name;
  Request *request;
  GVariantBuilder options;

  g_return_if_fail (bus == NULL || G_IS_DBUS_CONNECTION (bus));
  g_return_if_fail (reason != NULL && command != NULL);

  g_task_set_source_tag (task, kalon_background_request_async);
  if (bus == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               "There is no session bus to ask the desktop by.");
      return;
    }
  name = g_dbus_connection_get_unique_name (bus);
  sender = g_strdelimit (g_strdup (name != NULL ? name + 1 : "peer"), ".", '_');
  request = g_new0 (Request, 1);
  request->bus = g_object_ref (bus);
  request->handle = g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
  g_task_set_task_data (task, request, request_free);
  subscribe (task);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));
  g_dbus_connection_call (bus, get_portal_name (bus), PORTAL_PATH,
                          "org.freedesktop.portal.Background", "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, cancellable, called_cb, g_object_ref (task));
}

gboolean
kalon_background_request_finish (GAsyncResult *result, gboolean *autostart, GError **error)
{
  const Request *request = g_task_get_task_data (G_TASK (result));

  if (autostart != NULL)
    *autostart = request != NULL && request->autostart;
  return g_task_propagate_boolean (G_TASK (result), error);
}
