/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A judge: which of two rows of pictures answers a query better? A vision-language model of llm/
 * looks at both (arXiv 2406.09397, 3.2: "GPT-4V win rate"; its prompts are not known, ours are in
 * judge-prompts.c), or people do, by an HPIR set that they have labelled.
 *
 *   ranker     both rows in one picture: which one is better, in each aspect and all in all
 *   scorer     one row in a picture, a call for each: 1 to 5 points in each aspect
 *   cp-scorer  both rows in one picture: 1 to 5 points for each
 *
 * Order consistency: where both rows are in one picture there are two calls, with the rows swapped.
 * The ranker's row wins when both calls choose it; when they do not agree the rows are similar. The
 * scorers' points are means of two calls, and rows are similar that differ by less than
 * %KALON_JUDGE_EPSILON. A row that stands alone has no place to be favoured for: the scorer is
 * asked once for each.
 *
 * What is sent: the query, and the picture: thumbnails on grey beside "1" and "2", a JPEG whose
 * longer side is at most %KALON_JUDGE_SIDE pixels. No name of a file, a system or a folder, and no
 * metadata. To a host that is not this machine nothing is sent before kalon_judge_set_may_send():
 * that words may go there (kalon_llm_new_from_settings()) does not mean that pictures may. A server
 * on this machine needs neither, as elsewhere.
 *
 * Every answer is kept as soon as it is there, by model, prompts, style, query and the contents of
 * the rows as shown: what was killed or cancelled goes on where it was, and costs no call twice.
 * An answer is data that somebody else wrote: all it can become is numbers in their range. One
 * that is nothing of the kind, or does not come, is a failure of that item alone, is not kept, and
 * is asked for again in the next run; %KALON_JUDGE_MAX_FAILURES in a row end the run.
 */

#include "hpir/kalon-hpir.h"
#include "llm/kalon-llm.h"
#include "systems/kalon-systems.h"

G_BEGIN_DECLS

typedef enum
{
  KALON_JUDGE_RANKER,
  KALON_JUDGE_SCORER,
  KALON_JUDGE_CP_SCORER,
} KalonJudgeStyle;
#define KALON_N_JUDGE_STYLES 3

/* "ranker", "scorer", "cp-scorer" */
const char *kalon_judge_style_get_name (KalonJudgeStyle style);
gboolean kalon_judge_style_from_name (const char *name, KalonJudgeStyle *style);

/* Counted up whenever a word of the prompts, a schema, or how rows are drawn changes: answers to
 * the old ones are then not taken. */
#define KALON_JUDGE_PROMPT_VERSION 1

/* The aspects of hpir/, and all in all: of scorers the mean of the three. */
#define KALON_JUDGE_OVERALL KALON_N_HPIR_ASPECTS
#define KALON_N_JUDGE_ASPECTS (KALON_N_HPIR_ASPECTS + 1)

#define KALON_JUDGE_ROW 5
#define KALON_JUDGE_SIDE 1024
#define KALON_JUDGE_CALLS 2 /* for an item and a style */
/* Points. What two calls disagree in by one point is half a point of their mean; the mean of three
 * aspects moves by a sixth of that. */
#define KALON_JUDGE_EPSILON 0.25
#define KALON_JUDGE_MAX_FAILURES 5

/**
 * KalonJudgeItem: a query and the two rows, of A and B.
 * @id: names it in messages and reports
 * @rows: [2] (element-type KalonAnswer): best first, at most %KALON_HPIR_MAX_GROUP are shown
 * @chosen: by people, in each aspect: 0 A, 1 B; -1 nobody, or as many each
 */
typedef struct
{
  char *id;
  char *query;
  GPtrArray *rows[2];
  int chosen[KALON_N_HPIR_ASPECTS];
} KalonJudgeItem;

/* @row_a, @row_b: referenced */
KalonJudgeItem *
kalon_judge_item_new (const char *id, const char *query, GPtrArray *row_a, GPtrArray *row_b);
void kalon_judge_item_free (KalonJudgeItem *item);
/* (transfer full) (element-type KalonJudgeItem): the groups of @set, with what people chose. */
GPtrArray *kalon_judge_list_items (const KalonHpirSet *set);

/* How A did. */
typedef enum
{
  KALON_JUDGE_UNJUDGED, /* it failed, or there is nothing to judge */
  KALON_JUDGE_WIN,
  KALON_JUDGE_SIMILAR,
  KALON_JUDGE_LOSE,
} KalonJudgeOutcome;

/**
 * KalonJudgeVerdict: of one item.
 * @item: (transfer none) (nullable): of people: %NULL
 * @points: [A, B][aspect] of scorers; NaN otherwise
 * @failure: (nullable): why it has no outcome, in one line
 */
typedef struct
{
  const KalonJudgeItem *item;
  KalonJudgeOutcome outcomes[KALON_N_JUDGE_ASPECTS];
  double points[2][KALON_N_JUDGE_ASPECTS];
  char *failure;
} KalonJudgeVerdict;

/**
 * KalonJudgeTally: of one aspect. Estimates are NaN where there is nothing to count.
 * @win_rate: W / (W + L); @win_similar_rate: (W + S) / (W + S + L); with Wilson's intervals
 * @first: of calls that preferred one of two rows, the share that preferred the upper one: half of
 *   them where the place of a row has no influence
 * @points: [A, B] means of scorers, with bootstrap intervals
 * @n_people: items with a majority of people and an outcome; @agreement: the share of them where
 *   the outcome is the majority's choice, "similar" counting half; bootstrap. @decided: the same
 *   of those that are not "similar", @n_decided of them; Wilson
 */
