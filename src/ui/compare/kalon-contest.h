/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Two rankings of what is searched for, any two that there are. Follows the search: both of its own
 * rankings come from it, the others are asked for beside it. Main thread.
 *
 * ::changed is emitted after every change of what the getters return.
 */

#include "session/kalon-session.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_CONTEST_WAITING,
  KALON_CONTEST_READY,
  KALON_CONTEST_FAILED, /* kalon_contest_get_problem() says why */
} KalonContestState;

#define KALON_TYPE_CONTEST (kalon_contest_get_type ())
G_DECLARE_FINAL_TYPE (KalonContest, kalon_contest, KALON, CONTEST, GObject)

/* Baseline against aligned. */
KalonContest *kalon_contest_new (KalonSession *session);

/* Somebody looks at it; else nothing is asked for. */
void kalon_contest_set_active (KalonContest *self, gboolean active);

/* (transfer none) (element-type KalonRival): what can be chosen; the search's own three at first.
 */
GPtrArray *kalon_contest_get_rivals (KalonContest *self);

/* @side: 0 or 1, here and below */
void kalon_contest_choose (KalonContest *self, guint side, const KalonRival *rival);
void kalon_contest_swap (KalonContest *self);
const KalonRival *kalon_contest_get_rival (KalonContest *self, guint side);

KalonContestState kalon_contest_get_state (KalonContest *self, guint side);
/* (transfer none) (nullable): while it is there. */
KalonRanking *kalon_contest_get_ranking (KalonContest *self, guint side);
/* (nullable) */
const char *kalon_contest_get_problem (KalonContest *self, guint side);

/* (transfer full): what a ranking is called. */
char *kalon_contest_dup_title (const KalonRival *rival);

G_END_DECLS
