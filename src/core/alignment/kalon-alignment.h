/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Aesthetic alignment: what "Aligning Vision Models with Human Aesthetics in Retrieval" (arXiv
 * 2406.09397, 2.3) does by fine-tuning, on the embeddings of a frozen encoder. Three steps, each
 * with its header:
 *
 *   order   candidates of a (rephrased) query, scored twice  ->  a partially ordered set of pairs
 *           kalon-preference-set.h
 *   train   pairs  ->  an adapter, by ranked DPO of the query as it was typed
 *           kalon-trainer.h
 *   apply   adapter  ->  other query vectors, other picture vectors, or another model
 *           kalon-adapter.h
 *
 * No networks and no towers are run here: everything starts from embeddings. What is known of
 * the paper and what is decided here: docs/decisions/0007-alignment.md.
 */

#include "alignment/kalon-adapter.h"
#include "alignment/kalon-preference-set.h"
#include "alignment/kalon-trainer.h"
