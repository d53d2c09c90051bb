/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gunixmounts.h>

#include "watch/kalon-watch.h"

G_BEGIN_DECLS

/**
 * KalonWatchRules: folders and what is left out of them, for a thread to keep.
 */
typedef struct
{
  int ref_count;   /* atomic */
  GArray *folders; /* KalonScanPlace, owned */
  GStrv excludes;
  char *own_directory;
} KalonWatchRules;

KalonWatchRules *kalon_watch_rules_new (const KalonScanPlace *folders, gsize n_folders,
                                        const char *const *excludes, const char *own_directory);
KalonWatchRules *kalon_watch_rules_ref (KalonWatchRules *self);
void kalon_watch_rules_unref (KalonWatchRules *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonWatchRules, kalon_watch_rules_unref)
gboolean kalon_watch_rules_equal (const KalonWatchRules *a, const KalonWatchRules *b);

/**
 * KalonWatchPlace: what a thread found out about a folder of the library, or about something that
 * changed in one.
 */
typedef struct
{
  char *path;
  char *near;         /* (nullable): of what is not there: the nearest folder that is */
  guint64 device;     /* of a folder of the library that is there, with */
  guint64 inode;      /* its number: what is mounted on it is another folder */
  gboolean silent;    /* a folder of the library on a file system that does not tell */
  gboolean matters;   /* there is something for the index in it, or there may have been */
  GPtrArray *folders; /* paths of all folders in it, itself included */
} KalonWatchPlace;

typedef struct
{
  GPtrArray *places; /* KalonWatchPlace, in the order in which they were asked for */
  guint n_allowed;   /* of their folders that are not watched yet, the system allows as many */
} KalonWatchSurvey;

void kalon_watch_survey_free (KalonWatchSurvey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonWatchSurvey, kalon_watch_survey_free)

/* @paths: (nullable): what changed; %NULL: the folders themselves. @watched: (element-type
 * filename): set of what is watched; copied */
void kalon_watch_survey_async (KalonWatchRules *rules, const char *const *paths,
                               GHashTable *watched, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
KalonWatchSurvey *kalon_watch_survey_finish (GAsyncResult *result, GError **error);

/* Network file systems, and others whose files change without the kernel knowing. */
gboolean kalon_watch_is_silent (const char *file_system);

/**
 * KalonChanges: paths that were touched, by folder.
 */
typedef struct _KalonChanges KalonChanges;

KalonChanges *kalon_changes_new (void);
void kalon_changes_free (KalonChanges *self);
void kalon_changes_add (KalonChanges *self, const char *path);
/* (transfer full): and forgets them. */
GStrv kalon_changes_take (KalonChanges *self);

/* Files of one folder that are told of singly. */
#define KALON_CHANGES_MAX_FILES 200

/**
 * KalonMonitors: folders that are watched, each by a GFileMonitor.
 */
typedef void (*KalonMonitorsFunc) (gpointer user_data, GFile *file, GFile *other,
                                   GFileMonitorEvent event);

typedef struct
{
  GHashTable *by_path; /* path -> GFileMonitor */
  guint limit;
  KalonMonitorsFunc func;
  GObject *object; /* borrowed: what @func is called with */
} KalonMonitors;

void
kalon_monitors_init (KalonMonitors *self, guint limit, KalonMonitorsFunc func, GObject *object);
void kalon_monitors_clear (KalonMonitors *self);
/* How many more there may be. */
guint kalon_monitors_get_room (KalonMonitors *self, const KalonWatchSurvey *survey);
/* Those of @paths that are not watched yet, as long as @room lasts. */
void kalon_monitors_add (KalonMonitors *self, GPtrArray *paths, guint *room);
/* @path and what is below. */
void kalon_monitors_drop (KalonMonitors *self, const char *path);
/* How many of @paths are watched. */
guint kalon_monitors_count (KalonMonitors *self, GPtrArray *paths);

/**
 * KalonWatchedFolder: a folder of the library.
 */
typedef struct
{
  char *path;
  KalonWatchStatus status;
  guint64 device, inode; /* 0 before and while it is not there */
  char *near_path;       /* (nullable): where it would come back, while it is not there */
  GFileMonitor *near;    /* (nullable): of that */
} KalonWatchedFolder;

struct _KalonWatch
{
  GObject parent_instance;

  char *own_directory;
  guint delay;

  KalonWatchRules *rules;
  GPtrArray *folders; /* KalonWatchedFolder, as in the rules */
  KalonMonitors monitors;
  GUnixMountMonitor *mounts;
  KalonChanges *changes;
  gint64 changed_at; /* the first of these; 0: there are none */
  guint changes_id;  /* of the time-out until they are told */
  guint survey_id;   /* of the time-out until the folders are looked at again */
  guint again_id;    /* of the time-out until what is watched in part is told of */
  gint64 looked_at;
  GCancellable *cancellable; /* of all surveys under way */
};

/* watch-folders.c: which folders are there, and what of them is watched. */
void kalon_watched_folder_free (KalonWatchedFolder *folder);
/* (nullable) (transfer none) */
KalonWatchedFolder *kalon_watch_find_folder (KalonWatch *self, const char *path);
void kalon_watch_survey (KalonWatch *self);
/* The same soon: a disk that comes or goes makes several events. */
void kalon_watch_survey_soon (KalonWatch *self);
/* What is told and timed by the folders' states. */
void kalon_watch_follow_status (KalonWatch *self);
/* Ends @paths and emits ::changed, if there are any. */
void kalon_watch_tell (KalonWatch *self, GStrvBuilder *paths);

G_END_DECLS
