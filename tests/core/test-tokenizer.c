/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "errors/kalon-errors.h"
#include "tokenizer/kalon-tokenizer.h"

/* tests/reference/tokens is made by make-tokens.py. */
static KalonTokenizer *
load_reference (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "reference", "tokens", NULL);
  g_autoptr (GError) error = NULL;
  KalonTokenizer *tokenizer = kalon_tokenizer_new (path, &error);

  g_assert_no_error (error);
  return tokenizer;
}

static void
check_case (KalonTokenizer *tokenizer, JsonObject *expected, gsize context)
{
  const char *text = json_object_get_string_member (expected, "text");
  JsonArray *ids = json_object_get_array_member (expected, "ids");
  g_autofree gint32 *tokens = g_new (gint32, context);
  gsize dropped, n;

  n = kalon_tokenizer_encode (tokenizer, text, context, -7, tokens, &dropped);
  g_test_message ("%s", text);
  g_assert_cmpuint (n, ==, json_array_get_length (ids));
  g_assert_cmpuint (dropped, ==, json_object_get_int_member (expected, "dropped"));
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (tokens[i], ==, json_array_get_int_element (ids, i));
  for (gsize i = n; i < context; i++)
    g_assert_cmpint (tokens[i], ==, -7);
}

static void
test_reference (void)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "reference", "tokens", "expected.json", NULL);
  g_autoptr (KalonTokenizer) tokenizer = load_reference ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonObject *root;
  JsonArray *cases;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  root = json_node_get_object (json_parser_get_root (parser));
  cases = json_object_get_array_member (root, "cases");
  g_assert_cmpuint (json_array_get_length (cases), >, 60);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_case (tokenizer, json_array_get_object_element (cases, i),
                (gsize) json_object_get_int_member (root, "context"));
}

static void
test_invalid_utf8 (void)
{
  g_autoptr (KalonTokenizer) tokenizer = load_reference ();
  gint32 broken[16], replaced[16];

  g_assert_cmpuint (kalon_tokenizer_encode (tokenizer,
                                            "a\xff"
                                            "b\xc3",
                                            16, 0, broken, NULL),
                    ==,
                    kalon_tokenizer_encode (tokenizer,
                                            "a\xef\xbf\xbd"
                                            "b\xef\xbf\xbd",
                                            16, 0, replaced, NULL));
  g_assert_cmpmem (broken, sizeof broken, replaced, sizeof replaced);
}

static void
test_shortest_context (void)
{
  g_autoptr (KalonTokenizer) tokenizer = load_reference ();
  gint32 tokens[2];
  gsize dropped;

  g_assert_cmpuint (kalon_tokenizer_encode (tokenizer, "dog cat", 2, 0, tokens, &dropped), ==, 2);
  g_assert_cmpint (tokens[0], ==, kalon_tokenizer_get_start (tokenizer));
  g_assert_cmpint (tokens[1], ==, kalon_tokenizer_get_end (tokenizer));
  g_assert_cmpuint (dropped, >=, 2);
}

static void
test_decode (void)
{
  g_autoptr (KalonTokenizer) tokenizer = load_reference ();
  g_autofree char *text = NULL;
  gint32 tokens[77];
  gsize n = kalon_tokenizer_encode (tokenizer, "A Café, 夜明け & 🐶!", 77, 0, tokens, NULL);

  text = kalon_tokenizer_decode (tokenizer, tokens, n);
  g_assert_cmpstr (text, ==, "a café , 夜明け & 🐶!");
}

/* A megabyte without a space is one word, and a megabyte of marks one character: neither may take
 * quadratic time. */
static void
test_long_word (void)
{
  g_autoptr (KalonTokenizer) tokenizer = load_reference ();
  g_autofree char *word = g_strnfill (1000000, 'a');
  g_autoptr (GString) marks = g_string_new ("a");
  gint32 tokens[77];
  gsize dropped;

  g_assert_cmpuint (kalon_tokenizer_encode (tokenizer, word, 77, 0, tokens, &dropped), ==, 77);
  g_assert_cmpuint (dropped, >, 100000);

  /* Acute above, dot below: in the wrong order. */
  while (marks->len < 1000000)
    g_string_append (marks, "\xcc\x81\xcc\xa3");
  g_assert_cmpuint (kalon_tokenizer_encode (tokenizer, marks->str, 77, 0, tokens, &dropped), ==,
                    77);
  g_assert_cmpuint (dropped, >, 100000);
}

