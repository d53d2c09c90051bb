/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Questions and their terms in words, to be shown and read aloud. Main thread. */

#include "question/kalon-question.h"

G_BEGIN_DECLS

/* Each (transfer full). */

/* "not: people", "like: IMG_41.jpeg", "people" */
char *kalon_term_to_text (const KalonTerm *term);
/* "×1.5", or "" for a weight of 1. */
char *kalon_weight_to_text (double weight);
/* "red boat · not: people ×1.5 · like: IMG_41.jpeg · date:2021" */
char *kalon_question_to_text (const KalonQuestion *question);

/* (transfer full): of kalon_search_add_pictures(): @n_left_out is above 0. */
char *kalon_left_out_to_text (guint n_left_out);

G_END_DECLS
