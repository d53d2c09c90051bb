/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of pictures in the page. */
#include "report/kalon-report-private.h"

#include "image/kalon-image.h"

#include <string.h>

/* In pixels; a panorama is fitted into both. */
#define HEIGHT 160
#define WIDTH 320
/* Many of them are in a page: at this size less quality does not show. */
#define QUALITY 82

/* (transfer full) (nullable): fitted; %NULL where it cannot be read. */
static KalonImage *
load (const char *path, GCancellable *cancellable)
{
  g_autoptr (KalonImage) image = NULL;
  double scale;

  if (strchr (path, G_DIR_SEPARATOR) != NULL)
    image = kalon_image_load (path, WIDTH, NULL, cancellable, NULL);
  if (image == NULL)
    return NULL;
  scale = MIN (HEIGHT / (double) image->height, WIDTH / (double) image->width);
  if (scale >= 1)
    return g_steal_pointer (&image);
  return kalon_image_resize (image, MAX (1, (guint) (image->width * scale + 0.5)),
                             MAX (1, (guint) (image->height * scale + 0.5)));
}

static void
append_image (GString *html, const KalonReportPicture *picture, const char *name,
              GCancellable *cancellable)
{
  g_autoptr (KalonImage) image = load (picture->path, cancellable);
  g_autoptr (GBytes) jpeg = NULL;
  g_autofree char *base64 = NULL;
  gconstpointer data;
  gsize size;

  if (image != NULL)
    jpeg = kalon_image_encode_jpeg (image, QUALITY, NULL);
  if (jpeg == NULL)
    {
      g_string_append (html, "<span class=\"gone\">no picture</span>");
      return;
    }
  data = g_bytes_get_data (jpeg, &size);
  base64 = g_base64_encode (data, size);
  g_string_append (html, "<img alt=\"");
  kalon_html_append (html, name);
  g_string_append_printf (html, "\" width=\"%u\" height=\"%u\" src=\"data:image/jpeg;base64,%s\"/>",
                          image->width, image->height, base64);
}

static void
append_picture (GString *html, const KalonReportPicture *picture, GCancellable *cancellable)
{
  g_autofree char *name = kalon_report_picture_dup_name (picture);

  g_string_append (html, picture->is_marked ? "<li class=\"right\">" : "<li>");
  append_image (html, picture, name, cancellable);
  g_string_append (html, "<span class=\"name\">");
  if (picture->is_marked)
    g_string_append (html,
                     "<span class=\"right-mark\" role=\"img\" aria-label=\"right\">✓</span> ");
  g_string_append (html, "<bdi>");
  kalon_html_append (html, picture->caption != NULL ? picture->caption : name);
  g_string_append (html, "</bdi></span></li>\n");
}

gboolean
kalon_html_append_rows (GString *html, const KalonReportRows *rows, GCancellable *cancellable,
                        GError **error)
{
  g_string_append (html, "<h3 dir=\"auto\">");
  kalon_html_append (html, rows->title);
  g_string_append (html, "</h3>\n");
  for (guint i = 0; i < rows->rows->len; i++)
    {
      const KalonReportPictureRow *row = g_ptr_array_index (rows->rows, i);

      g_string_append (html, "<h4 dir=\"auto\">");
      kalon_html_append (html, row->name);
      g_string_append (html, "</h4>\n<ol class=\"answers\">\n");
      for (guint j = 0; j < row->pictures->len; j++)
        {
          if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
          append_picture (html, g_ptr_array_index (row->pictures, j), cancellable);
        }
      g_string_append (html, "</ol>\n");
    }
  return TRUE;
}
