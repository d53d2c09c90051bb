/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli-report-private.h"

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "json-text/kalon-json-text.h"

void
kalon_cli_report_clear (KalonCliReport *options)
{
  g_free (options->directory);
}

gboolean
kalon_cli_report_check (const KalonCliCommand *command, const KalonCliReport *options)
{
  g_autofree char *there
      = options->directory != NULL ? g_canonicalize_filename (options->directory, NULL) : NULL;

  while (there != NULL && !g_file_test (there, G_FILE_TEST_EXISTS) && !g_str_equal (there, "/"))
    {
      char *above = g_path_get_dirname (there);

      g_free (there);
      there = above;
    }
  if (there == NULL || (g_file_test (there, G_FILE_TEST_IS_DIR) && g_access (there, W_OK) == 0))
    return TRUE;
  kalon_cli_usage (command, "--report: %s is no folder that can be written into. Name another one.",
                   there);
  return FALSE;
}

gboolean
kalon_cli_report_is_wanted (const KalonCliReport *options)
{
  return options->directory != NULL || options->keep;
}

KalonReport *
kalon_cli_report_begin (KalonCli *cli, const char *title)
{
  KalonReport *report = kalon_report_new (title);

  kalon_report_set_command (report, (const char *const *) cli->arguments);
  kalon_report_set_fact (report, "version", "Kalon", KALON_VERSION);
  return report;
}

void
kalon_cli_report_set_model (KalonReport *report, const char *id, const char *hash,
                            const char *device)
{
  if (id != NULL)
    kalon_report_set_fact (report, "model", "Model", id);
  if (hash != NULL)
    kalon_report_set_fact (report, "model_hash", "Hash of the model", hash);
  if (device != NULL)
    kalon_report_set_fact (report, "device", "Device",
                           g_str_equal (device, "none") ? "none (plain C)" : device);
}

void
kalon_cli_report_set_seed (KalonReport *report, gint64 seed)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, seed);

  kalon_report_set_fact (report, "seed", "Seed", text);
}

static gboolean
write_into (KalonCli *cli, const KalonReport *report, const char *directory, GError **error)
{
  if (!kalon_report_write (report, directory, cli->cancellable, error))
    return FALSE;
  kalon_cli_message ("The report is in %s%s" KALON_REPORT_PAGE ".", directory,
                     g_str_has_suffix (directory, G_DIR_SEPARATOR_S) ? "" : G_DIR_SEPARATOR_S);
  return TRUE;
}

gboolean
kalon_cli_report_write (KalonCli *cli, const KalonReport *report, const char *name,
                        const KalonCliReport *options, GError **error)
{
  g_autofree char *kept = NULL;

  if (options->directory != NULL && !write_into (cli, report, options->directory, error))
    return FALSE;
  if (!options->keep)
    return TRUE;
  kept = kalon_reports_make_folder (cli->library, name, error);
  if (kept == NULL || write_into (cli, report, kept, error))
    return kept != NULL;
  g_rmdir (kept);
  return FALSE;
}

KalonCliStatus
kalon_cli_report_end (KalonCli *cli, const KalonReport *report, const char *name,
                      const KalonCliReport *options)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (cli->json)
    {
      g_autoptr (JsonNode) node = kalon_report_to_json (report);

      text = kalon_json_to_text (node);
    }
  else
    text = kalon_report_to_text (report);
  kalon_cli_print ("%s", text);
  if (!kalon_cli_report_write (cli, report, name, options, &error))
    return kalon_cli_fail (cli, error);
  return KALON_CLI_DONE;
}
