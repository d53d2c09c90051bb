/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <math.h>

/* Below this chroma nobody would call the average a colour. */
#define NEUTRAL_CHROMA 8.0

/* "not colourful" and "quite colourful" of Hasler and Suesstrunk (2003), who had people say so of
 * pictures: 0 and 59; what a grey picture gets from compression in colour is a little over 0. */
#define MONOCHROME 6.0
#define VIVID 59.0

typedef enum
{
  RED,
  ORANGE,
  BROWN,
  BEIGE,
  YELLOW,
  GREEN,
  TEAL,
  BLUE,
  PURPLE,
  PINK,
  BLACK,
  GREY,
  WHITE,
  DARK,
  LIGHT,
  IS_MONOCHROME,
  IS_VIVID,
} Colour;

static double
linear (guint8 value)
{
  double v = value / 255.0;

  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

static double
lab_f (double t)
{
  return t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
}

/* sRGB to CIELAB of D65, as lightness 0 to 100, chroma, and hue in degrees from 0 to 360. */
static void
to_lch (guint32 rgb, double *lightness, double *chroma, double *hue)
{
  double r = linear (rgb >> 16 & 255), g = linear (rgb >> 8 & 255), b = linear (rgb & 255);
  double x = lab_f ((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  double y = lab_f (0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  double z = lab_f ((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
  double degrees = atan2 (200 * (y - z), 500 * (x - y)) * 180 / G_PI;

  *lightness = 116 * y - 16;
  *chroma = hypot (500 * (x - y), 200 * (y - z));
  *hue = degrees < 0 ? degrees + 360 : degrees;
}

/* The one name of a colour. Sectors of hue end half way between what the names' pure forms have
 * (sRGB red is at 40, orange 66, yellow 103, green 136, cyan 196, blue 306, magenta 328, pink 0);
 * blue begins where skies do. */
static Colour
name_colour (double lightness, double chroma, double hue)
{
  if (lightness < 10 || (chroma < NEUTRAL_CHROMA && lightness < 20))
    return BLACK;
  if (chroma < NEUTRAL_CHROMA)
    return lightness > 85 ? WHITE : GREY;
  if (hue >= 335 || hue < 20)
    return PINK;
  if (hue >= 300)
    return PURPLE;
  if (hue >= 225)
    return BLUE;
  if (hue >= 165)
    return TEAL;
  if (hue >= 108)
    return GREEN;
  /* What is left is warm: dull ones are earth or grass, and light dull ones sand. */
  if (chroma < 30)
    {
      if (hue >= 98)
        return GREEN;
      if (lightness >= 65)
        return hue < 45 ? PINK : BEIGE;
      return hue < 35 && chroma >= 20 ? RED : BROWN;
    }
  if (hue >= 45 && hue < 95 && lightness < 45 && chroma < 45)
    return BROWN;
  if (hue < 50)
    return RED;
  if (hue >= 98 && lightness < 70)
    return GREEN;
  return hue < 82 ? ORANGE : YELLOW;
}

guint32
kalon_filter_find_colours (guint32 average, double colourfulness)
{
  double lightness, chroma, hue;
  guint32 colours;

  to_lch (average, &lightness, &chroma, &hue);
  colours = 1u << name_colour (lightness, chroma, hue);
  if (lightness < 25)
    colours |= 1u << DARK;
  if (lightness > 70)
    colours |= 1u << LIGHT;
  if (colourfulness < MONOCHROME)
    colours |= 1u << IS_MONOCHROME;
  if (colourfulness >= VIVID)
    colours |= 1u << IS_VIVID;
  return colours;
}
