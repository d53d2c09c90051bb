/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "filter/kalon-filter.h"

/* A Wednesday. */
static GDateTime *
dup_now (void)
{
  return g_date_time_new_utc (2026, 3, 11, 15, 0, 0);
}

static KalonFilter *
parse (const char *text)
{
  g_autoptr (GDateTime) now = dup_now ();
  g_autoptr (GError) error = NULL;
  KalonFilter *filter = kalon_filter_parse (text, now, &error);

  g_assert_no_error (error);
  return filter;
}

static const struct
{
  const char *text;
  const char *canonical;
} texts[] = {
  { "", "" },
  { " \t\n ", "" },
  { "date:2021", "date:2021" },
  { "  DATE:Last-Week  ", "date:last-week" },
  { "date:2019..2021 date:..2020-06,2022..", "date:2019..2021 date:..2020-06,2022.." },
  { "-camera:nokia", "-camera:nokia" },
  { "not camera:nokia", "-camera:nokia" },
  { "NOT  camera:\"Canon EOS\",Leica", "-camera:\"Canon EOS\",Leica" },
  { "lens:\"50mm f/1.8 \"\"II\"\"\"", "lens:\"50mm f/1.8 \"\"II\"\"\"" },
  { "lens:\"nifty\"", "lens:nifty" },
  { "lens:\"a,b\"", "lens:\"a,b\"" },
  { "name:IMG_*.jpg,scan", "name:IMG_*.jpg,scan" },
  { "folder:/a/b/../c", "folder:/a/c" },
  { "folder:/a/b//", "folder:/a/b/" },
  { "folder:/", "folder:/" },
  { "folder:file:///a/b%20c/", "folder:\"/a/b c/\"" },
  { "folder:file:///a/b%ff", "folder:file:///a/b%FF" },
  { "folder:Trips", "folder:Trips" },
  { "folder:2019//Trips/", "folder:2019/Trips/" },
  { "orientation:Portrait,square,panorama", "orientation:portrait,square,panorama" },
  { "size:2mp", "size:>=2MP" },
  { "size:>2MP", "size:>2MP" },
  { "size:<=1920PX", "size:<=1920px" },
  { "size:1.5..5MP", "size:1.5MP..5MP" },
  { "size:500kb..2mb", "size:500kB..2MB" },
  { "size:1mp..", "size:1MP.." },
  { "size:..5mp", "size:..5MP" },
  { "size:>=12B,<1GB", "size:>=12B,<1GB" },
  { "color:gray,teal", "colour:grey,teal" },
  { "liked:up,down", "liked:yes,down" },
  { "liked:no liked:none", "liked:no liked:none" },
  { "format:jpg,TIF,heif,raw", "format:jpeg,tiff,heic,raw" },
  { "aesthetic:5", "aesthetic:>=5" },
  { "aesthetic:4.5..6", "aesthetic:4.5..6" },
};

static void
test_canonical (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (KalonFilter) filter = parse (texts[i].text);
      g_autofree char *text = kalon_filter_to_string (filter);
      g_autoptr (KalonFilter) again = parse (text);

      g_assert_cmpstr (text, ==, texts[i].canonical);
      g_assert_true (kalon_filter_equal (filter, again));
    }
}

