/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partially ordered set and its file. */
#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "alignment/kalon-preference-set.h"
#include "errors/kalon-errors.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static KalonOrder *
make_order (const float *semantic, const float *aesthetic, gsize n, guint k, guint stride, guint u,
            guint v)
{
  const KalonOrderOptions options = { .k = k, .stride = stride, .u = u, .v = v };
  g_autoptr (GError) error = NULL;
  KalonOrder *order = kalon_order_new (semantic, aesthetic, n, &options, &error);

  g_assert_no_error (error);
  return order;
}

/* Twelve candidates, semantic score 12 - i, aesthetic i * 5 % 12: all different. */
static void
fill (float *semantic, float *aesthetic)
{
  for (guint i = 0; i < 12; i++)
    {
      semantic[i] = 12 - (float) i;
      aesthetic[i] = (float) (i * 5 % 12);
    }
}

static void
assert_cells (const KalonOrder *order, guint rows, guint stride, const guint32 *cells)
{
  g_assert_cmpuint (order->rows, ==, rows);
  g_assert_cmpuint (order->stride, ==, stride);
  for (guint i = 0; i < rows * order->columns; i++)
    g_assert_cmpuint (order->cells[i], ==, cells[i]);
}

static void
test_matrix (void)
{
  float semantic[12], aesthetic[12];
  g_autoptr (KalonOrder) order = NULL;

  fill (semantic, aesthetic);
  /* 0 2 4 | 6 8 10 taken; aesthetic 0 10 8 | 6 4 2 */
  order = make_order (semantic, aesthetic, 12, 12, 2, 2, 3);
  assert_cells (order, 2, 2, (const guint32[]){ 2, 4, 0, 6, 8, 10 });
  g_assert_cmpuint (order->n_candidates, ==, 12);
}

static void
test_too_few (void)
{
  float semantic[12], aesthetic[12];
  g_autoptr (KalonOrder) closer = NULL;
  g_autoptr (KalonOrder) fewer = NULL;
  g_autoptr (KalonOrder) none = NULL;
  g_autoptr (KalonOrder) by_k = NULL;

  fill (semantic, aesthetic);
  /* Six at a stride of 10 need 51 candidates; 12 have room for a stride of 2. */
  closer = make_order (semantic, aesthetic, 12, 400, 10, 2, 3);
  assert_cells (closer, 2, 2, (const guint32[]){ 2, 4, 0, 6, 8, 10 });
  /* 12 candidates fill two rows of five: 0 to 9, aesthetic 0 5 10 3 8 | 1 6 11 4 9 */
  fewer = make_order (semantic, aesthetic, 12, 400, 10, 5, 5);
  assert_cells (fewer, 2, 1, (const guint32[]){ 2, 4, 1, 3, 0, 7, 9, 6, 8, 5 });
  none = make_order (semantic, aesthetic, 4, 400, 10, 5, 5);
  g_assert_cmpuint (none->rows, ==, 0);
  /* Only the best six are looked at. */
  by_k = make_order (semantic, aesthetic, 12, 6, 10, 2, 3);
  assert_cells (by_k, 2, 1, (const guint32[]){ 2, 1, 0, 4, 3, 5 });
  g_assert_cmpuint (by_k->n_candidates, ==, 6);
}

static void
test_left_out (void)
{
  float semantic[12], aesthetic[12];
  g_autoptr (KalonOrder) order = NULL;

  fill (semantic, aesthetic);
  aesthetic[0] = NAN;
  aesthetic[3] = INFINITY;
  semantic[11] = NAN;
  order = make_order (semantic, aesthetic, 12, 400, 1, 3, 3);
  g_assert_cmpuint (order->n_candidates, ==, 9);
  /* 1 2 4 | 5 6 7 | 8 9 10: aesthetic 5 10 8 | 1 6 11 | 4 9 2 */
  assert_cells (order, 3, 1, (const guint32[]){ 2, 4, 1, 7, 6, 5, 9, 8, 10 });
}

