/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The scan held against the catalogue: what is to be done, and what is gone.
 */

#include "indexer/kalon-decode-private.h"
#include "indexer/kalon-indexer.h"
#include "indexer/kalon-places-private.h"

G_BEGIN_DECLS

typedef struct
{
  GArray *jobs; /* KalonDecodeJob, in the order of the scan */
  KalonMissingSet *missing;

  /* The rest is the survey's own. */
  const KalonPlaces *places; /* borrowed */
  gsize *n_excluded;         /* [places] */
  GStringChunk *strings;
  GPtrArray *failures;   /* Trouble: met by this scan, to be stored */
  GArray *seen_pictures; /* guint64: bits by id */
  GArray *seen_failures;
  GPtrArray *bad_folders; /* paths; what is below is not known to be gone */
  GArray *over;           /* gint64: ids of the failures that are no more */
} KalonSurvey;

/* Called for every file; %FALSE with @error ends the survey. */
typedef gboolean (*KalonSurveyFunc) (gpointer user_data, GError **error);

/**
 * kalon_survey_new:
 * @places: kept until the survey is freed
 * @scored: whether a picture without an aesthetic score has work left
 * @progress: counts what needs no work, and found
 *
 * Reads the folders and the catalogue, writes nothing.
 */
KalonSurvey *
kalon_survey_new (KalonLibrary *library, const char *model_hash, gboolean scored,
                  const KalonPlaces *places, KalonIndexerProgress *progress, KalonSurveyFunc func,
                  gpointer user_data, GCancellable *cancellable, GError **error);
/* Brings the catalogue's failures up to date, and when its folders were looked through, in one
 * transaction. */
gboolean kalon_survey_store (KalonSurvey *self, KalonLibrary *library, GError **error);
void kalon_survey_free (KalonSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonSurvey, kalon_survey_free)

G_END_DECLS
