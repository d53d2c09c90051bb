/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "search/kalon-filter-label.h"

static const char *const kinds[KALON_N_FILTER_KINDS] = {
  [KALON_FILTER_FOLDER] = N_ ("Folder"),
  [KALON_FILTER_DATE] = N_ ("Date"),
  [KALON_FILTER_CAMERA] = N_ ("Camera"),
  [KALON_FILTER_LENS] = N_ ("Lens"),
  [KALON_FILTER_NAME] = N_ ("File Name"),
  [KALON_FILTER_ORIENTATION] = N_ ("Orientation"),
  [KALON_FILTER_SIZE] = N_ ("Size"),
  [KALON_FILTER_COLOUR] = N_ ("Colour"),
  [KALON_FILTER_LIKED] = N_ ("Thumbs"),
  [KALON_FILTER_FORMAT] = N_ ("Format"),
  [KALON_FILTER_AESTHETIC] = N_ ("Aesthetic Score"),
};

/* In the order of kalon_filter_kind_get_choices(). */
static const char *const orientations[]
    = { N_ ("Landscape"), N_ ("Portrait"), N_ ("Square"), N_ ("Panorama") };
static const char *const colours[]
    = { N_ ("Red"),   N_ ("Orange"), N_ ("Brown"),  N_ ("Beige"),      N_ ("Yellow"), N_ ("Green"),
        N_ ("Teal"),  N_ ("Blue"),   N_ ("Purple"), N_ ("Pink"),       N_ ("Black"),  N_ ("Grey"),
        N_ ("White"), N_ ("Dark"),   N_ ("Light"),  N_ ("Monochrome"), N_ ("Vivid") };
static const char *const liked[]
    = { N_ ("Thumb Up"), N_ ("No Thumb Up"), N_ ("Thumb Down"), N_ ("No Thumb") };
static const char *const formats[]
    = { "JPEG", "PNG", "WebP", "AVIF", "HEIC", "TIFF", "GIF", "RAW", "BMP", "JXL", "PNM", "TGA" };

static const struct
{
  const char *word;
  const char *label;
} date_words[] = {
  { "today", N_ ("Today") },           { "yesterday", N_ ("Yesterday") },
  { "this-week", N_ ("This Week") },   { "last-week", N_ ("Last Week") },
  { "this-month", N_ ("This Month") }, { "last-month", N_ ("Last Month") },
  { "this-year", N_ ("This Year") },   { "last-year", N_ ("Last Year") },
};

const char *
kalon_filter_kind_to_label (KalonFilterKind kind)
{
  g_return_val_if_fail (kind < KALON_N_FILTER_KINDS, NULL);

  return _ (kinds[kind]);
}

const char *
kalon_filter_choice_to_label (KalonFilterKind kind, guint choice)
{
  if (kind == KALON_FILTER_ORIENTATION && choice < G_N_ELEMENTS (orientations))
    return _ (orientations[choice]);
  if (kind == KALON_FILTER_COLOUR && choice < G_N_ELEMENTS (colours))
    return _ (colours[choice]);
  if (kind == KALON_FILTER_LIKED && choice < G_N_ELEMENTS (liked))
    return _ (liked[choice]);
  if (kind == KALON_FILTER_FORMAT && choice < G_N_ELEMENTS (formats))
    return formats[choice];
  g_return_val_if_reached ("");
}

static char *
dup_date_word (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (date_words); i++)
    if (g_str_equal (text, date_words[i].word))
      return g_strdup (_ (date_words[i].label));
  return g_strdup (text);
}

/* "2MP" is "2 MP"; the blank does not break. */
static char *
dup_quantity (const char *text)
{
  gsize digits = strspn (text, "0123456789.");

  if (text[digits] == '\0')
    return g_strdup (text);
  return g_strdup_printf ("%.*s\302\240%s", (int) digits, text, text + digits);
}

/* ">=2MP", "<2MP" */
static char *
describe_comparison (const char *text, char *(*dup) (const char *end))
{
  gsize n = strspn (text, "<>=");
  g_autofree char *end = dup (text + n);

  if (n == 0)
    return g_steal_pointer (&end);
  if (g_str_has_prefix (text, ">="))
    return g_strdup_printf (_ ("At Least %s"), end);
  if (g_str_has_prefix (text, "<="))
    return g_strdup_printf (_ ("At Most %s"), end);
  return g_strdup_printf (text[0] == '>' ? _ ("Over %s") : _ ("Under %s"), end);
}

/* Also "A..B", "A..", "..B"; @dup says each end. */
static char *
describe_range (const char *text, char *(*dup) (const char *end))
{
  const char *dots = strstr (text, "..");
  g_autofree char *start = dots != NULL ? g_strndup (text, (gsize) (dots - text)) : NULL;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (dots == NULL)
    return describe_comparison (text, dup);
  first = dup (start);
  last = dup (dots + 2);
  if (last[0] == '\0')
    return g_strdup_printf (_ ("From %s"), first);
  if (first[0] == '\0')
    return g_strdup_printf (_ ("Up to %s"), last);
  /* Translators: a range, of dates or of sizes. */
  return g_strdup_printf (_ ("%s to %s"), first, last);
}

static char *
describe_folder (const KalonFilterValue *value)
{
  g_autofree char *name
      = value->path != NULL ? g_filename_display_basename (value->path) : g_strdup (value->text);

  if (!value->only)
    return g_steal_pointer (&name);
  if (value->path == NULL)
    name[strlen (name) - 1] = '\0';
  /* Translators: in that folder, not in folders within it. */
  return g_strdup_printf (_ ("Only in %s"), name);
}

char *
kalon_filter_value_to_label (KalonFilterKind kind, const KalonFilterValue *value)
{
  g_autofree char *range = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  switch (kind)
    {
    case KALON_FILTER_FOLDER:
      return describe_folder (value);
    case KALON_FILTER_DATE:
      return describe_range (value->text, dup_date_word);
    case KALON_FILTER_SIZE:
      return describe_range (value->text, dup_quantity);
    case KALON_FILTER_AESTHETIC:
      range = describe_range (value->text, g_strdup);
      return g_strdup_printf (_ ("Aesthetic Score: %s"), range);
    case KALON_FILTER_CAMERA:
    case KALON_FILTER_LENS:
      return g_strdup (value->text);
    case KALON_FILTER_NAME:
      return g_strdup_printf (_ ("“%s”"), value->text);
    case KALON_FILTER_ORIENTATION:
    case KALON_FILTER_COLOUR:
    case KALON_FILTER_LIKED:
    case KALON_FILTER_FORMAT:
      return g_strdup (kalon_filter_choice_to_label (kind, value->choice));
    }
  g_return_val_if_reached (NULL);
}

char *
kalon_filter_clause_to_label (const KalonFilterClause *clause)
{
  char *label = NULL;

  g_return_val_if_fail (clause != NULL, NULL);

  for (guint i = 0; i < clause->values->len; i++)
    {
      g_autofree char *value = kalon_filter_value_to_label (clause->kind, clause->values->pdata[i]);
      char *longer = label != NULL ? g_strdup_printf (_ ("%s or %s"), label, value)
                                   : g_steal_pointer (&value);

      g_free (label);
      label = longer;
    }
  if (clause->negated)
    {
      /* Translators: what pictures must not have: "Not: Canon or Nikon". */
      char *longer = g_strdup_printf (_ ("Not: %s"), label);

      g_free (label);
      label = longer;
    }
  return label;
}
