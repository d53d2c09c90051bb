/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The library: the folders and pictures known to Kalon (SQLite catalogue), one embedding file per
 * model, and the thumbnails' home. One directory holds it all:
 *
 *   catalogue.db           folders, pictures, failures, which row of which embedding file
 *   embeddings/HASH.kemb   see index/
 *   thumbnails/            see thumbnails/
 *
 * A KalonLibrary is one connection: use it from one thread at a time; open another for another
 * thread or process (WAL: readers never wait for the writer). Functions block. Errors:
 * %KALON_ERROR_BUSY, %KALON_ERROR_CATALOGUE (with what to do), G_IO_ERROR (disk full, permissions).
 */

#include "aesthetics/kalon-aesthetics.h"
#include "filter/kalon-filter.h"
#include "index/kalon-index.h"

G_BEGIN_DECLS

#define KALON_TYPE_LIBRARY (kalon_library_get_type ())
G_DECLARE_FINAL_TYPE (KalonLibrary, kalon_library, KALON, LIBRARY, GObject)

/**
 * kalon_library_open:
 * @directory: (nullable): %NULL is the user's own, $XDG_DATA_HOME/kalon
 */
KalonLibrary *kalon_library_open (const char *directory, GError **error);
const char *kalon_library_get_directory (KalonLibrary *self);

/**
 * Folders. Paths are absolute, with symbolic links resolved where the folder exists; bytes, not
 * necessarily UTF-8. One folder may lie in another: the scan meets each picture once.
 * Removing forgets the folder's pictures and failures, except those below another folder of the
 * library; %KALON_ERROR_BUSY while an indexer is at work, G_IO_ERROR_NOT_FOUND when it is not one
 * of the library's.
 */
gboolean kalon_library_add_folder (KalonLibrary *self, const char *path, GError **error);
gboolean kalon_library_remove_folder (KalonLibrary *self, const char *path, GError **error);
/* (transfer full) */
GStrv kalon_library_list_folders (KalonLibrary *self, GError **error);

/**
 * KalonLibraryFolder: a folder and how it is looked through.
 * @excludes: its own patterns, sorted, never %NULL; those of kalon_library_list_excludes() (%NULL)
 *   hold as well
 * @include_hidden: names that begin with a dot are taken in
 * @scanned_at: seconds since 1970 when a look through all of it last came to its end, 0 never
 * @n_excluded: files and folders that were left out then
 */
typedef struct
{
  char *path;
  GStrv excludes;
  gboolean include_hidden;
  gint64 scanned_at;
  gsize n_excluded;
} KalonLibraryFolder;

void kalon_library_folder_free (KalonLibraryFolder *folder);
/* (transfer full) (element-type KalonLibraryFolder): by path. */
GPtrArray *kalon_library_get_folders (KalonLibrary *self, GError **error);

/**
 * Excludes: glob patterns (fnmatch), matched against names and against paths below the folder;
 * there a star does not match a slash: "*.tmp", "node_modules", "scans/raw*". What lies in a folder
 * that is left out is left out with it. They hold from the next index run on, which also takes what
 * they leave out from the library; a picture that comes back is indexed again. Pictures of a folder
 * that lies in another one follow the inner folder's patterns.
 *
 * @folder: (nullable): of the library, else G_IO_ERROR_NOT_FOUND; %NULL: of all folders
 */
/* (transfer full): sorted */
GStrv kalon_library_list_excludes (KalonLibrary *self, const char *folder, GError **error);
/* @patterns: %NULL-terminated; takes the place of those before. %KALON_ERROR_ARGUMENT for one that
 * can match nothing. */
gboolean kalon_library_set_excludes (KalonLibrary *self, const char *folder,
                                     const char *const *patterns, GError **error);
/* Names that begin with a dot; at first they are left out. */
gboolean kalon_library_set_include_hidden (KalonLibrary *self, const char *folder, gboolean include,
                                           GError **error);

/**
 * KalonPicture: one row of the catalogue. Freed with kalon_picture_free().
 */
typedef struct
{
  gint64 id;
  char *path;
  guint64 size;        /* bytes */
  gint64 mtime;        /* nanoseconds since 1970 */
  char *content_hash;  /* hex SHA-256 of the bytes */
  guint width, height; /* upright */
  char *format;
  gint64 taken_at; /* see KalonImageInfo */
  char *camera;
  char *lens;
  guint64 perceptual_hash;
  float luminance, contrast, colourfulness; /* see KalonColourStatistics */
  guint8 average[3];
} KalonPicture;

KalonPicture *kalon_picture_copy (const KalonPicture *picture);
void kalon_picture_free (KalonPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPicture, kalon_picture_free)

/* (transfer full) (nullable): %NULL with an error, or %NULL without one when there is no such
 * picture. */
