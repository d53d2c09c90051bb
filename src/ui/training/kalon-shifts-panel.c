/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "training/kalon-picture-strip.h"
#include "training/kalon-shifts-panel.h"

struct _KalonShiftsPanel
{
  AdwPreferencesGroup parent_instance;

  KalonPictureStrip *raised_strip;
  KalonPictureStrip *lowered_strip;
};

G_DEFINE_FINAL_TYPE (KalonShiftsPanel, kalon_shifts_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
kalon_shifts_panel_class_init (KalonShiftsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (KALON_TYPE_PICTURE_STRIP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/kalon_project/Kalon/training/kalon-shifts-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, KalonShiftsPanel, raised_strip);
  gtk_widget_class_bind_template_child (widget_class, KalonShiftsPanel, lowered_strip);
}

static void
kalon_shifts_panel_init (KalonShiftsPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kalon_picture_strip_set_name (self->raised_strip, _ ("Most Raised"));
  kalon_picture_strip_set_name (self->lowered_strip, _ ("Most Lowered"));
}

static void
set_strip (KalonPictureStrip *strip, GArray *shifts, guint n, KalonThumbnailQueue *thumbnails)
{
  g_autoptr (GArray) pictures = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < n; i++)
    g_array_append_val (pictures, g_array_index (shifts, KalonTasteShift, i).picture);
  kalon_picture_strip_set_pictures (strip, pictures, thumbnails);
}

/* Where nothing is learned, "most" means nothing. */
static gboolean
moves (const KalonTasteReport *report)
{
  guint n = report->curve->len;

  return report->raised->len > 0
         && (report->has_import
             || (n > 0 && g_array_index (report->curve, KalonTasteCheck, n - 1).active));
}

void
kalon_shifts_panel_set_report (KalonShiftsPanel *self, const KalonTasteReport *report,
                               KalonThumbnailQueue *thumbnails)
{
  gboolean visible = report != NULL && moves (report);
  guint n;

  g_return_if_fail (KALON_IS_SHIFTS_PANEL (self));

  gtk_widget_set_visible (GTK_WIDGET (self), visible);
  if (!visible)
    return;
  /* Of a small library both lists have all pictures: then each shows its half. */
  n = report->raised->len < KALON_TASTE_REPORT_PICTURES ? report->raised->len / 2
                                                        : report->raised->len;
  set_strip (self->raised_strip, report->raised, n, thumbnails);
  set_strip (self->lowered_strip, report->lowered, n, thumbnails);
}
