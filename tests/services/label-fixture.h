/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A label set of two systems' made-up answers, and people who label it. */

#include "labelling/kalon-labelling.h"

G_BEGIN_DECLS

#define N_ITEMS 40
#define N_REPEATS 4
#define N_QUERIES (N_ITEMS + 2)
#define N_LABEL_PHOTOS 12
#define N_TASKS (N_ITEMS + N_REPEATS)

typedef struct
{
  char *directory;
  char *library;
  char *photos;
  char *id;
  char *log;
} LabelFixture;

void label_fixture_set_up (LabelFixture *fixture, gconstpointer data);
void label_fixture_tear_down (LabelFixture *fixture, gconstpointer data);
/* (transfer full): one of N_LABEL_PHOTOS, whichever @i */
char *label_fixture_dup_photo (LabelFixture *fixture, guint i);
/* (transfer full): the key of a system: of each query @n_pictures photos from @first on; of the
 * last query but one it has the same as any other. */
char *label_fixture_write_results (LabelFixture *fixture, const char *name, guint first,
                                   guint n_pictures, guint n_queries);
/* (transfer full): the id of a set of N_ITEMS */
char *label_fixture_build (LabelFixture *fixture, const char *name, GError **error);
KalonLabelSession *
label_fixture_open (LabelFixture *fixture, const char *labeler, GHashTable *traits);
KalonHpirSet *label_fixture_load (LabelFixture *fixture);
/* What somebody thinks of an item: of diversity something else when asked again. */
void label_fixture_judge (const KalonLabelTask *task, guint labeler, KalonHpirVote *votes);
/* The next @n tasks, or those that are left. */
void label_fixture_answer (KalonLabelSession *session, guint labeler, guint n);

G_END_DECLS
