/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board-export/kalon-board-export-private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <glib/gstdio.h>

#include "image/kalon-image.h"

/* Dots per inch. On paper nobody sees more; a page on a screen is 1240 pixels wide. */
#define PRINT_RESOLUTION 300.
#define SCREEN_RESOLUTION 150.
#define JPEG_QUALITY 92

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_t, cairo_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_surface_t, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Layout, layout_free)

/* (transfer full) (nullable): the picture, no larger than @width x @height needs */
static KalonImage *
load_picture (const char *path, guint width, guint height, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (KalonImage) image
      = kalon_image_load (path, MIN (width, height), NULL, cancellable, error);
  KalonImage *small;
  double scale;

  if (image == NULL)
    return NULL;
  scale = MIN ((double) width / image->width, (double) height / image->height);
  if (scale >= 1)
    return g_steal_pointer (&image);
  small = kalon_image_resize (image, MAX (1, (guint) lround (image->width * scale)),
                              MAX (1, (guint) lround (image->height * scale)));
  return small;
}

static void
drop_bytes (gpointer bytes)
{
  g_bytes_unref (bytes);
}

/* (transfer full): @image for cairo. @compressed: a PDF takes it as the JPEG that it then also is,
 * a tenth of the size. */
static cairo_surface_t *
make_surface (const KalonImage *image, gboolean compressed)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) image->width, (int) image->height);
  guint8 *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  GBytes *jpeg = compressed ? kalon_image_encode_jpeg (image, JPEG_QUALITY, NULL) : NULL;

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_flush (surface);
      for (guint y = 0; y < image->height; y++)
        {
          const guint8 *from = image->pixels + (gsize) y * image->width * 3;
          guint32 *to = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);

          for (guint x = 0; x < image->width; x++, from += 3)
            to[x] = (guint32) from[0] << 16 | (guint32) from[1] << 8 | from[2];
        }
      cairo_surface_mark_dirty (surface);
    }
  if (jpeg != NULL)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (jpeg, &size);

      if (cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, bytes, size, drop_bytes, jpeg)
          != CAIRO_STATUS_SUCCESS)
        g_bytes_unref (jpeg);
    }
  return surface;
}

/* On the caption: at the bottom of @box, where rows begin; as large as goes. */
static void
draw_image (cairo_t *cr, const KalonImage *image, const cairo_rectangle_t *box,
            gboolean right_to_left, gboolean compressed)
{
  g_autoptr (cairo_surface_t) surface = make_surface (image, compressed);
  double scale = MIN (box->width / image->width, box->height / image->height);

  /* An icon is not blown up: a pixel is a point at most. */
  scale = MIN (scale, 1);
  cairo_save (cr);
  cairo_translate (cr, box->x + (right_to_left ? box->width - image->width * scale : 0),
                   box->y + box->height - image->height * scale);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BEST);
  /* For edges as sharp as the rest; a PDF would get a copy with its own edges, not the JPEG. */
  if (!compressed)
    cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_rectangle (cr, 0, 0, image->width, image->height);
  cairo_fill_preserve (cr);
  /* White ones end somewhere too. */
  cairo_set_source_rgba (cr, 0, 0, 0, 0.15);
  cairo_set_line_width (cr, 0.4 / scale);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* An empty frame with a stroke through it, where a picture should be. */
static void
draw_gap (cairo_t *cr, const cairo_rectangle_t *box)
{
  cairo_save (cr);
  cairo_rectangle (cr, box->x + 0.5, box->y + 0.5, box->width - 1, box->height - 1);
  cairo_set_source_rgb (cr, 0.96, 0.96, 0.96);
  cairo_fill_preserve (cr);
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.75);
  cairo_set_line_width (cr, 0.5);
  cairo_move_to (cr, box->x + 0.5, box->y + box->height - 0.5);
  cairo_line_to (cr, box->x + box->width - 0.5, box->y + 0.5);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static gboolean
