/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "errors/kalon-errors.h"
#include "input/kalon-input.h"

static void
assert_refused (const char *json, gssize length, const char *message)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = kalon_input_parse_json (json, length < 0 ? strlen (json) : (gsize) length,
                                           "file.json", &error);

  g_assert_null (node);
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_true (g_str_has_prefix (error->message, "file.json: "));
  if (strstr (error->message, message) == NULL)
    g_error ("“%s” lacks “%s”", error->message, message);
}

static void
test_json_refused (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autofree char *deep = g_strconcat ("{\"a\":", brackets, NULL);

  assert_refused ("", 0, "not a JSON object");
  assert_refused ("  ", -1, "not a JSON object");
  assert_refused ("3", -1, "not a JSON object");
  assert_refused ("[]", -1, "not a JSON object");
  assert_refused (deep, -1, "nested too deeply");
  assert_refused ("{\"a\":", -1, "ends in the middle");
  assert_refused ("{\"a", -1, "ends in the middle");
  assert_refused ("{\"a\\\"", -1, "ends in the middle");
  assert_refused ("{}}", -1, "goes on after its end");
  assert_refused ("{}{}", -1, "goes on after its end");
  assert_refused ("}", -1, "not a JSON object");
  assert_refused ("{\"a\": 1, \"a\": 2}", -1, "same member twice");
  assert_refused ("{/* comment */}", -1, "does not allow outside strings");
  assert_refused ("{} // comment", -1, "goes on after its end");
  assert_refused ("{'a': 1}", -1, "does not allow outside strings");
  assert_refused ("var a = {}", -1, "not a JSON object");
  assert_refused ("{\"a\": 1\0}", 10, "zero byte");
  assert_refused ("{\"\xff\": 1}", -1, "UTF-8");
  assert_refused ("{\"a\": maybe}", -1, "");
}

static void
test_json_accepted (void)
{
  static const char json[] = "{\"a\": {\"b\": [1, 2.5, \"x,y\\\"{\"]}, \"ü\": null, \"c\": true}";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = kalon_input_parse_json (json, strlen (json), "file.json", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 3);
}