/* The wrong part is named, and what could stand there. */
static const struct
{
  const char *text;
  const char *part;
  const char *advice;
} mistakes[] = {
  { "lake", "“lake”", "date:" },
  { "date:2021 at dawn", "“at”", "date:" },
  { "fate:2021", "“fate:2021”", "date:" },
  { "-", "“-”", "date:" },
  { "not", "“not”", "date:" },
  { "not lake", "“not”", "date:" },
  { "date:", "date", "no value" },
  { "date:2021,", "date", "no value" },
  { "date:,2021", "date", "no value" },
  { "camera:\"\"", "camera", "no value" },
  { "camera:\"Canon", "\"Canon", "not closed" },
  { "camera:Canon\"EOS\"", "Canon\"EOS\"", "whole" },
  { "camera:\"Canon\"EOS", "\"Canon\"EOS", "whole" },
  { "date:21", "“21”", "2021-07-14" },
  { "date:2021-13", "“2021-13”", "2021-07-14" },
  { "date:2021-02-29", "“2021-02-29”", "2021-07-14" },
  { "date:2021-00", "“2021-00”", "2021-07-14" },
  { "date:0000", "“0000”", "2021-07-14" },
  { "date:2021/07", "“2021/07”", "2021-07-14" },
  { "date:+021", "“+021”", "2021-07-14" },
  { "date:20211", "“20211”", "2021-07-14" },
  { "date:last-decade", "“last-decade”", "last-year" },
  { "date:..", "“..”", "2019.." },
  { "date:2019..2020..2021", "“2019..2020..2021”", "2019.." },
  { "date:2021..2019", "2021..2019", "ends before" },
  { "orientation:upright", "“upright”", "portrait" },
  { "size:big", "“big”", ">=2MP" },
  { "size:2", "“2”", ">=2MP" },
  { "size:-2MP", "“-2MP”", ">=2MP" },
  { "size:2.MP", "“2.MP”", ">=2MP" },
  { "size:.5MP", "“.5MP”", ">=2MP" },
  { "size:1e3px", "“1e3px”", ">=2MP" },
  { "size:1MP..5MB", "“1MP..5MB”", ">=2MP" },
  { "size:..", "“..”", ">=2MP" },
  { "size:5MP..1MP", "5MP..1MP", "ends before" },
  { "size:99999999999999999999px", "“99999999999999999999px”", ">=2MP" },
  { "colour:octarine", "“octarine”", "teal" },
  { "liked:maybe", "“maybe”", "yes" },
  { "format:doc", "“doc”", "jpeg" },
  { "aesthetic:nice", "“nice”", ">=5" },
  { "aesthetic:5MP", "“5MP”", ">=5" },
  { "folder:../x", "../x", "whole path" },
  { "folder:file://host/x", "“file://host/x”", "folder" },
};

static void
test_mistakes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonFilter) filter = kalon_filter_parse (mistakes[i].text, NULL, &error);

      g_test_message ("%s: %s", mistakes[i].text, error != NULL ? error->message : "(none)");
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
      g_assert_null (filter);
      g_assert_nonnull (strstr (error->message, mistakes[i].part));
      g_assert_nonnull (strstr (error->message, mistakes[i].advice));
    }
}

