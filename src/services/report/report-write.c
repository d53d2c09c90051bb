/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/kalon-report-private.h"

#include "errors/kalon-errors.h"
#include "json-text/kalon-json-text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

gboolean
kalon_report_write (const KalonReport *report, const char *directory, GCancellable *cancellable,
                    GError **error)
{
  g_autofree char *page = g_build_filename (directory, KALON_REPORT_PAGE, NULL);
  g_autofree char *data = g_build_filename (directory, KALON_REPORT_DATA, NULL);
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (report != NULL && directory != NULL, FALSE);

  html = kalon_report_to_html (report, cancellable, error);
  if (html == NULL)
    return FALSE;
  if (g_mkdir_with_parents (directory, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   "The folder %s for the report could not be made: %s. Choose another one.",
                   directory, g_strerror (code));
      return FALSE;
    }
  node = kalon_report_to_json (report);
  json = kalon_json_to_text (node);
  /* The numbers first: a page without them can't be checked. */
  return g_file_set_contents (data, json, -1, error) && g_file_set_contents (page, html, -1, error);
}
