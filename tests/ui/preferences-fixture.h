/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window-fixture.h"

#include "../services/hub-server.h"
#include "../services/llm-server.h"

G_BEGIN_DECLS

/* The preferences above a window whose library has twelve pictures. */
typedef struct
{
  WindowFixture window;
  GtkWidget *preferences;
  Hub *hub;
  LlmServer *server;
} PreferencesFixture;

/* display_init(), with a data directory of the program's own: for downloads and imports. */
void preferences_init (int *argc, char ***argv);

/* @data: the name of the page that is opened */
void preferences_set_up (PreferencesFixture *fixture, gconstpointer data);
void preferences_tear_down (PreferencesFixture *fixture, gconstpointer data);
void preferences_open (PreferencesFixture *fixture, const char *page);
void preferences_close (PreferencesFixture *fixture);

/* The first row of that title that is on screen, or could be by scrolling or on another page;
 * (nullable). Or waits for it. */
GtkWidget *preferences_find_row (GtkWidget *widget, const char *title);
GtkWidget *preferences_get_row (PreferencesFixture *fixture, const char *title);
/* (nullable): the visible button with that label. Or waits until it can be pressed, and does. */
GtkWidget *preferences_find_button (GtkWidget *widget, const char *label);
void preferences_press (GtkWidget *row, const char *label);
/* Its subtitle has that in it. */
gboolean preferences_says (GtkWidget *row, const char *part);
/* Into an entry row, and applies it. */
void preferences_type (GtkWidget *row, const char *text);

G_END_DECLS
