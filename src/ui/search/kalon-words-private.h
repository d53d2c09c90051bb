/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "search/kalon-words.h"

G_BEGIN_DECLS

struct _KalonWords
{
  GObject parent_instance;

  GSettings *settings;
  char *cache_path;
  KalonTokenizer *tokenizer; /* (nullable) */
  gsize context_length;

  KalonRephraser *rephraser; /* with the language model of the settings; NULL until it is there */
  char *host;                /* that it is on */
  char *refused_host;        /* (nullable): "not now" */
  char *unknown_host;        /* (nullable): to be asked about */

  char *query;
  KalonWordsState state;
  char *text;
  char *notice;
  GStrv filters;     /* never NULL */
  gboolean of_model; /* @text is, or becomes, a language model's */
  gboolean own;      /* @text is the user's */
  gboolean pinned;

  guint delay_id;
  GCancellable *cancellable; /* of the one question under way: for the model, or to it */
};

/* words-run.c: who is asked, and what comes of it. */

KalonRephraseStyle kalon_words_get_style (KalonWords *self);
/* Copies; emits ::changed. */
void kalon_words_set_state (KalonWords *self, KalonWordsState state, const char *text,
                            const char *notice);
/* Whatever is under way. */
void kalon_words_stop (KalonWords *self);
/* For the query, anew. */
void kalon_words_begin (KalonWords *self);

G_END_DECLS
