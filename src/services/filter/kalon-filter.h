/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Filters: what pictures must have beside looking like what is searched for, as a line of text.
 *
 *   date:2019..2021 -camera:nokia folder:"Summer Trip",Alps size:>=2MP
 *
 * Clauses with blanks between, all of which must hold; in a clause values with commas between, of
 * which one must. "-" or "not " in front of a clause turns it round: what the clause does not
 * match, and so also pictures of which the fact is not known. A value with a blank, a comma or a
 * quote in it stands in double quotes, a quote in it twice. Names and words may be in either case.
 * The grammar, for users: docs/filters.md. What each kind of clause means: KalonFilterKind.
 *
 * A KalonFilter is immutable and counted: any thread. Errors are %KALON_ERROR_ARGUMENT with the
 * part that is wrong and what is allowed there.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KalonFilterKind:
 * @KALON_FILTER_FOLDER: "/a/b", "~/b" or a file:// address: in that folder or below it; with "/" at
 *   the end only in it, not below. "b" or "a/b": in or below any folder of that name, in either
 *   case; likewise "b/"
 * @KALON_FILTER_DATE: the day taken, of a picture that does not say so the day its file was changed
 *   (local time): "2021", "2021-07", "2021-07-14", "today", "yesterday", "this-week" (from Monday),
 *   "last-week", and so on with month and year; "A..B", "A..", "..B", whole days, months and years
 *   at both ends
 * @KALON_FILTER_CAMERA, @KALON_FILTER_LENS: part of its name, in either case
 * @KALON_FILTER_NAME: part of the file's name, in either case; with "*" or "?" in it, all of the
 *   name, where they stand for any characters and for one
 * @KALON_FILTER_ORIENTATION: "landscape", "portrait"; "square": the sides differ by at most 5 % of
 *   the longer one; "panorama": a landscape at least twice as wide as high
 * @KALON_FILTER_SIZE: "MP": millions of pixels; "px": the longer side; "B", "kB", "MB", "GB": the
 *   file, in powers of 1000. ">=2MP", ">2MP", "<=", "<", "1..5MP", "1MP..", "..5MP"; "2MP" is at
 *   least that
 * @KALON_FILTER_COLOUR: of the picture as a whole, see kalon_filter_find_colours()
 * @KALON_FILTER_LIKED: by the thumbs of the active profile, for whatever query: "yes" (also "up"):
 *   a thumb up; "down": a thumb down; "no": no thumb up; "none": neither
 * @KALON_FILTER_FORMAT: of the file's content
 * @KALON_FILTER_AESTHETIC: the aesthetic score, about 0 to 10; numbers as for size, without unit
 */
typedef enum
{
  KALON_FILTER_FOLDER,
  KALON_FILTER_DATE,
  KALON_FILTER_CAMERA,
  KALON_FILTER_LENS,
  KALON_FILTER_NAME,
  KALON_FILTER_ORIENTATION,
  KALON_FILTER_SIZE,
  KALON_FILTER_COLOUR,
  KALON_FILTER_LIKED,
  KALON_FILTER_FORMAT,
  KALON_FILTER_AESTHETIC,
} KalonFilterKind;
#define KALON_N_FILTER_KINDS (KALON_FILTER_AESTHETIC + 1)

/* What stands before the colon: "folder", "date", ... */
const char *kalon_filter_kind_get_name (KalonFilterKind kind);
/* (nullable): the values that there are of orientation, colour, liked and format,
 * %NULL-terminated; %NULL for the others, which take more than can be listed. */
const char *const *kalon_filter_kind_get_choices (KalonFilterKind kind);

/* The numbers of choices that a caller has to tell apart. */
typedef enum
{
  KALON_ORIENTATION_LANDSCAPE,
  KALON_ORIENTATION_PORTRAIT,
  KALON_ORIENTATION_SQUARE,
  KALON_ORIENTATION_PANORAMA,
} KalonOrientation;

typedef enum
{
  KALON_LIKED_YES,
  KALON_LIKED_NO,
  KALON_LIKED_DOWN,
  KALON_LIKED_NONE,
} KalonLiked;

typedef enum
{
  KALON_SIZE_PIXELS, /* the whole picture's */
  KALON_SIZE_SIDE,   /* pixels of the longer side */
  KALON_SIZE_BYTES,
} KalonSizeMeasure;

/**
 * KalonFilterValue:
 * @text: canonical, without quotes
 * @choice: number among kalon_filter_kind_get_choices()
 * @key: (nullable): of a name, what is looked for, folded: "/b/" of a folder, which has no @path
 * @path: (nullable): of a folder that is named in full, without "/" at its end
 * @only: of a folder: not what is below it
 * @from, @to: of a date, both included; not valid (g_date_valid()) where that end is open
 * @measure: of a size
 * @min, @max: of a size or score, both included; infinite where that end is open
 */