static void
test_options (void)
{
  const float scores[] = { 1, 2 };
  const KalonOrderOptions wrong[] = { { 0, 1, 1, 2 },
                                      { 1, 0, 1, 2 },
                                      { 1, 1, 0, 2 },
                                      { 1, 1, 1, 1 },
                                      { 1, 1, KALON_ORDER_MAX_SIDE + 1, 2 },
                                      { 1, 1, 1, KALON_ORDER_MAX_SIDE + 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_order_new (scores, scores, 2, &wrong[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_ARGUMENT);
    }
}

static void
test_pairs (void)
{
  float semantic[25], aesthetic[25];
  g_autoptr (GArray) all = NULL;
  g_autoptr (GArray) some = NULL;

  for (guint i = 0; i < 25; i++)
    {
      semantic[i] = 25 - (float) i;
      aesthetic[i] = 25 - (float) i;
    }
  all = kalon_order_list_pairs (5, 5, semantic, aesthetic, 0, 0);
  /* u C(v, 2) + v C(u, 2) */
  g_assert_cmpuint (all->len, ==, 100);
  for (guint i = 0; i < all->len; i++)
    {
      const KalonPair *pair = &g_array_index (all, KalonPair, i);

      g_assert_cmpuint (pair->winner, <, pair->loser);
      g_assert_true (pair->winner / 5 == pair->loser / 5 || pair->winner % 5 == pair->loser % 5);
      g_assert_cmpfloat (pair->weight, ==, 1);
    }
  /* In a row neighbours differ by 1, in a column by 5. */
  some = kalon_order_list_pairs (5, 5, semantic, aesthetic, 5, 1);
  g_assert_cmpuint (some->len, ==, 5 * 6 + 5 * 6);
  aesthetic[1] = aesthetic[0];
  g_array_unref (some);
  some = kalon_order_list_pairs (1, 2, semantic, aesthetic, 0, 0);
  g_assert_cmpuint (some->len, ==, 0);
}

static KalonPreferenceSet *
make_set (void)
{
  KalonOrderOptions options;
  KalonPreferenceSet *set;
  float semantic[12], aesthetic[12];
  const char *paths[12], *hashes[12];
  g_autoptr (KalonOrder) order = NULL;

  kalon_order_options_init (&options);
  set = kalon_preference_set_new (HASH, "detail", &options);
  fill (semantic, aesthetic);
  semantic[2] = 0.1f + 10;
  for (guint i = 0; i < 12; i++)
    {
      paths[i] = i == 2 ? "b\xff\xfe/\x01 %41.jpg" : i == 4 ? "/d/\xc3\x28" : "trip/\"é\\\".jpg";
      hashes[i] = HASH;
    }
  order = make_order (semantic, aesthetic, 12, 12, 2, 2, 3);
  kalon_preference_set_add (set, "a cat", "a dashing cat\nin the sun", order, paths, hashes,
                            semantic, aesthetic);
  kalon_preference_set_add (set, "ein Hündchen", "", order, paths, hashes, semantic, aesthetic);
  return set;
}

static void
test_file (void)
{
  g_autofree char *directory = g_dir_make_tmp ("kalon-order-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "set.jsonl", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (KalonPreferenceSet) set = make_set ();
  g_autoptr (KalonPreferenceSet) loaded = NULL;
  g_autoptr (GArray) pairs = NULL;
  g_autoptr (GError) error = NULL;
  const KalonPreferenceQuery *query;

  kalon_preference_set_save (set, path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &first, NULL, NULL));
  g_assert_true (g_utf8_validate (first, -1, NULL));
  loaded = kalon_preference_set_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (loaded->model_hash, ==, HASH);
  g_assert_cmpstr (loaded->style, ==, "detail");
  g_assert_cmpuint (loaded->options.k, ==, KALON_ORDER_DEFAULT_K);
  g_assert_cmpuint (loaded->queries->len, ==, 2);
  query = loaded->queries->pdata[0];
  g_assert_cmpstr (query->query, ==, "a cat");
  g_assert_cmpstr (query->rephrased, ==, "a dashing cat\nin the sun");
  g_assert_cmpuint (query->rows, ==, 2);
  g_assert_cmpuint (query->columns, ==, 3);
  for (guint i = 0; i < 6; i++)
    {
      const KalonPreferenceCell *had
          = ((KalonPreferenceQuery *) set->queries->pdata[0])->cells->pdata[i];
      const KalonPreferenceCell *has = query->cells->pdata[i];

      g_assert_cmpstr (has->path, ==, had->path);
      g_assert_cmpstr (has->content_hash, ==, had->content_hash);
      g_assert_cmpfloat (has->semantic, ==, had->semantic);
      g_assert_cmpfloat (has->aesthetic, ==, had->aesthetic);
    }
  pairs = kalon_preference_query_list_pairs (query, KALON_ORDER_SEMANTIC_MARGIN,
                                             KALON_ORDER_AESTHETIC_MARGIN);
  g_assert_cmpuint (pairs->len, ==, 2 * 3 + 3);

  /* What was read is written as it was. */
  kalon_preference_set_save (loaded, path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &second, NULL, NULL));
  g_assert_cmpstr (first, ==, second);
  g_unlink (path);
  g_rmdir (directory);
}

#define HEADER                                                                                     \
  "{\"format\":\"kalon-preference-set\",\"version\":1,\"model\":\"" HASH "\",\"style\":\"\","      \
  "\"k\":9,\"stride\":1,\"u\":2,\"v\":2,\"count\":1}\n"
#define CELL(semantic, aesthetic)                                                                  \
  "{\"path\":\"p\",\"content_hash\":\"" HASH "\",\"semantic\":" semantic                           \
  ",\"aesthetic\":" aesthetic "}"
#define QUERY(matrix) "{\"query\":\"q\",\"rephrased\":\"r\",\"matrix\":[" matrix "]}\n"
#define ROW(a, b) "[" CELL ("2", a) "," CELL ("2", b) "]"

static void
test_refused (void)
{
  const struct
  {
    const char *text;
    KalonError code;
    const char *message; /* the line and the field are named */
  } cases[] = {
    { "", KALON_ERROR_INVALID_DATA, "0 queries" },
    { "{}\n", KALON_ERROR_INVALID_DATA, "set:1: format is missing" },
    { "[]\n", KALON_ERROR_INVALID_DATA, "set:1" },
    { "{\"format\":\"other\",\"version\":1}", KALON_ERROR_INVALID_DATA, "set:1: format is not" },
    { "{\"format\":\"kalon-preference-set\",\"version\":2}", KALON_ERROR_UNSUPPORTED, "version 2" },
    { HEADER, KALON_ERROR_INVALID_DATA, "0 queries are there, its first line says 1" },
    { HEADER "\n", KALON_ERROR_INVALID_DATA, "set:2" },
    { HEADER QUERY (ROW ("2", "1")) QUERY (ROW ("2", "1")), KALON_ERROR_INVALID_DATA, "2 queries" },
    { HEADER "{\"query\":\"q\"}\n", KALON_ERROR_INVALID_DATA, "set:2: rephrased is missing" },
    { HEADER QUERY (""), KALON_ERROR_INVALID_DATA, "1 to 2 rows" },
    { HEADER QUERY ("[]"), KALON_ERROR_INVALID_DATA, "row 1 is not" },
    { HEADER QUERY ("1"), KALON_ERROR_INVALID_DATA, "row 1 is not" },
    { HEADER QUERY ("[1]"), KALON_ERROR_INVALID_DATA, "is not an object" },
    { HEADER QUERY (ROW ("2", "1") ",[" CELL ("1", "1") "]"), KALON_ERROR_INVALID_DATA,
      "row 2 is not" },
    { HEADER QUERY (ROW ("2", "1") "," ROW ("2", "1") "," ROW ("2", "1")), KALON_ERROR_INVALID_DATA,
      "1 to 2 rows" },
    { HEADER QUERY (ROW ("1", "2")), KALON_ERROR_INVALID_DATA, "row 1 is not in the order" },
    { HEADER QUERY (ROW ("2", "1") ",[" CELL ("3", "1") "," CELL ("1", "1") "]"),
      KALON_ERROR_INVALID_DATA, "row 2 has a higher" },
    { HEADER QUERY (ROW ("1e300", "1")), KALON_ERROR_INVALID_DATA, "matrix.aesthetic" },
    { HEADER QUERY (ROW ("\"1\"", "1")), KALON_ERROR_INVALID_DATA, "must be a number" },
    { HEADER QUERY ("[{\"path\":\"\",\"content_hash\":\"" HASH "\"}]"), KALON_ERROR_INVALID_DATA,
      "not a file's name" },
    { HEADER QUERY ("[{\"path\":\"p\",\"content_hash\":\"" HASH "0\"}]"), KALON_ERROR_INVALID_DATA,
      "content_hash" },
    { HEADER QUERY ("[{\"path\":\"p\",\"uri\":\"a%00b\",\"content_hash\":\"" HASH "\"}]"),
      KALON_ERROR_INVALID_DATA, "uri is not" },
    { HEADER QUERY ("[{\"path\":\"p\",\"content_hash\":\"" HASH "\"}]"), KALON_ERROR_INVALID_DATA,
      "matrix.semantic is missing" },
  };
  g_autoptr (KalonPreferenceSet) good = NULL;
  g_autoptr (GError) fine = NULL;

  good = kalon_preference_set_parse (HEADER QUERY (ROW ("2", "1")),
                                     strlen (HEADER QUERY (ROW ("2", "1"))), "set", &fine);
  g_assert_no_error (fine);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          kalon_preference_set_parse (cases[i].text, strlen (cases[i].text), "set", &error));
      g_assert_error (error, KALON_ERROR, (int) cases[i].code);
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("case %" G_GSIZE_FORMAT ": “%s” does not say “%s”", i, error->message,
                 cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alignment/order/matrix", test_matrix);
  g_test_add_func ("/alignment/order/too-few", test_too_few);
  g_test_add_func ("/alignment/order/left-out", test_left_out);
  g_test_add_func ("/alignment/order/options", test_options);
  g_test_add_func ("/alignment/order/pairs", test_pairs);
  g_test_add_func ("/alignment/order/file", test_file);
  g_test_add_func ("/alignment/order/refused", test_refused);
  return g_test_run ();
}