static void
assert_refused (const char *vocab, const char *merges, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("kalon-XXXXXX", &error);
  g_autofree char *vocab_path = g_build_filename (directory, "vocab.json", NULL);
  g_autofree char *merges_path = g_build_filename (directory, "merges.txt", NULL);
  g_autoptr (KalonTokenizer) tokenizer = NULL;

  g_assert_no_error (error);
  g_file_set_contents (vocab_path, vocab, -1, &error);
  g_assert_no_error (error);
  g_file_set_contents (merges_path, merges, -1, &error);
  g_assert_no_error (error);
  tokenizer = kalon_tokenizer_new (directory, &error);
  g_assert_null (tokenizer);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
  g_unlink (vocab_path);
  g_unlink (merges_path);
  g_rmdir (directory);
}

#define SPECIAL "\"<|startoftext|>\": 3, \"<|endoftext|>\": 4"

static void
test_hostile (void)
{
  g_autofree char *brackets = g_strnfill (100000, '[');
  g_autofree char *deep = g_strconcat ("{\"a\":", brackets, NULL);

  assert_refused ("", "", "vocab.json");
  assert_refused ("[1]", "", "vocab.json: is not a JSON object");
  assert_refused (deep, "", "nested too deeply");
  assert_refused ("{\"a\": 0,", "", "ends in the middle");
  assert_refused ("{\"a\": 0, \"a\": 1, " SPECIAL "}", "", "same member twice");
  assert_refused ("{\"a\": 0, \"b\": 0, " SPECIAL "}", "", "has the id of another token, 0");
  assert_refused ("{\"a\": -1, " SPECIAL "}", "", "a must be an integer from 0");
  assert_refused ("{\"a\": 99999999, " SPECIAL "}", "", "a must be an integer from 0");
  assert_refused ("{\"a\": 18446744073709551615, " SPECIAL "}", "", "a must be an integer");
  assert_refused ("{\"a\": 1.5, " SPECIAL "}", "", "a must be an integer");
  assert_refused ("{\"a\": [], " SPECIAL "}", "", "a must be an integer");
  assert_refused ("{\"a\": 0, \"<|endoftext|>\": 4}", "", "<|startoftext|> is missing");
  assert_refused ("{\"a\": 0, \"<|startoftext|>\": 4}", "", "<|endoftext|> is missing");
  assert_refused ("{\"a\": 0, \"b\": 1, " SPECIAL "}", "#version: 0.2\n\na b",
                  "line 3: “ab” is not");
  assert_refused ("{\"a\": 0, \"b\": 1, " SPECIAL "}", "c b", "“c” is not");
  assert_refused ("{\"a\": 0, " SPECIAL "}", "a", "line 1 is not two tokens");
  assert_refused ("{\"a\": 0, " SPECIAL "}", "a  a", "line 1 is not two tokens");
  assert_refused ("{\"a\": 0, " SPECIAL "}", "a \xff", "“” is not");
}

static void
test_missing_directory (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kalon_tokenizer_new ("/nonexistent", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_finalize (void)
{
  KalonTokenizer *tokenizer = load_reference ();

  g_assert_finalize_object (tokenizer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tokenizer/reference", test_reference);
  g_test_add_func ("/tokenizer/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/tokenizer/shortest-context", test_shortest_context);
  g_test_add_func ("/tokenizer/decode", test_decode);
  g_test_add_func ("/tokenizer/long-word", test_long_word);
  g_test_add_func ("/tokenizer/hostile", test_hostile);
  g_test_add_func ("/tokenizer/missing-directory", test_missing_directory);
  g_test_add_func ("/tokenizer/finalize", test_finalize);
  return g_test_run ();
}
