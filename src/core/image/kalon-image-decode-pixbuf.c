/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every format but JPEG: gdk-pixbuf's loaders, fed in pieces so that they can be cancelled. */
#include "image/kalon-image-private.h"

#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "errors/kalon-errors.h"

#define CHUNK (256 * 1024)

/* Laid on white, rounded as Pillow's alpha_composite() on an opaque ground rounds. */
static inline guint8
on_white (guint8 value, guint8 alpha)
{
  const guint blend = value * alpha + 255u * (255u - alpha) + 128;

  return (blend + (blend >> 8)) >> 8;
}

/* Packs the rows to three bytes a pixel inside the pixbuf's own memory, which @pixbuf's only
   owner may do: a second copy of a large picture is what runs a machine out of memory. */
static KalonImage *
pack (GdkPixbuf *pixbuf)
{
  const guint width = gdk_pixbuf_get_width (pixbuf);
  const guint height = gdk_pixbuf_get_height (pixbuf);
  const gsize stride = gdk_pixbuf_get_rowstride (pixbuf);
  guint8 *pixels = gdk_pixbuf_get_pixels (pixbuf);
  guint8 *to = pixels;

  for (guint y = 0; y < height; y++)
    {
      const guint8 *from = pixels + y * stride;

      if (!gdk_pixbuf_get_has_alpha (pixbuf))
        {
          memmove (to, from, (gsize) width * 3);
          to += (gsize) width * 3;
          continue;
        }
      for (guint x = 0; x < width; x++, from += 4, to += 3)
        {
          const guint8 alpha = from[3];

          to[0] = on_white (from[0], alpha);
          to[1] = on_white (from[1], alpha);
          to[2] = on_white (from[2], alpha);
        }
    }
  return kalon_image_new_owned (width, height, pixels, G_OBJECT (pixbuf));
}

typedef struct
{
  guint width, height;
  GError *error;
} Size;

/* A size of zero makes a loader stop before it allocates the picture. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, Size *size)
{
  size->width = MAX (width, 0);
  size->height = MAX (height, 0);
  if (size->error == NULL && !kalon_check_dimensions (size->width, size->height, &size->error))
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

/* The bytes up to the end of the first frame; a GIF of hundreds would be held in memory whole. */
static gsize
gif_first_frame (const guint8 *data, gsize size)
{
  gsize at = 13;

  if (size < at)
    return size;
  if (data[10] & 0x80)
    at += 3u << ((data[10] & 7) + 1);
  while (at < size && data[at] != 0x3b)
    {
      const gboolean image = data[at] == 0x2c;

      if (image)
        {
          if (size - at < 11)
            return size;
          at += (data[at + 9] & 0x80 ? 3u << ((data[at + 9] & 7) + 1) : 0) + 11;
        }
      else
        at += 2;
      while (at < size && data[at] != 0)
        at += data[at] + 1;
      at++;
      if (image)
        return MIN (at, size);
    }
  return size;
}

static gboolean
feed (GdkPixbufLoader *loader, const guint8 *data, gsize size, GCancellable *cancellable,
      GError **error)
{
  for (gsize at = 0; at < size; at += CHUNK)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !gdk_pixbuf_loader_write (loader, data + at, MIN (CHUNK, size - at), error))
      return FALSE;
  return TRUE;
}

/* gdk-pixbuf's reasons in our domain, with what to do next. */
static void
translate_error (GError **error, const GError *reason, KalonSniffed sniffed)
{
  static const struct
  {
    KalonSniffed sniffed;
    const char *hint;
  } hints[] = {
    { KALON_SNIFFED_WEBP, "WebP needs the package webp-pixbuf-loader" },
    { KALON_SNIFFED_BMFF, "HEIC and AVIF need the package heif-gdk-pixbuf" },
    { KALON_SNIFFED_JXL,
      "JPEG XL needs libjxl's gdk-pixbuf loader, which Debian 12 does not have" },
  };

  if (reason->domain != GDK_PIXBUF_ERROR)
    g_propagate_error (error, g_error_copy (reason));
  else if (reason->code == GDK_PIXBUF_ERROR_UNKNOWN_TYPE)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (hints); i++)
        if (hints[i].sniffed == sniffed)
          {
            g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                         "No loader is installed: %s. Install it and index again.", hints[i].hint);
            return;
          }
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "This is not a picture of any known format. Check what it is, or remove it.");
    }
  else if (reason->code == GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY)
    g_set_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE,
                 "Not enough memory to decode it (%s). Close other programs or shrink it.",
                 reason->message);
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                 "The picture is corrupt or truncated (%s). Copy it again from where it came.",
                 reason->message);
}

static void
read_options (GdkPixbuf *pixbuf, KalonDecoded *decoded)
{
  const char *orientation = gdk_pixbuf_get_option (pixbuf, "orientation");
  const char *profile = gdk_pixbuf_get_option (pixbuf, "icc-profile");

  decoded->orientation = orientation != NULL ? atoi (orientation) : 0;
  if (profile != NULL)
    {
      gsize size = 0;
      guchar *data = g_base64_decode (profile, &size);

      decoded->profile = g_bytes_new_take (data, size);
    }
}

gboolean
kalon_decode_pixbuf (const guint8 *data, gsize size, KalonDecoded *decoded,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GError) reason = NULL;
  const KalonSniffed sniffed = kalon_sniff (data, size);
  Size prepared = { 0 };
  gboolean fed = FALSE;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &prepared);
  fed = feed (loader, data, sniffed == KALON_SNIFFED_GIF ? gif_first_frame (data, size) : size,
              cancellable, &reason);
  /* The loader must be closed whatever happened; the first reason is the one to tell. */
  if (!gdk_pixbuf_loader_close (loader, reason == NULL ? &reason : NULL))
    fed = FALSE;

  if (prepared.error != NULL)
    {
      g_propagate_error (error, prepared.error);
      return FALSE;
    }
  if (!fed)
    {
      translate_error (error, reason, sniffed);
      return FALSE;
    }
  decoded->format = gdk_pixbuf_format_get_name (gdk_pixbuf_loader_get_format (loader));
  if (!kalon_format_is_photographic (decoded->format))
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED,
                   "Icons and drawings are not indexed. Export it as PNG if it should be found.");
      return FALSE;
    }
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "The file holds no picture. Copy it again from where it came.");
      return FALSE;
    }
  g_object_ref (pixbuf);
  decoded->width = prepared.width;
  decoded->height = prepared.height;
  read_options (pixbuf, decoded);
  decoded->image = pack (g_steal_pointer (&pixbuf));
  return TRUE;
}

gboolean
kalon_describe_pixbuf (const char *path, char **format, guint *width, guint *height, GError **error)
{
  int w = 0, h = 0;
  GdkPixbufFormat *found = gdk_pixbuf_get_file_info (path, &w, &h);

  if (found == NULL || w <= 0 || h <= 0)
    {
      g_set_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA,
                   "This is not a picture of any format that an installed loader reads. Check "
                   "what it is, or remove it.");
      return FALSE;
    }
  *format = gdk_pixbuf_format_get_name (found);
  *width = w;
  *height = h;
  return TRUE;
}
