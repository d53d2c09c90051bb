/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A language model for tests: answers what it is told to, through the interface of the real one. */

#include "llm/kalon-llm.h"

G_BEGIN_DECLS

/* @answer: (nullable): %NULL never answers, until it is cancelled */
KalonLlm *llm_double_new (const char *answer);
void llm_double_set_answer (KalonLlm *self, const char *answer);
/* @error: (transfer full): what the next requests end with instead */
void llm_double_set_error (KalonLlm *self, GError *error);
/* Requests so far. */
guint llm_double_get_n_requests (KalonLlm *self);
/* Of the last request; %NULL before the first. */
const char *llm_double_get_user (KalonLlm *self);
const char *llm_double_get_system (KalonLlm *self);

G_END_DECLS
