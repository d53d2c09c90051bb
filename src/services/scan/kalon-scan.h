/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Walks folders and names everything it meets, in an order that depends on the names alone. Paths
 * are bytes. Every real directory is walked once, however many folders and links lead to it.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  KALON_SCAN_PICTURE,      /* a regular file with a picture's name */
  KALON_SCAN_BAD_FILE,     /* a picture's name on something that cannot be read as a file */
  KALON_SCAN_BAD_FOLDER,   /* could not be read, or not wholly: nothing below it is known */
  KALON_SCAN_EMPTY_FOLDER, /* one of the scanned folders has nothing in it at all */
  KALON_SCAN_EXCLUDED,     /* by a rule, or a link to what is met elsewhere */
  KALON_SCAN_OTHER,        /* a file that is no picture */
  KALON_SCAN_FOLDER,       /* is looked through next */
} KalonScanKind;

/**
 * KalonScanPlace: a library folder, or a part of one.
 * @path: absolute, without symbolic links where it exists
 * @folder: (nullable): of a part: the library folder that it lies in. A part may be a file, and it
 *   may be gone, which is no error; links in it that lead into @folder are left to whole scans
 * @excludes: (nullable): patterns of the library folder, see kalon_library_set_excludes()
 * @include_hidden: whether names that begin with a dot are taken in
 */
typedef struct
{
  const char *path;
  const char *folder;
  const char *const *excludes;
  gboolean include_hidden;
} KalonScanPlace;

typedef struct
{
  KalonScanKind kind;
  const KalonScanPlace *place; /* where it was met */
  const char *path;
  gint64 size;        /* of a picture */
  gint64 mtime;       /* of a picture: nanoseconds since 1970 */
  const char *reason; /* of the bad ones, for the user */
} KalonScanEntry;

/* %FALSE with @error ends the scan. */
typedef gboolean (*KalonScanFunc) (const KalonScanEntry *entry, gpointer user_data, GError **error);

/* Of all places, beside their own. */
typedef struct
{
  const char *const *excludes; /* (nullable) */
  gboolean include_hidden;
  const char *own_directory;    /* the library's: holds our thumbnails, never the user's pictures */
  const char *const *elsewhere; /* library folders that are not scanned now: links into them are
                                   left to their own scan */
} KalonScanRules;

/**
 * kalon_scan:
 * @places: [n_places]. A library folder that lies in another one is met as its own place only, by
 *   its own rules; links are followed when all places are looked through
 */
gboolean
kalon_scan (const KalonScanPlace *places, gsize n_places, const KalonScanRules *rules,
            KalonScanFunc func, gpointer user_data, GCancellable *cancellable, GError **error);

/**
 * KalonScanCount: about how many pictures there are.
 * @complete: %FALSE: there may be more
 */
typedef struct
{
  gsize n_pictures;
  gboolean complete;
} KalonScanCount;

/* Counts in passing, in a thread, for some seconds and up to @max pictures. */
void kalon_scan_count_async (const char *folder, gsize max, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean kalon_scan_count_finish (GAsyncResult *result, KalonScanCount *count, GError **error);

/* Whether @path is @folder or lies below it. */
gboolean kalon_scan_is_below (const char *path, const char *folder);

G_END_DECLS
