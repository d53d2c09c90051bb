/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "untranslated.h"

G_BEGIN_DECLS

/* What is asked of each page of the window in the pseudo-locale. @page: what it is called in the
 * messages of the test. */

/* The texts of @widget, when it is on screen. */
void check_page (Untranslated *texts, const char *page, GtkWidget *widget);
/* Those of the popover of each menu button in @widget: filters, library, strictness and menus. */
void check_popovers (Untranslated *texts, const char *page, GtkWidget *widget);
/* Those of the window that @action of @widget opens, which then is closed. */
void check_window (Untranslated *texts, GtkWidget *widget, const char *action, GVariant *parameter);
/* Fails the test where @window cannot be as narrow as the screen of a phone, and tells by what. */
void check_width (GtkWidget *window, const char *page);

G_END_DECLS
