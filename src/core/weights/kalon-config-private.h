/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The two parsers behind kalon_model_config_load(), apart from the file system for fuzzing. */

#include "input/kalon-input.h"
#include "weights/kalon-weights.h"

G_BEGIN_DECLS

/* Everything but @config->preprocess. */
gboolean kalon_model_config_parse (JsonObject *object, const char *file, KalonModelConfig *config,
                                   GError **error);

/**
 * kalon_preprocess_parse:
 * @object: (nullable): %NULL takes CLIP's own values at @resolution
 * @resolution: what the image tower takes; the crop must be the same
 */
gboolean kalon_preprocess_parse (JsonObject *object, const char *file, gsize resolution,
                                 KalonPreprocess *preprocess, GError **error);

G_END_DECLS
