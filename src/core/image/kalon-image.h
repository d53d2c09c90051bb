/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Pictures: decoding through libjpeg and gdk-pixbuf's loaders, upright (EXIF orientation applied),
 * in sRGB (embedded ICC profile converted by lcms2), 8-bit RGB, transparency laid on white. Resize,
 * centre crop and normalisation give what Pillow gives.
 *
 * All functions may be called from any thread; a KalonImage is used by one at a time.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/* Pictures beyond this are refused with %KALON_ERROR_TOO_LARGE before any pixel is allocated. */
#define KALON_IMAGE_MAX_PIXELS (G_GUINT64_CONSTANT (600) * 1000 * 1000)

typedef struct
{
  guint width;
  guint height;
  guint8 *pixels; /* [height, width, 3], tightly packed */
} KalonImage;

KalonImage *kalon_image_new (guint width, guint height);
void kalon_image_free (KalonImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonImage, kalon_image_free)

/**
 * KalonImageInfo:
 * What the file says of itself, read without decoding its pixels where the format allows.
 * Width and height are those of the upright picture. Strings are %NULL and numbers 0 where unknown.
 */
typedef struct
{
  guint width;
  guint height;
  char *format;    /* "jpeg", "png", ... gdk-pixbuf's name; "raw" for an embedded preview */
  gint64 taken_at; /* EXIF DateTimeOriginal as local time, in seconds since 1970; 0 unknown */
  char *camera;    /* "Make Model", the make not repeated */
  char *lens;
  double exposure; /* seconds */
  double f_number;
  double focal_length; /* millimetres */
  guint iso;
  gboolean has_position;
  double latitude, longitude; /* degrees, north and east positive; with @has_position */
  char *profile;              /* description of the embedded colour profile; only by a decoder */
} KalonImageInfo;

/* (transfer full) */
KalonImageInfo *kalon_image_info_copy (const KalonImageInfo *info);
void kalon_image_info_free (KalonImageInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonImageInfo, kalon_image_info_free)

/**
 * kalon_image_load:
 * @path: a local file
 * @min_side: a JPEG is decoded at the smallest DCT scale (1/8, 1/4, 1/2) whose shorter side is
 * still at least this many pixels; 0 decodes in full. Other formats are always decoded in full.
 * @info: (out) (transfer full) (optional): filled with the full picture's data
 *
 * GIF and other animations give their first frame, camera RAW its largest embedded preview.
 * Errors: %KALON_ERROR_INVALID_DATA (corrupt, truncated, empty, wrong content),
 * %KALON_ERROR_UNSUPPORTED (no loader; the message names the Debian package where one exists),
 * %KALON_ERROR_TOO_LARGE, or G_IO_ERROR for the file itself.
 */
KalonImage *kalon_image_load (const char *path, guint min_side, KalonImageInfo **info,
                              GCancellable *cancellable, GError **error);
KalonImage *kalon_image_load_bytes (GBytes *bytes, guint min_side, KalonImageInfo **info,
                                    GCancellable *cancellable, GError **error);

/* (transfer full): metadata alone. */
KalonImageInfo *kalon_image_read_info (const char *path, GError **error);

/**
 * kalon_image_is_candidate:
 * %TRUE when the name's suffix is RAW's, that of a photographic format (of which the loader may be
 * missing: then loading says so), or one that some installed loader reads. Icons, cursors and
 * drawings (ICO, SVG, XPM, ...) are no candidates.
 */
gboolean kalon_image_is_candidate (const char *name);

/**
 * kalon_image_resize:
 * Bicubic (a = -0.5) with antialiasing, in two passes of 8-bit results as Pillow's
 * Image.resize (BICUBIC) does; equal to it within one step of 255.
 */
KalonImage *kalon_image_resize (const KalonImage *image, guint width, guint height);

/* The part at (x, y); it must lie inside. */
KalonImage *kalon_image_crop (const KalonImage *image, guint x, guint y, guint width, guint height);

/**
 * KalonPreprocess:
 * A CLIP model's preprocessor_config.json: resize so that the shorter side is @resize (or, with
 * @squash, to @resize x @resize whatever the aspect ratio), cut the centre @crop x @crop, scale
 * to 0..1, subtract @mean, divide by @std.
 */
typedef struct
{
  guint resize;
  guint crop;
  float mean[3];
  float std[3];
  gboolean squash;
} KalonPreprocess;

/**
 * kalon_image_preprocess:
 * @out: [3, crop, crop]
 *
 * Sizes and offsets are rounded as transformers' CLIPImageProcessor rounds them.
 */
void
kalon_image_preprocess (const KalonImage *image, const KalonPreprocess *preprocess, float *out);

/**
 * kalon_image_get_perceptual_hash:
 * 64-bit DCT hash (pHash, Zauner 2010): near-duplicates differ in few bits. 0 when the picture
 * has no detail in both directions (one colour, a plain gradient): that says nothing of likeness.
 */
guint64 kalon_image_get_perceptual_hash (const KalonImage *image);

/**
 * KalonColourStatistics: from a small copy of the picture, in CIELAB (D65) and HSV terms.
 */
typedef struct
{
  guint8 average[3];   /* sRGB */
  float luminance;     /* mean L*, 0..100 */
  float contrast;      /* standard deviation of L* */
  float colourfulness; /* Hasler and Suesstrunk 2003 */
} KalonColourStatistics;

void kalon_image_get_colour_statistics (const KalonImage *image, KalonColourStatistics *statistics);

/* (transfer full): as a JPEG file's bytes; quality 1 to 100. */
GBytes *kalon_image_encode_jpeg (const KalonImage *image, int quality, GError **error);
/* Written to a temporary file in the same directory and renamed; quality 1 to 100. */
gboolean
kalon_image_save_jpeg (const KalonImage *image, const char *path, int quality, GError **error);
gboolean kalon_image_save_png (const KalonImage *image, const char *path, GError **error);

G_END_DECLS