typedef struct
{
  char *text;
  guint choice;
  char *key;
  char *path;
  gboolean only;
  GDate from, to;
  KalonSizeMeasure measure;
  double min, max;
} KalonFilterValue;

typedef struct
{
  KalonFilterKind kind;
  gboolean negated;
  GPtrArray *values; /* KalonFilterValue, at least one */
} KalonFilterClause;

typedef struct _KalonFilter KalonFilter;

#define KALON_FILTER_MAX_LENGTH 4096 /* bytes */

/**
 * kalon_filter_parse:
 * @text: blank text is the filter without clauses, which every picture passes
 * @now: (nullable): what "today" is reckoned from; %NULL is now
 *
 * Words like "last-week" are reckoned here, and written as they are by kalon_filter_to_string().
 */
KalonFilter *kalon_filter_parse (const char *text, GDateTime *now, GError **error);
/* (transfer full): @self while the day is the one that it was reckoned on, else it reckoned anew.
 */
KalonFilter *kalon_filter_renew (const KalonFilter *self, GDateTime *now);

/**
 * kalon_filter_extract:
 * @text: words of a query, with filters among them: "lake date:2021 at dawn"
 * @rest: (out) (transfer full): the other words, one blank between: "lake at dawn"; @text as it is
 *   when there is no filter in it
 *
 * Takes what is a filter without a flaw; all else is words, so that there is no error.
 *
 * Returns: (transfer full): without clauses when there were none
 */
KalonFilter *kalon_filter_extract (const char *text, GDateTime *now, char **rest);

KalonFilter *kalon_filter_ref (const KalonFilter *self);
void kalon_filter_unref (KalonFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonFilter, kalon_filter_unref)

/* (transfer full): canonical: parsed again it is the same filter; "" without clauses. */
char *kalon_filter_to_string (const KalonFilter *self);
/* Same clauses in the same order; either may be %NULL, which is as good as one without clauses. */
gboolean kalon_filter_equal (const KalonFilter *a, const KalonFilter *b);

guint kalon_filter_get_n_clauses (const KalonFilter *self);
/* (transfer none): as long as @self lives. */
const KalonFilterClause *kalon_filter_get_clause (const KalonFilter *self, guint i);
/* (transfer full): "-camera:nokia" */
char *kalon_filter_clause_to_string (const KalonFilterClause *clause);
/* (transfer none) (nullable): the first clause of that kind that is not negated. */
const KalonFilterClause *kalon_filter_find (const KalonFilter *self, KalonFilterKind kind);

/* Any clause of that kind, negated or not. */
gboolean kalon_filter_has (const KalonFilter *self, KalonFilterKind kind);

/* (transfer full): others, @self stays as it is. */
KalonFilter *kalon_filter_without_clause (const KalonFilter *self, guint i);
/* Both must hold: the clauses of @self, then those of @other that it does not have. */
KalonFilter *kalon_filter_with (const KalonFilter *self, const KalonFilter *other);
/**
 * kalon_filter_with_values:
 * @values: %NULL-terminated, without quotes; none at all takes the clause away
 *
 * Returns: (transfer full) (nullable): @self with one clause of these values in place of all its
 *   clauses of @kind that are not negated; %NULL with @error when a value is none of that kind
 */
KalonFilter *kalon_filter_with_values (const KalonFilter *self, KalonFilterKind kind,
                                       const char *const *values, GDateTime *now, GError **error);

/*
 * Matching. The library (library/) has most kinds of clause answered by its database; of the
 * others this is the definition.
 */

/**
 * KalonFilterFacts: what is known of a picture.
 * @path: absolute
 * @camera, @lens: (nullable)
 * @average: 0xRRGGBB, @colourfulness: see KalonColourStatistics
 * @thumb_up, @thumb_down: there is one, in the active profile
 */
typedef struct
{
  const char *path;
  const char *camera;
  const char *lens;
  guint32 average;
  double colourfulness;
  gboolean thumb_up;
  gboolean thumb_down;
} KalonFilterFacts;

/* Of folder, camera, lens, name, colour and liked; @clause->negated counts. */
gboolean
kalon_filter_clause_matches (const KalonFilterClause *clause, const KalonFilterFacts *facts);

/**
 * kalon_filter_find_colours:
 *
 * Returns: which of the choices of %KALON_FILTER_COLOUR a picture of these numbers has: bit i is
 *   choice i
 */
guint32 kalon_filter_find_colours (guint32 average, double colourfulness);

G_END_DECLS
