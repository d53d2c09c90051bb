/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one window: header bar with the search, a switcher between its pages, and over them the
 * viewer. It creates no service: they come with the session.
 */

#include <adwaita.h>

#include "session/kalon-session.h"

G_BEGIN_DECLS

#define KALON_TYPE_WINDOW (kalon_window_get_type ())
G_DECLARE_FINAL_TYPE (KalonWindow, kalon_window, KALON, WINDOW, AdwApplicationWindow)

/**
 * KalonWindow:session: construct only, what its pages work with.
 */

/* A lasting remark above the grid, "No OpenCL device …"; the user can close it. */
void kalon_window_set_note (KalonWindow *self, const char *note);

/* Adds the folders to the library and indexes them. */
void kalon_window_add_folders (KalonWindow *self, const char *const *paths);

/* Words into the search entry, as if they were typed. */
void kalon_window_search (KalonWindow *self, const char *text);

/* The same, of all pictures, whatever was asked for before. */
void kalon_window_search_all (KalonWindow *self, const char *words);

/* Those of the words, with the viewer open on @picture, an id of the catalogue. */
void kalon_window_show_picture (KalonWindow *self, const char *words, gint64 picture);

/* Of a folder in the library its pictures are shown, another is offered to be added; for a picture
 * those that are like it are shown. */
void kalon_window_open_files (KalonWindow *self, GFile *const *files, guint n_files);
/* @page: (nullable): the name of one, see preferences/ */
void kalon_window_show_preferences (KalonWindow *self, const char *page);

void kalon_window_show_message (KalonWindow *self, const char *message);

G_END_DECLS
