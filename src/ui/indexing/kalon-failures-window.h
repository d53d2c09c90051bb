/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The files that could not be indexed, each with its reason. */

#include <adwaita.h>

#include "catalogue/kalon-catalogue.h"

G_BEGIN_DECLS

#define KALON_TYPE_FAILURES_WINDOW (kalon_failures_window_get_type ())
G_DECLARE_FINAL_TYPE (KalonFailuresWindow, kalon_failures_window, KALON, FAILURES_WINDOW, AdwWindow)

/* Lists what the catalogue says now. */
KalonFailuresWindow *kalon_failures_window_new (GtkWindow *parent, KalonCatalogue *catalogue);

G_END_DECLS
