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

/* Folders. Paths are absolute and canonical. */
gboolean kalon_library_add_folder (KalonLibrary *self, const char *path, GError **error);
gboolean kalon_library_remove_folder (KalonLibrary *self, const char *path, GError **error);
/* (transfer full) */
GStrv kalon_library_list_folders (KalonLibrary *self, GError **error);

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

/**
 * KalonFailure: a file that could not be indexed, kept until the file changes.
 */
typedef struct
{
  char *path;
  char *reason;
} KalonFailure;

void kalon_failure_free (KalonFailure *failure);
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

/**
 * kalon_library_open_index:
 *
 * Returns: (transfer full): the embedding file of @model_hash, cut to the rows that the catalogue
 * has committed.
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
} KalonLibraryRow;

/* (transfer full) (element-type KalonLibraryRow): ordered by row. */
GArray *kalon_library_list_rows (KalonLibrary *self, const char *model_hash, GError **error);

/* A number that changes whenever another connection commits; cheap (PRAGMA data_version). */
guint kalon_library_get_version (KalonLibrary *self);

G_END_DECLS
