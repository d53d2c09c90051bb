/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kalon-cli-private.h"

#include <unistd.h>

#include "library/kalon-library.h"
#include "models/kalon-models.h"

static gboolean
is_there (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) && access (path, R_OK | X_OK) == 0;
}

static void
print_folder_json (JsonBuilder *builder, const KalonLibraryFolder *folder,
                   const KalonLibraryCounts *counts)
{
  json_builder_begin_object (builder);
  kalon_cli_json_path (builder, "path", folder->path);
  kalon_cli_json_boolean (builder, "present", is_there (folder->path));
  kalon_cli_json_integer (builder, "pictures", counts->pictures);
  kalon_cli_json_integer (builder, "indexed", counts->indexed);
  kalon_cli_json_integer (builder, "failures", counts->failures);
  kalon_cli_json_integer (builder, "excluded", folder->n_excluded);
  kalon_cli_json_integer (builder, "scanned", folder->scanned_at);
  kalon_cli_json_boolean (builder, "hidden", folder->include_hidden);
  kalon_cli_json_strings (builder, "excludes", (const char *const *) folder->excludes);
  json_builder_end_object (builder);
}

static void
print_patterns (GStrv patterns, const char *where)
{
  for (gsize i = 0; patterns[i] != NULL; i++)
    {
      kalon_cli_print ("%s", where);
      kalon_cli_print_path (patterns[i]);
      kalon_cli_print ("\n");
    }
}

static void
print_folder (const KalonLibraryFolder *folder, const KalonLibraryCounts *counts)
{
  kalon_cli_print_path (folder->path);
  kalon_cli_print ("\n    %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                   " pictures indexed, %" G_GSIZE_FORMAT " failed, %" G_GSIZE_FORMAT
                   " left out%s\n",
                   counts->indexed, counts->pictures, counts->failures, folder->n_excluded,
                   is_there (folder->path) ? "" : "; the folder is not there now");
  if (folder->scanned_at != 0)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (folder->scanned_at);
      g_autofree char *when = g_date_time_format (time, "%F %R");

      kalon_cli_print ("    last looked through: %s\n", when);
    }
  if (folder->include_hidden)
    kalon_cli_print ("    takes in hidden files\n");
  print_patterns (folder->excludes, "    excludes: ");
}

/* The folders as they are now; at the end of every command of the family. */
static KalonCliStatus
print_folders (KalonCli *cli, KalonLibrary *library)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KalonModel) model = kalon_models_find (cli->model, &error);
  g_autofree char *hash
      = model != NULL ? kalon_model_dup_hash (model->directory, NULL, &error) : NULL;
  g_autoptr (GPtrArray) folders = hash != NULL ? kalon_library_get_folders (library, &error) : NULL;
  g_auto (GStrv) of_all
      = folders != NULL ? kalon_library_list_excludes (library, NULL, &error) : NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (of_all == NULL)
    return kalon_cli_fail (cli, error);
  if (cli->json)
    {
      builder = kalon_cli_json_new ();
      kalon_cli_json_strings (builder, "excludes", (const char *const *) of_all);
      json_builder_set_member_name (builder, "folders");
      json_builder_begin_array (builder);
    }
  else
    print_patterns (of_all, "of all folders, excludes: ");
  for (guint i = 0; i < folders->len; i++)
    {
      const KalonLibraryFolder *folder = g_ptr_array_index (folders, i);
      KalonLibraryCounts counts;

      if (!kalon_library_count_below (library, folder->path, hash, &counts, &error))
        return kalon_cli_fail (cli, error);
      if (cli->json)
        print_folder_json (builder, folder, &counts);
      else
        print_folder (folder, &counts);
    }
  if (cli->json)
    {
      json_builder_end_array (builder);
      kalon_cli_json_print (builder);
    }
  return KALON_CLI_DONE;
}

static KalonCliStatus
run_folders (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 0, &arguments))
    return KALON_CLI_USAGE;
  library = kalon_library_open (cli->library, &error);
  return library != NULL ? print_folders (cli, library) : kalon_cli_fail (cli, error);
}

