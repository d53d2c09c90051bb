/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A board made into something to hand on: its originals in a folder or a ZIP archive, or contact
 * sheets of it as PDF or PNG. What is written is docs/formats.md.
 *
 * Everything is written beside its place under a name of its own and put there by one rename: an
 * export that fails or is cancelled leaves nothing. A picture that is missing or cannot be read is
 * reported by name, and the rest goes on; so does a folder whose disk is full. Memory does not grow
 * with the board.
 */

#include "boards/kalon-boards.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_BOARD_FORMAT_FOLDER,
  KALON_BOARD_FORMAT_ZIP,
  KALON_BOARD_FORMAT_PDF,
  KALON_BOARD_FORMAT_PNG, /* a file for each page */
} KalonBoardFormat;

typedef enum
{
  KALON_PAPER_A4,
  KALON_PAPER_LETTER,
} KalonPaper;

/**
 * KalonBoardExportOptions:
 * @replace: a file that is there already is replaced; a folder, or one of several pages, never is
 *
 * The rest is for contact sheets.
 * @columns: 1 to %KALON_BOARD_MAX_COLUMNS
 * @names, @notes: below the pictures
 * @right_to_left: rows begin at the right; text runs as it is written in any case
 */
typedef struct
{
  KalonBoardFormat format;
  gboolean replace;
  KalonPaper paper;
  gboolean landscape;
  guint columns;
  gboolean names;
  gboolean notes;
  gboolean right_to_left;
} KalonBoardExportOptions;

#define KALON_BOARD_MAX_COLUMNS 10
#define KALON_BOARD_EXPORT_OPTIONS_DEFAULT                                                         \
  (KalonBoardExportOptions)                                                                        \
  {                                                                                                \
    .columns = 3, .names = TRUE, .notes = TRUE                                                     \
  }

/**
 * KalonBoardExported:
 * @path: the folder or file; of several pages the first
 * @n_written: pictures that are in it
 * @n_pages: of contact sheets
 * @failures: (element-type KalonFailure): pictures that are not in it
 */
typedef struct
{
  char *path;
  guint n_written;
  guint n_pages;
  GPtrArray *failures;
} KalonBoardExported;

void kalon_board_exported_free (KalonBoardExported *exported);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonBoardExported, kalon_board_exported_free)

typedef void (*KalonBoardExportFunc) (guint n_done, guint n_total, gpointer user_data);

/* (transfer full): @name as the name of a file of that format, without a folder: what file systems
 * do not take is replaced, and the suffix is there. */
char *kalon_board_format_dup_file_name (KalonBoardFormat format, const char *name);

/* (transfer full): the path of such a file in @folder where there is none yet: "NAME 2.zip". */
char *
kalon_board_format_dup_free_path (KalonBoardFormat format, const char *folder, const char *name);

/**
 * kalon_board_export:
 * @contents: in the order that it is to have
 * @destination: the folder or file that is to be
 * @progress: (nullable): called after each picture, on this thread
 *
 * Blocks. %G_IO_ERROR_EXISTS when @destination is there already; other G_IO_ERRORs of the file
 * system name the file; %KALON_ERROR_ARGUMENT when there is not one picture to export.
 *
 * Returns: (transfer full)
 */
KalonBoardExported *
kalon_board_export (const KalonBoardContents *contents, const KalonBoardExportOptions *options,
                    const char *destination, KalonBoardExportFunc progress, gpointer user_data,
                    GCancellable *cancellable, GError **error);

/* @contents: (transfer full). @progress is called in the caller's main context, never after
 * @callback. */
void kalon_board_export_async (KalonBoardContents *contents, const KalonBoardExportOptions *options,
                               const char *destination, KalonBoardExportFunc progress,
                               gpointer progress_data, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
KalonBoardExported *kalon_board_export_finish (GAsyncResult *result, GError **error);

G_END_DECLS