typedef struct
{
  gsize win, similar, lose;
  KalonEstimate win_rate;
  KalonEstimate win_similar_rate;
  gsize n_first;
  gsize n_placed;
  KalonEstimate first;
  KalonEstimate points[2];
  gsize n_people;
  KalonEstimate agreement;
  gsize n_decided;
  KalonEstimate decided;
} KalonJudgeTally;

/**
 * KalonJudgeCount: what one style, or people, said of all items.
 * @name: of the style, or "people"
 * @n_same: whose rows are the same pictures in the same order: similar, without a call
 * @n_empty: where at least one system has no answer: left out
 * @n_failed: without an outcome, for the reason that the verdict has
 * @n_calls: that were made this time
 */
typedef struct
{
  char *name;
  GPtrArray *verdicts; /* KalonJudgeVerdict, one for each item */
  KalonJudgeTally tallies[KALON_N_JUDGE_ASPECTS];
  gsize n_failed;
  gsize n_same;
  gsize n_empty;
  gsize n_calls;
} KalonJudgeCount;

/**
 * KalonJudgeFigures:
 * @titles: [2] of A and B
 * @judge: (nullable): who judged: kalon_llm_get_id(); %NULL: people
 * @synthetic: (nullable): why figures of agreement say nothing of people: the set is made up
 * @counts: (element-type KalonJudgeCount)
 */
typedef struct
{
  char *titles[2];
  char *judge;
  char *synthetic;
  GPtrArray *counts;
  GPtrArray *items; /* KalonJudgeItem: those that verdicts are of */
} KalonJudgeFigures;

void kalon_judge_figures_free (KalonJudgeFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonJudgeFigures, kalon_judge_figures_free)

/**
 * KalonJudgeEstimate: what a run would cost, before anything is sent.
 * @n_calls: not answered yet; each has one picture
 * @bytes: of their pictures, about: by a sample of them
 * @n_tokens: by OpenAI's rule for pictures, 85 and 170 for each tile of 512 pixels, and a token for
 *   four bytes of words; an answer counted with %KALON_JUDGE_ANSWER_TOKENS
 */
typedef struct
{
  gsize n_calls;
  gsize n_kept;
  guint64 bytes;
  guint64 n_tokens;
} KalonJudgeEstimate;
#define KALON_JUDGE_ANSWER_TOKENS 60

#define KALON_TYPE_JUDGE (kalon_judge_get_type ())
G_DECLARE_FINAL_TYPE (KalonJudge, kalon_judge, KALON, JUDGE, GObject)

/**
 * kalon_judge_new:
 * @library_directory: (nullable): as for kalon_library_open(): whose thumbnails are taken
 * @cache_path: where answers are kept; its folder is made. Readable by the user only
 */
KalonJudge *kalon_judge_new (KalonLlm *llm, const char *library_directory, const char *cache_path);
/* (transfer full): where programs of this user keep them: $XDG_DATA_HOME/kalon/judge.db; no cache
 * that may be cleaned: answers cost money. */
char *kalon_judge_dup_cache_path (void);
/* The user has said that pictures may be sent to kalon_llm_get_host(). */
void kalon_judge_set_may_send (KalonJudge *self, gboolean may_send);
/* Calls are begun no faster; 0, the default, is no limit. */
void kalon_judge_set_per_minute (KalonJudge *self, guint calls);

/**
 * kalon_judge_estimate:
 * @styles: [n_styles]
 *
 * Nothing is sent. Blocks; any thread.
 */
gboolean kalon_judge_estimate (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles,
                               guint n_styles, KalonJudgeEstimate *estimate,
                               GCancellable *cancellable, GError **error);

typedef void (*KalonJudgeFunc) (gsize done, gsize total, gpointer user_data);

/**
 * kalon_judge_run_async:
 * @items: (element-type KalonJudgeItem): not to be changed any more
 * @func: (nullable): told how many calls are done, those that were answered earlier included; in
 *   the caller's main context
 *
 * %G_IO_ERROR_PERMISSION_DENIED when pictures would go to a host that they must not go to: the line
 * says what and where, and nothing has been sent.
 */
void kalon_judge_run_async (KalonJudge *self, GPtrArray *items, const KalonJudgeStyle *styles,
                            guint n_styles, KalonJudgeFunc func, gpointer user_data,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer callback_data);
/* (transfer full): its titles are for the caller to set. */
KalonJudgeFigures *kalon_judge_run_finish (KalonJudge *self, GAsyncResult *result, GError **error);

/**
 * kalon_judge_count_labels:
 * @set: labelled by people, with the systems of its groups
 * @a, @b: keys of systems/
 *
 * The human judge: what most people said of an item wins, or loses; where as many said otherwise,
 * or could not tell, the rows are similar. Items of other systems are left out, and such as nobody
 * has labelled in no aspect; repeats do not count.
 *
 * Returns: (transfer full): one count, "people", without items and titles
 */
KalonJudgeFigures *kalon_judge_count_labels (const KalonHpirSet *set, const char *a, const char *b);

G_END_DECLS