static void
test_hostile (void)
{
  g_autofree char *many = g_strnfill (KALON_FILTER_MAX_LENGTH + 1, ' ');
  g_autoptr (GString) values = g_string_new ("format:jpeg");
  g_autofree char *rest = NULL;
  g_autoptr (KalonFilter) none = NULL;
  const char *const bad[] = { many, "camera:\xff", "\xc3(" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_filter_parse (bad[i], NULL, &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
  for (guint i = 0; i < 200; i++)
    g_string_append (values, ",png");
  for (guint pass = 0; pass < 2; pass++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (KalonFilter) filter = kalon_filter_parse (values->str, NULL, &error);

      /* One too many, then just as many as there may be. */
      g_assert_cmpint (filter != NULL, ==, pass == 1);
      g_string_truncate (values, values->len - strlen (",png"));
    }
  /* A pasted text is words, whatever is in it. */
  memcpy (many, "date:2021", strlen ("date:2021"));
  many[KALON_FILTER_MAX_LENGTH] = 'x';
  none = kalon_filter_extract (many, NULL, &rest);
  g_assert_cmpuint (kalon_filter_get_n_clauses (none), ==, 0);
  g_assert_cmpstr (rest, ==, many);
}

static const struct
{
  const char *text;
  const char *from; /* NULL: open */
  const char *to;
} dates[] = {
  { "2021", "2021-01-01", "2021-12-31" },
  { "2020-02", "2020-02-01", "2020-02-29" },
  { "2021-07-14", "2021-07-14", "2021-07-14" },
  { "9999-12", "9999-12-01", "9999-12-31" },
  { "today", "2026-03-11", "2026-03-11" },
  { "yesterday", "2026-03-10", "2026-03-10" },
  { "this-week", "2026-03-09", "2026-03-15" },
  { "last-week", "2026-03-02", "2026-03-08" },
  { "this-month", "2026-03-01", "2026-03-31" },
  { "last-month", "2026-02-01", "2026-02-28" },
  { "this-year", "2026-01-01", "2026-12-31" },
  { "last-year", "2025-01-01", "2025-12-31" },
  { "2019..2021", "2019-01-01", "2021-12-31" },
  { "2019-03..2021-02-03", "2019-03-01", "2021-02-03" },
  { "2019..", "2019-01-01", NULL },
  { "..2019-02", NULL, "2019-02-28" },
  { "last-year..today", "2025-01-01", "2026-03-11" },
  { "2019-05-01..2019-05-31", "2019-05-01", "2019-05-31" },
};

static void
assert_day (const GDate *day, const char *text)
{
  char buffer[16];

  g_assert_cmpint (g_date_valid (day), ==, text != NULL);
  if (text == NULL)
    return;
  g_date_strftime (buffer, sizeof buffer, "%Y-%m-%d", day);
  g_assert_cmpstr (buffer, ==, text);
}

static void
test_dates (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *text = g_strconcat ("date:", dates[i].text, NULL);
      g_autoptr (KalonFilter) filter = parse (text);
      const KalonFilterValue *value
          = g_ptr_array_index (kalon_filter_get_clause (filter, 0)->values, 0);

      assert_day (&value->from, dates[i].from);
      assert_day (&value->to, dates[i].to);
    }
}

static const struct
{
  const char *text;
  KalonSizeMeasure measure;
  double min, max;
} sizes[] = {
  { "2MP", KALON_SIZE_PIXELS, 2000000, INFINITY },
  { ">2MP", KALON_SIZE_PIXELS, 2000001, INFINITY },
  { "<=2.3MP", KALON_SIZE_PIXELS, -INFINITY, 2300000 },
  { "<2.3MP", KALON_SIZE_PIXELS, -INFINITY, 2299999 },
  { ">=0.1234567MP", KALON_SIZE_PIXELS, 123457, INFINITY },
  { "<1920px", KALON_SIZE_SIDE, -INFINITY, 1919 },
  { "500kB..2MB", KALON_SIZE_BYTES, 500000, 2000000 },
  { "1..2GB", KALON_SIZE_BYTES, 1e9, 2e9 },
  { "..7B", KALON_SIZE_BYTES, -INFINITY, 7 },
};

static void
test_sizes (void)
{
  g_autoptr (KalonFilter) scores = parse ("aesthetic:>5,<=5,<5,4..6.5");
  const KalonFilterClause *clause = kalon_filter_get_clause (scores, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = g_strconcat ("size:", sizes[i].text, NULL);
      g_autoptr (KalonFilter) filter = parse (text);
      const KalonFilterValue *value
          = g_ptr_array_index (kalon_filter_get_clause (filter, 0)->values, 0);

      g_assert_cmpint (value->measure, ==, sizes[i].measure);
      g_assert_cmpfloat (value->min, ==, sizes[i].min);
      g_assert_cmpfloat (value->max, ==, sizes[i].max);
    }
#define VALUE(i) ((const KalonFilterValue *) g_ptr_array_index (clause->values, i))
  g_assert_cmpfloat (VALUE (0)->min, >, 5);
  g_assert_cmpfloat (VALUE (0)->min, <, 5.0001);
  g_assert_cmpfloat (VALUE (1)->max, ==, 5);
  g_assert_cmpfloat (VALUE (2)->max, <, 5);
  g_assert_cmpfloat (VALUE (3)->min, ==, 4);
  g_assert_cmpfloat (VALUE (3)->max, ==, 6.5);
#undef VALUE
}

static const struct
{
  const char *text;
  const char *filter;
  const char *rest;
} queries[] = {
  { "lake date:2021 at dawn", "date:2021", "lake at dawn" },
  { "date:2021", "date:2021", "" },
  { "  lake  x ", "", "  lake  x " },
  { "lake date:202", "", "lake date:202" },
  { "lake date:", "", "lake date:" },
  { "a not camera:nokia b", "-camera:nokia", "a b" },
  { "not a lake -orientation:square", "-orientation:square", "not a lake" },
  { "ratio 16:9 http://x", "", "ratio 16:9 http://x" },
  { "folder:\"My Trips\" snow", "folder:\"My Trips\"", "snow" },
  { "folder:\"My Trips snow", "", "folder:\"My Trips snow" },
  { "colour:blue format:doc sea", "colour:blue", "format:doc sea" },
  { "\xff size:2MP", "", "\xff size:2MP" },
};

static void
test_extract (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *rest = NULL;
      g_autoptr (KalonFilter) filter = kalon_filter_extract (queries[i].text, NULL, &rest);
      g_autofree char *text = kalon_filter_to_string (filter);

      g_assert_cmpstr (text, ==, queries[i].filter);
      g_assert_cmpstr (rest, ==, queries[i].rest);
    }
}

static void
assert_filter (KalonFilter *filter, const char *text)
{
  g_autofree char *canonical = kalon_filter_to_string (filter);

  g_assert_cmpstr (canonical, ==, text);
  kalon_filter_unref (filter);
}