/* @patterns are added to those of @folder, or taken from them. */
static gboolean
change_excludes (KalonLibrary *library, const char *folder, GStrv patterns, gboolean exclude,
                 GError **error)
{
  g_auto (GStrv) old = kalon_library_list_excludes (library, folder, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) changed = NULL;

  if (old == NULL)
    return FALSE;
  for (gsize i = 0; !exclude && patterns[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) old, patterns[i]))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                     "“%s” is not one of these patterns: nothing was changed. “kalon-cli library "
                     "folders” lists them.",
                     patterns[i]);
        return FALSE;
      }
  for (gsize i = 0; old[i] != NULL; i++)
    if (exclude || !g_strv_contains ((const char *const *) patterns, old[i]))
      g_strv_builder_add (builder, old[i]);
  if (exclude)
    g_strv_builder_addv (builder, (const char **) patterns);
  changed = g_strv_builder_end (builder);
  return kalon_library_set_excludes (library, folder, (const char *const *) changed, error);
}

static KalonCliStatus
run_change (KalonCli *cli, const KalonCliCommand *command, GStrv argv, gboolean exclude)
{
  g_autofree char *folder = NULL;
  gboolean hidden = FALSE;
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder,
      "Of this folder of the library alone; without it, of all", "DIR" },
    { "hidden", 0, 0, G_OPTION_ARG_NONE, &hidden, "Names that begin with a dot; needs --folder",
      NULL },
    { NULL },
  };

  if (!kalon_cli_parse (cli, command, entries, argv, -1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL && !hidden)
    return kalon_cli_usage (command, "The pattern is missing.");
  if (hidden && folder == NULL)
    return kalon_cli_usage (command, "--hidden needs --folder.");
  library = kalon_library_open (cli->library, &error);
  if (library == NULL
      || (arguments[0] != NULL && !change_excludes (library, folder, arguments, exclude, &error))
      || (hidden && !kalon_library_set_include_hidden (library, folder, !exclude, &error)))
    return kalon_cli_fail (cli, error);
  kalon_cli_message ("It holds from the next “kalon-cli index” on.");
  return print_folders (cli, library);
}

static KalonCliStatus
run_exclude (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_change (cli, command, argv, TRUE);
}

static KalonCliStatus
run_include (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return run_change (cli, command, argv, FALSE);
}

static KalonCliStatus
run_remove (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  g_auto (GStrv) arguments = NULL;
  g_autoptr (KalonLibrary) library = NULL;
  g_autoptr (GError) error = NULL;

  if (!kalon_cli_parse (cli, command, NULL, argv, 1, &arguments))
    return KALON_CLI_USAGE;
  if (arguments[0] == NULL)
    return kalon_cli_usage (command, "The folder is missing.");
  library = kalon_library_open (cli->library, &error);
  if (library == NULL || !kalon_library_remove_folder (library, arguments[0], &error))
    return kalon_cli_fail (cli, error);
  return print_folders (cli, library);
}

static const KalonCliCommand folders_command = {
  .name = "library folders",
  .arguments = "",
  .summary = "List the folders, with what is indexed and what is left out.",
  .run = run_folders,
};

static const KalonCliCommand exclude_command = {
  .name = "library exclude",
  .arguments = "[PATTERN...]",
  .summary = "Leave out what matches a pattern, from the next index run on.",
  .details
  = "A pattern is a glob, matched against names and against paths below the folder, where\n"
    "a star does not match a slash: '*.tmp', node_modules, 'scans/raw*'.",
  .run = run_exclude,
};

static const KalonCliCommand include_command = {
  .name = "library include",
  .arguments = "[PATTERN...]",
  .summary = "Take patterns back, and what they left out in again.",
  .run = run_include,
};

static const KalonCliCommand remove_command = {
  .name = "library remove",
  .arguments = "FOLDER",
  .summary = "Take a folder out of the library. Its files stay; its embeddings are forgotten.",
  .run = run_remove,
};

static const KalonCliCommand *const children[]
    = { &folders_command, &exclude_command, &include_command, &remove_command, NULL };

static KalonCliStatus
run_library (KalonCli *cli, const KalonCliCommand *command, GStrv argv)
{
  return kalon_cli_run_child (cli, command, argv, &folders_command);
}

const KalonCliCommand kalon_cli_library = {
  .name = "library",
  .arguments = "[COMMAND]",
  .summary = "The library's folders, and what is left out of them.",
  .run = run_library,
  .children = children,
};
