/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the command families share: the global options, parsing, and the two ways of printing.
 *
 * Results go to stdout, messages and progress to stderr. Paths are bytes: text output writes them
 * as they are, JSON escapes what is not UTF-8 (see kalon_cli_json_path()).
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Exit status: a contract (docs and tests rely on the numbers). */
typedef enum
{
  KALON_CLI_DONE = 0,
  KALON_CLI_FAILED = 1,
  KALON_CLI_USAGE = 2,
} KalonCliStatus;

typedef struct
{
  char *library; /* (nullable): the user's own */
  char *model;   /* (nullable): id or path; the starter */
  char *device;  /* (nullable): the first one; "none" is plain C */
  gboolean json;
  GStrv arguments;           /* all of them, as they were typed, with the program's name */
  GCancellable *cancellable; /* cancelled by Ctrl-C and SIGTERM, see kalon_cli_watch_signals() */
} KalonCli;

typedef struct _KalonCliCommand KalonCliCommand;

/* One command, or a family of them when @run is %NULL. */
struct _KalonCliCommand
{
  const char *name;      /* "search", "model list" */
  const char *arguments; /* "QUERY" */
  const char *summary;   /* one line */
  const char *details;   /* (nullable): the rest of --help */
  KalonCliStatus (*run) (KalonCli *cli, const KalonCliCommand *command, GStrv argv);
  const KalonCliCommand *const *children; /* %NULL-terminated, of a family */
};

extern const KalonCliCommand kalon_cli_index;
extern const KalonCliCommand kalon_cli_library;
extern const KalonCliCommand kalon_cli_search;
extern const KalonCliCommand kalon_cli_compare;
extern const KalonCliCommand kalon_cli_history;
extern const KalonCliCommand kalon_cli_saved;
extern const KalonCliCommand kalon_cli_rephrase;
extern const KalonCliCommand kalon_cli_like;
extern const KalonCliCommand kalon_cli_dislike;
extern const KalonCliCommand kalon_cli_forget;
extern const KalonCliCommand kalon_cli_reset;
extern const KalonCliCommand kalon_cli_taste;
extern const KalonCliCommand kalon_cli_align;
extern const KalonCliCommand kalon_cli_board;
extern const KalonCliCommand kalon_cli_judge;
extern const KalonCliCommand kalon_cli_label;
extern const KalonCliCommand kalon_cli_model;
extern const KalonCliCommand kalon_cli_llm;
extern const KalonCliCommand kalon_cli_device;
extern const KalonCliCommand kalon_cli_bench;
extern const KalonCliCommand kalon_cli_eval;
extern const KalonCliCommand kalon_cli_hpir;

/**
 * kalon_cli_parse:
 * @entries: (nullable): the command's own options; the global ones are added. Strings are
 *   %G_OPTION_ARG_FILENAME: bytes as typed, whatever the locale
 * @argv: the arguments with the command's name in front
 * @max_arguments: how many positional arguments it takes; -1 is any number
 * @arguments: (out) (transfer full): the positional ones, %NULL-terminated, never %NULL
 *
 * Returns: %FALSE after a message when the arguments are wrong (%KALON_CLI_USAGE).
 */
gboolean
kalon_cli_parse (KalonCli *cli, const KalonCliCommand *command, const GOptionEntry *entries,
                 GStrv argv, int max_arguments, GStrv *arguments);

/* Runs the child of @family that @argv names; @fallback (nullable) when it names none. */
KalonCliStatus kalon_cli_run_child (KalonCli *cli, const KalonCliCommand *family, GStrv argv,
                                    const KalonCliCommand *fallback);

/* Prints @format with a hint at --help; with --json also {"error": message} on stdout.
 * Returns: %KALON_CLI_USAGE */
