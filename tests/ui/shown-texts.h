/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is meant for people and reads: @place says where it is, for the message of a test. */
typedef void (*ShownTextFunc) (const char *place, const char *text, gpointer user_data);

/* Calls @func with every text of @widget and of what is in it, as far as it is on screen or would
 * be by scrolling: labels (also those of buttons and the placeholders of entries), tooltips, titles
 * of windows, the choices of drop-down lists, the lines of menus, and what is read aloud. */
void shown_texts_foreach (GtkWidget *widget, ShownTextFunc func, gpointer user_data);

G_END_DECLS
