/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports in a library. */
#include "report/kalon-report-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#define FOLDER "reports"

static char *
dup_folder (const char *library_directory)
{
  return library_directory != NULL
             ? g_build_filename (library_directory, FOLDER, NULL)
             : g_build_filename (g_get_user_data_dir (), "kalon", FOLDER, NULL);
}

/* "20261126-001500-NAME" */
static char *
dup_base (const char *name)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%s", time, name);
}

char *
kalon_reports_make_folder (const char *library_directory, const char *name, GError **error)
{
  g_autofree char *folder = dup_folder (library_directory);
  g_autofree char *base = dup_base (name);
  g_autofree char *directory = g_build_filename (folder, base, NULL);
  int code;

  for (guint i = 2; g_mkdir_with_parents (folder, 0700) == 0; i++)
    {
      if (g_mkdir (directory, 0700) == 0)
        return g_steal_pointer (&directory);
      if (errno != EEXIST)
        break;
      g_free (directory);
      directory = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s-%u", folder, base, i);
    }
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", directory,
               g_strerror (code));
  return NULL;
}

void
kalon_kept_report_free (KalonKeptReport *kept)
{
  if (kept == NULL)
    return;
  g_free (kept->directory);
  g_free (kept->title);
  g_free (kept);
}

static void
add_kept (GPtrArray *list, const char *directory)
{
  g_autoptr (KalonReport) report = kalon_report_read (directory, NULL);
  KalonKeptReport *kept;

  if (report == NULL)
    return;
  kept = g_new0 (KalonKeptReport, 1);
  kept->directory = g_strdup (directory);
  kept->title = g_strdup (report->title);
  kept->time = report->time;
  for (guint i = 0; i < report->sections->len; i++)
    kept->is_synthetic |= kalon_report_section_is_synthetic (kalon_report_get_section (report, i));
  g_ptr_array_add (list, kept);
}

/* Newest first, then by folder. */
static int
compare_kept (gconstpointer a, gconstpointer b)
{
  const KalonKeptReport *x = *(KalonKeptReport *const *) a, *y = *(KalonKeptReport *const *) b;

  if (x->time != y->time)
    return x->time > y->time ? -1 : 1;
  return -g_strcmp0 (x->directory, y->directory);
}

GPtrArray *
kalon_reports_list (const char *library_directory, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = dup_folder (library_directory);
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_kept_report_free);
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) names = g_dir_open (folder, 0, &reason);
  const char *name;

  if (names == NULL && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  while (names != NULL && (name = g_dir_read_name (names)) != NULL)
    {
      g_autofree char *directory = g_build_filename (folder, name, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      add_kept (list, directory);
    }
  g_ptr_array_sort (list, compare_kept);
  return g_steal_pointer (&list);
}

static gboolean
remove_file (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int code;

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  code = errno;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return FALSE;
}

gboolean
kalon_report_remove (const char *directory, GError **error)
{
  g_return_val_if_fail (directory != NULL, FALSE);

  /* The numbers last: what is left by a failure is still listed. */
  if (!remove_file (directory, KALON_REPORT_PAGE, error)
      || !remove_file (directory, KALON_REPORT_DATA, error))
    return FALSE;
  g_rmdir (directory);
  return TRUE;
}

gboolean
kalon_report_copy (const char *directory, const char *to, GCancellable *cancellable, GError **error)
{
  static const char *const names[] = { KALON_REPORT_DATA, KALON_REPORT_PAGE };

  g_return_val_if_fail (directory != NULL && to != NULL, FALSE);

  if (g_mkdir_with_parents (to, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", to,
                   g_strerror (code));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from_path = g_build_filename (directory, names[i], NULL);
      g_autofree char *to_path = g_build_filename (to, names[i], NULL);
      g_autoptr (GFile) from_file = g_file_new_for_path (from_path);
      g_autoptr (GFile) to_file = g_file_new_for_path (to_path);

      if (!g_file_copy (from_file, to_file, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}
