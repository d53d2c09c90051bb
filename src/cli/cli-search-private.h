/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The command "search": cli-search-options.c reads what is asked, cli-search.c asks,
 * cli-search-print.c answers; cli-search-filter.c is about filters, and lists where nothing is
 * asked. */

#include "kalon-cli-private.h"

#include "filter/kalon-filter.h"
#include "library/kalon-library.h"
#include "models/kalon-models.h"
#include "rephraser/kalon-rephraser.h"
#include "searcher/kalon-searcher.h"

G_BEGIN_DECLS

#define KALON_SEARCH_STRICTNESS_OF_MODEL "model"

typedef struct
{
  int limit;
  char *strictness;       /* (nullable): as given */
  char *ranking;          /* (nullable): as given */
  char *rephrase;         /* (nullable): the style, as given */
  char *rephrase_share;   /* (nullable): as given */
  char *aesthetic_weight; /* (nullable): as given */
  char *taste_weight;     /* (nullable): as given */
  char *taste;            /* (nullable): the method, as given */
  gboolean no_adapter;
  gboolean why;
  char *sheet;
  char *sort;          /* (nullable): as given */
  char *min_aesthetic; /* (nullable): as given */
  gboolean show_aesthetic;
  gboolean no_fold;
  GStrv likes;
  GStrv nots;
  GStrv also;
  GStrv unlikes;
  GStrv filters;
  char *words;         /* (nullable) */
  KalonFilter *filter; /* (nullable): of @filters and @words together */
} KalonSearchOptions;

void kalon_cli_search_clear_options (KalonSearchOptions *options);

/* (nullable) (transfer full): %NULL after a message when the options make no query. @alignment:
 * (out caller-allocates): all but the rephrased words, for kalon_query_set_alignment() */
KalonQuery *
kalon_cli_search_build_query (const KalonCliCommand *command, const KalonSearchOptions *options,
                              KalonAlignment *alignment);
/* %FALSE after a message: the file of --sheet is not a PNG by its name. */
gboolean
kalon_cli_search_check_sheet (const KalonCliCommand *command, const KalonSearchOptions *options);
/* Which rankings are printed: an option that only the aligned one obeys asks for it. */
gboolean kalon_cli_search_wants_aligned (const KalonSearchOptions *options);
gboolean kalon_cli_search_wants_baseline (const KalonSearchOptions *options);

/* A result with what the catalogue knows of it. */
typedef struct
{
  KalonResult result;
  KalonPicture *picture;
  GPtrArray *behind; /* (nullable): KalonPicture: near-duplicates */
} KalonHit;

/* (transfer full) (element-type KalonHit): of @results: (element-type KalonResult); @folded:
 * (element-type KalonFolded) (nullable): what is behind them. A picture that has left the catalogue
 * meanwhile is left out. */
GArray *kalon_cli_look_up (KalonLibrary *library, GArray *results, GArray *folded, GError **error);

/* Adds each of @terms, (nullable) "[WEIGHT:]VALUE"; @sign: 1 or -1. %FALSE after a message. */
gboolean kalon_cli_add_terms (KalonQuery *query, const KalonCliCommand *command, KalonTermKind kind,
                              GStrv terms, float sign);
/* "model", or a number; (nullable): %NULL is the full ranked list. */
gboolean kalon_cli_parse_strictness (const char *text, int *strictness);

/* The contact sheet, where one is asked for. @baseline, @aligned: (nullable) */
gboolean
kalon_cli_write_hits (KalonCli *cli, const KalonSearchOptions *options, KalonLibrary *library,
                      GArray *baseline, GArray *aligned, GError **error);

/* options->filter; takes the filters out of options->words. %FALSE after a message. */
gboolean kalon_cli_read_filters (const KalonCliCommand *command, KalonSearchOptions *options);
/* Without anything to look for: what passes options->filter, newest first. */
KalonCliStatus kalon_cli_list_filtered (KalonCli *cli, const KalonCliCommand *command,
                                        const KalonSearchOptions *options);

/* @baseline, @aligned: (nullable) (element-type KalonHit): those that are printed */
void kalon_cli_print_results (KalonCli *cli, const KalonSearchOptions *options, const char *model,
                              const char *device, const KalonRephrasing *rephrasing,
                              const KalonResults *results, GArray *baseline, GArray *aligned);
/* What a reader of the list must know to trust it, on stderr. */
void kalon_cli_tell_coverage (const KalonSearchOptions *options, const KalonResults *results);

G_END_DECLS
