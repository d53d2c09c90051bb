/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include "indexer/kalon-indexer.h"
#include "library/kalon-library.h"
#include "models/kalon-models.h"

#include <stdlib.h>

/* "about 3 min left"; the precision of a guess. */
static char *
dup_remaining (double seconds)
{
  if (seconds < 0)
    return g_strdup ("");
  if (seconds < 100)
    return g_strdup_printf (", about %.0f s left", seconds);
  if (seconds < 3600)
    return g_strdup_printf (", about %.0f min left", seconds / 60);
  return g_strdup_printf (", about %.1f h left", seconds / 3600);
}

static void
on_progress (const KalonIndexerProgress *progress, gpointer user_data)
{
  g_autofree char *detail = NULL;
  g_autofree char *remaining = NULL;

  if (progress->phase == KALON_INDEXER_SCANNING)
    {
      detail = g_strdup_printf ("looking for pictures: %" G_GSIZE_FORMAT " found", progress->found);
      kalon_cli_show_progress (0, 0, detail);
      return;
    }
  if (progress->found == 0)
    return;
  remaining = dup_remaining (progress->remaining);
  detail = g_strdup_printf ("%.1f/s%s", progress->rate, remaining);
  if (progress->failed > 0)
    {
      g_autofree char *rest = g_steal_pointer (&detail);
      detail = g_strdup_printf ("%s, %" G_GSIZE_FORMAT " failed", rest, progress->failed);
    }
  kalon_cli_show_progress (progress->done, progress->found, detail);
}

/* A failure belongs to this run when its path is one of @folders or below one; all do when there
 * are none. */
static gboolean
is_below (const char *path, GStrv folders)
{
  if (folders == NULL || folders[0] == NULL)
    return TRUE;
  for (gsize i = 0; folders[i] != NULL; i++)
    {
      gsize length = strlen (folders[i]);

      if (strncmp (path, folders[i], length) == 0
          && (path[length] == '\0' || path[length] == '/' || folders[i][length - 1] == '/'))
        return TRUE;
    }
  return FALSE;
}

/* (transfer full) (element-type KalonFailure) */
static GPtrArray *
list_failures (KalonCli *cli, GStrv folders, GError **error)
{
  g_autoptr (KalonLibrary) library = kalon_library_open (cli->library, error);
  GPtrArray *failures = library != NULL ? kalon_library_list_failures (library, error) : NULL;

  for (guint i = failures != NULL ? failures->len : 0; i > 0; i--)
    if (!is_below (((KalonFailure *) failures->pdata[i - 1])->path, folders))
      g_ptr_array_remove_index (failures, i - 1);
  return failures;
}

static void
print_failures (GPtrArray *failures)
{
  for (guint i = 0; i < failures->len; i++)
    {
      const KalonFailure *failure = failures->pdata[i];

      kalon_cli_print ("failed: ");
      kalon_cli_print_path (failure->path);
      kalon_cli_print (": ");
      kalon_cli_print_path (failure->reason);
      kalon_cli_print ("\n");
    }
}

static KalonCliStatus
show_failures (KalonCli *cli, GStrv folders)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures = list_failures (cli, folders, &error);

  if (failures == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_failures (builder, failures);
      kalon_cli_json_print (builder);
    }
  else
    print_failures (failures);
  return KALON_CLI_DONE;
}

static void
print_result (KalonCli *cli, const KalonIndexerProgress *counts, gboolean cancelled, double seconds,
              const KalonModel *model, const char *device, GPtrArray *failures)
{
  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = kalon_cli_json_new ();

      kalon_cli_json_string (builder, "model", model->id);
      kalon_cli_json_string (builder, "device", device);
      kalon_cli_json_integer (builder, "found", counts->found);
      kalon_cli_json_integer (builder, "added", counts->added);
      kalon_cli_json_integer (builder, "updated", counts->updated);
      kalon_cli_json_integer (builder, "unchanged", counts->unchanged);
      kalon_cli_json_integer (builder, "renamed", counts->renamed);
      kalon_cli_json_integer (builder, "removed", counts->removed);
      kalon_cli_json_integer (builder, "failed", counts->failed);
      kalon_cli_json_integer (builder, "excluded", counts->excluded);
      kalon_cli_json_integer (builder, "other", counts->other);
      kalon_cli_json_boolean (builder, "cancelled", cancelled);
      kalon_cli_json_number (builder, "seconds", seconds);
      kalon_cli_json_failures (builder, failures);
      kalon_cli_json_print (builder);
      return;
    }
  print_failures (failures);
  kalon_cli_print ("%" G_GSIZE_FORMAT " added, %" G_GSIZE_FORMAT " updated, %" G_GSIZE_FORMAT
                   " unchanged, %" G_GSIZE_FORMAT " renamed, %" G_GSIZE_FORMAT
                   " removed, %" G_GSIZE_FORMAT " failed\n",
                   counts->added, counts->updated, counts->unchanged, counts->renamed,
                   counts->removed, counts->failed);
  if (counts->other > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " files are no pictures by their names.", counts->other);
  if (counts->excluded > 0)
    kalon_cli_message ("%" G_GSIZE_FORMAT " files and folders were left out as hidden, as "
                       "links, or by --exclude.",
                       counts->excluded);
}

