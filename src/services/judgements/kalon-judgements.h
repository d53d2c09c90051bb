/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the user judged better without knowing which was which: two rankings of a query beside each
 * other, their names hidden and their sides drawn by lot. Kept as one line of JSON each in
 * "judgements.jsonl" in the library's directory (docs/formats.md), for whoever wants to know what
 * alignment is worth.
 *
 * Functions without _async block; any thread. Two processes may add at once.
 */

#include <gio/gio.h>

#include "metrics/kalon-metrics.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_PREFERRED_NEITHER, /* cannot tell */
  KALON_PREFERRED_LEFT,
  KALON_PREFERRED_RIGHT,
} KalonPreferred;

/* Pictures of each side that are kept: what one looks at before one judges. */
#define KALON_JUDGEMENT_PICTURES 20

/**
 * KalonJudgement:
 * @time: seconds since 1970; 0 becomes now
 * @rephrased: (nullable): what the aligned ranking searched for beside the query
 * @model: (nullable): the id of the model that is searched with
 * @rankings: what stood on the left and on the right, as kalon_rival_dup_key() names it
 * @pictures: of each side the content hashes, best first
 */
typedef struct
{
  gint64 time;
  char *query;
  char *rephrased;
  char *model;
  char *rankings[2];
  KalonPreferred preferred;
  GStrv pictures[2];
} KalonJudgement;

KalonJudgement *kalon_judgement_new (const char *query, const char *left, const char *right,
                                     KalonPreferred preferred);
void kalon_judgement_free (KalonJudgement *judgement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonJudgement, kalon_judgement_free)

/* @library_directory: (nullable): as for kalon_library_open(); must exist. On the disk when it
 * returns. */
gboolean kalon_judgements_add (const char *library_directory, const KalonJudgement *judgement,
                               GError **error);

/**
 * kalon_judgements_list:
 *
 * Returns: (transfer full) (element-type KalonJudgement): oldest first; none where there is no
 * file. A line that makes no sense is left out with a g_message: the others still count. A file of
 * a later version is %KALON_ERROR_UNSUPPORTED.
 */
GPtrArray *kalon_judgements_list (const char *library_directory, GError **error);

/* How often one ranking was preferred to another, whichever side they stood on. */
typedef struct
{
  guint first;         /* preferred */
  guint second;        /* preferred */
  guint neither;       /* could not be told apart */
  KalonEstimate share; /* of @first among @first and @second; where there is any */
} KalonTally;

void kalon_judgements_count (GPtrArray *judgements, const char *first, const char *second,
                             KalonTally *tally);

/*
 * The same from a main loop, each in a thread of its own.
 */

/**
 * kalon_judgements_add_async:
 * @judgement: (transfer full): without pictures
 * @left, @right: (element-type gint64): ids of the library, best first; their contents become
 *   @judgement's pictures. Copied
 *
 * Answers with all that were judged, this one included.
 */
void kalon_judgements_add_async (const char *library_directory, KalonJudgement *judgement,
                                 const GArray *left, const GArray *right,
                                 GAsyncReadyCallback callback, gpointer user_data);
void kalon_judgements_list_async (const char *library_directory, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* Of either: (transfer full) (element-type KalonJudgement) */
GPtrArray *kalon_judgements_list_finish (GAsyncResult *result, GError **error);

/* (transfer full): where they are kept: for export. */
char *kalon_judgements_dup_path (const char *library_directory);

G_END_DECLS
