/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A library seen from a main loop: every question runs on one worker, over one connection of its
 * own, and answers through GTask. What a window shows of folders, counts, pictures and failures
 * comes from here; results come from searcher/.
 *
 * All functions belong to the thread that created the object (its thread-default main context).
 */

#include "library/kalon-library.h"

G_BEGIN_DECLS

/**
 * KalonFolder: a folder of the library as it is now.
 * @present: %FALSE: gone, not mounted (empty, while the library has pictures of it) or not readable
 * @counts: of what is below it
 * @excludes, @include_hidden, @scanned_at, @n_excluded: see KalonLibraryFolder
 */
typedef struct
{
  char *path;
  gboolean present;
  KalonLibraryCounts counts;
  GStrv excludes;
  gboolean include_hidden;
  gint64 scanned_at;
  gsize n_excluded;
} KalonFolder;

typedef struct
{
  GPtrArray *folders; /* KalonFolder, by path */
  GStrv excludes;     /* of all of them */
  KalonLibraryCounts counts;
} KalonCatalogueState;

void kalon_catalogue_state_free (KalonCatalogueState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonCatalogueState, kalon_catalogue_state_free)

#define KALON_TYPE_CATALOGUE (kalon_catalogue_get_type ())
G_DECLARE_FINAL_TYPE (KalonCatalogue, kalon_catalogue, KALON, CATALOGUE, GObject)

/**
 * kalon_catalogue_new:
 * @library_directory: (nullable): as for kalon_library_open()
 * @model_directory: (nullable): whose embeddings count as indexed; its hash is taken at the first
 *   question, on the worker
 *
 * ::changed is emitted when kalon_catalogue_check() found that somebody committed.
 */
KalonCatalogue *kalon_catalogue_new (const char *library_directory, const char *model_directory);

/* @model_directory: (nullable): as for kalon_catalogue_new(); of the questions asked from now on.
 */
void kalon_catalogue_set_model (KalonCatalogue *self, const char *model_directory);

/* Asks, cheaply, whether the catalogue was changed by another connection since the last check. */
void kalon_catalogue_check (KalonCatalogue *self);

/* Folders and counts. (transfer full) */
void kalon_catalogue_get_state_async (KalonCatalogue *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
KalonCatalogueState *
kalon_catalogue_get_state_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/**
 * kalon_catalogue_list_pictures_async:
 * @filter: (nullable): as for kalon_library_list_pictures(); %NULL is every picture
 */
void kalon_catalogue_list_pictures_async (KalonCatalogue *self, KalonFilter *filter,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
/**
 * kalon_catalogue_list_pictures_finish:
 * @n_filtered: (out) (optional): pictures that the filter left out
 *
 * Returns: (transfer full) (element-type gint64): ids, newest first
 */
GArray *kalon_catalogue_list_pictures_finish (KalonCatalogue *self, GAsyncResult *result,
                                              gsize *n_filtered, GError **error);

/* What there is to filter by. (transfer full) */
void kalon_catalogue_list_facets_async (KalonCatalogue *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
KalonLibraryFacets *
kalon_catalogue_list_facets_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* (transfer full) (nullable): %NULL without an error when there is no such picture. */
void kalon_catalogue_get_picture_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
KalonPicture *
kalon_catalogue_get_picture_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* (element-type gint64): ids. (transfer full) (element-type KalonPicture): those that are in the
 * library, in that order. */
void
kalon_catalogue_get_pictures_async (KalonCatalogue *self, GArray *ids, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *
kalon_catalogue_get_pictures_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* How good it looks to the aesthetic models of @model_directory. (transfer full) */
void kalon_catalogue_get_scores_async (KalonCatalogue *self, gint64 id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
KalonPictureScores *
kalon_catalogue_get_scores_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* (transfer full) (element-type KalonFailure) */
void kalon_catalogue_list_failures_async (KalonCatalogue *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *
kalon_catalogue_list_failures_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* The folder and its pictures leave the library; no file is touched. ::changed follows. */
void kalon_catalogue_remove_folder_async (KalonCatalogue *self, const char *path,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean
kalon_catalogue_remove_folder_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

/* The pictures of @ids whose files are gone leave the library; ::changed follows.
 * %KALON_ERROR_BUSY while an indexer is at work: the next run finds them gone. */
void kalon_catalogue_forget_missing_async (KalonCatalogue *self, GArray *ids,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean
kalon_catalogue_forget_missing_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);
/* What is left out from the next index run on. @folder: (nullable): of all folders, when
 * @include_hidden counts for nothing. ::changed is emitted when it is done. */
void kalon_catalogue_set_rules_async (KalonCatalogue *self, const char *folder,
                                      const char *const *excludes, gboolean include_hidden,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean
kalon_catalogue_set_rules_finish (KalonCatalogue *self, GAsyncResult *result, GError **error);

G_END_DECLS
