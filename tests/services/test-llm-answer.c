/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "errors/kalon-errors.h"
#include "llm/kalon-llm.h"

static const char schema[]
    = "{\"type\":\"object\",\"additionalProperties\":false,"
      "\"required\":[\"texts\",\"negative\",\"style\",\"count\",\"inner\"],\"properties\":{"
      "\"texts\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":3,"
      "\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":8}},"
      "\"negative\":{\"type\":[\"string\",\"null\"]},"
      "\"style\":{\"enum\":[\"plain\",\"rich\",null,1]},"
      "\"count\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":10},"
      "\"share\":{\"type\":\"number\"},\"good\":{\"type\":\"boolean\"},"
      "\"inner\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[],"
      "\"properties\":{\"a\":{\"type\":\"null\"}}}}}";

#define REST "\"negative\":null,\"style\":\"rich\",\"count\":3,\"inner\":{}"
#define GOOD "{\"texts\":[\"a\"]," REST "}"

/* What comes out of @text, as JSON again. */
static void
assert_fits (const char *text, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = kalon_llm_parse_answer (text, schema, &error);
  g_autofree char *json = NULL;

  g_assert_no_error (error);
  json = json_to_string (node, FALSE);
  g_assert_cmpstr (json, ==, wanted);
}

static void
assert_refused (const char *text, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_llm_parse_answer (text, schema, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_null (strchr (error->message, '\n'));
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” is not in “%s”", words, error->message);
}

static void
test_wrapped (void)
{
  assert_fits (GOOD, GOOD);
  assert_fits (" \n" GOOD "\n", GOOD);
  assert_fits ("```json\n" GOOD "\n```", GOOD);
  assert_fits ("Here it is: " GOOD " I hope {it} helps.", GOOD);
  assert_fits ("<think>I need {texts} and {\"count\": 7}</think>" GOOD, GOOD);
  assert_fits ("He said \"{\" and then " GOOD, GOOD);
  /* Braces and quotation marks in strings. */
  assert_fits ("{\"texts\":[\"}\\\"{\"]," REST "} }", "{\"texts\":[\"}\\\"{\"]," REST "}");
}

static void
test_types (void)
{
  assert_fits ("{\"texts\":[\"a\",\"äöüäöüäö\"],\"negative\":\"x\",\"style\":1,\"count\":10,"
               "\"share\":1,\"good\":false,\"inner\":{\"a\":null}}",
               "{\"texts\":[\"a\",\"äöüäöüäö\"],\"negative\":\"x\",\"style\":1,\"count\":10,"
               "\"share\":1,\"good\":false,\"inner\":{\"a\":null}}");
  assert_refused ("{" REST "}", "it lacks “texts”");
  assert_refused ("{\"texts\":\"a\"," REST "}", "texts is not of type \"array\"");
  assert_refused ("{\"texts\":[1]," REST "}", "texts[0] is not of type");
  assert_refused ("{\"texts\":[]," REST "}", "texts has a length of 0");
  assert_refused ("{\"texts\":[\"a\",\"a\",\"a\",\"a\"]," REST "}", "texts has a length of 4");
  assert_refused ("{\"texts\":[\"a\",\"123456789\"]," REST "}", "texts[1] has a length of 9");
  assert_refused ("{\"texts\":[\"\"]," REST "}", "texts[0] has a length of 0");
  assert_refused ("{\"texts\":[\"a\"],\"negative\":7,\"style\":1,\"count\":1,\"inner\":{}}",
                  "negative is not of type [\"string\",\"null\"]");
  assert_refused ("{\"texts\":[\"a\"],\"negative\":null,\"style\":\"x\",\"count\":1,\"inner\":{}}",
                  "style is none of");
  assert_refused ("{\"texts\":[\"a\"],\"negative\":null,\"style\":1,\"count\":11,\"inner\":{}}",
                  "count has a value of 11");
  assert_refused ("{\"texts\":[\"a\"],\"negative\":null,\"style\":1,\"count\":1.5,\"inner\":{}}",
                  "count is not of type");
  assert_refused (
      "{\"texts\":[\"a\"],\"negative\":null,\"style\":1,\"count\":1,\"inner\":{\"a\":1}}",
      "inner.a is not of type");
}

static void
test_unknown_members (void)
{
  assert_fits ("{\"why\":\"because\",\"texts\":[\"a\"],\"negative\":null,\"style\":\"rich\","
               "\"count\":3,\"inner\":{\"b\":[{}]}}",
               GOOD);
}

static void
test_no_json (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);

  assert_refused ("", "is not the JSON");
  assert_refused ("I cannot help with that.", "is not the JSON");
  assert_refused ("[\"a\"]", "is not the JSON");
  assert_refused ("{\"texts\":[\"a\"],\"negative\":nu", "is not the JSON");
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "{\"a\":");
  assert_refused (deep->str, "is not the JSON");
  g_string_truncate (deep, 0);
  for (guint i = 0; i < 100000; i++)
    g_string_append (deep, "{}");
  assert_refused (deep->str, "lacks “texts”");
}

static void
test_schema (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_llm_parse_answer (GOOD, "{", &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/llm-answer/wrapped", test_wrapped);
  g_test_add_func ("/llm-answer/types", test_types);
  g_test_add_func ("/llm-answer/unknown-members", test_unknown_members);
  g_test_add_func ("/llm-answer/no-json", test_no_json);
  g_test_add_func ("/llm-answer/schema", test_schema);
  return g_test_run ();
}
