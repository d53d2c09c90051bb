/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A question as a user asks it, whole: what is typed, the terms beside it, the filter and how
 * strict to be. A plain value, to be shown, compared, kept and asked again; KalonQuery is what the
 * searcher makes of it. Any thread.
 */

#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

/* What a user may choose for a term; typed words weigh 1. */
#define KALON_QUESTION_MIN_WEIGHT 0.25
#define KALON_QUESTION_MAX_WEIGHT 2.0

/**
 * KalonQuestion:
 * @text: UTF-8, without white space around it; "" when nothing is typed
 * @terms: (element-type KalonTerm): words and pictures beside it, in the order given; weights below
 *   0 look away from them
 * @filter: the text form of filter/; "" is none
 * @strictness: 0 to 100, or %KALON_STRICTNESS_OF_MODEL, as of kalon_query_set_strictness()
 */
typedef struct
{
  char *text;
  GPtrArray *terms;
  char *filter;
  int strictness;
} KalonQuestion;

/* (transfer full): asks nothing. */
KalonQuestion *kalon_question_new (void);
KalonQuestion *kalon_question_copy (const KalonQuestion *self);
void kalon_question_free (KalonQuestion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonQuestion, kalon_question_free)

void kalon_question_set_text (KalonQuestion *self, const char *text);
void kalon_question_set_filter (KalonQuestion *self, const char *filter);

/* A term of the same kind and value, whatever the case of words, is replaced where it stands;
 * @weight: not 0. Blank words are nothing. */
void
kalon_question_add_term (KalonQuestion *self, KalonTermKind kind, const char *value, float weight);

/* Neither words nor terms nor a filter. */
gboolean kalon_question_is_empty (const KalonQuestion *self);
/* The same is asked; strictness is how it is answered, and makes no difference. */
gboolean kalon_question_equal (const KalonQuestion *a, const KalonQuestion *b);

/**
 * kalon_question_read_typed:
 *
 * Takes apart what was typed: plain words become the text, in place of the one there was, and what
 * is written so becomes terms of weight 1 or -1, added:
 *   -word  -"some words"   look away from it
 *   +word  +"some words"   look for it too
 *   not: words, words      look away from each; up to the end
 * Signs count at the beginning of a word only, with a letter, digit or quote behind them.
 */
void kalon_question_read_typed (KalonQuestion *self, const char *typed);

/* (transfer full): JSON on one line, see docs/formats.md. */
char *kalon_question_to_json (const KalonQuestion *self);
/* (transfer full): %KALON_ERROR_INVALID_DATA for what is not of this form. */
KalonQuestion *kalon_question_from_json (const char *json, GError **error);

/* (transfer full): its terms and strictness, without its filter; limit 0 (all). */
KalonQuery *kalon_question_create_query (const KalonQuestion *self);

G_END_DECLS
