/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "judgements/kalon-judgements.h"

G_BEGIN_DECLS

#define KALON_JUDGEMENTS_FORMAT "kalon-judgements"
#define KALON_JUDGEMENTS_VERSION 1

/* (transfer full): a line, with its LF. */
char *kalon_judgement_to_line (const KalonJudgement *judgement);
/* (transfer full): the file's first line. */
char *kalon_judgements_dup_head (void);

/* @where: "judgements.jsonl:3", for messages. */
KalonJudgement *
kalon_judgement_from_line (const char *line, gsize length, const char *where, GError **error);
gboolean
kalon_judgements_check_head (const char *line, gsize length, const char *where, GError **error);

G_END_DECLS