KalonPicture *kalon_library_get_picture (KalonLibrary *self, gint64 id, GError **error);
KalonPicture *kalon_library_find_picture (KalonLibrary *self, const char *path, GError **error);
/* Of that content: the first of several. */
KalonPicture *
kalon_library_find_picture_of (KalonLibrary *self, const char *content_hash, GError **error);
/**
 * kalon_library_list_pictures:
 * @filter: (nullable): %NULL is all pictures
 * @model_hash: (nullable): whose scores "aesthetic:" is about; with %NULL no picture has one
 *
 * "liked:" is about the thumbs of the active profile of the library's own taste.db (feedback/).
 *
 * Returns: (transfer full) (element-type gint64): the ids of the pictures that pass, newest first:
 *   by the time taken, else by the file's
 */
GArray *kalon_library_list_pictures (KalonLibrary *self, const KalonFilter *filter,
                                     const char *model_hash, GError **error);

/**
 * KalonLibraryFacets: what there is in the library to filter by.
 * @folders: with pictures in or below them: the library's folders, and of each the folders that lie
 *   right in it. Sorted; bytes
 * @cameras: sorted
 */
typedef struct
{
  GStrv folders;
  GStrv cameras;
} KalonLibraryFacets;

void kalon_library_facets_free (KalonLibraryFacets *facets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonLibraryFacets, kalon_library_facets_free)

/* (transfer full) */
KalonLibraryFacets *kalon_library_list_facets (KalonLibrary *self, GError **error);

/**
 * KalonFailure: a file that could not be indexed, kept until the file changes.
 */
typedef struct
{
  char *path;
  char *reason;
} KalonFailure;

KalonFailure *kalon_failure_new (const char *path, const char *reason);
void kalon_failure_free (KalonFailure *failure);
/* (transfer none): @error's message without the file's name in front: where a failure is shown its
 * @path stands beside it. */
const char *kalon_failure_get_reason (const char *path, const GError *error);
/* (transfer full) (element-type KalonFailure) */
GPtrArray *kalon_library_list_failures (KalonLibrary *self, GError **error);

typedef struct
{
  gsize pictures; /* in the catalogue, good ones */
  gsize indexed;  /* of these, with an embedding of the model asked about */
  gsize failures;
} KalonLibraryCounts;

gboolean kalon_library_count (KalonLibrary *self, const char *model_hash,
                              KalonLibraryCounts *counts, GError **error);
/* Of what lies below @folder; of its failures also those of a folder that cannot be read. */
gboolean kalon_library_count_below (KalonLibrary *self, const char *folder, const char *model_hash,
                                    KalonLibraryCounts *counts, GError **error);

/**
 * kalon_library_open_index:
 *
 * Returns: (transfer full): the embedding file of @model_hash, showing the rows that the catalogue
 * has committed. Unless another process is indexing, rows that were never committed are taken off,
 * and what the catalogue believes but the file no longer has (it was deleted, or its disk lost
 * power) is forgotten, to be encoded again.
 */
KalonIndex *kalon_library_open_index (KalonLibrary *self, const char *model_hash, gsize dimension,
                                      GError **error);

/**
 * KalonLibraryRow: a live row of an embedding file.
 */
typedef struct
{
  guint32 row;
  gint64 picture;
  guint64 perceptual_hash;
  float aesthetic; /* NaN: not scored by the present blend */
} KalonLibraryRow;

/* (transfer full) (element-type KalonLibraryRow): ordered by row. */
GArray *kalon_library_list_rows (KalonLibrary *self, const char *model_hash, GError **error);

/**
 * kalon_library_find_content:
 * @row: (out caller-allocates): of a picture of that content
 * @found: (out): %FALSE when no picture has it, or none with an embedding of the model
 */
gboolean
kalon_library_find_content (KalonLibrary *self, const char *model_hash, const char *content_hash,
                            KalonLibraryRow *row, gboolean *found, GError **error);

/* (transfer full): one element per row of kalon_library_list_rows(), in its order: float
 * [KALON_N_MEASURES], NaN where no index run has measured the picture yet. */
GArray *kalon_library_list_measures (KalonLibrary *self, const char *model_hash, GError **error);
/* @measures: (out caller-allocates): [KALON_N_MEASURES] of one picture; NaN where unknown. */
gboolean
kalon_library_get_measures (KalonLibrary *self, gint64 picture, float *measures, GError **error);

/**
 * KalonPictureScores: how good a picture looks to the aesthetic models of an encoder.
 */
typedef struct
{
  char *id; /* see KalonAestheticShare */
  float score;
} KalonMemberScore;

typedef struct
{
  float aesthetic; /* of the blend; NaN: not scored */
  GArray *members; /* KalonMemberScore, by id; empty where an older Kalon stored the blend alone */
} KalonPictureScores;

void kalon_picture_scores_free (KalonPictureScores *scores);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonPictureScores, kalon_picture_scores_free)

/* (transfer full) */
KalonPictureScores *kalon_library_get_scores (KalonLibrary *self, const char *model_hash,
                                              gint64 picture, GError **error);
/* @shares: (out) (transfer full) (nullable): as kalon_library_set_aesthetic_models() kept them. */
gboolean kalon_library_get_aesthetic_models (KalonLibrary *self, const char *model_hash,
                                             char **shares, GError **error);

/* A number that changes whenever another connection commits; cheap (PRAGMA data_version). */
guint kalon_library_get_version (KalonLibrary *self);

