/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "errors/kalon-errors.h"
#include "jobs/kalon-jobs.h"

/* Of renameat2(), which glibc declares for _GNU_SOURCE only. */
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

void
kalon_board_exported_free (KalonBoardExported *exported)
{
  if (exported == NULL)
    return;
  g_free (exported->path);
  g_ptr_array_unref (exported->failures);
  g_free (exported);
}

void
export_step (Export *self, const char *path, const GError *reason)
{
  if (reason == NULL)
    self->exported->n_written++;
  else
    g_ptr_array_add (self->exported->failures,
                     kalon_failure_new (path, kalon_failure_get_reason (path, reason)));
  self->n_done++;
  if (self->progress != NULL)
    self->progress (self->n_done, self->contents->items->len, self->user_data);
}

gboolean
export_fail (const char *path, int code, GError **error)
{
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               code == EEXIST ? "“%s” is there already (%s). Choose another name."
                              : "“%s” cannot be written: %s. Check the space and the permissions "
                                "there.",
               name, g_strerror (code));
  return FALSE;
}

gboolean
export_write (int file, const void *data, gsize size)
{
  const char *at = data;

  while (size > 0)
    {
      gssize n = write (file, at, size);

      if (n < 0 && errno != EINTR)
        return FALSE;
      at += MAX (n, 0);
      size -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_unlink (child) != 0)
        remove_folder (child);
    }
  g_rmdir (path);
}

/* Whoever agreed to a file's replacement did so by its name, which several pages do not have. */
static gboolean
may_replace (const Export *self)
{
  return self->options->replace && self->options->format != KALON_BOARD_FORMAT_FOLDER
         && self->exported->n_pages <= 1;
}

static gboolean
put_in_place (const Export *self, const char *from, const char *to, GError **error)
{
  if (may_replace (self))
    {
      if (g_rename (from, to) == 0)
        return TRUE;
    }
  else
    {
      if (syscall (SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return TRUE;
      /* A file system that cannot promise it. */
      if ((errno == EINVAL || errno == ENOSYS) && !g_file_test (to, G_FILE_TEST_EXISTS)
          && g_rename (from, to) == 0)
        return TRUE;
    }
  return export_fail (to, errno, error);
}

/* (transfer full): of page @page of several: "sheet-02.png" for "sheet.png" */
static char *
dup_page_path (const Export *self, guint page)
{
  const char *path = self->destination;
  gsize stem = g_str_has_suffix (path, ".png") ? strlen (path) - 4 : strlen (path);
  int n_digits = self->exported->n_pages > 99 ? 4 : 2;

  if (self->exported->n_pages == 1)
    return g_strdup (path);
  return g_strdup_printf ("%.*s-%0*u%s", (int) stem, path, n_digits, page + 1, path + stem);
}

static gboolean
put_pages (Export *self, const char *folder, GError **error)
{
  for (guint page = 0; page < self->exported->n_pages; page++)
    {
      g_autofree char *path = dup_page_path (self, page);

      if (!may_replace (self) && g_file_test (path, G_FILE_TEST_EXISTS))
        return export_fail (path, EEXIST, error);
    }
  for (guint page = 0; page < self->exported->n_pages; page++)
    {
      g_autofree char *name = g_strdup_printf ("%u", page);
      g_autofree char *from = g_build_filename (folder, name, NULL);
      g_autofree char *to = dup_page_path (self, page);

      if (!put_in_place (self, from, to, error))
        return FALSE;
      if (page == 0)
        self->exported->path = g_strdup (to);
    }
  return TRUE;
}

static gboolean
write_file (Export *self, const char *path, GError **error)
{
  int file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  gboolean done;

  if (file < 0)
    return export_fail (self->destination, errno, error);
  done = self->options->format == KALON_BOARD_FORMAT_ZIP ? export_zip (self, file, error)
                                                         : export_pdf (self, file, error);
  if (done && fsync (file) != 0 && errno != EINVAL)
    done = export_fail (self->destination, errno, error);
  if (close (file) != 0 && done)
    done = export_fail (self->destination, errno, error);
  return done;
}

/* Everything is made in @folder, a new one beside the destination. */
static gboolean
export_in (Export *self, const char *folder, GError **error)
{
  g_autofree char *part = g_build_filename (folder, "part", NULL);

  if (self->options->format == KALON_BOARD_FORMAT_PNG)
    return export_png (self, folder, error) && put_pages (self, folder, error);
  if (self->options->format == KALON_BOARD_FORMAT_FOLDER)
    {
      if (g_mkdir (part, 0777) != 0)
        return export_fail (self->destination, errno, error);
      if (!export_folder (self, part, error))
        return FALSE;
    }
  else if (!write_file (self, part, error))
    return FALSE;
  self->exported->path = g_strdup (self->destination);
  return put_in_place (self, part, self->destination, error);
}

static gboolean
has_readable (const KalonBoardContents *contents)
{
  for (guint i = 0; i < contents->items->len; i++)
    if (!((const KalonBoardItem *) g_ptr_array_index (contents->items, i))->missing)
      return TRUE;
  return FALSE;
}

KalonBoardExported *
kalon_board_export (const KalonBoardContents *contents, const KalonBoardExportOptions *options,
                    const char *destination, KalonBoardExportFunc progress, gpointer user_data,
                    GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonBoardExported) exported = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *folder = NULL;
  Export self = { contents, options, destination, progress, user_data, cancellable, 0, NULL };
  gboolean done;

  g_return_val_if_fail (contents != NULL && options != NULL && destination != NULL, NULL);
  g_return_val_if_fail (options->columns >= 1 && options->columns <= KALON_BOARD_MAX_COLUMNS, NULL);

  if (!has_readable (contents))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT,
                   "There is no picture on the board “%s” to export.", contents->board->name);
      return NULL;
    }
  if (g_file_test (destination, G_FILE_TEST_EXISTS)
      && (!options->replace || options->format == KALON_BOARD_FORMAT_FOLDER))
    {
      export_fail (destination, EEXIST, error);
      return NULL;
    }
  self.exported = exported = g_new0 (KalonBoardExported, 1);
  exported->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) kalon_failure_free);
  parent = g_path_get_dirname (destination);
  folder = g_build_filename (parent, ".kalon-export-XXXXXX", NULL);
  if (g_mkdtemp (folder) == NULL)
    {
      export_fail (destination, errno, error);
      return NULL;
    }
  done = export_in (&self, folder, error);
  remove_folder (folder);
  return done ? g_steal_pointer (&exported) : NULL;
}

