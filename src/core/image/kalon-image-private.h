/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of this folder share: decoders, metadata, colour, orientation. */

#include "image/kalon-image.h"

G_BEGIN_DECLS

/* How a format is recognised: by content, never by name. */
typedef enum
{
  KALON_SNIFFED_OTHER,
  KALON_SNIFFED_JPEG,
  KALON_SNIFFED_GIF,
  KALON_SNIFFED_TIFF, /* also the shell of most camera RAW */
  KALON_SNIFFED_RAW,  /* RAW by its own magic: CR2, RAF, ORF, RW2, CR3, ... */
  KALON_SNIFFED_HEIF,
  KALON_SNIFFED_AVIF,
  KALON_SNIFFED_WEBP,
  KALON_SNIFFED_PNG,
  KALON_SNIFFED_JXL,
} KalonSniffed;

#define KALON_SNIFF_SIZE 64

KalonSniffed kalon_sniff (const guint8 *data, gsize size);

gboolean kalon_suffix_is_raw (const char *name);

/* Not icons, cursors and drawings: gdk-pixbuf reads them, but they are no photographs, and a
   home folder holds thousands (docs/decisions/). @format: gdk-pixbuf's name. */
gboolean kalon_format_is_photographic (const char *format);

/**
 * KalonDecoded: what a decoder gives: pixels as stored, and what is left to do with them.
 */
typedef struct
{
  KalonImage *image;   /* RGB in the colours of @profile */
  GBytes *profile;     /* (nullable): the embedded ICC profile */
  int orientation;     /* EXIF, 1 to 8; 0 unknown */
  guint width, height; /* of the full picture, as stored */
  char *format;        /* gdk-pixbuf's name */
} KalonDecoded;

void kalon_decoded_clear (KalonDecoded *decoded);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonDecoded, kalon_decoded_clear)

/* Both need not have a picture's suffix nor whole data; @decoded must be zeroed. */
gboolean kalon_decode_jpeg (const guint8 *data, gsize size, guint min_side, KalonDecoded *decoded,
                            GCancellable *cancellable, GError **error);
/* Refuses what is truncated, or too large, by its structure, and cuts @size down to what is needed
   of it (of a GIF the first frame): loaders pass over the one and take all of the other. */
gboolean
kalon_check_container (KalonSniffed sniffed, const guint8 *data, gsize *size, GError **error);

/* Format and size from the head of the file open at @fd, whose pixels are not decoded. */
gboolean kalon_describe_pixbuf (int fd, char **format, guint *width, guint *height, GError **error);
gboolean kalon_decode_pixbuf (const guint8 *data, gsize size, KalonDecoded *decoded,
                              GCancellable *cancellable, GError **error);

/* Sets %KALON_ERROR_TOO_LARGE or, for an empty side, %KALON_ERROR_INVALID_DATA. */
gboolean kalon_check_dimensions (guint64 width, guint64 height, GError **error);

/* (transfer full) (nullable): as kalon_image_new(), for sizes that a file may choose. */
KalonImage *kalon_image_try_new (guint width, guint height, GError **error);

/* An image whose pixels lie in memory of @owner, which is unreferenced with it. */
KalonImage *kalon_image_new_owned (guint width, guint height, guint8 *pixels, GObject *owner);

/* One of @path and @bytes is set. gexiv2 is entered by one thread at a time. */
typedef struct
{
  const char *path;
  GBytes *bytes;
} KalonSource;

/* @info (nullable) gets date, camera and lens; returns the EXIF orientation, 0 when unknown. */
int kalon_metadata_read (const KalonSource *source, KalonImageInfo *info);
gboolean kalon_metadata_is_raw (const KalonSource *source);
/* (transfer full): the largest embedded preview, a JPEG in all cameras of today. */
GBytes *kalon_metadata_dup_preview (const KalonSource *source, GError **error);
gboolean kalon_metadata_read_preview_size (const KalonSource *source, guint *width, guint *height,
                                           GError **error);

/* (transfer full) (nullable): what the profile calls itself. */
char *kalon_colour_dup_profile_name (GBytes *profile);
/* In place; an unusable profile, or one for other than RGB or grey pixels, changes nothing. */
void kalon_colour_to_srgb (KalonImage *image, GBytes *profile);
/* @cmyk: [n, 4], 0 = no ink; without a profile as Pillow converts. @rgb: [n, 3] */
void kalon_colour_cmyk_to_srgb (const guint8 *cmyk, gsize n, GBytes *profile, guint8 *rgb);

/* (transfer full) (nullable): upright; takes @image. */
KalonImage *kalon_image_orient (KalonImage *image, int orientation, GError **error);

/**
 * kalon_image_resample:
 * The part [y, y + part_height) x [x, x + part_width) of what kalon_image_resize() to
 * @width x @height gives; no other row or column is computed.
 */
KalonImage *kalon_image_resample (const KalonImage *image, guint width, guint height, guint x,
                                  guint y, guint part_width, guint part_height);

G_END_DECLS
