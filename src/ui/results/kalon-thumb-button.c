/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "results/kalon-thumb-button.h"

void
kalon_show_thumb (GtkButton *button, KalonVerdict of_button, KalonVerdict verdict)
{
  const char *icon, *label;

  if (of_button == KALON_VERDICT_LIKED)
    {
      icon = verdict == of_button ? "kalon-thumb-up-set-symbolic" : "kalon-thumb-up-symbolic";
      label = verdict == of_button ? _ ("Take Back the Thumb Up") : _ ("Thumb Up");
    }
  else
    {
      icon = verdict == of_button ? "kalon-thumb-down-set-symbolic" : "kalon-thumb-down-symbolic";
      label = verdict == of_button ? _ ("Take Back the Thumb Down") : _ ("Thumb Down");
    }
  gtk_button_set_icon_name (button, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}