/* In a thread of its own */

typedef struct
{
  KalonBoardContents *contents;
  KalonBoardExportOptions options;
  char *destination;
  KalonBoardExportFunc progress;
  gpointer progress_data;
} Job;

typedef struct
{
  guint n_done;
  guint n_total;
} Report;

static void
job_free (Job *job)
{
  kalon_board_contents_free (job->contents);
  g_free (job->destination);
  g_free (job);
}

static void
deliver_report (gconstpointer report, gpointer task_data)
{
  const Report *counts = report;
  Job *job = task_data;

  job->progress (counts->n_done, counts->n_total, job->progress_data);
}

static void
report_progress (guint n_done, guint n_total, gpointer user_data)
{
  Report report = { n_done, n_total };

  kalon_job_report (user_data, g_memdup2 (&report, sizeof report), g_free, deliver_report);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  KalonBoardExported *exported = kalon_board_export (job->contents, &job->options, job->destination,
                                                     job->progress != NULL ? report_progress : NULL,
                                                     task, cancellable, &error);

  if (exported != NULL)
    g_task_return_pointer (task, exported, (GDestroyNotify) kalon_board_exported_free);
  else
    g_task_return_error (task, error);
}

void
kalon_board_export_async (KalonBoardContents *contents, const KalonBoardExportOptions *options,
                          const char *destination, KalonBoardExportFunc progress,
                          gpointer progress_data, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new (Job, 1);

  *job = (Job){ contents, *options, g_strdup (destination), progress, progress_data };
  g_task_set_source_tag (task, kalon_board_export_async);
  /* What was put in place before the cancel arrived is told. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, export_in_thread);
}

KalonBoardExported *
kalon_board_export_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
