/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Watches the folders of a library and tells which files and folders in them changed, once things
 * have come to rest: files that are written one after the other are told of together, and of a
 * folder in which very many changed only the folder is told.
 *
 * Every folder in them is watched by a GFileMonitor, as far as the system allows. Where it does not
 * reach, the state says so, and the whole folder is told of now and then. Folders on file systems
 * that cannot tell of changes made elsewhere are not watched at all. A folder that comes back (a
 * disk is mounted, a path appears) is told of as a whole. What links in a folder lead to is left to
 * whole scans.
 *
 * Walking and looking at mounts happens in a thread; all functions and signals belong to the thread
 * that made the object, and need its main loop.
 *
 * ::changed (GStrv paths): for kalon_indexer_update(). What left may be among them.
 * ::status-changed: of some folder.
 */

#include "scan/kalon-scan.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_WATCH_STARTING, /* its folders are not known yet */
  KALON_WATCH_WATCHING,
  KALON_WATCH_PARTLY, /* it has more folders than can be watched */
  KALON_WATCH_SILENT, /* its file system does not tell */
  KALON_WATCH_GONE,   /* it is not there now */
} KalonWatchState;

typedef struct
{
  KalonWatchState state;
  guint n_folders; /* in it, with itself */
  guint n_watched;
} KalonWatchStatus;

#define KALON_TYPE_WATCH (kalon_watch_get_type ())
G_DECLARE_FINAL_TYPE (KalonWatch, kalon_watch, KALON, WATCH, GObject)

/* Folders that one watch watches at most, if the system allows as many: each costs about 2 kB. */
#define KALON_WATCH_MAX_FOLDERS 16384

/**
 * kalon_watch_new:
 * @own_directory: (nullable): the library's, which is not watched
 * @limit: how many folders to watch at most; %KALON_WATCH_MAX_FOLDERS
 * @delay: milliseconds without a change after which changes are told, at the latest five times as
 *   long after the first; 2000 where one waits for files to be copied
 */
KalonWatch *kalon_watch_new (const char *own_directory, guint limit, guint delay);

/**
 * kalon_watch_set_folders:
 * @folders: [n_folders]: with their rules: what is left out is not watched. Copied; none ends all
 *   watching
 * @excludes: (nullable): of all of them
 */
void kalon_watch_set_folders (KalonWatch *self, const KalonScanPlace *folders, gsize n_folders,
                              const char *const *excludes);

/* %FALSE when @folder is not one of those set. */
gboolean kalon_watch_get_status (KalonWatch *self, const char *folder, KalonWatchStatus *status);

/* Somebody looks at the library: tells of the folders that are watched in part, unless that was a
 * minute ago. It happens by itself every quarter of an hour. */
void kalon_watch_look_again (KalonWatch *self);

G_END_DECLS