draw_pictures (Export *self, Layout *layout, cairo_t *cr, guint page, double resolution,
               gboolean compressed, GError **error)
{
  guint first, n;

  layout_get_items (layout, page, &first, &n);
  for (guint i = first; i < first + n; i++)
    {
      const KalonBoardItem *item = export_get_item (self, i);
      g_autoptr (GError) reason = NULL;
      g_autoptr (KalonImage) image = NULL;
      cairo_rectangle_t box;

      if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      layout_get_box (layout, i, &box);
      image
          = load_picture (item->path, (guint) ceil (box.width / 72 * resolution),
                          (guint) ceil (box.height / 72 * resolution), self->cancellable, &reason);
      if (image != NULL)
        draw_image (cr, image, &box, self->options->right_to_left, compressed);
      else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      else
        draw_gap (cr, &box);
      export_step (self, item->path, reason);
    }
  return TRUE;
}

/* What cairo writes to, and why it could not. */
typedef struct
{
  int file;
  int code;
} Sink;

static cairo_status_t
write_to (void *closure, const unsigned char *data, unsigned int length)
{
  Sink *sink = closure;

  if (sink->code == 0 && !export_write (sink->file, data, length))
    sink->code = errno;
  return sink->code == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static gboolean
check (const Export *self, cairo_status_t status, const Sink *sink, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS && sink->code == 0)
    return TRUE;
  if (sink->code != 0)
    return export_fail (self->destination, sink->code, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The contact sheet cannot be drawn: %s.",
               cairo_status_to_string (status));
  return FALSE;
}

static void
describe (const Export *self, cairo_surface_t *surface)
{
  const KalonBoard *board = self->contents->board;
  g_autoptr (GDateTime) changed = g_date_time_new_from_unix_utc (board->changed / G_USEC_PER_SEC);
  g_autofree char *date
      = changed != NULL ? g_date_time_format (changed, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, board->name);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Kalon");
  /* The same board makes the same file. */
  if (date != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

gboolean
export_pdf (Export *self, int file, GError **error)
{
  g_autoptr (Layout) layout = layout_new (self, FALSE);
  g_autoptr (cairo_surface_t) surface = NULL;
  g_autoptr (cairo_t) cr = NULL;
  Sink sink = { file, 0 };
  double width, height;

  layout_get_size (layout, 0, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (write_to, &sink, width, height);
  describe (self, surface);
  cr = cairo_create (surface);
  self->exported->n_pages = layout_get_n_pages (layout);
  for (guint page = 0; page < self->exported->n_pages; page++)
    {
      gboolean done;

      layout_draw_page (layout, cr, page);
      done = draw_pictures (self, layout, cr, page, PRINT_RESOLUTION, TRUE, error);
      if (done)
        cairo_show_page (cr);
      if (!done || !check (self, cairo_status (cr), &sink, error))
        {
          /* Not to write any more, when it is let go. */
          sink.code = sink.code != 0 ? sink.code : ECANCELED;
          return FALSE;
        }
    }
  cairo_surface_finish (surface);
  return check (self, cairo_surface_status (surface), &sink, error);
}

static gboolean
write_page (Export *self, Layout *layout, guint page, const char *path, GError **error)
{
  g_autoptr (cairo_surface_t) surface = NULL;
  g_autoptr (cairo_t) cr = NULL;
  const double scale = SCREEN_RESOLUTION / 72;
  Sink sink = { -1, 0 };
  double width, height;
  cairo_status_t status;

  layout_get_size (layout, page, &width, &height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) lround (width * scale),
                                        (int) lround (height * scale));
  cr = cairo_create (surface);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_scale (cr, scale, scale);
  layout_draw_page (layout, cr, page);
  if (!draw_pictures (self, layout, cr, page, SCREEN_RESOLUTION, FALSE, error))
    return FALSE;
  sink.file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (sink.file < 0)
    return export_fail (self->destination, errno, error);
  status = cairo_surface_write_to_png_stream (surface, write_to, &sink);
  if (close (sink.file) != 0 && sink.code == 0)
    sink.code = errno;
  return check (self, status, &sink, error);
}

gboolean
export_png (Export *self, const char *path, GError **error)
{
  g_autoptr (Layout) layout = layout_new (self, TRUE);

  self->exported->n_pages = layout_get_n_pages (layout);
  for (guint page = 0; page < self->exported->n_pages; page++)
    {
      g_autofree char *name = g_strdup_printf ("%u", page);
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (!write_page (self, layout, page, file, error))
        return FALSE;
    }
  return TRUE;
}