static void
assert_message (GError *error, const char *message)
{
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_fields (void)
{
  static const char json[] = "{\"n\": 7, \"f\": 0.5, \"b\": true, \"s\": \"text\", \"z\": null, "
                             "\"big\": 99999999999999999999, \"o\": {}, "
                             "\"half\": \"x\\ud800y\", \"pair\": \"\\ud83d\\ude00\"}";
  g_autoptr (JsonNode) node = kalon_input_parse_json (json, strlen (json), "file.json", NULL);
  KalonSection section
      = { .object = json_node_get_object (node), .file = "file.json", .section = "part" };
  KalonSection nothing = { .file = "file.json" };
  g_autoptr (GError) error = NULL;
  const char *text = "default";
  gboolean flag = FALSE;
  gint64 integer = -1;
  double number = -1;

  g_assert_true (kalon_section_get_integer (&section, "n", 0, 9, &integer, &error));
  g_assert_cmpint (integer, ==, 7);
  g_assert_true (kalon_section_get_integer (&section, "z", 0, 9, &integer, &error));
  g_assert_true (kalon_section_get_integer (&section, "missing", 0, 9, &integer, &error));
  g_assert_true (kalon_section_get_integer (&nothing, "n", 0, 9, &integer, &error));
  g_assert_cmpint (integer, ==, 7);
  g_assert_false (kalon_section_get_integer (&section, "n", 0, 6, &integer, &error));
  assert_message (error, "file.json: part.n is 7, it must be from 0 to 6.");
  g_clear_error (&error);
  g_assert_false (kalon_section_get_integer (&section, "f", 0, 9, &integer, &error));
  assert_message (error, "file.json: part.f must be an integer.");
  g_clear_error (&error);
  g_assert_false (kalon_section_get_integer (&section, "big", 0, G_MAXINT64, &integer, &error));
  g_clear_error (&error);
  g_assert_false (kalon_section_get_integer (&section, "o", 0, 9, &integer, &error));
  g_clear_error (&error);

  g_assert_true (kalon_section_get_number (&section, "f", 0, 1, &number, &error));
  g_assert_cmpfloat (number, ==, 0.5);
  g_assert_true (kalon_section_get_number (&section, "n", 0, 9, &number, &error));
  g_assert_cmpfloat (number, ==, 7);
  g_assert_false (kalon_section_get_number (&section, "f", 1, 2, &number, &error));
  assert_message (error, "file.json: part.f is 0.5, it must be from 1 to 2.");
  g_clear_error (&error);
  g_assert_false (kalon_section_get_number (&section, "s", 0, 1, &number, &error));
  g_clear_error (&error);

  g_assert_false (kalon_section_get_string (&section, "half", &text, &error));
  assert_message (error, "file.json: part.half has half of a surrogate pair.");
  g_clear_error (&error);
  g_assert_cmpstr (text, ==, "default");
  g_assert_true (kalon_section_get_string (&section, "pair", &text, &error));
  g_assert_cmpstr (text, ==, "\U0001f600");
  text = "default";

  g_assert_true (kalon_section_get_boolean (&section, "b", &flag, &error));
  g_assert_true (flag);
  g_assert_false (kalon_section_get_boolean (&section, "n", &flag, &error));
  g_clear_error (&error);
  g_assert_true (kalon_section_get_string (&section, "s", &text, &error));
  g_assert_cmpstr (text, ==, "text");
  g_assert_false (kalon_section_get_string (&section, "o", &text, &error));
  assert_message (error, "file.json: part.o must be a string.");
}

/* The member that kalon_json_add_path() makes of @path is read as @path. */
static void
check_path (const char *path)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *read = NULL;
  KalonSection section = { .file = "file.json", .section = "part" };
  g_autoptr (GError) error = NULL;

  json_builder_begin_object (builder);
  kalon_json_add_path (builder, path);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  section.object = json_node_get_object (root);
  read = kalon_section_dup_path (&section, strlen (path), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read, ==, path);
  g_assert_null (kalon_section_dup_path (&section, strlen (path) - 1, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
}

static void
test_members (void)
{
  static const char json[] = "{\"s\": \"text\", \"n\": 7, \"z\": null, \"path\": \"a\", "
                             "\"uri\": \"a%00b\", \"hash\": \"AB\"}";
  g_autoptr (JsonNode) node = kalon_input_parse_json (json, strlen (json), "file.json", NULL);
  KalonSection section
      = { .object = json_node_get_object (node), .file = "file.json", .section = "part" };
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (kalon_section_take_text (&section, "s", 4, &error), ==, "text");
  g_assert_no_error (error);
  g_assert_null (kalon_section_take_text (&section, "s", 3, &error));
  assert_message (error, "file.json: part.s is too long.");
  g_clear_error (&error);
  g_assert_null (kalon_section_take_text (&section, "z", 3, &error));
  assert_message (error, "file.json: part.z is missing.");
  g_clear_error (&error);
  g_assert_null (kalon_section_take_text (&section, "n", 3, &error));
  assert_message (error, "file.json: part.n must be a string.");
  g_clear_error (&error);
  g_assert_null (kalon_section_take_hash (&section, "hash", &error));
  assert_message (error, "file.json: part.hash is not a SHA-256 in lower-case hex.");
  g_clear_error (&error);
  g_assert_null (kalon_section_dup_path (&section, 100, &error));
  assert_message (error, "file.json: part.uri is not a file's name.");

  check_path ("/plain");
  check_path ("ü/%41 b");
  check_path ("/caf\xe9");
  check_path ("caf\xe9/%41");
}

/* A line as it is written, and its head as it is read. */
static void
test_line (void)
{
  g_autoptr (JsonBuilder) builder = kalon_json_begin_line ();
  g_autoptr (GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;
  g_autofree char *text = g_strdup ("before");
  g_autoptr (GError) error = NULL;
  const char *const texts[] = { "\xff", "ü\n", NULL };
  KalonSection section = { .file = "f" };

  g_hash_table_insert (table, (gpointer) "b", (gpointer) "2");
  g_hash_table_insert (table, (gpointer) "a", (gpointer) "1");
  kalon_json_add_text (builder, "format", "own");
  kalon_json_add_integer (builder, "version", 7);
  kalon_json_add_number (builder, "share", 0.5);
  kalon_json_add_boolean (builder, "sure", TRUE);
  kalon_json_add_text (builder, "none", NULL);
  kalon_json_add_texts (builder, "texts", texts);
  kalon_json_add_texts (builder, "empty", NULL);
  kalon_json_add_text_table (builder, "table", table);
  line = kalon_json_end_line (builder);
  g_assert_cmpstr (line, ==,
                   "{\"format\":\"own\",\"version\":7,\"share\":0.5,\"sure\":true,\"none\":null,"
                   "\"texts\":[\"\\\\xFF\",\"ü\\n\"],\"empty\":[],"
                   "\"table\":{\"a\":\"1\",\"b\":\"2\"}}\n");

  node = kalon_input_parse_json (line, strlen (line), "f", &error);
  g_assert_no_error (error);
  section.object = json_node_get_object (node);
  g_assert_true (kalon_section_check_format (&section, "own", 7, &error));
  g_assert_false (kalon_section_check_format (&section, "own", 8, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==,
                   "f: version 7 was written by another Kalon; this one reads version 8.");
  g_clear_error (&error);
  g_assert_false (kalon_section_check_format (&section, "other", 7, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_false (kalon_section_copy_text (&section, "format", 2, &text, &error));
  g_assert_cmpstr (error->message, ==, "f: format is too long.");
  g_assert_cmpstr (text, ==, "before");
  g_clear_error (&error);
  g_assert_true (kalon_section_copy_text (&section, "format", 3, &text, &error));
  g_assert_cmpstr (text, ==, "own");
  g_assert_true (kalon_section_copy_text (&section, "none", 3, &text, &error));
  g_assert_null (text);
}

static void
test_hash (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kalon-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *data = g_strnfill (1000000, 'x');
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, data, -1);
  g_autofree char *hash = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, data, -1, NULL));
  hash = kalon_input_hash_file (path, cancellable, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hash, ==, expected);
  g_cancellable_cancel (cancellable);
  g_assert_null (kalon_input_hash_file (path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_unlink (path);
  g_assert_null (kalon_input_hash_file (path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (kalon_input_hash_file (folder, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_rmdir (folder);
}

static void
test_files (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kalon-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GBytes) mapped = NULL;

  g_assert_no_error (error);
  g_file_set_contents (path, "12345", 5, &error);
  g_assert_no_error (error);
  read = kalon_input_read (path, 5, &error);
  g_assert_no_error (error);
  mapped = kalon_input_map (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, mapped));

  g_assert_null (kalon_input_read (path, 4, &error));
  g_assert_error (error, KALON_ERROR, KALON_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (kalon_input_read (folder, 100, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  /* A pipe without a writer would block whoever opens it. */
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (kalon_input_map (pipe, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_unlink (pipe);
  g_assert_null (kalon_input_read (pipe, 100, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_quote (void)
{
  g_autofree char *escaped = kalon_input_quote ("a\n\x1b[31mü");
  g_autofree char *long_text = g_strnfill (500, 'x');
  g_autofree char *cut = kalon_input_quote (long_text);
  g_autofree char *broken = kalon_input_quote ("ab\xff"
                                               "cd");

  g_assert_cmpstr (escaped, ==, "a\\u000a\\u001b[31mü");
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 81);
  g_assert_cmpstr (broken, ==, "ab");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/input/json-refused", test_json_refused);
  g_test_add_func ("/input/json-accepted", test_json_accepted);
  g_test_add_func ("/input/fields", test_fields);
  g_test_add_func ("/input/members", test_members);
  g_test_add_func ("/input/line", test_line);
  g_test_add_func ("/input/hash", test_hash);
  g_test_add_func ("/input/files", test_files);
  g_test_add_func ("/input/quote", test_quote);
  return g_test_run ();
}
