/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-systems-private.h"

gboolean
kalon_cli_check_systems (const KalonCliCommand *command, GStrv systems)
{
  if (systems == NULL || g_strv_length (systems) == 2)
    return TRUE;
  kalon_cli_usage (command, "--system is given twice: two systems are compared.");
  return FALSE;
}