/*
 * Writing pictures: the indexer's half. Only the holder of the lock (a flock on the file "lock" in
 * the library's directory, so it ends with the process) writes pictures and embeddings; readers
 * never need it. All changes belong between begin and commit.
 */

/* %KALON_ERROR_BUSY when another indexer works on this library. */
gboolean kalon_library_lock (KalonLibrary *self, GError **error);
void kalon_library_unlock (KalonLibrary *self);

gboolean kalon_library_begin (KalonLibrary *self, GError **error);
gboolean kalon_library_commit (KalonLibrary *self, GError **error);
void kalon_library_rollback (KalonLibrary *self);

/**
 * KalonLibraryEntry: what the catalogue remembers of one file, for the scan; of a picture, when
 * there is a failure to read its new content beside it.
 * @id: of the picture or of the failure, two separate countings; 0 when unknown
 * @size: -1 for a failure that is tried again at every run
 * @embedded: whether a picture has an embedding of the model asked about
 * @row: of that embedding in its file
 * @scored: whether it has an aesthetic score beside it
 * @measured: whether the picture's measures are known
 */
typedef struct
{
  gint64 id;
  gint64 size;
  gint64 mtime;
  gboolean failed;
  gboolean embedded;
  gsize row;
  gboolean scored;
  gboolean measured;
} KalonLibraryEntry;

gboolean kalon_library_look_up (KalonLibrary *self, const char *path, const char *model_hash,
                                KalonLibraryEntry *entry, GError **error);

typedef void (*KalonLibraryEntryFunc) (const char *path, const char *content_hash,
                                       const KalonLibraryEntry *entry, gpointer user_data);

/* Every picture below @folder, by path; @func must not call back into the library. @model_hash:
 * (nullable): whose embeddings entry->embedded is about. */
gboolean
kalon_library_foreach_picture (KalonLibrary *self, const char *folder, const char *model_hash,
                               KalonLibraryEntryFunc func, gpointer user_data, GError **error);
/* Every failure below @folder, or of it; there is no content hash. */
gboolean
kalon_library_foreach_failure (KalonLibrary *self, const char *folder, KalonLibraryEntryFunc func,
                               gpointer user_data, GError **error);

/* Inserts (@picture->id 0, set on return) or rewrites the row; a failure of that path is over, and
 * so are the embeddings when the content hash changes. */
gboolean kalon_library_store_picture (KalonLibrary *self, KalonPicture *picture, GError **error);
/* The same content at another place or time. */
gboolean kalon_library_move_picture (KalonLibrary *self, gint64 id, const char *path, gint64 size,
                                     gint64 mtime, GError **error);
gboolean kalon_library_remove_picture (KalonLibrary *self, gint64 id, GError **error);
/* (transfer full): the content hashes that pictures had and none has any more, whose thumbnails can
 * go; then they are to be forgotten. */
GStrv kalon_library_list_orphans (KalonLibrary *self, GError **error);
gboolean kalon_library_forget_orphans (KalonLibrary *self, GError **error);
/* Beside a picture of that path, if there is one. @size and @mtime as in KalonLibraryEntry. */
gboolean kalon_library_store_failure (KalonLibrary *self, const char *path, gint64 size,
                                      gint64 mtime, const char *reason, GError **error);
gboolean kalon_library_remove_failure (KalonLibrary *self, gint64 id, GError **error);
/* A look through all of @folder is done. @time: seconds since 1970 */
gboolean kalon_library_note_scan (KalonLibrary *self, const char *folder, gint64 time,
                                  gsize n_excluded, GError **error);
/* @row is already in the file that kalon_library_open_index() gave. */
gboolean kalon_library_store_row (KalonLibrary *self, const char *model_hash, gint64 picture,
                                  gsize row, GError **error);

/* What kalon_measure_image() says of the picture's present content; kalon_library_store_picture()
 * forgets it. */
gboolean kalon_library_store_measures (KalonLibrary *self, gint64 picture, const float *measures,
                                       GError **error);

/**
 * kalon_library_set_aesthetic_models:
 * @blend_hash: (nullable): kalon_aesthetic_blend_get_hash(); %NULL when nothing scores
 * @shares: (nullable): kalon_aesthetic_format_shares() of what the user chose for this model, kept
 *   for the next runs; %NULL leaves the choice as it is
 *
 * To be called before scores are stored: with another blend than last time all scores of this model
 * are forgotten.
 */
gboolean
kalon_library_set_aesthetic_models (KalonLibrary *self, const char *model_hash,
                                    const char *blend_hash, const char *shares, GError **error);
/* The blend's, which forgets its members'; then that of each member. After
 * kalon_library_store_row(), which forgets all scores of an earlier row. */
gboolean kalon_library_store_aesthetic (KalonLibrary *self, const char *model_hash, gint64 picture,
                                        double score, GError **error);
gboolean
kalon_library_store_member_score (KalonLibrary *self, const char *model_hash, gint64 picture,
                                  const char *member, double score, GError **error);

G_END_DECLS
