/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "compute/kalon-compute.h"

/* The word for the plain-C path. */
#define NONE "none"

gboolean
kalon_cli_choose_device (KalonCli *cli, char **name, GError **error)
{
  g_autoptr (KalonDevice) device = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) reason = NULL;

  *name = g_strdup (NONE);
  if (g_strcmp0 (cli->device, NONE) == 0)
    return TRUE;

  devices = kalon_device_list ();
  if (cli->device == NULL && devices->len == 0)
    kalon_cli_message ("No OpenCL device was found: computing in plain C, which is slower. On "
                       "Debian, the package pocl-opencl-icd makes the processor one.");
  else
    {
      device = kalon_device_open (cli->device, &reason);
      if (device != NULL)
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
  cli->device = g_strdup (NONE);
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

static const KalonCliCommand list_command = {
  .name = "device list",
  .arguments = "",
  .summary = "Print the OpenCL devices, the default one first.",
  .run = run_list,
};

static const KalonCliCommand *const children[] = { &list_command, NULL };

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
