/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include "errors/kalon-errors.h"

static const char *const orientations[] = { "landscape", "portrait", "square", "panorama", NULL };
static const char *const colours[]
    = { "red",  "orange", "brown", "beige", "yellow", "green", "teal",       "blue",  "purple",
        "pink", "black",  "grey",  "white", "dark",   "light", "monochrome", "vivid", NULL };
static const char *const liked[] = { "yes", "no", "down", "none", NULL };
static const char *const formats[] = { "jpeg", "png", "webp", "avif", "heic", "tiff", "gif",
                                       "raw",  "bmp", "jxl",  "pnm",  "tga",  NULL };

/* @expected: what a value is, for messages. */
static const struct
{
  const char *name;
  const char *const *choices;
  const char *expected;
} kinds[KALON_N_FILTER_KINDS] = {
  [KALON_FILTER_FOLDER] = { "folder", NULL, "a folder: /home/me/Photos, ~/Photos, or a name" },
  [KALON_FILTER_DATE]
  = { "date", NULL,
      "a date: 2021, 2021-07, 2021-07-14, today, yesterday, this-week, last-week, this-month, "
      "last-month, this-year, last-year, or a range such as 2019..2021, 2019.. or ..2021" },
  [KALON_FILTER_CAMERA] = { "camera", NULL, "a part of a camera's name" },
  [KALON_FILTER_LENS] = { "lens", NULL, "a part of a lens's name" },
  [KALON_FILTER_NAME] = { "name", NULL, "a part of a file's name" },
  [KALON_FILTER_ORIENTATION] = { "orientation", orientations, NULL },
  [KALON_FILTER_SIZE]
  = { "size", NULL, "a size: >=2MP, >1920px, <500kB, 1..5MP, with one of MP, px, B, kB, MB, GB" },
  [KALON_FILTER_COLOUR] = { "colour", colours, NULL },
  [KALON_FILTER_LIKED] = { "liked", liked, NULL },
  [KALON_FILTER_FORMAT] = { "format", formats, NULL },
  [KALON_FILTER_AESTHETIC] = { "aesthetic", NULL, "a score: >=5, >6.5, <4, 5..7" },
};

/* Other words for the same. */
static const struct
{
  KalonFilterKind kind;
  const char *word;
  const char *choice;
} synonyms[] = {
  { KALON_FILTER_COLOUR, "gray", "grey" }, { KALON_FILTER_LIKED, "up", "yes" },
  { KALON_FILTER_FORMAT, "jpg", "jpeg" },  { KALON_FILTER_FORMAT, "tif", "tiff" },
  { KALON_FILTER_FORMAT, "heif", "heic" },
};

const char *
kalon_filter_kind_get_name (KalonFilterKind kind)
{
  g_return_val_if_fail (kind < KALON_N_FILTER_KINDS, NULL);

  return kinds[kind].name;
}

const char *const *
kalon_filter_kind_get_choices (KalonFilterKind kind)
{
  g_return_val_if_fail (kind < KALON_N_FILTER_KINDS, NULL);

  return kinds[kind].choices;
}

static gboolean
read_choice (KalonFilterKind kind, KalonFilterValue *value)
{
  const char *const *choices = kinds[kind].choices;

  for (gsize i = 0; i < G_N_ELEMENTS (synonyms); i++)
    if (synonyms[i].kind == kind && g_str_equal (value->text, synonyms[i].word))
      {
        g_free (value->text);
        value->text = g_strdup (synonyms[i].choice);
        break;
      }
  for (guint i = 0; choices[i] != NULL; i++)
    if (g_str_equal (value->text, choices[i]))
      {
        value->choice = i;
        return TRUE;
      }
  return FALSE;
}

static void
set_value_error (GError **error, KalonFilterKind kind, const char *text, const char *reason)
{
  const char *name = kinds[kind].name;

  if (reason != NULL)
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "“%s:%s” %s.", name, text, reason);
  else if (kinds[kind].choices != NULL)
    {
      g_autofree char *choices = g_strjoinv (", ", (GStrv) kinds[kind].choices);

      g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "“%s:” cannot be “%s”, only %s.", name,
                   text, choices);
    }
  else
    g_set_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT, "In “%s:”, “%s” is not %s.", name, text,
                 kinds[kind].expected);
}

KalonFilterValue *
kalon_filter_value_parse (KalonFilterKind kind, const char *text, const GDate *today,
                          GError **error)
{
  gboolean is_word = kinds[kind].choices != NULL || kind == KALON_FILTER_DATE;
  g_autofree char *lower = is_word ? g_ascii_strdown (text, -1) : NULL;
  g_autoptr (KalonFilterValue) value = kalon_filter_value_new (is_word ? lower : text);
  const char *reason = NULL;
  gboolean done = text[0] != '\0';

  if (!done)
    reason = "has no value";
  else if (kinds[kind].choices != NULL)
    done = read_choice (kind, value);
  else if (kind == KALON_FILTER_DATE)
    done = kalon_filter_read_date (value->text, today, value, &reason);
  else if (kind == KALON_FILTER_SIZE)
    done = kalon_filter_read_size (text, value, &reason);
  else if (kind == KALON_FILTER_AESTHETIC)
    done = kalon_filter_read_aesthetic (text, value, &reason);
  else if (kind == KALON_FILTER_FOLDER)
    done = kalon_filter_read_folder (text, value, &reason);
  else
    value->key = kalon_filter_fold (text);
  if (!done)
    {
      set_value_error (error, kind, text, reason);
      return NULL;
    }
  return g_steal_pointer (&value);
}
