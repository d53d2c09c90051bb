/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * GNOME Shell's search, answered from the library: the D-Bus interface
 * org.gnome.Shell.SearchProvider2 (developer.gnome.org/documentation/tutorials/search-provider).
 *
 * The Shell asks at every key, and starts the program for it when it does not run. So an answer is
 * the baseline ranking of the active model, cut by the user's own strictness, and no more: no
 * rephrasing, no language model, no window. A question that another of the same asker overtakes is
 * cancelled and answered with nothing. The program stays for a minute after the last question, so
 * that the model is loaded once.
 *
 * With the setting “shell-search” off, or while there is no library, every question is answered
 * with nothing and the session is not even asked for. Main thread.
 */

#include <gio/gio.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

/* Below the application's own path, as the installed search-provider.ini says. */
#define KALON_SEARCH_PROVIDER_PATH "/io/github/kalon_project/Kalon/SearchProvider"

/* (transfer none): made at the first question that needs it. */
typedef KalonSession *(*KalonSessionFunc) (gpointer user_data);

#define KALON_TYPE_SEARCH_PROVIDER (kalon_search_provider_get_type ())
G_DECLARE_FINAL_TYPE (KalonSearchProvider, kalon_search_provider, KALON, SEARCH_PROVIDER, GObject)

/**
 * kalon_search_provider_new:
 * @application: which is held while it answers
 * @library_directory: (nullable): as for kalon_library_open()
 * @get_session: called with @user_data
 *
 * ::result-activated (gint64 picture, char *words, guint timestamp): the user chose that picture.
 * ::search-launched (char *words, guint timestamp): the user wants to see all results.
 */
KalonSearchProvider *kalon_search_provider_new (GApplication *application, GSettings *settings,
                                                const char *library_directory,
                                                KalonSessionFunc get_session, gpointer user_data);

gboolean
kalon_search_provider_export (KalonSearchProvider *self, GDBusConnection *bus, GError **error);
void kalon_search_provider_unexport (KalonSearchProvider *self);

G_END_DECLS
