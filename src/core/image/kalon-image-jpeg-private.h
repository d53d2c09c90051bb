/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include <jpeglib.h>

#include "image/kalon-image.h"

G_BEGIN_DECLS

/**
 * kalon_jpeg_decode_eighth:
 * @cinfo: behind jpeg_read_header(), with scale_denom 8
 * @data: the bytes behind the header of the first scan
 *
 * What libjpeg gives at the DCT scale 1/8, pixel for pixel, in half the time, for what cameras
 * write: baseline Huffman, one interleaved scan, grey or YCbCr (docs/decisions/0003-jpeg.md).
 *
 * Returns: (transfer full) (nullable): %NULL when the file is of another kind, is damaged in any
 *   way, or @cancellable was cancelled: libjpeg shall decode it, or say what is wrong
 */
KalonImage *kalon_jpeg_decode_eighth (j_decompress_ptr cinfo, const guint8 *data, gsize size,
                                      GCancellable *cancellable);

/**
 * kalon_jpeg_drop_scans:
 * @cinfo: behind jpeg_read_header()
 * @data: [size], the file
 *
 * A progressive file without the scans that have no effect at the DCT scale 1/8: most of it.
 *
 * Returns: (transfer full) (nullable): %NULL when its markers do not lead to its end
 */
GByteArray *kalon_jpeg_drop_scans (j_decompress_ptr cinfo, const guint8 *data, gsize size);

G_END_DECLS