/* Absolute, with links resolved, as the library knows them. */
static GStrv
resolve_folders (GStrv arguments)
{
  g_autoptr (GStrvBuilder) folders = g_strv_builder_new ();

  for (gsize i = 0; arguments[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (arguments[i], NULL);
      g_autofree char *resolved = realpath (path, NULL);

      g_strv_builder_add (folders, resolved != NULL ? resolved : path);
    }
  return g_strv_builder_end (folders);
}

/* Re-scanning nothing would look like success. */
static gboolean
check_folders (KalonCli *cli, GStrv folders, GError **error)
{
  g_autoptr (KalonLibrary) library = NULL;
  g_auto (GStrv) known = NULL;

  if (folders[0] != NULL)
    return TRUE;
  library = kalon_library_open (cli->library, error);
  known = library != NULL ? kalon_library_list_folders (library, error) : NULL;
  if (known == NULL)
    return FALSE;
  if (known[0] == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "The library has no folders yet. Name one: kalon-cli index FOLDER.");
  return known[0] != NULL;
}

static KalonCliStatus
index_folders (KalonCli *cli, GStrv folders, GStrv excludes, gboolean hidden)
{
  KalonIndexerProgress counts = { 0 };
  g_autoptr (KalonIndexer) indexer = NULL;
  g_autoptr (KalonModel) model = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) list_error = NULL;
  g_autofree char *device = NULL;
  gint64 start = g_get_monotonic_time ();
  gboolean done, cancelled;

  model = kalon_models_find (cli->model, &error);
  if (model == NULL || !kalon_cli_choose_device (cli, &device, &error))
    return kalon_cli_fail (cli, error);

  indexer = kalon_indexer_new (cli->library, model->directory, cli->device);
  if (excludes != NULL)
    kalon_indexer_set_excludes (indexer, (const char *const *) excludes);
  kalon_indexer_set_include_hidden (indexer, hidden);

  kalon_cli_watch_signals (cli);
  done = kalon_indexer_run (indexer, (const char *const *) folders, on_progress, NULL, &counts,
                            cli->cancellable, &error);
  kalon_cli_end_progress ();
  cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (!done && !cancelled)
    return kalon_cli_fail (cli, error);

  failures = list_failures (cli, folders, &list_error);
  if (failures == NULL)
    return kalon_cli_fail (cli, list_error);
  print_result (cli, &counts, cancelled,
                (g_get_monotonic_time () - start) / (double) G_USEC_PER_SEC, model, device,
                failures);
  if (!cancelled)
    return KALON_CLI_DONE;
  kalon_cli_message ("Stopped after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                     " pictures, which are kept. The same command goes on from there.",
                     counts.done, counts.found);
  return KALON_CLI_FAILED;
}

static KalonCliStatus
run_index (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  gboolean hidden = FALSE;
  gboolean failures = FALSE;
  g_auto (GStrv) excludes = NULL;
  g_auto (GStrv) arguments = NULL;
  g_auto (GStrv) folders = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &excludes,
      "Leave out names or relative paths like this; may be given again", "GLOB" },
    { "hidden", 0, 0, G_OPTION_ARG_NONE, &hidden, "Take in names that begin with a dot", NULL },
    { "failures", 0, 0, G_OPTION_ARG_NONE, &failures,
      "Only print the files that could not be indexed, with the reasons", NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  folders = resolve_folders (arguments);
  if (!failures && !check_folders (cli, folders, &error))
    return kalon_cli_fail (cli, error);
  return failures ? show_failures (cli, folders) : index_folders (cli, folders, excludes, hidden);
}

const KalonCliCommand kalon_cli_index = {
  .name = "index",
  .arguments = "[FOLDER...]",
  .summary = "Make the pictures in folders searchable.",
  .details = "Pictures that are indexed and unchanged are not read again. Without FOLDER the\n"
             "library's folders are looked through again. Ctrl-C stops it; the same command goes\n"
             "on from there. A file that cannot be indexed is printed with the reason and tried\n"
             "again when it has changed.",
  .run = run_index,
};
