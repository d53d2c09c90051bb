/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "devices/kalon-devices.h"

struct _KalonCliWait
{
  char *message;
  gboolean done;
  GMutex mutex;
  GCond changed;
  GThread *thread;
};

static gpointer
announce_wait (gpointer data)
{
  KalonCliWait *wait = data;
  gint64 patience = g_get_monotonic_time () + G_USEC_PER_SEC;

  g_mutex_lock (&wait->mutex);
  while (!wait->done && g_cond_wait_until (&wait->changed, &wait->mutex, patience))
    ;
  if (!wait->done)
    kalon_cli_message ("%s", wait->message);
  g_mutex_unlock (&wait->mutex);
  return NULL;
}

KalonCliWait *
kalon_cli_begin_wait (const char *format, ...)
{
  KalonCliWait *wait = g_new0 (KalonCliWait, 1);
  va_list args;

  va_start (args, format);
  wait->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_mutex_init (&wait->mutex);
  g_cond_init (&wait->changed);
  wait->thread = g_thread_new ("announce", announce_wait, wait);
  return wait;
}

void
kalon_cli_end_wait (KalonCliWait *wait)
{
  g_mutex_lock (&wait->mutex);
  wait->done = TRUE;
  g_cond_signal (&wait->changed);
  g_mutex_unlock (&wait->mutex);
  g_thread_join (wait->thread);
  g_mutex_clear (&wait->mutex);
  g_cond_clear (&wait->changed);
  g_free (wait->message);
  g_free (wait);
}

static gboolean
test_device (KalonDevice *device, char **report, GError **error)
{
  KalonCliWait *wait = kalon_cli_begin_wait ("Building and testing the kernels for %s, once …",
                                             kalon_device_get_info (device)->name);
  gboolean passed = kalon_devices_test (device, report, error);

  kalon_cli_end_wait (wait);
  return passed;
}

gboolean
kalon_cli_choose_device (KalonCli *cli, char **name, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) reason = NULL;

  *name = g_strdup (KALON_DEVICE_NONE);
  if (g_strcmp0 (cli->device, KALON_DEVICE_NONE) == 0)
    return TRUE;

  devices = kalon_device_list ();
  if (cli->device == NULL && devices->len == 0)
    kalon_cli_message ("No OpenCL device was found: computing in plain C, which is slower. On "
                       "Debian, the package pocl-opencl-icd makes the processor one.");
  else
    {
      device = kalon_device_open (cli->device, &reason);
      if (device != NULL && test_device (device, NULL, &reason))
        {
          g_free (*name);
          *name = g_strdup (kalon_device_get_info (device)->name);
          return TRUE;
        }
      if (cli->device != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      kalon_cli_message ("%s Computing in plain C, which is slower.", reason->message);
    }
  cli->device = g_strdup (KALON_DEVICE_NONE);
  return TRUE;
}

static void
add_device (JsonBuilder *builder, const KalonDeviceInfo *info)
{
  kalon_cli_json_string (builder, "name", info->name);
  kalon_cli_json_string (builder, "type", info->is_cpu ? "cpu" : "gpu");
  kalon_cli_json_string (builder, "vendor", info->vendor);
  kalon_cli_json_string (builder, "platform", info->platform);
  kalon_cli_json_string (builder, "version", info->version);
  kalon_cli_json_string (builder, "driver", info->driver);
  kalon_cli_json_integer (builder, "compute_units", info->compute_units);
  kalon_cli_json_integer (builder, "global_memory", info->global_memory);
  kalon_cli_json_integer (builder, "local_memory", info->local_memory);
  kalon_cli_json_integer (builder, "max_allocation", info->max_allocation);
  kalon_cli_json_integer (builder, "max_work_group", info->max_work_group);
}

