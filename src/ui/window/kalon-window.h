/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The one window: header bar with the search, the grid of results, the viewer, and a page for every
 * case in which there is nothing to show. It creates no service; they come by construct properties.
 */

#include <adwaita.h>

#include "catalogue/kalon-catalogue.h"
#include "indexing/kalon-indexing.h"
#include "results/kalon-thumbnail-queue.h"
#include "search/kalon-words.h"
#include "searcher/kalon-searcher.h"
#include "thumbs/kalon-thumbs.h"

G_BEGIN_DECLS

#define KALON_TYPE_WINDOW (kalon_window_get_type ())
G_DECLARE_FINAL_TYPE (KalonWindow, kalon_window, KALON, WINDOW, AdwApplicationWindow)

/**
 * KalonWindow:catalogue, :searcher, :model-strictness, :indexing, :thumbnails, :thumbs, :words,
 * :settings: construct only; :searcher may be %NULL, then :model-problem says why.
 * :model-strictness, of the model's calibration, is where the scale stands while the user has set
 * none.
 */

/* A lasting remark above the grid, "No OpenCL device …"; the user can close it. */
void kalon_window_set_note (KalonWindow *self, const char *note);

/* Adds the folders to the library and indexes them. */
void kalon_window_add_folders (KalonWindow *self, const char *const *paths);

/* Words into the search entry, as if they were typed. */
void kalon_window_search (KalonWindow *self, const char *text);

void kalon_window_show_message (KalonWindow *self, const char *message);

G_END_DECLS
