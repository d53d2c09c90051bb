/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the files of the rephraser share, and its tests see. Functions without a note are pure. */

#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

/* ---- words (rephraser-words.c) ---- */

typedef struct
{
  char *text;   /* as it stands in the query */
  char *folded; /* lower case, without accents: what lists are looked up by */
  /* The last character before it that is no space: punctuation after the word before; 0 if none. */
  gunichar mark;
} KalonWord;

/* (transfer full): @text without case and accents. */
char *kalon_word_fold (const char *text);
/* (transfer full) (element-type KalonWord): the words of @text, without punctuation. */
GPtrArray *kalon_words_split (const char *text);
/* Whether @text is in a script that the lists know, as far as it has letters or digits at all. */
gboolean kalon_words_are_latin (const char *text);
/* (transfer full): the folded words [first, first + n) with a space between. */
char *kalon_words_join (GPtrArray *words, guint first, guint n);
/* (transfer full): one line of UTF-8 without white space around it, as a query is taken. */
char *kalon_query_clean (const char *query);
/* (transfer full): @text as words of a query: letters, digits and plain punctuation, one space
 * between, at most @max_length characters, cut between words. */
char *kalon_text_clean (const char *text, gsize max_length);

/* ---- lexicon (rephraser-lexicon.c): the tables of data/lexicon ---- */

typedef enum
{
  KALON_LANGUAGE_ENGLISH,
  KALON_LANGUAGE_GERMAN,
  KALON_LANGUAGE_FRENCH,
  KALON_LANGUAGE_SPANISH,
  KALON_N_LANGUAGES,
} KalonLanguage;

/* How a kind of subject is photographed well; each a phrase, or several with commas. */
typedef struct
{
  const char *light;
  const char *composition;
  const char *mood;
} KalonLooks;

#define KALON_LEXICON_MAX_SUBJECTS 2
/* Those of any picture come behind those of the subjects. */
#define KALON_LEXICON_MAX_LOOKS (KALON_LEXICON_MAX_SUBJECTS + 1)
/* The longest phrase of any table, in words. */
#define KALON_LEXICON_MAX_PHRASE 4

/* BCP 47. */
const char *kalon_language_get_code (KalonLanguage language);
/* (nullable): the English of @phrase, "" when English leaves it out. @phrase is folded. */
const char *kalon_lexicon_translate (KalonLanguage language, const char *phrase);
/* Whether English knows the word @folded: as a subject, a translation or a small word. */
gboolean kalon_lexicon_is_english (const char *folded);
/* The looks of at most %KALON_LEXICON_MAX_SUBJECTS subjects of @words, and those of any picture.
 * Returns: how many there are, at least 1. */
gsize kalon_lexicon_find_looks (GPtrArray *words, const KalonLooks **looks);
/* Whether a word of @words or one of @filters (element-type utf8) says that a picture does not have
 * @look, a phrase of #KalonLooks: by contrary.tsv. */
gboolean kalon_lexicon_is_contrary (const char *look, GPtrArray *words, GPtrArray *filters);
/* (nullable): what filters.tsv has for a folded phrase in any language; @is_last: it ends the query
 */
const char *kalon_lexicon_find_filter (const char *phrase, gboolean is_last);

/* ---- language, filters (rephraser-language.c, rephraser-filters.c, rephraser-dates.c,
 * rephraser-calendar.c) ---- */

/* @language: (out): BCP 47 or "und". Returns: (transfer full): @query in English, @query itself
 * when it is English already, unknown, or has no word that the list knows. */
char *kalon_language_translate (const char *query, const char **language, gboolean *translated);

/* %TRUE for a filter of a known form with a meaning. */
gboolean kalon_filter_is_known (const char *filter);
/* Adds @filter (transfer full) to @filters unless there is one of its kind. */
void kalon_filters_add (GPtrArray *filters, char *filter);
/* Adds what @query says in words. */
void kalon_filters_find (GPtrArray *filters, const char *query, const GDate *today);

/* Photographs are not older: a number below is no year. */
#define KALON_DATE_FIRST_YEAR 1826
/* Days, both included. */
typedef struct
{
  GDate from;
  GDate to;
} KalonSpan;

