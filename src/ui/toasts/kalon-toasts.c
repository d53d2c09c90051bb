/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "toasts/kalon-toasts.h"

/* Microseconds: twice what both animations take, for frames that are late. */
#define SETTLES (G_USEC_PER_SEC * 12 / 10)
/* On a toast: when it was shown, as of g_get_monotonic_time(). */
#define SHOWN_AT "kalon-shown-at"

void
kalon_toasts_show (AdwToastOverlay *overlay, AdwToast *toast)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (ADW_IS_TOAST_OVERLAY (overlay));
  g_return_if_fail (ADW_IS_TOAST (toast));

  g_object_set_data_full (G_OBJECT (toast), SHOWN_AT, g_memdup2 (&now, sizeof now), g_free);
  adw_toast_overlay_add_toast (overlay, toast);
}

gboolean
kalon_toasts_is_settled (AdwToast *toast)
{
  const gint64 *shown_at = g_object_get_data (G_OBJECT (toast), SHOWN_AT);

  return shown_at == NULL || g_get_monotonic_time () - *shown_at > SETTLES;
}

static gboolean
dismiss (gpointer user_data)
{
  adw_toast_dismiss (user_data);
  return G_SOURCE_REMOVE;
}

void
kalon_toasts_dismiss (AdwToast *toast)
{
  g_return_if_fail (ADW_IS_TOAST (toast));

  if (kalon_toasts_is_settled (toast))
    adw_toast_dismiss (toast);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, SETTLES / 1000, dismiss, g_object_ref (toast),
                        g_object_unref);
}
