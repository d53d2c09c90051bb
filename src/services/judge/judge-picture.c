/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/kalon-judge-private.h"

#include <math.h>
#include <string.h>

#include "thumbnails/kalon-thumbnails.h"

/*
 * Drawn pixel by pixel, without fonts: the same bytes on every machine. Pixels: five square fields
 * beside the mark are 1,024 wide. Up to ten pictures stand in lines of five, more in lines of ten.
 */
#define FIELD 184
#define MARK 44
#define GAP 10
#define COLUMNS 5
#define NARROW_FIELD 87
#define BETWEEN 24 /* rows */
/* Pixels of a digit are drawn this large. */
#define DIGIT 6

static const guint8 ground = 0x9a;
static const guint8 ink = 0x10;

/* 5 x 7 pixels, a line in five bits, the leftmost the highest. */
static const guint8 digits[2][7] = {
  { 0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e },
  { 0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f },
};

typedef struct
{
  guint field;
  guint columns;
  guint lines; /* of each row */
} Layout;

static void
fill (KalonImage *image, guint x, guint y, guint width, guint height, guint8 grey)
{
  for (guint row = y; row < y + height; row++)
    memset (image->pixels + ((gsize) row * image->width + x) * 3, grey, (gsize) width * 3);
}

static void
paste (KalonImage *image, const KalonImage *part, guint x, guint y)
{
  for (guint row = 0; row < part->height; row++)
    memcpy (image->pixels + ((gsize) (y + row) * image->width + x) * 3,
            part->pixels + (gsize) row * part->width * 3, (gsize) part->width * 3);
}

static void
draw_digit (KalonImage *image, guint digit, guint x, guint y)
{
  for (guint row = 0; row < 7; row++)
    for (guint column = 0; column < 5; column++)
      if (digits[digit][row] & (0x10 >> column))
        fill (image, x + column * DIGIT, y + row * DIGIT, DIGIT, DIGIT, ink);
}

/* The whole picture, never cropped or enlarged, in the middle of its field. */
static gboolean
draw_answer (KalonImage *image, const char *library_directory, const KalonAnswer *answer,
             guint field, guint x, guint y, GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonImage) thumbnail = kalon_thumbnail_load (
      library_directory, answer->path, answer->content_hash, cancellable, error);
  g_autoptr (KalonImage) small = NULL;
  const KalonImage *shown = thumbnail;
  double scale;

  if (thumbnail == NULL)
    return FALSE;
  scale = (double) field / MAX (thumbnail->width, thumbnail->height);
  if (scale < 1)
    {
      small = kalon_image_resize (thumbnail, MAX (1, (guint) lround (thumbnail->width * scale)),
                                  MAX (1, (guint) lround (thumbnail->height * scale)));
      shown = small;
    }
  paste (image, shown, x + (field - shown->width) / 2, y + (field - shown->height) / 2);
  return TRUE;
}

static void
choose_layout (GPtrArray *const *rows, guint n_rows, Layout *layout)
{
  guint longest = 1;

  for (guint row = 0; row < n_rows; row++)
    longest = MAX (longest, MIN (rows[row]->len, KALON_HPIR_MAX_GROUP));
  layout->columns = longest > 2 * COLUMNS ? 2 * COLUMNS : MIN (longest, COLUMNS);
  layout->field = longest > 2 * COLUMNS ? NARROW_FIELD : FIELD;
  layout->lines = (longest + layout->columns - 1) / layout->columns;
}

KalonImage *
kalon_judge_draw (const char *library_directory, GPtrArray *const *rows, guint n_rows,
                  GCancellable *cancellable, GError **error)
{
  g_autoptr (KalonImage) image = NULL;
  Layout layout;
  guint step, height;

  choose_layout (rows, n_rows, &layout);
  step = layout.field + GAP;
  height = layout.lines * step - GAP;
  image = kalon_image_new (GAP + MARK + layout.columns * step,
                           2 * GAP + n_rows * height + (n_rows - 1) * BETWEEN);
  fill (image, 0, 0, image->width, image->height, ground);
  for (guint row = 0; row < n_rows; row++)
    {
      guint top = GAP + row * (height + BETWEEN);

      draw_digit (image, row, GAP, top + (height - 7 * DIGIT) / 2);
      for (guint i = 0; i < MIN (rows[row]->len, KALON_HPIR_MAX_GROUP); i++)
        if (!draw_answer (image, library_directory, g_ptr_array_index (rows[row], i), layout.field,
                          GAP + MARK + i % layout.columns * step, top + i / layout.columns * step,
                          cancellable, error))
          return NULL;
    }
  return g_steal_pointer (&image);
}
