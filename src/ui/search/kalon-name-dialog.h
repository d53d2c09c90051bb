/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Asks for the name of a search. */

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @name: without white space around it, not "" */
typedef void (*KalonNameFunc) (const char *name, gpointer user_data);

/* @func is called when a name was given; @user_data is kept until the dialog is closed. */
void kalon_name_dialog_show (GtkWidget *parent, const char *heading, const char *accept,
                             const char *name, KalonNameFunc func, GObject *user_data);

G_END_DECLS
