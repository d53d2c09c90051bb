/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A picture in, a worse one of the same size out. Strengths are those of
 * tools/train-starter/degrade.py, which were set by eye for pictures of 160 pixels.
 */

#include "synthetic/kalon-synthetic-private.h"

G_BEGIN_DECLS

/* @unit: what a pixel of a shorter side of 160 has become: lengths in pixels are multiples of it.
 * @rand is drawn from in the same way whatever @strength is. (transfer full) */
typedef KalonImage *(*KalonSpoilFunc) (const KalonImage *image, double strength, double unit,
                                       GRand *rand);

/* What is lost or added in detail. */
KalonImage *kalon_spoil_blur_by_motion (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_blur_softly (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_make_noisy (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_speckle (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_salt_and_pepper (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_pixelate (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_blow_up (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_tilt (const KalonImage *, double, double, GRand *);

/* What is done to light and colours. */
KalonImage *kalon_spoil_add_haze (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_flatten (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_posterise (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_oversaturate (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_darken_corners (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_add_finger (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_add_bar (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_underexpose (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_overexpose (const KalonImage *, double, double, GRand *);
KalonImage *kalon_spoil_cast_colour (const KalonImage *, double, double, GRand *);

/* To the nearest level. */
guint8 kalon_spoil_clip (double value);
/* sRGB (IEC 61966-2-1) to linear light in 0..1 and back. */
double kalon_spoil_to_light (guint8 value);
guint8 kalon_spoil_from_light (double light);
double kalon_spoil_draw_normal (GRand *rand);

G_END_DECLS
