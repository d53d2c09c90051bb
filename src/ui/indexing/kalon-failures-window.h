/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The files that could not be indexed, each with its reason: to be copied as text, shown in Files,
 * and tried again. It follows the index runs. */

#include <adwaita.h>

#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"

G_BEGIN_DECLS

#define KALON_TYPE_FAILURES_WINDOW (kalon_failures_window_get_type ())
G_DECLARE_FINAL_TYPE (KalonFailuresWindow, kalon_failures_window, KALON, FAILURES_WINDOW, AdwWindow)

KalonFailuresWindow *
kalon_failures_window_new (GtkWindow *parent, KalonCatalogue *catalogue, KalonIndexing *indexing);

G_END_DECLS
