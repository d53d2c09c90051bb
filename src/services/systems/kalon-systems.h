/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Systems that answer a query with a row of pictures, so that they can be compared: the rankings of
 * the library, and answers that came from elsewhere.
 *
 *   baseline, rephrased, aligned, model:ID, profile:NAME   as rivals/ names them
 *   folder:DIR     a sub-folder for each query, with its answers: pictures in the order of their
 *                  names, numbers in them by value. A sub-folder is named as the query, or, where
 *                  the file system cannot, as the query with "/" and control characters as "_";
 *                  compared without case and doubled blanks
 *   results:FILE   JSON: {"system": NAME, "results": [{"query": Q, "pictures": [PATH, ...]}, ...]}
 *                  (docs/formats.md); paths relative to the file's folder
 *
 * DIR and FILE are read when they are first asked about, and not again. They may be relative to the
 * working directory.
 *
 * Blocks; a KalonSystems and its searches belong to one thread at a time.
 */

#include <gio/gio.h>

#include "rivals/kalon-rivals.h"

G_BEGIN_DECLS

/* @path: absolute; @content_hash: (nullable): hex SHA-256, known of pictures of the library */
typedef struct
{
  char *path;
  char *content_hash;
} KalonAnswer;

/* @content_hash: (nullable) */
KalonAnswer *kalon_answer_new (const char *path, const char *content_hash);
void kalon_answer_free (KalonAnswer *answer);

#define KALON_TYPE_SYSTEMS (kalon_systems_get_type ())
G_DECLARE_FINAL_TYPE (KalonSystems, kalon_systems, KALON, SYSTEMS, GObject)

/* @library_directory, @device_name: as for kalon_searcher_new(); @model_directory: (nullable): of
 * the model that ranks, where a ranking of the library is asked for */
KalonSystems *kalon_systems_new (const char *library_directory, const char *device_name,
                                 const char *model_directory);
/* What the aligned ranking adds; that of new programs at first. Copied; its @rephrased is not
 * looked at. */
void kalon_systems_set_alignment (KalonSystems *self, const KalonAlignment *alignment);

/* Whether @key names a system that can answer: %KALON_ERROR_ARGUMENT says what is wrong with it,
 * %KALON_ERROR_INVALID_DATA with its file. */
gboolean kalon_systems_check (KalonSystems *self, const char *key, GError **error);
/* (transfer full): "Baseline", "Model clip", or the name that the results' file gives. */
char *kalon_systems_dup_title (KalonSystems *self, const char *key);
/* Whether @key names a ranking of the library, which needs a model, and not answers from elsewhere.
 */
gboolean kalon_system_is_ranking (const char *key);
/* Whether its answers depend on @rephrased of kalon_systems_answer(). */
gboolean kalon_systems_rephrases (KalonSystems *self, const char *key);

/**
 * kalon_systems_answer:
 * @rephrased: (nullable): what rephrase and aligned search for beside @query
 * @k: at most as many
 *
 * Near-duplicates are folded, and no cut-off by strictness is made. A ranking of a library without
 * a picture that the model has indexed is %KALON_ERROR_ARGUMENT: it could be compared with nothing.
 *
 * Returns: (transfer full) (element-type KalonAnswer): best first; none for a query that a file or
 *   folder from elsewhere does not have
 */
GPtrArray *
kalon_systems_answer (KalonSystems *self, const char *key, const char *query, const char *rephrased,
                      guint k, GCancellable *cancellable, GError **error);

G_END_DECLS
