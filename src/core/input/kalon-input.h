/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Reading files that somebody else wrote: bounded, regular files only, and JSON that is checked
 * before json-glib sees it; and writing JSON of our own. The only module of the core that includes
 * json-glib.
 *
 * All functions may be called from any thread. A refusal names the file and, inside JSON, the
 * field: %KALON_ERROR_INVALID_DATA, or %KALON_ERROR_TOO_LARGE over a stated limit.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Nesting that no file of ours or of the Hugging Face hub comes near; json-glib recurses. */
#define KALON_INPUT_MAX_DEPTH 32

/**
 * kalon_input_read:
 * @path: a regular file; a pipe, device or directory is refused without blocking
 * @max_size: bytes; a longer file is %KALON_ERROR_TOO_LARGE and is not read
 *
 * Returns: (transfer full): its content
 */
GBytes *kalon_input_read (const char *path, gsize max_size, GError **error);

/**
 * kalon_input_map:
 *
 * Returns: (transfer full): the regular file at @path, mapped read-only
 */
GBytes *kalon_input_map (const char *path, GError **error);

/**
 * kalon_input_hash_file:
 *
 * Returns: (transfer full): the SHA-256 in hex of the bytes of the regular file at @path
 */
char *kalon_input_hash_file (const char *path, GCancellable *cancellable, GError **error);

/**
 * kalon_input_parse_json:
 * @data: [length] bytes, not necessarily NUL-terminated
 * @name: what to call it in a message
 *
 * Strict where json-glib is lenient: UTF-8, no comments, no assignments, no single quotes, no
 * repeated member in the outermost object, at most %KALON_INPUT_MAX_DEPTH levels.
 *
 * Returns: (transfer full): a node that holds an object
 */
JsonNode *kalon_input_parse_json (const char *data, gsize length, const char *name, GError **error);

/* kalon_input_read() and kalon_input_parse_json(), named by the file's name. */
JsonNode *kalon_input_load_json (const char *path, gsize max_size, GError **error);

/**
 * KalonSection:
 * An object of a JSON file and how to name it in a message: "FILE: SECTION.KEY".
 */
typedef struct
{
  JsonObject *object; /* (nullable): nothing is there */
  const char *file;
  const char *section; /* (nullable): the outermost object */
} KalonSection;

/*
 * Each takes the default in @value and leaves it when the member is missing or null. %FALSE when
 * it has another type or lies outside @min..@max.
 */
gboolean kalon_section_get_integer (const KalonSection *section, const char *key, gint64 min,
                                    gint64 max, gint64 *value, GError **error);
gboolean kalon_section_get_number (const KalonSection *section, const char *key, double min,
                                   double max, double *value, GError **error);
gboolean kalon_section_get_boolean (const KalonSection *section, const char *key, gboolean *value,
                                    GError **error);
/* @value: (transfer none): valid as long as the object. */
gboolean kalon_section_get_string (const KalonSection *section, const char *key, const char **value,
                                   GError **error);
/* A text of at most @max bytes. @text: (inout) (transfer full): %NULL when missing. */
gboolean kalon_section_copy_text (const KalonSection *section, const char *key, gsize max,
                                  char **text, GError **error);
/* The object says “format”: @format and “version”: @version. %KALON_ERROR_UNSUPPORTED for another
 * version. */
gboolean kalon_section_check_format (const KalonSection *section, const char *format,
                                     gint64 version, GError **error);
/*
 * A member that must be there; (transfer none): valid as long as the object. %NULL when refused.
 */

/* A text of at most @max bytes. */
const char *
kalon_section_take_text (const KalonSection *section, const char *key, gsize max, GError **error);
/* A SHA-256: 64 lower-case hex digits. */
const char *kalon_section_take_hash (const KalonSection *section, const char *key, GError **error);

/**
 * kalon_section_dup_path:
 * @max: bytes
 *
 * A file's name as kalon_json_add_path() writes it.
 *
 * Returns: (transfer full): bytes, not empty
 */
char *kalon_section_dup_path (const KalonSection *section, gsize max, GError **error);

/* @value: (transfer none): whatever is there, %NULL when missing or null. */
JsonNode *kalon_section_get (const KalonSection *section, const char *key);

/* Sets %KALON_ERROR_INVALID_DATA "FILE: SECTION.KEY MESSAGE". Always %FALSE. */
gboolean kalon_section_refuse (const KalonSection *section, const char *key, GError **error,
                               const char *format, ...) G_GNUC_PRINTF (4, 5);

/* Writing one object: kalon_json_begin_line(), its members, kalon_json_end_line(). */

/* (transfer full): in an object that is open. */
JsonBuilder *kalon_json_begin_line (void);
/* (transfer full): the object, closed, on one line, with its LF. */
char *kalon_json_end_line (JsonBuilder *builder);

/* A member of the object that is open. What of a text is not UTF-8 is written as \xHH; %NULL
 * becomes null. */
void kalon_json_add_text (JsonBuilder *builder, const char *key, const char *text);
void kalon_json_add_integer (JsonBuilder *builder, const char *key, gint64 value);
void kalon_json_add_number (JsonBuilder *builder, const char *key, double value);
void kalon_json_add_boolean (JsonBuilder *builder, const char *key, gboolean value);
/* @texts: (nullable): %NULL-terminated; an array */
void kalon_json_add_texts (JsonBuilder *builder, const char *key, const char *const *texts);
/* @texts: char * -> char *; an object, sorted by its keys: the same texts make the same file */
void kalon_json_add_text_table (JsonBuilder *builder, const char *key, GHashTable *texts);
/* An element of the array that is open, as kalon_json_add_text() writes it. */
void kalon_json_add_text_element (JsonBuilder *builder, const char *text);

/**
 * kalon_json_add_path:
 * @builder: in an object
 * @path: bytes
 *
 * “path”; of a name that is not UTF-8 that is for reading, with \xHH, and “uri” beside it has the
 * exact one, percent-encoded: "file:///..." if absolute, else relative to what @path is relative
 * to.
 */
void kalon_json_add_path (JsonBuilder *builder, const char *path);

/**
 * kalon_input_quote:
 *
 * Returns: (transfer full): @text fit for a message: control characters escaped, cut after 80
 */
char *kalon_input_quote (const char *text);

/**
 * kalon_input_dup_utf8:
 *
 * Returns: (transfer full): @bytes with those that are not UTF-8 written as \xHH
 */
char *kalon_input_dup_utf8 (const char *bytes);

G_END_DECLS
