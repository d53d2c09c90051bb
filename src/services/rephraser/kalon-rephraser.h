/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Rephrasing: a search query, enriched with what makes pictures worth looking at (light,
 * composition, mood), so that the encoder ranks those higher; "Aligning Vision Models with Human
 * Aesthetics in Retrieval", arXiv 2406.09397, section 2.2. By a language model where there is one,
 * by word lists (data/lexicon) where there is none; both give the same KalonRephrasing.
 *
 * What a rephrasing promises, whoever made it:
 *   - The words of the query come first, and none of them is given up for what is added.
 *     (%KALON_REPHRASE_REORG is the exception: putting them in another order is its purpose.)
 *   - @text fits the text tower's context; what did not fit is counted.
 *   - Filters are only proposed. The words that they were found in stay in @text.
 *   - A language model's answer is data that somebody else wrote: all it can become is words of a
 *     query, and filters of the known forms. The query reaches it as JSON, as data too.
 *   - When the language model fails, takes too long or may not be asked, the word lists stand in,
 *     and @notice says why in one line. That is no error: a search goes on. A failed answer is not
 *     kept.
 *   - Words that no list knows the script of, and that are not words at all, stay as they were
 *     typed without a language model, and @notice says so.
 *
 * The languages that the built-in one knows are German, French and Spanish, by a word list of some
 * 200 things: words that it does not know stay as they are.
 */

#include <gio/gio.h>

#include "llm/kalon-llm.h"
#include "tokenizer/kalon-tokenizer.h"

G_BEGIN_DECLS

/**
 * KalonRephraseStyle:
 * The variants of the paper's Table 3 (names as there; the wording of its prompts is not known,
 * ours is in rephraser-prompts.c and data/lexicon).
 *
 * @KALON_REPHRASE_ORIGINAL: the query as typed, untranslated; the baseline. A control
 * @KALON_REPHRASE_DETAIL: free text with visual details and aesthetic expectations behind the query
 * @KALON_REPHRASE_K_LIST: a list of keywords behind the query
 * @KALON_REPHRASE_KW_DICT: keywords by category (light, composition, mood), merged into the query
 * @KALON_REPHRASE_REPEAT: the query again and again, until it is as long as a rephrasing; no
 * language model. A control: does longer text score better by itself?
 * @KALON_REPHRASE_REORG: the same said in another order, nothing added. A control: does the other
 *   wording alone help?
 */
typedef enum
{
  KALON_REPHRASE_ORIGINAL,
  KALON_REPHRASE_DETAIL,
  KALON_REPHRASE_K_LIST,
  KALON_REPHRASE_KW_DICT,
  KALON_REPHRASE_REPEAT,
  KALON_REPHRASE_REORG,
} KalonRephraseStyle;
#define KALON_N_REPHRASE_STYLES (KALON_REPHRASE_REORG + 1)

/* What did best on held-out photos (docs/rephrasing.md): the style, and the share of the rephrased
 * text's embedding in the one that is searched with, normalise ((1 - share) q + share r). */
#define KALON_REPHRASE_DEFAULT_STYLE KALON_REPHRASE_DETAIL
#define KALON_REPHRASE_DEFAULT_SHARE 0.25

/* "original", "detail", "k-list", "kw-dict", "repeat", "reorg" */
const char *kalon_rephrase_style_get_name (KalonRephraseStyle style);
/* Whether it has a language model rephrase, where there is one. */
gboolean kalon_rephrase_style_asks (KalonRephraseStyle style);
/* %FALSE for any other name. */
gboolean kalon_rephrase_style_from_name (const char *name, KalonRephraseStyle *style);

/* From where a text is. */
typedef enum
{
  KALON_REPHRASE_SOURCE_NONE, /* the plain query */
  KALON_REPHRASE_SOURCE_BUILT_IN,
  KALON_REPHRASE_SOURCE_LLM,
  KALON_REPHRASE_SOURCE_CACHE, /* a language model's, from an earlier time */
} KalonRephraseSource;

/* "none", "built-in", "llm", "cache" */
const char *kalon_rephrase_source_get_name (KalonRephraseSource source);

/**
 * KalonRephrasing:
 * Immutable and counted: any thread.
 *
 * @filters: %NULL-terminated; what the query says about files rather than about what they show. One
 *   of each kind, of these forms:
 *     date:FROM..TO          both YYYY-MM-DD, days included. What is open in words is not here:
 *                            "since" ends today, "before" begins in 1826, with the first photograph
 *     orientation:NAME       portrait, landscape, square, panorama
 *     colour:NAME            red, orange, yellow, green, blue, purple, pink, brown, black, white,
 *                            grey, monochrome: of the picture as a whole
 *     format:NAME            jpeg, png, webp, avif, heic, tiff, gif, raw
 */