static KalonCliStatus
run_list (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
  g_auto (GStrv) arguments = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;

  devices = kalon_device_list ();
  json_builder_set_member_name (builder, "devices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < devices->len; i++)
    {
      const KalonDeviceInfo *info = devices->pdata[i];
      g_autofree char *memory = g_format_size (info->global_memory);

      json_builder_begin_object (builder);
      add_device (builder, info);
      json_builder_end_object (builder);
      if (!cli->json)
        kalon_cli_print ("%s\n  %s, %u compute units, %s, %s, driver %s\n", info->name,
                         info->is_cpu ? "processor" : "graphics", info->compute_units, memory,
                         info->platform, info->driver);
    }
  json_builder_end_array (builder);
  if (cli->json)
    kalon_cli_json_print (builder);
  else if (devices->len == 0)
    kalon_cli_message ("No OpenCL device was found; everything runs in plain C.");
  return KALON_CLI_DONE;
}

/* Runs one device's test into the array that @builder has open. */
static gboolean
run_one_test (KalonCli *cli, KalonDevice *device, JsonBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *report = NULL;
  g_auto (GStrv) lines = NULL;
  const char *name = kalon_device_get_info (device)->name;
  gboolean passed = test_device (device, &report, &error);

  json_builder_begin_object (builder);
  kalon_cli_json_string (builder, "name", name);
  kalon_cli_json_boolean (builder, "passed", passed);
  kalon_cli_json_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_set_member_name (builder, "report");
  json_builder_begin_array (builder);
  lines = g_strsplit (report != NULL ? g_strchomp (report) : "", "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    json_builder_add_string_value (builder, lines[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  if (!cli->json)
    kalon_cli_print ("%s%s%s: %s\n", report != NULL ? report : "", report != NULL ? "\n" : "", name,
                     passed ? "passed" : "FAILED");
  if (!passed)
    kalon_cli_message ("%s", error->message);
  return passed;
}

/* (transfer full) (element-type utf8): the named device, or all. */
static GPtrArray *
list_names (const char *name)
{
  g_autoptr (GPtrArray) devices = NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  if (name != NULL)
    {
      g_ptr_array_add (names, g_strdup (name));
      return names;
    }
  devices = kalon_device_list ();
  for (guint i = 0; i < devices->len; i++)
    g_ptr_array_add (names, g_strdup (((KalonDeviceInfo *) devices->pdata[i])->name));
  if (names->len == 0)
    kalon_cli_message ("No OpenCL device was found; there is nothing to test.");
  return names;
}

static KalonCliStatus
run_self_test (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = NULL;
  const char *name;
  gboolean passed = TRUE;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  name = arguments[0] != NULL ? arguments[0] : cli->device;
  if (g_strcmp0 (name, KALON_DEVICE_NONE) == 0)
    return kalon_cli_usage (command, "Plain C (“none”) is what devices are compared with.");

  names = list_names (name);
  json_builder_set_member_name (builder, "devices");
  json_builder_begin_array (builder);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (KalonDevice) device = kalon_device_open (names->pdata[i], &error);

      if (device == NULL)
        return kalon_cli_fail (cli, error);
      passed &= run_one_test (cli, device, builder);
    }
  json_builder_end_array (builder);
  if (cli->json)
    kalon_cli_json_print (builder);
  return passed ? KALON_CLI_DONE : KALON_CLI_FAILED;
}

static const KalonCliCommand list_command = {
  .name = "device list",
  .arguments = "",
  .summary = "Print the OpenCL devices, the default one first.",
  .run = run_list,
};

static const KalonCliCommand self_test_command = {
  .name = "device self-test",
  .arguments = "[NAME]",
  .summary = "Compare every operation of the devices with plain C.",
  .details = "Without NAME (or --device) all devices are tested. Exit status 1 when one fails;\n"
             "such a device is not used.",
  .run = run_self_test,
};

static const KalonCliCommand *const children[] = { &list_command, &self_test_command, NULL };

static KalonCliStatus
run_device (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &list_command);
}

const KalonCliCommand kalon_cli_device = {
  .name = "device",
  .arguments = "[COMMAND]",
  .summary = "List and test the devices that can compute.",
  .run = run_device,
  .children = children,
};
