/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Journals: files of lines that are only ever appended to, by several processes if need be. The
 * first line, the head, says what the others are. A process that is killed in the middle of a line
 * costs that line alone: the next one begins on a line of its own.
 *
 * Functions block; any thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * kalon_journal_append:
 * @head: (nullable): begins a file that is missing or empty, which is made with mode 0600; %NULL:
 *   it must be there
 * @head, @line: with their LF
 *
 * On the disk when it returns.
 */
gboolean
kalon_journal_append (const char *path, const char *head, const char *line, GError **error);

/* @line: [length], without its LF; @where: "labels.jsonl:3", for messages */
typedef gboolean (*KalonJournalFunc) (const char *line, gsize length, const char *where,
                                      gpointer user_data, GError **error);

/**
 * kalon_journal_read:
 * @max_size: bytes; a longer file is %KALON_ERROR_TOO_LARGE
 * @head: told of the first line, unless the file is empty; what it refuses is refused
 * @line: told of each other; what it refuses is passed over with a g_message
 * @what: a line is, for that message: "An answer"
 */
gboolean
kalon_journal_read (const char *path, gsize max_size, KalonJournalFunc head, KalonJournalFunc line,
                    const char *what, gpointer user_data, GError **error);

G_END_DECLS