typedef struct
{
  char *query; /* as typed, without white space around it */
  KalonRephraseStyle style;
  char *text;     /* what to encode */
  char *language; /* of the query, BCP 47; "und": not known */
  gboolean translated;
  char **filters;
  KalonRephraseSource source;
  guint template_version; /* of the prompts, or of the built-in templates */
  gsize n_tokens;         /* of @text, start and end included; 0: no tokenizer was given */
  gsize budget;           /* the context length; 0 likewise */
  gsize n_trimmed;        /* words that were to be added and did not fit */
  gsize n_dropped_tokens; /* of the query itself, at its end: what the encoder will not read */
  gboolean stands_in;     /* a language model was to rephrase, and the word lists did */
  char *notice;           /* (nullable): a line for the user: why this is not what was hoped for */
} KalonRephrasing;

KalonRephrasing *kalon_rephrasing_ref (const KalonRephrasing *self);
void kalon_rephrasing_unref (KalonRephrasing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KalonRephrasing, kalon_rephrasing_unref)

/**
 * KalonRephraseRequest:
 * @query: UTF-8; what is not, becomes U+FFFD
 * @tokenizer: (nullable): the encoder's, for counting; without it a text has at most
 *   %KALON_REPHRASE_MAX_WORDS words
 * @context_length: the encoder's (KalonModelConfig), with @tokenizer only
 * @today: (nullable): what "last summer" is reckoned from; %NULL is the local date. Seasons are
 * those of the northern half: June to August is a summer
 */
typedef struct
{
  const char *query;
  KalonRephraseStyle style;
  KalonTokenizer *tokenizer;
  gsize context_length;
  const GDate *today;
} KalonRephraseRequest;

/* What fits CLIP's 77 tokens in most languages. */
#define KALON_REPHRASE_MAX_WORDS 50

/**
 * kalon_rephrase_built_in:
 *
 * By word lists and templates; the same answer for the same request. Microseconds, any thread.
 *
 * Returns: (transfer full)
 */
KalonRephrasing *kalon_rephrase_built_in (const KalonRephraseRequest *request);

/**
 * kalon_rephrase_stand_in:
 * @reason: why the language model that was to rephrase does not; its first line goes into @notice
 *
 * The same, for a language model that cannot even be asked.
 *
 * Returns: (transfer full)
 */
KalonRephrasing *kalon_rephrase_stand_in (const KalonRephraseRequest *request, const char *reason);

#define KALON_TYPE_REPHRASER (kalon_rephraser_get_type ())
G_DECLARE_FINAL_TYPE (KalonRephraser, kalon_rephraser, KALON, REPHRASER, GObject)

/**
 * kalon_rephraser_new:
 * @llm: (nullable): %NULL rephrases by word lists only
 * @cache_path: (nullable): a database that keeps what @llm has answered, so that the same query
 * costs one call and gives one ranking; readable by the user only. Its folder is made. %NULL keeps
 *   nothing. A cache that is damaged is deleted and begun anew
 *
 * Use it from one thread, with its thread-default main context.
 */
KalonRephraser *kalon_rephraser_new (KalonLlm *llm, const char *cache_path);
/* %TRUE: nothing is sent any more. What the language model has answered before still counts; the
 * word lists rephrase the rest, as they do without a language model. */
void kalon_rephraser_set_only_kept (KalonRephraser *self, gboolean only_kept);
/* (transfer full): where programs of this user keep it: $XDG_CACHE_HOME/kalon/rephrasings.db */
char *kalon_rephraser_dup_cache_path (void);

/* @text: the rephrased query as it grows. It begins anew when the model is asked once more. */
typedef void (*KalonRephraseTextFunc) (const char *text, gpointer user_data);

/**
 * kalon_rephraser_rephrase_async:
 * @request: copied; @tokenizer is kept until the end
 * @text_func: (nullable): called in the caller's main context while a language model writes
 *
 * A language model has %KALON_REPHRASE_SECONDS, and a local one, which may have to load its
 * weights, %KALON_REPHRASE_FIRST_SECONDS until it has answered once. The styles original and
 * repeat, a query of white space and a rephraser without language model never wait.
 */
void kalon_rephraser_rephrase_async (KalonRephraser *self, const KalonRephraseRequest *request,
                                     KalonRephraseTextFunc text_func, gpointer text_data,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
#define KALON_REPHRASE_SECONDS 8
#define KALON_REPHRASE_FIRST_SECONDS 20

/* (transfer full): %NULL with %G_IO_ERROR_CANCELLED only. */
KalonRephrasing *
kalon_rephraser_rephrase_finish (KalonRephraser *self, GAsyncResult *result, GError **error);

/* Forgets all that language models have answered, and deletes the file. Blocks. */
gboolean kalon_rephraser_clear_cache (KalonRephraser *self, GError **error);

G_END_DECLS
