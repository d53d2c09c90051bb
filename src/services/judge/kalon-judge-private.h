/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the judge share, and its tests see. */

#include "image/kalon-image.h"
#include "judge/kalon-judge.h"

G_BEGIN_DECLS

/* ---- prompts (judge-prompts.c): pure ---- */

const char *kalon_judge_prompt_get_system (KalonJudgeStyle style);
const char *kalon_judge_prompt_get_schema (KalonJudgeStyle style);
/* (transfer full): with the query as a JSON string, and nowhere else. */
char *kalon_judge_prompt_dup_user (const char *query);

/* ---- answers (judge-answer.c): pure ---- */

/* What was said of the rows in the order they were shown, upper one first; a scorer's answer is of
 * the first alone. Points, or of a ranker 1 for the chosen row and 0 for the other. */
typedef struct
{
  double points[2][KALON_N_JUDGE_ASPECTS];
} KalonJudgeAnswer;

/* @clean: (out) (transfer full) (optional): the answer as JSON, without all that is not of the
 * schema: what is kept. */
gboolean kalon_judge_answer_parse (const char *text, KalonJudgeStyle style,
                                   KalonJudgeAnswer *answer, char **clean, GError **error);

/* ---- pictures (judge-picture.c): any thread; blocks ---- */

/* @rows: [n_rows], 1 or 2 (element-type KalonAnswer). (transfer full) */
KalonImage *kalon_judge_draw (const char *library_directory, GPtrArray *const *rows, guint n_rows,
                              GCancellable *cancellable, GError **error);

/* ---- cache (judge-cache.c): one thread at a time; blocks ---- */

typedef struct _KalonJudgeCache KalonJudgeCache;

KalonJudgeCache *kalon_judge_cache_open (const char *path, GError **error);
void kalon_judge_cache_free (KalonJudgeCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonJudgeCache, kalon_judge_cache_free)
/* (transfer full) (nullable): %NULL without an error where there is none. */
char *kalon_judge_cache_find (KalonJudgeCache *self, const char *key, GError **error);
gboolean kalon_judge_cache_store (KalonJudgeCache *self, const char *key, const char *answer,
                                  GError **error);

/* ---- calls (judge-calls.c) ---- */

/* One question: rows in the order that they are shown. */
typedef struct
{
  const KalonJudgeItem *item;
  KalonJudgeStyle style;
  guint n_rows;
  guint rows[2]; /* 0 A, 1 B */
  char *key;
  char *answer; /* (nullable): clean */
} KalonJudgeCall;

typedef enum
{
  KALON_JUDGE_TO_ASK,
  KALON_JUDGE_SAME,
  KALON_JUDGE_EMPTY,
  KALON_JUDGE_UNREADABLE,
} KalonJudgeState;

/* An item in one style. */
typedef struct
{
  const KalonJudgeItem *item;
  KalonJudgeStyle style;
  KalonJudgeState state;
  KalonJudgeCall calls[KALON_JUDGE_CALLS]; /* of those to ask */
  char *failure;                           /* (nullable) */
} KalonJudgeCase;

/* (transfer full) (nullable) (element-type KalonJudgeCase): style by style, with the answers that
 * are kept. */
GPtrArray *kalon_judge_list_cases (KalonJudge *self, KalonJudgeCache *cache, GPtrArray *items,
                                   const KalonJudgeStyle *styles, guint n_styles,
                                   GCancellable *cancellable, GError **error);
/* Takes the answer that is kept, if there is one. %FALSE: with @error */
gboolean kalon_judge_call_look_up (KalonJudgeCall *call, KalonJudgeCache *cache, GError **error);
/* (transfer full): the picture of a call, as JPEG. */
GBytes *kalon_judge_call_draw (KalonJudge *self, const KalonJudgeCall *call,
                               GCancellable *cancellable, GError **error);
/* Calls that have no answer yet. @n_kept: (out) (optional): those that have */
gsize kalon_judge_count_calls (GPtrArray *cases, gsize *n_kept);
gboolean
kalon_judge_estimate_cases (KalonJudge *self, GPtrArray *cases, KalonJudgeEstimate *estimate,
                            GCancellable *cancellable, GError **error);

/* ---- counting (judge-count.c): pure ---- */

/* @items: (nullable) */
KalonJudgeFigures *kalon_judge_figures_new (const char *judge, GPtrArray *items);
KalonJudgeCount *kalon_judge_count_new (const char *name);
void kalon_judge_count_free (KalonJudgeCount *count);
/* (transfer none): a new verdict, without outcomes. */
KalonJudgeVerdict *kalon_judge_count_add (KalonJudgeCount *count, const KalonJudgeItem *item);
/* Fills the tallies from the verdicts. */
void kalon_judge_count_finish (KalonJudgeCount *count);
/* (transfer full): of @n cases from @first on, which are of @style. */
KalonJudgeCount *
kalon_judge_count_cases (KalonJudgeStyle style, GPtrArray *cases, gsize first, gsize n);

/* ---- judge ---- */

struct _KalonJudge
{
  GObject parent_instance;

  KalonLlm *llm;
  char *library_directory;
  char *cache_path;
  gboolean may_send;
  guint per_minute;
};

/* Blocks; asks in a main context of its own. */
KalonJudgeFigures *
kalon_judge_run (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles, guint n_styles,
                 KalonJudgeFunc func, gpointer user_data, GCancellable *cancellable,
                 GError **error);

G_END_DECLS
