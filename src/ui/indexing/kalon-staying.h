/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Keeps the application running while no window is open, if the user wants it: follows the setting
 * "index-in-background", asks the desktop for it, and holds the application. ::changed: of the
 * problem. Main thread.
 */

#include <gio/gio.h>

G_BEGIN_DECLS

#define KALON_TYPE_STAYING (kalon_staying_get_type ())
G_DECLARE_FINAL_TYPE (KalonStaying, kalon_staying, KALON, STAYING, GObject)

/* @bus: (nullable): where the portal is asked. @application: not kept alive. */
KalonStaying *
kalon_staying_new (GApplication *application, GSettings *settings, GDBusConnection *bus);

/* (nullable): why the setting does not do all it could: a sentence. */
const char *kalon_staying_get_problem (KalonStaying *self);
gboolean kalon_staying_is_held (KalonStaying *self);

G_END_DECLS
