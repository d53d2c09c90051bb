/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a fuzz target is: called with arbitrary bytes, it must return 0 and neither crash, leak nor
 * take long. Checks of its own are g_assert_*. The same program must answer the same bytes in
 * the same way, so what it needs besides is made once and kept.
 */

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

G_END_DECLS
