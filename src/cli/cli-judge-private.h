/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The command "judge": cli-judge.c reads what is asked, cli-judge-rows.c gets the rows that are
 * compared, cli-judge-run.c has them judged. */

#include "cli-report-private.h"

#include "judge/kalon-judge.h"
#include "models/kalon-models.h"
#include "rephraser/kalon-rephraser.h"

G_BEGIN_DECLS

typedef struct
{
  GStrv systems; /* two; (nullable) */
  char *queries; /* (nullable): this, @set or @labels */
  char *set;
  char *images; /* (nullable): of @set */
  char *labels;
  char *styles; /* (nullable): as given */
  int k;
  char *rephrase; /* (nullable): the style, as given */
  gboolean estimate;
  double price;
  int per_minute;
  gboolean send_pictures;
  char *cache; /* (nullable) */
  KalonCliReport report;
  KalonJudgeStyle asked[KALON_N_JUDGE_STYLES];
  guint n_asked;
} KalonCliJudge;

/* What is compared: items or labels, and whose they are. */
typedef struct
{
  GPtrArray *items; /* (nullable): KalonJudgeItem */
  char *titles[2];
  char *synthetic;   /* (nullable): as of KalonJudgeFigures */
  KalonModel *model; /* (nullable): that ranks */
  char *device;      /* (nullable) */
} KalonCliJudgeRows;

void kalon_cli_judge_rows_clear (KalonCliJudgeRows *rows);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KalonCliJudgeRows, kalon_cli_judge_rows_clear)

/* Of --queries or --set. */
gboolean kalon_cli_judge_get_rows (KalonCli *cli, const KalonCliJudge *options,
                                   KalonCliJudgeRows *rows, GError **error);
/* (transfer full): of --labels, with titles. */
KalonJudgeFigures *
kalon_cli_judge_count_labels (KalonCli *cli, const KalonCliJudge *options, GError **error);
/* Asks, or only says what that would cost. */
KalonCliStatus
kalon_cli_judge_run (KalonCli *cli, const KalonCliJudge *options, const KalonCliJudgeRows *rows);
KalonCliStatus
kalon_cli_judge_print (KalonCli *cli, const KalonCliJudge *options,
                       const KalonJudgeFigures *figures, const KalonCliJudgeRows *rows);

G_END_DECLS
