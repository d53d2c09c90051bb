/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "filter/kalon-filter-private.h"

#include <math.h>
#include <string.h>

/* More than any file or picture has; whole numbers up to here are exact in a double. */
#define MAX_NUMBER 1e15

typedef struct
{
  const char *name;
  KalonSizeMeasure measure;
  double factor;
} Unit;

static const Unit size_units[] = {
  { "MP", KALON_SIZE_PIXELS, 1e6 }, { "px", KALON_SIZE_SIDE, 1 },
  { "B", KALON_SIZE_BYTES, 1 },     { "kB", KALON_SIZE_BYTES, 1e3 },
  { "MB", KALON_SIZE_BYTES, 1e6 },  { "GB", KALON_SIZE_BYTES, 1e9 },
};
static const Unit no_unit = { "", 0, 1 };

/* One end of a range. */
typedef struct
{
  char *digits; /* as typed */
  const Unit *unit;
  double number; /* in the unit's measure */
} End;

static void
end_clear (End *end)
{
  g_free (end->digits);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static const Unit *
find_unit (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++)
    if (g_ascii_strcasecmp (name, size_units[i].name) == 0)
      return &size_units[i];
  return NULL;
}

/* "1.5MP": no sign, no exponent, no locale. @fallback: (nullable): the unit of a number without. */
static gboolean
read_end (const char *text, const Unit *fallback, End *end)
{
  gsize n = strspn (text, "0123456789");

  if (n > 0 && text[n] == '.')
    n += 1 + strspn (text + n + 1, "0123456789");
  if (n == 0 || text[n - 1] == '.')
    return FALSE;
  end->digits = g_strndup (text, n);
  end->unit = text[n] == '\0' ? fallback : fallback != &no_unit ? find_unit (text + n) : NULL;
  if (end->unit == NULL)
    return FALSE;
  end->number = g_ascii_strtod (end->digits, NULL) * end->unit->factor;
  return end->number <= MAX_NUMBER;
}

static void
set_text (KalonFilterValue *value, char *text)
{
  g_free (value->text);
  value->text = text;
}

/* "1..5MP", "1MP..", "..5MP": the first end may leave its unit to the last. */
static gboolean
read_both_ends (const char *text, const char *dots, const Unit *unit, KalonFilterValue *value)
{
  g_autofree char *start = g_strndup (text, (gsize) (dots - text));
  const char *stop = dots + strlen ("..");
  g_auto (End) first = { NULL, &no_unit, -INFINITY };
  g_auto (End) last = { NULL, &no_unit, INFINITY };

  if ((start[0] == '\0' && stop[0] == '\0') || (stop[0] != '\0' && !read_end (stop, unit, &last)))
    return FALSE;
  if (start[0] != '\0' && !read_end (start, stop[0] != '\0' ? last.unit : unit, &first))
    return FALSE;
  if (first.digits != NULL && last.digits != NULL && first.unit->measure != last.unit->measure)
    return FALSE;
  value->measure = first.digits != NULL ? first.unit->measure : last.unit->measure;
  value->min = first.number;
  value->max = last.number;
  set_text (value, g_strconcat (first.digits != NULL ? first.digits : "", first.unit->name, "..",
                                last.digits != NULL ? last.digits : "", last.unit->name, NULL));
  return TRUE;
}

/* ">=2MP", "<2MP"; "2MP" is at least that. @is_strict: that number itself is not included. */
static gboolean
read_comparison (const char *text, const Unit *unit, KalonFilterValue *value, gboolean *is_strict)
{
  static const char *const operators[] = { ">=", "<=", ">", "<" };
  const char *sign = operators[0];
  g_auto (End) end = { NULL, NULL, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_str_has_prefix (text, operators[i]))
      {
        sign = operators[i];
        text += strlen (sign);
        break;
      }
  if (!read_end (text, unit, &end))
    return FALSE;
  *is_strict = sign[1] == '\0';
  value->measure = end.unit->measure;
  value->min = sign[0] == '>' ? end.number : -INFINITY;
  value->max = sign[0] == '<' ? end.number : INFINITY;
  set_text (value, g_strconcat (sign, end.digits, end.unit->name, NULL));
  return TRUE;
}

static gboolean
read_range (const char *text, const Unit *unit, KalonFilterValue *value, gboolean *is_strict,
            const char **reason)
{
  const char *dots = strstr (text, "..");

  *is_strict = FALSE;
  if (dots != NULL ? !read_both_ends (text, dots, unit, value)
                   : !read_comparison (text, unit, value, is_strict))
    return FALSE;
  if (value->min <= value->max)
    return TRUE;
  *reason = "ends before it begins";
  return FALSE;
}

/* The whole number that @number was meant to be: 2.3 million is not 2299999.9999999995. */
static double
snap (double number)
{
  double whole = round (number);

  return fabs (number - whole) <= 1e-9 * fabs (whole) ? whole : number;
}

gboolean
kalon_filter_read_size (const char *text, KalonFilterValue *value, const char **reason)
{
  gboolean is_strict;

  if (!read_range (text, NULL, value, &is_strict, reason))
    return FALSE;
  if (isfinite (value->min))
    value->min = is_strict ? floor (snap (value->min)) + 1 : ceil (snap (value->min));
  if (isfinite (value->max))
    value->max = is_strict ? ceil (snap (value->max)) - 1 : floor (snap (value->max));
  return TRUE;
}

gboolean
kalon_filter_read_aesthetic (const char *text, KalonFilterValue *value, const char **reason)
{
  gboolean is_strict;

  if (!read_range (text, &no_unit, value, &is_strict, reason))
    return FALSE;
  if (is_strict && isfinite (value->min))
    value->min = nextafter (value->min, INFINITY);
  if (is_strict && isfinite (value->max))
    value->max = nextafter (value->max, -INFINITY);
  return TRUE;
}