KalonCliStatus
kalon_cli_usage (const KalonCliCommand *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* @value: (inout): stays where @text, (nullable), is %NULL. %FALSE after a usage message that names
 * @option and its range, both ends of which belong to it. */
gboolean kalon_cli_parse_number (const KalonCliCommand *command, const char *option,
                                 const char *text, double least, double most, double *value);
/* The same of what has been read: NaN is in no range. */
gboolean kalon_cli_check_number (const KalonCliCommand *command, const char *option, double value,
                                 double least, double most);
/* Of a part of a ranking or a query: beyond it nothing else counts. */
#define KALON_CLI_MAX_WEIGHT 100

/* Prints the message; with --json also {"error": message} on stdout. Returns: %KALON_CLI_FAILED */
KalonCliStatus kalon_cli_fail (KalonCli *cli, const GError *error);

/* One line on stderr; takes a progress bar out of the way first. */
void kalon_cli_message (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* From now on the first Ctrl-C cancels cli->cancellable and a second one ends the program. */
void kalon_cli_watch_signals (KalonCli *cli);

/* Waiting for an _async function: this is its callback and the address of a GAsyncResult * that is
 * %NULL its user data, which kalon_cli_wait() then fills, (transfer full). */
void kalon_cli_take_result (GObject *source, GAsyncResult *result, gpointer user_data);
void kalon_cli_wait (GAsyncResult **result);

/* Bytes on stdout. On a terminal control characters become "?": all but line ends and tabs, which
 * are ours; of a path, or other words that somebody else wrote, those too. */
void kalon_cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void kalon_cli_print_path (const char *path);

/* (transfer full): words that were typed as UTF-8, from whatever the terminal writes; what is
 * neither stays, for others to refuse. */
char *kalon_cli_dup_words (const char *bytes);

/* Says so when the encoder does not read the last tokens of the words typed. */
void kalon_cli_tell_dropped (gsize n_tokens);

/* JSON. The builder holds an open object; kalon_cli_json_print() closes and prints it. */
JsonBuilder *kalon_cli_json_new (void);
void kalon_cli_json_print (JsonBuilder *builder);
/* %NULL becomes null. */
void kalon_cli_json_string (JsonBuilder *builder, const char *key, const char *value);
void kalon_cli_json_integer (JsonBuilder *builder, const char *key, gint64 value);
/* Six decimals at most: what a float holds, without the digits that it does not. */
void kalon_cli_json_number (JsonBuilder *builder, const char *key, double value);
/* The same as an element of an array. */
void kalon_cli_json_value (JsonBuilder *builder, double value);
void kalon_cli_json_boolean (JsonBuilder *builder, const char *key, gboolean value);
/* A document of its own: {"error": message}. */
void kalon_cli_json_error (const char *message);
/* Bytes that are not UTF-8 are written as \xHH, and "uri" beside it then has the exact name. %NULL
 * becomes null. */
void kalon_cli_json_path (JsonBuilder *builder, const char *key, const char *path);
/* @values: %NULL-terminated */
void kalon_cli_json_strings (JsonBuilder *builder, const char *key, const char *const *values);
/* "failures": path and reason of each. @failures: (element-type KalonFailure) */
void kalon_cli_json_failures (JsonBuilder *builder, GPtrArray *failures);

/**
 * kalon_cli_show_progress:
 * @done, @total: of whatever is counted; @total 0 is not known yet
 * @detail: (nullable): printed behind the count
 *
 * A bar on a terminal, otherwise a plain line every few seconds.
 */
void kalon_cli_show_progress (gsize done, gsize total, const char *detail);
void kalon_cli_end_progress (void);

/* Something that takes long only the first time: a second after it began the message is printed,
 * unless it has ended, which frees it. */
typedef struct _KalonCliWait KalonCliWait;
KalonCliWait *kalon_cli_begin_wait (const char *format, ...) G_GNUC_PRINTF (1, 2);
void kalon_cli_end_wait (KalonCliWait *wait);

/**
 * kalon_cli_choose_device:
 * @name: (out) (transfer full): the device's name, or "none"
 *
 * Settles cli->device: a device that is named must exist and pass its self-test. Without a name,
 * the first device is taken; when there is none, or it fails its self-test, cli->device becomes
 * "none" and a message says so.
 */
gboolean kalon_cli_choose_device (KalonCli *cli, char **name, GError **error);

/* @caption: (nullable): of A B D E G I L N S
 * @paths, @hashes: (element-type filename) (element-type utf8): pictures, best first */
typedef struct
{
  const char *caption;
  GPtrArray *paths;
  GPtrArray *hashes;
} KalonSheetSection;

/**
 * kalon_cli_write_sheet:
 * @sections: [n_sections], one below the other
 *
 * A PNG with the pictures' thumbnails, numbered from 1 in each section. One that cannot be read
 * stays grey.
 */
gboolean kalon_cli_write_sheet (const char *library_directory, const char *file,
                                const KalonSheetSection *sections, guint n_sections,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
