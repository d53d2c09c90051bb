/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "display.h"

#include "indexing/kalon-indexing-operation.h"
#include "window/kalon-window-private.h"

G_BEGIN_DECLS

/* A window over a library of its own, with a model of random weights in plain C. */
typedef struct
{
  char *directory;
  char *library;
  char *folder;
  KalonCatalogue *catalogue;
  KalonSearcher *searcher;
  KalonIndexing *indexing;
  KalonThumbnailQueue *thumbnails;
  KalonThumbs *thumbs;
  KalonWords *words;
  KalonHistory *history;
  KalonModelList *models;
  KalonAligning *aligning;
  KalonBoards *boards;
  KalonRivals *rivals;
  GSettings *settings;
  KalonOperations *operations;
  KalonIndexingOperation *indexing_operation;
  KalonWatch *watch; /* borrowed; NULL, unless a test sets one: nothing is watched */
  KalonWatching *watching;
  KalonSession *session;
  KalonWindow *window;
} WindowFixture;

void window_open (WindowFixture *fixture, gboolean with_model);
/* Window and services; the library stays. */
void window_close (WindowFixture *fixture);

/* @data: (nullable): anything: without a model */
void window_set_up (WindowFixture *fixture, gconstpointer data);
void window_tear_down (WindowFixture *fixture, gconstpointer data);

/* Twelve pictures in @fixture's folder. */
void window_fill_folder (WindowFixture *fixture);
void window_index_folder (WindowFixture *fixture, const char *folder);

guint window_get_n_shown (WindowFixture *fixture);

/* @width or one more. To be asked again until it is had: before its first frames are through, a
 * window forgets it. */
void window_ask_for_size (WindowFixture *fixture, int width, int height);

G_END_DECLS
