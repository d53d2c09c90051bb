/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Toasts that are dismissed before their time. libadwaita 1.2 frees a toast that is dismissed when
 * its hiding is over, and a toast that took another's place moves in for longer than that takes: to
 * dismiss one too early is to crash. So whatever is dismissed by us is shown and dismissed here.
 * Main thread.
 */

#include <adwaita.h>

G_BEGIN_DECLS

/* @toast: (transfer full): as of adw_toast_overlay_add_toast() */
void kalon_toasts_show (AdwToastOverlay *overlay, AdwToast *toast);
/* Whether it can be dismissed at once. */
gboolean kalon_toasts_is_settled (AdwToast *toast);
/* At once, or as soon as it can be. */
void kalon_toasts_dismiss (AdwToast *toast);

G_END_DECLS