static void
test_value (void)
{
  g_autoptr (KalonFilter) filter = parse ("date:2021 -format:raw format:png format:gif");
  g_autoptr (KalonFilter) other = parse ("format:png lens:50");
  g_autoptr (KalonFilter) none = parse ("");
  const char *const two[] = { "JPG", "webp", NULL };
  const char *const folder[] = { "My, \"Trips\"", NULL };
  const char *const nothing[] = { NULL };
  const char *const wrong[] = { "jpeg", "doc", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = dup_now ();

  g_assert_cmpuint (kalon_filter_get_n_clauses (filter), ==, 4);
  g_assert_true (kalon_filter_find (filter, KALON_FILTER_FORMAT)
                 == kalon_filter_get_clause (filter, 2));
  g_assert_null (kalon_filter_find (filter, KALON_FILTER_CAMERA));
  g_assert_true (kalon_filter_has (filter, KALON_FILTER_FORMAT));
  g_assert_false (kalon_filter_has (filter, KALON_FILTER_CAMERA));
  assert_filter (kalon_filter_without_clause (filter, 1), "date:2021 format:png format:gif");
  assert_filter (kalon_filter_with (filter, other),
                 "date:2021 -format:raw format:png format:gif lens:50");
  assert_filter (kalon_filter_with_values (filter, KALON_FILTER_FORMAT, two, now, NULL),
                 "date:2021 -format:raw format:jpeg,webp");
  assert_filter (kalon_filter_with_values (filter, KALON_FILTER_FORMAT, nothing, now, NULL),
                 "date:2021 -format:raw");
  assert_filter (kalon_filter_with_values (none, KALON_FILTER_FOLDER, folder, now, NULL),
                 "folder:\"My, \"\"Trips\"\"\"");
  g_assert_null (kalon_filter_with_values (filter, KALON_FILTER_FORMAT, wrong, now, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
  g_assert_true (kalon_filter_equal (NULL, none));
  g_assert_true (kalon_filter_equal (NULL, NULL));
  g_assert_false (kalon_filter_equal (filter, NULL));
  g_assert_false (kalon_filter_equal (filter, other));
}

/* Kept over midnight, a filter with words of time in it means other days. */
static void
test_renew (void)
{
  g_autoptr (KalonFilter) filter = parse ("date:yesterday -liked:yes");
  g_autoptr (GDateTime) later = g_date_time_new_utc (2026, 3, 11, 23, 59, 59);
  g_autoptr (GDateTime) next = g_date_time_new_utc (2026, 3, 12, 0, 0, 0);
  g_autoptr (KalonFilter) same = kalon_filter_renew (filter, later);
  g_autoptr (KalonFilter) renewed = kalon_filter_renew (filter, next);
  const KalonFilterValue *value;

  g_assert_true (same == filter);
  g_assert_true (renewed != filter);
  g_assert_true (kalon_filter_equal (renewed, filter));
  value = g_ptr_array_index (kalon_filter_get_clause (renewed, 0)->values, 0);
  assert_day (&value->from, "2026-03-11");
}

static const struct
{
  const char *filter;
  KalonFilterFacts facts;
  gboolean matches;
} matches[] = {
  { "camera:eos", { .path = "/a", .camera = "Canon EOS 5D" }, TRUE },
  { "camera:nikon,canon", { .path = "/a", .camera = "Canon EOS 5D" }, TRUE },
  { "camera:eos", { .path = "/a" }, FALSE },
  { "-camera:eos", { .path = "/a" }, TRUE },
  { "lens:\"ÉTOILE\"", { .path = "/a", .lens = "petite e\xcc\x81toile" }, TRUE },
  { "name:img", { .path = "/img/a.jpg" }, FALSE },
  { "name:img", { .path = "/a/IMG_1.jpg" }, TRUE },
  { "name:img_?.jpg", { .path = "/a/IMG_1.jpg" }, TRUE },
  { "name:img_?.jpg", { .path = "/a/IMG_12.jpg" }, FALSE },
  { "name:*.png", { .path = "/a/b.png.jpg" }, FALSE },
  { "name:*é?", { .path = "/a/xÉß" }, FALSE }, /* ß is ss without case */
  { "name:*é??", { .path = "/a/xÉß" }, TRUE },
  { "name:a*b*c", { .path = "/x/aXbXbXc" }, TRUE },
  { "name:a*b*c", { .path = "/x/aXbXbX" }, FALSE },
  { "folder:trips", { .path = "/home/Trips/2019/a.jpg" }, TRUE },
  { "folder:trips/", { .path = "/home/Trips/2019/a.jpg" }, FALSE },
  { "folder:trips/", { .path = "/home/Trips/a.jpg" }, TRUE },
  { "folder:trip", { .path = "/home/Trips/a.jpg" }, FALSE },
  { "folder:trips/2019", { .path = "/home/Trips/2019/b/a.jpg" }, TRUE },
  { "folder:a.jpg", { .path = "/home/a.jpg" }, FALSE },
  { "folder:/home/Trips", { .path = "/home/Trips/2019/a.jpg" }, TRUE },
  { "folder:/home/Trips/", { .path = "/home/Trips/2019/a.jpg" }, FALSE },
  { "folder:/home/Trips/", { .path = "/home/Trips/a.jpg" }, TRUE },
  { "folder:/home/Trip", { .path = "/home/Trips/a.jpg" }, FALSE },
  { "folder:/", { .path = "/home/a.jpg" }, TRUE },
  { "folder:file:///a%FF", { .path = "/a\xff/b.jpg" }, TRUE },
  { "liked:yes", { .path = "/a", .thumb_up = TRUE }, TRUE },
  { "liked:yes", { .path = "/a", .thumb_down = TRUE }, FALSE },
  { "liked:no", { .path = "/a", .thumb_down = TRUE }, TRUE },
  { "liked:down", { .path = "/a", .thumb_up = TRUE, .thumb_down = TRUE }, TRUE },
  { "liked:none", { .path = "/a" }, TRUE },
  { "liked:none", { .path = "/a", .thumb_down = TRUE }, FALSE },
};

static void
test_matches (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_autoptr (KalonFilter) filter = parse (matches[i].filter);

      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, matches[i].filter);
      g_assert_cmpint (
          kalon_filter_clause_matches (kalon_filter_get_clause (filter, 0), &matches[i].facts), ==,
          matches[i].matches);
    }
}

/* A pattern that would take a naive matcher longer than the age of the universe. */
static void
test_hostile_pattern (void)
{
  g_autoptr (GString) pattern = g_string_new ("name:");
  g_autofree char *name = g_strnfill (2000, 'a');
  KalonFilterFacts facts = { .path = name };
  g_autoptr (KalonFilter) filter = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append (pattern, "*a");
  g_string_append (pattern, "*b");
  filter = parse (pattern->str);
  g_assert_false (kalon_filter_clause_matches (kalon_filter_get_clause (filter, 0), &facts));
}

/* What everybody calls so. */
static const struct
{
  guint32 average;
  double colourfulness;
  const char *colours;
} colours[] = {
  { 0xe02020, 80, "red,vivid" },
  { 0xff8000, 100, "orange,vivid" },
  { 0x6b4a2b, 30, "brown" },
  { 0xd9c7a3, 20, "beige,light" },
  { 0xf0e020, 100, "yellow,light,vivid" },
  { 0x3a8a30, 50, "green" },
  { 0x20a0a0, 40, "teal" },
  { 0x87b5e0, 40, "blue,light" },
  { 0x2030a0, 50, "blue" },
  { 0x803090, 50, "purple" },
  { 0xf0a0c0, 50, "pink,light" },
  { 0x050505, 0, "black,dark,monochrome" },
  { 0x808080, 0, "grey,monochrome" },
  { 0xf8f8f8, 0, "white,light,monochrome" },
  { 0x807a74, 30, "grey" },
};

static void
test_colours (void)
{
  const char *const *names = kalon_filter_kind_get_choices (KALON_FILTER_COLOUR);
  guint32 found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    {
      guint32 bits = kalon_filter_find_colours (colours[i].average, colours[i].colourfulness);
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint j = 0; names[j] != NULL; j++)
        if ((bits >> j & 1) != 0)
          g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", names[j]);
      g_test_message ("%06x", colours[i].average);
      g_assert_cmpstr (text->str, ==, colours[i].colours);
      found |= bits;
    }
  for (guint j = 0; names[j] != NULL; j++)
    g_assert_true ((found >> j & 1) != 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/filter/canonical", test_canonical);
  g_test_add_func ("/filter/mistakes", test_mistakes);
  g_test_add_func ("/filter/hostile", test_hostile);
  g_test_add_func ("/filter/dates", test_dates);
  g_test_add_func ("/filter/sizes", test_sizes);
  g_test_add_func ("/filter/extract", test_extract);
  g_test_add_func ("/filter/value", test_value);
  g_test_add_func ("/filter/renew", test_renew);
  g_test_add_func ("/filter/matches", test_matches);
  g_test_add_func ("/filter/hostile-pattern", test_hostile_pattern);
  g_test_add_func ("/filter/colours", test_colours);
  return g_test_run ();
}
