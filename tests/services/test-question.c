/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/kalon-question.h"

#include "errors/kalon-errors.h"

/* "boat | -people, +2 red, <picture" */
static char *
describe (const KalonQuestion *question)
{
  GString *text = g_string_new (question->text);

  for (guint i = 0; i < question->terms->len; i++)
    {
      const KalonTerm *term = g_ptr_array_index (question->terms, i);

      g_string_append_printf (text, "%s%g%s%s", i == 0 ? "|" : ",", (double) term->weight,
                              term->kind == KALON_TERM_PICTURE ? "<" : " ", term->value);
    }
  return g_string_free (text, FALSE);
}

static void
test_typed (void)
{
  static const struct
  {
    const char *typed, *description;
  } cases[] = {
    { "", "" },
    { "  red   boat ", "red boat" },
    { "boat -people", "boat|-1 people" },
    { "-people boat -fog", "boat|-1 people,-1 fog" },
    { "boat -\"two people\" lake", "boat lake|-1 two people" },
    { "boat -\"never closed", "boat|-1 never closed" },
    { "boat +sunset", "boat|1 sunset" },
    { "boat not: people, red cars ,", "boat|-1 people,-1 red cars" },
    { "NOT: fog", "|-1 fog" },
    { "boat not:", "boat" },
    /* Signs inside of words, alone, or of numbers' ranges are no signs. */
    { "black-and-white 2019-2021", "black-and-white 2019-2021" },
    { "here - there + everywhere", "here - there + everywhere" },
    { "c++ -- --", "c++ -- --" },
    { "knot: a rope", "knot: a rope" },
    /* The last word on a term counts. */
    { "-Fog +fog", "|1 fog" },
    { "-\"\" boat", "boat" },
    { "Straße -Häuser", "Straße|-1 Häuser" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KalonQuestion) question = kalon_question_new ();
      g_autofree char *description = NULL;

      kalon_question_read_typed (question, cases[i].typed);
      description = describe (question);
      g_assert_cmpstr (description, ==, cases[i].description);
    }
}

static void
test_value (void)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  g_autoptr (KalonQuestion) copy = NULL;

  g_assert_true (kalon_question_is_empty (question));
  kalon_question_set_filter (question, " date:2021 ");
  g_assert_false (kalon_question_is_empty (question));
  g_assert_cmpstr (question->filter, ==, "date:2021");
  kalon_question_add_term (question, KALON_TERM_TEXT, "Fog", -1);
  kalon_question_add_term (question, KALON_TERM_PICTURE, "/a.png", 0.5f);
  kalon_question_add_term (question, KALON_TERM_PICTURE, "/A.png", 2);
  kalon_question_add_term (question, KALON_TERM_TEXT, " ", 2);
  g_assert_cmpuint (question->terms->len, ==, 3);

  copy = kalon_question_copy (question);
  g_assert_true (kalon_question_equal (question, copy));
  copy->strictness = 80;
  g_assert_true (kalon_question_equal (question, copy));
  kalon_question_add_term (copy, KALON_TERM_TEXT, "fog", -2);
  g_assert_cmpuint (copy->terms->len, ==, 3);
  g_assert_false (kalon_question_equal (question, copy));
}

static void
test_json (void)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  g_autoptr (KalonQuestion) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  kalon_question_set_text (question, "a “red” boat\\");
  kalon_question_set_filter (question, "date:2021-07 liked:yes");
  question->strictness = 60;
  kalon_question_add_term (question, KALON_TERM_TEXT, "people", -1.35f);
  /* A name that is not UTF-8. */
  kalon_question_add_term (question, KALON_TERM_PICTURE, "/pictures/caf\xe9 1.png", 0.25f);
  json = kalon_question_to_json (question);
  g_assert_true (g_utf8_validate (json, -1, NULL));
  g_assert_nonnull (strstr (json, "-1.35"));
  back = kalon_question_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_true (kalon_question_equal (question, back));
  g_assert_cmpint (back->strictness, ==, 60);
}

static void
test_bad_json (void)
{
  static const char *const cases[] = {
    "",
    "[]",
    "{\"text\": 3}",
    "{\"strictness\": 101}",
    "{\"terms\": {}}",
    "{\"terms\": [3]}",
    "{\"terms\": [{}]}",
    "{\"terms\": [{\"words\": \"a\", \"picture\": \"file:///a\"}]}",
    "{\"terms\": [{\"picture\": \"https://example.org/a\"}]}",
    "{\"terms\": [{\"words\": \"a\", \"weight\": 0}]}",
    "{\"terms\": [{\"words\": \"a\", \"weight\": 1e9}]}",
  };
  g_autoptr (KalonQuestion) nothing = kalon_question_from_json ("{}", NULL);

  g_assert_true (kalon_question_is_empty (nothing));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (kalon_question_from_json (cases[i], &error));
      g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
    }
}

static void
test_query (void)
{
  g_autoptr (KalonQuestion) question = kalon_question_new ();
  g_autoptr (KalonQuery) query = NULL;
  GPtrArray *terms;

  kalon_question_read_typed (question, "boat -fog");
  query = kalon_question_create_query (question);
  terms = kalon_query_get_terms (query);
  g_assert_cmpuint (terms->len, ==, 2);
  g_assert_cmpstr (((KalonTerm *) terms->pdata[0])->value, ==, "boat");
  g_assert_cmpfloat (((KalonTerm *) terms->pdata[0])->weight, ==, 1);
  g_assert_cmpfloat (((KalonTerm *) terms->pdata[1])->weight, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/question/typed", test_typed);
  g_test_add_func ("/question/value", test_value);
  g_test_add_func ("/question/json", test_json);
  g_test_add_func ("/question/bad-json", test_bad_json);
  g_test_add_func ("/question/query", test_query);
  return g_test_run ();
}
