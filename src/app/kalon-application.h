/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The application: command line, actions, and the one place that creates services and hands them to
 * the window.
 *
 *   kalon [--library DIR] [--model ID] [--device NAME|none] [FOLDER]...
 *
 * One instance a session; a second call hands its folders to the first. With an option of its own
 * it is another instance, for the first one has other services.
 */

#include <adwaita.h>

G_BEGIN_DECLS

#define KALON_TYPE_APPLICATION (kalon_application_get_type ())
G_DECLARE_FINAL_TYPE (KalonApplication, kalon_application, KALON, APPLICATION, AdwApplication)

KalonApplication *kalon_application_new (void);

G_END_DECLS