/* @n_months whole months; @month may be one year off 1 to 12. */
KalonSpan kalon_span_of_months (int year, int month, guint n_months);
/* %FALSE when there is no such day. */
gboolean kalon_span_set_day (int year, int month, guint day, KalonSpan *span);
/* @name: what filters.tsv has behind "date:". %FALSE for what is no time by itself. */
gboolean kalon_span_set_name (const char *name, const GDate *today, KalonSpan *span);
/* (transfer full) (nullable): the date filter that begins at the word @first. @n: (out): how many
 * words it takes, also where they only look like a date; 0: they do not. */
char *kalon_date_find (GPtrArray *words, guint first, guint *n, const GDate *today);

/* ---- text and budget (rephrasing.c) ---- */

/* What a text is made of, before it is fitted to the context. */
typedef struct
{
  const char *language;  /* BCP 47 */
  const char *english;   /* (nullable): of the query, when it was translated */
  const char *text;      /* (nullable): replaces the query (reorg) */
  const char *additions; /* (nullable): come behind it, and are cut where they do not fit */
  GPtrArray *filters;    /* (nullable) (element-type utf8) */
  KalonRephraseSource source;
  guint template_version;
  gboolean stands_in;
  const char *notice; /* (nullable) */
} KalonRephraseParts;

KalonRephrasing *
kalon_rephrasing_new (const KalonRephraseRequest *request, const KalonRephraseParts *parts);
/* @today: (out): the request's, or the local date. */
void kalon_rephrase_take_date (const KalonRephraseRequest *request, GDate *today);

/* ---- language model (rephraser-prompts.c, rephraser-answer.c) ---- */

/* Counted up whenever a word of the prompts or a schema changes: cached answers to the old ones are
 * then not taken. */
#define KALON_PROMPT_VERSION 1

gboolean kalon_prompt_has_style (KalonRephraseStyle style);
/* (transfer full) */
char *kalon_prompt_dup_system (KalonRephraseStyle style);
char *kalon_prompt_dup_user (const char *query, const GDate *today);
const char *kalon_prompt_get_schema (KalonRephraseStyle style);

/* An answer, made clean. */
typedef struct
{
  char *language;
  char *english;   /* (nullable): of the query, when that is not English */
  char *text;      /* (nullable): reorg */
  char *additions; /* (nullable): the other styles */
  GPtrArray *filters;
} KalonRephraseAnswer;

void kalon_rephrase_answer_clear (KalonRephraseAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonRephraseAnswer, kalon_rephrase_answer_clear)

/* %FALSE with %KALON_ERROR_INVALID_DATA when nothing of it can be used. */
gboolean kalon_rephrase_answer_parse (const char *text, const char *query, KalonRephraseStyle style,
                                      KalonRephraseAnswer *answer, GError **error);
/* %FALSE while there is too little of it to show anything. */
gboolean
kalon_rephrase_answer_parse_partial (const char *so_far, const char *query,
                                     KalonRephraseStyle style, KalonRephraseAnswer *answer);
/* (transfer full) (nullable): the strings below member @key of the outermost object of @json, which
 * may be cut anywhere, with ", " between. */
char *kalon_rephrase_answer_extract (const char *json, const char *key);
KalonRephrasing *
kalon_rephrase_answer_compose (const KalonRephraseAnswer *answer,
                               const KalonRephraseRequest *request, KalonRephraseSource source);

/* ---- cache (rephraser-cache.c): any thread, one at a time; blocks ---- */

typedef struct _KalonRephraseCache KalonRephraseCache;

/* @limit: answers that are kept, the newest ones. The file is opened at the first use. */
KalonRephraseCache *kalon_rephrase_cache_new (const char *path, guint limit);
void kalon_rephrase_cache_free (KalonRephraseCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRephraseCache, kalon_rephrase_cache_free)

/* An answer that depends on the date (it has such a filter) is found on its own day only. */
gboolean
kalon_rephrase_cache_find (KalonRephraseCache *self, const char *llm_id,
                           const KalonRephraseRequest *request, KalonRephraseAnswer *answer);
void
kalon_rephrase_cache_store (KalonRephraseCache *self, const char *llm_id,
                            const KalonRephraseRequest *request, const KalonRephraseAnswer *answer);
gboolean kalon_rephrase_cache_clear (KalonRephraseCache *self, GError **error);

/* ---- rephraser ---- */

/* For tests: instead of the seconds of the public header. */
void kalon_rephraser_set_patience (KalonRephraser *self, guint milliseconds);

G_END_DECLS
