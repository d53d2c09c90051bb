/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* JSON as it is written for people and programs. Pure; any thread. */

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): indented, with a line end; numbers in as many digits as it takes (json-glib
 * writes 4.8606689999999997), all control characters escaped (json-glib 1.6 leaves one). */
char *kalon_json_to_text (JsonNode *node);

/* (transfer full): @value with six significant digits, null where it is not finite. */
JsonNode *kalon_json_node_new_figure (double value);

G_END_DECLS
