/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The parser behind kalon_calibration_load(), apart from the file system for fuzzing. */

#include "calibration/kalon-calibration.h"
#include "input/kalon-input.h"

G_BEGIN_DECLS

/* (transfer full) */
KalonCalibration *kalon_calibration_parse (JsonObject *object, const char *file, GError **error);

G_END_DECLS
